"""Operations: sales, operating costs, capital and royalties: every line of cash before financing and income
tax.

A line is money by year and draw, positive to the company. Nominal throughout.

Tests: tests/finance/test_known_answers.py, tests/finance/test_taxes_by_hand.py,
tests/studies/project/test_workbook.py
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crosscut.base.arrays import Array
from crosscut.finance.cash.fiscal import Royalty
from crosscut.finance.mine.project import Project
from crosscut.finance.mine.schedule import Schedule
from crosscut.finance.numbers import (
    DAYS,
    MTU_PER_T,
    WO3_IN_APT,
    charged,
    nothing,
    over_years,
    running,
    shifted,
    total,
)


@dataclass(frozen=True, eq=False)
class Operations:
    """Lines before royalties, financing and income tax.

    Income: `product` at the market, `support` (floors less caps and discounts of offtakes, by party),
    `by_products`, `selling` (treatment, penalties, freight; negative), `stream` (what holders of streams
    take; negative, by party). Costs, negative: `mining`, `processing`, `overhead`, `refining`, `levies`.
    Capital, negative: `capital` by item id, `sustaining`, `closure` (net of salvage). Others: `duty`,
    `credits`, `private` and state royalties are in `duties`. Sums: `revenue` (product, support, by-products,
    less streams), `operating` costs, `all_capital` (items and sustaining).
    """

    schedule: Schedule
    price: Array
    product: Array
    support: dict[str, Array]
    by_products: Array
    selling: Array
    stream: dict[str, Array]
    mining: Array
    processing: Array
    overhead: Array
    refining: Array
    levies: Array
    capital: dict[str, Array]
    sustaining: Array
    closure: Array
    export_duty: Array
    credits: Array
    working_capital: Array
    receivable: Array
    inventory: Array
    payable: Array
    vat: Array
    vat_owed: Array
    initial_capital: Array
    revenue: Array
    operating: Array
    all_capital: Array


def product_price(p: Project) -> Array:
    """What an mtu of product sells for, before treatment and freight, at the market price of APT.

    Parameters
    ----------
    p : Project
        The project.

    Returns
    -------
    Array, shape (years, draws)
        Nominal money per mtu WO3.
    """
    refined = p.product.form != "concentrate" and p.product.refinery is not None
    payable = p.product.refinery.payable if refined and p.product.refinery else p.product.payable
    out: Array = over_years(np.asarray(p.apt) * np.asarray(p.per_usd), len(p.years)) * payable
    return out


def operations(p: Project, s: Schedule) -> Operations:
    """Every line before royalties, financing and income tax.

    Parameters
    ----------
    p : Project
        The project.
    s : Schedule
        Its tonnes.

    Returns
    -------
    Operations
        Nominal money and tonnes by year and draw.
    """
    years = len(p.years)
    price = product_price(p)
    product = s.sold * price
    costs, refinery = p.costs, p.product.refinery if p.product.form != "concentrate" else None
    zero = np.zeros_like(s.milled[:, :1])

    if refinery is None:
        gross = s.concentrate / np.asarray(p.product.content)
        per_t = total(p.product.penalties, p.product.freight)
        selling = -total(charged(s.sold, p.product.treatment), charged(gross, per_t))
        refining = zero
    else:
        content = WO3_IN_APT if p.product.form == "apt" else 1.0
        selling = -(s.sold / MTU_PER_T / content) * refinery.freight
        refining = -total(charged(s.sold, refinery.cost), charged(s.active, refinery.fixed))
    by_products = zero
    for b in p.by_products:
        if b.per_ore is not None:
            tonnes = s.milled * b.per_ore
        else:
            tonnes = s.milled / np.maximum(s.milled.max(axis=0), 1e-300) * b.a_year
        by_products = total(by_products, tonnes * b.price * b.payable)

    mining = -(s.mined + s.waste) * costs.mining
    processing = -s.milled * costs.processing
    overhead = -total(charged(s.active, costs.overhead), charged(s.sold, costs.per_mtu))
    levies = charged(total(mining, processing, overhead, refining), costs.levies)
    operating = total(mining, processing, overhead, refining, levies)
    sustaining = -total(
        charged(s.milled, costs.sustaining_per_ore), charged(s.active, costs.sustaining_a_year)
    )
    capital = {c.id: -over_years(c.by_year, years) for c in p.capital}
    initial = total(zero, *(over_years(c.by_year, years) for c in p.capital if c.initial))
    if refinery is not None:
        capital["refinery"] = -over_years(refinery.capex, years)
        initial = initial + over_years(refinery.capex, years)
    support = _support(p, s, price)
    stream = _streamed(p, s, price)
    revenue = total(product, by_products, *support.values(), *stream.values())
    days, spent = p.working_capital, -operating
    receivable = charged(total(revenue, selling), np.asarray(days.receivable_days) / DAYS)
    inventory = charged(spent, np.asarray(days.inventory_days) / DAYS)
    payable = charged(spent, np.asarray(days.payable_days) / DAYS)
    all_capital = total(*capital.values(), sustaining)
    vat, owed = _vat(p, operating, all_capital)
    return Operations(
        s,
        price,
        product,
        support,
        by_products,
        selling,
        stream,
        mining,
        processing,
        overhead,
        refining,
        levies,
        capital,
        sustaining,
        _closure(p, s),
        charged(-product, p.fiscal.export_duty),
        _credits(p, processing, refining, operating),
        _released(receivable + inventory - payable),
        receivable,
        inventory,
        payable,
        vat,
        owed,
        initial,
        revenue,
        operating,
        all_capital,
    )


def _released(tied: Array) -> Array:
    """Cash by year of what is tied up at the end of each: the year before's, less its own."""
    out = -tied
    out[1:] += tied[:-1]
    return out


