"""Places: ISO 3166 countries with the codes and names that statistics and people use, and named blocs.

Tables in `data/geography`, read once, as text: `places.csv` (codes), `place_names.csv` (names in the
languages of the CLDR), `place_aliases.csv` (older, shortened and ambiguous names), `blocs.csv` (members).
A name that can mean two countries is asked about, never guessed.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache

from crosscut.base.bundled import bundled_text
from crosscut.base.errors import Problem, UserError, did_you_mean, suggestion
from crosscut.base.place_words import PlaceIndex, place_tokens

_A_COUNTRY = "a country by name or code, such as China, CHN or 156"


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
def _codes() -> dict[str, str]:
    """Codes of two, three or up to three digits as they are written, in small letters."""
    out: dict[str, str] = {}
    for p in all_places().values():
        for code in (p.code, p.alpha2, *p.trade_codes):
            if code:
                out.setdefault(code.casefold(), p.code)
    return out


@cache
def _aliases() -> tuple[dict[str, str], ...]:
    return tuple(csv.DictReader(bundled_text("geography", "place_aliases.csv").splitlines()))


@cache
def _names() -> PlaceIndex:
    """Every name of a country or group: ambiguous ones first, then English and old ones, then translated."""
    aliases = _aliases()
    several = [(r["text"], frozenset(r["means"].split(";"))) for r in aliases if r["kind"] == "several"]
    own = [(n, frozenset({p.code})) for p in all_places().values() for n in (p.name, *p.aliases)]
    other = [(r["text"], frozenset({r["means"]})) for r in aliases if r["kind"] == "name"]
    translated = csv.DictReader(bundled_text("geography", "place_names.csv").splitlines())
    return PlaceIndex([*several, *own, *other, *((r["name"], frozenset({r["code"]})) for r in translated)])


@cache
def _said_of() -> dict[object, dict[str, str]]:
    """Texts that are no country of today, or one of several, as written and by their words (NA and N/A are
    two texts of one word)."""
    rows = [r for r in _aliases() if r["kind"] != "name"]
    by_words: dict[object, dict[str, str]] = {_words(r["text"]): r for r in rows if r["text"] != "NA"}
    return {**by_words, **{r["text"].casefold(): r for r in rows}}


def _words(text: str) -> tuple[str, ...]:
    return tuple(sorted(place_tokens(text)))


def _known_otherwise(text: str) -> dict[str, str] | None:
    """The row on a text that names no one country of today."""
    said = _said_of()
    return said.get(text.strip().casefold()) or said.get(_words(text) or "")


def place(text: str, where: str = "") -> Place:
    """The country or group of countries that a person means.

    Parameters
    ----------
    text : str
        An ISO 3166 code of two or three letters, a numeric code of the UN or of trade statistics, or a name
        as statistics, companies and people write it, in any of fourteen languages.
    where : str
        Where it stands, for the text of an error.

    Returns
    -------
    Place
        Its code and names.

    Raises
    ------
    UserError
        For an unknown name; for one that can mean two countries, which is never guessed; for a state that has
        ended, a bloc, and a word that names no country. The text says what to write.

    Examples
    --------
    >>> [place(t).code for t in ("Viet nam", "Congo, Dem. Rep.", "Österreich", "中国", "842", "S19")]
    ['VNM', 'COD', 'AUT', 'CHN', 'USA', 'TWN']
    >>> place("Congo")
    Traceback (most recent call last):
        ...
    crosscut.base.errors.UserError: 'Congo' can mean the DRC (COD) or Congo-Brazzaville (COG). Expected one of
    these, by its full name or code
    """
    return _place(text, where, in_part=True)


def _place(text: str, where: str, in_part: bool) -> Place:
    raw = text.strip()
    if said := _known_otherwise(raw):
        raise UserError(_no_country(raw, said, where))
    if code := _codes().get(_number(raw) or raw.casefold()):
        return all_places()[code]
    found = _names().meant(raw, in_part=in_part)
    if len(found) == 1:
        return all_places()[next(iter(found))]
    if found:
        both = " and ".join(f"{all_places()[c].name} ({c})" for c in sorted(found))
        raise UserError(Problem(f"{raw!r} names both {both}", where, "one country"))
    what = f"unknown country {text!r}" if raw else "no country"
    raise UserError(Problem(what, where, _nearest_place(raw)))


def _number(raw: str) -> str:
    """A numeric code without the zeros before it or the decimals that a spreadsheet adds; "" for a name."""
    found = re.fullmatch(r"0*(\d{1,3})(\.0+)?", raw)
    return found[1] if found else ""


def _no_country(text: str, said: dict[str, str], where: str) -> Problem:
    kind, note = said["kind"], said["note"]
    if kind == "several":
        return Problem(f"{text!r} can mean {note}", where, "one of these, by its full name or code")
    if kind == "bloc":
        return Problem(
            f"{text!r} is a group of countries ({said['means']})",
            where,
            "one country, such as Germany or DEU",
        )
    if kind == "ended":
        now = ", ".join(all_places()[c].name for c in said["means"].split(";"))
        return Problem(
            f"{text!r} is no country of today: {note}", where, f"a country of today, such as {now}"
        )
    return Problem(f"{text!r} {note}", where, _A_COUNTRY)


def _nearest_place(text: str) -> str:
    """What an unknown name may mean: the one whose name it nearly is, or those whose name begins with it."""
    near = _names().near(text)
    begun = (near,) if near else _names().beginning(text)
    names = [all_places()[c].name for c in begun]
    return did_you_mean(names) if 1 <= len(names) <= 3 else _A_COUNTRY


def recorded_place(text: str, where: str = "") -> Place:
    """The place that a table of statistics means: NA is Namibia there, Congo is as the UN has it, states that
    have ended are places of their time, and a name with an unknown remark in brackets is another row.

    Parameters
    ----------
    text : str
        A code, a name or an alias of the table of places; else anything that `place` knows.
    where : str
        Where it stands, for the text of an error.

    Returns
    -------
    Place
        Its code and names.

    Raises
    ------
    UserError
        As `place`.

    Examples
    --------
    >>> recorded_place("NA").name, recorded_place("USSR").valid_to
    ('Namibia', 1991)
    """
    code = _recorded_names().get(text.strip().casefold())
    return all_places()[code] if code else _place(text, where, in_part=False)


@cache
def _recorded_names() -> dict[str, str]:
    out: dict[str, str] = {}
    for p in all_places().values():
        for word in (p.code, p.alpha2, p.name, *p.aliases):
            if word:
                out.setdefault(word.casefold(), p.code)
    return out


def bloc_named(text: str) -> str:
    """The bloc that a text names.

    Parameters
    ----------
    text : str
        A code or name in any case, such as EU, EU-27 or Europäische Union.

    Returns
    -------
    str
        Its code, "" where the text names none.

    Examples
    --------
    >>> bloc_named("EU-27"), bloc_named("g7"), bloc_named("Japan")
    ('EU27', 'G7', '')
    """
    said = _known_otherwise(text)
    return said["means"] if said and said["kind"] == "bloc" else ""


def place_or_bloc(text: str, where: str = "") -> str:
    """The code of a country, group or bloc that a person means.

    Parameters
    ----------
    text : str
        A code or name, as `place` and `bloc_named` know it.
    where : str
        Where it stands, for the text of an error.

    Returns
    -------
    str
        Such as JPN or EU27.

    Raises
    ------
    UserError
        As `place`, with a country or a bloc expected.

    Examples
    --------
    >>> place_or_bloc("eu27"), place_or_bloc("Japan"), place_or_bloc("European Union")
    ('EU27', 'JPN', 'EU27')
    """
    if bloc := bloc_named(text):
        return bloc
    try:
        return place(text, where).code
    except UserError as error:
        what, expected = error.problems[0].what, error.problems[0].expected
        if expected == _A_COUNTRY:
            expected = f"{_A_COUNTRY}, or a bloc: {', '.join(_blocs())}"
        what = what.replace("unknown country", "unknown country or bloc")
        raise UserError(Problem(what, where, expected)) from None


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


@cache
def _blocs() -> dict[str, dict[str, int]]:
    """Members of each bloc with the first year that counts, 0 where it is of old."""
    out: dict[str, dict[str, int]] = {}
    for r in csv.DictReader(bundled_text("geography", "blocs.csv").splitlines()):
        out.setdefault(r["bloc"], {})[r["member"]] = int(r["first_year"] or 0)
    return out


def blocs() -> tuple[str, ...]:
    """Names of the blocs."""
    return tuple(_blocs())


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
    if bloc not in _blocs():
        raise UserError(Problem(f"unknown bloc {bloc!r}", "", suggestion(bloc, _blocs())))
    return tuple(member for member, first in _blocs()[bloc].items() if year >= first)
