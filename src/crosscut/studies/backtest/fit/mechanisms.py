"""Mechanisms: an episode's measure and a behaviour as a world, parameters and events that the market
solves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from crosscut.base.arrays import Array
from crosscut.market.events.compiled import CompiledEvents, Group, no_events
from crosscut.market.model.solution import Solution
from crosscut.market.model.world import Params, World
from crosscut.market.solve.solver import solve
from crosscut.studies.backtest.cases import Disruption, Hit
from crosscut.studies.backtest.fit.behaviour import FittedBehaviour, Trading
from crosscut.studies.backtest.worlds_at_base import BaseWorld

LEAST_LEFT = 0.01  # of the hit flow: a stop leaks
BACK = 3  # years that make an importer's or exporter's usual level
SMALL_SELLER = 0.02  # of world exports
MOST_GROWTH = 30.0  # times what an exporter sold in the base year
SPARE = 1.1  # capacity over base supply where nothing was ever sold above it
BINDS = 1e-6  # relative: a limit that is met to this binds


def solved(
    base: BaseWorld, measure: Disruption, behaviour: FittedBehaviour, cut: float, given: bool = False
) -> Solution:
    """The market after the hit flow is cut by `cut`: at most what is left flows, or just that where the
    change is `given` (track B; below 0 the flow grows)."""
    world, params = _world(base, max(-cut, 0.0) if given else 0.0), _params(behaviour)
    events = _events(base, measure, behaviour)
    if measure.hit is Hit.DEMAND:
        return solve(world, params, events)
    if measure.hit is Hit.OUTPUT and not given:
        ceiling = np.full((1, len(world.countries)), np.inf)
        ceiling[0, base.restrictor] = max(1.0 - cut, LEAST_LEFT) * world.M0[0, base.restrictor]
        return solve(world, params, replace(events, supply_ceiling=ceiling))
    routes = hit_routes(base, measure)
    limit = max(1.0 - cut, LEAST_LEFT) * float(world.q0[0][routes].sum())
    if limit <= 0:
        return solve(world, params, events)
    capped = solve(world, params, replace(events, caps=(Group("measure", "cap", 0, routes, limit),)))
    if not given or not capped.ok or float(capped.flows[0][routes].sum()) >= limit * (1 - BINDS):
        return capped
    # What really flowed is more than the market would have let flow: it is held from below instead.
    return solve(world, params, replace(events, floors=(Group("realised", "floor", 0, routes, limit),)))


def hit_routes(base: BaseWorld, measure: Disruption) -> NDArray[np.bool_]:
    """[i, j] True on the flows that the measure hits: all exports of the restrictor, or the pair."""
    n = len(base.world.countries)
    out = np.zeros((n, n), dtype=bool)
    if measure.hit is Hit.PAIR and base.target is not None:
        out[base.restrictor, base.target] = True
        return out
    out[base.restrictor] = True
    out[base.restrictor, base.restrictor] = False
    return out


def usual(history: Array) -> Array:
    """Mean of the three years before the last one (all there are when fewer); NaN without any."""
    if len(history) < 2:
        return np.full(history.shape[1:], np.nan)
    out: Array = history[max(0, len(history) - 1 - BACK) : -1].mean(axis=0)
    return out


def _world(base: BaseWorld, growth: float) -> World:
    """The base with some spare capacity, and for the restrictor with what it takes to grow by `growth`."""
    spare = np.full(len(base.world.countries), SPARE)
    spare[base.restrictor] *= 1.0 + growth
    return replace(base.world, supply_capacity=spare * base.world.M0)


def _params(b: FittedBehaviour) -> Params:
    e, s = b.pricing.elasticity, b.trading.supply_part
    return Params(np.array([b.trading.sigma]), np.array([e * s]), np.full((1, 1), e * (1 - s)), np.zeros(0))


def _events(base: BaseWorld, measure: Disruption, b: FittedBehaviour) -> CompiledEvents:
    """Everything but the measure itself: what buyers and other sellers do."""
    demand = importers_reverting(base, b.trading.reversion)
    if measure.foreseen:
        demand = demand * stocks_used(base, b.pricing.cushion)
    if measure.sudden:
        demand = demand * (1.0 + b.pricing.precaution)
    supply = exporters_returning(base, b.trading)
    return replace(no_events(base.world), supply_factor=supply[None], demand_factor=demand[None, :, None])


def importers_reverting(base: BaseWorld, reversion: float) -> Array:
    """Demand factor by country: deviations from the usual level undone in part, the world total kept."""
    n = len(base.world.countries)
    if reversion == 0 or len(base.imports) < 2:
        return np.ones(n)
    now, mean = base.imports[-1], usual(base.imports)
    both = (now > 0) & (mean > 0)
    ratio = np.where(both, mean / np.where(both, now, 1.0), 1.0)
    factor = np.clip(ratio**reversion, np.exp(-1.0), np.exp(1.0))
    use = base.world.D0[0, :, 0]
    out: Array = factor * use.sum() / float((use * factor).sum())
    return out


def stocks_used(base: BaseWorld, cushion: float) -> Array:
    """Demand factor by country: what an importer that buys from the restrictor bought above its usual level
    is used up."""
    n = len(base.world.countries)
    if cushion == 0 or len(base.imports) < 2:
        return np.ones(n)
    now, mean = base.imports[-1], usual(base.imports)
    built = np.where(base.world.q0[0][base.restrictor] > 0, np.maximum(now - mean, 0.0), 0.0)
    out: Array = 1.0 - cushion * np.where(now > 0, built / np.where(now > 0, now, 1.0), 0.0)
    return out


def exporters_returning(base: BaseWorld, trading: Trading) -> Array:
    """Supply factor by country: part of what was once sold above the base year comes back, and small sellers
    that are growing go on growing; what all others together offer is kept, so that nothing but shares
    moves."""
    n = len(base.world.countries)
    if len(base.exports) < 2:
        return np.ones(n)
    now = base.exports[-1]
    returning = trading.idle * (base.exports.max(axis=0) - now)
    small = now < SMALL_SELLER * now.sum()
    growing = trading.newcomers * np.where(small, np.maximum(now - base.exports[-2], 0.0), 0.0)
    others = np.arange(n) != base.restrictor
    factor = 1.0 + np.where(others & (now > 0), (returning + growing) / np.where(now > 0, now, 1.0), 0.0)
    factor = np.minimum(factor, MOST_GROWTH)
    made = np.where(others, base.world.M0[0], 0.0)
    kept = float(made.sum()) / max(float((made * factor).sum()), 1e-300)
    return np.where(others, factor * kept, 1.0)
