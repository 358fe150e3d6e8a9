"""Waterfall: who is paid in which order, year by year, in every draw at once.

While the project is built, owners pay what sales, loans, grants and streams do not cover, and agreed
tranches in their years. From production on: operating cash after tax, then interest, then principal, then
what was paid in advance, then the reserve, then early repayment, then shareholder loans, then dividends.
What cash cannot pay of debt service is taken from the reserve, then from the completion guarantee; the rest
is not paid, stays owed and bears interest. Operating deficits and closure are paid by the owners as equity
(there is no walking away here; what they lend, they lend while it is built). In the last year everything
left goes to lenders, then to owners.

Tests: tests/finance/test_conservation.py, tests/finance/test_debt_by_hand.py
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from crosscut.base.arrays import Array
from crosscut.finance.cash.taxation import Books, IncomeTaxes
from crosscut.finance.cash.writing_off import written_off
from crosscut.finance.lenders.borrowing import Terms, drawing, drawn_by_year, part_drawn
from crosscut.finance.lenders.financing import Payment, Prepayment, ProductStream
from crosscut.finance.lenders.servicing import Debt, LoanPath
from crosscut.finance.mine.operations import Operations
from crosscut.finance.mine.project import Project
from crosscut.finance.numbers import columns, over_years, total


@dataclass(frozen=True, eq=False)
class Cash:
    """All cash by year and draw, positive to the company unless it says otherwise.

    `duties` (royalties by id) and `tax` are negative. `available` is the cash available for debt service,
    `service` what was due, `cover` their ratio (NaN where nothing was due), `unpaid` what was due and not
    paid.
    """

    duties: dict[str, Array]
    tax: Array
    loans: tuple[LoanPath, ...]
    prepaid: Array
    prepayment_interest: Array
    prepayment_principal: Array
    prepayment_owed: Array
    contributed: Array
    guarantee: Array
    lent_by_owners: Array
    shareholder_interest: Array
    shareholder_principal: Array
    shareholder_owed: Array
    dividends: Array
    cash: Array
    reserve: Array
    written_off: Array
    additions: Array
    capitalised: Array
    expensed_interest: Array
    taxable: Array
    losses_expired: Array
    available: Array
    service: Array
    cover: Array
    unpaid: Array
    locked: Array
    grants: Array = field(default_factory=lambda: np.zeros((1, 1)))
    streamed_in: Array = field(default_factory=lambda: np.zeros((1, 1)))


def cash_of(p: Project, o: Operations, b: Books, terms: tuple[Terms, ...]) -> Cash:
    """The cash of a project with loans on some terms.

    Parameters
    ----------
    p : Project
        The project.
    o : Operations
        Its operations.
    b : Books
        Its books.
    terms : tuple[Terms, ...]
        The terms its loans were closed on.

    Returns
    -------
    Cash
        Every step of the waterfall, by year and draw.
    """
    run = _Run(p, o, b, terms)
    for t in range(run.years):
        if t < p.production:
            run.build(t)
        else:
            run.operate(t)
    return run.result()


class _Run:
    """State of all draws as the years pass."""

    def __init__(self, p: Project, o: Operations, b: Books, terms: tuple[Terms, ...]) -> None:
        self.p, self.o, self.books, self.f, self.years = p, o, b, p.finance, len(p.years)
        f = self.f
        self.grants = paid_in(f.grants, self.years)
        self.streamed_in = paid_in(f.streams, self.years)
        self.prepaid = paid_in(f.prepayments, self.years)
        self.tranches = paid_in(f.tranches, self.years)
        self.before_tax = total(b.cash, self.grants, self.streamed_in, self.prepaid)
        drawings = []
        if terms:
            part = part_drawn(terms, o.initial_capital)
            weight = drawn_by_year(terms, o.initial_capital, f.equity_first)
            drawings = [drawing(t, weight, part, p.production) for t in terms]
        n = self.n = columns(
            b.cash,
            o.initial_capital,
            p.fiscal.income.rate,
            self.grants,
            self.streamed_in,
            self.prepaid,
            self.tranches,
            f.shareholder_rate,
            f.minimum_cash,
            *(d.added for d in drawings),
            *(t.shares for t in terms),
            *(over_years(t.loan.rate, 1) for t in terms),
            *(over_years(x.rate, 1) for x in f.prepayments),
        )
        self.debt = Debt(terms, drawings, f, self.years, p.production, n)

        def kept(used: object = True) -> Array:
            return np.zeros((self.years, n if used else 1))

        self.contributed, self.dividends, self.cash = kept(), kept(), kept()
        self.available, self.expensed = kept(), kept()
        self.lends = bool(f.shareholder_share)
        self.lent, self.sh_interest = kept(self.lends), kept(self.lends)
        self.sh_principal, self.sh_owed = kept(self.lends), kept(self.lends)
        self.pre_interest, self.pre_principal, self.pre_owed = (kept(f.prepayments) for _ in range(3))
        self.capitalises = bool(terms or self.lends or f.prepayments)
        self.capitalised = kept(self.capitalises)
        self.money, self.shareholder, self.advance = np.zeros(n), np.zeros(n), np.zeros(n)
        self.sh_rate = over_years(f.shareholder_rate, self.years)
        self.minimum = f.minimum_cash if np.ndim(f.minimum_cash) == 0 else np.ravel(f.minimum_cash)

    def build(self, t: int) -> None:
        """A year before production: owners pay their tranche and what is missing."""
        cash = self.money + self.before_tax[t]
        cost: Array | float = 0.0  # of money, on top of what is built with it
        for loan in self.debt.loans:
            d = loan.draw(t)
            cash = cash + d.drawn[t] - d.interest_paid[t] - d.fees[t]
            cost = cost + d.added[t] + d.interest_paid[t] + d.fees[t]
        grown = self._advance_grows(t)
        target = self.debt.reserved(t) if t == self.p.production - 1 else 0.0
        if self.debt.reserves:
            self.debt.held = self.debt.reserve[t] = target + np.zeros(self.n)
        call = self.tranches[t] + np.maximum(target - cash - self.tranches[t], 0.0)
        if self.lends:
            lent = call * self.f.shareholder_share
            accrued = self.sh_rate[t] * (self.shareholder + 0.5 * lent)
            self.shareholder = self.shareholder + lent + accrued
            self.lent[t], self.sh_owed[t] = lent, self.shareholder
            self.contributed[t] = call - lent
            cost = cost + accrued
        else:
            self.contributed[t] = call
        if self.capitalises:
            self.capitalised[t] = cost + grown
        self.money = cash + call - target
        self.cash[t] = self.money

    def operate(self, t: int) -> None:
        """A year of production or closure."""
        debt, last = self.debt, t == self.years - 1
        keep = 0.0 if last else self.minimum
        if t == self.p.production:
            self._begin(t)
        grown = self._advance_grows(t)
        accrued = self.sh_rate[t] * self.shareholder if self.lends else 0.0
        interest = debt.interest_due(t) + grown
        self.expensed[t] = interest + accrued
        tax = self.taxes.due(t, interest, accrued if self.f.shareholder_deductible else 0.0)

        available = np.subtract(self.before_tax[t], tax, out=self.available[t])
        cash = self.money + available + debt.drawn_late(t)
        cash += np.maximum(-cash, 0.0, out=self.contributed[t])
        cash = debt.serve(t, cash, available)
        cash = self._serve_advance(t, cash, grown)
        cash = debt.keep_aside(t, cash)
        cash = debt.sweep(t, cash, keep)
        free = np.maximum(cash - keep, 0.0)
        if not last:
            free *= ~debt.locked[t]
        self.money = np.subtract(cash, free, out=self.cash[t])
        self.dividends[t] = self._serve_shareholder_loans(t, free, accrued)

    def _begin(self, t: int) -> None:
        """Production begins: what money cost until then is capital of the plant; income tax starts."""
        p, self.off = self.p, self.books.written_off
        added = self.capitalised.sum(axis=0)
        if added.any():
            extra, s = np.zeros((self.years, self.n)), self.o.schedule
            extra[t] = added
            self.off = self.off + written_off(
                extra, p.fiscal.income.depreciation["plant"], t, s.last, s.milled
            )
        self.taxes = IncomeTaxes(p, self.o, self.books.ebitda - self.off, self.n)

    def _repaying(self, t: int) -> bool:
        return any(t >= x.repay_first for x in self.f.prepayments)

    def _advance_grows(self, t: int) -> Array | float:
        """Interest of the year on what was paid in advance; added to it before repayment begins."""
        if not self.f.prepayments:
            return 0.0
        rate = over_years(self.f.prepayments[0].rate, self.years)[t]
        interest: Array = rate * (self.advance + 0.5 * self.prepaid[t])
        self.advance = self.advance + self.prepaid[t]
        if not self._repaying(t):
            self.advance = self.advance + interest
        self.pre_owed[t] = self.advance
        return interest

    def _serve_advance(self, t: int, cash: Array, interest: Array | float) -> Array:
        """What was paid in advance is repaid in equal parts. What is left of cash."""
        if not self._repaying(t):
            return cash
        x = self.f.prepayments[0]
        left = max(x.repay_first + x.tenor - t, 1)
        due = self.advance / left
        paid_interest = np.minimum(interest, np.maximum(cash, 0.0))
        paid = np.minimum(due, np.maximum(cash - paid_interest, 0.0))
        self.advance = self.advance + interest - paid_interest - paid
        self.pre_interest[t], self.pre_principal[t], self.pre_owed[t] = paid_interest, paid, self.advance
        return cash - paid_interest - paid

    def _serve_shareholder_loans(self, t: int, free: Array, accrued: Array | float) -> Array:
        """Interest, then principal of what the owners lent. What is left of free cash, the dividends."""
        if not self.lends:
            return free
        paid = np.minimum(accrued, free, out=self.sh_interest[t])
        owed = self.shareholder + accrued - paid
        left: Array = free - paid
        back = np.minimum(owed, left, out=self.sh_principal[t])
        self.shareholder = np.subtract(owed, back, out=self.sh_owed[t])
        dividends: Array = left - back
        return dividends

    def result(self) -> Cash:
        """Everything that happened."""
        b, d = self.books, self.debt
        return Cash(
            b.duties,
            -self.taxes.paid,
            d.paths(),
            self.prepaid,
            self.pre_interest,
            self.pre_principal,
            self.pre_owed,
            self.contributed,
            d.guarantee,
            self.lent,
            self.sh_interest,
            self.sh_principal,
            self.sh_owed,
            self.dividends,
            self.cash,
            d.reserve,
            self.off,
            b.additions,
            self.capitalised,
            self.expensed,
            self.taxes.taxable,
            self.taxes.losses.expired,
            self.available,
            d.service,
            d.cover,
            d.unpaid,
            d.locked,
            self.grants,
            self.streamed_in,
        )


def paid_in(payments: Sequence[Payment | ProductStream | Prepayment], years: int) -> Array:
    """What grants, streams or prepayments bring.

    Parameters
    ----------
    payments : Sequence[Payment | ProductStream | Prepayment]
        Each with an amount and its year or years.
    years : int
        The number of years.

    Returns
    -------
    Array, shape (years, draws)
        Money.
    """
    return total(np.zeros((years, 1)), *(over_years(x.by_year, years) for x in payments))
