"""Measures: what happens in one year of a draw, as events of the market.

A yearly model sees a stop of 45 days as an eighth of a year: what holds for a part of the year withholds
that part of the year's exports. Measures that hold together multiply what is left.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from crosscut.inputs.scenario.chokepoints import chokepoints, routes_through
from crosscut.market.events.compiled import CompiledEvents, no_events
from crosscut.market.events.compiler.event_cache import KnownEvents
from crosscut.market.events.events import Event, EventKind, RentTo, Scenario
from crosscut.market.model.world import World
from crosscut.studies.stress.draws.futures import MEASURE, OUTAGE, Happening
from crosscut.studies.stress.draws.random_slots import Layout
from crosscut.studies.stress.history.base_rates import TAXES
from crosscut.studies.stress.in_force.measures_held import Beyond
from crosscut.worlds.node import GROUPS

LEAST = 1e-4  # of a year's exports, capacity or freight: below it nothing is changed
FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)  # a year of 365 days; events carry no dates of their own
GROUP_BLOCS = {k: v for k, v in GROUPS.items() if v}


@dataclass(frozen=True, eq=False)
class MeasureTargets:
    """What of a world the measures need, found once: forms by stage, routes through chokepoints; `codes` are
    the places in the order that the layout counts them in."""

    world: World
    layout: Layout
    codes: tuple[str, ...]
    raw: tuple[int, ...]
    traded: tuple[int, ...]
    sells: frozenset[tuple[int, str]]
    routes: dict[tuple[str, int], tuple[tuple[str, str], ...]]
    way_round: dict[str, bool]
    use: tuple[float, ...]


def place_of(
    world: World, layout: Layout, way_round: dict[str, bool], codes: tuple[str, ...] | None = None
) -> MeasureTargets:
    """What of a world the measures need, found once.

    Scrap is never restricted: the history leaves it out.

    Parameters
    ----------
    world : World
        The base year that events are made for.
    layout : Layout
        Units whose outage is counted.
    way_round : dict[str, bool]
        By chokepoint: whether ships can go round it.
    codes : tuple[str, ...] | None
        The places in the order of the layout's world, where it is not that of this one.

    Returns
    -------
    MeasureTargets
        Forms by stage, who sells what abroad, routes through chokepoints, use in t a year by form.
    """
    traded = tuple(f for f, form in enumerate(world.chain.forms) if "scrap" not in form.id)
    raw = tuple(f for f in traded if world.chain.forms[f].primary)
    abroad = world.q0.sum(axis=2) - world.q0.diagonal(axis1=1, axis2=2)
    sells = frozenset((f, c) for f in traded for i, c in enumerate(world.countries) if abroad[f, i] > 0)
    routes = {
        (r, f): tuple(
            (i, j)
            for i, j in routes_through(r, world, GROUP_BLOCS)
            if world.q0[f, world.country_index(i), world.country_index(j)] > 0
        )
        for r in chokepoints()
        for f in traded
    }
    use = tuple(float(u) for u in world.use().sum(axis=1))
    return MeasureTargets(world, layout, codes or world.countries, raw, traded, sells, routes, way_round, use)


def events_in(
    happenings: Sequence[Happening],
    year: int,
    place: MeasureTargets,
    detour: float,
    beyond: Beyond | None = None,
) -> tuple[Event, ...]:
    """The events of a year of a draw; none where nothing touches this market.

    What holds for a part of the year withholds that part of the year's exports.

    Parameters
    ----------
    happenings : Sequence[Happening]
        All that happens in the draw.
    year : int
        0 is the first.
    place : MeasureTargets
        What they can touch in the world.
    detour : float
        Freight on the way round over normal freight, 1 or more.
    beyond : Beyond | None
        What stands already; limits are then shares of what flows there and count as far as they go beyond it.

    Returns
    -------
    tuple[Event, ...]
        Limits, taxes and outages as fractions, freight as a factor.
    """
    world = place.world
    left: dict[tuple[int, str, str], float] = defaultdict(lambda: 1.0)
    taxes: dict[tuple[int, str], float] = defaultdict(float)
    capacity: dict[int, float] = defaultdict(lambda: 1.0)
    traffic: dict[str, float] = defaultdict(lambda: 1.0)
    for h in happenings:
        share = h.within(year)
        if share * h.withheld < LEAST:
            continue
        if h.kind == OUTAGE:
            capacity[h.unit] *= 1 - share * h.withheld
        elif h.kind == MEASURE:
            for f in place.raw if h.raw else place.traded:
                if (f, h.origin) not in place.sells or (h.target and h.target not in world.countries):
                    continue
                if h.instrument == TAXES and not h.target:
                    rate = h.withheld if beyond is None else beyond.taxed(f, h.origin, h.withheld)
                    if share * rate >= LEAST:
                        taxes[f, h.origin] += share * rate
                    continue
                held = h.withheld if beyond is None else beyond.withheld(f, h.origin, h.target, h.withheld)
                if share * held >= LEAST:
                    left[f, h.origin, h.target] *= 1 - share * held
        else:
            traffic[h.origin] *= 1 - share * h.withheld
    out = [
        _limit(world.chain.forms[f].id, origin, target, min(1.0, 1 - kept))
        for (f, origin, target), kept in sorted(left.items())
    ]
    out += [
        Event(
            f"tax/{world.chain.forms[f].id}/{origin}",
            EventKind.EXPORT_TAX,
            world.chain.forms[f].id,
            rate,
            "fraction",
            origins=(origin,),
        )
        for (f, origin), rate in sorted(taxes.items())
    ]
    for k, kept in sorted(capacity.items()):
        unit = place.layout.units[k]
        mine = unit.kind == "mine"
        form = world.chain.forms[unit.at].id if mine else world.chain.processes[unit.at].id
        kind = EventKind.OUTAGE if mine else EventKind.PROCESS_OUTAGE
        code = place.codes[unit.country]
        out.append(Event(f"outage/{form}/{code}", kind, form, 1 - kept, "fraction", origins=(code,)))
    for name, kept in sorted(traffic.items()):
        out += _closures(place, name, 1 - kept, detour)
    return tuple(out)


def touched(events: Sequence[Event], place: MeasureTargets) -> float:
    """How much of a market the largest of some events touches.

    Parameters
    ----------
    events : Sequence[Event]
        Of one year.
    place : MeasureTargets
        The world that they are made for.

    Returns
    -------
    float
        Share of a form's world use (or of a process's activity) that an event withholds, taxes or stops, 0 to
        1; 1 for routes.
    """
    return max((_touched(e, place) for e in events), default=0.0)


def _touched(event: Event, place: MeasureTargets) -> float:
    world = place.world
    if event.kind in (EventKind.FREIGHT, EventKind.IMPORT_QUOTA):
        return 1.0
    origin = world.country_index(event.origins[0])
    if event.kind is EventKind.PROCESS_OUTAGE:
        k = next(k for k, p in enumerate(world.chain.processes) if p.id == event.form)
        return event.size * float(world.X0[k, origin] / world.X0[k].sum())
    f = world.chain.form_index(event.form)
    if event.kind is EventKind.OUTAGE:
        return event.size * float(world.M0[f, origin]) / place.use[f]
    flows = world.q0[f, origin]
    there = (
        flows[world.country_index(event.destinations[0])]
        if event.destinations
        else flows.sum() - flows[origin]
    )
    return event.size * float(there) / place.use[f]


def _limit(form: str, origin: str, target: str, cut: float) -> Event:
    if target:
        return Event(
            f"aimed/{form}/{origin}/{target}",
            EventKind.SANCTION,
            form,
            cut,
            "fraction",
            origins=(origin,),
            destinations=(target,),
            rent_to=RentTo.EXPORTERS,
        )
    return Event(f"limit/{form}/{origin}", EventKind.EXPORT_LICENCE, form, cut, "fraction", origins=(origin,))


def _closures(place: MeasureTargets, name: str, lost: float, detour: float) -> list[Event]:
    """A route with a way round costs freight; one without withholds the share of its traffic."""
    out = []
    for f in place.traded:
        form = place.world.chain.forms[f]
        moved = place.routes[name, f]
        if not moved:
            continue
        if place.way_round[name]:
            size = 1 + (detour - 1) * lost
            out.append(
                Event(f"route/{name}/{form.id}", EventKind.FREIGHT, form.id, size, "x", via=name, pairs=moved)
            )
            continue
        for origin in sorted({i for i, _ in moved}):
            there = tuple(sorted(j for i, j in moved if i == origin))
            out.append(
                Event(
                    f"route/{name}/{form.id}/{origin}",
                    EventKind.IMPORT_QUOTA,
                    form.id,
                    lost,
                    "fraction",
                    origins=(origin,),
                    destinations=there,
                    rent_to=RentTo.NOBODY,
                    pooled=True,
                )
            )
    return out


class Year:
    """Compiles what happens in a year of the drawn demand into a world."""

    def __init__(self, world: World) -> None:
        self._calm = no_events(world)
        self._known = KnownEvents(
            world, Scenario("stress", "one year of one draw", world.mineral, world.year, FIRST, LAST, ())
        )

    def alone(self, events: Sequence[Event]) -> CompiledEvents:
        """The events and nothing else.

        Parameters
        ----------
        events : Sequence[Event]
            Of one year.

        Returns
        -------
        CompiledEvents
            At the demand of the base year.
        """
        return self._known.compiled(events)

    def compiled(self, events: Sequence[Event], demand: float) -> tuple[CompiledEvents, CompiledEvents]:
        """A year of the drawn demand, and the same year with its events.

        Parameters
        ----------
        events : Sequence[Event]
            Of one year.
        demand : float
            Factor on final use.

        Returns
        -------
        tuple[CompiledEvents, CompiledEvents]
            (before, after).
        """
        struck = self.alone(events)
        return (
            replace(self._calm, demand_factor=self._calm.demand_factor * demand),
            replace(struck, demand_factor=struck.demand_factor * demand),
        )
