"""Statistics: mean, value at risk, expected shortfall and return periods of a sample, with sampling
intervals.

Value at risk at level a is the a-quantile of a year's loss; expected shortfall (CVaR) the mean of the worst
1 - a of years. Intervals are 90 %: of order statistics (binomial) for quantiles, of the mean and the
shortfall by their standard errors.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crosscut.base.arrays import Array

Z95 = 1.6448536269514722  # 90 % interval

FEWEST_BEYOND = 5  # draws beyond a quantile below which it is not told


@dataclass(frozen=True)
class SampledFigure:
    """A value with its sampling interval; None where the sample is too small or has no interval."""

    value: float | None
    low: float | None = None
    high: float | None = None


def mean_of(sample: Array) -> SampledFigure:
    """The mean of a sample, with its 90 % sampling interval.

    Parameters
    ----------
    sample : Array [n]
        Of any unit, at least one value.

    Returns
    -------
    SampledFigure
        In the unit of the sample; no interval for a single value.

    Examples
    --------
    >>> mean_of(np.array([1.0, 1.0])).low
    1.0
    """
    n = len(sample)
    middle = float(sample.mean())
    if n < 2:
        return SampledFigure(middle)
    half = Z95 * float(sample.std(ddof=1)) / n**0.5
    return SampledFigure(middle, middle - half, middle + half)


def value_at_risk(sample: Array, level: float, independent: int | None = None) -> SampledFigure:
    """The quantile of a sample at a level, with its 90 % sampling interval.

    Parameters
    ----------
    sample : Array [n]
        Of any unit, one value a year.
    level : float
        Share of the sample below the quantile, such as 0.95.
    independent : int | None
        How many values of the sample count as independent; all without it.

    Returns
    -------
    SampledFigure
        In the unit of the sample; None with fewer than five values beyond it.

    Notes
    -----
    The interval is of order statistics (binomial).

    Examples
    --------
    >>> value_at_risk(np.arange(1000.0), 0.9).value
    900.0
    """
    n = len(sample)
    if n * (1 - level) < FEWEST_BEYOND - 1e-9:
        return SampledFigure(None)
    ordered = np.sort(sample)
    at = min(int(np.floor(level * n + 1e-9)), n - 1)
    half = Z95 * (level * (1 - level) * n * n / (independent or n)) ** 0.5
    low, high = (int(np.clip(np.floor(level * n + s * half), 0, n - 1)) for s in (-1, 1))
    return SampledFigure(float(ordered[at]), float(ordered[low]), float(ordered[high]))


def expected_shortfall(sample: Array, level: float, independent: int | None = None) -> SampledFigure:
    """The mean of the worst 1 - level of the sample, with its 90 % sampling interval.

    Parameters
    ----------
    sample : Array [n]
        Of any unit, one value a year; inf where nothing can be had at any price.
    level : float
        Share of the sample below the tail, such as 0.95.
    independent : int | None
        How many values of the sample count as independent; all without it.

    Returns
    -------
    SampledFigure
        None with fewer than five values in the tail. Where the tail holds an inf its mean is inf and has no
        interval: no finite number of draws says how far away no price is.

    Examples
    --------
    >>> expected_shortfall(np.arange(1000.0), 0.9).value
    949.5
    >>> expected_shortfall(np.append(np.arange(999.0), np.inf), 0.9)
    SampledFigure(value=inf, low=None, high=None)
    """
    n = len(sample)
    if n * (1 - level) < FEWEST_BEYOND - 1e-9:
        return SampledFigure(None)
    ordered = np.sort(sample)
    at = min(int(np.floor(level * n + 1e-9)), n - 1)
    tail = ordered[at:]
    if not np.isfinite(ordered[-1]):
        return SampledFigure(float("inf"))
    middle = float(tail.mean())
    variance = float(tail.var()) + level * (middle - float(ordered[at])) ** 2
    half = Z95 * (variance / ((independent or n) * (1 - level))) ** 0.5
    return SampledFigure(middle, middle - half, middle + half)


def without_interval(figure: SampledFigure) -> SampledFigure:
    """The value alone: one quasi-random sequence says nothing about its own error.

    Parameters
    ----------
    figure : SampledFigure
        A value with or without an interval.

    Returns
    -------
    SampledFigure
        The same value.
    """
    return SampledFigure(figure.value)
