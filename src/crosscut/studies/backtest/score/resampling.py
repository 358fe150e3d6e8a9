"""Resampling: what chance alone would do to a mean over episodes.

Tests: tests/studies/backtest/test_proper_scores.py
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from crosscut.base.arrays import Array

RESAMPLES = 4000
SEED = 20  # of the resampling alone: nothing that is predicted is random
CHANCE = (5.0, 95.0)
Z90 = 1.6448536269514722  # standard normal, 95 % point


def resampled_mean(x: Array) -> tuple[float, float]:
    """5 % and 95 % points of the mean over episodes drawn with replacement."""
    drawn = np.random.Generator(np.random.Philox(SEED)).integers(0, len(x), (RESAMPLES, len(x)))
    low, high = np.percentile(x[drawn].mean(axis=1), CHANCE)
    return float(low), float(high)


def share_interval(hits: int, n: int) -> tuple[float, float]:
    """90 % interval of a share (Wilson 1927, equation 2).

    >>> [round(x, 2) for x in share_interval(13, 13)]
    [0.83, 1.0]
    """
    share, z2 = hits / n, Z90**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z90 / (1 + z2 / n) * float(np.sqrt(share * (1 - share) / n + z2 / (4 * n * n)))
    return middle - half, min(middle + half, 1.0)


@dataclass(frozen=True)
class Difference:
    """Mean score of one method less that of another over the episodes that both have, with its 90 % interval;
    below 0 is better. `better_in`: share of the episodes in which it is."""

    mean: float
    low: float
    high: float
    better_in: float
    n: int

    @property
    def verdict(self) -> str:
        """Better or worse where the interval excludes zero; else no difference beyond chance."""
        if self.high < 0:
            return "better"
        return "worse" if self.low > 0 else "no difference beyond chance"


def difference(mine: Mapping[str, float], theirs: Mapping[str, float]) -> Difference | None:
    """Of scores by episode, lower is better; None without an episode in common."""
    shared = [k for k in mine if k in theirs]
    if not shared:
        return None
    d = np.array([mine[k] - theirs[k] for k in shared])
    low, high = resampled_mean(d)
    return Difference(float(d.mean()), low, high, float((d < 0).mean()), len(shared))
