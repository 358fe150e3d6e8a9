"""Quantities: prices and tonnages between the trade's units and the inside units.

Inside: tonnes contained (a year where it is a rate) and USD per tonne contained. WO3 becomes W at 0.793,
nothing else crosses by itself: a gross unit needs a content, another currency needs a dated rate. Quotations
are converted as quoted: value added tax (Chinese domestic prices hold 13 %) and freight terms are not taken
out here.

Tests: tests/base/test_units.py
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from crosscut.base.errors import Problem, UserError
from crosscut.base.units.grammar import power, quantity, registry
from crosscut.base.units.money import CURRENCIES, ExchangeRate
from crosscut.base.units.tonnage import W_PER_WO3, Contained, Gross, checked_content, content

if TYPE_CHECKING:
    import pint


def usd_per_t_contained(
    value: float, unit: str, form: str | float | None = None, rate: ExchangeRate | None = None
) -> float:
    """A price in USD per t contained.

    Parameters
    ----------
    value : float
        The price.
    unit : str
        As a source writes it.
    form : str | float | None
        A tungsten form such as "APT", or a content in t contained per t gross; needed when the unit is gross.
    rate : ExchangeRate | None
        Needed when the unit is not in US dollars.

    Returns
    -------
    float
        USD per t contained.

    Raises
    ------
    UserError
        The unit is unknown or no price, or form or rate is missing.

    Examples
    --------
    >>> round(usd_per_t_contained(339, "USD/mtu WO3"))
    42749
    >>> round(usd_per_t_contained(10, "USD/lb", form="FeW"))
    29395
    """
    return float(_price(_finite(value), unit, form, rate).magnitude)


def price_in(
    usd_per_t: float, unit: str, form: str | float | None = None, rate: ExchangeRate | None = None
) -> float:
    """A price in USD per t contained, shown in a unit of the trade: the inverse of `usd_per_t_contained`.

    Parameters
    ----------
    usd_per_t : float
        USD per t contained.
    unit : str
        The unit of the trade.
    form : str | float | None
        Needed when the unit is gross.
    rate : ExchangeRate | None
        Needed when the unit is not in US dollars.

    Returns
    -------
    float
        The price in that unit.

    Examples
    --------
    >>> round(price_in(42_749, "USD/mtu WO3"), 1)
    339.0
    """
    return _finite(usd_per_t) / float(_price(1.0, unit, form, rate).magnitude)


def contained_tonnes(value: float, unit: str, form: str | float | None = None) -> Contained:
    """A tonnage as t contained. A rate (t/year) is refused: see `contained_tonnes_a_year`.

    Parameters
    ----------
    value : float
        The tonnage.
    unit : str
        As a source writes it.
    form : str | float | None
        Needed when the unit is gross.

    Returns
    -------
    Contained
        t contained.

    Raises
    ------
    UserError
        The unit is unknown or no tonnage, or the form is missing.

    Examples
    --------
    >>> round(contained_tonnes(1000, "mtu WO3").tonnes, 9)
    7.93
    """
    q = _with_contents(quantity(_finite(value), unit), unit, form)
    _expect(q, {"contained": 1}, unit, "a tonnage such as 't W' or 't APT'")
    return Contained(float(q.to("t_contained").magnitude))


def contained_tonnes_a_year(value: float, unit: str, form: str | float | None = None) -> Contained:
    """A rate as t contained a year; a month is a twelfth and a day a 365th of a year.

    Parameters
    ----------
    value : float
        The rate.
    unit : str
        As a source writes it.
    form : str | float | None
        Needed when the unit is gross.

    Returns
    -------
    Contained
        t contained a year.

    Raises
    ------
    UserError
        The unit is unknown or no rate, or the form is missing.

    Examples
    --------
    >>> contained_tonnes_a_year(100, "t W/month")
    Contained(tonnes=1200.0)
    """
    q = _with_contents(quantity(_finite(value), unit), unit, form)
    _expect(q, {"contained": 1, "time": -1}, unit, "a rate such as 't W/year' or 't APT/month'")
    return Contained(float(q.to("t_contained/year").magnitude))


def gross_tonnes(value: float, unit: str) -> Gross:
    """A tonnage of product as weighed.

    Parameters
    ----------
    value : float
        The tonnage.
    unit : str
        As a source writes it.

    Returns
    -------
    Gross
        t gross.

    Raises
    ------
    UserError
        The unit counts WO3 or metal.

    Examples
    --------
    >>> gross_tonnes(250, "kg")
    Gross(tonnes=0.25)
    """
    q = quantity(_finite(value), unit)
    _expect(q, {"gross": 1}, unit, "a gross tonnage such as 't' or 'kg'")
    return Gross(float(q.to("t_gross").magnitude))


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise UserError(Problem(f"{value} is not a number", "unit", "a finite number; missing is not NaN"))
    return value


def _price(
    value: float, unit: str, form: str | float | None, rate: ExchangeRate | None
) -> pint.Quantity[Any]:
    q = _with_contents(quantity(value, unit), unit, form)
    foreign = [c for c in CURRENCIES if c != "USD" and power(q, c)]
    if foreign:
        if rate is None or rate.currency != foreign[0]:
            raise UserError(
                Problem(
                    f"{unit!r} is in {foreign[0]}",
                    "unit",
                    f"a dated exchange rate: rate=ExchangeRate({foreign[0]!r}, value, period, source)",
                )
            )
        q = q / registry().Quantity(rate.value, f"{rate.currency}/USD") ** int(power(q, rate.currency))
    _expect(q, {"USD": 1, "contained": -1}, unit, "a price such as 'USD/mtu WO3' or 'USD/kg W'")
    return q.to("USD/t_contained")


def _with_contents(q: pint.Quantity[Any], unit: str, form: str | float | None) -> pint.Quantity[Any]:
    """The quantity with WO3 (at 0.793) and gross tonnes (at the form's content) replaced by contained
    tonnes."""
    if n := int(power(q, "WO3")):
        q = q * registry().Quantity(W_PER_WO3, "t_contained/t_WO3") ** n
    if n := int(power(q, "gross")):
        if form is None:
            raise UserError(
                Problem(
                    f"{unit!r} is gross",
                    "unit",
                    "form='APT' or another form, or a content in t contained per t",
                )
            )
        share = content(form).value if isinstance(form, str) else checked_content(form)
        q = q * registry().Quantity(share, "t_contained/t_gross") ** n
    return q


def _expect(q: pint.Quantity[Any], wanted: dict[str, int], unit: str, example: str) -> None:
    if dict(q.dimensionality) != {f"[{k}]": v for k, v in wanted.items()}:
        raise UserError(Problem(f"{unit!r} does not fit here", "unit", example))
