"""Grades: which minerals have a world of the default year, how good it is, and why the others have none.

Building every world takes seconds, so the answer for the bundled facts is kept in `grades.csv` (written by
`python -m crosscut.worlds.grades`; a test says it is current). With a workspace laid over them it is found
out anew.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from crosscut.errors import Refused
from crosscut.facts.compiled import store_of
from crosscut.facts.reading import current
from crosscut.worlds import DEFAULT_YEAR, minerals_with_worlds, world

COLUMNS = ("mineral", "grade", "why")


@dataclass(frozen=True)
class Graded:
    """`grade` is A to D, or empty with the reason in `why`."""

    mineral: str
    grade: str
    why: str


def grades() -> list[Graded]:
    """Every mineral known, by name.

    >>> [g.grade for g in grades() if g.mineral == "copper"]
    ['C']
    """
    if current().key != (store_of(None).key, ()):
        return built_grades()
    return [Graded(r["mineral"], r["grade"], r["why"]) for r in csv.DictReader(io.StringIO(_text()))]


def built_grades() -> list[Graded]:
    """As `grades`, by building every world."""
    out = []
    for mineral, why in sorted(minerals_with_worlds().items()):
        letter, reason = "", why
        if not why:
            try:
                letter = world(mineral, DEFAULT_YEAR).grade
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
    return files("crosscut.worlds").joinpath("grades.csv").read_text(encoding="utf-8")


if __name__ == "__main__":
    Path(__file__).with_name("grades.csv").write_text(grades_text(built_grades()), encoding="utf-8")
