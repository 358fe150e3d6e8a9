"""Words: numbers, codes and statuses of a result as people read them. Missing is a dash, never 0."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crosscut.base.number_text import DASH, MINUS, amount, money, percent, tonnes

__all__ = ["DASH", "MINUS", "amount", "money", "percent", "tonnes"]

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


def signed(text: str, x: float | None) -> str:
    """`text` with a plus sign when x is positive."""
    return f"+{text}" if x is not None and x > 0 and text[:1].isdigit() else text


def interval_text(row: Mapping[str, Any]) -> str:
    """The 80 % interval of a row, or a dash."""
    if row["p10"] is None or row["p90"] is None:
        return DASH
    return f"{amount(row['p10'])} - {amount(row['p90'])}"


def effect_text(row: Mapping[str, Any]) -> str:
    """The 80 % interval of what the events do to a price, without the error of its level."""
    if row["effect_p10"] is None or row["effect_p90"] is None:
        return DASH
    return f"{amount(row['effect_p10'])} - {amount(row['effect_p90'])}"


def change_text(row: Mapping[str, Any]) -> str:
    """The change of a price with its sampling error; one that may be chance is said to be about 0.

    >>> change_text({"base": 331.0, "change": 0.0489, "sampling_error": 0.85, "told_apart": True})
    '+4.9 % ± 0.3'
    >>> change_text({"base": 331.0, "change": 0.0003, "sampling_error": 0.06, "told_apart": False})
    'about 0 ± <0.1'
    >>> change_text({"base": 331.0, "change": 0.0, "sampling_error": 0.0, "told_apart": False})
    'none'
    """
    change, error, base = row["change"], row["sampling_error"], row["base"]
    if change is None:
        return DASH
    text = signed(percent(change), change)
    if error is None or not base:
        return text
    if change == 0 and error == 0:
        return "none"
    give = percent(error / base).removesuffix(" %")
    return f"{text} ± {give}" if row["told_apart"] else f"about 0 ± {give}"


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
