"""Returns: present value, every internal rate of return, payback. The first flow is at time 0 unless said otherwise.

A flow that changes sign more than once can have several internal rates of return, or none: `irrs` gives all of them.
Norstrom (1972): where the cumulative flow changes sign once, from minus to plus, there is one positive rate.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from crosscut.projects.numbers import Array, Numbers

LOWEST, HIGHEST = -0.99, 1e4  # rates that are looked for
_SCAN = 4001
_COARSE = 401
_FIRST = np.log(1.1)  # where the search for a rate begins
_SMALL = 1e-12


def npv(rate: Numbers, flows: Sequence[float] | Array) -> Array | float:
    """Present value at time 0 of flows[t] at t = 0, 1, ...; flows (years,) or (years, draws).

    >>> round(npv(0.08, [-40_000, 5_000, 8_000, 12_000, 30_000]), 2)
    3065.22
    """
    x = np.asarray(flows, dtype=float)
    factors = (1.0 + np.asarray(rate, dtype=float)) ** -np.arange(len(x)).reshape((-1,) + (1,) * (x.ndim - 1))
    total = (x * factors).sum(axis=0)
    return float(total) if np.ndim(total) == 0 else total


def irrs(flows: Sequence[float] | Array) -> tuple[float, ...]:
    """Every rate between -99 % and 1,000,000 % at which the present value of a flow (years,) is zero, lowest first.

    Found by scanning log(1 + rate) for changes of sign and turning points that touch zero, each refined by bisection;
    empty where the flow never changes sign.

    >>> [round(r, 4) for r in irrs([-100, 39, 59, 55, 20])]
    [0.2809]
    >>> [round(r, 2) for r in irrs([-1000, 2500, -1540])]
    [0.1, 0.4]
    """
    x = np.trim_zeros(_without_dust(np.asarray(flows, dtype=float)))
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
    """Scaled present values at rates exp(log) - 1: divided by the largest discount factor, which keeps signs."""
    t = np.arange(len(x))
    exponents = -np.outer(logs, t)
    exponents -= exponents.max(axis=1, keepdims=True)
    out: Array = np.exp(exponents) @ x
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
    """The internal rate of return of every column of flows (years, draws); NaN where there is none or more than one.

    Where the cumulative flow changes sign once and ends above zero, the one positive rate is meant. Two rates that
    lie within 4 % of each other (of 1 + rate) may be missed beside a third; `irrs` finds them.

    >>> np.round(irr(np.array([[-100.0, -100.0, 1.0], [60.0, -10.0, 2.0], [60.0, 150.0, 3.0]])), 4)
    array([0.1307, 0.1758,    nan])
    """
    x = _without_dust(np.asarray(flows, dtype=float))
    x = x.reshape((len(x), -1))
    out = np.full(x.shape[1], np.nan)
    changes = _sign_changes(x)
    low, high = np.log1p(LOWEST), np.log1p(HIGHEST)
    one = changes == 1
    if one.any():
        out[one] = _one_root(x[:, one], np.full(one.sum(), low), np.full(one.sum(), high))
    cumulative = np.cumsum(x, axis=0)
    norstrom = (changes > 1) & (_sign_changes(cumulative) == 1) & (cumulative[-1] > 0)
    if norstrom.any():
        out[norstrom] = _one_root(x[:, norstrom], np.zeros(norstrom.sum()), np.full(norstrom.sum(), high))
    rest = np.nonzero((changes > 1) & ~norstrom)[0]
    if len(rest):
        grid = np.linspace(low, high, _COARSE)
        values = _at(grid, x[:, rest])
        crosses = values[:-1] * values[1:] < 0
        single = crosses.sum(axis=0) == 1
        at = np.argmax(crosses, axis=0)[single]
        if single.any():
            out[rest[single]] = _one_root(x[:, rest[single]], grid[at], grid[at + 1])
    return out


def return_on_investment(flows: Array) -> Array:
    """As `irr`, but NaN where the flow begins with money coming in: nothing was invested first, as in a mine whose capital is
    sunk, and a rate that zeroes it is that of a loan.

    >>> return_on_investment(np.array([[-100.0, 50.0], [130.0, -10.0]])).round(2)
    array([0.3, nan])
    """
    x = _without_dust(np.asarray(flows, dtype=float)).reshape((len(flows), -1))
    first = x[np.argmax(x != 0.0, axis=0), np.arange(x.shape[1])]
    return np.where(first < 0, irr(x), np.nan)


def _without_dust(x: Array) -> Array:
    """Flows that rounding left (below 1e-12 of the largest) are none: they would count as changes of sign."""
    return np.where(np.abs(x) < _SMALL * np.abs(x).max(axis=0, initial=0.0), 0.0, x)


def _sign_changes(x: Array) -> Array:
    """Changes of sign down each column, zeros passed over."""
    signs = np.sign(x)
    last = np.zeros(x.shape[1])
    changes = np.zeros(x.shape[1])
    for row in signs:
        changes += (row * last) < 0
        last = np.where(row != 0, row, last)
    return changes


def _one_root(x: Array, low: Array, high: Array) -> Array:
    """The root of columns that have one between two logs of 1 + rate: Newton kept inside the bracket, on the log of what
    comes in over what goes out, which is nearly a straight line in the log of 1 + rate."""
    x = x / np.abs(x).max(axis=0)
    out: Array = np.full(x.shape[1], np.nan)
    years = np.arange(len(x))[:, None]
    at_low, at_high = ((x * np.exp(-years * end)).sum(axis=0) for end in (low, high))
    left = np.nonzero(at_low * at_high < 0)[0]  # the others have no root in range
    x, low, high = x[:, left], low[left], high[left]
    inward, outward = np.maximum(x, 0.0), np.maximum(-x, 0.0)
    falls = np.where(at_low[left] > 0, 1.0, -1.0)
    g = np.where((low < _FIRST) & (high > _FIRST), _FIRST, 0.5 * (low + high))
    for _ in range(200):
        q = np.exp(-g)
        (gain, gain_slope), (loss, loss_slope) = _with_slope(inward, q), _with_slope(outward, q)
        gap = np.log(gain / loss)
        too_low = falls * gap > 0
        low, high = np.where(too_low, g, low), np.where(too_low, high, g)
        with np.errstate(divide="ignore", invalid="ignore"):
            step = g + gap / (q * (gain_slope / gain - loss_slope / loss))
        new = np.where((step > low) & (step < high), step, 0.5 * (low + high))
        going = (np.abs(new - g) > 1e-12 * (1.0 + np.abs(g))) & (gap != 0.0)
        done = ~going
        out[left[done]] = np.where(gap[done] == 0.0, g[done], new[done])
        left, g, low, high, falls = left[going], new[going], low[going], high[going], falls[going]
        if len(left) == 0:
            break
        inward, outward = inward[:, going], outward[:, going]
    else:
        out[left] = g
    return np.asarray(np.expm1(out))


def _with_slope(x: Array, q: Array) -> tuple[Array, Array]:
    """Present value of columns at discount factors q, and its derivative by q (Horner)."""
    value, slope = np.zeros_like(q), np.zeros_like(q)
    for row in x[::-1]:
        slope *= q
        slope += value
        value *= q
        value += row
    return value, slope


def xirr(flows: Sequence[float], dates: Sequence[date]) -> float:
    """The rate of return of dated flows, a year being 365 days; NaN where there is none above -99 %.

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
    """Modified rate of return: outflows discounted at the finance rate, inflows carried to the end at the other.

    >>> round(mirr([-120_000, 39_000, 30_000, 21_000, 37_000, 46_000], 0.10, 0.12), 3)
    0.126
    """
    x = np.asarray(flows, dtype=float)
    n = len(x) - 1
    out = float(npv(finance_rate, np.minimum(x, 0.0)))
    back = float(npv(reinvest_rate, np.maximum(x, 0.0))) * (1.0 + reinvest_rate) ** n
    return float((back / -out) ** (1.0 / n) - 1.0)


def payback(flows: Array, start: float = 0.0) -> Array:
    """Years from `start` (a time on the same clock) until the cumulative flow of each column first is 0 or more after
    it was below, interpolated inside the year; flows[t] arrives evenly in the year that ends at t. NaN where it never
    is.

    >>> payback(np.array([[-100.0], [40.0], [40.0], [40.0]]))
    array([2.5])
    """
    x = np.asarray(flows, dtype=float)
    x = x.reshape((len(x), -1))
    total = np.cumsum(x, axis=0)
    was_below = np.maximum.accumulate(total < 0, axis=0)
    back = was_below & (total >= 0)
    then = np.argmax(back, axis=0)
    columns = np.arange(x.shape[1])
    with np.errstate(divide="ignore", invalid="ignore"):
        part = -total[then - 1, columns] / x[then, columns]
    out: Array = np.where(back.any(axis=0), then - 1 + part, np.nan) - start
    return out
