"""Episodes: what was known before an event, and apart from it what came after.

`EpisodeInputs` has no place for an outcome: no field of it is filled from one, and a trade history refuses
years after the base year. `Targets` is what predictions are scored against; nothing that predicts takes one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from crosscut.base.arrays import Array


class PriceMetric(StrEnum):
    """Which price is predicted (the four forms of the format)."""

    EXCHANGE = "exchange"  # mean of the 12 months after the announcement over the mean of the 6 months before
    QUOTATION = (  # a quotation about 12 months after over the last before, outside the restricting country
        "quotation"
    )
    OTHERS_UNIT_VALUE = "others unit value"  # unit value of the other exporters, t1 over base year
    RESTRICTOR_UNIT_VALUE = (  # unit value of the restrictor's own exports, t1 over base year
        "restrictor unit value"
    )


@dataclass(frozen=True, eq=False)
class TradeHistory:
    """Trade of one product up to a base year: tonnes[y, i, j] from origin i to destination j in years[y].

    Raises ValueError when a year lies after `base_year`, which must be the last of `years`.
    """

    base_year: int
    years: tuple[int, ...]
    countries: tuple[str, ...]
    tonnes: Array
    value_kusd: Array

    def __post_init__(self) -> None:
        if not self.years or max(self.years) != self.base_year:
            raise ValueError(f"trade up to {max(self.years, default=None)} for base year {self.base_year}")
        self.tonnes.setflags(write=False)
        self.value_kusd.setflags(write=False)

    def base(self) -> Array:
        """tonnes[i, j] of the base year."""
        out: Array = self.tonnes[self.years.index(self.base_year)]
        return out


@dataclass(frozen=True)
class BaseImport:
    """An importer that is scored: what it bought in the base year, in t, and how much of that from the
    restrictor."""

    importer: str
    tonnes: float
    from_restrictor: float


@dataclass(frozen=True, eq=False)
class EpisodeInputs:
    """What a reader could know at the announcement.

    `share`: of the restrictor in world exports (`share_of` "exports") or production; for a pair-wise
    measure, of the pair. `cut_low`, `cut_mid`, `cut_high`: nominal cut of the hit flow, None for a demand
    shock. `target`: importer that is hit, or empty for all. `instrument`: the text of the measure. `trade`
    is None where no trade code covers the product. `horizon`: the year whose trade is predicted (a
    definition, not an outcome), None where none is.
    """

    id: str
    mineral: str
    market_class: str
    instrument: str
    kind: str
    restrictor: str
    target: str
    announced: str
    base_year: int
    horizon: int | None
    share: float
    share_of: str
    cut_low: float | None
    cut_mid: float | None
    cut_high: float | None
    price_metric: PriceMetric
    price_text: str
    trade: TradeHistory | None
    imports: tuple[BaseImport, ...]

    @property
    def shock(self) -> float:
        """Share of the world market that the measure takes away on paper; 0 for a pair-wise ban and a demand
        shock."""
        return 0.0 if self.target or self.cut_mid is None else self.share * self.cut_mid


@dataclass(frozen=True)
class MonthPrice:
    """A price of a month after the announcement over the price before it.

    `month`: 1 for the calendar month after that of the announcement. `place`: "outside" or "inside" the
    restricting country. `kind`: "mean" of a month, "point" (single days) or "derived".
    """

    place: str
    month: int
    ratio: float
    kind: str


@dataclass(frozen=True)
class Targets:
    """What came after: price ratio, relative change of the hit flow, importers' tonnes and exporters' shares
    of the gross increase at t1; and whether its price and its trade count in the means.

    `peak` and `inside`: highest price ratio of 24 months, and price ratio inside the restrictor; `months`:
    prices by month. None and empty where they are not on record.
    """

    episode_id: str
    price_ratio: float | None
    flow_change: float | None
    importers: dict[str, float]
    gap_fill: dict[str, float]
    core_price: bool
    core_trade: bool
    peak: float | None = None
    inside: float | None = None
    months: tuple[MonthPrice, ...] = ()


@dataclass(frozen=True, eq=False)
class Episode:
    """One episode as read: inputs and targets apart, and what both owe to the reader of the page.

    `base_exports` and `previous_imports` (tonnes of the base year by exporter, and of the year before it by
    importer) are read by baselines alone.
    """

    inputs: EpisodeInputs
    targets: Targets
    base_exports: dict[str, float]
    previous_imports: dict[str, float]
    data_problems: str
    confounders: str
    sources: tuple[tuple[str, str], ...]
