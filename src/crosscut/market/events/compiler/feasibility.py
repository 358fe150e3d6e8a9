"""Feasibility: floors against caps, closed routes and capacity, before anything is solved.

Tests: tests/market/events/test_checks.py, tests/market/test_limits.py
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from crosscut.base.arrays import Array
from crosscut.base.errors import Problem, UserError
from crosscut.market.events.compiled import CompiledEvents, Group, StockRule
from crosscut.market.model.curves import logistic
from crosscut.market.model.world import World
from crosscut.market.solve.calibration import MOST_USED, PLANT_USE
from crosscut.market.solve.entry import ENTRANT_USE, PLANT_BASE_USE

ROOM = 0.999  # a lowered floor stays this far below what is possible


def feasible_floors(
    floors: tuple[Group, ...],
    caps: tuple[Group, ...],
    levers: CompiledEvents,
    world: World,
    where: str,
    *,
    lower: bool,
) -> tuple[tuple[Group, ...], list[str]]:
    """Floors set against caps, closed routes and capacity before anything is solved.

    Parameters
    ----------
    floors : tuple[Group, ...]
        The floors asked for.
    caps : tuple[Group, ...]
        The caps in force.
    levers : CompiledEvents
        Everything else that events move, with closed routes.
    world : World
        Base data.
    where : str
        How the place of a problem begins.
    lower : bool
        Whether a floor that cannot be met is lowered; else it is refused.

    Returns
    -------
    tuple of (tuple of Group, list of str)
        Floors that can be met, and notes.

    Raises
    ------
    UserError
        All floors that cannot be met, together, where they are not lowered.
    """
    if not floors:
        return (), []
    most = most_supply(world, levers)
    problems: list[Problem] = []
    notes: list[str] = []
    kept: list[Group] = []
    for floor in floors:
        at = f"{where}, event {floor.event_id!r}"
        if not floor.routes.any():
            problems.append(
                Problem(f"the floor {floor.id!r} stands on routes that are closed", at, "open routes")
            )
            continue
        room = [
            (f"the cap {c.id!r} of {c.most:,.6g} t", c.most - _held(kept, c.form, c.routes))
            for c in caps
            if c.form == floor.form and not (floor.routes & ~c.routes).any()
        ]
        origins = floor.routes.any(axis=1)
        from_origins = np.zeros_like(floor.routes)
        from_origins[origins] = True
        capacity = float(most[floor.form, origins].sum())
        room.append(
            (
                f"the {capacity:,.6g} t its origins can supply",
                capacity - _held(kept, floor.form, from_origins),
            )
        )
        what, space = min(room, key=lambda r: r[1])
        if floor.limit <= space:
            kept.append(floor)
        elif not lower:
            problems.append(
                Problem(
                    f"the floor {floor.id!r} of {floor.limit:,.6g} t is above {what}",
                    at,
                    f"at most {max(space, 0.0):,.6g} t",
                )
            )
        else:
            notes.append(
                f"{floor.id}: the drawn floor of {floor.limit:,.0f} t is lowered to what is possible."
            )
            if space > 0:
                kept.append(replace(floor, limit=ROOM * space))
    if problems:
        raise UserError(problems)
    return tuple(kept), notes


def _held(floors: list[Group], form: int, routes: NDArray[np.bool_]) -> float:
    """Tonnes that floors already promise wholly within these routes."""
    return sum(g.limit for g in floors if g.form == form and not (g.routes & ~routes).any())


def most_supply(world: World, levers: CompiledEvents) -> Array:
    """What an origin can sell at any price, with capacities as calibration sets them.

    Parameters
    ----------
    world : World
        Base data.
    levers : CompiledEvents
        What events move.

    Returns
    -------
    Array, shape (F, n)
        t contained a year.
    """
    stated = np.nan_to_num(world.supply_capacity, nan=0.0)
    mines = np.where(world.M0 > 0, np.maximum(stated, world.M0 / MOST_USED), 0.0) * levers.supply_factor
    most: Array = np.minimum(mines, levers.supply_ceiling)
    for entrant in levers.entrants:
        most[entrant.form, entrant.country] += entrant.capacity
    lowest, highest = PLANT_USE
    known = np.where(np.isnan(world.process_capacity), world.X0 / 0.8, world.process_capacity)
    plants = np.clip(known, world.X0 / highest, world.X0 / lowest) * levers.process_factor
    for plant in levers.plants:
        plants[plant.process, plant.country] += plant.capacity
    made: Array = np.einsum("kf,ki->fi", world.output_coefficients(), plants)
    for stock in levers.releases:
        most[stock.form, stock.country] += stock.tonnes * _left_at_base(world, stock)
    return most + made


def _left_at_base(world: World, stock: StockRule) -> float:
    """Share of a stock that is still there at the base price."""
    above = (float(world.prices[stock.form, stock.country]) - stock.trigger) / stock.width
    return float(1.0 - logistic(np.array(above)))


def expected_output(world: World, levers: CompiledEvents) -> Array:
    """What an origin makes at base prices after what happens to its capacity.

    Parameters
    ----------
    world : World
        Base data.
    levers : CompiledEvents
        What events move.

    Returns
    -------
    Array, shape (F, n)
        t contained a year; entrants at the share of capacity they sell at price parity.
    """
    out: Array = np.minimum(world.M0 * levers.supply_factor, levers.supply_ceiling)
    for entrant in levers.entrants:
        out[entrant.form, entrant.country] += ENTRANT_USE * entrant.capacity
    plants = world.X0 * levers.process_factor
    for plant in levers.plants:
        plants[plant.process, plant.country] += PLANT_BASE_USE * plant.capacity
    made: Array = np.einsum("kf,ki->fi", world.output_coefficients(), plants)
    return out + made
