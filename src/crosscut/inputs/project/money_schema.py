"""Money schema: the fields of a project file on money, prices, costs, capital and taxes."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field

from crosscut.base.units.money import CURRENCIES
from crosscut.inputs.project.fields import (
    Basis,
    Fields,
    Figure,
    MoneyBasis,
    NotNegative,
    Positive,
    Series,
    Share,
    Sourced,
    Year,
    YearShares,
)
from crosscut.inputs.scenario.schema import Name, Words

Currency = Literal[
    "USD",
    "CNY",
    "EUR",
    "GBP",
    "JPY",
    "KRW",
    "KZT",
    "CAD",
    "AUD",
    "HKD",
    "VND",
    "CHF",
    "INR",
    "SEK",
    "NOK",
    "DKK",
    "PLN",
    "CZK",
    "HUF",
    "TRY",
    "RUB",
    "BRL",
    "MXN",
    "ZAR",
    "TWD",
    "SGD",
    "THB",
    "NZD",
    "ILS",
    "MAD",
    "SAR",
    "AED",
]
assert set(CURRENCIES) == set(get_args(Currency))


class LocalEntry(Sourced):
    """The part of the costs that is paid in the money of the country."""

    currency: Currency = Field(description="its currency", examples=["KZT"])
    inflation: Series = Field(description="its inflation a year", examples=[0.07])
    depreciation: Series | None = Field(
        None,
        description=(
            "fall of its value against the money of the file a year; as purchasing power asks unless given"
        ),
    )
    share_of_costs: Share = Field(description="share of operating costs", examples=[0.6])
    share_of_capital: Share = Field(0.0, description="share of capital costs", examples=[0.3])


class MoneyEntry(Fields):
    """The money of the file. Every price and cost in it is real, in money of `year`, or nominal: never some
    of each."""

    currency: Currency = Field(description="the money of every figure and result", examples=["USD"])
    basis: Basis = Field(description="real or nominal", examples=["real"])
    year: Year = Field(description="the year whose money real figures are in", examples=[2026])
    inflation: Series = Field(description="inflation of that money a year", examples=[0.022])
    per_usd: Series | None = Field(None, description="units per US dollar, where the money is not US dollars")
    local: LocalEntry | None = Field(None, description="costs paid in the money of the country")


class DiscountEntry(Fields):
    """Rates at which flows are discounted, all of one basis."""

    rate: Figure = Field(description="of the project, a year", examples=[0.08])
    basis: Basis = Field(description="real or nominal", examples=["real"])
    equity: Figure | None = Field(None, description="of the owners; that of the project unless given")
    state: Figure | None = Field(None, description="of the state; that of the project unless given")
    date: Year | None = Field(None, description="to the end of this year; the first year unless given")
    flows: Literal["end", "middle"] = Field(
        "end", description="when in the year money flows", examples=["middle"]
    )


class OutlookPriceEntry(Fields):
    """Which price of an outlook is the APT price."""

    name: Words = Field(description="outlook", examples=["kazakhstan"])
    case: Words = Field("plans", description="its case", examples=["plans"])
    form: Words = Field("oxide", description="form", examples=["oxide"])
    place: Words = Field("EU27", description="place", examples=["EU27"])
    basis: Words = Field("paid", description="inside, border, paid or marginal", examples=["paid"])


PriceUnit = Literal["USD/t", "USD/kg", "USD/lb", "USD/oz", "USD/mtu"]


class PricesEntry(Fields):
    """The price to which every product relates: of APT, USD per mtu WO3, for tungsten; for another mineral
    `price` with its `unit` and what it is a price `of`."""

    basis: MoneyBasis = Field(None, description="as money.basis")
    apt: Series | None = Field(None, description="tungsten: USD per mtu WO3", examples=[340])
    price: Series | None = Field(
        None, description="another mineral: US dollars per unit of what is contained", examples=[21000]
    )
    unit: PriceUnit | None = Field(
        None, description="of price: USD per t, kg, lb, troy oz or mtu (10 kg)", examples=["USD/t"]
    )
    of: Words | None = Field(
        None, description="what both price and grade count, metal or compound", examples=["Sb"]
    )
    volatility: Figure | None = Field(
        None, description="standard deviation of the log over draws", examples=[0.26]
    )
    persistence: Figure | None = Field(
        None, description="share of a deviation left a year later", examples=[0.8]
    )
    outlook: OutlookPriceEntry | None = Field(None, description="the price when `--scenario` names no other")


class CostsEntry(Fields):
    """Operating costs."""

    basis: MoneyBasis = Field(None, description="as money.basis")
    mining: Series | None = Field(None, description="money per t moved, ore and waste", examples=[2.5])
    processing: Series | None = Field(None, description="money per t milled", examples=[12])
    overhead: Series | None = Field(None, description="money a year while producing", examples=[6e6])
    per_mtu: Series | None = Field(None, description="money per mtu WO3 produced", examples=[90])
    per_unit: Series | None = Field(
        None, description="another mineral: money per unit of the price produced", examples=[900]
    )
    levies: Figure | None = Field(None, description="social and research duties, share of operating costs")


class BuiltItem(Sourced):
    """Something that is built."""

    id: Name = Field(description="a short name of its own", examples=["mill"])
    amount: Figure = Field(description="money", examples=["{mid: 300e6, low: 260e6, high: 400e6}"])
    years: YearShares = Field(
        description="share of it spent by year, adds up to 1", examples=["{2028: 0.4, 2029: 0.6}"]
    )
    asset: Literal["plant", "building", "preparation"] = Field(
        "plant", description="how it is depreciated", examples=["preparation"]
    )
    kind: Literal["initial", "expansion"] = Field(
        "initial", description="initial capital is what is financed"
    )


class SustainingEntry(Fields):
    """What keeps it running."""

    per_ore: Series | None = Field(None, description="money per t milled", examples=[1.5])
    a_year: Series | None = Field(None, description="money a year while producing", examples=[5e6])


class ClosureEntry(Fields):
    """What it costs to close."""

    amount: Figure = Field(description="money", examples=[40e6])
    years: Annotated[int, Field(ge=1, le=20)] = Field(
        1, description="years after the last ore over which it is spent"
    )
    salvage: Figure | None = Field(
        None, description="money from what is sold off, in the last year of closure"
    )


class CapitalEntry(Fields):
    """Capital costs."""

    basis: MoneyBasis = Field(None, description="as money.basis")
    items: list[BuiltItem] = Field(description="what is built", examples=["[...]"])
    sustaining: SustainingEntry | None = Field(None, description="what keeps it running")
    closure: ClosureEntry | None = Field(None, description="what it costs to close")


class WorkingCapitalEntry(Fields):
    """Days of sales not yet paid, of costs in stock, and of costs not yet paid."""

    receivable_days: Figure | None = Field(None, description="days of sales", examples=[45])
    inventory_days: Figure | None = Field(None, description="days of operating costs", examples=[30])
    payable_days: Figure | None = Field(None, description="days of operating costs", examples=[30])


Pair = Annotated[list[NotNegative], Field(min_length=2, max_length=2)]


class RoyaltyEntry(Sourced):
    """A royalty, extraction tax or duty."""

    id: Name = Field(description="a short name of its own", examples=["extraction-tax"])
    base: Literal[
        "revenue", "net_revenue", "product_revenue", "ore_value", "profit", "ore", "mtu", "unit"
    ] = Field(description="what it is a share of", examples=["revenue"])
    rate: Figure | None = Field(
        None, description="share of the base; money per t, mtu or unit of the price for ore, mtu, unit"
    )
    steps: list[Pair] | None = Field(
        None, description="rate from an APT price upward", examples=["[[0, 0.03], [500, 0.06]]"]
    )
    holiday: Annotated[int, Field(ge=0, le=60)] = Field(
        0, description="years of production without it", examples=[5]
    )
    first: Year | None = Field(None, description="first year it is due", examples=[2026])
    last: Year | None = Field(None, description="last year it is due", examples=[2035])
    to: Literal["state", "private"] = Field("state", description="who receives it", examples=["private"])
    deductible: bool = Field(True, description="deducted from the base of income tax", examples=[True])


class DepreciationEntry(Sourced):
    """How an asset is written off for tax."""

    method: Literal["straight", "declining", "units", "pool", "at_once"] = Field(
        description="straight line, declining balance by item, units of production, pool, at once",
        examples=["declining"],
    )
    years: Positive | None = Field(None, description="years of straight line", examples=[10])
    rate: Share | None = Field(None, description="share of the balance a year", examples=[0.25])


class IncomeTaxEntry(Sourced):
    """Income tax and how losses and holidays lower it."""

    rate: Series = Field(description="share of taxable income", examples=[0.20])
    loss_years: Annotated[int, Field(ge=0, le=99)] | None = Field(
        None, description="years a loss is kept; for ever"
    )
    loss_cap: Share = Field(1.0, description="most of taxable income a loss may cover", examples=[0.8])
    holiday: Annotated[int, Field(ge=0, le=60)] = Field(
        0, description="years of production without it", examples=[10]
    )
    plant: DepreciationEntry = Field(
        description="plant and machinery", examples=["{method: pool, rate: 0.25}"]
    )
    building: DepreciationEntry | None = Field(None, description="buildings; as plant unless given")
    preparation: DepreciationEntry | None = Field(
        None, description="before production; as plant unless given"
    )
    depletion: Share = Field(0.0, description="share of revenue deducted besides", examples=[0.15])
    depletion_cap: Share = Field(0.5, description="most of taxable income it may cover", examples=[0.5])
    interest_deductible: bool = Field(True, description="whether interest is deducted", examples=[True])


class CreditEntry(Sourced):
    """A refundable credit on production cost."""

    id: Name = Field(description="a short name of its own", examples=["production-credit"])
    base: Literal["processing", "refining", "operating"] = Field(
        description="which cost", examples=["refining"]
    )
    rate: Figure = Field(description="share of that cost", examples=[0.10])
    shares: YearShares = Field(
        {}, description="share of the credit by year where it is phased", examples=["{2031: 0.75}"]
    )
    first: Year | None = Field(None, description="first year", examples=[2028])
    last: Year | None = Field(None, description="last year", examples=[2040])


class VatEntry(Sourced):
    """Value added tax paid on costs and given back later; sales abroad bear none."""

    rate: Figure = Field(description="share of the cost", examples=[0.16])
    share_of_costs: Share = Field(0.6, description="share of operating costs that bears it", examples=[0.6])
    share_of_capital: Share = Field(0.6, description="share of capital costs that bears it", examples=[0.6])
    refund_years: Annotated[float, Field(ge=0, le=5)] = Field(1.0, description="years until it is given back")


class TaxesEntry(Fields):
    """What the state takes: a bundled regime, with parts of it replaced, or all of it stated."""

    regime: Words | None = Field(None, description="bundled regime", examples=["kazakhstan-2026"])
    royalties: list[RoyaltyEntry] | None = Field(None, description="replaces those of the regime")
    income: IncomeTaxEntry | None = Field(None, description="replaces that of the regime")
    export_duty: Figure | None = Field(None, description="share of sales abroad", examples=[0.0])
    credits: list[CreditEntry] | None = Field(None, description="replaces those of the regime")
    vat: VatEntry | None = Field(None, description="replaces that of the regime")
    dividends: Figure | None = Field(None, description="withheld on dividends, share", examples=[0.15])
    interest: Figure | None = Field(None, description="withheld on interest abroad, share", examples=[0.10])
