"""Ladders: the steps from what a producer pays to what a buyer pays, for every form and place of one solved
market.

A seller's ladder goes from cost to the inside price and on to the border price; a buyer's from the price at
the origins it buys from to what it pays and on to the price of its marginal tonne. A level (inside, border,
paid, marginal) equals the sum of all parts before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from crosscut.base.arrays import Array
from crosscut.market.model.world import World
from crosscut.market.read.price_parts import ORIGIN, PricePart, producer_parts, route_parts
from crosscut.market.read.solved_market import SolvedMarket
from crosscut.studies.shared.quantities import PricePlace

ADAPTATION = PricePart("cost of adapting")
WEIGHTS = PricePart("weights: purchases against base use")
CURRENCY = PricePart("currency")
ROUNDING = 1e-12


@dataclass(frozen=True)
class Rung:
    """One step of a ladder: `side` is seller or buyer; a level has `basis` set and no part."""

    side: str
    part: PricePart
    basis: str = ""


def ladder_places(places: Sequence[PricePlace]) -> tuple[list[PricePlace], list[PricePlace]]:
    """One place a ladder, from the places whose prices are reported.

    Parameters
    ----------
    places : Sequence[PricePlace]
        As `price_places` gives them.

    Returns
    -------
    tuple[list[PricePlace], list[PricePlace]]
        (sellers: places with an inside price, buyers: places with a paid price).
    """
    return [p for p in places if p.basis == "inside"], [p for p in places if p.basis == "paid"]


def ladders(market: SolvedMarket, world: World, places: Sequence[PricePlace]) -> dict[Rung, Array]:
    """The ladders of every seller and buyer of one solved market.

    Parameters
    ----------
    market : SolvedMarket
        Solved, with its events.
    world : World
        Gives base-year use, by which a bloc's marginal price is weighted.
    places : Sequence[PricePlace]
        As `price_places` gives them.

    Returns
    -------
    dict[Rung, Array]
        Rung -> USD per t contained [seller or buyer], in the order of `ladder_places`; rungs in the order of
        the steps. NaN where the place has no such price.
    """
    sellers, buyers = ladder_places(places)
    routes = route_parts(world, market.events, market.solution)
    return {**_seller_ladder(market, routes, sellers), **_buyer_ladder(market, world, routes, buyers)}


def _seller_ladder(
    market: SolvedMarket, routes: dict[PricePart, Array], sellers: Sequence[PricePlace]
) -> dict[Rung, Array]:
    s, fx = market.solution, market.events.fx
    at = ([p.form for p in sellers], [p.nodes[0] for p in sellers])
    inside = (s.price * (1 + fx))[at]
    alive = np.isfinite(inside)
    out: dict[Rung, Array] = {}
    for part, values in producer_parts(market).items():
        out[Rung("seller", part)] = np.where(alive, values[at], np.nan)
    out[Rung("seller", PricePart("inside"), "inside")] = inside
    q = s.flows * ~np.eye(s.flows.shape[1], dtype=bool)
    sold = q.sum(axis=2)[at]
    exports = alive & (sold > 0)
    border = (s.price)[at]
    out[Rung("seller", CURRENCY)] = np.where(exports, border - inside, np.nan)
    for part, values in routes.items():
        if part.limit or part.name == "export tax":
            mean = np.divide(
                (q * values).sum(axis=2)[at], sold, out=np.full(len(sold), np.nan), where=exports
            )
            out[Rung("seller", part)] = mean
            border = border + mean
    out[Rung("seller", PricePart("border"), "border")] = np.where(exports, border, np.nan)
    return out


def _buyer_ladder(
    market: SolvedMarket, world: World, routes: dict[PricePart, Array], buyers: Sequence[PricePlace]
) -> dict[Rung, Array]:
    s = market.solution
    forms = [p.form for p in buyers]
    member = np.zeros((len(buyers), len(world.countries)))
    for k, p in enumerate(buyers):
        member[k, list(p.nodes)] = 1.0
    bought = s.flows.sum(axis=1)
    total = (member * bought[forms]).sum(axis=1)

    def mean(values: Array) -> Array:
        """Average over the purchases of the place, of [f, j] in USD a year."""
        sums: Array = (member * values[forms]).sum(axis=1)
        average: Array = np.divide(sums, total, out=np.full(len(buyers), np.nan), where=total > 0)
        return average

    parts = {part: mean((s.flows * values).sum(axis=1)) for part, values in routes.items()}
    first = {Rung("buyer", ORIGIN): parts.pop(ORIGIN)}
    out = {**first, **{Rung("buyer", part): values for part, values in parts.items()}}
    paid = np.sum(list(out.values()), axis=0)
    out[Rung("buyer", PricePart("paid"), "paid")] = paid
    phi = np.nan_to_num(s.marginal)
    over_purchases = mean(phi * bought)
    use = member * np.where(np.isfinite(s.marginal), world.use(), 0.0)[forms]
    single = member.sum(axis=1) == 1
    weight = use.sum(axis=1)
    over_use = np.divide(
        (use * phi[forms]).sum(axis=1), weight, out=np.full(len(buyers), np.nan), where=weight > 0
    )
    marginal = np.where(single, over_purchases, over_use)
    out[Rung("buyer", ADAPTATION)] = _difference(over_purchases, paid)
    out[Rung("buyer", WEIGHTS)] = _difference(marginal, over_purchases)
    out[Rung("buyer", PricePart("marginal"), "marginal")] = marginal
    return out


def _difference(a: Array, b: Array) -> Array:
    """a - b, and 0 where they are the same number but for rounding."""
    with np.errstate(invalid="ignore"):
        out: Array = np.where(np.abs(a - b) <= ROUNDING * np.abs(b), 0.0 * b, a - b)
    return out
