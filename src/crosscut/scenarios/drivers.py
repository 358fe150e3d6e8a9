"""Drivers: how much of the headline price change each event explains, at median parameters.

Shapley shares: the average over all orders of adding the events, exact because a run has few of them.
"""

from __future__ import annotations

from itertools import combinations
from math import factorial
from typing import Any

import numpy as np

from crosscut.market.compile import compile_events
from crosscut.market.compiled import Group, no_events
from crosscut.market.events import Event, EventKind
from crosscut.market.solver import solve
from crosscut.scenarios.ensemble import Ensemble
from crosscut.scenarios.entries import event_title
from crosscut.scenarios.quantities import PricePlace, price_at

MOST_EVENTS = 6  # 2^6 solves; beyond that shares are not computed and the table says so


def driver_rows(ensemble: Ensemble, headline: PricePlace | None) -> list[dict[str, Any]]:
    """One row per event: share of the log change of the headline price, whether its limit binds, its rent."""
    scenario, central = ensemble.scenario, ensemble.central
    own = [e for e in scenario.events if e.id not in set(scenario.prior_events)]
    shares = _shares(ensemble, [e.id for e in own], headline)
    groups = (*central.events_after.caps, *central.events_after.floors)
    rows = []
    for event in own:
        mine = [g for g in groups if g.event_id == event.id]
        rents = [
            central.after.multipliers.get(g.id, 0.0) * float(central.after.flows[g.form][g.routes].sum())
            for g in mine
        ]
        rows.append(
            {
                "event": event.id,
                "title": event_title(event),
                "share": shares.get(event.id),
                "binds": _binds(ensemble, event, mine),
                "rent": sum(rents) / 1e6 if mine else None,
                "rent_to": str(event.rent_to) if mine else None,
            }
        )
    return rows


def _binds(ensemble: Ensemble, event: Event, groups: list[Group]) -> bool | None:
    """Whether the limit of an event holds something back at median sizes; None when the event sets no limit."""
    central = ensemble.central
    if groups:
        return any(central.after.multipliers.get(g.id, 0.0) > 1e-6 for g in groups)
    if event.kind is not EventKind.PRODUCTION_QUOTA:
        return None
    f = ensemble.world.chain.form_index(event.form)
    ceiling = central.events_after.supply_ceiling[f]
    return bool((np.isfinite(ceiling) & (ceiling < central.before.supply[f])).any())


def _shares(ensemble: Ensemble, ids: list[str], headline: PricePlace | None) -> dict[str, float]:
    n = len(ids)
    if headline is None or not 0 < n <= MOST_EVENTS:
        return {}
    world, scenario, draw = ensemble.world, ensemble.scenario, ensemble.central.draw
    prior = tuple(scenario.prior_events)
    log_price: dict[frozenset[str], float] = {}
    for size in range(n + 1):
        for subset in combinations(ids, size):
            only = (*prior, *subset)
            events = compile_events(scenario, world, sizes=draw.sizes, only=only) if only else no_events(world)
            solution = solve(world, draw.params, events)
            if not solution.ok:
                return {}
            log_price[frozenset(subset)] = float(np.log(price_at(world, events, solution, headline)))
    total = log_price[frozenset(ids)] - log_price[frozenset()]
    if not np.isfinite(total) or abs(total) < 1e-9:
        return {}
    out = {}
    for i in ids:
        others = [o for o in ids if o != i]
        gain = 0.0
        for size in range(n):
            weight = factorial(size) * factorial(n - size - 1) / factorial(n)
            for subset in combinations(others, size):
                gain += weight * (log_price[frozenset({*subset, i})] - log_price[frozenset(subset)])
        out[i] = gain / total
    return out
