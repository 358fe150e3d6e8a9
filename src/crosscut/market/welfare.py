"""Welfare: who gains and who loses between two solved markets, in USD a year by country.

Consumer surplus is the integral of final demand over the marginal price, at the tastes after the events; producer
surplus the integral of supply over the producer price; processing the change of profit. Intermediate buyers have no
consumer surplus: theirs is in processing profit. The sum equals the integral of sum (d - p - t) dq along any path.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crosscut.market.calibration import Calibration, calibrate
from crosscut.market.compiled import CompiledEvents
from crosscut.market.curves import DemandCurve, SupplyCurve, integral_between
from crosscut.market.entry import entered
from crosscut.market.events import RentTo
from crosscut.market.params import Params
from crosscut.market.solution import Solution
from crosscut.market.world import World

Array = NDArray[np.float64]

ITEMS = ("buyers", "miners", "processors", "public revenue", "rents")
CHOKE = 1e4  # price ratio that stands for "no price at all": the demand curve has died out long before
FAR_BELOW = 100.0  # supply at prices this many times lower is integrated in closed form


@dataclass(frozen=True, eq=False)
class _Side:
    """One solved market with the curves it was solved on."""

    calibration: Calibration
    events: CompiledEvents
    solution: Solution
    supply: SupplyCurve
    demand: DemandCurve


def welfare_change(
    world: World,
    params: Params,
    events_before: CompiledEvents,
    before: Solution,
    events_after: CompiledEvents,
    after: Solution,
) -> dict[str, Array]:
    """item -> USD a year by country (n): buyers, miners, processors, public revenue, rents, total.

    Rents that go to nobody (friction of a sanction) are a loss: buyers pay them and they appear in no item. A buyer
    that no supply reaches loses its whole surplus up to the choke price.
    """
    base = calibrate(world, params)
    b, a = (_side(base, e, s) for e, s in ((events_before, before), (events_after, after)))
    out = {
        "buyers": _buyers(world, b, a),
        "miners": _mining_surplus(a) - _mining_surplus(b),
        "processors": _processing_profit(a) - _processing_profit(b),
        "public revenue": _public_revenue(world, a) - _public_revenue(world, b),
        "rents": _rents(a) - _rents(b),
    }
    out["total"] = np.sum(list(out.values()), axis=0)
    return out


def _side(base: Calibration, events: CompiledEvents, solution: Solution) -> _Side:
    c = entered(base, events)
    supply = c.supply.scaled(events.supply_factor, events.supply_ceiling)
    return _Side(c, events, solution, supply, c.demand.scaled(events.demand_factor))


def _buyers(world: World, before: _Side, after: _Side) -> Array:
    """Minus the integral of final demand from the old to the new marginal price, at new tastes."""
    fx = 1.0 + after.events.fx
    phi0 = np.nan_to_num(after.calibration.phi0)
    used = after.demand.base().sum(axis=2) > 0
    start = np.where(np.isfinite(before.solution.marginal), before.solution.marginal, CHOKE * phi0)
    end = np.where(np.isfinite(after.solution.marginal), after.solution.marginal, CHOKE * phi0)
    start, end = np.where(used, start, 1.0), np.where(used, end, 1.0)

    def demanded(phi: Array) -> Array:
        return np.where(used, after.demand.value(phi * fx).sum(axis=-1), 0.0)

    out: Array = -integral_between(demanded, start, end).sum(axis=0)
    return out


def _mining_surplus(side: _Side) -> Array:
    """Integral of supply from nothing to the producer price, USD."""
    fx = 1.0 + side.events.fx
    mines = np.isfinite(side.solution.price) & (side.solution.supply > 0)
    price = np.where(mines, side.solution.price, 1.0)
    low = price / FAR_BELOW

    def supplied(y: Array) -> Array:
        return np.where(mines, side.supply.value(y * fx), 0.0)

    # Below `low` the curve is taken as the power law it is tangent to there.
    at_low = supplied(low)
    with np.errstate(invalid="ignore", divide="ignore"):
        elasticity = np.where(at_low > 0, side.supply.slope(low * fx) * low * fx / at_low, 0.0)
    out: Array = (low * at_low / (1 + elasticity) + integral_between(supplied, low, price)).sum(axis=0)
    return out


def _processing_profit(side: _Side) -> Array:
    c, ev, s = side.calibration, side.events, side.solution
    processing = c.processing
    fx = 1.0 + ev.fx
    margin = (c.b @ np.nan_to_num(s.price) - c.a @ np.nan_to_num(s.marginal)) * fx - processing.cost
    runs = s.activity > 0
    with np.errstate(invalid="ignore", divide="ignore"):
        profit = processing.profit(margin) * ev.process_factor / fx
    out: Array = np.where(runs, profit, 0.0).sum(axis=0)
    return out


def _public_revenue(world: World, side: _Side) -> Array:
    """Tariffs and specific duties to the destination, export taxes to the origin."""
    ev, s = side.events, side.solution
    p = np.nan_to_num(s.price)[..., None]
    at_border = p * (1 + ev.export_tax) + s.wedge
    dutiable = at_border + np.where(world.duty_on_cif, ev.freight, 0.0)
    duties = (s.flows * (ev.tariff * dutiable + ev.specific)).sum(axis=(0, 1))
    taxes = (s.flows * p * ev.export_tax).sum(axis=(0, 2))
    out: Array = duties + taxes
    return out


def _rents(side: _Side) -> Array:
    """Scarcity rents by receiving country; those to nobody are left out, floors count against their party."""
    n = side.solution.price.shape[1]
    out = np.zeros(n)
    for sign, groups in ((1.0, side.events.caps), (-1.0, side.events.floors)):
        for g in groups:
            flows = np.where(g.routes, side.solution.flows[g.form], 0.0) * side.solution.multipliers.get(g.id, 0.0)
            if g.rent_to in (RentTo.EXPORTERS, RentTo.EXPORTING_STATE):
                out += sign * flows.sum(axis=1)
            elif g.rent_to is RentTo.IMPORTERS:
                out += sign * flows.sum(axis=0)
    return out
