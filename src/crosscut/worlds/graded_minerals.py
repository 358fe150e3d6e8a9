"""Graded minerals: which have a world of the default year, how good it is, and why the others have none.

Building every world takes seconds, so the answer for the bundled facts is kept in `grades.csv` (written by
`python -m crosscut.worlds.graded_minerals`; a test says it is current). With a workspace laid over them it is
found out anew.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from crosscut.base.bundled import bundled_file, bundled_text
from crosscut.base.errors import Refused
from crosscut.base.files import write_file
from crosscut.ledger.store.ledger import Ledger
from crosscut.worlds.build_world import DEFAULT_YEAR, minerals_with_worlds, world

COLUMNS = ("mineral", "grade", "why")


@dataclass(frozen=True)
class Graded:
    """`grade` is A to D, or empty with the reason in `why`."""

    mineral: str
    grade: str
    why: str


def grades(ledger: Ledger) -> list[Graded]:
    """Grade every mineral known, by name.

    Parameters
    ----------
    ledger : Ledger
        The facts. For the plain bundled ledger the shipped file is read; else every world is built.

    Returns
    -------
    list of Graded
        Mineral, grade A to D ("" without a world), and why there is none.

    Examples
    --------
    >>> ledger = Ledger.bundled()
    >>> [g.grade for g in grades(ledger) if g.mineral == "copper"]
    ['C']
    """
    if not ledger.plain:
        return built_grades(ledger)
    return [Graded(r["mineral"], r["grade"], r["why"]) for r in csv.DictReader(io.StringIO(_text()))]


def built_grades(ledger: Ledger) -> list[Graded]:
    """Grade every mineral as `grades` does, by building every world of `DEFAULT_YEAR`.

    Parameters
    ----------
    ledger : Ledger
        The facts to build from.

    Returns
    -------
    list of Graded
        By name of the mineral. One whose facts do not carry a world has the first reason of the refusal.
    """
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
    """Write grades as the text of the shipped file.

    Parameters
    ----------
    found : list of Graded
        The grades, in the order in which they are written.

    Returns
    -------
    str
        A CSV table with a head row, lines ended by a line feed.
    """
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((g.mineral, g.grade, g.why) for g in found)
    return file.getvalue()


def _text() -> str:
    return bundled_text("worlds", "grades.csv")


if __name__ == "__main__":
    write_file(Path(str(bundled_file("worlds", "grades.csv"))), grades_text(built_grades(Ledger.bundled())))
