"""Own tables: what the ledger holds about one mineral in tables that no other mineral shares.

Most minerals live in the shared tables of `facts/minerals`. A mineral studied in depth has tables of its own
(mines, owners, stages, prices), and this registry is the one place that says which. Code asks the entry for
what it needs and never for a name, so a second mineral in depth is one entry more; `worlds.minerals` adds the
builder of its world. Tests: tests/worlds/test_mineral_registry.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from crosscut.base.errors import Problem, Refused


@dataclass(frozen=True)
class OutputTable:
    """A table of mine output by country and year: its name, the column of the country and that of the
    tonnes."""

    name: str
    place: str
    tonnes: str


@dataclass(frozen=True)
class NationalTable:
    """The statistics that one country publishes of the mineral: `metric`, `year`, `value` and `unit` a row.

    Only rows in `unit` are counted. `stock` names its public stock for people, as its owner does.
    """

    name: str
    country: str
    unit: str
    stock: str


@dataclass(frozen=True)
class OwnTables:
    """The entry of one mineral. A field left empty says that nothing of the kind is on record.

    `title` is its name in World Mining Data, `content` what its tonnes count, `abbreviations` how tables of
    many minerals write it.
    """

    mineral: str
    title: str
    content: str
    output: OutputTable
    stages: str
    prices: str
    demand: str
    abbreviations: tuple[str, ...] = ()
    facilities: tuple[str, ...] = ()
    stakes: str = ""
    offtakes: str = ""
    claims: str = ""
    national: NationalTable | None = None


TUNGSTEN = OwnTables(
    mineral="tungsten",
    title="Tungsten (W)",
    content="contained W",
    output=OutputTable("tungsten/production", "iso3", "mine_production"),
    stages="tungsten/stages",
    prices="tungsten/prices",
    demand="tungsten/demand",
    abbreviations=("W", "Sb-W-Cu-REE", "W-F"),
    facilities=("tungsten/facilities", "tungsten/facilities_more"),
    stakes="tungsten/stakes",
    offtakes="tungsten/offtake",
    claims="tungsten/article_claims",
    national=NationalTable("tungsten/us_salient", "USA", "t W content", "National Defense Stockpile"),
)

ENTRIES: dict[str, OwnTables] = {TUNGSTEN.mineral: TUNGSTEN}


def own_tables(mineral: str) -> OwnTables | None:
    """The tables a mineral has for itself, None where it has none.

    >>> own_tables("tungsten").facilities
    ('tungsten/facilities', 'tungsten/facilities_more')
    >>> own_tables("copper") is None
    True
    """
    return ENTRIES.get(mineral)


def facility_tables() -> tuple[str, ...]:
    """The tables of mines, deposits and plants of every mineral, in the order of the registry."""
    return tuple(dict.fromkeys(t for e in ENTRIES.values() for t in e.facilities))


def tables_of_kind(kind: Literal["stakes", "offtakes"]) -> tuple[str, ...]:
    """The tables of one kind of every mineral: holders are known across minerals, so owners are looked up in
    all of them."""
    return tuple(dict.fromkeys(t for e in ENTRIES.values() if (t := getattr(e, kind))))


def has_facilities(mineral: str) -> bool:
    """Whether mines and plants of the mineral are on record."""
    entry = own_tables(mineral)
    return entry is not None and bool(entry.facilities)


def entry_with(mineral: str, field: str, what: str) -> OwnTables:
    """The entry of a mineral that has a field filled in; Refused naming the minerals that have `what`.

    >>> entry_with("copper", "claims", "claims about")
    Traceback (most recent call last):
        ...
    crosscut.base.errors.Refused: claims: no claims about copper are in the package. Expected tungsten
    """
    entry = own_tables(mineral)
    if entry is None or not getattr(entry, field):
        having = ", ".join(m for m, e in ENTRIES.items() if getattr(e, field))
        raise Refused(Problem(f"no {what} {mineral} are in the package", field, having))
    return entry
