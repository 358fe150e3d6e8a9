"""Waterfall: who is paid in which order, year by year, in every draw at once.

While the project is built, owners pay what sales, loans, grants and streams do not cover. From production on: operating
cash after tax, then interest, then principal, then what was paid in advance, then the reserve, then early repayment,
then shareholder loans, then dividends. What cash cannot pay of debt service is taken from the reserve, then from the
completion guarantee; the rest is not paid, stays owed and bears interest. Operating deficits and closure are paid by
the owners as equity (there is no walking away here; what they lend, they lend while it is built). In the last year everything left goes to lenders, then to owners.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from crosscut.projects.borrowing import Drawing, Terms, drawing, drawn_by_year, part_drawn
from crosscut.projects.financing import Finance, Payment, Prepayment, Stream
from crosscut.projects.fiscal import Depreciation
from crosscut.projects.losses import Losses
from crosscut.projects.numbers import Array, columns, over_years
from crosscut.projects.operations import Operations, duties
from crosscut.projects.project import Project
from crosscut.projects.writing_off import written_off

SHORT = 1e-6  # money: less than this is not a shortfall


@dataclass(frozen=True, eq=False)
class LoanPath:
    """One loan by year and draw: drawn, interest and fees paid, principal repaid, owed at the end of the year."""

    drawn: Array
    interest: Array
    fees: Array
    principal: Array
    owed: Array


@dataclass(frozen=True, eq=False)
class Cash:
    """All cash by year and draw, positive to the company unless it says otherwise.

    `duties` (royalties by id) and `tax` are negative. `available` is the cash available for debt service, `service`
    what was due, `cover` their ratio (NaN where nothing was due), `unpaid` what was due and not paid.
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


def cash_of(p: Project, o: Operations, terms: tuple[Terms, ...], finance: Finance | None = None) -> Cash:
    """The cash of a project under `finance` (that of the project unless given) with loans on these terms."""
    f = p.finance if finance is None else finance
    run = _Run(p, o, terms, f)
    for t in range(run.years):
        if t < p.production:
            run.build(t)
        else:
            run.operate(t)
    return run.result()


