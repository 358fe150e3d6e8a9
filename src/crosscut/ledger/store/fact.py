"""Schema: what a fact is, what a source is, and how a bundled table declares itself.

A table is a CSV with its own subject columns plus `source_id`, `evidence_status` and (mostly) `note`. A
`TableSpec` declares which columns name the subject, the attribute, the value, the unit and the period;
validation, the ledger and the docs read this one declaration. The declarations themselves are in
`declarations.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

EVIDENCE_STATUSES = ("reported", "estimated", "derived", "claimed", "recalled", "assumed")
# "original": the publisher measured, issued or quoted it; "copy": its text carried by someone else; "relay":
# someone else reports what it said; "own": worked out by us from other facts; "memory": no document was seen.
DIRECTNESS = ("original", "copy", "own", "relay", "memory")


@dataclass(frozen=True)
class Source:
    """Who says so. `published` is as printed or inferred ("2025-09 (inferred)"); `licence` is "single facts"
    where only figures were taken. No document is kept, so there is no checksum."""

    id: str
    title: str
    url: str
    published: str
    accessed: str
    directness: str
    licence: str


@dataclass(frozen=True)
class Fact:
    """One value with subject, attribute, unit, basis, period, source and evidence status.

    `subject` is for reading, (`subject_kind`, `subject_id`) for joining. `value` is a number where the table
    gives one, else its text; None is withheld or not printed, never zero. `period` is as printed, empty
    where the source dates only its publication. `basis` says what the figure counts or how it was reached,
    empty where the table has no such column. `supersedes` is the id of the fact this one replaces, or empty.
    """

    id: str
    mineral: str
    table: str
    subject_kind: str
    subject_id: str
    subject: str
    attribute: str
    value: float | str | None
    unit: str
    period: str
    low: float | None
    high: float | None
    source_id: str
    evidence_status: str
    note: str
    supersedes: str = ""
    basis: str = ""


@dataclass(frozen=True)
class ValueColumn:
    """One value column of a table.

    `attribute` is text, completed by the columns `by`; `unit` is a column, or "=text". `evidence_status` and
    `source` (columns, or "=text") take the place of the row's own where this column has another origin.
    `text` says that the values are words even where they look like numbers.
    """

    column: str
    attribute: str
    unit: str = ""
    by: tuple[str, ...] = ()
    evidence_status: str = ""
    source: str = ""
    text: bool = False


@dataclass(frozen=True)
class TableSpec:
    """How a bundled table reads.

    `key` are the columns that identify the subject of kind `kind`, `label` the ones that name it for people
    (default: the key); a table about one subject has it in `fixed_subject` (id, label). `numbers` must hold
    a number or nothing, `places` a country code or nothing, `codes` one of a list. `basis` is the column
    that says what a figure counts. `topic` is whose ledger a row belongs to where the mineral column names
    no mineral we keep (default: the folder). `converted` are columns that hold the first measure in another
    unit: they move with it.
    """

    kind: str
    key: tuple[str, ...]
    period: str
    measures: tuple[ValueColumn, ...]
    numbers: tuple[str, ...] = ()
    mineral_column: str = ""
    low: str = ""
    high: str = ""
    label: tuple[str, ...] = ()
    fixed_subject: tuple[str, str] = ("", "")
    places: tuple[str, ...] = ()
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    basis: str = ""
    topic: str = ""
    converted: tuple[str, ...] = ()

    def columns(self) -> set[str]:
        """Every column the declaration names."""
        measured = [
            c
            for m in self.measures
            for c in (m.column, m.unit, m.evidence_status, m.source, *m.by)
            if c and not c.startswith("=")
        ]
        named = [self.period, self.mineral_column, self.low, self.high, self.basis]
        return {
            c
            for c in (
                *self.key,
                *self.label,
                *self.numbers,
                *self.places,
                *self.codes,
                *self.converted,
                *named,
                *measured,
            )
            if c
        }
