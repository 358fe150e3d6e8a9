"""Metrics: what a valuation comes to, one number a draw.

Tests: tests/finance/test_conservation.py, tests/finance/test_debt_by_hand.py,
tests/finance/test_taxes_by_hand.py
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crosscut.base.arrays import Array
from crosscut.finance.answers.returns import payback, return_on_investment
from crosscut.finance.answers.valuation import Valuation
from crosscut.finance.numbers import over_years, running, total

DEBT = 1.0  # money: a balance above this is debt, a receipt above it a receipt; less is what rounding leaves


@dataclass(frozen=True)
class Metric:
    """What one number means: unit (money, real money, share, years, ratio, year, tonnes, money per mtu),
    words."""

    id: str
    unit: str
    what: str
    party: str = "project"


METRICS = (
    Metric("npv_after_tax", "money", "present value after tax, before financing"),
    Metric("npv_before_tax", "money", "present value before income tax, after royalties, before financing"),
    Metric(
        "real_npv_after_tax",
        "real money",
        "present value after tax, before financing, in money of the year of the file",
    ),
    Metric("irr_after_tax", "share", "internal rate of return after tax, before financing, nominal"),
    Metric("irr_before_tax", "share", "internal rate of return before income tax, before financing, nominal"),
    Metric("payback", "years", "payback after tax from first spending"),
    Metric("payback_production", "years", "payback after tax from first production"),
    Metric("owners_npv", "money", "present value to the owners, at their rate", "owners"),
    Metric("owners_irr", "share", "internal rate of return of the owners, nominal", "owners"),
    Metric("owners_paid_in", "money", "most the owners have in at one time", "owners"),
    Metric("state_npv", "money", "present value to the state, its company with it, at its rate", "state"),
    Metric(
        "state_first_year",
        "year",
        "first year in which the state receives more than it gives, value added tax left out",
        "state",
    ),
    Metric("state_ahead_year", "year", "year from which the state has received more than it gave", "state"),
    Metric(
        "tax_rate",
        "share",
        "average effective tax rate: what the budget takes, discounted, of the flow before it",
        "state",
    ),
    Metric("debt", "money", "debt when production begins", "lenders"),
    Metric("least_cover", "ratio", "least debt service cover", "lenders"),
    Metric("loan_life_cover", "ratio", "loan life cover when production begins", "lenders"),
    Metric("locked", "share", "whether dividends were ever stopped by cover", "lenders"),
    Metric("default", "share", "whether cover ever fell below default", "lenders"),
    Metric("unpaid", "share", "whether debt service was ever not paid", "lenders"),
    Metric(
        "thin",
        "share",
        "whether loan life cover was below what lenders ask when production begins",
        "lenders",
    ),
    Metric("lost_debt", "money", "debt never repaid", "lenders"),
    Metric(
        "concession",
        "million USD",
        "worth of low rates on public loans: drawn less service at the market rate",
        "lenders",
    ),
    Metric(
        "c1",
        "money per mtu",
        "cash cost per mtu sold after by-products, royalties left out, money of the year of the file",
    ),
    Metric(
        "aisc",
        "money per mtu",
        "cost per mtu sold with royalties, sustaining and closure, money of the year of the file",
    ),
    Metric("sold", "mtu", "mtu WO3 sold in all"),
    Metric("left", "tonnes", "t of ore left in the ground when production ends"),
)


def metrics(v: Valuation) -> dict[str, Array]:
    """Every metric of a valuation.

    Parameters
    ----------
    v : Valuation
        The valuation.

    Returns
    -------
    dict of str to Array
        By id, each (draws); NaN where there is none (no debt, no single rate of return).
    """
    p, o, s = v.project, v.operations, v.operations.schedule
    after, before = v.after_tax, v.before_tax
    back = payback(after)
    owners, budget = v.owners, v.budget
    lasting = budget + o.vat  # what is given back is no income
    found: dict[str, Array] = {
        "npv_after_tax": v.worth(after),
        "npv_before_tax": v.worth(before),
        "real_npv_after_tax": v.real_worth(after),
        "irr_after_tax": return_on_investment(after),
        "irr_before_tax": return_on_investment(before),
        "payback": back + 1.0,
        "payback_production": back + 1.0 - p.production,
        "owners_npv": v.worth(owners, p.discounting.equity),
        "owners_irr": return_on_investment(owners),
        "owners_paid_in": -np.minimum(running(owners).min(axis=0), 0.0),
        "state_npv": v.worth(budget, p.discounting.state),
        "state_first_year": _first(lasting > DEBT, p.years.start),
        "state_ahead_year": _first(running(lasting) > DEBT, p.years.start),
        "tax_rate": effective_rate(v),
        **_debt(v),
        **_costs(v),
        "sold": s.sold.sum(axis=0),
        "left": s.left,
    }
    n = max(len(np.atleast_1d(x)) for x in found.values())
    return {m.id: np.broadcast_to(found[m.id], (n,)) * 1.0 for m in METRICS}


def effective_rate(v: Valuation) -> Array:
    """Present value of what the budget takes of the unlevered project over that of its flow before any
    taking.

    Parameters
    ----------
    v : Valuation
        The valuation.

    Returns
    -------
    Array, shape (draws)
        A fraction; NaN where that flow is not worth anything. The state's own shares are not in it.
    """
    whole = v.worth(v.before_take)
    kept = v.worth(v.after_tax)
    with np.errstate(divide="ignore", invalid="ignore"):
        out: Array = np.where(whole > 0, 1.0 - kept / whole, np.nan)
    return out


def _first(yes: NDArray[np.bool_], start: int) -> Array:
    out: Array = np.where(yes.any(axis=0), start + np.argmax(yes, axis=0).astype(float), np.nan)
    return out


def _debt(v: Valuation) -> dict[str, Array]:
    p, c = v.project, v.cash
    nothing = np.full(1, np.nan)
    if not c.loans:
        names = (
            "debt",
            "least_cover",
            "loan_life_cover",
            "locked",
            "default",
            "unpaid",
            "thin",
            "lost_debt",
            "concession",
        )
        return dict.fromkeys(names, nothing)
    owed = total(*(x.owed for x in c.loans))
    at = owed[max(p.production - 1, 0)]
    life = loan_life_cover(v)[p.production]
    unpaid = (c.unpaid > DEBT).any(axis=0)
    covers = np.fmin.reduce(c.cover, axis=0)  # NaN, where nothing is due, passed over
    has = at > DEBT
    f = p.finance
    return {
        "debt": at,
        "least_cover": np.where(has & np.isfinite(covers), covers, np.nan),
        "loan_life_cover": np.where(has, life, np.nan),
        "locked": np.where(has, c.locked.any(axis=0), np.nan),
        "default": np.where(has, (c.cover < f.default).any(axis=0) | unpaid, np.nan),
        "unpaid": np.where(has, unpaid, np.nan),
        "thin": np.where(has, life < f.llcr, np.nan),
        "lost_debt": np.where(has, owed[-1], np.nan),
        "concession": concession(v) / over_years(p.per_usd, len(p.years))[0] / 1e6,
    }


def loan_life_cover(v: Valuation) -> Array:
    """Present value, at the rates of the loans, of cash available until the last loan is due, over what is
    owed at the start of the year.

    Parameters
    ----------
    v : Valuation
        The valuation.

    Returns
    -------
    Array, shape (years, draws)
        A ratio; NaN before production and where little is owed.
    """
    p, c = v.project, v.cash
    years = len(p.years)
    last = max(min(t.loan.repay_first + t.loan.tenor, years) for t in v.terms)
    loans = [(x.owed, over_years(t.loan.rate, years)) for x, t in zip(c.loans, v.terms, strict=True)]
    worth = np.zeros(c.available.shape[1])
    out = np.full(c.available.shape, np.nan)
    for t in range(last - 1, max(p.production, 1) - 1, -1):
        owed = total(*(x[t - 1] for x, _ in loans))[0]
        interest = total(*(x[t - 1] * rate[t - 1] for x, rate in loans))[0]
        little, some = owed <= DEBT, np.maximum(owed, DEBT)
        worth = (worth + c.available[t]) / (1.0 + np.where(little, 0.0, interest / some))
        out[t] = np.where(little, np.nan, worth / some)
    return out


def concession(v: Valuation) -> Array:
    """Worth of low rates on public loans when they are first drawn.

    Parameters
    ----------
    v : Valuation
        The valuation.

    Returns
    -------
    Array, shape (draws)
        What is drawn less all that is paid, both at the rate a bank would ask, in money of the project; the
        nominal amount is not the subsidy.
    """
    p = v.project
    years = len(p.years)
    out: Array = np.zeros(1)
    for loan, path in zip(p.finance.loans, v.cash.loans, strict=True):
        if not loan.public or loan.market_rate is None:
            continue
        rate = over_years(loan.market_rate, years)
        factors = np.cumprod(1.0 + rate, axis=0)
        net = path.drawn - path.interest - path.fees - path.principal
        out = out + (net / factors * factors[0]).sum(axis=0)
    return out


def _costs(v: Valuation) -> dict[str, Array]:
    p, o, s = v.project, v.operations, v.operations.schedule
    years = len(p.years)
    index = over_years(p.index, years)
    costs, levies = total(o.mining, o.processing, o.overhead, o.refining), o.levies
    if o.operating[: p.production].any():  # before production they are capital
        after = (np.arange(years)[:, None] >= p.production).astype(float)
        costs, levies = costs * after, levies * after
    cash = total(costs, o.selling, o.by_products)
    duties = total(total(*v.books.duties.values()), o.export_duty)
    all_in = total(cash, duties, levies, o.sustaining, o.closure)
    sold = s.sold.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return {
            "c1": np.where(sold > 0, -(cash / index).sum(axis=0) / sold, np.nan),
            "aisc": np.where(sold > 0, -(all_in / index).sum(axis=0) / sold, np.nan),
        }
