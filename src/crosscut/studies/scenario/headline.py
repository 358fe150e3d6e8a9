"""Headline: which prices are shown first: those the trade quotes, and those of the places a measure is about.

Who a measure is about follows from its kind: the importer of a duty, the exporter who restricts and the
buyers it names, the country whose mine or plant is cut or built.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from crosscut.market.events.event_rules import RULES, Acts
from crosscut.market.events.events import Event, EventKind, Scenario
from crosscut.market.model.world import World
from crosscut.studies.shared.quantities import BLOCS, PricePlace, bloc_nodes, price_places

MOST_MORE = 4  # places beyond the quoted ones

# Measures of the buyer that may single out origins: they are about the buyer alone.
OF_IMPORTERS = frozenset(
    {
        EventKind.TARIFF,
        EventKind.SPECIFIC_DUTY,
        EventKind.IMPORT_QUOTA,
        EventKind.IMPORT_BAN,
        EventKind.OFFTAKE,
        EventKind.TAKE_OR_PAY,
    }
)


def headline_places(world: World) -> list[PricePlace]:
    """The form the trade quotes, paid in the blocs and inside its largest supplier.

    Parameters
    ----------
    world : World
        Its chain says which form is quoted.

    Returns
    -------
    list of PricePlace
        Where no bloc buys the form, the largest buyer abroad instead.
    """
    last = world.chain.headline_index()
    supply = world.supply()[last]
    top = world.countries[int(np.argmax(supply))]
    places = price_places(world)
    out = [p for p in places if p.form == last and p.basis == "paid" and p.place in BLOCS]
    if not out:
        buyer = world.countries[int(np.argmax(world.use()[last] - np.diag(world.q0[last])))]
        out = [p for p in places if p.form == last and p.basis == "paid" and p.place == buyer]
    return out + [p for p in places if p.form == last and p.basis == "inside" and p.place == top]


def places_shown(scenario: Scenario, world: World, places: Sequence[PricePlace]) -> list[PricePlace]:
    """The quoted prices, then one price of each place that the scenario's own events are about.

    Parameters
    ----------
    scenario : Scenario
        On the nodes of this world (`inputs.scenario.places.on_world`).
    world : World
        Its base-year turnover decides which form of a place is shown, and which places where there are many.
    places : Sequence of PricePlace
        All prices of the run, those of new sellers among them.

    Returns
    -------
    list of PricePlace
        At most four more than the quoted ones; none for a measure that names no place.
    """
    quoted = headline_places(world)
    own = [e for e in scenario.events if e.id not in set(scenario.prior_events)]
    known = {(p.place, p.basis, p.form): p for p in places}
    forms: dict[tuple[str, str], list[int]] = {}
    for event in own:
        for place, basis in _about(event, world):
            forms.setdefault((place, basis), []).extend(_forms_of(event, world))
    more: list[tuple[float, PricePlace]] = []
    for (place, basis), listed in forms.items():
        found = [known[place, basis, f] for f in dict.fromkeys(listed) if (place, basis, f) in known]
        if found and not any(p in quoted for p in found):
            more.append(max(((_turnover(world, p), p) for p in found), key=lambda x: x[0]))
    more.sort(key=lambda x: -x[0])  # stable: equal ones stay in the order of the events
    return quoted + [p for _, p in more[:MOST_MORE]]


def _about(event: Event, world: World) -> list[tuple[str, str]]:
    """(place, basis) of everybody a measure is about: paid by buyers, inside for sellers."""
    buyers = [(place, "paid") for place in _with_blocs(event.destinations, world)]
    sellers = [(place, "inside") for place in event.origins]
    if event.kind in OF_IMPORTERS:
        return buyers
    if event.kind is EventKind.MINE or event.kind is EventKind.PLANT:
        return sellers  # the destinations of a new mine are those it may sell to
    return sellers + buyers


def _with_blocs(codes: Sequence[str], world: World) -> list[str]:
    """Nodes, with the name of the bloc where all its nodes are there."""
    left, out = list(dict.fromkeys(codes)), []
    for bloc in BLOCS:
        members = {world.countries[i] for i in bloc_nodes(world, bloc)}
        if len(members) > 1 and members <= set(left):
            out.append(bloc)
            left = [c for c in left if c not in members]
    return out + left


def _forms_of(event: Event, world: World) -> list[int]:
    """Positions of the forms an event acts on: its own, what its process makes, or the quoted one."""
    chain = world.chain
    acts = RULES[event.kind].acts
    if acts is Acts.PROCESS:
        made = [f for p in chain.processes if p.id == event.form for f in p.outputs]
        return [chain.form_index(f) for f in made]
    if acts is Acts.NOTHING or not event.form:
        return [chain.headline_index()]
    return [chain.form_index(event.form)]


def _turnover(world: World, place: PricePlace) -> float:
    """USD of the base year that are sold (inside) or bought (paid) there."""
    at = list(place.nodes)
    worth = world.q0[place.form] * np.nan_to_num(world.prices[place.form])[:, None]
    return float(worth[at].sum() if place.basis == "inside" else worth[:, at].sum())
