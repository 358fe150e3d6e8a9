"""Evidence: what is known about a mineral in a year, cell by cell, before anything is made consistent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from crosscut.market.model.chain import Chain
from crosscut.market.model.world import BuiltFrom, Move, World

# Distrust rho of a cell: how easily balancing may move it (the relative error a printed figure of this kind
# has).
PRINTED = 0.05
TRADE_ROW = 0.25
ESTIMATE = 0.4
IMPUTED = 1.0

# How much of a tonne counts as fact when the world is graded.
FACT_WEIGHT = {
    "reported": 1.0,
    "estimated": 0.5,
    "derived": 0.5,
    "recalled": 0.25,
    "claimed": 0.25,
    "assumed": 0.0,
    "imputed": 0.0,
}


def weakest(*evidence_statuses: str) -> str:
    """The evidence status of a figure that rests on several: that of the weakest of them.

    Parameters
    ----------
    *evidence_statuses : str
        At least one, each a key of `FACT_WEIGHT`.

    Returns
    -------
    str
        The one whose tonnes count least as fact; of equals the first.

    Raises
    ------
    KeyError
        For a status that is not known. None is taken for another.

    Examples
    --------
    >>> weakest("reported", "recalled", "estimated")
    'recalled'
    """
    return min(evidence_statuses, key=lambda s: FACT_WEIGHT[s])


class CellKind(StrEnum):
    """What a cell of the balance is; every kind is tonnes of contained metal a year (activity: t of
    activity)."""

    MINE = "mine"
    COLLECTION = "collection"
    UNRECORDED = "unrecorded supply"
    STOCK_DRAW = "stock draw"
    STOCK_BUILD = "stock build"
    TRADE = "trade"
    ACTIVITY = "activity"
    USE = "use"


@dataclass(frozen=True)
class Cell:
    """One unknown of the balance: its prior in tonnes, distrust rho, evidence status and where the prior
    comes from.

    `place` is the origin of a trade cell, `other` its destination; `process` names the process of an
    activity, `use` the end use of a use cell. One figure that is partly fact is two cells: the evidence
    status of each is its own.
    """

    kind: CellKind
    form: str
    place: str
    prior: float
    distrust: float
    evidence_status: str
    other: str = ""
    process: str = ""
    use: str = ""
    fact_ids: tuple[str, ...] = ()
    note: str = ""

    @property
    def label(self) -> str:
        """A name for messages: 'trade concentrate BOL -> USA'."""
        what = f"{self.kind} {self.process or self.form} {self.place}"
        if self.use:
            return f"{what}, {self.use}"
        return f"{what} -> {self.other}" if self.other else what


@dataclass(frozen=True)
class SoftFact:
    """A published figure about a sum of cells, e.g. total refined exports of China: value and standard error
    in t.

    `terms` maps positions in the cell list to coefficients. `sd` None: the figure is no firmer than a cell
    of this `distrust` would be (see `like_a_cell`).
    """

    label: str
    terms: Mapping[int, float]
    value: float
    sd: float | None
    evidence_status: str
    fact_id: str = ""
    distrust: float = ESTIMATE

    def standard_error(self, total: float) -> float:
        """sd in t; `total` is the sum of all priors, the scale on which cells are weighed."""
        return like_a_cell(self.distrust, self.value, total) if self.sd is None else self.sd


def like_a_cell(distrust: float, value: float, total: float) -> float:
    """Standard error that weighs a sum exactly like one cell of this distrust and prior.

    Parameters
    ----------
    distrust : float
        Distrust rho of such a cell, without unit.
    value : float
        The published sum, in t a year.
    total : float
        Sum of all priors in t a year: the scale on which cells are weighed.

    Returns
    -------
    float
        The standard error, in t a year.

    Notes
    -----
    Near its prior the entropy (total / rho)(y ln(y/y0) - y + y0), y in shares of the total, is
    (y - y0)^2 / (2 rho y0 total).

    Examples
    --------
    >>> like_a_cell(0.25, 100.0, 400.0)
    100.0
    """
    return float((distrust * value * total) ** 0.5)


@dataclass(frozen=True)
class BasePrice:
    """Reference price of a form with the differentials of single origins and who says so (USD per t
    contained)."""

    form: str
    value: float
    evidence_status: str
    source: str
    differentials: Mapping[str, float] = field(default_factory=dict)
    fact_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Evidence(BuiltFrom):
    """Everything a world is built from: chain, places, cells, soft facts, prices, freight and repairs.

    `stand_ins` says in sentences which figures are another form's; they lead the notes of the world.
    `best_grade` bounds the grade from above where the model itself leaves out too much for a better one;
    `errors` is the relative error (standard deviation of the log) of a figure by its evidence status.
    """

    mineral: str
    year: int
    chain: Chain
    countries: tuple[str, ...]
    place_names: Mapping[str, str]
    cells: tuple[Cell, ...]
    soft_facts: tuple[SoftFact, ...]
    prices: tuple[BasePrice, ...]
    freight: Mapping[str, float]
    utilisation: Mapping[str, float]
    errors: Mapping[str, float]
    repairs: tuple[Move, ...] = ()
    notes: tuple[str, ...] = ()
    stand_ins: tuple[str, ...] = ()
    fact_ids: tuple[str, ...] = ()
    best_grade: str = "A"
    _drawn: dict[tuple[int, int], tuple[World, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def error(self, evidence_status: str) -> float:
        """Relative error of a figure of this evidence status; one that is not listed is no better than
        imputed."""
        return self.errors.get(evidence_status, self.errors["imputed"])

    def remembered(
        self, seed: int, count: int, draw: Callable[[Evidence, int, int], tuple[World, ...]]
    ) -> tuple[World, ...]:
        """`draw(self, seed, count)`, done once: evidence never changes, so neither does what is drawn."""
        key = (seed, count)
        if key not in self._drawn:
            self._drawn[key] = draw(self, seed, count)
        return self._drawn[key]

    def __getstate__(self) -> dict[str, object]:
        """What travels to another process: the facts, not the worlds drawn from them."""
        return {**self.__dict__, "_drawn": {}}
