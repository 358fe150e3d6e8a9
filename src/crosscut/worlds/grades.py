"""Grades: which minerals have a world of the default year, how good it is, and why the others have none.

Building every world takes seconds, so the answer for the bundled facts is kept in `grades.csv` (written by
`python -m crosscut.worlds.grades`; a test says it is current). With a workspace laid over them it is found
out anew.

Grade: how much of a world is fact. A and B may be used for decisions; C and D are for screening only.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from crosscut.base.arrays import Array
from crosscut.base.bundled import bundled_file, bundled_text
from crosscut.base.errors import Problem, Refused
from crosscut.base.files import write_file
from crosscut.ledger.store.ledger import Ledger
from crosscut.worlds import DEFAULT_YEAR, minerals_with_worlds, world
from crosscut.worlds.evidence import FACT_WEIGHT, Cell, CellKind

COLUMNS = ("mineral", "grade", "why")


@dataclass(frozen=True)
class Graded:
    """`grade` is A to D, or empty with the reason in `why`."""

    mineral: str
    grade: str
    why: str


def grades(ledger: Ledger) -> list[Graded]:
    """Every mineral known, by name.

    >>> ledger = Ledger.bundled()
    >>> [g.grade for g in grades(ledger) if g.mineral == "copper"]
    ['C']
    """
    if not ledger.plain:
        return built_grades(ledger)
    return [Graded(r["mineral"], r["grade"], r["why"]) for r in csv.DictReader(io.StringIO(_text()))]


def built_grades(ledger: Ledger) -> list[Graded]:
    """As `grades`, by building every world."""
    out = []
    for mineral, why in sorted(minerals_with_worlds().items()):
        letter, reason = "", why
        if not why:
            try:
                letter = world(ledger, mineral, DEFAULT_YEAR).grade
            except Refused as e:
                reason = e.problems[0].what
        out.append(Graded(mineral, letter, reason))
    return out


def grades_text(found: list[Graded]) -> str:
    """The file, as it is shipped."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((g.mineral, g.grade, g.why) for g in found)
    return file.getvalue()


def _text() -> str:
    return bundled_text("worlds", "grades.csv")


if __name__ == "__main__":
    write_file(Path(str(bundled_file("worlds", "grades.csv"))), grades_text(built_grades(Ledger.bundled())))


UNRECORDED_D = 0.15  # above: grade D whatever else is known
UNRECORDED_REFUSED = 0.30  # above: no world
FACT_SHARES = (("A", 0.85), ("B", 0.60), ("C", 0.35))

_GRADED = (CellKind.MINE, CellKind.COLLECTION, CellKind.TRADE, CellKind.ACTIVITY)
_UNRECORDED = (CellKind.UNRECORDED, CellKind.STOCK_DRAW)


def unrecorded_share(cells: Sequence[Cell], tonnes: Array) -> float:
    """Supply that no source records, as a share of all primary supply (mines, collection, unrecorded,
    stocks)."""
    kinds = [c.kind for c in cells]
    unrecorded = sum(t for k, t in zip(kinds, tonnes, strict=True) if k in _UNRECORDED)
    recorded = sum(t for k, t in zip(kinds, tonnes, strict=True) if k in (CellKind.MINE, CellKind.COLLECTION))
    return float(unrecorded / (unrecorded + recorded)) if unrecorded + recorded > 0 else 1.0


def fact_share(cells: Sequence[Cell], tonnes: Array) -> float:
    """Tonnes of supply, processing and trade, each weighted by how much of a fact it is (FACT_WEIGHT)."""
    graded = [
        (t, FACT_WEIGHT[c.evidence_status]) for c, t in zip(cells, tonnes, strict=True) if c.kind in _GRADED
    ]
    total = sum(t for t, _ in graded)
    return float(sum(t * w for t, w in graded) / total) if total > 0 else 0.0


def fact_share_by_form(cells: Sequence[Cell], tonnes: Array, forms: Sequence[str]) -> dict[str, float]:
    """`fact_share` of the supply, trade and processing *of each form*: where along the chain the facts
    stop."""
    out = {}
    for form in forms:
        at = [k for k, c in enumerate(cells) if c.form == form]
        out[form] = fact_share([cells[k] for k in at], tonnes[at])
    return out


def grade(mineral: str, unrecorded: float, facts: float) -> str:
    """A to D; Refused when more than 30 % of supply is in no record.

    >>> grade("tungsten", 0.02, 0.7)
    'B'
    """
    if unrecorded > UNRECORDED_REFUSED:
        raise Refused(
            Problem(
                f"{unrecorded:.0%} of the supply of {mineral} is in no record, more than"
                f" {UNRECORDED_REFUSED:.0%}",
                "world",
                "production figures for the countries that export it",
            )
        )
    if unrecorded > UNRECORDED_D:
        return "D"
    return next((letter for letter, least in FACT_SHARES if facts >= least), "D")
