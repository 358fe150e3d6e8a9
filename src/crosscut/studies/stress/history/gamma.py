"""Gamma: quantiles for rates drawn from what was counted, and counts drawn from rates.

Quantiles are read off a table of the distribution, kept per shape: within 3e-5 of `scipy.special.gammaincinv`
and three to fifteen times as fast (20,000 quantiles: 1.6 to 8.5 ms against 13 to 28), which counts as every
draw takes about fifty. A test holds the two together.
"""

from __future__ import annotations

from functools import lru_cache
from math import lgamma

import numpy as np
from numpy.typing import NDArray

from crosscut.base.arrays import Array

_GRID = 20_001


@lru_cache(maxsize=256)
def _table(shape: float) -> tuple[Array, Array]:
    """(cumulative probability, ln x) on a grid; the density of ln x is exp(shape ln x - x) / Gamma(shape)."""
    low = min(-8.0, (np.log(1e-12) + lgamma(shape + 1)) / shape)
    log_x = np.linspace(low, np.log(shape + 12 * np.sqrt(shape) + 40), _GRID)
    density = np.exp(shape * log_x - np.exp(log_x) - lgamma(shape))
    steps = 0.5 * (density[1:] + density[:-1]) * np.diff(log_x)
    below = np.exp(shape * low - lgamma(shape + 1))  # what lies under the grid
    return np.concatenate([[below], below + np.cumsum(steps)]), log_x


def gamma_quantile(shape: float, u: Array) -> Array:
    """Quantiles of the gamma distribution of scale 1.

    Parameters
    ----------
    shape : float
        Above 0.
    u : Array
        Probabilities, 0 to 1.

    Returns
    -------
    Array
        Of the same shape as `u`; divide by an exposure in years for a rate a year.

    Examples
    --------
    >>> x = gamma_quantile(1.0, np.array([0.5]))  # exponential: ln 2
    >>> round(float(x[0]), 4)
    0.6931
    """
    cumulative, log_x = _table(round(float(shape), 6))
    out: Array = np.exp(np.interp(u, cumulative, log_x))
    return out


def poisson_count(mean: Array, u: Array, most: int) -> NDArray[np.int64]:
    """Poisson counts by inversion.

    Parameters
    ----------
    mean : Array
        Mean count of each.
    u : Array
        Probabilities, 0 to 1, of the same shape.
    most : int
        No count is larger.

    Returns
    -------
    NDArray[np.int64]
        Counts, of the same shape.
    """
    term = np.exp(-mean)
    below = term.copy()
    out = np.zeros(np.shape(mean), dtype=np.int64)
    for k in range(1, most + 1):
        out += u > below
        term = term * mean / k
        below = below + term
    return out
