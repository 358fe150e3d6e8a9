"""Leave one out: each episode predicted with what the other episodes teach.

`predicted` takes inputs and fitted parameters and no target. `Folds` fits the parameters for an episode on
the targets of the others; of its own it reads nothing, but for the realised change of the hit flow in track
B, which that track gives.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from crosscut.base.progress import Progress
from crosscut.studies.backtest.cases import BacktestCase, Hit, case_of
from crosscut.studies.backtest.episode import EpisodeInputs, Targets
from crosscut.studies.backtest.fit.behaviour import Pricing, Trading
from crosscut.studies.backtest.fit.pricing_fit import (
    Posterior,
    mean_of,
    posteriors,
    predictive,
    predictive_quantiles,
)
from crosscut.studies.backtest.fit.surfaces import Surface, surface
from crosscut.studies.backtest.fit.trading_fit import (
    START,
    TradePrediction,
    TradingFits,
    WeightedTradings,
    mean_prediction,
    trade_prediction,
)
from crosscut.studies.backtest.market_classes import CLASSES
from crosscut.studies.backtest.score.mixture import Mixture
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
    traded = mean_prediction(case, fitted.trading, posterior.medians(), given)
    if traded is not None:
        out.append(Predicted(key, "restrictor_flow_change", "", traded.flow))
        out += [Predicted(key, "importer_qty", k, v) for k, v in traded.tonnes.items()]
        out += [Predicted(key, "gap_fill_share", k, v) for k, v in traded.shares.items()]
    inside = float(np.exp(mean_of(prices.log_inside, prices, posterior)))
    return Fold(key, track, tuple(out), fitted, case.price_class, inside, prices.failed, prices.solves)


class Folds:
    """Cases, fits and surfaces of a set of episodes, solved once and shared by tracks and folds.

    `taught_by`: another set, whose targets alone teach the parameters (a frozen model); else the set itself.
    """

    def __init__(
        self,
        inputs: Sequence[EpisodeInputs],
        targets: Mapping[str, Targets],
        taught_by: Folds | None = None,
    ) -> None:
        self._targets = dict(targets)
        self._cases = {i.id: case_of(i) for i in inputs}
        self._fits = TradingFits(self._cases.values(), self._targets)
        self._surfaces: dict[tuple[str, float | None], Surface] = {}
        self._taught_by = taught_by
        self._fitted: dict[tuple[str, frozenset[str]], Fitted] = {}
        self._solved: dict[tuple[str, Trading, Pricing, float | None], TradePrediction | None] = {}

    @property
    def cases(self) -> Mapping[str, BacktestCase]:
        """The cases by id."""
        return self._cases

    @property
    def teacher(self) -> Folds:
        """The set whose targets teach the parameters."""
        return self._taught_by or self

    def all(self, track: str, progress: Progress | None = None) -> list[Fold]:
        """A fold for every episode; `progress(done, of all)` as the markets of each are solved, which is
        what takes time."""
        sets = [self] if self._taught_by is None else [self._taught_by, self]
        total, done = sum(len(s.cases) for s in sets), 0
        for s in sets:
            for key in s.cases:
                if s is self.teacher:
                    s._fits.solve(key)
                s._surface(key, track)
                done += 1
                if progress is not None:
                    progress(done, total)
        return [self.fold(key, track) for key in self._cases]

    def fold(self, key: str, track: str) -> Fold:
        """One episode predicted with what the others teach."""
        return self.at(key, track, self.fitted(track, (key,)))

    def at(self, key: str, track: str, fitted: Fitted) -> Fold:
        """One episode predicted with given parameters."""
        given = self._given(key, track)
        return predicted(self._cases[key], fitted, track, given, self._surface(key, track))

    def price(self, key: str, track: str, left_out: Collection[str], inside: bool = False) -> Mixture | None:
        """Distribution of an episode's log price, outside the restrictor or inside, with parameters from all
        episodes but those left out; None where no market cleared."""
        prices = self._surface(key, track)
        if prices.failed == prices.solves:
            return None
        fitted = self.fitted(track, left_out)
        return predictive(prices, fitted.pricing[self._cases[key].price_class], inside)

    def trade(self, key: str, track: str, left_out: Collection[str]) -> TradePrediction | None:
        """Flow and tonnes of an episode with parameters from all episodes but those left out."""
        fitted, case = self.fitted(track, left_out), self._cases[key]
        pricing = fitted.pricing[case.price_class].medians()
        return mean_prediction(case, fitted.trading, pricing, self._given(key, track), self._remembered)

    def fitted(self, track: str, left_out: Collection[str] = ()) -> Fitted:
        """Parameters from every episode that teaches but those left out."""
        if self._taught_by is not None:
            return self._taught_by.fitted(track, left_out)
        which = (track, frozenset(left_out) & frozenset(self._cases))
        if which not in self._fitted:
            seen: dict[str, list[tuple[Surface, float]]] = defaultdict(list)
            for other, case in self._cases.items():
                ratio = self._targets[other].price_ratio
                if other not in which[1] and ratio is not None and case.measure.hit is not Hit.DEMAND:
                    seen[case.price_class].append((self._surface(other, track), math.log(ratio)))
            self._fitted[which] = Fitted(self._fits.weighted(which[1]), posteriors(CLASSES, seen))
        return self._fitted[which]

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

    def _remembered(
        self, case: BacktestCase, trading: Trading, pricing: Pricing, given: float | None
    ) -> TradePrediction | None:
        """What one candidate predicts, solved once."""
        which = (case.inputs.id, trading, pricing, given)
        if which not in self._solved:
            self._solved[which] = trade_prediction(case, trading, pricing, given)
        return self._solved[which]


def prior_parameters() -> Fitted:
    """What is assumed before any episode is seen."""
    return Fitted(TradingFits([], {}).weighted(), posteriors(CLASSES, {}))
