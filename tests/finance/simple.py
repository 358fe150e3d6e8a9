"""A mine small enough to work out by hand: 1,000 t of ore at 10 % WO3 a year, all recovered, 10,000 mtu sold
a year."""

from dataclasses import replace

import numpy as np

from crosscut.finance.cash.fiscal import Depreciation, Fiscal, IncomeTax, Royalty
from crosscut.finance.lenders.financing import Finance, Loan
from crosscut.finance.mine.project import CapitalItem, Costs, Discounting, Project
from crosscut.finance.mine.technical import Mill, Mine, Ore, Product


def mine(
    producing=4,
    price=100.0,
    cost=40.0,
    capital=(1_000_000.0,),
    rate=0.10,
    tax=0.0,
    how=None,
    royalties=(),
    finance=None,
    tail=2,
    **changes,
) -> Project:
    """`capital` by year before production; `producing` years of 10,000 mtu at price less cost; `tail` years
    after."""
    building = len(capital)
    years = range(2030, 2030 + building + producing + tail)
    spent = np.zeros((len(years), 1))
    spent[:building, 0] = capital
    income = IncomeTax(tax, {"plant": how or Depreciation("straight", years=float(producing))})
    p = Project(
        id="simple",
        years=years,
        production=building,
        last=building + producing - 1,
        ore=(Ore("ore", 1000.0 * producing, 0.1, 1.0),),
        mine=Mine(capacity=1000.0),
        mill=Mill(),
        product=Product("concentrate", 0.65, 1.0),
        apt=price,
        costs=Costs(per_mtu=cost),
        capital=(CapitalItem("plant", spent),),
        fiscal=Fiscal(income, tuple(royalties)),
        discounting=Discounting(rate, rate, rate),
        index=np.ones((len(years), 1)),
        finance=finance or Finance(),
    )
    return replace(p, **changes)


def with_income(p, **changes):
    return replace(p, fiscal=replace(p.fiscal, income=replace(p.fiscal.income, **changes)))


def with_costs(p, **changes):
    return replace(p, costs=replace(p.costs, **changes))


def royalty(base, rate, **kw):
    return Royalty("r", base, rate, **kw)


def loan(amount=500_000.0, rate=0.10, first=1, tenor=4, repayment="equal", **kw):
    return Loan("loan", "bank", "export_credit", amount, rate, first, tenor, repayment, **kw)


def column(x):
    return np.asarray(x)[:, 0]
