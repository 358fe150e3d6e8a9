"""Facts of one question: the panel of a mineral and year, and trade of a country or bloc cut out of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import polars as pl

from crosscut.base.places import bloc_members, blocs
from crosscut.ledger.minerals import Mineral
from crosscut.ledger.reference.repair import repaired_trade
from crosscut.ledger.store.ledger import Ledger
from crosscut.studies.indicators.outputs import Output, outputs
from crosscut.studies.indicators.panel import (
    FIRST_TRADE_YEAR,
    LAST_TRADE_YEAR,
    TRADE_SOURCE,
    Panel,
    one_cell,
    panel,
)
from crosscut.studies.indicators.rows import IndicatorRow, missing
from crosscut.studies.indicators.tracing import MetalContent, contents


@dataclass(frozen=True)
class Flow:
    """Trade of a place with each partner: gross tonnes where a quantity is given, and kUSD; `known` is the
    share of the value that has a quantity."""

    tonnes: dict[str, float]
    value: dict[str, float]
    known: float


@dataclass(frozen=True)
class Facts:
    """Everything the rows of one mineral, place and year are computed from; `place` None is the world alone.
    `wide` is a panel that may hold it already."""

    ledger: Ledger = field(repr=False)
    mineral: Mineral
    place: str | None
    year: int
    wide: Panel | None = field(default=None, repr=False, compare=False)

    @property
    def has_trade_year(self) -> bool:
        """Whether trade of the year is carried."""
        return FIRST_TRADE_YEAR <= self.year <= LAST_TRADE_YEAR

    @cached_property
    def panel(self) -> Panel:
        """Output, trade and governance of the mineral in the year."""
        if self.wide is not None and self.mineral in self.wide.minerals and self.year in self.wide.years:
            return one_cell(self.wide, self.mineral, self.year)
        return panel(self.ledger, (self.mineral,), (self.year,))

    @cached_property
    def outputs(self) -> list[Output]:
        """Tables of output; the first is the one other indicators use."""
        return outputs(self.ledger, self.mineral, self.year)

    @cached_property
    def members(self) -> tuple[str, ...]:
        """The countries that make up the place."""
        if self.place is None:
            return ()
        return bloc_members(self.place, self.year) if self.place in blocs() else (self.place,)

    @cached_property
    def instability(self) -> dict[str, float]:
        """Political instability 0 to 1 by country, where it is known."""
        if not self.has_trade_year:
            return {}
        g = self.panel.instability[0]
        return {c: float(g[k]) for k, c in enumerate(self.panel.places) if np.isfinite(g[k])}

    def no_trade(self, indicator: str, variant: str) -> IndicatorRow | None:
        """The row to give where trade of the year, or a code of the mineral, is not carried.

        Parameters
        ----------
        indicator : str
            Id of the indicator that is to be marked.
        variant : str
            Which of its readings.

        Returns
        -------
        IndicatorRow | None
            A marked row with the reason; None where trade is carried.
        """
        if not self.has_trade_year:
            why = f"no trade data for {self.year} ({FIRST_TRADE_YEAR} to {LAST_TRADE_YEAR})"
        elif not self.mineral.hs92:
            why = "no HS 1992 code of this mineral in the trade data"
        else:
            return None
        return missing(
            self.mineral.name, self.place or "WLD", str(self.year), indicator, variant, why, TRADE_SOURCE
        )

    def flow(self, into: bool) -> Flow:
        """Imports (or exports) of the place from (to) countries outside it.

        Parameters
        ----------
        into : bool
            True for imports, False for exports.

        Returns
        -------
        Flow
            Gross tonnes and kUSD by partner.
        """
        p = self.panel
        inside = np.isin(np.array(p.places), self.members)
        mine, other = (p.importer, p.exporter) if into else (p.exporter, p.importer)
        rows = inside[mine] & ~inside[other]
        return _flow(p, rows, other)

    def exports_by_country(self) -> Flow:
        """Exports of every country to all others."""
        return _flow(self.panel, np.ones(len(self.panel.year), dtype=bool), self.panel.exporter)

    @cached_property
    def contained(self) -> tuple[dict[str, float], dict[str, float], MetalContent, float] | None:
        """(imports by partner, exports by partner, content, share of the tonnes that were repaired) in the
        unit of the output table; None where trade and output are of different stages. Quantities that are
        missing or impossible by unit value are repaired and residue booked under an ore code is left out
        (`crosscut.ledger.reference.repair`)."""
        by_code = contents().get(self.mineral.name)
        if by_code is None:
            return None
        imports: dict[str, float] = defaultdict(float)
        exports: dict[str, float] = defaultdict(float)
        mended = 0.0
        for code, content in by_code.items():
            frame, repairs = repaired_trade(self.ledger, code, self.year)
            changed = {(r.exporter, r.importer) for r in repairs}
            kept = frame.filter(~pl.col("scrap_suspect") & pl.col("quantity_t").is_not_null())
            for i, j, gross in kept.select("exporter", "importer", "quantity_t").iter_rows():
                tonnes = gross * content.per_tonne
                if (i in self.members) == (j in self.members):
                    continue
                side, partner = (imports, i) if j in self.members else (exports, j)
                side[partner] += tonnes
                mended += tonnes if (i, j) in changed else 0.0
        total = sum(imports.values()) + sum(exports.values())
        return dict(imports), dict(exports), next(iter(by_code.values())), mended / total if total else 0.0


def _flow(p: Panel, rows: np.ndarray, other: np.ndarray) -> Flow:
    tonnes: dict[str, float] = defaultdict(float)
    value: dict[str, float] = defaultdict(float)
    known = total = 0.0
    for k in np.flatnonzero(rows):
        code, v, t = p.places[other[k]], float(p.value[k]), float(p.tonnes[k])
        value[code] += v
        total += v
        if np.isfinite(t):
            tonnes[code] += t
            known += v
    return Flow(dict(tonnes), dict(value), known / total if total else float("nan"))
