"""Constants: everything the inner loops read of one shocked, pruned market, as plain arrays (rows in `slots`).

Routes are stored by destination (form, j, i), so that sums over origins run along memory. A dead route carries the
weight e^-1e30, that is nothing; a dead origin keeps its row, as the identity.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from crosscut.market.chain import Chain
from crosscut.market.curves import BackstopDemand, CappedSupply, SumOfSupplies, logistic
from crosscut.market.curves_switch import SwitchedDemand
from crosscut.market.kernel import slots as at
from crosscut.market.newton import starting_point
from crosscut.market.state import Market

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

NOTHING = -1e30


class Constants(NamedTuple):
    """F forms, n countries, K processes, U uses, G groups, L stocks; the first axis of each is a row of `slots`.

    route [4, F, j, i]; node [13, F, n]; use [4, F, n, U]; process [3, K, n]; link [2, K, F]; alive [2, F, n];
    eps [F, U]; fx: 1 + fx [n]; number [6]; order [1 + F, F]: forms from ore to metal, then which blocks of the Jacobian
    exist, fill-in included; group_form [G]; group [5, G]; group_route [2, G, j, i]; stock [6, L].
    """

    route: Array
    node: Array
    use: Array
    process: Array
    link: Array
    alive: Bools
    eps: Array
    fx: Array
    number: Array
    order: Ints
    group_form: Ints
    group: Array
    group_route: Bools
    stock: Array


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


def empty_constants(F: int, n: int, K: int, U: int, G: int, L: int) -> Constants:
    """Room for the constants of one market."""
    return Constants(
        np.zeros((at.ROUTE_ROWS, F, n, n)), np.zeros((at.NODE_ROWS, F, n)), np.zeros((at.USE_ROWS, F, n, U)),
        np.zeros((3, K, n)), np.zeros((2, K, F)), np.zeros((2, F, n), dtype=np.bool_), np.zeros((F, U)), np.ones(n),
        np.zeros(6), np.zeros((1 + F, F), dtype=np.int64), np.zeros(G, dtype=np.int64), np.zeros((5, G)),
        np.zeros((2, G, n, n), dtype=np.bool_), np.zeros((6, L)),
    )  # fmt: skip


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
    c.route[at.LOG_W] = by_destination(log_w)
    c.route[at.SLOPE] = by_destination(theta[:, None, :] * market.dhat)
    c.route[at.PULL] = by_destination(theta[:, None, :] * market.m)
    c.route[at.DHAT] = by_destination(market.dhat)
    c.node[at.THETA] = theta
    c.node[at.PHI0] = np.where(alive.buyer, np.nan_to_num(m.phi0), 0.0)
    c.node[at.PURCHASES] = np.where(alive.buyer, ev.purchases, 0.0)
    c.node[at.START][alive.origin] = starting_point(market)[: int(alive.origin.sum())]
    c.node[at.SUBSIDY], c.node[at.FLOOR], c.node[at.FLOOR_SHARE] = ev.subsidy, ev.price_floor, ev.floor_share
    c.node[at.LOG_A : at.LOG_A + 2] = -np.inf
    for row, part in enumerate(supply):
        c.node[at.LOG_A + row] = np.where(alive.origin, part.log_a, -np.inf)
        c.node[at.ETA + row] = part.eta
        c.node[at.LOG_K + row] = part.log_k
    c.use[at.D0] = np.where(alive.buyer[..., None], demand.d0, 0.0)
    c.use[at.SWITCH_SHARE], c.use[at.SWITCH_TRIGGER] = ev.switch_share, ev.switch_trigger
    c.use[at.SWITCH_WIDTH] = ev.switch_width
    process = market.processing
    c.process[at.CAPACITY], c.process[at.KAPPA], c.process[at.COST] = process.capacity, process.kappa, process.cost
    c.link[at.TAKES], c.link[at.MAKES] = m.a, m.b
    c.alive[at.ORIGIN], c.alive[at.BUYER] = alive.origin, alive.buyer
    c.eps[:] = demand.eps
    c.fx[:] = 1.0 + ev.fx
    c.number[:] = (
        demand.zc, demand.lo, demand.k, supply[0].r, float(ev.switch_share.any()),
        float(market.producer_price is not None),
    )  # fmt: skip
    c.order[:] = elimination_order(m.world.chain, m.a, m.b)
    for g, (group, members) in enumerate(zip(groups, market.members, strict=True)):
        c.group_form[g] = group.form
        c.group[:, g] = group.limit, market.sign[g], group.toll, group.last, market.theta_g[g]
        c.group_route[at.NAMED, g], c.group_route[at.OPEN, g] = group.routes.T, members.T
    if release is not None:
        held = release.tonnes * logistic((release.base_price - release.trigger) / release.width)
        c.stock[:] = (release.form, release.country, release.tonnes, release.trigger, release.width, held)
    return c
