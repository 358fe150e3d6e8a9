"""Levers: everything an event moves that is not a limit: duties, taxes, freight, capacity, demand, entrants,
currency. Sizes are weighted with the share of the window in force."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from crosscut.market.compile.limits import allowed_tonnes
from crosscut.market.compile.selection import Selected
from crosscut.market.compiled import CompiledEvents, Entrant, PlantEntrant, no_events
from crosscut.market.events import EventKind
from crosscut.market.world import World

Array = NDArray[np.float64]


def moved_levers(chosen: list[Selected], world: World) -> CompiledEvents:
    """The base with every lever moved; no groups, every route open.

    Duties, taxes and freight of several events add up; factors of several events multiply; the lowest of several
    ceilings holds.
    """
    F, n = world.M0.shape
    tariff, export_tax, freight = world.tariff.copy(), world.export_tax.copy(), world.freight.copy()
    specific = np.zeros((F, n, n))
    supply_factor, ceiling = np.ones((F, n)), np.full((F, n), np.inf)
    process_factor, demand_factor = np.ones(world.X0.shape), np.ones(world.D0.shape)
    currency = np.zeros(n)
    entrants: list[Entrant] = []
    plants: list[PlantEntrant] = []
    notes: list[str] = []
    routed: dict[EventKind, Array] = {
        EventKind.TARIFF: tariff,
        EventKind.SPECIFIC_DUTY: specific,
        EventKind.EXPORT_TAX: export_tax,
        EventKind.FREIGHT: freight,
    }
    for c in chosen:
        event, f = c.event, c.target
        moved = event.coverage * event.size * c.share * (1.0 - event.leakage)
        match event.kind:
            case EventKind.TARIFF | EventKind.SPECIFIC_DUTY | EventKind.EXPORT_TAX | EventKind.FREIGHT:
                routed[event.kind][f][c.routes()] += moved
                notes += _basis_notes(c, world)
            case EventKind.OUTAGE:
                supply_factor[f, c.origins] *= 1.0 - moved
            case EventKind.PROCESS_OUTAGE:
                process_factor[f, c.origins] *= 1.0 - moved
            case EventKind.PRODUCTION_QUOTA:
                for i in np.flatnonzero(c.origins & (world.M0[f] > 0)):
                    base = float(world.M0[f, i])
                    allowed = (
                        base * (1.0 - moved) if event.unit == "fraction" else allowed_tonnes(event, c.share, base)
                    )
                    ceiling[f, i] = min(ceiling[f, i], allowed)
                if not (c.origins & (world.M0[f] > 0)).any():
                    notes.append(f"{event.id}: no base output where the quota holds; left out.")
            case EventKind.DEMAND:
                demand_factor[f][np.ix_(c.destinations, c.uses)] *= 1.0 + moved
            case EventKind.CURRENCY:
                currency[c.origins] = (1.0 + currency[c.origins]) / (1.0 + moved) - 1.0
            case EventKind.MINE:
                entrants += _mines(c, world, notes)
            case EventKind.PLANT:
                plants += _plants(c, world, notes)
            case _:
                pass
    return replace(
        no_events(world),
        tariff=tariff,
        export_tax=export_tax,
        specific=specific,
        freight=freight,
        supply_factor=supply_factor,
        supply_ceiling=ceiling,
        process_factor=process_factor,
        demand_factor=demand_factor,
        fx=currency,
        entrants=tuple(entrants),
        plants=tuple(plants),
        notes=tuple(notes),
    )


def _mines(c: Selected, world: World, notes: list[str]) -> list[Entrant]:
    (i,) = np.flatnonzero(c.origins)
    capacity = c.event.size * c.share
    if capacity <= 0:
        notes.append(f"{c.event.id}: no capacity in this window; left out.")
        return []
    return [Entrant(c.event.id, c.target, int(i), capacity, c.destinations.astype(float), c.event.id)]


def _plants(c: Selected, world: World, notes: list[str]) -> list[PlantEntrant]:
    (i,) = np.flatnonzero(c.origins)
    activity = c.event.size * c.share / sum(world.chain.processes[c.target].outputs.values())
    if activity <= 0:
        notes.append(f"{c.event.id}: no capacity in this window; left out.")
        return []
    return [PlantEntrant(c.event.id, c.target, int(i), activity, c.destinations.astype(float), c.event.id)]


def _basis_notes(c: Selected, world: World) -> list[str]:
    """Where an event states another duty basis than the destination of this world uses."""
    if c.event.kind is not EventKind.TARIFF or c.event.duty_basis is None:
        return []
    on_cif = c.event.duty_basis == "cif"
    wrong = [world.countries[j] for j in np.flatnonzero(c.routes().any(axis=0)) if world.duty_on_cif[j] != on_cif]
    if not wrong:
        return []
    used = "FOB" if on_cif else "CIF"
    bias = "low" if on_cif else "high"
    return [f"{c.event.id} is stated on {c.event.duty_basis.upper()}; {', '.join(wrong)} values goods on {used} in "
            f"this world, so the duty comes out {bias} by its rate times freight."]  # fmt: skip
