"""Readings: what is read off every solved draw, before and after the events, in small arrays.

One pass over the draws, so that the curves of a draw are built once for prices, their parts, money and utilisation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crosscut.market.calibration import calibrate
from crosscut.market.events import RentTo
from crosscut.market.price_parts import scarcity
from crosscut.market.solved import SolvedMarket, solved_market
from crosscut.market.welfare import rents_by_party, welfare_between
from crosscut.scenarios.ensemble import Ensemble, Outcome
from crosscut.scenarios.ladders import Rung, ladders
from crosscut.scenarios.quantities import PricePlace, price_places, prices_at

Array = NDArray[np.float64]
Pair = tuple[Array, Array]


@dataclass(frozen=True, eq=False)
class Reading:
    """One draw: pairs are (before, after).

    prices [place]; steps rung -> [seller or buyer]; welfare item -> USD a year by country; rents party -> change of
    USD a year by country; mines and plants: (capacity, output) of [f, i] and [k, i], t a year; scarcity: what a
    tonne of capacity or quota is worth to a mine [f, i], USD per t.
    """

    prices: Pair
    steps: tuple[dict[Rung, Array], dict[Rung, Array]]
    welfare: dict[str, Array]
    rents: dict[RentTo, Array]
    mines: tuple[Pair, Pair]
    plants: tuple[Pair, Pair]
    scarcity: Pair


@dataclass(frozen=True, eq=False)
class Readings:
    """All draws of an ensemble and the central one, at the places whose prices are reported."""

    places: tuple[PricePlace, ...]
    draws: tuple[Reading, ...]
    central: Reading


def readings(ensemble: Ensemble) -> Readings:
    """Everything the tables of a run are made of."""
    world, central = ensemble.world, ensemble.central
    places = tuple(price_places(world, central.before, central.after))
    read = [_reading(places, o) for o in (central, *ensemble.solved)]
    return Readings(places, tuple(read[1:]), read[0])


def _reading(places: tuple[PricePlace, ...], outcome: Outcome) -> Reading:
    world = outcome.world
    base = calibrate(world, outcome.draw.params)
    b = solved_market(base, outcome.events_before, outcome.before)
    a = solved_market(base, outcome.events_after, outcome.after)
    earned_before, earned_after = rents_by_party(b), rents_by_party(a)
    return Reading(
        prices=(prices_at(world, b.events, b.solution, places), prices_at(world, a.events, a.solution, places)),
        steps=(ladders(b, world, places), ladders(a, world, places)),
        welfare=welfare_between(world, b, a),
        rents={party: earned_after[party] - earned_before[party] for party in RentTo},
        mines=(_mines(b), _mines(a)),
        plants=(_plants(b), _plants(a)),
        scarcity=(scarcity(b), scarcity(a)),
    )


def _mines(market: SolvedMarket) -> Pair:
    return market.supply.capacity(), market.solution.supply


def _plants(market: SolvedMarket) -> Pair:
    return market.processing.capacity, market.solution.activity
