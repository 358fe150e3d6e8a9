"""Borrowing: what is drawn while the project is built, what that costs, and how loans are to be repaid.

Loans are drawn as initial capital is spent (or after the owners' part of it), each in proportion to its
amount, and never more than is spent. Interest of
a year is charged on the balance at its start and on half of what is drawn in it. While the project is built,
interest is added to the loan or paid by the owners; the exposure fee is added to the loan, other fees are
paid.

Tests: tests/finance/test_debt_by_hand.py
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crosscut.base.arrays import Array
from crosscut.finance.lenders.financing import Loan
from crosscut.finance.numbers import Numbers, over_years, running


@dataclass(frozen=True, eq=False)
class Terms:
    """A loan as it was closed on the lenders' case: the part of its amount that is lent, and the share of
    the balance at production that is repaid in each year (years, draws); the least and loan-life cover it
    was sized on."""

    loan: Loan
    lent: float
    shares: Array
    cover: float | None = None


@dataclass(frozen=True, eq=False)
class Drawing:
    """One loan while it is drawn, by year and draw: drawn in cash; added to it (interest and exposure fee);
    paid by the company (interest, fees); balance at the end of the year if nothing were repaid."""

    drawn: Array
    added: Array
    interest_paid: Array
    fees: Array


def drawing(terms: Terms, weight: Array, part: Numbers, production: int) -> Drawing:
    """What is drawn of a loan and what it costs before production.

    Parameters
    ----------
    terms : Terms
        The loan as closed.
    weight : Array, shape (years, draws)
        The share of it that is drawn in each year.
    part : Numbers
        The share of the amount that is drawn at all: below 1 where all loans together exceed what is spent.
    production : int
        Index of the first year of production.

    Returns
    -------
    Drawing
        Drawn, interest and fees, by year and draw.
    """
    loan, years = terms.loan, len(weight)
    committed = np.asarray(loan.amount) * terms.lent * np.asarray(loan.drawn)
    drawn = weight * committed * part
    n = drawn.shape[1]
    rate = over_years(loan.rate, years)
    added, interest_paid, fees = (np.zeros((years, n)) for _ in range(3))
    balance, undrawn = np.zeros(n), np.broadcast_to(committed * part, (1, n))[0] * 1.0
    begun = np.zeros(n, dtype=bool)
    for t in range(years):
        if t >= production and not drawn[t].any():
            continue
        premium = drawn[t] * loan.exposure_fee
        if t < production:
            interest = rate[t] * (balance + 0.5 * drawn[t])
            if loan.interest_added:
                added[t] = interest
            else:
                interest_paid[t] = interest
            first = ~begun & (drawn[t] > 0)
            begun |= first
            fees[t] = np.where(first, committed * loan.upfront_fee, 0.0)
            fees[t] += np.where(begun, loan.commitment_fee * undrawn, 0.0)
        added[t] = added[t] + premium
        balance = balance + drawn[t] + added[t]
        undrawn = np.maximum(undrawn - drawn[t], 0.0)
    return Drawing(drawn, added, interest_paid, fees)


def part_drawn(terms: tuple[Terms, ...], initial: Array) -> Array:
    """The share of their amounts that loans can lend.

    Parameters
    ----------
    terms : tuple[Terms, ...]
        All loans as closed.
    initial : Array, shape (years, draws)
        Initial capital.

    Returns
    -------
    Array, shape (draws)
        1, or less in draws in which loans exceed initial capital.
    """
    asked, total = _committed(terms), initial.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        out: Array = np.where(asked > total, total / np.maximum(asked, 1e-9), 1.0)
    return out


def drawn_by_year(terms: tuple[Terms, ...], initial: Array, equity_first: bool) -> Array:
    """The share of every loan that is drawn in each year: as initial capital is spent, or after the owners'
    part of it.

    Parameters
    ----------
    terms : tuple[Terms, ...]
        All loans as closed.
    initial : Array, shape (years, draws)
        Initial capital.
    equity_first : bool
        Whether the owners pay their part first.

    Returns
    -------
    Array, shape (years, draws)
        Shares of an amount.

    Examples
    --------
    >>> from crosscut.finance.lenders.financing import Loan
    >>> loan = Loan("a", "bank", "commercial", 60.0, 0.0, repay_first=2, tenor=1, repayment="equal")
    >>> spent = np.array([[50.0], [50.0], [0.0]])
    >>> drawn_by_year((Terms(loan, 1.0, spent * 0),), spent, True)[:, 0].round(4)
    array([0.1667, 0.8333, 0.    ])
    """
    total = initial.sum(axis=0)
    if not equity_first:
        return initial / np.where(total > 0, total, 1.0)
    lent = np.minimum(_committed(terms), total)
    beyond = np.maximum(running(initial) - (total - lent), 0.0)
    drawn = np.diff(beyond, axis=0, prepend=np.zeros((1, beyond.shape[1])))
    out: Array = drawn / np.where(lent > 0, lent, 1.0)
    return out


def _committed(terms: tuple[Terms, ...]) -> Array:
    return np.asarray(
        sum(np.asarray(t.loan.amount) * t.lent * np.asarray(t.loan.drawn) for t in terms), dtype=float
    )


def repayment_shares(loan: Loan, years: int) -> Array:
    """Shares of the balance at production that are repaid year by year: annuity, equal parts, or all at the
    end.

    Parameters
    ----------
    loan : Loan
        Its method, rate, first repayment and tenor.
    years : int
        The number of years.

    Returns
    -------
    Array, shape (years, draws)
        Shares that add up to 1.

    Examples
    --------
    >>> from crosscut.finance.lenders.financing import Loan
    >>> loan = Loan("a", "bank", "commercial", 100.0, 0.10, repay_first=1, tenor=3, repayment="annuity")
    >>> np.round(repayment_shares(loan, 5)[:, 0], 4)
    array([0.    , 0.3021, 0.3323, 0.3656, 0.    ])
    """
    rate = over_years(loan.rate, years)[min(loan.repay_first, years - 1)]
    out = np.zeros((years, len(rate)))
    n = loan.tenor
    for k in range(n):
        t = min(loan.repay_first + k, years - 1)
        if loan.repayment == "equal":
            out[t] += 1.0 / n
        elif loan.repayment == "bullet":
            out[t] += 1.0 if k == n - 1 else 0.0
        else:
            with np.errstate(divide="ignore", invalid="ignore"):
                out[t] += np.where(rate > 0, rate * (1 + rate) ** k / ((1 + rate) ** n - 1), 1.0 / n)
    return out


def sculpted_shares(cash: Array, rate: Array, first: int, tenor: int, owed: float) -> tuple[Array, float]:
    """Repayment such that debt service is the same part of cash in every year of the tenor.

    Parameters
    ----------
    cash : Array, shape (years)
        Cash of the lenders' case.
    rate : Array, shape (years)
        Interest rate, as a fraction.
    first : int
        Index of the first repayment.
    tenor : int
        The number of repayments.
    owed : float
        What is owed before them, in money.

    Returns
    -------
    tuple of (Array, float)
        Shares (years) that add up to 1, and cover: cash over debt service, that is the present value of cash
        at the rate of the loan over what is owed.

    Notes
    -----
    Where little cash comes early, nothing is repaid in those years and interest grows.
    """
    last = min(first + tenor, len(cash)) - 1
    window = np.arange(first, last + 1)
    available = np.maximum(cash[window], 0.0)
    factors = np.cumprod(1.0 / (1.0 + rate[window]))
    worth = float(available @ factors)
    shares = np.zeros(len(cash))
    if worth <= 0 or owed <= 0:
        shares[window] = 1.0 / len(window)
        return shares, 0.0 if owed > 0 else float("inf")
    cover = worth / owed
    balance = owed
    for t, c in zip(window, available, strict=True):
        repaid = min(max(c / cover - rate[t] * balance, 0.0), balance)
        shares[t] = repaid / owed
        balance -= repaid
    shares[window[-1]] += max(1.0 - shares.sum(), 0.0)
    return shares, cover
