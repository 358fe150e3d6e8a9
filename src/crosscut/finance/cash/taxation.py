"""Taxation: the books before interest, which are the same whoever pays for the project, and income tax upon
them.

Tests: tests/finance/test_taxes_by_hand.py
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crosscut.base.arrays import Array
from crosscut.finance.cash.fiscal import Depreciation
from crosscut.finance.cash.writing_off import TaxLosses, written_off
from crosscut.finance.mine.operations import Operations, duties
from crosscut.finance.mine.project import Project
from crosscut.finance.numbers import Numbers, columns, nothing, over_years, total


@dataclass(frozen=True, eq=False)
class Books:
    """What does not depend on who pays, by year and draw: capital that is written off, and what of it is;
    royalties by id, negative; cash from operations and capital before income tax; profit before writing off,
    interest and tax.
    """

    additions: Array
    written_off: Array
    duties: dict[str, Array]
    cash: Array
    ebitda: Array


@dataclass(frozen=True, eq=False)
class Unlevered:
    """Royalties and income tax (negative) of a project that one owner pays for, and what is written off."""

    duties: dict[str, Array]
    tax: Array
    written_off: Array


def books(p: Project, o: Operations) -> Books:
    """The books of a project before interest.

    Parameters
    ----------
    p : Project
        The project.
    o : Operations
        Its operations.

    Returns
    -------
    Books
        Capital and what is written off of it, royalties, cash and profit, by year and draw.
    """
    added = _additions(p, o)
    off = _written_off(p, o, added)
    taken = duties(p, o, off)
    deductible = [taken[r.id] for r in p.fiscal.royalties if r.deductible]
    cash = total(
        o.revenue,
        o.selling,
        o.operating,
        total(*taken.values()),
        o.export_duty,
        o.credits,
        o.closure,
        o.all_capital,
        o.working_capital,
        o.vat,
    )
    ebitda = total(o.revenue, o.selling, o.operating, o.export_duty, o.closure, total(*deductible))
    return Books(total(*added.values()), off, taken, cash, ebitda)


def unlevered(p: Project, o: Operations, b: Books) -> Unlevered:
    """Tax without interest.

    Parameters
    ----------
    p : Project
        The project.
    o : Operations
        Its operations.
    b : Books
        Its books.

    Returns
    -------
    Unlevered
        Royalties, tax and what is written off, by year and draw.
    """
    profit = b.ebitda - b.written_off
    tax = IncomeTaxes(p, o, profit, columns(profit, p.fiscal.income.rate))
    for t in range(p.production, len(p.years)):
        tax.due(t)
    return Unlevered(b.duties, -tax.paid, b.written_off)


class IncomeTaxes:
    """Income tax of `draws` draws as the years of production pass; losses are kept. `profit` by year is that
    before interest; `paid` and `taxable` are of the years so far."""

    def __init__(self, p: Project, o: Operations, profit: Array, draws: int) -> None:
        years = len(p.years)
        self.how, self.o, self.profit, self.draws = p.fiscal.income, o, profit, draws
        self.losses = TaxLosses(draws, self.how.loss_years, self.how.loss_cap)
        self.rate = over_years(self.how.rate, years) * over_years(self.how.due, years)
        self.paid, self.taxable = np.zeros((years, draws)), np.zeros((years, draws))

    def due(self, t: int, *interest: Numbers) -> Array:
        """The tax of year t, the next one, after interest of each kind."""
        profit = self.profit[t]
        if self.how.interest_deductible:
            for x in interest:
                profit = profit - x
        if self.how.depletion:
            sales = self.o.product[t] + self.o.by_products[t]
            most = self.how.depletion_cap * np.maximum(profit, 0.0)
            profit = profit - np.minimum(self.how.depletion * sales, most)
        if len(profit) < self.draws:
            profit = np.broadcast_to(profit, (self.draws,))
        self.taxable[t] = self.losses.taxable(profit)
        paid: Array = self.taxable[t] * self.rate[t]
        self.paid[t] = paid
        return paid


def _additions(p: Project, o: Operations) -> dict[str, Array]:
    """Capital by asset class, with what operating before production costs."""
    assets = {c.id: c.asset for c in p.capital} | {"refinery": "plant"}
    before = o.operating[: p.production]
    early: Numbers = 0.0
    if before.any():
        early = np.zeros(o.operating.shape)
        np.negative(before, out=early[: p.production])
    out = {}
    for asset, more in (("plant", -o.sustaining), ("building", 0.0), ("preparation", early)):
        built = [-line for id, line in o.capital.items() if assets[id] == asset]
        out[asset] = total(np.zeros((len(p.years), 1)), *built, more)
    return out


def _written_off(p: Project, o: Operations, added: dict[str, Array]) -> Array:
    s, how = o.schedule, p.fiscal.income.depreciation
    by_method: dict[Depreciation, Array] = {}
    for asset, amounts in added.items():
        method = how.get(asset, how["plant"])
        by_method[method] = total(by_method[method], amounts) if method in by_method else amounts
    parts = [
        written_off(amounts, method, p.production, s.last, s.milled)
        for method, amounts in by_method.items()
        if not nothing(amounts)
    ]
    return total(np.zeros((len(p.years), 1)), *parts)
