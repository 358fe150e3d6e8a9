"""Returns: present value, every internal rate of return, payback. The first flow is at time 0 unless said
otherwise.

A flow that changes sign more than once can have several internal rates of return, or none: `irrs` gives all
of them. Norstrom (1972): where the cumulative flow changes sign once, from minus to plus, there is one
positive rate.

Tests: tests/finance/test_known_answers.py, tests/finance/test_rates.py
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from crosscut.base.arrays import Array
from crosscut.finance.answers.rates import HIGHEST, LOWEST, rates_of_return, scaled_factors, without_dust
from crosscut.finance.numbers import Numbers, running

_SCAN = 4001
_SMALL = 1e-12


def npv(rate: Numbers, flows: Sequence[float] | Array) -> Array | float:
    """Present value at time 0.

    Parameters
    ----------
    rate : Numbers
        A year, as a fraction; an array is (draws).
    flows : Sequence[float] | Array, shape (years) or (years, draws)
        Money at t = 0, 1, ...

    Returns
    -------
    Array or float
        Money of time 0, by draw.

    Examples
    --------
    >>> round(npv(0.08, [-40_000, 5_000, 8_000, 12_000, 30_000]), 2)
    3065.22
    """
    x = np.asarray(flows, dtype=float)
    factors = (1.0 + np.asarray(rate, dtype=float)) ** -np.arange(len(x)).reshape((-1,) + (1,) * (x.ndim - 1))
    total = (x * factors).sum(axis=0)
    return float(total) if np.ndim(total) == 0 else total


def irrs(flows: Sequence[float] | Array) -> tuple[float, ...]:
    """Every rate between -99 % and 1,000,000 % at which the present value of a flow is zero.

    Parameters
    ----------
    flows : Sequence[float] | Array, shape (years)
        Money at t = 0, 1, ...

    Returns
    -------
    tuple of float
        Rates a year as fractions, lowest first; empty where the flow never changes sign.

    Notes
    -----
    Found by scanning log(1 + rate) for changes of sign and turning points that touch zero, each refined by
    bisection.

    Examples
    --------
    >>> [round(r, 4) for r in irrs([-100, 39, 59, 55, 20])]
    [0.2809]
    >>> [round(r, 2) for r in irrs([-1000, 2500, -1540])]
    [0.1, 0.4]
    """
    x = np.trim_zeros(without_dust(np.asarray(flows, dtype=float)))
    if len(x) < 2 or not (x.min() < 0 < x.max()):
        return ()
    x = x / np.abs(x).max()
    grid = np.linspace(np.log1p(LOWEST), np.log1p(HIGHEST), _SCAN)
    with np.errstate(over="ignore", invalid="ignore"):
        values = _at(grid, x)
    found = [float(g) for g in grid[values == 0.0]]
    for at in np.nonzero(values[:-1] * values[1:] < 0)[0]:
        found.append(_bisected(x, grid[at], grid[at + 1]))
    a, b, c = values[:-2], values[1:-1], values[2:]
    turns = (a * b > 0) & (b * c > 0) & (np.abs(b) < np.minimum(np.abs(a), np.abs(c)))
    for at in np.nonzero(turns)[0]:  # a turning point between grid points may touch or just cross zero
        found += _around_turn(x, grid[at], grid[at + 2])
    rates = sorted(float(np.expm1(g)) for g in found)
    return tuple(r for i, r in enumerate(rates) if i == 0 or r - rates[i - 1] > 1e-9)


def _at(logs: Array, x: Array) -> Array:
    """Scaled present values at rates exp(log) - 1: divided by the largest discount factor, which keeps
    signs."""
    out: Array = scaled_factors(logs, len(x)) @ x
    return out


def _bisected(x: Array, low: float, high: float) -> float:
    sign = _at(np.array([low]), x)[0] > 0
    for _ in range(200):
        mid = 0.5 * (low + high)
        if mid in (low, high):
            break
        if (_at(np.array([mid]), x)[0] > 0) == sign:
            low = mid
        else:
            high = mid
    return 0.5 * (low + high)


def _around_turn(x: Array, low: float, high: float) -> list[float]:
    """Roots of a stretch whose ends have one sign, by golden section to the point nearest zero."""
    sign = 1.0 if _at(np.array([low]), x)[0] > 0 else -1.0
    a, b = low, high
    for _ in range(100):
        third = (b - a) * 0.381966
        left, right = a + third, b - third
        if sign * _at(np.array([left]), x)[0] < sign * _at(np.array([right]), x)[0]:
            b = right
        else:
            a = left
    turn = 0.5 * (a + b)
    value = sign * _at(np.array([turn]), x)[0]
    if value > _SMALL:
        return []
    if value > -_SMALL:
        return [turn]
    return [_bisected(x, low, turn), _bisected(x, turn, high)]


def irr(flows: Array) -> Array:
    """The internal rate of return of every draw.

    Parameters
    ----------
    flows : Array, shape (years, draws)
        Money at t = 0, 1, ...

    Returns
    -------
    Array, shape (draws)
        A year, as a fraction; NaN where there is none or more than one.

    Notes
    -----
    Where the cumulative flow changes sign once and ends above zero, the one positive rate is meant. Two rates
    that lie within 4 % of each other (of 1 + rate) may be missed beside a third; `irrs` finds them.

    Examples
    --------
    >>> np.round(irr(np.array([[-100.0, -100.0, 1.0], [60.0, -10.0, 2.0], [60.0, 150.0, 3.0]])), 4)
    array([0.1307, 0.1758,    nan])
    """
    return rates_of_return(_columns(flows))[0]


def return_on_investment(flows: Array) -> Array:
    """As `irr`, but NaN where the flow begins with money coming in.

    Then nothing was invested first, as in a mine whose capital is sunk, and a rate that zeroes it is that of
    a loan.

    Parameters
    ----------
    flows : Array, shape (years, draws)
        Money at t = 0, 1, ...

    Returns
    -------
    Array, shape (draws)
        A year, as a fraction.

    Examples
    --------
    >>> return_on_investment(np.array([[-100.0, 50.0], [130.0, -10.0]])).round(2)
    array([0.3, nan])
    """
    rate, paid = rates_of_return(_columns(flows))
    return np.where(paid, np.nan, rate)


def _columns(flows: Array) -> Array:
    x = np.asarray(flows, dtype=float)
    return without_dust(x.reshape((len(x), -1)))


def xirr(flows: Sequence[float], dates: Sequence[date]) -> float:
    """The rate of return of dated flows, a year being 365 days.

    Parameters
    ----------
    flows : Sequence[float]
        Money at each date.
    dates : Sequence[date]
        Their dates.

    Returns
    -------
    float
        A year, as a fraction; NaN where there is none above -99 %.

    Examples
    --------
    >>> from datetime import date
    >>> days = [date(2008, 1, 1), date(2008, 3, 1), date(2008, 10, 30), date(2009, 2, 15), date(2009, 4, 1)]
    >>> round(xirr([-10_000, 2_750, 4_250, 3_250, 2_750], days), 6)
    0.373363
    """
    x = np.asarray(flows, dtype=float)
    t = np.array([(d - dates[0]).days / 365.0 for d in dates])
    grid = np.linspace(np.log1p(LOWEST), np.log1p(HIGHEST), _SCAN)
    values = np.exp(-np.outer(grid, t)) @ x
    crossings = np.nonzero(np.sign(values[:-1]) * np.sign(values[1:]) < 0)[0]
    if len(crossings) == 0:
        return float("nan")
    nearest = crossings[np.argmin(np.abs(grid[crossings]))]
    low, high = grid[nearest], grid[nearest + 1]
    sign = values[nearest] > 0
    for _ in range(200):
        mid = 0.5 * (low + high)
        low, high = (mid, high) if (np.exp(-mid * t) @ x > 0) == sign else (low, mid)
    return float(np.expm1(0.5 * (low + high)))


def mirr(flows: Sequence[float], finance_rate: float, reinvest_rate: float) -> float:
    """Modified rate of return: outflows discounted at one rate, inflows carried to the end at the other.

    Parameters
    ----------
    flows : Sequence[float], shape (years)
        Money at t = 0, 1, ...
    finance_rate : float
        At which outflows are discounted, a year.
    reinvest_rate : float
        At which inflows grow to the end, a year.

    Returns
    -------
    float
        A year, as a fraction.

    Examples
    --------
    >>> round(mirr([-120_000, 39_000, 30_000, 21_000, 37_000, 46_000], 0.10, 0.12), 3)
    0.126
    """
    x = np.asarray(flows, dtype=float)
    n = len(x) - 1
    out = float(npv(finance_rate, np.minimum(x, 0.0)))
    back = float(npv(reinvest_rate, np.maximum(x, 0.0))) * (1.0 + reinvest_rate) ** n
    return float((back / -out) ** (1.0 / n) - 1.0)


def payback(flows: Array, start: float = 0.0) -> Array:
    """Years until the cumulative flow first is 0 or more after it was below, interpolated inside the year.

    Parameters
    ----------
    flows : Array, shape (years, draws)
        Money that arrives evenly in the year that ends at t.
    start : float
        The time from which years are counted, on the same clock.

    Returns
    -------
    Array, shape (draws)
        Years from `start`; NaN where it never is.

    Examples
    --------
    >>> payback(np.array([[-100.0], [40.0], [40.0], [40.0]]))
    array([2.5])
    """
    x = np.asarray(flows, dtype=float)
    x = x.reshape((len(x), -1))
    total = running(x)
    was_below = np.maximum.accumulate(total < 0, axis=0)
    back = was_below & (total >= 0)
    then = np.argmax(back, axis=0)
    columns = np.arange(x.shape[1])
    with np.errstate(divide="ignore", invalid="ignore"):
        part = -total[then - 1, columns] / x[then, columns]
    out: Array = np.where(back.any(axis=0), then - 1 + part, np.nan) - start
    return out
