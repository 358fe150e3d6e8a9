"""Words: numbers, codes and statuses of a result as people read them. Missing is a dash, never 0."""

from __future__ import annotations

from collections.abc import Mapping
from math import floor, isfinite, log10
from typing import Any

DASH = "–"
MINUS = "−"

_BASIS = {"inside": "", "border": "at the border", "paid": "", "marginal": "marginal buyer"}
_BASIS_LONG = {
    "inside": "inside the country",
    "border": "at the exporter's border",
    "paid": "paid by buyers there, on average",
    "marginal": "to the marginal buyer there",
}
_STATUS = {
    "no_supply": "no supply",
    "inactive": "neither made nor used here",
    "beyond_backstop": "above the price at which users stop buying",
    "failed": "no draw solved",
}


def amount(x: float | None) -> str:
    """Three significant digits with thousands separators; a dash when missing.

    >>> amount(12_345.6), amount(0.04567), amount(-3.0), amount(0.0), amount(None)
    ('12,300', '0.0457', '−3', '0', '–')
    """
    if x is None or not isfinite(x):
        return DASH
    if x == 0:
        return "0"
    places = 2 - floor(log10(abs(x)))
    rounded = round(x, places)
    text = f"{rounded:,.{max(places, 0)}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", MINUS)


def tonnes(x: float | None) -> str:
    """As `amount`, but what is there and rounds to nothing is shown as less than 0.1 t.

    >>> tonnes(0.02), tonnes(0.0), tonnes(None), tonnes(7300.4)
    ('<0.1', '0', '–', '7,300')
    """
    if x is not None and 0 < abs(x) < 0.1:
        return "<0.1" if x > 0 else f">{MINUS}0.1"
    return amount(x)


def signed(text: str, x: float | None) -> str:
    """`text` with a plus sign when x is positive."""
    return f"+{text}" if x is not None and x > 0 and text[:1].isdigit() else text


def percent(share: float | None) -> str:
    """A share as per cent.

    >>> percent(0.345), percent(0.0123), percent(None), percent(-0.4)
    ('34 %', '1.2 %', '–', '−40 %')
    """
    if share is None or not isfinite(share):
        return DASH
    p = 100 * share
    if p != 0 and abs(p) < 0.1:
        return "<0.1 %" if p > 0 else f">{MINUS}0.1 %"
    text = f"{p:.0f}" if abs(p) >= 10 else f"{p:.1f}".removesuffix(".0")
    return f"{text} %".replace("-", MINUS)


def interval_text(row: Mapping[str, Any]) -> str:
    """The 80 % interval of a row, or a dash."""
    if row["p10"] is None or row["p90"] is None:
        return DASH
    return f"{amount(row['p10'])} - {amount(row['p90'])}"


def unit_text(unit: str) -> str:
    """The unit with the subscript of tungsten trioxide."""
    return unit.replace("WO3", "WO₃")


def form_text(form: str) -> str:
    """A form id as a heading.

    >>> form_text("bottle_metal")
    'Bottle metal'
    """
    return form[:1].upper() + form[1:].replace("_", " ")


def event_text(event: str) -> str:
    """An event id in words.

    >>> event_text("mine-quota")
    'mine quota'
    """
    return event.replace("-", " ").replace("_", " ")


def place_text(places: Mapping[str, str], code: str) -> str:
    """The name a result gives a place; its code when it gives none."""
    return places.get(code, code)


_SHORT = {"EU27": "EU27", "EUO": "Other EU27", "OTH": "Rest of the world"}


def short_place(places: Mapping[str, str], code: str) -> str:
    """A name that fits a narrow column: groups of countries by their short names, others as the result names
    them."""
    return _SHORT.get(code) or place_text(places, code)


def price_text(places: Mapping[str, str], row: Mapping[str, Any]) -> str:
    """Form, place and, where it is not the usual one, basis of a price row."""
    basis = _BASIS.get(row["basis"], row["basis"])
    label = f"{form_text(row['form'])} {short_place(places, row['place'])}"
    return f"{label} ({basis})" if basis else label


def basis_text(basis: str) -> str:
    """What a price is, in words.

    >>> basis_text("marginal")
    'to the marginal buyer there'
    """
    return _BASIS_LONG.get(basis, basis)


def status_text(status: str) -> str:
    """A status in words; '' when the value is simply there.

    >>> status_text("active"), status_text("no_supply"), status_text("active; no_supply in 3 of 200 draws")
    ('', 'no supply', 'no supply in 3 of 200 draws')
    """
    if status == "active":
        return ""
    text = status.removeprefix("active; ")
    for code, words in _STATUS.items():
        text = text.replace(code, words)
    return text


def month_text(iso: str) -> str:
    """The month and year of a date.

    >>> month_text("2025-02-04")
    'Feb 2025'
    """
    from datetime import date

    try:
        return f"{date.fromisoformat(iso[:10]):%b %Y}"
    except ValueError:
        return iso


def day_text(iso: str) -> str:
    """The date as people write it; text that is not a full date stays as it is.

    >>> day_text("2025-09-30"), day_text("2025-09"), day_text("Q3 2025")
    ('30 Sep 2025', 'Sep 2025', 'Q3 2025')
    """
    from datetime import date

    try:
        if len(iso) == 7:
            return f"{date.fromisoformat(iso + '-01'):%b %Y}"
        day = date.fromisoformat(iso[:10])
    except ValueError:
        return iso
    return f"{day.day} {day:%b %Y}"
