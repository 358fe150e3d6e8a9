"""Sampling: every figure of a project in every draw, by name, so that a draw has the same numbers wherever
it is.

A figure with a range has the median `mid` and the 10 % and 90 % points `low` and `high`, linear on each
side, and is kept within the limits of its kind. Each field has a stream of its own, keyed by the seed and
its name, so that adding a figure or a draw leaves the others as they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import NormalDist

import numpy as np

from crosscut.base.arrays import Array
from crosscut.finance.numbers import Numbers
from crosscut.inputs.project.fields import FigureEntry, SeriesEntry
from crosscut.worlds.parameters import Z90

WIDEST = 3.0  # standard deviations: scores beyond are cut, so that no draw has a negative mine
LEAST = 0.05  # of mid: a figure that is above 0 stays above this part of it


def scores(seed: int, name: str, draws: range) -> Array:
    """Standard normal numbers of one name for a range of draws; draw k is the same in any range.

    >>> bool(scores(1, "ore/pit/grade", range(3, 5))[0] == scores(1, "ore/pit/grade", range(0, 5))[3])
    True
    """
    word = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "little")
    bits = np.random.Philox(key=[seed, word])
    bits.advance(draws.start // 2)  # four 64-bit words a step; two uniforms a normal
    u = (
        np.random.Generator(bits)
        .random(2 * (len(draws) + draws.start % 2))
        .reshape((-1, 2))[draws.start % 2 :]
    )
    radius, angle = np.log1p(-u[:, 0]), 2.0 * np.pi * u[:, 1]
    radius *= -2.0
    out: Array = np.sqrt(radius, out=radius)
    out *= np.cos(angle, out=angle)
    return out


@dataclass(frozen=True)
class Draws:
    """Which numbers the figures have: the middle ones, those with some figures moved to a point of their
    range, or drawn.

    `moved` maps the name of a figure to a score (0 the middle, -1 the 10 % point, 1 the 90 % point).
    """

    seed: int = 1
    numbers: range | None = None
    moved: Mapping[str, Numbers] = field(default_factory=dict)

    def score(self, name: str) -> Numbers:
        """The score of a figure: a number, or (1, draws)."""
        if name in self.moved:
            return self.moved[name] * Z90
        if self.numbers is None:
            return 0.0
        z = scores(self.seed, name, self.numbers)
        np.minimum(z, WIDEST, out=z)
        return np.maximum(z, -WIDEST, out=z).reshape((1, -1))

    def happens(self, name: str, probability: float) -> Numbers:
        """1 in draws in which something of a probability happens, else 0; 1 where nothing is drawn."""
        if self.numbers is None or probability >= 1.0:
            return 1.0
        if probability <= 0.0:
            return np.zeros((1, len(self.numbers)))
        most = NormalDist().inv_cdf(probability)
        return (scores(self.seed, name, self.numbers) < most).astype(float).reshape((1, -1))


def ranged(f: FigureEntry | SeriesEntry) -> bool:
    """Whether a figure has a range to be drawn from."""
    return f.low is not None and f.high is not None


def figure_at(f: FigureEntry | SeriesEntry, z: Numbers, highest: float = np.inf) -> Numbers:
    """A figure at a standard normal score; a factor where its years differ."""
    mid = 1.0 if f.mid is None else f.mid
    if f.low is None or f.high is None:
        return mid
    moved = (mid - f.low) * np.minimum(z, 0.0) + (f.high - mid) * np.maximum(z, 0.0)
    lowest = LEAST * mid if mid > 0 and f.low >= 0 else -np.inf
    out: Array = np.clip(mid + moved / Z90, lowest, highest)
    return float(out) if np.ndim(out) == 0 else out
