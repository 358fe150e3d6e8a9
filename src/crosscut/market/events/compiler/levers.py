"""Levers: everything an event moves that is not a limit: duties, taxes, freight, capacity, demand, entrants,
currency, payments to producers. Sizes are weighted with the share of the window in force."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from crosscut.base.arrays import Array
from crosscut.market.events.compiled import CompiledEvents, Entrant, PlantEntrant, no_events
from crosscut.market.events.compiler.limits import allowed_tonnes
from crosscut.market.events.compiler.selection import Selected
from crosscut.market.events.compiler.stocks import (
    BOUGHT,
    RELEASED,
    bought_for_stock,
    stock_rules,
    switched_uses,
)
from crosscut.market.events.events import EventKind
from crosscut.market.model.world import World


@dataclass
class _Moved:
    """The base, moved event by event: an array is copied when it is first written to."""

    world: World
    base: CompiledEvents
    moved: dict[str, Array] = field(default_factory=dict)
    entrants: list[Entrant] = field(default_factory=list)
    plants: list[PlantEntrant] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def array(self, name: str) -> Array:
        """The array of this name, to be written to."""
        if name not in self.moved:
            self.moved[name] = getattr(self.base, name).copy()
        return self.moved[name]


def moved_levers(chosen: list[Selected], world: World) -> CompiledEvents:
    """The base with every lever moved; no groups, every route open.

    Duties, taxes, freight and subsidies of several events add up; factors of several events multiply; the
    lowest of several ceilings holds.

    Parameters
    ----------
    chosen : list[Selected]
        Events found in a world.
    world : World
        Base data.

    Returns
    -------
    CompiledEvents
        Without limits and closed routes.
    """
    moved = _Moved(world, no_events(world))
    for c in chosen:
        lever = _LEVERS.get(c.event.kind)
        if lever is not None:
            lever(moved, c, c.event.coverage * c.event.size * c.share * (1.0 - c.event.leakage))
    kinds = {c.event.kind for c in chosen}
    stocks, notes = stock_rules(chosen, world) if kinds & RELEASED else ((), [])
    moved.notes += notes
    if kinds & BOUGHT:
        moved.moved["purchases"] = bought_for_stock(chosen, world)
    if EventKind.SUBSTITUTION in kinds:
        share, trigger, width, notes = switched_uses(chosen, world)
        moved.moved |= {"switch_share": share, "switch_trigger": trigger, "switch_width": width}
        moved.notes += notes
    entering = {"entrants": tuple(moved.entrants), "plants": tuple(moved.plants), "releases": stocks}
    return replace(moved.base, notes=tuple(moved.notes), **entering, **moved.moved)  # type: ignore[arg-type]


def _tariff(moved: _Moved, c: Selected, rate: float) -> None:
    routes = c.routes
    moved.array("tariff")[c.target][routes] += rate
    if c.event.duty_basis is None:
        return
    on_cif = c.event.duty_basis == "cif"
    shift = rate * (
        float(on_cif) - moved.world.duty_on_cif.astype(float)
    )  # 0 where the destination does the same
    moved.array("cif_shift")[c.target] += np.where(routes, shift[None, :], 0.0)


def _routed(name: str) -> Callable[[_Moved, Selected, float], None]:
    def lever(moved: _Moved, c: Selected, amount: float) -> None:
        moved.array(name)[c.target][c.routes] += amount

    return lever


def _freight(moved: _Moved, c: Selected, amount: float) -> None:
    routes, freight = c.routes, moved.array("freight")[c.target]
    if c.event.unit == "x":
        times = c.event.coverage * (c.event.size - 1.0) * c.share * (1.0 - c.event.leakage)
        freight[routes] += times * moved.world.freight[c.target][routes]
    else:
        freight[routes] += amount
    if not routes.any():
        moved.notes.append(f"{c.event.id}: none of its routes is between countries of this world; left out.")


def _outage(moved: _Moved, c: Selected, lost: float) -> None:
    moved.array("supply_factor")[c.target, c.origins] *= 1.0 - lost


def _process_outage(moved: _Moved, c: Selected, lost: float) -> None:
    moved.array("process_factor")[c.target, c.origins] *= 1.0 - lost


def _primary_change(sign: float) -> Callable[[_Moved, Selected, float], None]:
    """Primary supply times 1 + sign x change; a change in t is over base output."""

    def lever(moved: _Moved, c: Selected, change: float) -> None:
        M0 = moved.world.M0[c.target]
        _changed(moved, c, change, sign, M0, moved.array("supply_factor")[c.target])

    return lever


def _process_closure(moved: _Moved, c: Selected, change: float) -> None:
    made = sum(moved.world.chain.processes[c.target].outputs.values()) * moved.world.X0[c.target]
    _changed(moved, c, change, -1.0, made, moved.array("process_factor")[c.target])


def _changed(moved: _Moved, c: Selected, change: float, sign: float, base: Array, factor: Array) -> None:
    here = c.origins & (base > 0)
    if not here.any():
        moved.notes.append(f"{c.event.id}: no base output there; left out.")
        return
    part = change / base[here] if c.event.unit == "t" else np.full(int(here.sum()), change)
    if sign * part.min() < -1.0:
        moved.notes.append(
            f"{c.event.id}: more than the base output of {float(base[here].min()):,.0f} t; all closes."
        )
    factor[here] *= np.maximum(1.0 + sign * part, 0.0)


def _production_quota(moved: _Moved, c: Selected, cut: float) -> None:
    event, M0, ceiling = c.event, moved.world.M0[c.target], moved.array("supply_ceiling")[c.target]
    here = np.flatnonzero(c.origins & (M0 > 0))
    for i in here:
        base = float(M0[i])
        allowed = base * (1.0 - cut) if event.unit == "fraction" else allowed_tonnes(event, c.share, base)
        ceiling[i] = min(ceiling[i], allowed)
    if not len(here):
        moved.notes.append(f"{event.id}: no base output where the quota holds; left out.")


def _demand(moved: _Moved, c: Selected, change: float) -> None:
    moved.array("demand_factor")[c.target][np.ix_(c.destinations, c.uses)] *= 1.0 + change


def _currency(moved: _Moved, c: Selected, rise: float) -> None:
    fx = moved.array("fx")
    fx[c.origins] = (1.0 + fx[c.origins]) / (1.0 + rise) - 1.0


def _subsidy(moved: _Moved, c: Selected, amount: float) -> None:
    moved.array("subsidy")[c.target, c.origins] += amount


def _process_subsidy(moved: _Moved, c: Selected, amount: float) -> None:
    per_activity = amount * sum(moved.world.chain.processes[c.target].outputs.values())
    moved.array("process_subsidy")[c.target, c.origins] += per_activity


def _price_floor(moved: _Moved, c: Selected, amount: float) -> None:
    """Guarantees of different parts of the window become one: their shares added, their prices averaged."""
    del amount
    floor, share = moved.array("price_floor")[c.target], moved.array("floor_share")[c.target]
    part = c.event.coverage * c.share * (1.0 - c.event.leakage)
    if c.event.size <= 0 or part <= 0:
        moved.notes.append(f"{c.event.id}: nothing is guaranteed; left out.")
        return
    if (share[c.origins] > 0).any():
        moved.notes.append(
            f"{c.event.id}: a second guaranteed price in the window; one at their average is taken."
        )
    floor[c.origins] = (floor * share + c.event.size * part)[c.origins] / (share[c.origins] + part)
    share[c.origins] = np.minimum(share[c.origins] + part, 1.0)


def _mine(moved: _Moved, c: Selected, amount: float) -> None:
    del amount
    (i,) = np.flatnonzero(c.origins)
    capacity = c.event.size * c.share
    if capacity <= 0:
        moved.notes.append(f"{c.event.id}: no capacity in this window; left out.")
        return
    reach = c.destinations.astype(float)
    moved.entrants.append(Entrant(c.event.id, c.target, int(i), capacity, reach, c.event.id))


def _plant(moved: _Moved, c: Selected, amount: float) -> None:
    del amount
    (i,) = np.flatnonzero(c.origins)
    activity = c.event.size * c.share / sum(moved.world.chain.processes[c.target].outputs.values())
    if activity <= 0:
        moved.notes.append(f"{c.event.id}: no capacity in this window; left out.")
        return
    reach = c.destinations.astype(float)
    moved.plants.append(PlantEntrant(c.event.id, c.target, int(i), activity, reach, c.event.id))


_LEVERS: dict[EventKind, Callable[[_Moved, Selected, float], None]] = {
    EventKind.TARIFF: _tariff,
    EventKind.SPECIFIC_DUTY: _routed("specific"),
    EventKind.EXPORT_TAX: _routed("export_tax"),
    EventKind.FREIGHT: _freight,
    EventKind.OUTAGE: _outage,
    EventKind.PROCESS_OUTAGE: _process_outage,
    EventKind.PRODUCTION_QUOTA: _production_quota,
    EventKind.CLOSURE: _primary_change(-1.0),
    EventKind.PROCESS_CLOSURE: _process_closure,
    EventKind.RECYCLING: _primary_change(1.0),
    EventKind.HOST_OUTPUT: _primary_change(1.0),
    EventKind.DEMAND: _demand,
    EventKind.CURRENCY: _currency,
    EventKind.SUBSIDY: _subsidy,
    EventKind.PROCESS_SUBSIDY: _process_subsidy,
    EventKind.PRICE_FLOOR: _price_floor,
    EventKind.MINE: _mine,
    EventKind.PLANT: _plant,
}
