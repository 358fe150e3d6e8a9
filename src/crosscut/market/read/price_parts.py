"""Price parts: what a delivered price and a producer price consist of, in USD per t contained.

d = p + export tax + rents + friction - offtake + freight + duties, route by route; the marginal price is
what is paid plus the cost of adapting. Inside a country p = feed + processing cost + margin - by-products
where it is processed, and p = cost of the marginal tonne + scarcity of capacity where it is mined or
collected. Every sum is exact: what no part explains is returned as a part of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crosscut.base.arrays import Array
from crosscut.market.events.compiled import CompiledEvents, Group
from crosscut.market.events.events import RentTo
from crosscut.market.model.curves import CappedSupply, SumOfSupplies, SupplyCurve
from crosscut.market.model.solution import Solution
from crosscut.market.model.world import World
from crosscut.market.read.solved_market import SolvedMarket
from crosscut.market.solve.calibration import freight_duty


@dataclass(frozen=True)
class PricePart:
    """A part of a price: its name, who receives it ('' where it pays for something) and the limit that
    causes it."""

    name: str
    goes_to: str = ""
    limit: str = ""


ORIGIN = PricePart("price at the origin")
SCARCITY = PricePart("scarcity of capacity or quota", "producers")
OTHER = PricePart("not explained")  # a lever the parts do not know; 0 for every lever of this version


def limit_part(group: Group) -> PricePart:
    """How a cap or floor enters the price.

    Parameters
    ----------
    group : Group
        The limit.

    Returns
    -------
    PricePart
        A rent to a party, a friction that nobody receives, or an offtake.
    """
    if group.kind == "floor":
        return PricePart("offtake", "buyers of the offtake", group.id)
    if group.rent_to is RentTo.NOBODY:
        return PricePart("friction", "nobody", group.id)
    return PricePart("rent", str(group.rent_to).replace("_", " "), group.id)


def route_parts(world: World, events: CompiledEvents, solution: Solution) -> dict[PricePart, Array]:
    """What a delivered price consists of (E20).

    Parameters
    ----------
    world : World
        Base data.
    events : CompiledEvents
        Events in force.
    solution : Solution
        The market solved under them.

    Returns
    -------
    dict of PricePart to Array
        Each (F, n, n), USD per t contained. The parts of a route add up to its delivered price; 0 where
        nothing can flow.
    """
    alive = np.isfinite(solution.delivered)
    p = np.nan_to_num(solution.price)[..., None] * np.ones_like(solution.flows)
    tax = p * events.export_tax
    out = {ORIGIN: p, PricePart("export tax", "exporting state"): tax}
    wedge = np.zeros_like(p)
    for sign, groups in ((1.0, events.caps), (-1.0, events.floors)):
        for g in groups:
            multiplier = solution.multipliers.get(g.id, 0.0)
            if multiplier != 0.0:
                values = np.zeros_like(p)
                values[g.form][g.routes] = sign * multiplier
                wedge += values
                out[limit_part(g)] = out.get(limit_part(g), 0.0) + values
    on_freight = freight_duty(events.tariff, world.duty_on_cif, events.cif_shift)
    out[PricePart("freight and insurance")] = np.asarray(events.freight)
    out[PricePart("tariff", "importing state")] = (
        events.tariff * (p + tax + wedge) + on_freight * events.freight
    )
    out[PricePart("specific duty", "importing state")] = np.asarray(events.specific)
    rest = np.nan_to_num(solution.delivered) - np.sum(list(out.values()), axis=0)
    size = np.maximum(np.abs(np.nan_to_num(solution.delivered)), 1.0)
    if (np.abs(np.where(alive, rest, 0.0)) > 1e-9 * size).any():
        out[OTHER] = rest
    return {part: np.where(alive, values, 0.0) for part, values in out.items()}


def producer_parts(market: SolvedMarket) -> dict[PricePart, Array]:
    """What an inside price consists of (E20).

    Parameters
    ----------
    market : SolvedMarket
        A solved market with its curves.

    Returns
    -------
    dict of PricePart to Array
        Each (F, n), local USD per t contained. The parts add up to the inside price p (1 + fx), 0 where there
        is none.

    Notes
    -----
    A country that both mines and processes a form has the average of both breakdowns, weighted by tonnes:
    each of them holds for the same price. A country that makes nothing at its price has it whole as `not
    explained`.
    """
    c, s, fx = market.calibration, market.solution, 1.0 + market.events.fx
    price = np.nan_to_num(s.price) * fx
    mined = np.where(np.isfinite(s.price), s.supply, 0.0)
    made = c.b[:, :, None] * s.activity[:, None, :]  # (K, F, n)
    total = mined + made.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        share_mined = np.where(total > 0, mined / total, 0.0)
        share_made = np.where(total > 0, made / total, 0.0)
        # USD per t of the output, of a process that makes it: everything is divided by what it makes of it
        per = np.where(c.b[:, :, None] > 0, share_made / c.b[:, :, None], 0.0)
    feed = (c.a @ np.nan_to_num(s.marginal)) * fx  # (K, n), USD per t of activity
    sold = (c.b @ np.nan_to_num(s.price)) * fx
    scarce = scarcity(market)
    received = np.nan_to_num(s.producer_price) * fx
    subsidy = market.events.process_subsidy * fx
    out = {
        PricePart("cost of the marginal tonne mined or collected"): share_mined * (received - scarce),
        SCARCITY: share_mined * scarce,
        PricePart("feed, at the price of the marginal tonne"): (per * feed[:, None, :]).sum(axis=0),
        PricePart("cost of processing"): (per * (market.processing.cost + subsidy)[:, None, :]).sum(axis=0),
        PricePart("margin of processing", "processors"): (per * market.margin()[:, None, :]).sum(axis=0),
        PricePart("by-products sold with it"): -(per * (sold[:, None, :] - c.b[:, :, None] * price)).sum(
            axis=0
        ),
    }
    paid = share_mined * (price - received) - (per * subsidy[:, None, :]).sum(axis=0)
    if paid.any():
        out[PricePart("subsidy or guaranteed price")] = paid
    rest = np.where(np.isfinite(s.price), price - np.sum(list(out.values()), axis=0), 0.0)
    if (np.abs(rest) > 1e-9 * np.maximum(price, 1.0)).any():
        out[OTHER] = rest
    return {part: np.where(np.isfinite(s.price), values, 0.0) for part, values in out.items()}


def scarcity(market: SolvedMarket) -> Array:
    """What one more tonne of capacity or production quota is worth to those who mine or collect.

    Parameters
    ----------
    market : SolvedMarket
        A solved market with its curves.

    Returns
    -------
    Array, shape (F, n)
        Local USD per t contained: the price less the cost of the marginal tonne.
    """
    s = market.solution
    mined = np.where(np.isfinite(s.price), s.supply, 0.0)
    price = np.where(mined > 0, np.nan_to_num(s.producer_price) * (1.0 + market.events.fx), 1.0)
    cost = np.minimum(marginal_cost(market.supply, price, mined), price)
    out: Array = np.where(mined > 0, price - cost, 0.0)
    return out


def marginal_cost(curve: SupplyCurve, price: Array, mined: Array) -> Array:
    """The price at which the existing mines would supply the same if neither capacity nor quota bound.

    Parameters
    ----------
    curve : SupplyCurve
        Supply after events.
    price : Array, shape (F, n)
        What producers receive, local USD per t contained.
    mined : Array, shape (F, n)
        Primary supply, t contained a year.

    Returns
    -------
    Array, shape (F, n)
        USD per t contained. With entrants beside what stands, the average over both weighted by tonnes; the
        price itself for a curve without a capacity.
    """
    if isinstance(curve, CappedSupply):
        with np.errstate(invalid="ignore", divide="ignore"):
            cost = curve.marginal_cost(np.where(mined > 0, mined, 1.0))
        return np.where((mined > 0) & np.isfinite(cost), cost, price)
    if isinstance(curve, SumOfSupplies):
        parts = [np.where(mined > 0, p.value(price), 0.0) for p in curve.parts]
        total = np.sum(parts, axis=0)
        out = np.zeros_like(price)
        for part, tonnes in zip(curve.parts, parts, strict=True):
            weight = np.divide(tonnes, total, out=np.zeros_like(total), where=total > 0)
            out += weight * marginal_cost(part, price, tonnes)
        return np.where(total > 0, out, price)
    return price
