"""Number text: amounts, shares and money as people read them, by one rule of rounding for screens, prose and
pages.

A number half way between two is rounded away from zero (30.5 % is 31 %), of the number as it is written in a
result: `page/src/lib/format.ts` does the same, and a test holds the two together. Missing is a dash, never 0.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from math import floor, isfinite, log10

DASH = "–"
MINUS = "−"


def fixed(x: float, places: int = 0) -> str:
    """A number with so many decimals, or rounded to tens, hundreds for negative places; thousands separated.

    Parameters
    ----------
    x : float
        Finite.
    places : int
        Decimals.

    Returns
    -------
    str
        With a hyphen where negative, never a negative zero.

    Examples
    --------
    >>> fixed(30.5), fixed(2.5), fixed(-0.4), fixed(1250.0, -2), fixed(2.675, 2)
    ('31', '3', '0', '1,300', '2.68')
    """
    rounded = Decimal(repr(float(x))).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    text = f"{rounded:,.{max(places, 0)}f}"
    return text.removeprefix("-") if not rounded else text


def significant(x: float, digits: int) -> float:
    """A number rounded to so many significant digits.

    Parameters
    ----------
    x : float
        Finite.
    digits : int
        1 or more.

    Returns
    -------
    float
        In the same unit.

    Examples
    --------
    >>> significant(12.5, 2), significant(-0.0345, 1), significant(0.0, 3)
    (13.0, -0.03, 0.0)
    """
    if x == 0:
        return 0.0
    places = digits - 1 - floor(log10(abs(x)))
    return float(Decimal(repr(float(x))).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))


def amount(x: float | None) -> str:
    """Three significant digits with thousands separators, two below 0.01; a dash when missing.

    Parameters
    ----------
    x : float | None
        Of any unit.

    Returns
    -------
    str
        Without a unit.

    Examples
    --------
    >>> amount(12_345.6), amount(0.04567), amount(-3.0), amount(0.0), amount(None), amount(0.00456)
    ('12,300', '0.0457', '−3', '0', '–', '0.0046')
    """
    if x is None or not isfinite(x):
        return DASH
    if x == 0:
        return "0"
    rounded = significant(x, 3 if abs(x) >= 0.01 else 2)
    places = max(2 - floor(log10(abs(rounded))), 0)
    text = fixed(rounded, places)
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", MINUS)


def tonnes(x: float | None) -> str:
    """As `amount`, but what is there and rounds to nothing is shown as less than 0.1 t.

    Parameters
    ----------
    x : float | None
        Tonnes.

    Returns
    -------
    str
        Without a unit.

    Examples
    --------
    >>> tonnes(0.02), tonnes(0.0), tonnes(None), tonnes(7300.4)
    ('<0.1', '0', '–', '7,300')
    """
    if x is not None and 0 < abs(x) < 0.1:
        return "<0.1" if x > 0 else f">{MINUS}0.1"
    return amount(x)


def percent(share: float | None) -> str:
    """A share as per cent.

    Parameters
    ----------
    share : float | None
        A fraction.

    Returns
    -------
    str
        Whole per cents from 10 %, one decimal below.

    Examples
    --------
    >>> percent(0.345), percent(0.0123), percent(None), percent(-0.4), percent(0.305)
    ('35 %', '1.2 %', '–', '−40 %', '31 %')
    """
    if share is None or not isfinite(share):
        return DASH
    p = float(Decimal(repr(float(share))) * 100)
    if p != 0 and abs(p) < 0.1:
        return "<0.1 %" if p > 0 else f">{MINUS}0.1 %"
    text = fixed(p) if abs(p) >= 10 else fixed(p, 1).removesuffix(".0")
    return f"{text} %".replace("-", MINUS)


def money(x: float | None) -> str:
    """Million USD, two digits at most: no grade of a world allows more.

    Parameters
    ----------
    x : float | None
        Million USD.

    Returns
    -------
    str
        Without a unit; below USD 10,000 nothing but the sign is told.

    Examples
    --------
    >>> money(326.7), money(12.51), money(None), money(0.0), money(-0.000008)
    ('330', '13', '–', '0', '>−0.01')
    """
    if x is None or not isfinite(x):
        return DASH
    if x != 0 and abs(x) < 0.01:
        return "<0.01" if x > 0 else f">{MINUS}0.01"
    return amount(significant(x, 2))
