"""Compile: from the events of a scenario to what the solver sees. All interpretation and all refusals are here.

`compile_events` is the seam; it is pure. The rooms: `selection` finds the routes and nodes of an event, `checks`
refuses what makes no sense, `timing` gives the share of the window in force, `limits` makes caps, floors and closed
routes, `feasibility` sets floors against caps and capacity, `stocks` what is bought and sold for stock and which uses
turn away, `levers` everything else.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from crosscut.errors import Problem, UserError, suggestion
from crosscut.market.compile.checks import contradictions, event_problems, size_problem
from crosscut.market.compile.feasibility import feasible_floors
from crosscut.market.compile.levers import moved_levers
from crosscut.market.compile.limits import limits_of
from crosscut.market.compile.selection import Selected, selected
from crosscut.market.compile.timing import in_force, weight
from crosscut.market.compiled import CompiledEvents, PlantEntrant
from crosscut.market.events import Event, Scenario
from crosscut.market.world import World

__all__ = ["compile_events"]


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

    `sizes`: event id -> drawn size, instead of the stated one. `only`: the ids of the events to compile (default:
    all). `absent`: those of them that do not happen in this draw. `blocs`: name -> node codes of this world, for names that are not countries of it.

    A floor that the *stated* sizes make impossible is refused; one that only the drawn sizes, or events that do not
    happen, make impossible is lowered to what is possible, with a note. Groups without base flow and prior events that have ended are left out
    with a note.

    Raises UserError with every problem of the scenario: a form, process, country, bloc or use this world does not
    have; a size, coverage or leakage outside its range; an own event wholly outside the window or ending before it
    starts; contradictory events; a floor above a cap, above an origin's capacity, or on closed routes.
    """
    problems = _scenario_problems(scenario, world, sizes, only, absent)
    events = [e for e in scenario.events if only is None or e.id in only]
    chosen: list[Selected] = []
    notes: list[str] = []
    for event in events:
        where = f"{scenario.id}, event {event.id!r}"
        sought, found = selected(event, world, blocs or {}, where)
        wrong = [*found, *event_problems(event, scenario, where)]
        problems += wrong
        if wrong or sought is None:
            continue
        if in_force(event, scenario) > 0:
            chosen.append(replace(sought, share=weight(event, scenario)))
        elif event.id in scenario.prior_events:
            notes.append(f"{event.id} has no day in force in this window and is left out.")
        else:
            problems.append(
                Problem(
                    f"it is in force from {event.start or 'the start'} to {event.end or 'further notice'}, wholly "
                    f"outside the window {scenario.window_start} to {scenario.window_end}",
                    where,
                    "dates that overlap the window",
                )
            )
    problems += contradictions(chosen, scenario)
    if problems:
        raise UserError(dict.fromkeys(problems))
    stated = _compiled(chosen, world, scenario, lower_floors=False)
    drawn = [_at_size(s, sizes) for s in chosen if s.event.id not in absent]
    if len(drawn) == len(chosen) and all(a.event.size == b.event.size for a, b in zip(chosen, drawn, strict=True)):
        out = stated
    else:
        out = _compiled(drawn, world, scenario, lower_floors=True)
    return replace(out, notes=(*notes, *out.notes))


def _compiled(chosen: list[Selected], world: World, scenario: Scenario, *, lower_floors: bool) -> CompiledEvents:
    levers = moved_levers(chosen, world)
    limits = limits_of(chosen, world, levers)
    floors, notes = feasible_floors(limits.floors, limits.caps, levers, world, scenario.id, lower=lower_floors)
    open_routes = limits.open_routes
    entrants = tuple(replace(e, reach=e.reach * open_routes[e.form, e.country]) for e in levers.entrants)
    plants = tuple(replace(p, reach=p.reach * _outlets(p, world, open_routes)) for p in levers.plants)
    return replace(levers, open_routes=open_routes, caps=limits.caps, floors=floors,
                   entrants=entrants, plants=plants, notes=(*levers.notes, *limits.notes, *notes))  # fmt: skip


def _outlets(plant: PlantEntrant, world: World, open_routes: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Destinations that some output of a plant can reach."""
    outputs = [world.chain.form_index(f) for f in world.chain.processes[plant.process].outputs]
    return np.asarray(open_routes[outputs, plant.country].any(axis=0), dtype=bool)


def _at_size(chosen: Selected, sizes: Mapping[str, float] | None) -> Selected:
    if sizes is None or chosen.event.id not in sizes:
        return chosen
    return replace(chosen, event=_with_size(chosen.event, sizes[chosen.event.id]))


def _with_size(event: Event, size: float) -> Event:
    return replace(event, size=float(size))


def _scenario_problems(
    scenario: Scenario,
    world: World,
    sizes: Mapping[str, float] | None,
    only: Collection[str] | None,
    absent: Collection[str],
) -> list[Problem]:
    out: list[Problem] = []
    if scenario.mineral != world.mineral or scenario.year != world.year:
        out.append(Problem(f"the scenario is for {scenario.mineral} {scenario.year}, the world is {world.mineral} "
                           f"{world.year}", scenario.id, "the world the scenario was written for"))  # fmt: skip
    if scenario.window_end < scenario.window_start:
        out.append(Problem(f"the window ends on {scenario.window_end}, before it starts on {scenario.window_start}",
                           scenario.id, "an end after the start"))  # fmt: skip
    ids = [e.id for e in scenario.events]
    out += [Problem(f"two events have the id {i!r}", scenario.id, "an id of its own for every event")
            for i in sorted({i for i in ids if ids.count(i) > 1})]  # fmt: skip
    for label, named in (
        ("sizes", sizes or ()),
        ("only", only or ()),
        ("absent", absent),
        ("prior_events", scenario.prior_events),
    ):
        out += [
            Problem(f"no event {i!r}", f"{scenario.id}, {label}", suggestion(i, ids)) for i in named if i not in ids
        ]
    for event in scenario.events:
        if sizes is not None and event.id in sizes:
            out += size_problem(event, sizes[event.id], "drawn size", f"{scenario.id}, event {event.id!r}")
    return out