class _Run:
    """State of all draws as the years pass."""

    def __init__(self, p: Project, o: Operations, terms: tuple[Terms, ...], f: Finance) -> None:
        self.p, self.o, self.f, self.terms = p, o, f, terms
        self.years = len(p.years)
        self.base_added = _base_additions(p, o)
        self.off = _written_off(p, o, self.base_added)
        self.duties = duties(p, o, self.off)
        self.grants = _by_year(f.grants, self.years)
        self.streamed_in = _by_year(f.streams, self.years)
        self.prepaid = _by_year(f.prepayments, self.years)
        self.operating_cash = (
            o.revenue + o.selling + o.operating + sum(self.duties.values()) + o.export_duty + o.credits + o.closure
            + o.all_capital + o.working_capital + o.vat
        )  # fmt: skip
        part = part_drawn(terms, o.initial_capital) if terms else 1.0
        weight = drawn_by_year(terms, o.initial_capital, f.equity_first) if terms else np.zeros((self.years, 1))
        self.drawings: list[Drawing] = [drawing(t, weight, part, p.production) for t in terms]
        n = columns(
            self.operating_cash, o.initial_capital, p.fiscal.income.rate, self.grants, self.streamed_in, self.prepaid,
            f.shareholder_rate, f.minimum_cash, *(d.added for d in self.drawings), *(t.shares for t in terms),
            *(over_years(t.loan.rate, 1) for t in terms), *(over_years(x.rate, 1) for x in f.prepayments),
        )  # fmt: skip
        self.n = n

        def zeros() -> Array:
            return np.zeros((self.years, n))

        self.tax, self.contributed, self.guarantee = zeros(), zeros(), zeros()
        self.lent, self.sh_interest, self.sh_principal, self.sh_owed = zeros(), zeros(), zeros(), zeros()
        self.dividends, self.cash, self.reserve = zeros(), zeros(), zeros()
        self.pre_interest, self.pre_principal, self.pre_owed = zeros(), zeros(), zeros()
        self.capitalised, self.expensed, self.taxable = zeros(), zeros(), zeros()
        self.available, self.service, self.unpaid = zeros(), zeros(), zeros()
        self.cover = np.full((self.years, n), np.nan)
        self.locked = np.zeros((self.years, n), dtype=bool)
        self.interest = [zeros() for _ in terms]
        self.principal = [zeros() for _ in terms]
        self.fees = [zeros() for _ in terms]
        self.owed = [zeros() for _ in terms]
        self.balance = [np.zeros(n) for _ in terms]
        self.money, self.held, self.shareholder = np.zeros(n), np.zeros(n), np.zeros(n)
        self.advance, self.advance_part = np.zeros(n), np.zeros(n)
        self.guarantee_left = np.full(n, f.guarantee)
        income = p.fiscal.income
        self.losses = Losses(n, income.loss_years, income.loss_cap)
        self.tax_rate = over_years(income.rate, self.years) * over_years(income.due, self.years)
        self.rates = [over_years(t.loan.rate, self.years) for t in terms]
        self.ahead = [t.shares[::-1].cumsum(axis=0)[::-1] for t in terms]
        self.sh_rate = over_years(f.shareholder_rate, self.years)
        self.ebitda = (
            o.revenue + o.selling + o.operating + o.export_duty + o.closure
            + sum((self.duties[r.id] for r in p.fiscal.royalties if r.deductible), np.zeros((self.years, 1)))
        )  # fmt: skip

    def build(self, t: int) -> None:
        """A year before production: owners pay what is missing."""
        cash = self.money + self.operating_cash[t] + self.grants[t] + self.streamed_in[t] + self.prepaid[t]
        capitalised = np.zeros(self.n)
        for k, d in enumerate(self.drawings):
            cash = cash + d.drawn[t] - d.interest_paid[t] - d.fees[t]
            self.balance[k] = self.balance[k] + d.drawn[t] + d.added[t]
            self.interest[k][t] = d.interest_paid[t]
            self.fees[k][t] = d.fees[t]
            self.owed[k][t] = self.balance[k]
            capitalised = capitalised + d.added[t] + d.interest_paid[t] + d.fees[t]
        grown = self._advance_grows(t)
        target = self._target(t) if t == self.p.production - 1 else np.zeros(self.n)
        call = np.maximum(target - cash, 0.0)
        lent = call * self.f.shareholder_share
        self.contributed[t], self.lent[t] = call - lent, lent
        accrued = self.sh_rate[t] * (self.shareholder + 0.5 * lent)
        self.shareholder = self.shareholder + lent + accrued
        self.sh_owed[t] = self.shareholder
        self.capitalised[t] = capitalised + accrued + grown
        self.held = target
        self.reserve[t] = target
        self.money = cash + call - target
        self.cash[t] = self.money

    def operate(self, t: int) -> None:
        """A year of production or closure."""
        f, last = self.f, t == self.years - 1
        if t == self.p.production:
            added = self.base_added["plant"][t] * 0.0 + self.capitalised.sum(axis=0)
            if np.any(added):
                extra = np.zeros((self.years, self.n))
                extra[t] = added
                how = self.p.fiscal.income.depreciation["plant"]
                s = self.o.schedule
                self.off = self.off + written_off(extra, how, t, s.last, s.milled)
        due_interest = [self.rates[k][t] * (self.balance[k] + 0.5 * d.drawn[t]) for k, d in enumerate(self.drawings)]
        premium = [d.added[t] for d in self.drawings]
        grown = self._advance_grows(t)
        advance_interest = grown if self._repaying(t) else np.zeros(self.n)
        interest: Array = sum(due_interest, np.zeros(self.n)) + sum(premium, np.zeros(self.n)) + grown
        self.expensed[t] = interest
        accrued = self.sh_rate[t] * self.shareholder
        self._pay_tax(t, interest, accrued)
        available = self.operating_cash[t] + self.grants[t] + self.streamed_in[t] + self.prepaid[t] - self.tax[t]
        self.available[t] = available
        cash = self.money + available + sum((d.drawn[t] for d in self.drawings), np.zeros(self.n))
        call = np.maximum(-cash, 0.0)
        self.contributed[t] = call
        cash = cash + call
        cash = self._serve(t, cash, due_interest, premium)
        cash = self._serve_advance(t, cash, advance_interest)
        target = np.zeros(self.n) if last else self._target(t)
        moved = np.minimum(np.maximum(cash, 0.0), target - self.held)  # below 0: released
        self.held = self.held + moved
        cash = cash - moved
        cash = self._sweep(t, cash, last)
        keep = np.zeros(self.n) if last else np.asarray(f.minimum_cash)
        free = np.where(self.locked[t] & (not last), 0.0, np.maximum(cash - keep, 0.0))
        free = free * 1.0
        paid = np.minimum(accrued, free)
        back = np.minimum(self.shareholder + accrued - paid, free - paid)
        self.shareholder = self.shareholder + accrued - paid - back
        self.sh_interest[t], self.sh_principal[t], self.sh_owed[t] = paid, back, self.shareholder
        self.expensed[t] = self.expensed[t] + accrued
        self.dividends[t] = free - paid - back
        self.money = cash - free
        self.cash[t], self.reserve[t] = self.money, self.held
        for k in range(len(self.terms)):
            self.owed[k][t] = self.balance[k]

    def _repaying(self, t: int) -> bool:
        return any(t >= x.repay_first for x in self.f.prepayments)

    def _advance_grows(self, t: int) -> Array:
        """Interest of the year on what was paid in advance; added to it before repayment begins."""
        if not self.f.prepayments:
            return np.zeros(self.n)
        x = self.f.prepayments[0]
        rate = over_years(x.rate, self.years)[t]
        interest: Array = rate * (self.advance + 0.5 * self.prepaid[t])
        self.advance = self.advance + self.prepaid[t]
        if not self._repaying(t):
            self.advance = self.advance + interest
        self.pre_owed[t] = self.advance
        return interest

    def _target(self, t: int) -> Array:
        """What the reserve should hold at the end of a year: months of next year's debt service."""
        if not self.terms or not self.f.reserve_months or t + 1 >= self.years:
            return np.zeros(self.n)
        due = np.zeros(self.n)
        for k, terms in enumerate(self.terms):
            due = due + self.balance[k] * (self.rates[k][t + 1] + self._share_due(k, t + 1, terms))
        return due * (self.f.reserve_months / 12.0)

    def _share_due(self, k: int, t: int, terms: Terms) -> Array:
        """The share of what is still owed that is due in a year: that year's part of the parts that are left."""
        ahead = self.ahead[k][t]
        if t >= terms.loan.repay_first + terms.loan.tenor:
            return np.ones(1)
        with np.errstate(divide="ignore", invalid="ignore"):
            out: Array = np.where(ahead > 1e-12, terms.shares[t] / np.maximum(ahead, 1e-300), 1.0)
        return out if t >= terms.loan.repay_first else np.zeros(1)

    def _pay_tax(self, t: int, interest: Array, accrued: Array) -> None:
        income = self.p.fiscal.income
        profit = self.ebitda[t] - self.off[t]
        if income.interest_deductible:
            profit = profit - interest
            if self.f.shareholder_deductible:
                profit = profit - accrued
        if income.depletion:
            sales = self.o.product[t] + self.o.by_products[t]
            profit = profit - np.minimum(income.depletion * sales, income.depletion_cap * np.maximum(profit, 0.0))
        profit = np.broadcast_to(profit, (self.n,))
        self.taxable[t] = self.losses.taxable(profit)
        self.tax[t] = self.taxable[t] * self.tax_rate[t]

    def _serve(self, t: int, cash: Array, due_interest: list[Array], premium: list[Array]) -> Array:
        """Interest, then principal; from cash, then the reserve, then the guarantee."""
        if not self.terms:
            return cash
        f = self.f
        due_principal = []
        for k, terms in enumerate(self.terms):
            self.balance[k] = self.balance[k] + self.drawings[k].drawn[t] + premium[k]
            due_principal.append(self.balance[k] * self._share_due(k, t, terms))
        interest: Array = sum(due_interest, np.zeros(self.n))
        principal: Array = sum(due_principal, np.zeros(self.n))
        due = interest + principal
        self.service[t] = due
        from_cash = np.minimum(due, cash)
        from_reserve = np.minimum(due - from_cash, self.held)
        rest = due - from_cash - from_reserve
        helped = np.minimum(rest, self.guarantee_left) if t <= f.guarantee_last else np.zeros(self.n)
        self.guarantee_left = self.guarantee_left - helped
        self.guarantee[t] = helped
        self.held = self.held - from_reserve
        paid = from_cash + from_reserve + helped
        unpaid = due - paid
        self.unpaid[t] = unpaid
        paid_interest = np.minimum(paid, interest)
        with np.errstate(divide="ignore", invalid="ignore"):
            of_interest = np.where(interest > 0, paid_interest / np.maximum(interest, 1e-300), 1.0)
            of_principal = np.where(principal > 0, (paid - paid_interest) / np.maximum(principal, 1e-300), 0.0)
            self.cover[t] = np.where(due > SHORT, self.available[t] / np.maximum(due, SHORT), np.nan)
        for k in range(len(self.terms)):
            self.interest[k][t] = due_interest[k] * of_interest
            self.principal[k][t] = due_principal[k] * of_principal
            self.balance[k] = self.balance[k] + due_interest[k] * (1.0 - of_interest) - self.principal[k][t]
        self.locked[t] = (self.cover[t] < f.lock_up) | (unpaid > SHORT)
        return cash - from_cash

    def _serve_advance(self, t: int, cash: Array, interest: Array) -> Array:
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

    def _sweep(self, t: int, cash: Array, last: bool) -> Array:
        """Early repayment: the agreed share, all of it after a breach, and whatever is owed in the last year."""
        if not self.terms:
            return cash
        f = self.f
        bad = (self.cover[t] < f.default) | (self.unpaid[t] > SHORT)
        share = np.ones(self.n) if last else np.where(bad, 1.0, f.sweep)
        keep = 0.0 if last else np.asarray(f.minimum_cash)
        owed: Array = sum(self.balance, np.zeros(self.n))
        early = np.minimum(owed, share * np.maximum(cash - keep, 0.0))
        with np.errstate(divide="ignore", invalid="ignore"):
            part = np.where(owed > 0, early / np.maximum(owed, 1e-300), 0.0)
        for k in range(len(self.terms)):
            repaid = self.balance[k] * part
            self.principal[k][t] = self.principal[k][t] + repaid
            self.balance[k] = self.balance[k] - repaid
        return cash - early

    def result(self) -> Cash:
        """Everything that happened."""
        loans = tuple(
            LoanPath(d.drawn, self.interest[k], self.fees[k], self.principal[k], self.owed[k])
            for k, d in enumerate(self.drawings)
        )
        additions: Array = sum(self.base_added.values(), np.zeros((self.years, 1)))
        return Cash(
            self.duties, -self.tax, loans, self.prepaid, self.pre_interest, self.pre_principal, self.pre_owed,
            self.contributed, self.guarantee, self.lent, self.sh_interest, self.sh_principal, self.sh_owed,
            self.dividends, self.cash, self.reserve, self.off, additions, self.capitalised, self.expensed,
            self.taxable, self.losses.expired, self.available, self.service, self.cover, self.unpaid, self.locked,
            self.grants, self.streamed_in,
        )  # fmt: skip


