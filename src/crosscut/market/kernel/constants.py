"""Constants: everything the inner loops read of one shocked, pruned market, as plain arrays (rows as
in `arrays`).

Routes are stored by destination (form, j, i), so that sums over origins run along memory. A dead route
carries the weight e^-1e30, that is nothing; a dead origin keeps its row, as the identity.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from crosscut.base.arrays import Array, Ints
from crosscut.market.kernel import arrays as at
from crosscut.market.kernel.arrays import NOTHING, WIDTH, Constants, empty_constants
from crosscut.market.model.chain import Chain
from crosscut.market.model.curves import BackstopDemand, CappedSupply, SumOfSupplies, logistic
from crosscut.market.model.policy_curves import SwitchedDemand
from crosscut.market.solve.idle_lines import lowest_log_price
from crosscut.market.solve.newton import starting_point
from crosscut.market.solve.state import Market


def by_destination(routes: NDArray[Any]) -> NDArray[Any]:
    """[..., i, j] as a contiguous [..., j, i]."""
    return np.ascontiguousarray(np.swapaxes(routes, -1, -2))


def elimination_order(chain: Chain, a: Array, b: Array) -> Ints:
    """order [1 + F, F]: forms from ore to metal, then the blocks that elimination touches."""
    order = np.array(chain.topological_order(), dtype=np.int64)
    touches = ((a + b) > 0).astype(int)
    coupled = (touches.T @ touches > 0) | np.eye(a.shape[1], dtype=bool)
    for step, f in enumerate(order):
        later = order[step + 1 :]
        for g in later:
            for h in later:
                coupled[g, h] |= coupled[g, f] & coupled[f, h]
    return np.vstack([order[None], coupled.astype(np.int64)])


def constants_of(market: Market) -> Constants:
    """The market as plain arrays."""
    m, ev, alive = market.calibration, market.events, market.alive
    F, n = m.p0.shape
    parts = market.supply.parts if isinstance(market.supply, SumOfSupplies) else (market.supply,)
    demand = market.demand.uncut if isinstance(market.demand, SwitchedDemand) else market.demand
    supply = [s for s in parts if isinstance(s, CappedSupply)]
    if not isinstance(demand, BackstopDemand) or len(supply) != len(parts) or len(parts) > 2:
        raise TypeError("the kernel knows the curves of calibrated worlds, not those of textbook cases")
    groups, release = market.groups, market.release
    L = 0 if release is None else len(release.tonnes)
    c = empty_constants(F, n, len(m.a), demand.d0.shape[2], len(groups), L)
    theta = np.where(alive.buyer, np.nan_to_num(m.theta), 0.0)
    log_w = np.where(alive.route, market.log_w - theta[:, None, :] * market.cost, NOTHING)
    c.route[at.LOG_W, :, :n, :n] = by_destination(log_w)
    c.route[at.SLOPE, :, :n, :n] = by_destination(theta[:, None, :] * market.dhat)
    c.route[at.PULL, :, :n, :n] = by_destination(theta[:, None, :] * market.m)
    c.route[at.DHAT, :, :n, :n] = by_destination(market.dhat)
    c.node[at.THETA, :, :n] = theta
    c.node[at.PHI0, :, :n] = np.where(alive.buyer, np.nan_to_num(m.phi0), 0.0)
    c.node[at.PURCHASES, :, :n] = np.where(alive.buyer, ev.purchases, 0.0)
    c.node[at.START, :, :n][alive.origin] = starting_point(market)[: int(alive.origin.sum())]
    c.node[at.LOWEST, :, :n] = lowest_log_price(m.reference)[:, None]
    c.node[at.SUBSIDY, :, :n], c.node[at.FLOOR, :, :n], c.node[at.FLOOR_SHARE, :, :n] = (
        ev.subsidy,
        ev.price_floor,
        ev.floor_share,
    )
    c.node[at.LOG_A : at.LOG_A + 2] = -np.inf
    for row, part in enumerate(supply):
        c.node[at.LOG_A + row, :, :n] = np.where(alive.origin, part.log_a, -np.inf)
        c.node[at.ETA + row, :, :n] = part.eta
        c.node[at.LOG_K + row, :, :n] = part.log_k
    c.use[at.D0, :, :n] = np.where(alive.buyer[..., None], demand.d0, 0.0)
    c.use[at.SWITCH_SHARE, :, :n], c.use[at.SWITCH_TRIGGER, :, :n] = ev.switch_share, ev.switch_trigger
    c.use[at.SWITCH_WIDTH, :, :n] = ev.switch_width
    process = market.processing
    c.process[at.CAPACITY, :, :n], c.process[at.KAPPA, :, :n], c.process[at.COST, :, :n] = (
        process.capacity,
        process.kappa,
        process.cost,
    )
    c.link[at.TAKES], c.link[at.MAKES] = m.a, m.b
    c.alive[at.ORIGIN, :, :n], c.alive[at.BUYER, :, :n] = alive.origin, alive.buyer
    c.eps[:] = demand.eps
    c.fx[:n] = 1.0 + ev.fx
    c.number[:] = (
        demand.zc,
        demand.lo,
        demand.k,
        supply[0].r,
        float(ev.switch_share.any()),
        float(market.producer_price is not None),
    )
    c.order[: 1 + F] = elimination_order(m.world.chain, m.a, m.b)
    for row, live in ((1 + F, alive.origin), (2 + F, alive.buyer)):
        last = np.where(live.any(axis=1), n - np.argmax(live[:, ::-1], axis=1), 0)
        c.order[row] = -(-last // WIDTH) * WIDTH
    for g, (group, members) in enumerate(zip(groups, market.members, strict=True)):
        c.group_form[g] = group.form
        c.group[:, g] = group.limit, market.sign[g], group.toll, group.last, market.theta_g[g]
        c.group_route[at.NAMED, g, :n, :n], c.group_route[at.OPEN, g, :n, :n] = group.routes.T, members.T
    if release is not None:
        held = release.tonnes * logistic((release.base_price - release.trigger) / release.width)
        c.stock[:] = (release.form, release.country, release.tonnes, release.trigger, release.width, held)
    return c
