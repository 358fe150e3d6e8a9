"""State: the shocked, pruned market and its equations evaluated at given prices and multipliers.

Tests: tests/market/test_jacobian.py, tests/market/test_sourcing.py, tests/market/test_pruning.py
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from crosscut.base.arrays import Array
from crosscut.market.events.compiled import CompiledEvents, Group
from crosscut.market.model.curves import DemandCurve, Processing, SupplyCurve
from crosscut.market.model.policy_curves import ProducerPrice, StockPurchase, StockRelease
from crosscut.market.solve.calibration import Calibration, freight_duty
from crosscut.market.solve.idle_lines import Alive, alive_nodes
from crosscut.market.solve.price_free_terms import Fixed, fixed_constants
from crosscut.market.solve.shocked import curves_after

TINY = 1e-300
_NOTHING: Array = np.zeros(1)  # broadcasts; where no event needs stocks


@dataclass(frozen=True, eq=False)
class Market:
    """Constants after events, with dead nodes out. sign[g] is 1 for a cap, -1 for a floor; theta_g[g] in
    t/USD scales multipliers; toll[g] and last[g] say what passes a cap; members[g] are the open routes of
    the group; cost[f, i, j] is what does not depend on prices: freight with its duty and specific duties.
    The last three curves are None where no event needs them."""

    calibration: Calibration
    events: CompiledEvents
    alive: Alive
    log_w: Array
    supply: SupplyCurve
    demand: DemandCurve
    processing: Processing
    m: Array
    dhat: Array
    cost: Array
    groups: tuple[Group, ...]
    members: tuple[NDArray[np.bool_], ...]
    sign: Array
    theta_g: Array
    toll: Array
    last: Array
    dropped: tuple[str, ...]
    producer_price: ProducerPrice | None = None
    purchase: StockPurchase | None = None
    release: StockRelease | None = None

    @cached_property
    def fixed(self) -> Fixed:
        """What no price changes, for `state_at` and the Jacobian."""
        return fixed_constants(
            self.calibration,
            self.events,
            self.alive,
            (self.m, self.dhat, self.cost),
            self.groups,
            self.sign / self.theta_g,
        )


@dataclass(frozen=True, eq=False)
class State:
    """Everything at one point: prices p, multipliers om (USD/t), shares s, Phi, flows q and both sides of
    each node.

    producer is what producers receive in USD/t; stocked[f, j] t bought for stock; released[f, i] net t out
    of stocks. sold and supplied are the two sides of a node with what stocks would hold back at base prices
    added to both. running[f, i] is the share of the lines making form f in country i that run, lines[k, i]
    that of a process.
    """

    p: Array
    om: Array
    wedge: Array
    d: Array
    s: Array
    phi: Array
    margin: Array
    x: Array
    final: Array
    bought: Array
    q: Array
    mined: Array
    sold: Array
    supplied: Array
    group_flow: Array
    producer: Array
    stocked: Array
    released: Array
    running: Array
    lines: Array


def market_after(calibration: Calibration, events: CompiledEvents, alive: Alive | None = None) -> Market:
    """The market with the events applied and dead nodes pruned (E15).

    Parameters
    ----------
    calibration : Calibration
        Constants that already have the entrants.
    events : CompiledEvents
        Events in force.
    alive : Alive | None
        Who takes part, for a market on the way to another; by default the events decide.

    Returns
    -------
    Market
        Curves, routes, limits and costs after events.
    """
    c = calibration
    curves = curves_after(c, events)
    supply, demand, processing = curves.supply, curves.demand, curves.processing
    routes = events.open_routes & np.isfinite(c.log_w0)
    if alive is None:
        mined, wanted = supply.capacity() > 0, demand.base().sum(axis=2) > 0
        if curves.purchase is not None:
            wanted = wanted | (events.purchases > 0)
        if curves.release is not None:
            mined = mined | (curves.release.most(c.phi0) > 0)
        alive = alive_nodes(mined, wanted, processing.capacity > 0, routes, c.a > 0, c.b > 0)
    processing = Processing(
        np.where(alive.process, processing.capacity, 0.0), processing.kappa, processing.cost
    )
    m = 1.0 + events.tariff
    groups, members, dropped = [], [], []
    for g in (*events.caps, *events.floors):
        open_members = g.routes & alive.route[g.form]
        if not open_members.any():
            dropped.append(limits_nothing(g))
            continue
        groups.append(g)
        members.append(open_members)
    sigma = c.params.sigma
    return Market(
        c,
        events,
        alive,
        np.where(alive.route, c.log_w0, -np.inf),
        supply,
        demand,
        processing,
        m,
        m * (1 + events.export_tax),
        events.freight * (1.0 + freight_duty(events.tariff, c.world.duty_on_cif, events.cif_shift))
        + events.specific,
        tuple(groups),
        tuple(members),
        np.array([1.0 if g.kind == "cap" else -1.0 for g in groups]),
        np.array([sigma[g.form] / c.reference[g.form] for g in groups]),
        np.array([g.toll for g in groups]),
        np.array([g.last for g in groups]),
        tuple(dropped),
        curves.producer_price,
        curves.purchase,
        curves.release,
    )


def limits_nothing(group: Group) -> str:
    """The note of a limit that has no open route.

    Parameters
    ----------
    group : Group
        The cap or floor.

    Returns
    -------
    str
        One sentence.
    """
    return f"{group.id}: none of its routes is open, nothing to limit"


def state_at(market: Market, p: Array, om: Array, running: Array) -> State:
    """The equations at given prices and multipliers (E1 to E13).

    Parameters
    ----------
    market : Market
        The market after events.
    p : Array, shape (F, n)
        Producer prices, USD per t contained; any positive number at dead nodes.
    om : Array, shape (groups)
        Multipliers, USD per t, at least 0.
    running : Array, shape (F, n)
        Share of the lines making a form that run (E17).

    Returns
    -------
    State
        Shares, flows, and both sides of every node.
    """
    c, alive, fixed = market.calibration, market.alive, market.fixed
    theta, phi0, fx = fixed.theta, fixed.phi0, fixed.fx
    wedge = np.zeros_like(market.m)
    for g, group in enumerate(market.groups):
        wedge[group.form] += (market.sign[g] * om[g]) * group.routes
    d = fixed.dhat * p[..., None] + fixed.cost
    for f in {g.form for g in market.groups}:
        d[f] += np.where(alive.route[f], market.m[f] * wedge[f], 0.0)
    exponent = market.log_w - theta[:, None, :] * d
    top = np.max(exponent, axis=1, keepdims=True)
    top = np.where(np.isfinite(top), top, 0.0)
    e = np.exp(exponent - top)
    total = np.maximum(e.sum(axis=1), TINY)
    s = e / total[:, None, :]
    phi = np.where(alive.buyer, phi0 - (np.log(total) + top[:, 0, :]) * fixed.inverse_theta, 0.0)
    margin = ((c.b @ np.where(alive.origin, p, 0.0)) - c.a @ phi) * fx - market.processing.cost
    lines = np.ones_like(margin)
    for k, makes in enumerate(fixed.makes):
        for f in makes:
            lines[k] *= running[f]
    x = np.where(alive.process, market.processing.value(margin), 0.0) * lines
    local = np.where(alive.buyer, phi * fx, phi0)
    final = np.where(alive.buyer[..., None], market.demand.value(local), 0.0)
    bought = np.where(alive.buyer, final.sum(axis=2) + c.a.T @ x, 0.0)
    stocked, released, held = _NOTHING, _NOTHING, _NOTHING
    if market.purchase is not None:
        stocked = np.where(alive.buyer, market.purchase.value(local), 0.0)
        bought = bought + stocked
    q = s * bought[:, None, :]
    producer = p if market.producer_price is None else market.producer_price.value(p)
    mined = np.where(alive.origin, market.supply.value(producer * fx), 0.0)
    if market.release is not None:
        held = np.where(alive.origin, market.release.held(p), 0.0)
        released = np.where(alive.origin, market.release.gross(p), 0.0) - held
    group_flow = np.array([q[g.form][r].sum() for g, r in zip(market.groups, market.members, strict=True)])
    sold, supplied = q.sum(axis=2) + held, mined + c.b.T @ x + (released + held)
    return State(
        p,
        om,
        wedge,
        d,
        s,
        phi,
        margin,
        x,
        final,
        bought,
        q,
        mined,
        sold,
        supplied,
        group_flow,
        producer,
        stocked,
        released,
        running,
        lines,
    )


def residuals(market: Market, state: State) -> tuple[Array, NDArray[np.bool_]]:
    """How far a point is from clearing (E14).

    Parameters
    ----------
    market : Market
        The market after events.
    state : State
        The equations at the point.

    Returns
    -------
    tuple of (Array, Bools)
        R: ln(sold / supplied) at every live origin, then one row a group; and limit_row (groups), True where
        a row is a slack, False where it is a multiplier.

    Notes
    -----
    A group's row is min(om, slack) in scaled units; where a cap may be passed at a toll (E12), min(om,
    max(slack, min(om - toll, slack of the last limit))).
    """
    live = market.alive.origin
    nodes = np.log(np.maximum(state.sold[live], TINY)) - np.log(np.maximum(state.supplied[live], TINY))
    limit = np.array([g.limit for g in market.groups])
    slack = market.sign * (np.log(np.maximum(limit, TINY)) - np.log(np.maximum(state.group_flow, TINY)))
    scaled = market.theta_g * state.om
    limit_row = slack < scaled
    rows = np.where(limit_row, slack, scaled)
    if np.isfinite(market.toll).any():
        beyond = scaled - market.theta_g * market.toll
        last_slack = np.log(np.maximum(market.last, TINY)) - np.log(np.maximum(state.group_flow, TINY))
        passed = limit_row & (slack < np.minimum(beyond, last_slack))
        rows = np.where(passed, np.minimum(beyond, last_slack), rows)
        limit_row = np.where(passed, last_slack < beyond, limit_row)
    return np.concatenate([nodes, rows]), limit_row
