"""Fiscal: the types of what the state and holders of royalties take.

Tests: tests/finance/test_taxes_by_hand.py, tests/studies/project/test_regimes.py
"""

from __future__ import annotations

from dataclasses import dataclass, field

from crosscut.finance.numbers import Numbers

ROYALTY_BASES = ("revenue", "net_revenue", "product_revenue", "ore_value", "profit", "ore", "mtu")
METHODS = ("straight", "declining", "units", "pool", "at_once")
ASSETS = ("plant", "building", "preparation")


@dataclass(frozen=True, eq=False)
class Royalty:
    """A royalty, extraction tax or duty: `rate` of its base (nominal money per t or mtu for ore and mtu).

    Bases: revenue (product and by-products), net_revenue (less treatment and freight), product_revenue,
    ore_value (the WO3 in the ore that is milled, before losses, at the price of the product), profit
    (operating profit after depreciation, never below 0), ore (t milled), mtu (mtu sold). `due` is 1 in the
    years it is due, 0 in others; `steps` are pairs of an APT price (USD per mtu) and the rate from there on.
    """

    id: str
    base: str
    rate: Numbers = 0.0
    steps: tuple[tuple[float, float], ...] = ()
    due: Numbers = 1.0
    private: bool = False
    deductible: bool = True


@dataclass(frozen=True)
class Depreciation:
    """How an asset is written off: method, years of a straight line, share of the balance a year."""

    method: str
    years: float = 0.0
    rate: float = 0.0


@dataclass(frozen=True, eq=False)
class IncomeTax:
    """Income tax: rate by year; `loss_years` None keeps losses for ever; `loss_cap` is the most of taxable
    income that losses may cover; `due` 0 in the years of a holiday; `depletion` share of revenue deducted,
    at most `depletion_cap` of taxable income."""

    rate: Numbers
    depreciation: dict[str, Depreciation]
    loss_years: int | None = None
    loss_cap: float = 1.0
    due: Numbers = 1.0
    depletion: float = 0.0
    depletion_cap: float = 0.5
    interest_deductible: bool = True


@dataclass(frozen=True, eq=False)
class Credit:
    """A refundable credit: `rate` by year of a cost: processing, refining or operating."""

    id: str
    base: str
    rate: Numbers


@dataclass(frozen=True, eq=False)
class Vat:
    """Value added tax on costs, given back `refund_years` later."""

    rate: Numbers
    share_of_costs: float
    share_of_capital: float
    refund_years: float


@dataclass(frozen=True, eq=False)
class Fiscal:
    """All that is taken: royalties, income tax, duty on exports, credits, VAT, withheld on dividends and
    interest."""

    income: IncomeTax
    royalties: tuple[Royalty, ...] = ()
    export_duty: Numbers = 0.0
    credits: tuple[Credit, ...] = ()
    vat: Vat | None = None
    dividends: Numbers = 0.0
    interest: Numbers = 0.0
    notes: tuple[str, ...] = field(default=())
