"""Valuation: a project in all draws at once: what it makes, what it is worth, to whom.

Tests: tests/finance/test_known_answers.py, tests/finance/test_conservation.py,
tests/finance/test_debt_by_hand.py
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from crosscut.base.arrays import Array
from crosscut.finance.answers.returns import return_on_investment
from crosscut.finance.cash.parties import PartyLine, by_party, lines
from crosscut.finance.cash.statements import Statements, statements
from crosscut.finance.cash.taxation import Books, Unlevered, books, unlevered
from crosscut.finance.cash.waterfall import Cash, cash_of, paid_in
from crosscut.finance.lenders.borrowing import Terms
from crosscut.finance.lenders.closing import closed_terms
from crosscut.finance.lenders.financing import Finance
from crosscut.finance.mine.operations import Operations, operations
from crosscut.finance.mine.project import Project
from crosscut.finance.mine.schedule import schedule
from crosscut.finance.numbers import Numbers, over_years, total


@dataclass(frozen=True, eq=False)
class Valuation:
    """A project in all its draws."""

    project: Project
    operations: Operations
    books: Books
    terms: tuple[Terms, ...]

    @cached_property
    def cash(self) -> Cash:
        """All cash under the project's own finance."""
        return cash_of(self.project, self.operations, self.books, self.terms)

    @cached_property
    def unlevered(self) -> Unlevered:
        """What is taken of the project if one owner pays for everything."""
        return unlevered(self.project, self.operations, self.books)

    @cached_property
    def lines(self) -> tuple[PartyLine, ...]:
        """Every payment between the company and a party."""
        return lines(self.project, self.operations, self.cash)

    @cached_property
    def received(self) -> dict[str, Array]:
        """What every party receives, by year and draw."""
        return by_party(self.lines)

    @cached_property
    def statements(self) -> Statements:
        """Profit and balance sheet."""
        return statements(self.project, self.operations, self.cash)

    @cached_property
    def before_tax(self) -> Array:
        """Flow of the project before income tax and financing; royalties and duties are taken off."""
        return total(self.books.cash, self._flows_in)

    @cached_property
    def after_tax(self) -> Array:
        """Flow of the project after tax, before financing."""
        out: Array = self.before_tax + self.unlevered.tax
        return out

    @cached_property
    def before_take(self) -> Array:
        """Flow of the project before everything the state takes: royalties to it, duties, credits, taxes."""
        o = self.operations
        private = [self.books.duties[r.id] for r in self.project.fiscal.royalties if r.private]
        return total(
            o.revenue,
            o.selling,
            o.operating,
            total(*private),
            o.closure,
            o.all_capital,
            o.working_capital,
            self._flows_in,
        )

    @property
    def _flows_in(self) -> Array:
        """Money paid in for a share of the product belongs to the project, with what the stream takes."""
        return paid_in(self.project.finance.streams, len(self.project.years))

    @cached_property
    def owners(self) -> Array:
        """What the owners receive, less what they pay, all of them together without the state's company."""
        return self._received_by({o.party for o in self.project.finance.owners})

    @cached_property
    def budget(self) -> Array:
        """What the budget of the state receives, and its company."""
        state = self.project.finance.state
        return self._received_by({"state", *((state.party,) if state else ())})

    def _received_by(self, parties: set[str]) -> Array:
        return total(0.0, *by_party(tuple(x for x in self.lines if x.party in parties)).values())

    def worth(self, flows: Array, rate: Numbers | None = None) -> Array:
        """Present value of flows by draw, nominal, at the end of the year discounted to; at the project's
        rate unless another (nominal, by year) is given."""
        return present_value(self.project, flows, self.project.discounting.project if rate is None else rate)

    def real_worth(self, flows: Array, rate: Numbers | None = None) -> Array:
        """Present value in money of the year of the price index, at the real rate that goes with the nominal
        one."""
        p = self.project
        rate = p.discounting.project if rate is None else rate
        index = over_years(p.index, len(p.years))
        growth = index[1:] / index[:-1]
        nominal = over_years(rate, len(p.years))
        real = np.array(np.broadcast_to(nominal, np.broadcast_shapes(nominal.shape, index.shape)))
        real[1:] = (1.0 + nominal[1:]) / growth - 1.0
        real[0] = (1.0 + nominal[0]) / growth[0] - 1.0 if len(growth) else nominal[0]
        return present_value(p, flows / index, real)

    def rate_of_return(self, flows: Array) -> Array:
        """Internal rate of return by draw; NaN where there is none or more than one, or nothing is invested
        first."""
        return return_on_investment(flows)


def present_value(p: Project, flows: Array, rate: Numbers) -> Array:
    """Present value at the end of year `discounting.at`, half a year earlier where money flows mid-year.

    Parameters
    ----------
    p : Project
        The project, for its discounting.
    flows : Array, shape (years, draws)
        Nominal money.
    rate : Numbers
        A year, as a fraction; an array is (draws).

    Returns
    -------
    Array, shape (draws)
        Money of that date.
    """
    d = p.discounting
    growth = 1.0 + over_years(rate, len(p.years))
    whole = np.cumprod(growth, axis=0)
    factors = whole[d.at] / whole * growth**d.early
    out: Array = (flows * factors).sum(axis=0)
    return out


def valuation(p: Project, terms: tuple[Terms, ...] | None = None) -> Valuation:
    """The valuation of a project.

    Parameters
    ----------
    p : Project
        The project, over one draw or many.
    terms : tuple[Terms, ...] | None
        Those its loans were closed on (`lenders_terms` of its middle case); a project of one draw is its own
        lenders' case where none are given.

    Returns
    -------
    Valuation
        Operations, books, cash, statements and parties, by year and draw.
    """
    o = operations(p, schedule(p))
    closed = closed_terms(p, o) if terms is None else on_loans(terms, p)
    return Valuation(p, o, books(p, o), closed)


def unfinanced(p: Project) -> Valuation:
    """The valuation of a project as if one owner paid for everything.

    Streams and offtakes, which change what is sold, stay.

    Parameters
    ----------
    p : Project
        The project.

    Returns
    -------
    Valuation
        Without loans.
    """
    alone = replace(p, finance=Finance(streams=p.finance.streams, offtakes=p.finance.offtakes))
    o = operations(alone, schedule(alone))
    return Valuation(alone, o, books(alone, o), ())


def on_loans(terms: tuple[Terms, ...], p: Project) -> tuple[Terms, ...]:
    """Terms closed on a middle case, on the loans of the draws.

    Parameters
    ----------
    terms : tuple[Terms, ...]
        The terms of the middle case.
    p : Project
        The project over draws.

    Returns
    -------
    tuple of Terms
        Amounts and repayment shares stay, rates are those of the draws.
    """
    return tuple(replace(t, loan=x) for t, x in zip(terms, p.finance.loans, strict=True))


def lenders_terms(p: Project) -> tuple[Terms, ...]:
    """The terms that lenders give.

    Parameters
    ----------
    p : Project
        A project of one draw: the case they lend on.

    Returns
    -------
    tuple of Terms
        One for every loan.
    """
    return closed_terms(p, operations(p, schedule(p)))
