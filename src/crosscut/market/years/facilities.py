"""Facilities: the capacity of mines in a calendar year, and what they sold of a country's supply.

Investment: capacity that answers price (or the margin of processing), years later and up to a ceiling.

Tests: tests/market/years/test_known_paths.py, tests/market/years/test_year_rules.py
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

    Parameters
    ----------
    start : float
        First moment, a decimal year.
    end : float
        Last moment, a decimal year.
    year : int
        The calendar year.

    Returns
    -------
    float
        0 to 1.

    Examples
    --------
    >>> share_of_year(2030.25, 2040.0, 2030), share_of_year(2030.25, 2040.0, 2029)
    (0.75, 0.0)
    """
    return max(0.0, min(end, year + 1.0) - max(start, float(year)))


def capacity_in(facility: Facility, year: int) -> float:
    """Mean capacity over a calendar year: the ramp counted from the day of opening, cut at the end.

    Parameters
    ----------
    facility : Facility
        A mine or plant with its opening, ramp and end.
    year : int
        The calendar year.

    Returns
    -------
    float
        t contained a year.

    Examples
    --------
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
    """The facilities with capacity in a year.

    Together with the entrants of `events` they take at most MOST_OF_A_BUYER of what anyone buys, at price
    parity (E13).

    Parameters
    ----------
    facilities : tuple[Facility, ...]
        Every facility of the draw.
    year : int
        The calendar year.
    sold : Mapping[str, float]
        Facility id -> t sold so far, which count against a reserve.
    events : CompiledEvents
        Events of the year; closed routes are not reached.
    world : World
        Base data.

    Returns
    -------
    tuple of Entrant
        As the solver takes them.
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
    """What each entrant sold, and what everyone else supplied.

    Entrants of one country and form share what they sell in proportion to capacity.

    Parameters
    ----------
    calibration : Calibration
        Constants of the year, without the entrants.
    events : CompiledEvents
        Events of the year, with the entrants.
    price : Array, shape (F, n)
        Inside prices, USD per t contained.
    supply : Array, shape (F, n)
        Primary supply, t contained a year.

    Returns
    -------
    tuple of (dict of str to float, Array)
        Entrant id -> t sold; and primary supply of everyone else (F, n).
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
    """Growth of capacity decided at the end of a year; it opens `lag` years later.

    Parameters
    ----------
    rule : InvestmentRule
        How capacity answers.
    signals : Sequence[Array], shape (n) each
        What investors see by country, ln over base, oldest first, the last of the year that ends; years
        before the first count as 0.
    under_way : Array, shape (n)
        ln growth decided earlier and not open yet: an investor sees it and takes it off the price.

    Returns
    -------
    Array, shape (n)
        ln growth, at least 0.

    Examples
    --------
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
    """What opens next year of what was decided.

    Parameters
    ----------
    rule : InvestmentRule
        How capacity answers.
    queue : Sequence[Array], shape (n) each
        ln growth decided and not open yet, oldest first.
    size : Array, shape (n)
        ln capacity over base; growth stops where it reaches the ceiling.

    Returns
    -------
    tuple of (Array, tuple of Array)
        ln growth that opens next year, and what is still under way.
    """
    if len(queue) < rule.lag:
        return np.zeros_like(size), tuple(queue)
    room = np.maximum(np.log(rule.most) - size, 0.0)
    return np.minimum(queue[0], room), tuple(queue[1:])
