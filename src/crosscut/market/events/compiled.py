"""CompiledEvents: the only thing the solver sees of a scenario.

Tests: tests/market/events/test_compile_events.py, tests/market/test_kernel.py
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from crosscut.base.arrays import Array
from crosscut.market.events.events import RentTo
from crosscut.market.model.world import World


@dataclass(frozen=True, eq=False)
class Group:
    """A set of routes of one form with a limit in t: a cap (kind "cap") or a floor (kind "floor").

    routes[i, j] is True where origin i, destination j belongs to the group. A cap may be passed at a price:
    what flows beyond `limit` pays `toll` USD/t, up to `last` t (leakage at a surcharge, a tariff-rate
    quota). With an infinite toll nothing passes.
    """

    id: str
    kind: str
    form: int
    routes: NDArray[np.bool_]
    limit: float
    rent_to: RentTo = RentTo.NOBODY
    event_id: str = ""
    toll: float = np.inf
    last: float = np.inf

    @property
    def most(self) -> float:
        """Tonnes that may flow at any price (a cap)."""
        return self.last if np.isfinite(self.toll) else self.limit


@dataclass(frozen=True, eq=False)
class StockRule:
    """A stock that is released as the inside price p of a country rises: tonnes [L((p - trigger)/width) -
    L((p0 - trigger)/width)], with p0 the base price; trigger and width in USD/t."""

    id: str
    form: int
    country: int
    tonnes: float
    trigger: float
    width: float
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
    multiply curve and capacity; supply_ceiling[f, i]: production quota in t (inf = none); demand_factor[f,
    j, u]; fx[i]: rise of the local price of a dollar (producers see p (1 + fx)), 0 = base.

    cif_shift[f, i, j]: rate of duty charged on freight beyond what the basis of the destination implies
    (below 0: a duty on FOB where others are on CIF). subsidy[f, i] and process_subsidy[k, i]: USD per t of
    primary output and of activity, paid by the state of the origin. price_floor[f, i]: USD per t guaranteed
    to producers (0 none) for the share floor_share[f, i] of their output. purchases[f, j]: t bought for
    stock at any price up to the backstop. releases: stocks sold as prices rise. switch_share,
    switch_trigger, switch_width [f, j, u]: share of a use that turns to another material, around which ratio
    of Phi to Phi0, how gradually.
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
    cif_shift: Array
    subsidy: Array
    process_subsidy: Array
    price_floor: Array
    floor_share: Array
    purchases: Array
    switch_share: Array
    switch_trigger: Array
    switch_width: Array
    caps: tuple[Group, ...] = ()
    floors: tuple[Group, ...] = ()
    entrants: tuple[Entrant, ...] = ()
    plants: tuple[PlantEntrant, ...] = ()
    releases: tuple[StockRule, ...] = ()
    notes: tuple[str, ...] = ()


_NOTHING: WeakKeyDictionary[World, CompiledEvents] = WeakKeyDictionary()


def no_events(world: World) -> CompiledEvents:
    """Nothing happens: the taxes and freight of the base, every route open.

    Parameters
    ----------
    world : World
        Base data.

    Returns
    -------
    CompiledEvents
        One and the same for a world; its arrays are read-only.

    Examples
    --------
    >>> from crosscut.market.model.examples import two_country_world
    >>> w = two_country_world()
    >>> no_events(w) is no_events(w)
    True
    """
    if world not in _NOTHING:
        _NOTHING[world] = _nothing(world)
    return _NOTHING[world]


def arrays_of(events: CompiledEvents) -> dict[str, NDArray[np.generic]]:
    """The arrays of compiled events.

    Parameters
    ----------
    events : CompiledEvents
        What the solver sees of a scenario.

    Returns
    -------
    dict of str to array
        By the names of the fields.
    """
    found = {f.name: getattr(events, f.name) for f in fields(events)}
    return {name: a for name, a in found.items() if isinstance(a, np.ndarray)}


def _nothing(world: World) -> CompiledEvents:
    F, n = world.M0.shape
    out = CompiledEvents(
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
        cif_shift=np.zeros((F, n, n)),
        subsidy=np.zeros((F, n)),
        process_subsidy=np.zeros(world.X0.shape),
        price_floor=np.zeros((F, n)),
        floor_share=np.zeros((F, n)),
        purchases=np.zeros((F, n)),
        switch_share=np.zeros(world.D0.shape),
        switch_trigger=np.full(world.D0.shape, 2.0),
        switch_width=np.full(world.D0.shape, 0.2),
    )
    for array in arrays_of(out).values():
        array.setflags(write=False)
    return out
