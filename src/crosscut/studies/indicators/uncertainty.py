"""Uncertainty: what a value may be, given how far the facts behind it are to be trusted.

Method: the delta method, or (`drawn_interval`) seeded draws where a formula is not smooth. Every figure has
a relative standard deviation by its evidence status (printed .05, estimated .15, imputed .5; a World Bank
estimate its own standard error), errors are independent, and an indicator's standard deviation is the root
of the summed squares of slope times error. The interval is the central 80 % of a lognormal with that
coefficient of variation, so that it never reaches below 0. Errors shared by many figures are not in it: too
narrow.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Z80 = 1.2815515655446004  # 90 % point of the standard normal
DRAWS, SEED = 500, 2021


def interval(value: Any, sd: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The central 80 % of a lognormal around a value, with the coefficient of variation of that value.

    Parameters
    ----------
    value : float or array
        Medians, of any unit, 0 or more.
    sd : float or array
        Standard deviations in the same unit.

    Returns
    -------
    tuple[NDArray[np.float64], NDArray[np.float64]]
        (10 % point, 90 % point), in the unit and shape of the values; for a value of 0 they are 0 and Z80 sd.

    Examples
    --------
    >>> low, high = interval(np.array([0.2]), np.array([0.02]))
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.176], [0.2273])
    """
    value, sd = np.asarray(value, dtype=float), np.asarray(sd, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.exp(Z80 * np.sqrt(np.log1p((sd / value) ** 2)))
    positive = value > 0
    return np.where(positive, value / spread, value), np.where(positive, value * spread, Z80 * sd)


def drawn_interval(
    value: Callable[..., NDArray[np.float64]], inputs: Sequence[NDArray[np.float64]], sds: Sequence[float]
) -> tuple[float, float]:
    """The central 80 % of a formula under 500 seeded draws of its inputs.

    For formulas that are not smooth (a floor at 0, a largest share). Every element of an input is multiplied
    by an independent lognormal of mean 1. The same inputs give the same interval.

    Parameters
    ----------
    value : Callable[..., NDArray[np.float64]]
        Takes one array (draws, elements) an input and gives (draws,).
    inputs : Sequence[NDArray[np.float64]]
        Each an array of elements, of any unit.
    sds : Sequence[float]
        Relative standard deviation of the elements of each input.

    Returns
    -------
    tuple[float, float]
        (10 % point, 90 % point) in the unit of the formula, widened to the value of the figures as read where
        that lies beyond them. Draws without a value are left out; NaN where all are.

    Examples
    --------
    >>> low, high = drawn_interval(lambda a: a[:, 0], [np.array([100.0])], [0.05])
    >>> 92 < low < 95 < 105 < high < 108
    True
    >>> largest = drawn_interval(lambda a: a.max(axis=1), [np.full(20, 50.0)], [0.15])
    >>> largest[0]  # of twenty that are equal one is larger in every draw
    50.0
    """
    generator = np.random.Generator(np.random.Philox(key=SEED))
    drawn = []
    for x, sd in zip(inputs, sds, strict=True):
        s = np.sqrt(np.log1p(sd**2))
        drawn.append(x * np.exp(s * generator.standard_normal((DRAWS, len(x))) - s * s / 2.0))
    out = np.asarray(value(*drawn), dtype=float)
    out = out[np.isfinite(out)]
    if not len(out):
        return float("nan"), float("nan")
    low, high = (float(q) for q in np.quantile(out, [0.1, 0.9]))
    as_read = float(np.asarray(value(*(np.asarray(x, dtype=float)[None] for x in inputs)), dtype=float)[0])
    # The largest of several shares, or a ratio near a pole, is off its value in most draws: errors only
    # raise it.
    return (min(low, as_read), max(high, as_read)) if np.isfinite(as_read) else (low, high)
