"""Questions: at which price it breaks even, what the state takes at each price, whether refining pays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from crosscut.base.arrays import Array
from crosscut.finance.answers.metrics import effective_rate
from crosscut.finance.answers.rates import rising_root
from crosscut.finance.answers.valuation import unfinanced
from crosscut.finance.mine.project import Project
from crosscut.finance.numbers import over_years

LOWEST_PRICE, HIGHEST_PRICE = 1.0, 20_000.0  # USD per mtu


def at_price(p: Project, price: Array | float) -> Project:
    """The project at a price that stays the same in real terms.

    Parameters
    ----------
    p : Project
        The project.
    price : Array | float
        USD per mtu WO3 in money of the year of the index; an array is (draws).

    Returns
    -------
    Project
        With that price in every year.
    """
    return replace(p, apt=np.asarray(price) * over_years(p.index, len(p.years)))


def break_even(p: Project, worth: Callable[[Project], Array], draws: int) -> Array:
    """The real APT price at which a worth is zero.

    Parameters
    ----------
    p : Project
        The project.
    worth : Callable[[Project], Array]
        What is to be zero, by draw, of the project at a price.
    draws : int
        The number of draws.

    Returns
    -------
    Array, shape (draws)
        USD per mtu WO3 in money of the year of the index; NaN where none between 1 and 20,000 does it. Of
        another mineral: per 10 kg contained, looked for from a thousandth of its price to a hundred times.
    """

    def at(price: Array) -> Array:
        return np.broadcast_to(worth(at_price(p, price.reshape((1, -1)))), (draws,))

    low, high = LOWEST_PRICE, HIGHEST_PRICE
    if not p.unit.is_apt:  # around the price of the file: metals differ by five orders of magnitude
        usual = float(np.median(np.asarray(p.apt) / p.index))
        low, high = usual / 1000.0, usual * 100.0
    return rising_root(at, low, high, draws)


@dataclass(frozen=True, eq=False)
class TaxAtPrice:
    """By real APT price: average effective tax rate, present value to project and to the budget before its
    shares."""

    price: Array
    rate: Array
    after_tax: Array
    before_take: Array


def tax_over_price(p: Project, prices: Array) -> TaxAtPrice:
    """What the state takes at each of several prices.

    Parameters
    ----------
    p : Project
        A project of one draw; financing is left out.
    prices : Array, shape (prices)
        USD per mtu WO3 in money of the year of the index.

    Returns
    -------
    TaxAtPrice
        Price by price: the effective rate, and present values to the project and to the budget.
    """
    v = unfinanced(at_price(p, np.asarray(prices, dtype=float).reshape((1, -1))))
    return TaxAtPrice(np.asarray(prices), effective_rate(v), v.worth(v.after_tax), v.worth(v.before_take))


@dataclass(frozen=True, eq=False)
class RefiningCase:
    """Refining at home against selling concentrate, by draw: worth of each, margin and cost per mtu of APT,
    payable share of concentrate at which both are worth the same, size (of the plant's planned one) from
    which it pays.
    """

    as_concentrate: Array
    refined: Array
    gain: Array
    margin: Array
    cost: Array
    power: Array
    reagents: Array
    capital_charge: Array
    even_payable: Array
    least_size: float


SIZES = np.geomspace(0.02, 50.0, 120)


def refining_case(p: Project) -> RefiningCase:
    """Whether refining in the country pays, without financing.

    Parameters
    ----------
    p : Project
        A project with a refinery.

    Returns
    -------
    RefiningCase
        Money is real, in that of the year of the index.

    Raises
    ------
    ValueError
        The project has no refinery.
    """
    refinery = p.product.refinery
    if refinery is None:
        raise ValueError(f"project {p.id} has no refinery")
    sell = replace(p, product=replace(p.product, form="concentrate"))
    form = p.product.form if p.product.form != "concentrate" else "apt"
    make = replace(p, product=replace(p.product, form=form))
    a, b = unfinanced(sell), unfinanced(make)
    worth_a, worth_b = a.real_worth(a.after_tax), b.real_worth(b.after_tax)
    index = over_years(p.index, len(p.years))
    sold = b.operations.schedule.sold
    weight = sold / np.maximum(sold.sum(axis=0), 1e-300)

    def average(x: Array | float) -> Array:
        out: Array = (over_years(x, len(p.years)) / index * weight).sum(axis=0)
        return out

    apt = average(np.asarray(p.apt) * np.asarray(p.per_usd))
    bought = (
        average(np.asarray(p.apt) * np.asarray(p.per_usd))
        * np.ravel(p.product.payable)
        / np.ravel(refinery.recovery)
    )
    fixed = (b.operations.schedule.active * refinery.fixed / index).sum(axis=0) / np.maximum(
        sold.sum(axis=0), 1e-300
    )
    charge = b.real_worth(over_years(refinery.capex, len(p.years)) + np.zeros_like(index))
    charge = charge / np.maximum(b.real_worth(sold * index), 1e-300)
    cost = average(refinery.cost) + fixed
    return RefiningCase(
        worth_a,
        worth_b,
        worth_b - worth_a,
        apt * np.ravel(refinery.payable) - bought,
        cost,
        average(refinery.power),
        average(refinery.reagents),
        charge,
        _even_payable(sell, worth_b),
        _least_size(make, worth_a),
    )


def _even_payable(sell: Project, worth_refined: Array) -> Array:
    """Share of the APT price that concentrate must fetch to be worth as much as refining."""

    def gap(share: Array) -> Array:
        v = unfinanced(replace(sell, product=replace(sell.product, payable=share.reshape((1, -1)))))
        return np.broadcast_to(v.real_worth(v.after_tax), worth_refined.shape) - worth_refined

    return rising_root(gap, 0.0, 2.0, len(worth_refined))


def _least_size(make: Project, worth_concentrate: Array) -> float:
    """The least multiple of the planned size at which the plant pays, in the middle draw: cost per unit of
    capacity moves with size to the power of the exponent less one; NaN where it never does, 0.02 where it
    always does.
    """
    refinery = make.product.refinery
    assert refinery is not None
    sizes = SIZES.reshape((1, -1))
    exponent = float(np.ravel(np.asarray(refinery.scale_exponent))[0])
    if worth_concentrate.size != 1:
        return float("nan")
    relative = sizes ** (exponent - 1.0)
    scaled = replace(
        refinery,
        capex=refinery.capex * relative,
        fixed=over_years(refinery.fixed, len(make.years)) * relative,
    )
    v = unfinanced(replace(make, product=replace(make.product, refinery=scaled)))
    pays = np.broadcast_to(v.real_worth(v.after_tax), SIZES.shape) >= worth_concentrate
    return float(SIZES[np.argmax(pays)]) if pays.any() else float("nan")
