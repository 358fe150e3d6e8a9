"""Minerals and their balanced worlds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crosscut.app.api.datasets import data_version
from crosscut.ledger.store.ledger_context import current
from crosscut.worlds import DEFAULT_YEAR
from crosscut.worlds import world as built_world

if TYPE_CHECKING:
    from crosscut.market.model.world import World
    from crosscut.results import Document


def minerals() -> list[dict[str, str]]:
    """Every mineral known: whether it has a market world, its grade (C and D are for screening) or the
    reason why not.

    >>> [(m["world"], m["why"]) for m in minerals() if m["mineral"] == "tungsten"]
    [('yes', '')]
    """
    from crosscut.worlds.grades import grades

    return [
        {"mineral": g.mineral, "world": "yes" if g.grade else "no", "grade": g.grade, "why": g.why}
        for g in grades(current())
    ]


def world(mineral: str, year: int = DEFAULT_YEAR) -> World:
    """The balanced world of a mineral in a year; see `crosscut.worlds.world`."""
    return built_world(current(), mineral, year)


def world_report(mineral: str, year: int = DEFAULT_YEAR) -> Document:
    """What is known about a mineral in a year, on one page: chain, makers, users, trade, what it rests on,
    what is missing.

    The call behind `crosscut world`; raises as `world`.
    """
    from crosscut.studies.world.world_report import world_result
    from crosscut.worlds import evidence_of

    return world_result(
        current(),
        built_world(current(), mineral, year),
        evidence_of(current(), mineral, year),
        data_version(),
    )
