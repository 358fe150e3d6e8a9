"""Closing: the terms on which loans are closed, on the lenders' case (one draw): how much, and repaid when.

Sculpted repayments follow the cash available for debt service, which depends on tax, which depends on
interest: found by repeating until nothing moves.

Tests: tests/finance/test_debt_by_hand.py, tests/finance/test_conservation.py
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from crosscut.base.arrays import Array
from crosscut.finance.cash.taxation import Books, books
from crosscut.finance.cash.waterfall import cash_of
from crosscut.finance.lenders.borrowing import (
    Terms,
    drawing,
    drawn_by_year,
    part_drawn,
    repayment_shares,
    sculpted_shares,
)
from crosscut.finance.mine.operations import Operations
from crosscut.finance.mine.project import Project
from crosscut.finance.numbers import over_years

PASSES = 200
STILL = 1e-12


def closed_terms(p: Project, o: Operations) -> tuple[Terms, ...]:
    """The terms of every loan of a project, all of them drawn.

    Parameters
    ----------
    p : Project
        A project of one draw.
    o : Operations
        Its operations.

    Returns
    -------
    tuple of Terms
        With the repayment shares and the cover each was closed on.

    Raises
    ------
    ValueError
        The repayments of a sculpted loan do not settle.
    """
    years, kept = len(p.years), books(p, o)
    terms = tuple(
        Terms(
            loan := replace(x, drawn=1.0),
            1.0,
            repayment_shares(
                replace(loan, repayment="equal") if loan.repayment == "sculpted" else loan, years
            ),
        )
        for x in p.finance.loans
    )
    if not any(t.loan.repayment == "sculpted" for t in terms):
        return _with_own_draws(p, terms)
    for _ in range(PASSES):
        new = _resculpted(p, o, kept, terms)
        moved = max(
            max(abs(a.lent - b.lent), float(np.abs(a.shares - b.shares).max()))
            for a, b in zip(new, terms, strict=True)
        )
        terms = new
        if moved < STILL:
            return _with_own_draws(p, terms)
    raise ValueError(f"repayments of {p.id} do not settle: still moving by {moved:.2g} after {PASSES} passes")


def _with_own_draws(p: Project, terms: tuple[Terms, ...]) -> tuple[Terms, ...]:
    return tuple(replace(t, loan=x) for t, x in zip(terms, p.finance.loans, strict=True))


def _resculpted(p: Project, o: Operations, kept: Books, terms: tuple[Terms, ...]) -> tuple[Terms, ...]:
    cash = cash_of(p, o, kept, terms)
    left: Array = cash.available[:, 0] * 1.0
    part = part_drawn(terms, o.initial_capital)
    weight = drawn_by_year(terms, o.initial_capital, p.finance.equity_first)
    out = []
    for t in terms:
        d = drawing(t, weight, part, p.production)
        owed = float((d.drawn + d.added).sum(axis=0)[0])
        rate = over_years(t.loan.rate, len(p.years))[:, 0]
        if t.loan.repayment == "sculpted":
            t = _sculpted(t, left, rate, owed)
            owed *= t.lent / max(out_of(terms, t), 1e-300)
        left = left - _service(t, rate, owed, p.production)
        out.append(t)
    return tuple(out)


def out_of(terms: tuple[Terms, ...], t: Terms) -> float:
    """The part of its amount that a loan had lent before this pass.

    Parameters
    ----------
    terms : tuple[Terms, ...]
        Terms of the pass before.
    t : Terms
        The loan.

    Returns
    -------
    float
        0 to 1.
    """
    return next(x.lent for x in terms if x.loan.id == t.loan.id)


def _sculpted(t: Terms, left: Array, rate: Array, owed: float) -> Terms:
    loan = t.loan
    shares, cover = sculpted_shares(left, rate, loan.repay_first, loan.tenor, owed)
    lent = t.lent
    if loan.dscr is not None and np.isfinite(cover):
        lent = min(1.0, t.lent * cover / loan.dscr)
        if lent > 0:
            shares, cover = sculpted_shares(
                left, rate, loan.repay_first, loan.tenor, owed * lent / max(t.lent, 1e-300)
            )
    return Terms(loan, lent, shares.reshape((-1, 1)), cover)


def _service(t: Terms, rate: Array, owed: float, production: int) -> Array:
    """Debt service by year of a loan that owes `owed` when production begins."""
    out = np.zeros(len(rate))
    balance = owed
    for y in range(production, len(rate)):
        repaid = owed * t.shares[y, 0]
        out[y] = rate[y] * balance + repaid
        balance = max(balance - repaid, 0.0)
    return out
