"""Selection: the form or process, nodes and routes of a world that an event names.

Tests: tests/market/events/test_compile_events.py, tests/market/events/test_checks.py
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from crosscut.base.arrays import Bools
from crosscut.base.errors import Problem, suggestion
from crosscut.market.events.event_rules import Acts, Needs, rule_of
from crosscut.market.events.events import Event, EventKind
from crosscut.market.model.world import World


@dataclass(frozen=True, eq=False)
class Selected:
    """An event found in a world: position of its form or process (-1 for none), origin and destination masks,
    uses, routes, and the share of the window in force.

    `origins` and `destinations` are after exemptions; `named_destinations` says whether any were named;
    routes[i, j]: origin to destination, home sales left out, narrowed to those of a chokepoint where one is
    named.
    """

    event: Event
    target: int
    origins: Bools
    destinations: Bools
    uses: Bools
    named_destinations: bool
    routes: Bools
    share: float = 1.0

    def routes_with_home(self) -> Bools:
        """As `routes`, with home sales where a country is both origin and named destination."""
        return np.outer(self.origins, self.destinations)


def selected(
    event: Event, world: World, blocs: Mapping[str, tuple[str, ...]], where: str
) -> tuple[Selected | None, list[Problem]]:
    """An event in a world: its form or process, places and routes.

    Parameters
    ----------
    event : Event
        The event.
    world : World
        Base data.
    blocs : Mapping[str, tuple[str, ...]]
        Name -> codes of places of this world.
    where : str
        Where the event stands, for the texts.

    Returns
    -------
    tuple of (Selected or None, list of Problem)
        None with the problems.
    """
    rule = rule_of(event.kind)
    target, problems = _target(event, world, rule.acts, where)
    masks: dict[str, Bools] = {}
    for side, names, needs in (
        ("origins", event.origins, rule.origins),
        ("destinations", event.destinations, rule.destinations),
    ):
        problems += _count_problems(event.kind, side, names, needs, where)
        masks[side], wrong = node_mask(names, world, blocs, f"{where}, {side}")
        problems += wrong
    exempt, wrong = node_mask(
        event.exempt_destinations, world, blocs, f"{where}, exempt_destinations", empty=False
    )
    problems += wrong
    spared, wrong = node_mask(event.exempt_origins, world, blocs, f"{where}, exempt_origins", empty=False)
    problems += wrong
    if event.exempt_origins and rule.origins is not Needs.ANY:
        problems.append(Problem(f"{event.kind} takes no origins to exempt", f"{where}, exempt_origins"))
    if event.exempt_destinations and rule.destinations is Needs.NONE:
        problems.append(
            Problem(f"{event.kind} takes no destinations to exempt", f"{where}, exempt_destinations")
        )
    uses = np.ones(len(world.uses), dtype=bool)
    if event.uses:
        if "uses" not in rule.may:
            problems.append(
                Problem(f"{event.kind} cannot be narrowed to uses", f"{where}, uses", "a demand event")
            )
        problems += [
            Problem(f"unknown use {u!r}", f"{where}, uses", suggestion(u, world.uses))
            for u in event.uses
            if u not in world.uses
        ]
        uses = np.array([u in event.uses for u in world.uses])
    destinations = masks["destinations"] & ~exempt
    origins = masks["origins"] & ~spared
    for side, left in (("destination", destinations), ("origin", origins)):
        if not problems and not left.any():
            problems.append(Problem(f"every {side} is exempt", f"{where}, exempt_{side}s", "one that is not"))
    if event.via and not event.pairs:
        problems.append(
            Problem(f"no route through {event.via!r} is known", f"{where}, via", "pairs of countries")
        )
    if problems:
        return None, problems
    routes = _routes(event, world, origins, destinations)
    return Selected(event, target, origins, destinations, uses, bool(event.destinations), routes), []


def _routes(event: Event, world: World, origins: Bools, destinations: Bools) -> Bools:
    """[i, j] between the nodes, home sales left out; of those, the ones of a chokepoint where the event is
    at one."""
    routes = np.outer(origins, destinations)
    np.fill_diagonal(routes, False)
    if not event.pairs:
        return routes
    through = np.zeros_like(routes)
    for i, j in event.pairs:
        if i in world.countries and j in world.countries:
            through[world.country_index(i), world.country_index(j)] = True
    return routes & through


def node_mask(
    names: tuple[str, ...],
    world: World,
    blocs: Mapping[str, tuple[str, ...]],
    where: str,
    *,
    empty: bool = True,
) -> tuple[Bools, list[Problem]]:
    """The nodes that are named.

    Parameters
    ----------
    names : tuple[str, ...]
        Countries, nodes or blocs.
    world : World
        Base data.
    blocs : Mapping[str, tuple[str, ...]]
        Name -> codes of places of this world.
    where : str
        Where the names stand, for the texts.
    empty : bool
        The value everywhere when nothing is named.

    Returns
    -------
    tuple of (Bools, list of Problem)
        A mask (n), and a problem for each unknown name.
    """
    if not names:
        return np.full(len(world.countries), empty), []
    mask = np.zeros(len(world.countries), dtype=bool)
    problems = []
    for name in names:
        codes = (name,) if name in world.countries else blocs.get(name)
        if codes is None:
            known = [*world.countries, *blocs]
            problems.append(
                Problem(f"no country or bloc {name!r} in this world", where, suggestion(name, known))
            )
            continue
        for code in codes:
            if code in world.countries:
                mask[world.country_index(code)] = True
            else:
                problems.append(
                    Problem(f"bloc {name!r} names {code!r}, which this world does not have", where)
                )
    return mask, problems


def _target(event: Event, world: World, acts: Acts, where: str) -> tuple[int, list[Problem]]:
    forms = [f.id for f in world.chain.forms]
    processes = [p.id for p in world.chain.processes]
    if acts is Acts.NOTHING:
        wrong = Problem(f"{event.kind} acts on no form", f"{where}, form", "the field left out")
        return -1, [wrong] if event.form else []
    if acts is Acts.PROCESS:
        known, word, other = processes, "process", forms
    else:
        known, word, other = forms, "form", processes
    if event.form not in known:
        kind = (
            f"{event.kind} acts on a {word}; {event.form!r} is not one"
            if event.form in other
            else (f"unknown {word} {event.form!r}")
        )
        expected = suggestion(event.form, known) if known else f"a world with a {word}"
        return -1, [Problem(kind, f"{where}, form", expected)]
    index = known.index(event.form)
    if acts is Acts.PRIMARY and not world.chain.forms[index].primary:
        primary = [f.id for f in world.chain.forms if f.primary]
        return index, [
            Problem(
                f"{event.form!r} is made by processes only, not mined or collected",
                f"{where}, form",
                f"one of {primary}, or a process event",
            )
        ]
    return index, []


def _count_problems(
    kind: EventKind, side: str, names: tuple[str, ...], needs: Needs, where: str
) -> list[Problem]:
    at = f"{where}, {side}"
    if needs is Needs.NONE and names:
        return [Problem(f"{kind} takes no {side}", at, "the field left out")]
    if needs is Needs.ONE and len(names) != 1:
        return [Problem(f"{kind} takes exactly one country here, {len(names)} given", at, "such as ['KAZ']")]
    if needs is Needs.NAMED and not names:
        return [Problem(f"{kind} needs its {side} by name", at, "such as ['RUS']")]
    if len(set(names)) != len(names):
        return [Problem("a name is given twice", at, "each once")]
    return []
