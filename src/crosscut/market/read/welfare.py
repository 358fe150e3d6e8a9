"""Welfare: who gains and who loses between two solved markets, in USD a year by country.

Consumer surplus is the integral of final demand over the marginal price, at the tastes after the events;
producer surplus the integral of supply over the producer price; processing the change of profit.
Intermediate buyers have no consumer surplus: theirs is in processing profit. Stocks are counted as the money
they bring or cost less what the metal was worth at base prices. The sum equals the integral along any path of
sum (d - p - t) dq - (y - p) dM - s dx - (Phi - Phi0) dP + (p - p0) dR, where y is what producers receive, s
the subsidy of a process, P bought for stock and R released.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from crosscut.base.arrays import Array
from crosscut.market.events.compiled import CompiledEvents
from crosscut.market.events.events import RentTo
from crosscut.market.model.curves import Nodes, integral_between, integral_in_panels
from crosscut.market.model.policy_curves import SwitchedDemand
from crosscut.market.model.solution import Solution
from crosscut.market.model.world import Params, World
from crosscut.market.read.solved_market import SolvedMarket, solved_market
from crosscut.market.solve.calibration import calibrate, freight_duty

ITEMS = ("buyers", "miners", "processors", "public revenue", "rents", "stocks")
CHOKE = 1e4  # price ratio that stands for "no price at all": the demand curve has died out long before
SWITCH_PANELS = 16  # substitution bends demand over a narrow range of prices
FAR_BELOW = 100.0  # supply at prices this many times lower is integrated in closed form


def welfare_change(
    world: World,
    params: Params,
    events_before: CompiledEvents,
    before: Solution,
    events_after: CompiledEvents,
    after: Solution,
) -> dict[str, Array]:
    """Who gains and who loses between two solved markets (E19).

    Parameters
    ----------
    world : World
        Base data.
    params : Params
        Behaviour of the draw.
    events_before : CompiledEvents
        Events of the first market.
    before : Solution
        The first market solved.
    events_after : CompiledEvents
        Events of the second market.
    after : Solution
        The second market solved.

    Returns
    -------
    dict of str to Array
        Item -> USD a year by country (n): buyers, miners, processors, public revenue, rents, stocks, total.

    Notes
    -----
    Rents that go to nobody (friction of a sanction) are a loss: buyers pay them and they appear in no item. A
    buyer that no supply reaches loses its whole surplus up to the choke price.
    """
    base = calibrate(world, params)
    return welfare_between(
        world, solved_market(base, events_before, before), solved_market(base, events_after, after)
    )


def welfare_between(world: World, b: SolvedMarket, a: SolvedMarket) -> dict[str, Array]:
    """As `welfare_change`, from two markets that are solved and beside their curves.

    Parameters
    ----------
    world : World
        Base data.
    b : SolvedMarket
        The market before, of one draw.
    a : SolvedMarket
        The market after, of the same draw.

    Returns
    -------
    dict of str to Array
        Item -> USD a year by country (n).
    """
    out = {
        "buyers": _buyers(world, b, a),
        "miners": _mining_surplus(a) - _mining_surplus(b),
        "processors": _processing_profit(a) - _processing_profit(b),
        "public revenue": _public_revenue(world, a) - _public_revenue(world, b),
        "rents": received(rents_by_party(a)) - received(rents_by_party(b)),
        "stocks": _stocks(a) - _stocks(b),
    }
    out["total"] = np.sum(list(out.values()), axis=0)
    return out


def _buyers(world: World, before: SolvedMarket, after: SolvedMarket) -> Array:
    """Minus the integral of final demand from the old to the new marginal price, at new tastes."""
    nodes = np.nonzero(after.demand.base().sum(axis=2) > 0)
    demand = after.demand.at(nodes)
    fx = np.broadcast_to(1.0 + after.events.fx, before.solution.marginal.shape)[nodes]
    phi0 = np.nan_to_num(after.calibration.phi0[nodes])
    start, end = (
        np.where(np.isfinite(phi), phi, CHOKE * phi0)
        for phi in (before.solution.marginal[nodes], after.solution.marginal[nodes])
    )

    def demanded(phi: Array) -> Array:
        out: Array = demand.value((phi * fx)[..., None]).sum(axis=-1)[..., 0]
        return out

    # Below `lo` demand is a straight line, and a buyer whose purchases a floor pays for may even face a
    # negative price.
    line = after.calibration.params.lo * phi0 / fx

    def below(phi: Array) -> Array:
        """Integral from phi up to `line`, where phi is below it."""
        low = np.minimum(phi, line)
        return (line - low) * 0.5 * (demanded(line) + demanded(low))

    panels = SWITCH_PANELS if isinstance(after.demand, SwitchedDemand) else 1
    curved = integral_in_panels(demanded, np.maximum(start, line), np.maximum(end, line), panels)
    return -_by_country(nodes, curved + below(start) - below(end), len(world.countries))


def _mining_surplus(side: SolvedMarket) -> Array:
    """Integral of supply from nothing to what producers receive, USD."""
    nodes = np.nonzero(np.isfinite(side.solution.price) & (side.solution.supply > 0))
    supply = side.supply.at(nodes)
    fx = np.broadcast_to(1.0 + side.events.fx, side.solution.price.shape)[nodes]
    price = side.solution.producer_price[nodes]
    low = price / FAR_BELOW

    def supplied(y: Array) -> Array:
        return supply.value(y * fx)

    # Below `low` the curve is taken as the power law it is tangent to there.
    at_low = supplied(low)
    with np.errstate(invalid="ignore", divide="ignore"):
        elasticity = np.where(at_low > 0, supply.slope(low * fx) * low * fx / at_low, 0.0)
    surplus = low * at_low / (1 + elasticity) + integral_between(supplied, low, price)
    return _by_country(nodes, surplus, side.solution.price.shape[1])


def _by_country(nodes: Nodes, usd: Array, n: int) -> Array:
    return np.asarray(np.bincount(nodes[1], usd, n), dtype=np.float64)


def _processing_profit(side: SolvedMarket) -> Array:
    margin = side.margin()
    with np.errstate(invalid="ignore", divide="ignore"):
        profit = side.processing.profit(margin) / (1.0 + side.events.fx)
        running = side.solution.activity / side.processing.value(margin)
    # Below 1 only where lines are idle for want of any buyer (`idle_lines`): those earn nothing.
    profit = np.where(running < 1.0 - 1e-6, running * profit, profit)
    out: Array = np.where(side.solution.activity > 0, profit, 0.0).sum(axis=0)
    return out


def _public_revenue(world: World, side: SolvedMarket) -> Array:
    """Tariffs and specific duties to the destination; export taxes to the origin, less what it pays its
    producers."""
    ev, s = side.events, side.solution
    p = np.nan_to_num(s.price)[..., None]
    at_border = p * (1 + ev.export_tax) + s.wedge
    on_freight = freight_duty(ev.tariff, world.duty_on_cif, ev.cif_shift)
    duties = (s.flows * (ev.tariff * at_border + on_freight * ev.freight + ev.specific)).sum(axis=(0, 1))
    taxes = (s.flows * p * ev.export_tax).sum(axis=(0, 2))
    paid = (np.nan_to_num(s.producer_price - s.price) * s.supply).sum(axis=0)
    out: Array = duties + taxes - paid - (ev.process_subsidy * s.activity).sum(axis=0)
    return out


def _stocks(side: SolvedMarket) -> Array:
    """Gain on what stocks sell and buy, against base prices."""
    c, s = side.calibration, side.solution
    sold = np.nan_to_num((s.price - c.p0) * s.released)
    bought = np.nan_to_num((s.marginal - c.phi0) * s.stocked)
    out: Array = (sold - bought).sum(axis=0)
    return out


def rents_by_party(side: SolvedMarket) -> dict[RentTo, Array]:
    """What caps earn, less what floors cost the party that owes them.

    Parameters
    ----------
    side : SolvedMarket
        A solved market with its curves.

    Returns
    -------
    dict of RentTo to Array
        Party -> USD a year by country (n): to exporters and the exporting state by origin, to importers by
        destination. What goes to nobody is listed under the destination whose buyers pay it: a loss, received
        by no one.
    """
    n = side.solution.price.shape[1]
    out = {party: np.zeros(n) for party in RentTo}
    for sign, groups in ((1.0, side.events.caps), (-1.0, side.events.floors)):
        for g in groups:
            flows = np.where(g.routes, side.solution.flows[g.form], 0.0) * side.solution.multipliers.get(
                g.id, 0.0
            )
            if np.isfinite(g.toll) and flows.any():  # what passes a limit pays the toll to nobody
                tonnes = np.where(g.routes, side.solution.flows[g.form], 0.0)
                passed = tonnes * max(0.0, 1.0 - g.limit / float(tonnes.sum()))
                lost = passed * min(side.solution.multipliers[g.id], g.toll)
                out[RentTo.NOBODY] += lost.sum(axis=0)
                flows = flows - lost
            by_origin = g.rent_to in (RentTo.EXPORTERS, RentTo.EXPORTING_STATE)
            out[g.rent_to] += sign * flows.sum(axis=1 if by_origin else 0)
    return out


def received(rents: Mapping[RentTo, Array]) -> Array:
    """All rents that somebody receives.

    Parameters
    ----------
    rents : Mapping[RentTo, Array]
        Rents by party, as `rents_by_party` gives them.

    Returns
    -------
    Array, shape (n)
        USD a year by country.
    """
    out: Array = np.sum([v for party, v in rents.items() if party is not RentTo.NOBODY], axis=0)
    return out
