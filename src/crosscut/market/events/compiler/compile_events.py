"""Compile events: from the events of a scenario to what the solver sees.

All interpretation and all refusals are in this folder.

`compile_events` is the seam; it is pure. The rooms: `selection` finds the routes and nodes of an event,
`checks` refuses what makes no sense, `timing` gives the share of the window in force, `limits` makes caps,
floors and closed routes, `feasibility` sets floors against caps and capacity, `stocks` what is bought and
sold for stock and which uses turn away, `levers` everything else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from crosscut.base.errors import Problem, UserError, suggestion
from crosscut.market.events.compiled import CompiledEvents, PlantEntrant
from crosscut.market.events.compiler.checks import contradictions, event_problems, size_problem
from crosscut.market.events.compiler.feasibility import feasible_floors
from crosscut.market.events.compiler.levers import moved_levers
from crosscut.market.events.compiler.limits import limits_of
from crosscut.market.events.compiler.selection import Selected, selected
from crosscut.market.events.compiler.timing import in_force, weight
from crosscut.market.events.events import Event, Scenario
from crosscut.market.model.world import World

__all__ = ["EventCompiler", "compile_events", "compiled_of", "outlets"]


def compile_events(
    scenario: Scenario,
    world: World,
    *,
    sizes: Mapping[str, float] | None = None,
    only: Collection[str] | None = None,
    absent: Collection[str] = (),
    blocs: Mapping[str, tuple[str, ...]] | None = None,
) -> CompiledEvents:
    """What the events of a scenario do to a world.

    A floor that the *stated* sizes make impossible is refused; one that only the drawn sizes, or events that
    do not happen, make impossible is lowered to what is possible, with a note. Groups without base flow and
    prior events that have ended are left out with a note.

    Parameters
    ----------
    scenario : Scenario
        The events and the window they are averaged over.
    world : World
        Base data.
    sizes : Mapping[str, float] | None
        Event id -> drawn size, instead of the stated one.
    only : Collection[str] | None
        Ids of the events to compile; by default all.
    absent : Collection[str]
        Ids of those that do not happen in this draw.
    blocs : Mapping[str, tuple[str, ...]] | None
        Name -> codes of places of this world, for names that are not countries of it.

    Returns
    -------
    CompiledEvents
        The only thing the solver sees of a scenario.

    Raises
    ------
    UserError
        With every problem of the scenario: a form, process, country, bloc or use this world does not have; a
        size, coverage or leakage outside its range; an own event wholly outside the window or ending before
        it starts; contradictory events; a floor above a cap, above an origin's capacity, or on closed routes.

    Notes
    -----
    docs/scenarios.md gives the equation of every kind; limits are E11 and E12 of docs/equations.md, entrants
    E13.
    """
    return EventCompiler(scenario, world, only, blocs).compiled(sizes, absent)


class EventCompiler:
    """The events of a scenario found in a world once, to be compiled for thousands of draws (see
    `compile_events`)."""

    def __init__(
        self,
        scenario: Scenario,
        world: World,
        only: Collection[str] | None = None,
        blocs: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self._scenario, self._world = scenario, world
        self._said = _scenario_problems(scenario, world, only)
        self._wrong: list[Problem] = []
        self._chosen: list[Selected] = []
        self._notes: list[str] = []
        self._stated: CompiledEvents | None = None
        for event in scenario.events:
            if only is None or event.id in only:
                self._find(event, blocs or {})
        self._wrong += contradictions(self._chosen, scenario)

    @property
    def chosen(self) -> list[Selected]:
        """The events as they were found. Raises UserError with everything that is wrong with them as
        stated."""
        if problems := [*self._said, *self._wrong]:
            raise UserError(dict.fromkeys(problems))
        return self._chosen

    def _find(self, event: Event, blocs: Mapping[str, tuple[str, ...]]) -> None:
        scenario = self._scenario
        where = f"{scenario.id}, event {event.id!r}"
        sought, found = selected(event, self._world, blocs, where)
        wrong = [*found, *event_problems(event, scenario, where)]
        self._wrong += wrong
        if wrong or sought is None:
            return
        if in_force(event, scenario) > 0:
            self._chosen.append(replace(sought, share=weight(event, scenario)))
        elif event.id in scenario.prior_events:
            self._notes.append(f"{event.id} has no day in force in this window and is left out.")
        else:
            self._wrong.append(
                Problem(
                    f"it is in force from {event.start or 'the start'} to {event.end or 'further notice'},"
                    f" wholly outside the window {scenario.window_start} to {scenario.window_end}",
                    where,
                    "dates that overlap the window",
                )
            )

    def compiled(
        self, sizes: Mapping[str, float] | None = None, absent: Collection[str] = ()
    ) -> CompiledEvents:
        """The events at drawn sizes, without the absent ones. Raises as `compile_events`."""
        problems = [*self._said, *_draw_problems(self._scenario, sizes, absent), *self._wrong]
        if problems:
            raise UserError(dict.fromkeys(problems))
        if self._stated is None:
            self._stated = compiled_of(self._chosen, self._world, self._scenario.id, lower_floors=False)
        out, chosen = self._stated, self._chosen
        drawn = [_at_size(s, sizes) for s in chosen if s.event.id not in absent]
        if len(drawn) != len(chosen) or any(
            a.event.size != b.event.size for a, b in zip(chosen, drawn, strict=True)
        ):
            out = compiled_of(drawn, self._world, self._scenario.id, lower_floors=True)
        return replace(out, notes=(*self._notes, *out.notes))


def compiled_of(chosen: list[Selected], world: World, where: str, *, lower_floors: bool) -> CompiledEvents:
    """What events that have been found in a world do to it.

    Parameters
    ----------
    chosen : list[Selected]
        The events, with their places and sizes.
    world : World
        Base data.
    where : str
        How the place of a problem begins.
    lower_floors : bool
        Whether floors that cannot be met are lowered; else they are refused.

    Returns
    -------
    CompiledEvents
        The only thing the solver sees of a scenario.

    Raises
    ------
    UserError
        Floors that cannot be met, where they are not lowered.
    """
    levers = moved_levers(chosen, world)
    limits = limits_of(chosen, world, levers)
    if limits.open_routes is levers.open_routes:  # no event limits anything
        return levers
    floors, notes = feasible_floors(limits.floors, limits.caps, levers, world, where, lower=lower_floors)
    open_routes = limits.open_routes
    entrants = tuple(replace(e, reach=e.reach * open_routes[e.form, e.country]) for e in levers.entrants)
    plants = tuple(replace(p, reach=p.reach * outlets(p, world, open_routes)) for p in levers.plants)
    return replace(
        levers,
        open_routes=open_routes,
        caps=limits.caps,
        floors=floors,
        entrants=entrants,
        plants=plants,
        notes=(*levers.notes, *limits.notes, *notes),
    )


def outlets(plant: PlantEntrant, world: World, open_routes: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Destinations that some output of a plant can reach.

    Parameters
    ----------
    plant : PlantEntrant
        The entrant.
    world : World
        Base data.
    open_routes : Bools, shape (F, n, n)
        Routes that no event closes.

    Returns
    -------
    Bools, shape (n)
        True at those destinations.
    """
    outputs = [world.chain.form_index(f) for f in world.chain.processes[plant.process].outputs]
    return np.asarray(open_routes[outputs, plant.country].any(axis=0), dtype=bool)


