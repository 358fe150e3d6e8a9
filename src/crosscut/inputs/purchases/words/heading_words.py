"""What a heading says: the field it names in one of many languages, and the unit or currency beside it.

"Menge [t]", "Quantity (kg)" and "Value, thousand EUR" carry their unit; a unit that is not understood is
refused, since it may be a scale.

Tests: tests/inputs/purchases/test_headings.py
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from crosscut.base.errors import Problem
from crosscut.inputs.purchases.words.money import MoneyUnit, money_unit
from crosscut.inputs.purchases.words.units import WeightUnit, weight_unit
from crosscut.inputs.purchases.words.word_tables import folded, plain, words

_OWN_NAMES = {"tonnes": ("quantity", "t"), "usd": ("value", "USD"), "amount": ("value", "")}
_HARMLESS = frozenset(
    (
        *("iso", "iso2", "iso3", "2", "3", "alpha", "alpha2", "alpha3", "code", "codes", "name", "hs", "hs6"),
        *(
            "yyyy",
            "net",
            "netto",
            "gross",
            "brutto",
            "cif",
            "fob",
            "ddp",
            "dap",
            "exw",
            "ex",
            "works",
            "excl",
        ),
        *("vat", "without", "tax", "ohne", "mwst", "ht", "hors", "taxe", "sin", "iva", "nominal", "calendar"),
        *("total", "shipped", "invoiced", "purchased", "actual", "bought", "delivered", "a", "year", "per"),
        *("pa", "p"),
    )
)
BRACKETS = re.compile(r"^(.*?)\s*[(\[{<]([^)\]}>]*)[)\]}>]?\s*(.*)$", re.DOTALL)
_JOINTS = ("in", "en", "a", "per", "je", "of", "por", "par")


@dataclass(frozen=True)
class HeadingMeaning:
    """What a heading means: its field, the unit or currency it carries, how good a column it is (1 is best),
    and the languages it is in."""

    field: str
    unit: str = ""
    rank: int = 1
    languages: frozenset[str] = frozenset()
    own_name: bool = False


@lru_cache(maxsize=2048)
def heading_meaning(text: str) -> HeadingMeaning | Problem | None:
    """What a heading means.

    Parameters
    ----------
    text : str
        As it stands over the column.

    Returns
    -------
    HeadingMeaning, Problem or None
        None where it means nothing here; a problem where it is a known heading with a unit that is not.

    Examples
    --------
    >>> heading_meaning("Menge [t]").unit, heading_meaning("Value, thousand EUR").unit
    ('t', 'thousand EUR')
    """
    shown = plain(text)
    own = _OWN_NAMES.get(folded(text))
    if own is not None and folded(text) != "amount":
        return HeadingMeaning(own[0], own[1], own_name=True)
    found = words("headings", "heading").get(folded(shown))
    if found is not None:
        return _from_rows(found, "")
    if (bracketed := BRACKETS.match(shown)) is not None:
        base = f"{bracketed[1]} {bracketed[3]}".strip()
        found = words("headings", "heading").get(folded(base))
        if found is not None:
            return _with_unit(found, bracketed[2], text)
        return _split(base + " " + bracketed[2], text) if base else _unit_alone(bracketed[2])
    return _split(shown, text) or _unit_alone(shown)


def _from_rows(rows: Sequence[Mapping[str, str]], unit: str) -> HeadingMeaning:
    best = rows[0]
    languages = frozenset(r["language"] for r in rows)
    return HeadingMeaning(
        best["field"], unit, int(best["rank"]), frozenset() if "en" in languages else languages
    )


def _with_unit(rows: Sequence[Mapping[str, str]], unit: str, heading: str) -> HeadingMeaning | Problem:
    meaning = _from_rows(rows, "")
    kind = _kind_of_unit(unit, meaning.field)
    if kind is not None:
        return HeadingMeaning(kind[0], kind[1], meaning.rank, meaning.languages)
    rest = [w for w in re.split(r"[\s,;/]+", folded(unit)) if w]
    if all(w in _HARMLESS for w in rest):
        return meaning
    if meaning.field in ("quantity", "value", "unit_price", "price", "year"):
        fault = weight_unit(unit) if meaning.field == "quantity" else money_unit(unit)
        if meaning.field == "year":
            fault = "is not understood here"
        said = fault if isinstance(fault, str) else "is not understood here"
        return Problem(
            f"heading {plain(heading)!r}: {unit.strip()!r} {said}", "", "a unit or currency in brackets"
        )
    return meaning


def _kind_of_unit(unit: str, field: str) -> tuple[str, str] | None:
    """(field, unit) where a text is a weight, a currency or both (a price); the unit decides between a
    quantity and a value."""
    if field not in ("quantity", "value", "unit_price", "price"):
        return None
    parts = [
        p.strip()
        for p in re.split(r"[,;]|(?<=\w)\s+(?=cif|fob|excl|net|ht\b)", unit, flags=re.I)
        if p.strip()
    ]
    parts = [p for p in parts if not all(w in _HARMLESS for w in folded(p).split())]
    if len(parts) != 1:
        return None
    text = parts[0]
    if field in ("unit_price", "price"):
        money, _, per = re.sub(r"\s+(per|je|par|por|pro)\s+", "/", text, flags=re.I).partition("/")
        if per and isinstance(money_unit(money), MoneyUnit) and isinstance(weight_unit(per), WeightUnit):
            return "unit_price", f"{money.strip()}/{per.strip()}"
        if isinstance(money_unit(text), MoneyUnit):
            return field, text
        return None
    if isinstance(weight_unit(text), WeightUnit):
        return "quantity", text
    return ("value", text) if isinstance(money_unit(text), MoneyUnit) else None


def _split(shown: str, heading: str) -> HeadingMeaning | Problem | None:
    """A heading with its unit as its last or first words: "Menge in kg", "EUR value"."""
    tokens = [t for t in re.split(r"[\s_,:]+|(?<=\w)/(?=\w)", shown) if t]
    for cut in range(1, len(tokens)):
        for base, unit in ((tokens[:-cut], tokens[-cut:]), (tokens[cut:], tokens[:cut])):
            while base and folded(base[-1]) in _JOINTS:
                base = base[:-1]
            while unit and folded(unit[0]) in _JOINTS:
                unit = unit[1:]
            rows = words("headings", "heading").get(folded(" ".join(base)))
            if rows is None or not unit:
                continue
            meaning = _from_rows(rows, "")
            kind = _kind_of_unit(" ".join(unit), meaning.field)
            if kind is not None:
                return HeadingMeaning(kind[0], kind[1], meaning.rank, meaning.languages)
            if all(w in _HARMLESS for w in folded(" ".join(unit)).split()) and meaning.field != "quantity":
                return meaning
    return None


def _unit_alone(text: str) -> HeadingMeaning | None:
    """A heading that is nothing but a unit: "Tonnen", "EUR"."""
    if isinstance(weight_unit(text), WeightUnit):
        return HeadingMeaning("quantity", text, 2)
    money = money_unit(text)
    return HeadingMeaning("value", text) if isinstance(money, MoneyUnit) and not money.note else None


def headings_in(texts: Sequence[str]) -> int:
    """How many different fields the cells of a row name, which tells a row of headings from others.

    Parameters
    ----------
    texts : sequence of str
        Cells of a row.

    Returns
    -------
    int
        0 for a row of figures.

    Examples
    --------
    >>> headings_in(["Material", "Menge", "Land"]), headings_in(["tungsten", "12,5", "China"])
    (3, 0)
    """
    found = (heading_meaning(t) for t in texts if t.strip() and not t.strip()[0].isdigit())
    return len({m.field if isinstance(m, HeadingMeaning) else m.what for m in found if m is not None})
