"""Continuation: two paths from a market that is solved to one that is not, for the cases Newton alone does
not reach.

Near: a start for the solver from a market that is already solved, such as that of the year before.

Tests: tests/market/test_levers_solve.py, tests/market/test_hard_cases.py
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from crosscut.base.arrays import Array
from crosscut.market.events.compiled import CompiledEvents, Group
from crosscut.market.model.solution import Solution
from crosscut.market.model.world import World
from crosscut.market.solve.idle_lines import lowest_log_price
from crosscut.market.solve.newton import ITERATIONS, newton, starting_point, unpacked
from crosscut.market.solve.state import Market, market_after, residuals, state_at

PATH_ITERATIONS = 25
FIRST_STEP = 0.25
SMALLEST_STEP = 1e-4

Path = tuple[Array, int, int, bool]  # where it ended, Newton iterations, path steps, arrived


def along_residuals(market: Market, z0: Array) -> Path:
    """Follows R(z) = (1 - t) R(z0) from t = 0 to 1: no event needs a meaning half-way.

    Parameters
    ----------
    market : Market
        The market to be solved.
    z0 : Array, shape (unknowns)
        The point where the path begins: ln p of live origins, then scaled multipliers.

    Returns
    -------
    Path
        Where the path led, in how many iterations and steps, and whether it arrived.
    """
    residual0, _ = residuals(market, state_at(market, *unpacked(market, z0)))
    return _followed(z0, 0.0, lambda t, z: newton(market, z, (1 - t) * residual0, PATH_ITERATIONS))


def along_events(market: Market, z0: Array) -> Path:
    """Moves the events from nothing to their size: taxes linearly, capacities and limits geometrically.

    Routes are closed and dead nodes out from the start; that market is solved first.

    Parameters
    ----------
    market : Market
        The market to be solved.
    z0 : Array, shape (unknowns)
        The point where the path begins: ln p of live origins, then scaled multipliers.

    Returns
    -------
    Path
        Where the path led, in how many iterations and steps, and whether it arrived.
    """
    del z0
    world = market.calibration.world

    def at(t: float) -> Market:
        return market_after(market.calibration, events_at(world, market.events, t), market.alive)

    first = at(0.0)
    z, iterations, done = newton(
        first, starting_point(first), np.zeros(len(starting_point(first))), ITERATIONS
    )
    if not done:
        z, more, steps, done = along_residuals(first, starting_point(first))
        iterations += more
        if not done:
            return z, iterations, steps, False
    end, more, steps, done = _followed(
        z, 0.0, lambda t, z: newton(at(t), z, np.zeros(len(z)), PATH_ITERATIONS)
    )
    return end, iterations + more, steps, done


def events_at(world: World, events: CompiledEvents, t: float) -> CompiledEvents:
    """The events at a share of their size; closed routes and dead supply are as at the full size.

    Parameters
    ----------
    world : World
        The base, from which everything moves.
    events : CompiledEvents
        The events at full size.
    t : float
        The share, 0 to 1.

    Returns
    -------
    CompiledEvents
        Taxes moved linearly, capacities and limits geometrically.
    """

    def linear(base: Array, end: Array) -> Array:
        return base + t * (end - base)

    def geometric(end: Array) -> Array:
        out: Array = np.where(end > 0, np.exp(t * np.log(np.where(end > 0, end, 1.0))), 0.0)
        return out

    def limited(g: Group) -> Group:
        base = float(world.q0[g.form][g.routes].sum())
        if base <= 0 or g.limit <= 0:
            return g
        last = float(np.exp((1 - t) * np.log(base) + t * np.log(g.last))) if np.isfinite(g.last) else g.last
        return replace(g, limit=float(np.exp((1 - t) * np.log(base) + t * np.log(g.limit))), last=last)

    ceiling = events.supply_ceiling
    with np.errstate(invalid="ignore", divide="ignore"):
        wide = np.maximum(np.nan_to_num(world.supply_capacity), ceiling)
        moved = np.where(
            np.isfinite(ceiling) & (ceiling > 0),
            np.exp((1 - t) * np.log(np.where(wide > 0, wide, 1.0)) + t * np.log(np.maximum(ceiling, 1e-300))),
            ceiling,
        )
    return replace(
        events,
        tariff=linear(world.tariff, events.tariff),
        export_tax=linear(world.export_tax, events.export_tax),
        specific=t * events.specific,
        freight=linear(world.freight, events.freight),
        supply_factor=geometric(events.supply_factor),
        supply_ceiling=moved,
        process_factor=geometric(events.process_factor),
        demand_factor=geometric(events.demand_factor),
        fx=t * events.fx,
        cif_shift=t * events.cif_shift,
        subsidy=t * events.subsidy,
        process_subsidy=t * events.process_subsidy,
        floor_share=t * events.floor_share,
        purchases=t * events.purchases,
        switch_share=t * events.switch_share,
        releases=tuple(replace(r, tonnes=t * r.tonnes) for r in events.releases),
        caps=tuple(limited(g) for g in events.caps),
        floors=tuple(limited(g) for g in events.floors),
    )


def _followed(z: Array, t: float, solved_at: Callable[[float, Array], tuple[Array, int, bool]]) -> Path:
    """From t to 1, the step doubled where Newton arrives and halved where it does not."""
    step, iterations, steps = FIRST_STEP, 0, 0
    while t < 1.0:
        ahead = min(1.0, t + step)
        trial, used, done = solved_at(ahead, z)
        iterations += used
        steps += 1
        if done:
            z, t = trial, ahead
            step *= 2.0
        else:
            step *= 0.5
            if step < SMALLEST_STEP:
                return z, iterations, steps, False
    return z, iterations, steps, True


AT_LOWEST = 1e-9  # in ln p: rounding must not hide that lines were idle


def start_near(market: Market, near: Solution) -> Array:
    """The unknowns of a market as another solved market has them.

    Limits are known by their id, so a market with other limits or other mines can be near.

    Parameters
    ----------
    market : Market
        The market to be solved.
    near : Solution
        The solution of another market of the same world.

    Returns
    -------
    Array, shape (unknowns)
        ln p of live origins, then scaled multipliers; base prices and no multiplier where `near` has none.
    """
    start = starting_point(market)
    live = market.alive.origin
    size = int(live.sum())
    with np.errstate(invalid="ignore", divide="ignore"):
        start[:size] = np.where(near.price[live] > 0, np.log(near.price[live]), start[:size])
    lowest = np.broadcast_to(lowest_log_price(market.calibration.reference)[:, None], live.shape)[live]
    start[:size] = np.where(np.abs(start[:size] - lowest) < AT_LOWEST, lowest, start[:size])
    paid = np.array([near.multipliers.get(g.id, 0.0) for g in market.groups])
    start[size:] = market.theta_g * paid
    return start
