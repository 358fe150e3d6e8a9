"""Units: tonnes gross and contained, money with its year, and the trade's units read into the inside units.

Inside everything is tonnes contained (a year) and USD per tonne contained. Importing this package loads no
pint; the first unit text that is read does.
"""

from __future__ import annotations

from crosscut.base.units.money import CURRENCIES, ExchangeRate, Money, annual_rate, rated_currencies
from crosscut.base.units.quantities import (
    contained_tonnes,
    contained_tonnes_a_year,
    gross_tonnes,
    price_in,
    usd_per_t_contained,
)
from crosscut.base.units.tonnage import (
    CONTENTS,
    W_PER_WO3,
    WO3_IN_CONCENTRATE,
    Contained,
    Content,
    Gross,
    content,
)

__all__ = [
    "CONTENTS",
    "CURRENCIES",
    "WO3_IN_CONCENTRATE",
    "W_PER_WO3",
    "Contained",
    "Content",
    "ExchangeRate",
    "Gross",
    "Money",
    "annual_rate",
    "contained_tonnes",
    "contained_tonnes_a_year",
    "content",
    "gross_tonnes",
    "price_in",
    "rated_currencies",
    "usd_per_t_contained",
]
