"""CompiledEvents: the only thing the solver sees of a scenario."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crosscut.market.events import RentTo
from crosscut.market.world import World

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Group:
    """A set of routes of one form with a limit in t: a cap (kind "cap") or a floor (kind "floor").

    routes[i, j] is True where origin i, destination j belongs to the group.
    """

    id: str
    kind: str
    form: int
    routes: NDArray[np.bool_]
    limit: float
    rent_to: RentTo = RentTo.NOBODY
    event_id: str = ""


@dataclass(frozen=True, eq=False)
class Entrant:
    """New primary supply of a form in a country: capacity in t a year; reach[j] is 0 where it is refused."""

    id: str
    form: int
    country: int
    capacity: float
    reach: Array
    event_id: str = ""


@dataclass(frozen=True, eq=False)
class PlantEntrant:
    """New processing capacity in a country: t of activity a year."""

    id: str
    process: int
    country: int
    capacity: float
    reach: Array
    event_id: str = ""


@dataclass(frozen=True, eq=False)
class CompiledEvents:
    """Wedges, closed routes, groups, multipliers and entrants for one solve (arrays as in World).

    tariff, export_tax: fractions after events; specific: USD/t added at import (after freight, not dutiable);
    freight: USD/t after events; open_routes: False where closed; supply_factor[f, i] and process_factor[k, i]
    multiply curve and capacity; supply_ceiling[f, i]: production quota in t (inf = none); demand_factor[f, j, u];
    fx[i]: rise of the local price of a dollar (producers see p (1 + fx)), 0 = base.
    """

    tariff: Array
    export_tax: Array
    specific: Array
    freight: Array
    open_routes: NDArray[np.bool_]
    supply_factor: Array
    supply_ceiling: Array
    process_factor: Array
    demand_factor: Array
    fx: Array
    caps: tuple[Group, ...] = ()
    floors: tuple[Group, ...] = ()
    entrants: tuple[Entrant, ...] = ()
    plants: tuple[PlantEntrant, ...] = ()
    notes: tuple[str, ...] = ()


def no_events(world: World) -> CompiledEvents:
    """Nothing happens: the taxes and freight of the base, every route open."""
    F, n = world.M0.shape
    return CompiledEvents(
        tariff=world.tariff,
        export_tax=world.export_tax,
        specific=np.zeros((F, n, n)),
        freight=world.freight,
        open_routes=np.ones((F, n, n), dtype=bool),
        supply_factor=np.ones((F, n)),
        supply_ceiling=np.full((F, n), np.inf),
        process_factor=np.ones(world.X0.shape),
        demand_factor=np.ones(world.D0.shape),
        fx=np.zeros(n),
    )