def _at_size(chosen: Selected, sizes: Mapping[str, float] | None) -> Selected:
    if sizes is None or chosen.event.id not in sizes:
        return chosen
    return replace(chosen, event=_with_size(chosen.event, sizes[chosen.event.id]))


def _with_size(event: Event, size: float) -> Event:
    return replace(event, size=float(size))


def _scenario_problems(scenario: Scenario, world: World, only: Collection[str] | None) -> list[Problem]:
    out: list[Problem] = []
    if scenario.mineral != world.mineral or scenario.year != world.year:
        out.append(
            Problem(
                f"the scenario is for {scenario.mineral} {scenario.year}, the world is {world.mineral} "
                f"{world.year}",
                scenario.id,
                "the world the scenario was written for",
            )
        )
    if scenario.window_end < scenario.window_start:
        out.append(
            Problem(
                f"the window ends on {scenario.window_end}, before it starts on {scenario.window_start}",
                scenario.id,
                "an end after the start",
            )
        )
    ids = [e.id for e in scenario.events]
    out += [
        Problem(f"two events have the id {i!r}", scenario.id, "an id of its own for every event")
        for i in sorted({i for i in ids if ids.count(i) > 1})
    ]
    return [
        *out,
        *_unknown(scenario, "only", only or ()),
        *_unknown(scenario, "prior_events", scenario.prior_events),
    ]


def _draw_problems(
    scenario: Scenario, sizes: Mapping[str, float] | None, absent: Collection[str]
) -> list[Problem]:
    out = [*_unknown(scenario, "sizes", sizes or ()), *_unknown(scenario, "absent", absent)]
    for event in scenario.events:
        if sizes is not None and event.id in sizes:
            out += size_problem(event, sizes[event.id], "drawn size", f"{scenario.id}, event {event.id!r}")
    return out


def _unknown(scenario: Scenario, label: str, named: Iterable[str]) -> list[Problem]:
    ids = [e.id for e in scenario.events]
    return [
        Problem(f"no event {i!r}", f"{scenario.id}, {label}", suggestion(i, ids))
        for i in named
        if i not in ids
    ]
