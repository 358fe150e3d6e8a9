"""Project: everything a valuation needs, as arrays; nominal money of one currency.

Tests: tests/finance/test_taxes_by_hand.py, tests/studies/project/test_result.py
"""

from __future__ import annotations

from dataclasses import dataclass, field

from crosscut.base.arrays import Array
from crosscut.finance.cash.fiscal import Fiscal
from crosscut.finance.lenders.financing import Finance
from crosscut.finance.mine.product_unit import MTU_WO3, ProductUnit
from crosscut.finance.mine.technical import ByProduct, Mill, Mine, Ore, Product
from crosscut.finance.numbers import Numbers


@dataclass(frozen=True, eq=False)
class CapitalItem:
    """Something that is built: nominal money by year (years, draws), asset class, initial or not."""

    id: str
    by_year: Numbers
    asset: str = "plant"
    initial: bool = True


@dataclass(frozen=True, eq=False)
class Costs:
    """Operating and capital costs, nominal by year: per t moved, per t milled, a year, per mtu; levies on
    all of them; sustaining per t milled and a year; closure by year of closure (its years after the last
    ore) and salvage.
    """

    mining: Numbers = 0.0
    processing: Numbers = 0.0
    overhead: Numbers = 0.0
    per_mtu: Numbers = 0.0
    levies: Numbers = 0.0
    sustaining_per_ore: Numbers = 0.0
    sustaining_a_year: Numbers = 0.0
    closure: Numbers = 0.0
    closure_years: int = 1
    salvage: Numbers = 0.0


@dataclass(frozen=True, eq=False)
class WorkingCapital:
    """Days of sales not paid yet, of costs in stock, of costs not paid yet."""

    receivable_days: Numbers = 0.0
    inventory_days: Numbers = 0.0
    payable_days: Numbers = 0.0


@dataclass(frozen=True, eq=False)
class Discounting:
    """Nominal rates by year of project, owners and state; the index of the year to whose end they discount;
    0.5 where money flows in the middle of a year, else 0."""

    project: Numbers
    equity: Numbers
    state: Numbers
    at: int = 0
    early: float = 0.0


@dataclass(frozen=True, eq=False)
class Project:
    """A mine with its plant over `years`, all of them from first spending to the end of closure.

    `production` is the index of the first year of production, `last` that of the last in which ore may be
    milled. `apt` is the nominal APT price, USD per mtu WO3 (of another mineral: its price, USD per 10 kg of
    what `unit` counts); `per_usd` units of the project's currency per US
    dollar; `index` the price level by year, 1 in the year whose money real results are in.
    """

    id: str
    years: range
    production: int
    last: int
    ore: tuple[Ore, ...]
    mine: Mine
    mill: Mill
    product: Product
    apt: Numbers
    costs: Costs
    capital: tuple[CapitalItem, ...]
    fiscal: Fiscal
    discounting: Discounting
    index: Array
    by_products: tuple[ByProduct, ...] = ()
    per_usd: Numbers = 1.0
    unit: ProductUnit = MTU_WO3
    working_capital: WorkingCapital = field(default_factory=WorkingCapital)
    finance: Finance = field(default_factory=Finance)
