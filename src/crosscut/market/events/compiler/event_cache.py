"""Event cache: events of one world found once by their id.

Thousands of draws ask for the same events at other sizes, or for others of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from operator import attrgetter

from crosscut.base.errors import UserError
from crosscut.market.events.compiled import CompiledEvents
from crosscut.market.events.compiler.checks import contradictions, size_problem
from crosscut.market.events.compiler.compile_events import EventCompiler, compile_events, compiled_of
from crosscut.market.events.compiler.selection import Selected
from crosscut.market.events.events import Event, Scenario
from crosscut.market.model.world import World

_APART_FROM_SIZE = attrgetter(*(f.name for f in fields(Event) if f.name != "size"))


class KnownEvents:
    """Compiles sets of events into one world. What an event with this id names there is looked up the first
    time; an id that comes back with anything but another size is looked up again.

    >>> from datetime import date
    >>> from crosscut.market.events.events import EventKind
    >>> from crosscut.market.model.examples import two_country_world
    >>> w = two_country_world()
    >>> year = Scenario("s", "s", w.mineral, w.year, date(2025, 1, 1), date(2025, 12, 31), ())
    >>> cut = Event("cut", EventKind.OUTAGE, w.chain.forms[0].id, 0.25, "fraction", origins=(w.countries[0],))
    >>> float(KnownEvents(w, year).compiled([cut]).supply_factor[0, 0])
    0.75
    """

    def __init__(self, world: World, scenario: Scenario) -> None:
        self._world, self._scenario = world, scenario
        self._known: dict[str, Selected] = {}

    def compiled(self, events: Sequence[Event]) -> CompiledEvents:
        """As `compile_events` of the scenario with these events.

        Parameters
        ----------
        events : Sequence[Event]
            The events of a draw, each with the size it has there.

        Returns
        -------
        CompiledEvents
            The only thing the solver sees of them.

        Raises
        ------
        UserError
            As `compile_events` does.
        """
        if len({e.id for e in events}) < len(events):
            return compile_events(
                replace(self._scenario, events=tuple(events)), self._world
            )  # says which id is double
        chosen = [self._found(e) for e in events]
        if problems := contradictions(chosen, self._scenario):
            raise UserError(dict.fromkeys(problems))
        return compiled_of(chosen, self._world, self._scenario.id, lower_floors=False)

    def _found(self, event: Event) -> Selected:
        known = self._known.get(event.id)
        if known is None or _APART_FROM_SIZE(known.event) != _APART_FROM_SIZE(event):
            (known,) = EventCompiler(replace(self._scenario, events=(event,)), self._world).chosen
            self._known[event.id] = known
        if problems := size_problem(event, event.size, "size", f"{self._scenario.id}, event {event.id!r}"):
            raise UserError(problems)
        return replace(known, event=event)
