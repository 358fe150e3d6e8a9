"""Facility names: every spelling on record, and the one facility that a text means; never a silent guess."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein, Prefix

from crosscut.base.bundled import bundled_text
from crosscut.base.errors import Problem, UserError
from crosscut.base.places import all_places
from crosscut.ledger.names.folding import is_east_asian, key, run_together, says_little, tokens
from crosscut.ledger.names.mojibake import LOST, unscrambled
from crosscut.ledger.own_tables import facility_tables
from crosscut.ledger.ownership.holders import known_holder
from crosscut.ledger.store.fact import TableSpec, ValueColumn
from crosscut.ledger.store.ledger import Ledger, per_ledger
from crosscut.ledger.store.tables import checked_rows, rows

_TABLE = "tungsten/facility_names"
_SPEC = TableSpec(
    "facility",
    ("facility_id",),
    "",
    (ValueColumn("name", "name", text=True),),
    codes={"kind": ("spelling", "translation", "transliteration", "garbled")},
)


@dataclass(frozen=True)
class Name:
    """One spelling of a facility, the source that uses it and its evidence status. `whole` is False for a
    part of a joint name ("Dahutang" of "Dahutang / Zhuxi")."""

    facility_id: str
    text: str
    whole: bool
    source_id: str
    evidence_status: str
    fact_id: str


@dataclass(frozen=True)
class Resolution:
    """What a text means: one facility in `found`, several where it is ambiguous, none where it is unknown.

    `how` says by which step: "as written", "other spelling", "spacing", "decoded again", "misspelt, N
    letters off" or "part of the name". `matched` is the name on record, `nearest` what an unknown text comes
    closest to. `holding` are facilities with a name of which the text is a piece of a word, which is no name.
    """

    text: str
    found: tuple[str, ...]
    how: str = ""
    matched: str = ""
    nearest: tuple[str, ...] = ()
    holding: tuple[str, ...] = ()


@per_ledger
def facility_names(ledger: Ledger) -> tuple[Name, ...]:
    """Every name of a facility on record.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.

    Returns
    -------
    tuple of Name
        Names, parts of joint names and aliases of the facility tables, then the table of spellings, which
        goes before them where both have one name.
    """
    out: dict[tuple[str, str], Name] = {}
    for table in facility_tables():
        for r in rows(ledger, table):
            if r["row_kind"] == "conflict":
                continue
            for text, whole in _spellings(r["name"], r["aliases"]).items():
                name = Name(r["facility_id"], text, whole, r["source_id"], r["evidence_status"], r["fact_id"])
                out.setdefault((r["facility_id"], text), name)
    for r in _listed():
        name = Name(r["facility_id"], r["name"], True, r["source_id"], r["evidence_status"], r["fact_id"])
        out[r["facility_id"], r["name"]] = name
    return tuple(out.values())


@per_ledger
def main_names(ledger: Ledger) -> dict[str, str]:
    """The name that each facility goes by.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.

    Returns
    -------
    dict of str to str
        Facility id -> the name in its main row.
    """
    out: dict[str, str] = {}
    for table in facility_tables():
        for r in rows(ledger, table):
            if r["row_kind"] == "main":
                out.setdefault(r["facility_id"], r["name"])
    return out


def facility_named(ledger: Ledger, text: str) -> str:
    """The one facility that a text names.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.
    text : str
        An id or a name in any script or spelling on record, or near to one.

    Returns
    -------
    str
        Id of the facility.

    Raises
    ------
    UserError
        For an ambiguous name, with its candidates; for an unknown one, with the nearest names.

    Examples
    --------
    >>> names = ("Upper Kairakty", "Верхнее Кайракты", "上凯拉克特", "Verkhneye Kayrakty")
    >>> ledger = Ledger.bundled()
    >>> {facility_named(ledger, n) for n in names}
    {'KZ02'}
    >>> facility_named(ledger, "Dahutang")
    Traceback (most recent call last):
        ...
    crosscut.base.errors.UserError: facility: 'Dahutang' names several facilities. Expected one of:
    CN03 Dahutang / Zhuxi (Jiangxi); CN15 Dahutang north (Wuning, Jiangxi)
    """
    r = resolved(ledger, text)
    if len(r.found) == 1:
        return r.found[0]
    named = main_names(ledger)
    if r.found:
        listed = "; ".join(f"{i} {named[i]}" for i in r.found)
        raise UserError(Problem(f"{text!r} names several facilities", "facility", f"one of: {listed}"))
    raise UserError(no_facility(ledger, r))


def no_facility(ledger: Ledger, read: Resolution) -> Problem:
    """The problem of a text that names no facility: which names hold it, or which are near.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.
    read : Resolution
        A reading that found nothing.

    Returns
    -------
    Problem
        For people.

    Examples
    --------
    >>> ledger = Ledger.bundled()
    >>> print(no_facility(ledger, resolved(ledger, "Kara")))
    facility: no facility of the name 'Kara'; names that contain it: Karaoba (KZ04, Kazakhstan). Expected a
    name on record
    """
    named = main_names(ledger)
    what = f"no facility of the name {read.text!r}"
    if read.holding:
        listed = "; ".join(f"{named[i]} ({i}, {_country(ledger, i)})" for i in read.holding[:4])
        what += f"; names that contain it: {listed}"
    near = "; ".join(f"{i} {named[i]}" for i in read.nearest if i not in read.holding)
    return Problem(what, "facility", f"such as: {near}" if near else "a name on record")


def _country(ledger: Ledger, facility_id: str) -> str:
    of = (
        r["country_iso3"]
        for t in facility_tables()
        for r in rows(ledger, t)
        if r["facility_id"] == facility_id
    )
    code = next((c for c in of if c), "")
    return all_places()[code].name if code in all_places() else "country unknown"


def resolved(ledger: Ledger, text: str) -> Resolution:
    """What a text means as the name of a facility, by the first step that finds anything.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.
    text : str
        An id, a name in any script, a part of a name, or one that is misspelt or was decoded wrongly.

    Returns
    -------
    Resolution
        One facility in `found`, several where the text is ambiguous, none where it is unknown.

    Notes
    -----
    Steps in order: id, as written, other spelling, spacing, part of the name, decoded again, misspelt. The
    name of a country or of a holder gets as far as spacing only, as many facilities carry it in theirs.
    """
    index = _index(ledger)
    if text.strip() in main_names(ledger):
        return Resolution(text, (text.strip(),), "id", main_names(ledger)[text.strip()])
    if not tokens(text):
        return Resolution(text, ())
    if found := index.exact.get(" ".join(text.casefold().split())):
        return _said(text, found, "as written")
    if found := index.keys.get(key(text)):
        return _said(text, found, "other spelling")
    if found := index.joined.get(run_together(text)):
        return _said(text, found, "spacing")
    if _names_something_else(text):
        return Resolution(text, ())
    if parts := _holding(ledger, tokens(text)):
        return _said(text, parts, "part of the name")
    lossy = []
    for candidate in unscrambled(text):
        if found := index.keys.get(key(candidate)) or index.joined.get(run_together(candidate)):
            return _said(text, found, "decoded again")
        if LOST in candidate:
            lossy.append(candidate.replace(LOST, ""))
    for candidate in lossy:
        guess = _nearest(ledger, candidate)
        if len(guess.found) == 1:
            return Resolution(
                text, guess.found, f"decoded again with letters lost, {guess.how}", guess.matched
            )
    found_or_near = _nearest(ledger, text)
    return replace(found_or_near, holding=() if found_or_near.found else _with_piece(ledger, text))


@dataclass(frozen=True)
class _Index:
    exact: dict[str, tuple[Name, ...]]
    keys: dict[str, tuple[Name, ...]]
    joined: dict[str, tuple[Name, ...]]


@per_ledger
def _index(ledger: Ledger) -> _Index:
    exact: dict[str, list[Name]] = {}
    keys: dict[str, list[Name]] = {}
    joined: dict[str, list[Name]] = {}
    for n in facility_names(ledger):
        if not n.whole:
            continue
        exact.setdefault(" ".join(n.text.casefold().split()), []).append(n)
        keys.setdefault(key(n.text), []).append(n)
        joined.setdefault(run_together(n.text), []).append(n)
    return _Index(*({k: tuple(v) for k, v in d.items()} for d in (exact, keys, joined)))


def _names_something_else(text: str) -> bool:
    """Whether a text is the name of a country or of a holder, which many facilities carry in theirs."""
    known = {n.casefold() for p in all_places().values() for n in (p.name, p.code, *p.aliases)}
    return text.strip().casefold() in known or known_holder(text.strip()) is not None


def _said(text: str, names: Iterable[Name], how: str) -> Resolution:
    names = tuple(names)
    return Resolution(text, tuple(dict.fromkeys(n.facility_id for n in names)), how, names[0].text)


def _holding(ledger: Ledger, words: tuple[str, ...]) -> tuple[Name, ...]:
    """Names that hold every one of these words (of at least four letters, or East Asian), and one that says
    something. Kara is no word of Kara-Oba, which is also written Karaoba."""
    if any(len(w) < 4 and not is_east_asian(w) for w in words) or all(map(says_little, words)):
        return ()
    one_word = {(n.facility_id, t[0]) for n in facility_names(ledger) if len(t := tokens(n.text)) == 1}
    return tuple(
        n
        for n in facility_names(ledger)
        if set(words) <= set(tokens(n.text)) and (n.facility_id, run_together(n.text)) not in one_word
    )


def _with_piece(ledger: Ledger, text: str) -> tuple[str, ...]:
    """Facilities with a name that holds a text, of at least three letters, inside its words."""
    piece = run_together(text)
    if len(piece) < 3:
        return ()
    names = (n for n in facility_names(ledger) if piece in run_together(n.text))
    return tuple(dict.fromkeys(n.facility_id for n in names))


def _nearest(ledger: Ledger, text: str) -> Resolution:
    """A misspelt name: at most one letter in five off (one in four in East Asian script), and no other
    facility as near; else nothing, with the nearest names."""
    ours = run_together(text)
    wanted = is_east_asian(ours)
    known = {k: v for k, v in _index(ledger).joined.items() if is_east_asian(k) == wanted}
    ranked: dict[str, tuple[int, Name]] = {}
    for candidate, distance, _ in process.extract(ours, list(known), scorer=Levenshtein.distance, limit=25):
        for n in known[candidate]:
            if n.facility_id not in ranked:
                ranked[n.facility_id] = (int(distance), n)
    best = sorted(
        ranked.items(), key=lambda kv: (kv[1][0], -Prefix.similarity(ours, run_together(kv[1][1].text)))
    )
    nearest = tuple(i for i, (d, _) in best if d <= max(1, len(ours) // 3))[:3]
    allowed = len(ours) // (4 if wanted else 5)
    if best and len(ours) >= (3 if wanted else 5) and best[0][1][0] <= allowed:
        distance, name = best[0][1]
        rivals = tuple(i for i, (d, _) in best if d == distance)
        if len(rivals) > 1:
            return Resolution(text, rivals, _off(distance), name.text)
        if len(best) == 1 or best[1][1][0] > distance + 1 or distance <= 1:
            return Resolution(text, (name.facility_id,), _off(distance), name.text)
    return Resolution(text, (), nearest=nearest)


def _off(distance: int) -> str:
    return f"misspelt, {distance} {'letter' if distance == 1 else 'letters'} off"


@cache
def _listed() -> tuple[dict[str, str], ...]:
    text = bundled_text("facts", f"{_TABLE}.csv")
    return tuple(checked_rows(_TABLE, text, _SPEC))


def _spellings(name: str, aliases: str) -> dict[str, bool]:
    """The names in the columns `name` and `aliases`: whole, without what stands in brackets, and (False) the
    parts of a joint name ("Dahutang / Zhuxi", "Maoping and Baoshan")."""
    bare = re.sub(r"\s*\([^)]*\)", "", name)
    whole = [name, bare, *(re.sub(r"\s*\([^)]*\)", "", alias) for alias in re.split(r"; |, |/", aliases))]
    parts = re.split(r" / |, | and ", bare)
    listed = {t.strip(): True for t in whole} | {t.strip(): False for t in parts if t.strip() not in whole}
    return {t: w for t, w in listed.items() if t}
