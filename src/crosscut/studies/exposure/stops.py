"""Stops: what a place loses when an origin stops selling abroad for a year, solved over draws of behaviour.

The origin keeps its mines and its own use; every export route of the forms named is closed for the whole
year.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from crosscut.base.arrays import Array
from crosscut.market.events.compiled import CompiledEvents, no_events
from crosscut.market.model.world import World
from crosscut.market.read.welfare import welfare_change
from crosscut.market.solve.solver import solve
from crosscut.studies.shared.draws import draw_of
from crosscut.studies.shared.ensemble import price_noise
from crosscut.studies.shared.quantities import PricePlace, price_at


@dataclass(frozen=True)
class Stop:
    """An origin (position) and the forms (positions) it stops selling abroad."""

    origin: int
    forms: tuple[int, ...]


@dataclass(frozen=True)
class Loss:
    """By draw, NaN where it did not solve: final use lost (t), ratio of the cost of the marginal tonne of
    the first form, welfare lost (USD a year, a gain is negative). `failed` are the draws."""

    short: Array
    price: Array
    usd: Array
    failed: tuple[int, ...]


def stopped_exports(world: World, stop: Stop) -> CompiledEvents:
    """Every export route of the origin closed for the forms of the stop."""
    events = no_events(world)
    routes = events.open_routes.copy()
    for f in stop.forms:
        routes[f, stop.origin, :] = False
        routes[f, stop.origin, stop.origin] = True
    return replace(events, open_routes=routes)


def losses(world: World, places: Sequence[int], stops: Sequence[Stop], seed: int, draws: int) -> list[Loss]:
    """What the places lose together under each stop, apart. The market before is solved once a draw."""
    base, noise = no_events(world), price_noise(world)
    events = [stopped_exports(world, s) for s in stops]
    at = list(places)
    seen = [PricePlace(s.forms[0], world.countries[at[0]], "marginal", tuple(at)) for s in stops]
    short, price, usd = (np.full((len(stops), draws), np.nan) for _ in range(3))
    failed: list[list[int]] = [[] for _ in stops]
    for d in range(draws):
        params = draw_of(world, (), seed, d, noise).params
        before = solve(world, params, base)
        for k, ev in enumerate(events):
            after = solve(world, params, ev)
            if not (before.ok and after.ok):
                failed[k].append(d)
                continue
            short[k, d] = (before.use[:, at] - after.use[:, at]).sum()
            price[k, d] = price_at(world, ev, after, seen[k]) / price_at(world, base, before, seen[k])
            usd[k, d] = -welfare_change(world, params, base, before, ev, after)["total"][at].sum()
    return [Loss(short[k], price[k], usd[k], tuple(failed[k])) for k in range(len(stops))]
