"""Yearly: the events in force in one calendar year, compiled for the world."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date

from crosscut.errors import Problem, UserError
from crosscut.market.compile import compile_events
from crosscut.market.compiled import CompiledEvents, no_events
from crosscut.market.events import Scenario
from crosscut.market.world import World


def events_of_year(
    scenario: Scenario, world: World, year: int, sizes: Mapping[str, float], absent: Collection[str] = ()
) -> CompiledEvents:
    """The events with a day in force in a year, each with the fraction of the year; `absent` do not happen.

    Raises UserError naming the year, as `compile_events` does.
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    inside = tuple(
        e for e in scenario.events if (e.start is None or e.start <= last) and (e.end is None or e.end >= first)
    )
    if not inside:
        return no_events(world)
    of_year = replace(scenario, window_start=first, window_end=last, events=inside, prior_events=())
    try:
        missing = [e.id for e in inside if e.id in absent]
        return compile_events(of_year, world, sizes={e.id: sizes[e.id] for e in inside}, absent=missing)
    except UserError as error:
        raise UserError([Problem(p.what, f"{p.where} in {year}", p.expected) for p in error.problems]) from None