def _by_year(payments: Sequence[Payment | Stream | Prepayment], years: int) -> Array:
    out: Array = np.zeros((years, 1))
    for x in payments:
        out = out + over_years(x.by_year, years)
    return out


def _base_additions(p: Project, o: Operations) -> dict[str, Array]:
    """Capital by asset class, with what operating before production costs."""
    out = {a: np.zeros((len(p.years), 1)) for a in ("plant", "building", "preparation")}
    assets = {c.id: c.asset for c in p.capital} | {"refinery": "plant"}
    for id, line in o.capital.items():
        out[assets[id]] = out[assets[id]] - line
    out["plant"] = out["plant"] - o.sustaining
    early = -np.array(np.broadcast_to(o.operating, o.operating.shape))
    early[p.production :] = 0.0
    out["preparation"] = out["preparation"] + early
    return out


def _written_off(p: Project, o: Operations, added: dict[str, Array]) -> Array:
    s, how = o.schedule, p.fiscal.income.depreciation
    by_method: dict[Depreciation, Array] = {}
    for asset, amounts in added.items():
        method = how.get(asset, how["plant"])
        by_method[method] = by_method[method] + amounts if method in by_method else amounts
    out: Array = np.zeros((len(p.years), 1))
    for method, amounts in by_method.items():
        if np.any(amounts):
            out = out + written_off(amounts, method, p.production, s.last, s.milled)
    return out
