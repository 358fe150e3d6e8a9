"""Limits: caps, floors and closed routes (E11, E12 of docs/equations.md).

One mechanism for licences, quotas, bans, sanctions and offtake.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from crosscut.base.arrays import Array, Bools
from crosscut.market.events.compiled import CompiledEvents, Group
from crosscut.market.events.compiler.checks import CAPS, FLOORS
from crosscut.market.events.compiler.feasibility import expected_output
from crosscut.market.events.compiler.selection import Selected
from crosscut.market.events.events import Event, EventKind
from crosscut.market.model.world import World

NOTHING_LEFT = 1e-12  # share of base flow below which a cap is a closed route
LIMITING = frozenset((*CAPS, *FLOORS))
BY_DESTINATION = (EventKind.IMPORT_QUOTA, EventKind.IMPORT_BAN)


@dataclass(frozen=True, eq=False)
class Limits:
    """Caps, floors, open_routes[f, i, j] and notes."""

    caps: tuple[Group, ...]
    floors: tuple[Group, ...]
    open_routes: NDArray[np.bool_]
    notes: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class _Draft:
    """A group before its base flow is known: whose event, which label, which routes."""

    chosen: Selected
    label: str
    routes: Bools


def limits_of(chosen: list[Selected], world: World, levers: CompiledEvents) -> Limits:
    """Groups and closed routes of all events that make them (E11, E12).

    A share is taken of the base flow on the routes that no other measure closes; a quantity in t stands as it
    is. Groups on the same routes in force one after the other become one, their cuts added.

    Parameters
    ----------
    chosen : list[Selected]
        Events found in a world.
    world : World
        Base data.
    levers : CompiledEvents
        What the other events move.

    Returns
    -------
    Limits
        Caps, floors, open routes and notes.
    """
    if not any(c.event.kind in LIMITING for c in chosen):
        return Limits((), (), levers.open_routes, ())
    entrant_at = np.zeros(world.M0.shape, dtype=bool)
    for entrant in levers.entrants:
        entrant_at[entrant.form, entrant.country] = True
    for plant in levers.plants:
        for output in world.chain.processes[plant.process].outputs:
            entrant_at[world.chain.form_index(output), plant.country] = True
    drafts = [d for c in chosen if c.event.kind in CAPS for d in _drafts(c, world)]
    open_routes = np.ones(world.q0.shape, dtype=bool)
    for draft in drafts:
        if _closes(draft.chosen):
            open_routes[draft.chosen.target][draft.routes] = False
    notes: list[str] = []
    caps: list[Group] = []
    cuts: list[list[_Draft]] = []
    for draft in drafts:
        if _closes(draft.chosen):
            continue
        group = _cap(draft, world, open_routes, entrant_at, notes)
        if group is None:
            continue
        merged = _merged_into(caps, cuts, group, draft, world, notes)
        if not merged:
            caps.append(group)
            cuts.append([draft])
    promised = [c for c in chosen if c.event.kind in FLOORS]
    expected = expected_output(world, levers) if promised else np.zeros(world.M0.shape)
    floors = [g for c in promised for g in _floors(c, world, open_routes, entrant_at, expected, notes)]
    caps = [_with_leakage(cap, drafts, world) for cap, drafts in zip(caps, cuts, strict=True)]
    return Limits(tuple(caps), tuple(floors), open_routes, tuple(notes))


def _with_leakage(cap: Group, drafts: list[_Draft], world: World) -> Group:
    """The limit at what is licensed, passed at the surcharge by what escapes; as it is where escaping costs
    nothing.

    The marginal tonne abroad then costs the surcharge more than inside, and every licensed tonne earns that
    as a rent.
    """
    base = float(world.q0[cap.form][cap.routes].sum())
    escaping = [(_escaping(d, base), d.chosen.event.surcharge) for d in drafts if d.chosen.event.surcharge]
    tonnes = sum(t for t, _ in escaping)
    if tonnes <= 0 or cap.limit <= 0:
        return cap
    surcharge = sum(t * s for t, s in escaping) / tonnes
    return replace(
        cap, limit=max(cap.limit - tonnes, NOTHING_LEFT * cap.limit), toll=surcharge, last=cap.limit
    )


def _escaping(draft: _Draft, base: float) -> float:
    """Tonnes of the cut of an event that escape it."""
    event = draft.chosen.event
    covered = event.coverage * base
    refused = max(covered - event.size, 0.0) if event.unit == "t" else covered * event.size
    return event.leakage * refused * draft.chosen.share


def kept_share(event: Event, share: float) -> float:
    """What a relative cap leaves of base flow: 1 - coverage x size x share of the window x (1 - leakage).

    Parameters
    ----------
    event : Event
        The measure.
    share : float
        Share of the window during which it is in force, 0 to 1.

    Returns
    -------
    float
        Between 0 and 1.

    Examples
    --------
    >>> from crosscut.market.events.events import EventKind
    >>> leaky = {"leakage": 0.1, "coverage": 0.8}
    >>> kept_share(Event("e", EventKind.EXPORT_LICENCE, "ore", 0.5, "fraction", **leaky), 0.5)
    0.82
    """
    return 1.0 - event.coverage * event.size * share * (1.0 - event.leakage)


def allowed_tonnes(event: Event, share: float, base: float) -> float:
    """What a limit in t leaves of a base.

    Parameters
    ----------
    event : Event
        The measure, with its size in t a year.
    share : float
        Share of the window during which it is in force, 0 to 1.
    base : float
        Base flow, t contained a year.

    Returns
    -------
    float
        The base while not in force, and outside the coverage; the quantity, and what escapes of the cut,
        while in force.
    """
    covered = event.coverage * base
    in_force = (base - covered) + event.size + event.leakage * max(covered - event.size, 0.0)
    return (1.0 - share) * base + share * in_force


def _drafts(chosen: Selected, world: World) -> Iterator[_Draft]:
    event, routes = chosen.event, chosen.routes
    if event.pooled:
        yield _Draft(chosen, event.id, routes)
        return
    by_destination = event.kind in BY_DESTINATION
    side = np.flatnonzero(routes.any(axis=0) if by_destination else routes.any(axis=1))
    for node in side:
        mask = np.zeros_like(routes)
        if by_destination:
            mask[:, node] = routes[:, node]
        else:
            mask[node] = routes[node]
        yield _Draft(chosen, f"{event.id}/{world.countries[node]}" if len(side) > 1 else event.id, mask)


def _closes(chosen: Selected) -> bool:
    event = chosen.event
    if event.unit == "t":
        return event.size <= 0 and event.coverage >= 1 and event.leakage <= 0 and chosen.share >= 1
    return kept_share(event, chosen.share) <= NOTHING_LEFT


def _cap(
    draft: _Draft,
    world: World,
    open_routes: NDArray[np.bool_],
    entrant_at: NDArray[np.bool_],
    notes: list[str],
) -> Group | None:
    event, f, share = draft.chosen.event, draft.chosen.target, draft.chosen.share
    routes = draft.routes & open_routes[f]
    if not routes.any():
        notes.append(f"{draft.label}: its routes are closed by another measure; no limit of its own.")
        return None
    base = float(world.q0[f][routes].sum())
    reached = bool((routes.any(axis=1) & entrant_at[f]).any())
    if base <= 0 and not (event.unit == "t" and reached):
        notes.append(f"{draft.label}: no base flow on its routes; left out.")
        return None
    limit = allowed_tonnes(event, share, base) if event.unit == "t" else base * kept_share(event, share)
    if limit >= base and not reached and event.unit == "t":
        notes.append(f"{draft.label}: {limit:,.0f} t is not below the base flow of {base:,.0f} t.")
    return Group(draft.label, "cap", f, routes, limit, event.rent_to, event.id)


def _merged_into(
    caps: list[Group], cuts: list[list[_Draft]], group: Group, draft: _Draft, world: World, notes: list[str]
) -> bool:
    """Add the cut of a group to an earlier one on the same routes that another event holds in another part
    of the window; note it where two limits of different parts of the window only share some routes."""
    event = draft.chosen.event
    for at, earlier in enumerate(caps):
        before = [d.chosen.event for d in cuts[at]]
        if earlier.form != group.form or any(e.id == event.id or not _apart(e, event) for e in before):
            continue
        if np.array_equal(earlier.routes, group.routes):
            base = float(world.q0[group.form][group.routes].sum())
            limit = max(earlier.limit - max(base - group.limit, 0.0), NOTHING_LEFT * max(base, 1.0))
            caps[at] = replace(earlier, limit=limit)
            cuts[at].append(draft)
            notes.append(
                f"{earlier.id} and {group.id} hold one after the other: one limit, their cuts added."
            )
            return True
        if (earlier.routes & group.routes).any():
            notes.append(
                f"{earlier.id} and {group.id} share routes in different parts of the window; each is a limit"
                " on the whole window, so together they are too loose."
            )
    return False


def _apart(one: Event, other: Event) -> bool:
    """True when both have dates and never hold on the same day."""
    return bool(
        (one.end and other.start and one.end < other.start)
        or (other.end and one.start and other.end < one.start)
    )


def _floors(
    chosen: Selected,
    world: World,
    open_routes: NDArray[np.bool_],
    entrant_at: NDArray[np.bool_],
    output: Array,
    notes: list[str],
) -> Iterator[Group]:
    event, f = chosen.event, chosen.target
    routes = chosen.routes_with_home()
    masks = [(event.id, routes)]
    if not event.pooled:
        origins = np.flatnonzero(routes.any(axis=1))
        masks = []
        for i in origins:
            mask = np.zeros_like(routes)
            mask[i] = routes[i]
            masks.append((f"{event.id}/{world.countries[i]}" if len(origins) > 1 else event.id, mask))
    for label, mask in masks:
        senders = mask.any(axis=1)
        base = float(world.q0[f][mask].sum())
        reached = bool((senders & entrant_at[f]).any())
        of_output = event.kind is EventKind.CONTROL and event.unit == "fraction"
        if base <= 0 and not ((event.unit == "t" or of_output) and reached):
            notes.append(f"{label}: no base flow on its routes; left out.")
            continue
        of = float(output[f][senders].sum()) if of_output else base
        wanted = event.size if event.unit == "t" else event.size * of
        if wanted * chosen.share > 0:
            yield Group(
                label, "floor", f, mask & open_routes[f], wanted * chosen.share, event.rent_to, event.id
            )
