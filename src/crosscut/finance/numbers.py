"""Numbers: the shape of everything in a project.

What moves over time is an array of shape (years, draws), or one that broadcasts to it: (years, 1) is the
same in every draw, (1, draws) or a plain number the same in every year. A year is one row, so that the
year-by-year part of the calculation reads contiguous memory; one draw is one column and never looks at
another.

Tests: tests/finance/test_debt_by_hand.py, tests/finance/test_taxes_by_hand.py
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from crosscut.base.arrays import Array

Numbers = float | Array

MTU_PER_T = 100.0  # 1 mtu is 10 kg
WO3_IN_APT = 0.885  # t WO3 per t of ammonium paratungstate, minimum of the trade
DAYS = 365.0
_NARROW = 100  # draws below which numpy's own order is faster


def over_years(x: Numbers, years: int) -> Array:
    """A number with a row for every year.

    Parameters
    ----------
    x : Numbers
        A number, or (years, draws).
    years : int
        The number of years.

    Returns
    -------
    Array, shape (years, draws)
        The rows of a constant are one row seen again, not copies.
    """
    out = np.asarray(x, dtype=float)
    if out.ndim < 2:
        out = out.reshape((1, -1)) if out.ndim else out.reshape((1, 1))
    return out if len(out) == years else np.broadcast_to(out, (years, out.shape[1]))


def nothing(x: Numbers) -> bool:
    """Whether a line is zero in every year of every draw.

    Parameters
    ----------
    x : Numbers
        A number, or (years, draws).

    Returns
    -------
    bool
        Asked of what is the same in all draws; others count as something.
    """
    if isinstance(x, np.ndarray):
        return (x.ndim == 0 or x.shape[-1] == 1) and not x.any()
    return not x


def total(*lines: Numbers) -> Array:
    """The sum of lines, in their order; lines that are nothing cost nothing.

    Parameters
    ----------
    *lines : Numbers
        Numbers, or (years, draws).

    Returns
    -------
    Array, shape (years, draws)
        It may be one of the lines itself: not to be written into.

    Examples
    --------
    >>> total(np.array([[1.0, 2.0]]), 0.0, np.array([[10.0], [20.0]]))
    array([[11., 12.],
           [21., 22.]])
    """
    arrays = [x if isinstance(x, np.ndarray) and x.ndim == 2 else np.reshape(x, (1, -1)) for x in lines]
    shape = max(map(len, arrays), default=1), max([x.shape[1] for x in arrays], default=1)
    some = [x for x in arrays if not nothing(x)]
    if not some:
        return np.zeros(shape)
    if len(some) == 1:
        return some[0] if some[0].shape == shape else np.broadcast_to(some[0], shape)
    out = np.add(some[0], some[1], out=np.empty(shape))
    for x in some[2:]:
        out += x
    return out


def charged(amounts: Array, rate: Numbers) -> Array:
    """Amounts times a rate.

    Parameters
    ----------
    amounts : Array, shape (years, draws)
        Money.
    rate : Numbers
        A fraction; an array is (years, draws).

    Returns
    -------
    Array, shape (years, draws)
        Money; one column where the rate is nothing.
    """
    return np.zeros((len(amounts), 1)) if nothing(rate) else amounts * rate


def columns(*numbers: Numbers | None) -> int:
    """The number of draws that some numbers are over.

    Parameters
    ----------
    *numbers : Numbers | None
        Numbers, or (years, draws).

    Returns
    -------
    int
        The most columns any of them has.
    """
    return max((np.shape(x)[-1] for x in numbers if x is not None and np.ndim(x) > 0), default=1)


def ramped(ramp: tuple[float, ...], years: int, first: int) -> Array:
    """A ramp as one column.

    Parameters
    ----------
    ramp : tuple[float, ...]
        Shares of full size, year after year; the last holds for ever.
    years : int
        The number of years.
    first : int
        Index of the first year of the ramp.

    Returns
    -------
    Array, shape (years, 1)
        0 before the first year.

    Examples
    --------
    >>> ramped((0.5, 1.0), 5, 1)[:, 0]
    array([0. , 0.5, 1. , 1. , 1. ])
    """
    out = np.zeros((years, 1))
    for t in range(first, years):
        out[t] = ramp[min(t - first, len(ramp) - 1)]
    return out


def shifted(x: Array, by: int) -> Array:
    """A line moved later, zeros before it.

    Parameters
    ----------
    x : Array, shape (years, draws)
        The line.
    by : int
        Years.

    Returns
    -------
    Array, shape (years, draws)
        Of the same length.

    Examples
    --------
    >>> shifted(np.array([[1.0], [2.0], [3.0]]), 1)[:, 0]
    array([0., 1., 2.])
    """
    out = np.zeros_like(x)
    if by < x.shape[0]:
        out[by:] = x[: x.shape[0] - by] if by else x
    return out


def running(x: Array) -> Array:
    """Sums over the years so far: `np.cumsum(x, axis=0)` row by row, which many draws read in order.

    Parameters
    ----------
    x : Array, shape (years, draws)
        The line.

    Returns
    -------
    Array, shape (years, draws)
        Its running sums.

    Examples
    --------
    >>> running(np.array([[1.0], [2.0], [3.0]]))[:, 0]
    array([1., 3., 6.])
    """
    if x.shape[1] < _NARROW:
        return np.asarray(np.cumsum(x, axis=0))
    out = np.array(x, dtype=float)
    for before, row in pairwise(out):
        row += before
    return out
