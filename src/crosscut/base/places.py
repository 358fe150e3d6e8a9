"""Places: ISO 3166 countries with the codes and names that trade and mining statistics use, and named blocs.

The table beside this file (`places.csv`) is read once, as text, so that `NA` stays Namibia.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from crosscut.base.bundled import bundled_text
from crosscut.base.errors import Problem, UserError, suggestion


@dataclass(frozen=True)
class Place:
    """A country, a former country or a group of countries. Years are None where unbounded."""

    code: str
    alpha2: str
    name: str
    aliases: tuple[str, ...]
    valid_from: int | None
    valid_to: int | None
    kind: str
    trade_codes: tuple[str, ...]


# (members, first year, last year or None)
_EU27 = [
    "AUT",
    "BEL",
    "BGR",
    "CYP",
    "CZE",
    "DEU",
    "DNK",
    "ESP",
    "EST",
    "FIN",
    "FRA",
    "GRC",
    "HRV",
    "HUN",
    "IRL",
    "ITA",
    "LTU",
    "LUX",
    "LVA",
    "MLT",
    "NLD",
    "POL",
    "PRT",
    "ROU",
    "SVK",
    "SVN",
    "SWE",
]
_BLOCS: dict[str, list[str]] = {
    "EU27": _EU27,
    "G7": ["CAN", "DEU", "FRA", "GBR", "ITA", "JPN", "USA"],
    "EAEU": ["ARM", "BLR", "KAZ", "KGZ", "RUS"],
    "FVEY": ["AUS", "CAN", "GBR", "NZL", "USA"],
    "C5": ["KAZ", "KGZ", "TJK", "TKM", "UZB"],
}


@cache
def all_places() -> dict[str, Place]:
    """Every place by its three-letter code."""
    text = bundled_text("geography", "places.csv")
    out = {}
    for r in csv.DictReader(text.splitlines()):
        out[r["code"]] = Place(
            r["code"],
            r["alpha2"],
            r["name"],
            tuple(a for a in r["aliases"].split(";") if a),
            int(r["valid_from"]) if r["valid_from"] else None,
            int(r["valid_to"]) if r["valid_to"] else None,
            r["kind"],
            tuple(c for c in r["trade_codes"].split(";") if c),
        )
    return out


@cache
def _by_name() -> dict[str, str]:
    out: dict[str, str] = {}
    for p in all_places().values():
        for word in (p.code, p.alpha2, p.name, *p.aliases):
            if word:
                out.setdefault(word.casefold(), p.code)
    return out


def place(text: str, where: str = "") -> Place:
    """The place named by an ISO3 or ISO2 code, a name or a usual alias, in any case.

    Parameters
    ----------
    text : str
        What the user wrote.
    where : str
        Where it stands, for the text of an error.

    Returns
    -------
    Place
        Its code and names.

    Raises
    ------
    UserError
        Nothing fits; the nearest names are in the text.

    Examples
    --------
    >>> place("Viet nam").code, place("NA").name, place("S19").code
    ('VNM', 'Namibia', 'TWN')
    """
    code = _by_name().get(text.strip().casefold())
    if code is None:
        names = [w for p in all_places().values() for w in (p.name, p.code)]
        raise UserError(Problem(f"unknown country {text!r}", where, suggestion(text, names)))
    return all_places()[code]


def name(code: str) -> str:
    """The short name of a place.

    Parameters
    ----------
    code : str
        Its code, as in `Place.code`.

    Returns
    -------
    str
        In English.

    Raises
    ------
    KeyError
        The code is unknown.

    Examples
    --------
    >>> name("KAZ")
    'Kazakhstan'
    """
    return all_places()[code].name


@cache
def _by_trade_code() -> dict[str, str]:
    return {t: p.code for p in all_places().values() for t in p.trade_codes}


def by_trade_code(code: str) -> Place:
    """The place behind a numeric trade code: 490 is Taiwan, 842 the United States, 58 Belgium-Luxembourg.

    Parameters
    ----------
    code : str
        As trade statistics write it.

    Returns
    -------
    Place
        Its code and names.

    Raises
    ------
    UserError
        The code is unknown: a code is never dropped.

    Examples
    --------
    >>> by_trade_code("490").code, by_trade_code("516").code, by_trade_code("891").code
    ('TWN', 'NAM', 'SCG')
    """
    found = _by_trade_code().get(str(code))
    if found is None:
        raise UserError(Problem(f"unknown trade code {code!r}", "trade data", "a UN or CEPII country code"))
    return all_places()[found]


def blocs() -> tuple[str, ...]:
    """Names of the blocs."""
    return tuple(_BLOCS)


def bloc_members(bloc: str, year: int) -> tuple[str, ...]:
    """Members of a bloc in a year.

    Parameters
    ----------
    bloc : str
        EU27, G7 or another bloc that is on record.
    year : int
        The calendar year.

    Returns
    -------
    tuple of str
        ISO3 codes. EU27 are the members of today, without Croatia before 2013.

    Raises
    ------
    UserError
        The bloc is not on record; the nearest name is in the text.

    Examples
    --------
    >>> len(bloc_members("EU27", 2024)), "HRV" in bloc_members("EU27", 2010)
    (27, False)
    """
    if bloc not in _BLOCS:
        raise UserError(Problem(f"unknown bloc {bloc!r}", "", suggestion(bloc, _BLOCS)))
    if bloc == "EU27" and year < 2013:
        return tuple(c for c in _EU27 if c != "HRV")
    return tuple(_BLOCS[bloc])
