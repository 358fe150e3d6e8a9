"""Servicing: the loans of every draw as the years pass: what is owed, what is due, what is paid, what is
kept aside for it.

Interest of a year is charged on the balance at its start and on half of what is drawn in it. What cash
cannot pay of debt service is taken from the reserve, then from the completion guarantee; the rest is not
paid, stays owed and bears interest.

Tests: tests/finance/test_debt_by_hand.py, tests/finance/test_conservation.py
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crosscut.base.arrays import Array
from crosscut.finance.lenders.borrowing import Drawing, Terms
from crosscut.finance.lenders.financing import Finance
from crosscut.finance.numbers import over_years

SHORT = 1e-6  # money: less than this is not a shortfall
LEAST = 1e-300  # divided by in place of zero, where what is divided is zero too


@dataclass(frozen=True, eq=False)
class LoanPath:
    """One loan by year and draw: drawn, interest and fees paid, principal repaid, owed at the end of the
    year."""

    drawn: Array
    interest: Array
    fees: Array
    principal: Array
    owed: Array


class Account:
    """One loan of `draws` draws: its `balance` now, the interest that is `due` this year, what is paid of it
    by year."""

    def __init__(self, terms: Terms, drawing: Drawing, production: int, draws: int) -> None:
        years = len(drawing.drawn)
        self.drawing, self.rate, self.share_due = (
            drawing,
            over_years(terms.loan.rate, years),
            _share_due(terms, years),
        )
        self.late = bool(drawing.drawn[production:].any())  # whether any is drawn after production has begun
        self.balance, self.due = np.zeros(draws), np.zeros(draws)
        self.interest, self.principal, self.fees, self.owed = (np.zeros((years, draws)) for _ in range(4))

    def draw(self, t: int) -> Drawing:
        """What is drawn before production, and what that costs, is owed."""
        d = self.drawing
        self.balance = self.balance + d.drawn[t] + d.added[t]
        self.interest[t], self.fees[t], self.owed[t] = d.interest_paid[t], d.fees[t], self.balance
        return d

    def interest_due(self, t: int) -> Array:
        """Interest of a year of production."""
        owed = self.balance + 0.5 * self.drawing.drawn[t] if self.late else self.balance
        self.due = np.multiply(self.rate[t], owed)
        return self.due

    def principal_due(self, t: int) -> Array:
        """Principal due in a year of production, what is drawn in it having been added."""
        if self.late:
            self.balance = self.balance + self.drawing.drawn[t] + self.drawing.added[t]
        out: Array = self.balance * self.share_due[t]
        return out

    def pay(self, t: int, of_interest: Array, principal: Array, of_principal: Array) -> None:
        """Parts of what is due are paid; interest that is not is added to the balance, which rounding leaves
        at 0 or above."""
        np.multiply(self.due, of_interest, out=self.interest[t])
        np.multiply(principal, of_principal, out=self.principal[t])
        self.balance = np.maximum(self.balance + self.due * (1.0 - of_interest) - self.principal[t], 0.0)

    def repay_early(self, t: int, part: Array) -> None:
        """A part of the balance is repaid."""
        repaid = self.balance * part
        self.principal[t] += repaid
        self.balance = self.balance - repaid


class Debt:
    """All loans of a company, maybe none, and the reserve for them. By year and draw: `service` that was
    due, `cover` the cash available over it (NaN where nothing was due), `unpaid` what was due and not paid,
    `locked` where that stops dividends, `guarantee` what the guarantor paid, `reserve` what was in it."""

    def __init__(
        self,
        terms: tuple[Terms, ...],
        drawings: list[Drawing],
        f: Finance,
        years: int,
        production: int,
        draws: int,
    ) -> None:
        self.f, self.years, self.draws = f, years, draws
        self.loans = [Account(t, d, production, draws) for t, d in zip(terms, drawings, strict=True)]
        self.reserves = bool(terms and f.reserve_months)
        shape = (years, draws if terms else 1)
        self.service, self.unpaid, self.guarantee, self.reserve = (np.zeros(shape) for _ in range(4))
        self.cover, self.locked = np.full(shape, np.nan), np.zeros(shape, dtype=bool)
        self.held, self.guarantee_left = np.zeros(draws), np.full(draws, f.guarantee)

    def interest_due(self, t: int) -> Array | float:
        """Interest of a year of production on all loans, and fees added to them in it."""
        return _sum([x.interest_due(t) for x in self.loans]) + _sum(
            [x.drawing.added[t] for x in self.loans if x.late]
        )

    def drawn_late(self, t: int) -> Array | float:
        """What is drawn in a year of production."""
        return _sum([x.drawing.drawn[t] for x in self.loans if x.late])

    def serve(self, t: int, cash: Array, available: Array) -> Array:
        """Interest, then principal; from cash, then the reserve, then the guarantee. What is left of cash."""
        if not self.loans:
            return cash
        f, principals = self.f, [x.principal_due(t) for x in self.loans]
        interest, principal = _sum([x.due for x in self.loans]), _sum(principals)
        due = np.add(interest, principal, out=self.service[t])
        from_cash = np.minimum(due, cash)
        paid = from_cash
        if self.reserves:
            from_reserve = np.minimum(due - from_cash, self.held)
            self.held = self.held - from_reserve
            paid = from_cash + from_reserve
        if f.guarantee and t <= f.guarantee_last:
            helped = np.minimum(due - paid, self.guarantee_left, out=self.guarantee[t])
            self.guarantee_left = self.guarantee_left - helped
            paid = paid + helped
        unpaid = np.subtract(due, paid, out=self.unpaid[t])
        paid_interest = np.minimum(paid, interest)
        of_interest = paid_interest / np.maximum(interest, LEAST)
        of_principal = (paid - paid_interest) / np.maximum(principal, LEAST)
        for x, its_principal in zip(self.loans, principals, strict=True):
            x.pay(t, of_interest, its_principal, of_principal)
        cover = np.divide(available, np.maximum(due, SHORT), out=self.cover[t])
        np.copyto(cover, np.nan, where=due <= SHORT)
        np.logical_or(cover < f.lock_up, unpaid > SHORT, out=self.locked[t])
        left: Array = cash - from_cash
        return left

    def keep_aside(self, t: int, cash: Array) -> Array:
        """The reserve is filled as far as cash goes, or released. What is left of cash."""
        if not self.reserves:
            return cash
        moved = np.minimum(np.maximum(cash, 0.0), self.reserved(t) - self.held)  # below 0: released
        self.held = self.held + moved
        self.reserve[t] = self.held
        left: Array = cash - moved
        return left

    def reserved(self, t: int) -> Array | float:
        """What the reserve should hold at the end of a year: months of next year's debt service."""
        if not self.reserves or t + 1 >= self.years:
            return 0.0
        due = _sum([x.balance * (x.rate[t + 1] + x.share_due[t + 1]) for x in self.loans])
        return due * (self.f.reserve_months / 12.0)

    def sweep(self, t: int, cash: Array, keep: Array | float) -> Array:
        """Early repayment: the agreed share, all of it after a breach, and whatever is owed in the last
        year. What is left of cash, of which `keep` is kept."""
        if not self.loans:
            return cash
        share: Array | float = 1.0
        if t < self.years - 1:
            breach = (self.cover[t] < self.f.default) | (self.unpaid[t] > SHORT)
            share = np.maximum(breach, self.f.sweep)
        owed = _sum([x.balance for x in self.loans])
        early = np.minimum(owed, share * np.maximum(cash - keep, 0.0))
        part = early / np.maximum(owed, LEAST)
        for x in self.loans:
            x.repay_early(t, part)
            x.owed[t] = x.balance
        left: Array = cash - early
        return left

    def paths(self) -> tuple[LoanPath, ...]:
        """What happened to every loan."""
        return tuple(LoanPath(x.drawing.drawn, x.interest, x.fees, x.principal, x.owed) for x in self.loans)


def _sum(arrays: list[Array]) -> Array | float:
    return sum(arrays[1:], arrays[0]) if arrays else 0.0


def _share_due(terms: Terms, years: int) -> Array:
    """The share of what is still owed that is due in each year: that year's part of the parts that are left;
    all of it when the tenor is over."""
    shares, first = terms.shares, terms.loan.repay_first
    ahead = shares[::-1].cumsum(axis=0)[::-1]
    out = np.where(ahead > 1e-12, shares / np.maximum(ahead, 1e-300), 1.0)
    out[:first] = 0.0
    out[first + terms.loan.tenor :] = 1.0
    return out
