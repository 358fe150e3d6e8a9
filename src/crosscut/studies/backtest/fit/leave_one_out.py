"""Leave one out: each episode predicted with what the other episodes teach.

`predicted` takes inputs and fitted parameters and no target. `Folds` fits the parameters for an episode on
the targets of the others; of its own it reads nothing, but for the realised change of the hit flow in track
B, which that track gives.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from crosscut.base.progress import Progress
from crosscut.studies.backtest.cases import BacktestCase, Hit, case_of
from crosscut.studies.backtest.episode import EpisodeInputs, Targets
from crosscut.studies.backtest.fit.behaviour import Pricing
from crosscut.studies.backtest.fit.pricing_fit import Posterior, mean_of, posteriors, predictive_quantiles
from crosscut.studies.backtest.fit.surfaces import Surface, surface
from crosscut.studies.backtest.fit.trading_fit import START, TradingFits, WeightedTradings, mean_prediction
from crosscut.studies.backtest.market_classes import CLASSES
from crosscut.studies.backtest.score.scores import Predicted

TRACKS = ("A", "B")
INTERVAL = (0.1, 0.5, 0.9)


@dataclass(frozen=True, eq=False)
class Fitted:
    """One set of parameters: trading for all, pricing by market class."""

    trading: WeightedTradings
    pricing: Mapping[str, Posterior]


@dataclass(frozen=True, eq=False)
class Fold:
    """One episode predicted: the figures, the parameters used, the price inside the restrictor (ratio), and
    how many of the markets solved did not clear."""

    episode_id: str
    track: str
    predicted: tuple[Predicted, ...]
    fitted: Fitted
    price_class: str
    inside: float
    failed: int
    solves: int


def predicted(case: BacktestCase, fitted: Fitted, track: str, given: float | None, prices: Surface) -> Fold:
    """What a set of parameters predicts for an episode; `given` is the realised change of the hit flow in
    track B.

    A market that clears at no point of the grid has no price, and one that clears for no candidate no flows.
    """
    key = case.inputs.id
    posterior = fitted.pricing[case.price_class]
    out = []
    if prices.failed < prices.solves:
        low, middle, high = (math.exp(q) for q in predictive_quantiles(prices, posterior, INTERVAL))
        out.append(Predicted(key, "price_ratio", "", middle, low, high))
    pricing = Pricing(posterior.median(0), posterior.median(1), posterior.median(2), posterior.median(3))
    traded = mean_prediction(case, fitted.trading, pricing, given)
    if traded is not None:
        out.append(Predicted(key, "restrictor_flow_change", "", traded.flow))
        out += [Predicted(key, "importer_qty", k, v) for k, v in traded.tonnes.items()]
        out += [Predicted(key, "gap_fill_share", k, v) for k, v in traded.shares.items()]
    inside = float(np.exp(mean_of(prices.log_inside, prices, posterior)))
    return Fold(key, track, tuple(out), fitted, case.price_class, inside, prices.failed, prices.solves)


class Folds:
    """Cases, fits and surfaces of a set of episodes, solved once and shared by tracks and folds."""

    def __init__(self, inputs: Sequence[EpisodeInputs], targets: Mapping[str, Targets]) -> None:
        self._targets = dict(targets)
        self._cases = {i.id: case_of(i) for i in inputs}
        self._fits = TradingFits(self._cases.values(), self._targets)
        self._surfaces: dict[tuple[str, float | None], Surface] = {}

    def all(self, track: str, progress: Progress | None = None) -> list[Fold]:
        """A fold for every episode; `progress(done, of all)` as the markets of each are solved, which is
        what takes time."""
        for n, key in enumerate(self._cases):
            self._fits.solve(key)
            self._surface(key, track)
            if progress is not None:
                progress(n + 1, len(self._cases))
        return [self.fold(key, track) for key in self._cases]

    def fold(self, key: str, track: str) -> Fold:
        """One episode predicted with what the others teach."""
        return self.at(key, track, self.fitted(track, left_out=key))

    def at(self, key: str, track: str, fitted: Fitted) -> Fold:
        """One episode predicted with given parameters."""
        return predicted(self._cases[key], fitted, track, self._given(key, track), self._surface(key, track))

    def fitted(self, track: str, left_out: str = "") -> Fitted:
        """Parameters from every episode but one."""
        seen: dict[str, list[tuple[Surface, float]]] = defaultdict(list)
        for other, case in self._cases.items():
            ratio = self._targets[other].price_ratio
            if other != left_out and ratio is not None and case.measure.hit is not Hit.DEMAND:
                seen[case.price_class].append((self._surface(other, track), math.log(ratio)))
        return Fitted(self._fits.weighted(left_out), posteriors(CLASSES, seen))

    def _given(self, key: str, track: str) -> float | None:
        """The realised change of the hit flow in track B, where the trade data show the flow that was hit."""
        t = self._targets[key]
        return t.flow_change if track == "B" and t.core_trade else None

    def _surface(self, key: str, track: str) -> Surface:
        """Of the price, at the trading parameters before any fit (START): what is announced is what is
        priced."""
        given = self._given(key, track)
        if (key, given) not in self._surfaces:
            self._surfaces[key, given] = surface(self._cases[key], START, given)
        return self._surfaces[key, given]


def prior_parameters() -> Fitted:
    """What is assumed before any episode is seen."""
    return Fitted(TradingFits([], {}).weighted(), posteriors(CLASSES, {}))