def _support(p: Project, s: Schedule, price: Array) -> dict[str, Array]:
    """What every offtake pays above (below) the market: floor, cap and discount on the APT price."""
    out = {}
    apt = over_years(p.apt, len(p.years))
    for o in p.finance.offtakes:
        paid = apt * (1.0 - o.discount)
        if o.floor is not None:
            paid = np.maximum(paid, o.floor)
        if o.cap is not None:
            paid = np.minimum(paid, o.cap)
        with np.errstate(divide="ignore", invalid="ignore"):
            relative = np.where(apt > 0, paid / apt - 1.0, 0.0)
        out[o.id] = s.sold * o.share * price * relative * o.due
    return out


def _streamed(p: Project, s: Schedule, price: Array) -> dict[str, Array]:
    """What holders of streams take: their share of the product at the part of its price they do not pay."""
    out = {}
    for stream in p.finance.streams:
        delivered = s.sold * stream.share
        if stream.until_mtu is not None:
            before = running(delivered) - delivered
            delivered = np.clip(stream.until_mtu - before, 0.0, delivered)
        out[stream.id] = -delivered * price * (1.0 - stream.price_share)
    return out


def _closure(p: Project, s: Schedule) -> Array:
    """Closure in equal parts over the years after the last ore of each draw; salvage in the last of them."""
    t = np.arange(len(p.years), dtype=float)[:, None]
    after = t - s.last
    n = p.costs.closure_years
    spent = ((after >= 1) & (after <= n) & (s.last >= 0)) / float(n)
    out: Array = -spent * np.asarray(p.costs.closure)
    if nothing(p.costs.salvage):
        return out
    sold = (after == n) & (s.last >= 0)
    return total(out, sold * np.asarray(p.costs.salvage))


def _credits(p: Project, processing: Array, refining: Array, operating: Array) -> Array:
    bases = {"processing": processing, "refining": refining, "operating": operating}
    out: Array = np.zeros((len(p.years), 1))
    for c in p.fiscal.credits:
        out = out - bases[c.base] * c.rate
    return out


def _vat(p: Project, operating: Array, capital: Array) -> tuple[Array, Array]:
    """(net cash, what the state still owes): paid with the costs, given back `refund_years` later."""
    vat = p.fiscal.vat
    if vat is None:
        nothing = np.zeros((len(p.years), 1))
        return nothing, nothing
    paid = -(operating * vat.share_of_costs + capital * vat.share_of_capital) * vat.rate
    whole = int(vat.refund_years)
    part = vat.refund_years - whole
    back = shifted(paid, whole)
    if part:
        back = (1.0 - part) * back + part * shifted(paid, whole + 1)
    back[-1] += (paid - back).sum(axis=0)  # what is left is given back when the company is wound up
    net = back - paid
    return net, -running(net)


def duties(p: Project, o: Operations, depreciation: Array) -> dict[str, Array]:
    """Royalties and duties.

    Parameters
    ----------
    p : Project
        The project.
    o : Operations
        Its operations.
    depreciation : Array, shape (years, draws)
        Deductions, for royalties on profit.

    Returns
    -------
    dict of str to Array
        By id, (years, draws), negative. Those on profit see operating profit after the other royalties and
        depreciation.
    """
    s, out = o.schedule, {}
    later: list[Royalty] = []
    for r in p.fiscal.royalties:
        if r.base == "profit":
            later.append(r)
            continue
        out[r.id] = -_rate(p, r) * _base(p, o, r.base)
    if not later:
        return out
    profit = total(o.revenue, o.selling, o.operating, *out.values()) - depreciation
    for r in later:
        out[r.id] = -_rate(p, r) * np.maximum(profit, 0.0) * s.active
    return out


def _base(p: Project, o: Operations, base: str) -> Array:
    s = o.schedule
    if base == "revenue":
        return o.product + o.by_products
    if base == "product_revenue":
        return o.product
    if base == "net_revenue":
        return np.maximum(o.product + o.by_products + o.selling, 0.0)
    if base == "ore_value":
        return s.contained * MTU_PER_T * o.price
    if base == "ore":
        return s.milled
    return s.sold


def _rate(p: Project, r: Royalty) -> Array:
    if not r.steps:
        constant: Array = np.asarray(r.rate) * np.asarray(r.due)
        return constant
    thresholds = np.array([a for a, _ in r.steps])
    rates = np.array([0.0, *(b for _, b in r.steps)])
    apt = over_years(p.apt, len(p.years))
    out: Array = rates[np.searchsorted(thresholds, apt, side="right")] * np.asarray(r.due)
    return out
