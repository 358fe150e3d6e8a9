"""Mixture: a whole predictive distribution, and its proper scores.

A mixture of Student t with three degrees of freedom. Every prediction of the backtest is one: the model mixes
its parameters, a rival mixes the scales of its own errors, the stacked answer mixes all of them. Scores are
those of Gneiting and Raftery (2007), of the exact mixture, without sampling.

Tests: tests/studies/backtest/test_proper_scores.py
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from crosscut.base.arrays import Array

NODES = np.polynomial.legendre.leggauss(8)  # of a panel between the tails
TAIL = np.polynomial.legendre.leggauss(40)  # of each tail
MOST_PANELS = 120


@dataclass(frozen=True, eq=False)
class Mixture:
    """Student t (3 degrees of freedom) at `centre` with `scale`, mixed with `weight`, which adds up to 1."""

    centre: Array
    scale: Array
    weight: Array

    def below(self, x: Array) -> Array:
        """Probability that the outcome is at most each x."""
        t = (x[:, None] - self.centre) / self.scale / np.sqrt(3.0)
        out: Array = (0.5 + (t / (1 + t * t) + np.arctan(t)) / np.pi) @ self.weight
        return out

    def log_density(self, y: float) -> float:
        """ln of the density at an outcome: the log score, higher is better.

        >>> m = Mixture(np.zeros(1), np.ones(1), np.ones(1))
        >>> round(m.log_density(0.0), 4)  # 2 / (pi sqrt 3)
        -1.0009
        """
        z = (y - self.centre) / self.scale
        density = (1.0 + z * z / 3.0) ** -2.0 * (2.0 / (np.pi * np.sqrt(3.0))) / self.scale
        return float(np.log(self.weight @ density))

    def quantile(self, p: float) -> float:
        """The point that the outcome stays below with probability p."""
        return mixture_quantile(self.centre, self.scale, self.weight, p)

    def crps(self, y: float) -> float:
        """Continuous ranked probability score of an outcome, in its unit; 0 is perfect.

        The integral of (F(x) - 1 for x >= y) squared. Of a certain prediction it is the absolute error.
        """
        reach = 4.0 * float(self.scale.max())
        low = min(float(self.centre.min()), y) - reach
        high = max(float(self.centre.max()), y) + reach
        return crps(self.below, y, low, high, float(self.scale.min()))


def crps(below: Callable[[Array], Array], y: float, low: float, high: float, finest: float) -> float:
    """The same of any distribution function.

    Parameters
    ----------
    below
        The distribution function, of an array of points.
    y
        The outcome, between `low` and `high`.
    low, high
        Where the tails begin. Beyond them the function must fall like a Student t or faster.
    finest
        Scale of the finest feature of the function.
    """
    lower, upper = _panels(low, y, finest), _panels(y, high, finest)
    t, w = (TAIL[0] + 1) / 2, TAIL[1] / 2
    far, weight = (high - low) * t / (1 - t), (high - low) * w / (1 - t) ** 2
    left = float(lower[1] @ below(lower[0]) ** 2) + float(weight @ below(low - far) ** 2)
    right = float(upper[1] @ (1 - below(upper[0])) ** 2) + float(weight @ (1 - below(high + far)) ** 2)
    return left + right


def _panels(start: float, end: float, finest: float) -> tuple[Array, Array]:
    """Nodes and weights of Gauss and Legendre on panels about as wide as the finest feature."""
    count = int(min(MOST_PANELS, max(1.0, np.ceil((end - start) / finest))))
    edges = np.linspace(start, end, count + 1)
    half = np.diff(edges)[:, None] / 2
    return (edges[:-1, None] + half * (1 + NODES[0])).ravel(), (half * NODES[1]).ravel()


def mixture(centre: Array, scale: Array, weight: Array) -> Mixture:
    """A mixture with equal components put together and those of no weight left out.

    >>> m = mixture(np.array([0.0, 0.0, 1.0]), np.ones(3), np.array([1.0, 1.0, 2.0]))
    >>> m.centre.tolist(), m.weight.tolist()
    ([0.0, 1.0], [0.5, 0.5])
    """
    kept = weight > 1e-9 * weight.max()
    pairs, at = np.unique(np.stack([centre[kept], scale[kept]]), axis=1, return_inverse=True)
    total = np.bincount(at.ravel(), weights=weight[kept])
    return Mixture(pairs[0], pairs[1], total / total.sum())


def mixture_quantile(mu: Array, sd: Array, p: Array, q: float) -> float:
    """Quantile q of a mixture of Student t (3 degrees of freedom) at mu with scale sd and weights p, by
    bisection.

    >>> round(mixture_quantile(np.zeros(1), np.ones(1), np.ones(1), 0.9), 4)  # tables: 1.6377
    1.6377
    """
    low, high = float((mu - 60 * sd).min()), float((mu + 60 * sd).max())
    for _ in range(60):
        middle = 0.5 * (low + high)
        t = (middle - mu) / sd / np.sqrt(3.0)
        below = float((p * (0.5 + (t / (1 + t * t) + np.arctan(t)) / np.pi)).sum())
        low, high = (middle, high) if below < q else (low, middle)
    return 0.5 * (low + high)
