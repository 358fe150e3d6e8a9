"""Grammar: the trade's unit texts ("USD/mtu WO3", "CNY/t 65 % concentrate", "cents per pound") read with
pint.

The registry has five kinds of base unit of its own, so that nothing converts by accident: tonnes gross,
tonnes of WO3 and tonnes contained are three dimensions, each currency is one, and time. Crossing between
them takes a factor that the caller (or the unit text itself) names. pint is imported on first use.

Tests: tests/base/test_units.py
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from crosscut.base.errors import Problem, UserError, suggestion
from crosscut.base.units.money import CURRENCIES
from crosscut.base.units.tonnage import W_PER_WO3, content

if TYPE_CHECKING:
    import pint

_MASSES = {
    "t": 1.0,
    "kg": 1e-3,
    "g": 1e-6,
    "kt": 1e3,
    "Mt": 1e6,
    "lb": 0.45359237e-3,
    "ozt": 31.1034768e-6,
    "st": 0.90718474,
    "lt": 1.0160469088,
}
_SUBSTANCES = ("gross", "WO3", "contained")
_MASS_NAMES = {
    "t": "t",
    "tonne": "t",
    "tonnes": "t",
    "metric ton": "t",
    "metric tons": "t",
    "mt": "t",
    "kg": "kg",
    "kilogram": "kg",
    "kilograms": "kg",
    "g": "g",
    "gram": "g",
    "kt": "kt",
    "thousand t": "kt",
    "Mt": "Mt",
    "million t": "Mt",
    "lb": "lb",
    "pound": "lb",
    "pounds": "lb",
    "troy ounce": "ozt",
    "oz": "ozt",
    "short ton": "st",
    "long ton": "lt",
}
_SUBSTANCE_NAMES = {
    "": "gross",
    "gross": "gross",
    "product": "gross",
    "WO3": "WO3",
    "W": "contained",
    "W content": "contained",
    "contained": "contained",
    "content": "contained",
}
_UNITS_OF_WO3 = {"mtu": "mtu", "dmtu": "mtu", "stu": "stu"}  # a dry mtu counts the same WO3
_TIMES = {"year": "year", "y": "year", "a": "year", "month": "month", "day": "day", "d": "day"}
_MONEY_NAMES = {
    "dollar": "USD",
    "dollars": "USD",
    "US$": "USD",
    "$": "USD",
    "RMB": "CNY",
    "yuan": "CNY",
    "cent": "USD_cent",
    "cents": "USD_cent",
}
_SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9}
_FORM_IN_UNIT = re.compile(
    r"^(?P<mass>\S+) (?:(?P<grade>\d+(?:\.\d+)?) ?% (?:WO3 )?concentrate|"
    r"concentrate \((?P<after>\d+(?:\.\d+)?) ?% WO3\)|(?P<form>concentrate|APT|WC|FeW|hardmetal|powder))$"
)


@cache
def registry() -> pint.UnitRegistry[Any]:
    """The pint registry with our own definitions only."""
    import pint

    lines = [f"t_{s} = [{s}]" for s in _SUBSTANCES]
    lines += [f"{m}_{s} = {f!r} * t_{s}" for m, f in _MASSES.items() if m != "t" for s in _SUBSTANCES]
    lines += ["mtu = 10 * kg_WO3", "stu = 20 * lb_WO3"]
    lines += ["year = [time]", "month = year / 12", "day = year / 365"]
    lines += [f"{c} = [{c}]" for c in CURRENCIES]
    lines += ["USD_cent = 0.01 * USD"]
    made: pint.UnitRegistry[Any] = pint.UnitRegistry(None)
    made.load_definitions(lines)
    return made


def known_words() -> list[str]:
    """Unit texts to suggest from when one is not understood."""
    masses = [f"{m} {s}".strip() for m in ("t", "kg", "lb") for s in ("", "WO3", "W")]
    forms = ["t 65 % concentrate", "t APT", "t WC", "t FeW"]
    below = [*_UNITS_OF_WO3, "mtu WO3", "dmtu WO3", *masses, *forms]
    return [
        *below,
        *(f"{c}/{b}" for c in ("USD", "CNY", "EUR") for b in below),
        *(f"{b}/year" for b in below),
    ]


def quantity(value: float, unit: str) -> pint.Quantity[Any]:
    """A value with its unit text as a pint quantity over money, time and t_gross, t_WO3 or t_contained.

    A unit text that names a form ("CNY/t 65 % concentrate", "t APT") is converted to contained tonnes at
    once, WO3 is not.

    Parameters
    ----------
    value : float
        The number.
    unit : str
        As a source writes it.

    Returns
    -------
    pint.Quantity
        Of the same amount.

    Raises
    ------
    UserError
        The unit is unknown; the nearest known one is in the text.
    """
    text = " ".join(unit.replace(" per ", "/").split())
    made = registry().Quantity(value, "")
    for k, part in enumerate(text.split("/")):
        factor = _part(part.strip())
        if factor is None:
            raise UserError(Problem(f"unknown unit {unit!r}", "unit", suggestion(text, known_words())))
        made = made * factor if k == 0 else made / factor
    return made


def _part(text: str) -> pint.Quantity[Any] | None:
    """One part of a unit between slashes, or None when it means nothing here."""
    make: Callable[[float, str], pint.Quantity[Any]] = registry().Quantity
    first, _, rest = text.partition(" ")
    if first in _SCALES and rest and rest not in _MASS_NAMES and (scaled := _part(rest)) is not None:
        times: pint.Quantity[Any] = scaled * _SCALES[first]
        return times
    if text in CURRENCIES:
        return make(1.0, text)
    if text in _MONEY_NAMES:
        return make(1.0, _MONEY_NAMES[text])
    if text in _TIMES:
        return make(1.0, _TIMES[text])
    if text.removesuffix(" WO3") in _UNITS_OF_WO3:
        return make(1.0, _UNITS_OF_WO3[text.removesuffix(" WO3")])
    for mass in sorted(_MASS_NAMES, key=len, reverse=True):
        substance = text[len(mass) :].strip()
        if (text == mass or text.startswith(mass + " ")) and substance in _SUBSTANCE_NAMES:
            return make(1.0, f"{_MASS_NAMES[mass]}_{_SUBSTANCE_NAMES[substance]}")
    return _form(text)


def _form(text: str) -> pint.Quantity[Any] | None:
    found = _FORM_IN_UNIT.match(text)
    if not found or found["mass"] not in _MASS_NAMES:
        return None
    grade = found["grade"] or found["after"]
    share = float(grade) / 100 * W_PER_WO3 if grade else content(found["form"]).value
    return registry().Quantity(share, f"{_MASS_NAMES[found['mass']]}_contained")


def power(q: pint.Quantity[Any], dimension: str) -> float:
    """The exponent of one base dimension in a quantity.

    Parameters
    ----------
    q : pint.Quantity[Any]
        The quantity.
    dimension : str
        "gross", "WO3", "contained", "time" or a currency.

    Returns
    -------
    float
        0 where it does not occur.
    """
    exponent: Any = q.dimensionality.get(f"[{dimension}]", 0)
    return float(exponent)
