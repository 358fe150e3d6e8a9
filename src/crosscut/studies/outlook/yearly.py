"""Yearly: the events in force in one calendar year, compiled for the world."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from crosscut.base.errors import Problem, UserError
from crosscut.market.events.compiled import CompiledEvents, no_events
from crosscut.market.events.compiler.compile_events import compile_events
from crosscut.market.events.compiler.timing import settled_after
from crosscut.market.events.events import Event, Scenario
from crosscut.market.model.world import World


def events_of_year(
    scenario: Scenario, world: World, year: int, sizes: Mapping[str, float], absent: Collection[str] = ()
) -> CompiledEvents:
    """The events with a day in force in a year, each with the fraction of the year; `absent` do not happen.

    Raises UserError naming the year, as `compile_events` does.
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    inside = _inside(scenario, year)
    if not inside:
        return no_events(world)
    of_year = replace(scenario, window_start=first, window_end=last, events=inside, prior_events=())
    try:
        missing = [e.id for e in inside if e.id in absent]
        return compile_events(of_year, world, sizes={e.id: sizes[e.id] for e in inside}, absent=missing)
    except UserError as error:
        raise UserError(
            [Problem(p.what, f"{p.where} in {year}", p.expected) for p in error.problems]
        ) from None


def _inside(scenario: Scenario, year: int) -> tuple[Event, ...]:
    """Events with a day in a year; one without a first day began with the first year, once and not every
    year anew."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    began = (replace(e, start=e.start or scenario.window_start) for e in scenario.events)
    return tuple(e for e in began if e.start and e.start <= last and (e.end is None or e.end >= first))


@dataclass(eq=False)
class YearlyEvents:
    """Year -> compiled events of one future. Years in which the same events hold in full are compiled
    once."""

    scenario: Scenario
    world: World
    sizes: Mapping[str, float]
    absent: Collection[str] = ()
    _compiled: dict[tuple[str | int, ...], CompiledEvents] = field(default_factory=dict)

    def __call__(self, year: int) -> CompiledEvents:
        """As `events_of_year`."""
        key = self._alike(year)
        if key not in self._compiled:
            self._compiled[key] = events_of_year(self.scenario, self.world, year, self.sizes, self.absent)
        return self._compiled[key]

    def _alike(self, year: int) -> tuple[str | int, ...]:
        """Equal for years with the same events in force from the first day to the last, at their whole
        size."""
        first, last = date(year, 1, 1), date(year, 12, 31)
        inside = _inside(self.scenario, year)
        whole = all(
            e.start is not None
            and e.start + timedelta(days=settled_after(e)) <= first
            and (e.end is None or e.end >= last)
            for e in inside
        )
        return tuple(e.id for e in inside) if whole else (year,)
