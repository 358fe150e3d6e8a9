"""Extract: the facts that the rows of a table state, by its declaration (one schema for every table)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from crosscut.base.places import all_places
from crosscut.ledger.own_tables import ENTRIES
from crosscut.ledger.store.fact import Fact, TableSpec, ValueColumn
from crosscut.ledger.store.validate_rows import UnitText, as_number

GROUP_NAMES = {"WLD": "World", "EU27": "EU27", "TOT": "Total", "TOP3": "Three largest", "UNK": "Unknown"}
# One attribute under two names, and parts of a mineral that a table lists as minerals or names in another
# way.
_SAME_ATTRIBUTE = {"mine production, concentrate": "mine production"}
_SAME_MINERAL = {
    "aluminium (alumina)": "aluminium",
    "aluminium (bauxite)": "aluminium",
    "alumina": "aluminium",
    "bauxite": "aluminium",
    "iron ore": "iron",
    "nickel ore": "nickel",
    "copper ore": "copper",
    "copper concentrate": "copper",
    "lead ore": "lead",
    "zinc ore": "zinc",
    "manganese ore": "manganese",
    "silicon metal": "silicon",
    "baryte": "barite",
    "phosphate rock": "phosphate",
    "Li": "lithium",
    "Cu": "copper",
    "REE": "rare earths",
    "Cu-Co": "copper",
    "Cu-Au": "copper",
    "titanium sponge": "titanium",
    "lithium concentrate": "lithium",
    **{text: e.mineral for e in ENTRIES.values() for text in e.abbreviations},
}
_RANGE = re.compile(r"^(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)$")


def facts_of_row(
    name: str, spec: TableSpec, r: Mapping[str, str], units: Mapping[str, UnitText], minerals: Iterable[str]
) -> Iterator[tuple[Fact, str]]:
    """The facts that one row of a table states.

    Parameters
    ----------
    name : str
        The table, such as "tungsten/production".
    spec : TableSpec
        Its declaration.
    r : mapping of str to str
        The row, column -> text, with `fact_id`.
    units : mapping of str to UnitText
        Unit text -> what it means.
    minerals : iterable of str
        The minerals that have a ledger of their own.

    Yields
    ------
    Fact
        A fact in the unit that the row or the declaration prints. A blank in a table of one measure is a
        withheld value (None); in a table of several it is nothing said.
    str
        The column it is in; the two come as a pair.
    """
    subject_id, subject = _subject(spec, r)
    mineral = mineral_of_row(name, spec, r, minerals)
    for k, m in enumerate(spec.measures):
        text = r[m.column]
        if not text and len(spec.measures) > 1:
            continue
        unit = _said(m.unit, r)
        bounds = (r.get(spec.low, ""), r.get(spec.high, "")) if k == 0 else ("", "")  # of the first measure
        low, high = _span(text, unit, units) or bounds
        number = None if m.text else as_number(text)
        yield (
            Fact(
                id=r["fact_id"] + (f".{m.column}" if k else ""),
                mineral=mineral,
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
                evidence_status=_said(m.evidence_status, r) or r["evidence_status"],
                note=r.get("note", ""),
                basis=r[spec.basis] if spec.basis else "",
            ),
            m.column,
        )


def mineral_of_row(name: str, spec: TableSpec, r: Mapping[str, str], minerals: Iterable[str]) -> str:
    """Whose ledger a row belongs to.

    Parameters
    ----------
    name : str
        The table, such as "minerals/prices".
    spec : TableSpec
        Its declaration.
    r : mapping of str to str
        The row, column -> text.
    minerals : iterable of str
        The minerals that have a ledger of their own.

    Returns
    -------
    str
        The row's mineral, else the topic of its table, else the folder of its table.
    """
    named = r[spec.mineral_column] if spec.mineral_column else ""
    named = _SAME_MINERAL.get(named, named)
    if not spec.topic:
        return named or name.split("/")[0]
    return named if named in minerals else spec.topic


def _said(declared: str, r: Mapping[str, str]) -> str:
    """A declared "=text", or what the row has in the declared column."""
    return declared[1:] if declared.startswith("=") else r[declared] if declared else ""


def _span(text: str, unit: str, units: Mapping[str, UnitText]) -> tuple[str, str] | None:
    """The ends of a value printed as a range ("20-30"), None for anything else; a month (2025-09) is no
    range."""
    found = _RANGE.match(text)
    if not found or unit not in units or units[unit].kind in ("time", "text"):
        return None
    return (found[1], found[2]) if float(found[1]) < float(found[2]) else None


def _subject(spec: TableSpec, r: Mapping[str, str]) -> tuple[str, str]:
    """(id, label) of the subject of a row: codes of places are spelled out in the label."""
    if spec.fixed_subject[0]:
        return spec.fixed_subject
    id = " / ".join(r[c] for c in spec.key if r[c])
    label = [place_name(r[c]) for c in spec.label or spec.key if r[c]]
    return id, (" to " if spec.kind == "route" else ", ").join(label)


def place_name(code: str) -> str:
    """The name of a country or group of countries.

    Parameters
    ----------
    code : str
        ISO3 code, or a group such as "WLD".

    Returns
    -------
    str
        Its name; the text itself where it is no code.
    """
    return GROUP_NAMES.get(code) or (all_places()[code].name if code in all_places() else code)


def _attribute(m: ValueColumn, r: Mapping[str, str]) -> str:
    said = ", ".join(r[c].replace("_", " ") for c in m.by if r[c])
    head = "capacity" if m.attribute == "output" and "capacity" in said else m.attribute
    whole = ": ".join(t for t in (head, said) if t)
    return _SAME_ATTRIBUTE.get(whole, whole)
