"""A mineral in a year on one page, and the list of all minerals."""

from __future__ import annotations

from crosscut.results import Document
from crosscut.studies.context import Context
from crosscut.studies.world.request import MineralsRequest, WorldRequest
from crosscut.studies.world.world_report import world_result
from crosscut.worlds import evidence_of, world
from crosscut.worlds.graded_minerals import grades


def world_report(request: WorldRequest, context: Context) -> Document:
    """The page on a mineral in a year."""
    ledger = context.ledger
    built = world(ledger, request.mineral, request.year)
    evidence = evidence_of(ledger, request.mineral, request.year)
    return world_result(ledger, built, evidence, context.data.version)


def minerals(request: MineralsRequest, context: Context) -> list[dict[str, str]]:
    """Every mineral known, its grade, and why it has no market world."""
    return [
        {"mineral": g.mineral, "world": "yes" if g.grade else "no", "grade": g.grade, "why": g.why}
        for g in grades(context.ledger)
    ]
