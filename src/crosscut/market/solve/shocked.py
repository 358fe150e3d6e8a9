"""Shocked: the curves of a calibration after events, as the solver and welfare see them.

Tests: tests/market/test_policy_curves.py, tests/market/test_levers_solve.py
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crosscut.base.arrays import Array
from crosscut.market.events.compiled import CompiledEvents
from crosscut.market.model.curves import DemandCurve, Processing, SupplyCurve
from crosscut.market.model.policy_curves import ProducerPrice, StockPurchase, StockRelease, SwitchedDemand
from crosscut.market.solve.calibration import Calibration


@dataclass(frozen=True, eq=False)
class Curves:
    """Every curve after the events; None where no event needs one.

    supply takes the producer price y in local money: y = producer_price(p) (1 + fx); demand and purchase
    take Phi in local money; release takes the inside price p in USD.
    """

    supply: SupplyCurve
    demand: DemandCurve
    processing: Processing
    producer_price: ProducerPrice | None
    purchase: StockPurchase | None
    release: StockRelease | None


def curves_after(c: Calibration, events: CompiledEvents) -> Curves:
    """The curves with the events applied.

    Parameters
    ----------
    c : Calibration
        Constants that already have the entrants.
    events : CompiledEvents
        Events in force.

    Returns
    -------
    Curves
        Supply, demand and processing, and the curves of payments, purchases and stocks where events need
        them.
    """
    demand = c.demand.scaled(events.demand_factor)
    phi0 = np.nan_to_num(c.phi0)
    if events.switch_share.any():
        demand = SwitchedDemand(demand, phi0, events.switch_share, events.switch_trigger, events.switch_width)
    cost = c.processing.cost
    if events.process_subsidy.any():
        cost = cost - events.process_subsidy * (1.0 + events.fx)
    return Curves(
        supply=c.supply.scaled(events.supply_factor, events.supply_ceiling),
        demand=demand,
        processing=Processing(c.processing.capacity * events.process_factor, c.processing.kappa, cost),
        producer_price=_producer_price(events),
        purchase=_purchase(c, events, phi0),
        release=_release(c, events),
    )


def _producer_price(events: CompiledEvents) -> ProducerPrice | None:
    if not (events.subsidy.any() or events.price_floor.any()):
        return None
    return ProducerPrice(events.subsidy, events.price_floor, events.floor_share)


def _purchase(c: Calibration, events: CompiledEvents, phi0: Array) -> StockPurchase | None:
    if not events.purchases.any():
        return None
    return StockPurchase(events.purchases, phi0, c.params.zc, c.params.demand_k)


def _release(c: Calibration, events: CompiledEvents) -> StockRelease | None:
    if not events.releases:
        return None
    form = np.array([r.form for r in events.releases])
    country = np.array([r.country for r in events.releases])
    return StockRelease(
        form,
        country,
        np.array([r.tonnes for r in events.releases]),
        np.array([r.trigger for r in events.releases]),
        np.array([r.width for r in events.releases]),
        np.where(np.isfinite(c.p0[form, country]), c.p0[form, country], c.reference[form]),
    )
