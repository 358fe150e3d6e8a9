"""Facilities: the capacity of mines in a calendar year, and what they sold of a country's supply.

Investment: capacity that answers price (or the margin of processing), years later and up to a ceiling.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import inf

import numpy as np

from crosscut.base.arrays import Array
from crosscut.market.events.compiled import CompiledEvents, Entrant
from crosscut.market.model.curves import SumOfSupplies
from crosscut.market.model.world import World
from crosscut.market.solve.calibration import Calibration
from crosscut.market.solve.entry import entered
from crosscut.market.years.draw import Facility, InvestmentRule

MOST_OF_A_BUYER = 0.8  # of its purchases that entrants may take together at price parity


def share_of_year(start: float, end: float, year: int) -> float:
    """The part of a calendar year that lies between two decimal years.

    >>> share_of_year(2030.25, 2040.0, 2030), share_of_year(2030.25, 2040.0, 2029)
    (0.75, 0.0)
    """
    return max(0.0, min(end, year + 1.0) - max(start, float(year)))


def capacity_in(facility: Facility, year: int) -> float:
    """Mean capacity over a calendar year, t: the ramp counted from the day of opening, cut at the end.

    >>> mine = Facility("m", 0, 0, 1000.0, 2030.5, np.ones(1), ramp=(0.1, 0.5, 1.0), end=2033.0)
    >>> [round(capacity_in(mine, y), 6) for y in (2029, 2030, 2031, 2032, 2033)]
    [0.0, 50.0, 300.0, 750.0, 0.0]
    """
    if facility.start == inf:
        return 0.0
    total, last = 0.0, len(facility.ramp) - 1
    for k, share in enumerate(facility.ramp):
        opens = facility.start + k
        closes = min(opens + 1.0 if k < last else inf, facility.end)
        total += share * share_of_year(opens, closes, year)
    return facility.capacity * total


def entrants_of(
    facilities: tuple[Facility, ...],
    year: int,
    sold: Mapping[str, float],
    events: CompiledEvents,
    world: World,
) -> tuple[Entrant, ...]:
    """The facilities with capacity in a year; `sold` t so far count against a reserve, closed routes are not
    reached.

    Together with the entrants of `events` they take at most MOST_OF_A_BUYER of what anyone buys, at price
    parity.
    """
    out = []
    for f in facilities:
        left = max(f.reserve - sold.get(f.id, 0.0), 0.0)
        capacity = min(capacity_in(f, year), left)
        if capacity > 0:
            reach = f.reach * events.open_routes[f.form, f.country]
            out.append(Entrant(f.id, f.form, f.country, capacity, reach, f.id))
    room = _room_for((*events.entrants, *out), world)
    return tuple(replace(e, reach=e.reach * room[e.form]) for e in out)


def _room_for(entrants: tuple[Entrant, ...], world: World) -> Array:
    """room[f, j] at most 1: what the reach of entrants is multiplied by where they would take too much of a
    buyer."""
    capacity, asked = np.zeros(world.M0.shape[0]), np.zeros_like(world.M0)
    for e in entrants:
        capacity[e.form] += e.capacity
        asked[e.form] += e.capacity * e.reach
    share = asked / np.maximum(world.supply().sum(axis=1) + capacity, 1e-300)[:, None]
    out: Array = MOST_OF_A_BUYER / np.maximum(share, MOST_OF_A_BUYER)
    return out


def sold_by_entrant(
    calibration: Calibration, events: CompiledEvents, price: Array, supply: Array
) -> tuple[dict[str, float], Array]:
    """(entrant id -> t sold, primary supply of everyone else [f, i]) at inside prices `price`.

    Entrants of one country and form share what they sell in proportion to capacity.
    """
    if not events.entrants:
        return {}, supply
    curve = entered(calibration, events).supply
    assert isinstance(curve, SumOfSupplies)
    y = np.where(np.isfinite(price), price * (1.0 + events.fx), 1.0)
    together = np.where(np.isfinite(price), curve.parts[-1].value(y), 0.0)
    together = np.minimum(together, supply)
    capacity = np.zeros_like(supply)
    for e in events.entrants:
        capacity[e.form, e.country] += e.capacity
    sold = {
        e.id: float(together[e.form, e.country] * e.capacity / capacity[e.form, e.country])
        for e in events.entrants
    }
    return sold, supply - together


def decided_growth(rule: InvestmentRule, signals: Sequence[Array], under_way: Array) -> Array:
    """ln growth of capacity decided at the end of a year, by country; it opens `lag` years later.

    signals: by country, oldest first, the last of the year that ends (years before the first count as 0).
    `under_way` is ln growth decided earlier and not open yet: an investor sees it and takes it off the price.

    >>> rule = InvestmentRule("m", 0, -1, np.array([True]), 1.0, 0.5, 0.1, 1.5, lag=2, window=1)
    >>> float(decided_growth(rule, [np.array([0.1])], np.zeros(1))[0].round(4))
    0.0488
    >>> float(decided_growth(rule, [np.array([0.1])], np.array([0.1]))[0])
    0.0
    """
    seen = sum(signals[-rule.window :], np.zeros_like(under_way)) / rule.window
    excess = np.maximum(seen - np.log(rule.hurdle) - under_way, 0.0)
    growth = np.log1p(np.minimum(rule.response * excess, rule.most_a_year))
    return np.where(rule.countries, growth, 0.0)


def opened_growth(
    rule: InvestmentRule, queue: Sequence[Array], size: Array
) -> tuple[Array, tuple[Array, ...]]:
    """(ln growth that opens next year, what is still under way) of what was decided, oldest first; growth
    stops where ln capacity over base, `size`, reaches the ceiling."""
    if len(queue) < rule.lag:
        return np.zeros_like(size), tuple(queue)
    room = np.maximum(np.log(rule.most) - size, 0.0)
    return np.minimum(queue[0], room), tuple(queue[1:])
