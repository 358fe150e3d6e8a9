"""Ledger: all facts about one mineral, to be asked by text, subject, attribute, period; and what contradicts what.

In: the bundled tables and the World Mining Data rows at hand. Out: `Fact`s. `ledger` is the primitive; `query` gives
the same as rows for the command line and `fact_details` resolves the ids a result cites.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any

from crosscut.errors import Problem, Refused, UserError, suggestion
from crosscut.facts.conflicts import Conflict, found_conflicts
from crosscut.facts.declarations import TABLES
from crosscut.facts.schema import Fact, Measure, TableSpec
from crosscut.facts.tables import as_number, fact_id, rows, sources, units
from crosscut.places import all_places

WORLD_MINING_DATA = "Sadccf8e470"
_GROUP_NAMES = {"WLD": "World", "EU27": "EU27", "TOT": "Total", "TOP3": "Three largest", "UNK": "Unknown"}
# One attribute under two names, and parts of a mineral that a table lists as minerals.
_SAME_ATTRIBUTE = {"mine production, concentrate": "mine production"}
_SAME_MINERAL = {"aluminium (alumina)": "aluminium", "aluminium (bauxite)": "aluminium"}
_RANGE = re.compile(r"^(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)$")


@dataclass(frozen=True)
class Ledger:
    """Facts of one mineral, in table order; `texts` is what `about` searches, one for each fact."""

    mineral: str
    facts: tuple[Fact, ...]
    texts: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.facts)

    def __iter__(self) -> Iterator[Fact]:
        return iter(self.facts)

    def about(self, text: str) -> Ledger:
        """The facts whose row (subject, aliases, notes, source and all) mentions every word of `text`.

        >>> sorted({f.subject for f in ledger("tungsten").about("Bakuta 300") if f.attribute == "capital cost"})
        ['Boguty tungsten mine']
        """
        words = text.casefold().split()
        return self._kept(all(w in t for w in words) for t in self.texts)

    def where(
        self,
        *,
        subject: str | None = None,
        attribute: str | None = None,
        period: str | None = None,
        table: str | None = None,
    ) -> Ledger:
        """The facts of exactly this subject (name or id), attribute, period and table; None means any.

        >>> [f.value for f in ledger("tungsten").where(subject="WLD", attribute="mine production", period="2024")][:2]
        [82000.0, 81000.0]
        """
        return self._kept(
            (subject is None or subject in (f.subject, f.subject_id))
            and (attribute is None or f.attribute == attribute)
            and (period is None or f.period == period)
            and (table is None or f.table == table)
            for f in self.facts
        )

    def _kept(self, keep: Iterable[bool]) -> Ledger:
        kept = [k for k, yes in enumerate(keep) if yes]
        return replace(self, facts=tuple(self.facts[k] for k in kept), texts=tuple(self.texts[k] for k in kept))

    def fact(self, id: str) -> Fact:
        """The fact with this id. Raises UserError when the ledger has none."""
        for f in self.facts:
            if f.id == id:
                return f
        raise UserError(
            Problem(f"no fact {id!r}", f"ledger of {self.mineral}", "an id as printed by `crosscut facts`")
        )

    @cached_property
    def _conflicts(self) -> tuple[Conflict, ...]:
        return found_conflicts(self.facts, sources(), {u.text: u.means for u in units().values()})

    def conflicts(self) -> tuple[Conflict, ...]:
        """Every subject, attribute and period for which these facts give more than one value; see `conflicts.RULE`.

        >>> c = next(c for c in ledger("tungsten").conflicts() if c.about == "World total, mine production, 2024")
        >>> c.low, c.high, c.picked.value, c.decided_by
        (75416.0, 82000.0, 82000.0, 'directness')
        """
        return self._conflicts


@cache
def ledger(mineral: str) -> Ledger:
    """The ledger of a mineral. Raises UserError with the nearest name when nothing is known about it.

    >>> len(ledger("tungsten")) > 2000
    True
    """
    pairs = [pair for name in _tables_of(mineral) for pair in _table_facts(name) if pair[0].mineral == mineral]
    if not pairs:
        raise UserError(Problem(f"no facts about {mineral!r}", "mineral", suggestion(mineral, known_minerals())))
    return Ledger(mineral, tuple(f for f, _ in pairs), tuple(t for _, t in pairs))


@cache
def known_minerals() -> tuple[str, ...]:
    """Every mineral the ledger has facts about, tungsten first; price and elasticity groups are not among them."""
    found = {
        _SAME_MINERAL.get(r["mineral"], r["mineral"])
        for name in TABLES
        if name.startswith("minerals/") and not name.endswith("elasticities")
        for r in rows(name)
    }
    return ("tungsten", *sorted(found))


def query(mineral: str, about: str | None = None, conflicts: bool = False) -> list[dict[str, Any]]:
    """Facts as rows: id, subject, attribute, value, unit, period, low, high, standing, source, url, published, note,
    conflict, rule.

    `about` keeps the facts that mention a text; `conflicts` keeps those on which sources disagree, grouped, the picked
    one first. Conflicts are looked for in the whole ledger of the mineral before `about` narrows it. Raises UserError
    for an unknown mineral.

    >>> query("tungsten", about="North Katpar")[0]["standing"]
    'reported'
    """
    whole = ledger(mineral)
    shown = whole.about(about) if about else whole
    wanted = {f.id for f in shown}
    of_fact = {f.id: c for c in whole.conflicts() for f in c.facts}
    if not conflicts:
        return [_row(f, of_fact.get(f.id)) for f in shown]
    groups = [c for c in whole.conflicts() if any(f.id in wanted for f in c.facts)]
    return [_row(f, c) for c in groups for f in (c.picked, *(g for g in c.facts if g is not c.picked))]


def fact_details(ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """id -> subject, attribute, value, unit, period, standing, source_title, source_url, published, note of the facts
    a result cites; ids this version of the ledger does not have are absent. The id of a table row with several values
    stands for the first one given.

    >>> from crosscut.facts.tables import rows
    >>> cited = rows("tungsten/production")[0]["fact_id"]
    >>> fact_details([cited, "unheard of"])[cited]["attribute"]
    'mine production'
    """
    out = {}
    for i in ids:
        if (f := _all_facts().get(i)) is not None:
            s = sources()[f.source_id]
            out[i] = {
                "subject": f.subject, "attribute": f.attribute, "value": f.value, "unit": f.unit, "period": f.period,
                "standing": f.standing, "source_title": s.title, "source_url": s.url, "published": s.published,
                "note": f.note,
            }  # fmt: skip
    return out


@cache
def _all_facts() -> dict[str, Fact]:
    out: dict[str, Fact] = {}
    for name in (*TABLES, "reference/production"):
        for f, _ in _table_facts(name):
            out[f.id] = f
            out.setdefault(f.id.partition(".")[0], f)
    return out


def _row(f: Fact, conflict: Conflict | None) -> dict[str, Any]:
    source = sources()[f.source_id]
    said = _standing_in(f, conflict) if conflict else ""
    return {
        "id": f.id, "subject": f.subject, "attribute": f.attribute, "value": f.value, "unit": f.unit,
        "period": f.period, "low": f.low, "high": f.high, "standing": f.standing, "source": source.title,
        "url": source.url, "published": source.published, "note": f.note, "conflict": said,
        "rule": conflict.rule if conflict else "",
    }  # fmt: skip


def _standing_in(f: Fact, conflict: Conflict) -> str:
    """What became of a fact in a conflict: picked, in agreement with the pick, or passed over."""
    spread = "" if conflict.spread is None else f", spread {conflict.spread:.0%}"
    if f is conflict.picked:
        others = sorted({_shown(g.value) for g in conflict.facts if g.value != f.value})
        return f"picked by {conflict.decided_by}; others say {', '.join(others)}{spread}"
    if f.value == conflict.picked.value:
        return f"agrees with the pick{spread}"
    return f"picked: {_shown(conflict.picked.value)}{spread}"


def _shown(value: float | str | None) -> str:
    return f"{value:,g}" if isinstance(value, float) and abs(value) < 1e6 else str(value)


def _tables_of(mineral: str) -> list[str]:
    if mineral == "tungsten":
        return [*(n for n in TABLES if n.startswith("tungsten/")), "reference/production"]
    return [n for n in TABLES if n.startswith("minerals/")]


@cache
def _table_facts(name: str) -> tuple[tuple[Fact, str], ...]:
    """Facts of one table, each with the text that `about` searches."""
    if name == "reference/production":
        return tuple(_world_mining_data())
    spec = TABLES[name]
    out = []
    for r in rows(name):
        source = sources()[r["source_id"]]
        text = " ".join((*r.values(), source.title)).casefold()
        for f in _row_facts(name, spec, r):
            out.append((f, f"{text} {f.subject} {f.attribute}".casefold()))
    return tuple(out)


def _row_facts(name: str, spec: TableSpec, r: dict[str, str]) -> Iterator[Fact]:
    """The facts of one row. A blank in a table of one measure is a withheld value; in a table of several it is nothing
    said."""
    subject_id, subject = _subject(spec, r)
    mineral = r[spec.mineral_column] if spec.mineral_column else name.split("/")[0]
    for k, m in enumerate(spec.measures):
        text = r[m.column]
        if not text and len(spec.measures) > 1:
            continue
        unit = _said(m.unit, r)
        low, high = _span(text, unit) or (r.get(spec.low, ""), r.get(spec.high, ""))
        number = None if m.text else as_number(text)
        yield Fact(
            id=r["fact_id"] + (f".{m.column}" if k else ""),
            mineral=_SAME_MINERAL.get(mineral, mineral),
            table=name,
            subject_kind=spec.kind,
            subject_id=subject_id,
            subject=subject,
            attribute=_attribute(m, r),
            value=number if number is not None else text or None,
            unit=unit,
            period=r[spec.period] if spec.period else "",
            low=as_number(low),
            high=as_number(high),
            source_id=_said(m.source, r) or r["source_id"],
            standing=_said(m.standing, r) or r["standing"],
            note=r.get("note", ""),
        )


def _said(declared: str, r: dict[str, str]) -> str:
    """A declared "=text", or what the row has in the declared column."""
    return declared[1:] if declared.startswith("=") else r[declared] if declared else ""


def _span(text: str, unit: str) -> tuple[str, str] | None:
    """The ends of a value printed as a range ("20-30"), None for anything else; a month (2025-09) is no range."""
    found = _RANGE.match(text)
    if not found or unit not in units() or units()[unit].kind in ("time", "text"):
        return None
    return (found[1], found[2]) if float(found[1]) < float(found[2]) else None


def _subject(spec: TableSpec, r: dict[str, str]) -> tuple[str, str]:
    """(id, label) of the subject of a row: codes of places are spelled out in the label."""
    if spec.fixed_subject[0]:
        return spec.fixed_subject
    id = " / ".join(r[c] for c in spec.key if r[c])
    label = [_place_name(r[c]) for c in (spec.label or spec.key) if r[c]]
    return id, (" to " if spec.kind == "route" else ", ").join(label)


def _place_name(code: str) -> str:
    return _GROUP_NAMES.get(code) or (all_places()[code].name if code in all_places() else code)


def _attribute(m: Measure, r: dict[str, str]) -> str:
    said = ", ".join(r[c].replace("_", " ") for c in m.by if r[c])
    head = "capacity" if m.attribute == "output" and "capacity" in said else m.attribute
    whole = ": ".join(t for t in (head, said) if t)
    return _SAME_ATTRIBUTE.get(whole, whole)


def _world_mining_data() -> Iterator[tuple[Fact, str]]:
    """World Mining Data of tungsten by country and year, and its world total as their sum (standing derived)."""
    from crosscut.facts.production import mine_production

    try:
        frame = mine_production("tungsten")
    except Refused:
        return
    note = "World Mining Data; tonnes of metal content"
    totals: dict[str, float] = {}
    listed = []
    for country, year, value, _unit in frame.iter_rows():
        listed.append((str(country), str(year), value, "reported", note))
        totals[str(year)] = totals.get(str(year), 0.0) + (value or 0.0)
    listed += [("WLD", y, t, "derived", f"{note}; sum of the countries") for y, t in sorted(totals.items())]
    title = sources()[WORLD_MINING_DATA].title
    for country, year, value, standing, said in listed:
        content = {"country": country, "year": year, "value": str(value), "source_id": WORLD_MINING_DATA}
        subject = "World total" if country == "WLD" else _place_name(country)
        f = Fact(
            fact_id("reference/production", content), "tungsten", "reference/production", "country", country, subject,
            "mine production", value, "t W", year, None, None, WORLD_MINING_DATA, standing, said,
        )  # fmt: skip
        yield f, f"{subject} {country} mine production {year} {value} {title} {said}".casefold()
