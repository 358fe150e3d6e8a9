"""Trading fit: who buys from whom and who fills a gap: a fixed set of candidates, weighted by the other
episodes.

The candidates fill the prior evenly (an additive recurrence: the same ones every time, no seed). A
candidate's weight falls with its summed error over the episodes it is weighed on; predictions are means over
candidates, which never do worse than the mean of theirs.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from crosscut.base.arrays import Array
from crosscut.studies.backtest.cases import BacktestCase
from crosscut.studies.backtest.episode import Targets
from crosscut.studies.backtest.fit.behaviour import FittedBehaviour, Pricing, Trading
from crosscut.studies.backtest.fit.mechanisms import solved
from crosscut.studies.backtest.readings import flow_change, gap_fill, importer_tonnes
from crosscut.studies.backtest.score.scores import gap_fill_distance, wmape

CANDIDATES = 64
# Prior ranges, filled evenly (sigma in logs): all assumed.
SIGMA = (0.4, 1.8)  # short-run substitution between origins
SUPPLY_PART = (0.15, 0.55)
REVERSION = (0.0, 0.5)
IDLE = (0.0, 0.2)
NEWCOMERS = (0.0, 1.0)
COMPLIANCE = (0.6, 1.0)
TEMPERATURE = (
    0.05  # error that counts as one unit of evidence: about the sampling error of a mean importer error
)
KEPT = 12  # candidates that predict: those of most weight
NEUTRAL = Pricing(0.5, 0.0, 0.5, 0.0)  # while candidates are weighed
START = Trading(sigma=0.75, supply_part=0.3, reversion=0.0, idle=0.0, newcomers=0.0, compliance=1.0)


@cache
def candidates() -> tuple[Trading, ...]:
    """The candidates: points of an additive recurrence in six dimensions (Roberts 2018, the generalised
    golden ratio).

    >>> from crosscut.studies.backtest.fit.trading_fit import candidates
    >>> len(candidates()), 0.4 < min(c.sigma for c in candidates()) < max(c.sigma for c in candidates()) < 1.8
    (64, True)
    """
    ratio = 2.0
    for _ in range(60):
        ratio = (1 + ratio) ** (1 / 7)
    steps = ratio ** -np.arange(1, 7)
    points = (0.5 + np.outer(np.arange(1, CANDIDATES + 1), steps)) % 1.0

    def at(u: float, span: tuple[float, float]) -> float:
        return span[0] + float(u) * (span[1] - span[0])

    return tuple(
        Trading(
            sigma=math.exp(at(p[0], (math.log(SIGMA[0]), math.log(SIGMA[1])))),
            supply_part=at(p[1], SUPPLY_PART),
            reversion=at(p[2], REVERSION),
            idle=at(p[3], IDLE),
            newcomers=at(p[4], NEWCOMERS),
            compliance=at(p[5], COMPLIANCE),
        )
        for p in points.tolist()
    )


@dataclass(frozen=True)
class TradePrediction:
    """Change of the hit flow, importers' tonnes, shares of the gross increase."""

    flow: float
    tonnes: dict[str, float]
    shares: dict[str, float]


@dataclass(frozen=True, eq=False)
class WeightedTradings:
    """Candidates and their weights, which add up to 1."""

    options: tuple[Trading, ...]
    weights: Array

    def kept(self) -> list[tuple[Trading, float]]:
        """The candidates of most weight, weights adding up to 1."""
        top = np.argsort(-self.weights, kind="stable")[:KEPT]
        total = float(self.weights[top].sum())
        return [(self.options[k], float(self.weights[k]) / total) for k in top.tolist()]

    def quantile(self, name: str, p: float) -> float:
        """Weighted quantile of one parameter over all candidates."""
        values = np.array([getattr(o, name) for o in self.options])
        order = np.argsort(values, kind="stable")
        at = int(np.searchsorted(np.cumsum(self.weights[order]), p * (1 - 1e-12)))
        return float(values[order][min(at, len(values) - 1)])


class TradingFits:
    """Errors of every case with every candidate, solved once; weights for any subset of episodes."""

    def __init__(self, cases: Iterable[BacktestCase], targets: Mapping[str, Targets]) -> None:
        self._cases = {
            c.inputs.id: c for c in cases if c.trade_base is not None and targets[c.inputs.id].core_trade
        }
        self._targets = {k: targets[k] for k in self._cases}
        self._errors = cache(self._solved_errors)

    def solve(self, key: str) -> None:
        """Solves every candidate on an episode now, if it has trade to be weighed on."""
        if key in self._cases:
            self._errors(key)

    def weighted(self, left_out: Collection[str] = ()) -> WeightedTradings:
        """Weights from every episode but those left out, whose targets are not looked at; equal where there
        is none."""
        total = np.zeros(CANDIDATES)
        for k in self._cases:
            if k not in left_out:
                total = total + self._errors(k)
        weights = np.exp(-(total - total.min()) / TEMPERATURE)
        return WeightedTradings(candidates(), weights / weights.sum())

    def _solved_errors(self, key: str) -> Array:
        """Per candidate, the mean over both tracks of importer error, gap-fill distance and error of the
        flow."""
        case, target = self._cases[key], self._targets[key]
        base = {m.importer: m.tonnes for m in case.inputs.imports}
        out = np.zeros(CANDIDATES)
        for n, trading in enumerate(candidates()):
            both = []
            for given in (None, target.flow_change):
                found = trade_prediction(case, trading, NEUTRAL, given)
                if found is None:
                    both.append(3.0)
                    continue
                flow = 0.0 if target.flow_change is None else abs(found.flow - target.flow_change)
                both.append(
                    wmape(found.tonnes, base, target.importers)
                    + gap_fill_distance(found.shares, target.gap_fill)
                    + flow
                )
            out[n] = float(np.mean(both))
        return out


def trade_prediction(
    case: BacktestCase, trading: Trading, pricing: Pricing, given: float | None
) -> TradePrediction | None:
    """What one candidate predicts; None where there is no trade or the market did not clear."""
    if case.trade_base is None:
        return None
    cut = -given if given is not None else (case.inputs.cut_mid or 0.0) * trading.compliance
    found = solved(
        case.trade_base, case.measure, FittedBehaviour(trading, pricing, case.home), cut, given is not None
    )
    if not found.ok:
        return None
    return TradePrediction(
        flow_change(case.trade_base, case.measure, found),
        importer_tonnes(case.inputs, case.trade_base, found),
        gap_fill(case.trade_base, case.measure, found),
    )


Predict = Callable[[BacktestCase, Trading, Pricing, float | None], TradePrediction | None]


def mean_prediction(
    case: BacktestCase,
    fitted: WeightedTradings,
    pricing: Pricing,
    given: float | None,
    predict: Predict = trade_prediction,
) -> TradePrediction | None:
    """The mean over the kept candidates; None where none clears. `predict` may remember what it has
    solved."""
    found = [(predict(case, t, pricing, given), w) for t, w in fitted.kept()]
    solved_ones = [(p, w) for p, w in found if p is not None]
    if not solved_ones:
        return None
    total = sum(w for _, w in solved_ones)

    def mean(rows: list[tuple[dict[str, float], float]]) -> dict[str, float]:
        keys = {k: None for row, _ in rows for k in row}
        return {k: sum(row.get(k, 0.0) * w for row, w in rows) / total for k in keys}

    return TradePrediction(
        sum(p.flow * w for p, w in solved_ones) / total,
        mean([(p.tonnes, w) for p, w in solved_ones]),
        mean([(p.shares, w) for p, w in solved_ones]),
    )
