"""Tornado: every ranged figure moved to its 10 % and 90 % points, the others in the middle; all moves in one
valuation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crosscut.base.arrays import Array
from crosscut.finance.answers.metrics import metrics
from crosscut.finance.answers.valuation import valuation
from crosscut.finance.lenders.borrowing import Terms
from crosscut.inputs.project.fields import FigureEntry, SeriesEntry
from crosscut.inputs.project.loader import ProjectSource
from crosscut.studies.project.build import built
from crosscut.studies.project.ensemble import Prices
from crosscut.studies.project.sampling import Draws


@dataclass(frozen=True, eq=False)
class Bar:
    """One figure: its ends, and the metrics at the low and at the high end."""

    name: str
    figure: FigureEntry | SeriesEntry
    at_low: dict[str, float]
    at_high: dict[str, float]

    def swing(self, metric: str) -> float:
        """The distance between both ends of a metric, 0 where one is missing."""
        gap = abs(self.at_high[metric] - self.at_low[metric])
        return gap if np.isfinite(gap) else 0.0


def tornado(
    source: ProjectSource,
    terms: tuple[Terms, ...],
    metric: str = "npv_after_tax",
    prices: Prices | None = None,
) -> list[Bar]:
    """Bars of every ranged figure, the longest first; figures that move nothing are left out."""
    p, names = built(source)
    ranged = [n for n, f in names.items() if f.low is not None and f.high is not None and f.low < f.high]
    if not ranged:
        return []
    columns = 2 * len(ranged)
    moved: dict[str, Array] = {}
    for k, name in enumerate(ranged):
        score = np.zeros((1, columns))
        score[0, 2 * k], score[0, 2 * k + 1] = -1.0, 1.0
        moved[name] = score
    apt = None if prices is None else prices.middle(p.years)
    moved_project = built(source, Draws(moved=moved), apt)[0]
    found = metrics(valuation(moved_project, terms))
    bars = []
    for k, name in enumerate(ranged):
        ends = [
            {m: float(np.broadcast_to(x, (columns,))[2 * k + i]) for m, x in found.items()} for i in (0, 1)
        ]
        bars.append(Bar(name, names[name], *ends))
    bars.sort(key=lambda b: -b.swing(metric))
    return [b for b in bars if b.swing(metric) > 0]
