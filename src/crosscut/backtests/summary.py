"""Summary: scores over episodes, with what chance alone would do to them, beside every rival."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crosscut.backtests.baselines import REFERENCE
from crosscut.backtests.scores import Score

Array = NDArray[np.float64]

RESAMPLES = 4000
SEED = 20  # of the resampling alone: nothing that is predicted is random
CHANCE = (5.0, 95.0)
BETTER_HIGH = ("price_direction_right", "importer_rank_correlation")
MODEL = "crosscut"
WORTH_CLAIMING = 0.6  # share of episodes in which a claim must hold


@dataclass(frozen=True)
class Line:
    """Mean and median of one score of one method over core episodes, with a 90 % bootstrap interval of the mean; against
    the reference of that score: mean difference (below 0 is better, whatever the sign of the score), its interval and
    the share of episodes in which it is better (None where it is the reference, or there is none)."""

    method: str
    score: str
    n: int
    mean: float
    median: float
    low: float
    high: float
    difference: float | None
    difference_low: float | None
    difference_high: float | None
    better_in: float | None

    @property
    def claim(self) -> bool | None:
        """Whether an improvement on the reference may be claimed (the format's rule)."""
        if self.better_in is None or self.difference_high is None:
            return None
        return self.better_in >= WORTH_CLAIMING and self.difference_high < 0


def lines(model: Sequence[Score], baselines: Mapping[str, Sequence[Score]]) -> list[Line]:
    """A line for every method and score; the model first."""
    tables = {MODEL: _core(model), **{k: _core(v) for k, v in baselines.items()}}
    out = []
    for method, by_score in tables.items():
        for score, values in by_score.items():
            reference = REFERENCE.get(score)
            rival = tables.get(reference, {}).get(score) if reference and reference != method else None
            out.append(_line(method, score, values, rival))
    return out


def _core(rows: Sequence[Score]) -> dict[str, dict[str, float]]:
    out: dict[str, dict[str, float]] = {}
    for r in rows:
        if r.core:
            out.setdefault(r.name, {})[r.episode_id] = r.value
    return out


def _line(method: str, score: str, values: dict[str, float], rival: dict[str, float] | None) -> Line:
    x = np.array(list(values.values()))
    low, high = _resampled_mean(x)
    difference = difference_low = difference_high = better = None
    if rival is not None and (shared := [k for k in values if k in rival]):
        sign = -1.0 if score in BETTER_HIGH else 1.0
        d = sign * np.array([values[k] - rival[k] for k in shared])
        difference = float(d.mean())
        difference_low, difference_high = _resampled_mean(d)
        better = float((d < 0).mean())
    return Line(method, score, len(x), float(x.mean()), float(np.median(x)), low, high, difference, difference_low,
                difference_high, better)  # fmt: skip


def _resampled_mean(x: Array) -> tuple[float, float]:
    """5 % and 95 % points of the mean over episodes drawn with replacement."""
    drawn = np.random.Generator(np.random.Philox(SEED)).integers(0, len(x), (RESAMPLES, len(x)))
    low, high = np.percentile(x[drawn].mean(axis=1), CHANCE)
    return float(low), float(high)
