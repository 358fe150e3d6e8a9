"""Writing off: what may be deducted of capital each year, by asset class and method.

Nothing is written off before production. In the last year of production what is left of every asset goes, so
that all that was spent is deducted, whatever the method; what is spent later goes at once.

Losses: those kept from earlier years, used oldest first, within their years and within a share of the
profit.

Tests: tests/finance/test_taxes_by_hand.py
"""

from __future__ import annotations

from collections import deque

import numpy as np

from crosscut.base.arrays import Array
from crosscut.finance.cash.fiscal import Depreciation
from crosscut.finance.numbers import running


def written_off(added: Array, how: Depreciation, first: int, last: Array, milled: Array) -> Array:
    """Deduction by year of what was added by year.

    Parameters
    ----------
    added : Array, shape (years, draws)
        Money spent on one kind of asset.
    how : Depreciation
        Method: straight (equal parts over `years`), declining (`rate` of the balance, or a straight line over
        what is left of `years` where that is more), pool (`rate` of the balance), units (as the ore that is
        milled), at_once.
    first : int
        Index of the first year of production.
    last : Array, shape (draws)
        Index of the last year of production.
    milled : Array, shape (years, draws)
        t of ore.

    Returns
    -------
    Array, shape (years, draws)
        Money deducted.

    Examples
    --------
    >>> spent = np.array([[90.0], [0.0], [0.0], [0.0]])
    >>> written_off(spent, Depreciation("straight", years=3), 1, np.array([3.0]), np.ones((4, 1)))[:, 0]
    array([ 0., 30., 30., 30.])
    """
    years = len(added)
    n = max(added.shape[1], last.shape[-1], milled.shape[1])
    in_service = np.array(np.broadcast_to(added, (years, n)))
    in_service[first] += in_service[:first].sum(axis=0)
    in_service[:first] = 0.0
    so_far = running(in_service) if how.method == "straight" else in_service
    ahead = running(milled[::-1])[::-1] if how.method == "units" else milled
    least, most = last.min(), last.max()
    balance = np.zeros(n)
    out = np.zeros((years, n))
    for t in range(first, years):
        balance += in_service[t]
        if t >= most or how.method == "at_once":
            out[t] = balance
            balance = np.zeros(n)
            continue
        if how.method == "straight":
            part = _straight(so_far, t, how.years, first)
        elif how.method == "units":
            with np.errstate(divide="ignore", invalid="ignore"):
                part = np.where(ahead[t] > 0, balance * milled[t] / ahead[t], 0.0)
        else:
            part = balance * how.rate
            if how.method == "declining" and how.years:
                left = max(how.years - (t - first), 1.0)
                part = np.maximum(part, balance / left)
        np.minimum(part, balance, out=out[t])
        if t >= least:
            np.copyto(out[t], balance, where=t >= last)
        balance -= out[t]
    return out


def _straight(so_far: Array, t: int, years: float, first: int) -> Array:
    """Equal parts over `years`; a fraction of a year at the end takes its part."""
    whole = int(years)
    part = years - whole
    out = so_far[t] - (so_far[t - whole] if t - whole >= first else 0.0)
    if part:
        before = so_far[t - whole] if t - whole >= first else 0.0
        out = out + part * (before - (so_far[t - whole - 1] if t - whole - 1 >= first else 0.0))
    result: Array = out / years
    return result


class TaxLosses:
    """Losses of every draw.

    `years` None keeps them for ever; `cap` is the most of a year's taxable income that they may cover. As
    the oldest go first, what is left of those up to some year is all that was lost until then less all that
    has been used or has expired.
    """

    def __init__(self, draws: int, years: int | None, cap: float) -> None:
        self.years, self.cap = years, cap
        self.held = np.zeros(draws)  # what may still be used
        self.expired = np.zeros(draws)
        self._gone, self._lost = np.zeros(draws), np.zeros(draws)  # used or expired so far; lost so far
        self._lost_until: deque[Array] = deque()  # each of the last years

    def taxable(self, income: Array) -> Array:
        """Taxable income of the next year after losses; a negative `income` is added to them.

        >>> kept = TaxLosses(1, years=2, cap=0.5)
        >>> [float(kept.taxable(np.array([x]))[0]) for x in (-100.0, 60.0, 60.0, 60.0)]
        [0.0, 30.0, 30.0, 60.0]
        """
        profit = np.maximum(income, 0.0)
        loss = profit - income
        used = np.minimum(profit if self.cap == 1.0 else self.cap * profit, self.held)
        self.held = self.held - used + loss
        if self.years is not None:
            self._gone += used
            self._lost = self._lost + loss
            self._lost_until.append(self._lost)
            if len(self._lost_until) > self.years:
                left = np.maximum(self._lost_until.popleft() - self._gone, 0.0)
                self._gone += left
                self.expired += left
                self.held -= left
        return profit - used
