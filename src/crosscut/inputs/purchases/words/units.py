"""Units of weight as purchases carry them: tonnes of product, or of what is in it.

A unit text is looked up in `crosscut/data/purchases/units.csv` and read by the grammar of
`crosscut.base.units`, so that a pound is the same everywhere. A word with two meanings (ton, quintal, oz of
a metal that is not precious) is refused with both.

Tests: tests/inputs/purchases/test_words_people_write.py
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from crosscut.base.errors import Problem
from crosscut.base.units.tonnage import W_PER_WO3
from crosscut.inputs.purchases.words.word_tables import folded, plain, words

EXPECTED_UNIT = "a unit such as t, kg, lb, short ton, mtu or troy oz"
#: what a weight is of, by how people write it
_SUBSTANCES = {
    **dict.fromkeys(("gross", "brutto", "net", "netto", "product", "dry", "wet"), "gross"),
    **dict.fromkeys(("wo3",), "WO3"),
    **dict.fromkeys(
        (
            "w",
            "contained",
            "content",
            "contained w",
            "w contained",
            "w content",
            "inhalt",
            "contenu",
            "contenido",
            "metal content",
            "contained metal",
            "含量",
        ),
        "contained",
    ),
}
_TUNGSTEN_ALONE = ("wo3", "w", "contained w", "w contained", "w content")


@dataclass(frozen=True)
class WeightUnit:
    """A unit: how many t one of it is, of what ("gross", "WO3" or "contained"), and the only minerals that
    it is used for (empty: any)."""

    text: str
    tonnes: float
    of: str = "gross"
    only: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tonnes:
    """Tonnes as bought and tonnes of metal in it; None where it is not stated."""

    gross: float | None
    contained: float | None


@cache
def weight_unit(text: str) -> WeightUnit | str:
    """The unit that a text names.

    Parameters
    ----------
    text : str
        As somebody wrote it.

    Returns
    -------
    WeightUnit or str
        The unit; or what is wrong with the text, as the end of a sentence that begins with it.

    Examples
    --------
    >>> weight_unit("kg WO3"), weight_unit("tons")[:22]
    (WeightUnit(text='kg WO3', tonnes=0.001, of='WO3', only=('tungsten',)), 'can mean a metric ton ')
    """
    if plain(text) == "Mt":
        return "can mean metric tons or million tonnes"
    word = folded(re.sub(r"[()\[\]]", " ", plain(text)))
    whole = _mass(word, text)
    if not isinstance(whole, str) or whole != _UNKNOWN:
        return whole
    for substance, of in _SUBSTANCES.items():
        for joint in (f" of {substance}", f" in {substance}", f" {substance}"):
            if word.endswith(joint):
                mass = _mass(word.removesuffix(joint), text)
                if isinstance(mass, str) or mass.of != "gross":
                    return mass
                only = ("tungsten",) if substance in _TUNGSTEN_ALONE else mass.only
                return WeightUnit(text, mass.tonnes, of, only)
    return _UNKNOWN


_UNKNOWN = "is no unit known here"


def _mass(word: str, text: str) -> WeightUnit | str:
    from crosscut.base.units.grammar import power, quantity

    rows = words("units", "text").get(word)
    if rows is None:
        return _UNKNOWN
    row = rows[0]
    if row["note"]:
        return row["note"]
    amount = quantity(float(row["times"]), row["unit"])
    of = next(s for s in ("gross", "WO3", "contained") if power(amount, s))
    only = tuple(m for m in row["only"].split(";") if m)
    return WeightUnit(text, float(amount.to(f"t_{of}").magnitude), of, only)


def unit_problem(text: str, where: str) -> Problem:
    """What is wrong with a unit text, for people.

    Parameters
    ----------
    text : str
        As somebody wrote it.
    where : str
        Where it stands.

    Returns
    -------
    Problem
        With what was expected.
    """
    found = weight_unit(text)
    what = found if isinstance(found, str) else _UNKNOWN
    return Problem(f"{text.strip()!r} {what}", where, EXPECTED_UNIT)


@dataclass(frozen=True)
class Share:
    """A content: `fraction` of the weight is `of` ("WO3" or "contained" metal)."""

    fraction: float
    of: str


_PERCENT = r"(?<![\d.,])(\d{1,3}(?:[.,]\d+)?)\s*%"
_CONTENTS = (  # the share before its substance, and after it
    re.compile(_PERCENT + r"\s*(?:min\.?|max\.?)?\s*(?P<of>WO3|W)(?![A-Za-z0-9])", re.IGNORECASE),
    re.compile(r"(?<![A-Za-z0-9])(?P<of>WO3|W)\s*[:=]?\s*" + _PERCENT, re.IGNORECASE),
)
_OF = {"WO3": "tungsten", "W": "tungsten"}  # substance of a content -> the mineral it is a content of


def stated_content(text: str, mineral: str) -> Share | None:
    """A content such as "65 % WO3" in a text.

    Parameters
    ----------
    text : str
        A cell: a content, or a product with its content.
    mineral : str
        What was bought; "WO3" and "W" are read of tungsten alone.

    Returns
    -------
    Share or None
        None where no content, or none that says of what, or two are stated.

    Examples
    --------
    >>> stated_content("APT 88.5 % WO3", "tungsten"), stated_content("65 %", "tungsten")
    (Share(fraction=0.885, of='WO3'), None)
    """
    shown = plain(text)
    found = next((list(shape.finditer(shown)) for shape in _CONTENTS if shape.search(shown)), [])
    if len(found) != 1 or _OF[found[0]["of"].upper()] != mineral:
        return None
    share = next(g for g in found[0].groups() if g[:1].isdigit())
    fraction = float(share.replace(",", ".")) / 100
    if not 0 < fraction <= 1:
        return None
    return Share(fraction, "WO3" if found[0]["of"].upper() == "WO3" else "contained")


def tonnes_of(amount: float, unit: WeightUnit, content: Share | float | None) -> Tonnes:
    """Tonnes as bought and tonnes of metal in it.

    Parameters
    ----------
    amount : float
        How many of the unit.
    unit : WeightUnit
        The unit.
    content : Share, float or None
        What the file states, or the t of metal in a t of the product where the product decides it.

    Returns
    -------
    Tonnes
        In t; what nothing states is None.

    Examples
    --------
    >>> tonnes_of(1250, weight_unit("mtu"), None)
    Tonnes(gross=None, contained=9.9125)
    """
    tonnes = amount * unit.tonnes
    if isinstance(content, Share):
        share: float | None = content.fraction * (W_PER_WO3 if content.of == "WO3" else 1.0)
    else:
        share = content
    if unit.of == "gross":
        return Tonnes(tonnes, None if share is None else tonnes * share)
    metal = tonnes * (W_PER_WO3 if unit.of == "WO3" else 1.0)
    return Tonnes(metal / share if isinstance(content, Share) and share else None, metal)
