"""Setup: the constants of one draw from a world, its behaviour and its events, in compiled loops.

The same as `calibrate`, `curves_after` and `market_after`, without the entrants: markets with new mines or
plants are set up by those and enter through `constants_of`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crosscut.base.arrays import Array, Ints
from crosscut.base.errors import Problem, UserError
from crosscut.market.events.compiled import CompiledEvents, arrays_of, no_events
from crosscut.market.kernel import arrays as at
from crosscut.market.kernel.arrays import (
    BASE_ROUTES,
    BUYER,
    BUYS,
    CAPACITY,
    CHARGES,
    CONSTANTS,
    COST,
    D0,
    DHAT,
    ETA,
    FOUR_AXES,
    KAPPA,
    LOG_A,
    LOG_K,
    LOG_W,
    LOWEST,
    MAKES,
    MINES,
    NOTHING,
    NUMBER,
    ONE_AXIS,
    ORIGIN,
    PHI0,
    PULL,
    PURCHASES,
    S_COUNTRY,
    S_FORM,
    S_HELD,
    S_TONNES,
    SELLS,
    SLOPE,
    TAKES,
    THETA,
    THREE_AXES,
    TWO_AXES,
    WANTS,
    WHETHER,
    WIDTH,
    BaseRoutes,
    Charges,
    Constants,
    empty_constants,
)
from crosscut.market.kernel.compiled import routine
from crosscut.market.kernel.constants import by_destination, elimination_order
from crosscut.market.model.world import Params, World
from crosscut.market.solve.calibration import base_constants
from crosscut.market.solve.idle_lines import lowest_log_price


@dataclass(frozen=True, eq=False)
class Base:
    """What no draw changes. Nodes [F, n]: phi0 (0 where nobody buys),
    start (ln of the starting price), price; supply: ln M0, M0/K0, ln K0, ln of the base price [4, F, n];
    processing: Xbar, logit of base use, value of output less cost of inputs, value of output [4, K, n].
    nothing: the events of a still year; copies: writeable ones of its arrays and of the world's, which are
    read-only, by identity; by_destination: those by route turned [F, j, i], by identity."""

    routes: BaseRoutes
    phi0: Array
    start: Array
    price: Array
    supply: Array
    processing: Array
    reference: Array
    link: Array
    order: Ints
    nothing: CompiledEvents
    copies: dict[int, NDArray[Any]]
    by_destination: dict[int, NDArray[Any]]

    def plain(self, a: NDArray[Any]) -> NDArray[Any]:
        """The array as compiled code was declared to take it: contiguous and writeable."""
        known = self.copies.get(id(a))
        if known is not None:
            return known
        return a if a.flags.c_contiguous and a.flags.writeable else np.array(a)

    def turned(self, a: NDArray[Any]) -> NDArray[Any]:
        """[f, i, j] by destination [f, j, i], contiguous and writeable."""
        known = self.by_destination.get(id(a))
        return by_destination(a) if known is None else known


def base_of(world: World) -> Base:
    """The world as the setup reads it. Raises UserError for a node that sells without a price."""
    sells = world.supply() > 0
    unpriced = sells & ~(np.nan_to_num(world.prices) > 0)
    if unpriced.any():
        raise UserError(
            [
                Problem(
                    f"no base price of {world.chain.forms[f].id} in {world.countries[i]}",
                    "world prices",
                    "USD per t contained > 0",
                )
                for f, i in np.argwhere(unpriced)
            ]
        )
    k, nothing = base_constants(world), no_events(world)
    link = np.stack([world.input_coefficients(), world.output_coefficients()])
    reference = np.array([f.reference_price for f in world.chain.forms])
    price = np.where(sells, np.nan_to_num(world.prices), reference[:, None])
    p0, mines, runs = np.nan_to_num(k.p0), world.M0 > 0, world.X0 > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        log_s0 = np.where(k.s0 > 0, np.log(k.s0), NOTHING)
        used = np.where(mines & np.isfinite(k.supply_capacity), world.M0 / k.supply_capacity, 0.0)
        supply = np.stack(
            [
                np.where(mines, np.log(world.M0), -np.inf),
                used,
                np.where(mines, np.log(k.supply_capacity), -np.inf),
                np.log(np.where(mines, price, 1.0)),
            ]
        )
        u0 = np.where(runs, world.X0 / k.process_capacity, 0.5)
    value = link[1] @ p0
    processing = np.stack(
        [k.process_capacity, np.log(u0 / (1 - u0)), value - link[0] @ np.nan_to_num(k.phi0), value]
    )
    return Base(
        BaseRoutes(by_destination(log_s0), by_destination(k.d0), by_destination(k.s0 > 0)),
        np.nan_to_num(k.phi0),
        np.log(price),
        price,
        supply,
        processing,
        reference,
        link,
        elimination_order(world.chain, link[0], link[1]),
        nothing,
        {id(a): np.array(a) for a in (world.duty_on_cif, *arrays_of(nothing).values())},
        {id(a): by_destination(a) for a in arrays_of(nothing).values() if a.shape == world.q0.shape},
    )


def room_for(world: World, base: Base, events: CompiledEvents) -> Constants:
    """Constants for draws with as many groups and stocks as these events, filled with what no draw
    changes."""
    F, n, U = world.D0.shape
    groups = (*events.caps, *events.floors)
    c = empty_constants(F, n, len(base.processing[0]), U, len(groups), len(events.releases))
    c.link[:] = base.link
    c.order[: 1 + F] = base.order
    c.node[at.START, :, :n] = base.start
    c.node[LOG_A + 1] = -np.inf
    c.node[LOWEST, :, :n] = lowest_log_price(base.reference)[:, None]
    return c


def set_constants(world: World, base: Base, params: Params, events: CompiledEvents, c: Constants) -> None:
    """All constants of one draw, in place."""
    n, plain, turned, nothing = len(world.countries), base.plain, base.turned, base.nothing
    c.eps[:] = params.eps
    c.fx[:n] = 1.0 + events.fx
    switches = events.switch_share is not nothing.switch_share and bool(events.switch_share.any())
    supported = not (
        events.subsidy is nothing.subsidy and events.price_floor is nothing.price_floor
    ) and bool(events.subsidy.any() or events.price_floor.any())
    c.number[:] = params.zc, params.lo, params.demand_k, params.supply_r, float(switches), float(supported)
    c.node[at.PHI0, :, :n] = base.phi0
    c.node[PURCHASES, :, :n] = events.purchases
    np.multiply(world.D0, events.demand_factor, out=c.use[D0, :, :n])
    if switches:
        c.use[at.SWITCH_SHARE, :, :n], c.use[at.SWITCH_TRIGGER, :, :n] = (
            events.switch_share,
            events.switch_trigger,
        )
        c.use[at.SWITCH_WIDTH, :, :n] = events.switch_width
    if supported:
        c.node[at.SUBSIDY, :, :n], c.node[at.FLOOR, :, :n], c.node[at.FLOOR_SHARE, :, :n] = (
            events.subsidy,
            events.price_floor,
            events.floor_share,
        )
    for row, stock in enumerate(events.releases):
        away = (base.price[stock.form, stock.country] - stock.trigger) / stock.width
        held = stock.tonnes / (1.0 + np.exp(np.clip(-away, -700.0, 700.0)))
        c.stock[:, row] = stock.form, stock.country, stock.tonnes, stock.trigger, stock.width, held
    bend = float(params.supply_r)
    set_supply(
        c.node, bend, base.supply, params.eta, plain(events.supply_factor), plain(events.supply_ceiling)
    )
    set_processing(
        c.process,
        c.fx,
        base.processing,
        params.mu,
        plain(events.process_factor),
        plain(events.process_subsidy),
    )
    charges = Charges(
        plain(world.duty_on_cif),
        turned(events.tariff),
        turned(events.export_tax),
        turned(events.specific),
        turned(events.freight),
        turned(events.cif_shift),
    )
    set_routes(c.node, c.route, base.routes, params.sigma, charges, turned(events.open_routes))
    prune(c)
    for g, group in enumerate((*events.caps, *events.floors)):
        named, reached = c.group_route[at.NAMED, g, :n, :n], c.group_route[at.OPEN, g, :n, :n]
        named[:] = group.routes.T
        np.logical_and(named, c.route[LOG_W, group.form, :n, :n] > 0.5 * NOTHING, out=reached)
        sign = 1.0 if group.kind == "cap" else -1.0
        # a limit on nothing is no limit: a cap never binds, a floor asks for nothing
        limit = group.limit if reached.any() else (np.inf if sign > 0 else 0.0)
        c.group_form[g] = group.form
        theta = params.sigma[group.form] / base.reference[group.form]
        c.group[:, g] = limit, sign, group.toll, group.last, theta


@routine(THREE_AXES, NUMBER, THREE_AXES, ONE_AXIS, TWO_AXES, TWO_AXES)
def set_supply(node, r, supply, eta, factor, ceiling):
    """Rows LOG_A, ETA, LOG_K of what stands, after capacity events."""
    _, F, n = supply.shape
    for f in range(F):
        for i in range(n):
            log_m0, used, log_k0, log_price = (
                supply[0, f, i],
                supply[1, f, i],
                supply[2, f, i],
                supply[3, f, i],
            )
            node[LOG_A, f, i] = -np.inf
            node[ETA, f, i] = 0.0
            node[LOG_K, f, i] = -np.inf
            if log_m0 == -np.inf:
                continue
            slack = -np.expm1(r * np.log(used)) if used > 0.0 else 1.0
            local = eta[f] / slack
            moved = np.log(factor[f, i]) if factor[f, i] > 0.0 else -np.inf
            most = np.log(ceiling[f, i]) if ceiling[f, i] > 0.0 else -np.inf
            node[ETA, f, i] = local
            node[LOG_A, f, i] = log_m0 - np.log(slack) / r - local * log_price + moved
            node[LOG_K, f, i] = min(log_k0 + moved, most)


@routine(THREE_AXES, ONE_AXIS, THREE_AXES, ONE_AXIS, TWO_AXES, TWO_AXES)
def set_processing(process, fx, processing, mu, factor, subsidy):
    """Capacity, kappa and cost after events."""
    _, K, n = processing.shape
    for k in range(K):
        for i in range(n):
            process[CAPACITY, k, i] = processing[0, k, i] * factor[k, i]
            process[KAPPA, k, i] = 0.0
            process[COST, k, i] = 0.0
            if processing[0, k, i] > 0.0:
                m0 = mu[k] * processing[3, k, i]
                process[KAPPA, k, i] = processing[1, k, i] / m0
                process[COST, k, i] = processing[2, k, i] - m0 - subsidy[k, i] * fx[i]


@routine(THREE_AXES, FOUR_AXES, BASE_ROUTES, ONE_AXIS, CHARGES, WHETHER)
def set_routes(node, route, base, sigma, charges, open_routes):
    """Sourcing weights and slopes after events, arrays [F, j, i]; a closed or never used route weighs
    nothing."""
    log_s0, d0, bought = base.log_s0, base.d0, base.bought
    on_cif, tariff, tax, specific = charges.on_cif, charges.tariff, charges.export_tax, charges.specific
    freight, cif_shift = charges.freight, charges.cif_shift
    F, n, _ = d0.shape
    for f in range(F):
        for j in range(n):
            theta = sigma[f] / node[PHI0, f, j] if node[PHI0, f, j] > 0.0 else 0.0
            node[THETA, f, j] = theta
            dutiable = 1.0 if on_cif[j] else 0.0
            for i in range(n):
                tau = tariff[f, j, i]
                m = 1.0 + tau
                dhat = m * (1.0 + tax[f, j, i])
                fixed = freight[f, j, i] * (1.0 + dutiable * tau + cif_shift[f, j, i]) + specific[f, j, i]
                weight = log_s0[f, j, i] + theta * (d0[f, j, i] - fixed)
                route[LOG_W, f, j, i] = weight if bought[f, j, i] and open_routes[f, j, i] else NOTHING
                route[SLOPE, f, j, i] = theta * dhat
                route[PULL, f, j, i] = theta * m
                route[DHAT, f, j, i] = dhat


@routine(CONSTANTS)
def prune(c):
    """Takes out, until nothing changes, origins without supply or buyer, buyers without a route, processes
    without inputs or outlets (see `crosscut.market.solve.idle_lines`)."""
    route, node, use, process, link, alive, stock = (
        c.route,
        c.node,
        c.use,
        c.process,
        c.link,
        c.alive,
        c.stock,
    )
    _, F, n, U = use.shape
    K = process.shape[1]
    for f in range(F):
        for i in range(n):
            alive[MINES, f, i] = node[LOG_A, f, i] > -np.inf and node[LOG_K, f, i] > -np.inf
            alive[WANTS, f, i] = node[PURCHASES, f, i] > 0.0
            for u in range(U):
                alive[WANTS, f, i] = alive[WANTS, f, i] or use[D0, f, i, u] > 0.0
    for row in range(stock.shape[1]):
        if stock[S_TONNES, row] > stock[S_HELD, row]:
            alive[MINES, int(stock[S_FORM, row]), int(stock[S_COUNTRY, row])] = True
    changed = True
    while changed:
        changed = False
        for f in range(F):
            for i in range(n):
                makes, takes = alive[MINES, f, i], alive[WANTS, f, i]
                for k in range(K):
                    makes = makes or (link[MAKES, k, f] > 0.0 and process[CAPACITY, k, i] > 0.0)
                    takes = takes or (link[TAKES, k, f] > 0.0 and process[CAPACITY, k, i] > 0.0)
                alive[ORIGIN, f, i] = makes
                alive[BUYER, f, i] = takes
                alive[SELLS, f, i] = False
                alive[BUYS, f, i] = False
            for j in range(n):
                for i in range(n):
                    if route[LOG_W, f, j, i] > 0.5 * NOTHING:
                        if alive[ORIGIN, f, i] and alive[BUYER, f, j]:
                            alive[SELLS, f, i] = True
                            alive[BUYS, f, j] = True
                        else:
                            route[LOG_W, f, j, i] = NOTHING
        for k in range(K):
            for i in range(n):
                if process[CAPACITY, k, i] > 0.0:
                    fed, taken = True, False
                    for f in range(F):
                        fed = fed and (link[TAKES, k, f] == 0.0 or alive[BUYS, f, i])
                        taken = taken or (link[MAKES, k, f] > 0.0 and alive[SELLS, f, i])
                    if not (fed and taken):
                        process[CAPACITY, k, i] = 0.0
                        changed = True
    for f in range(F):
        c.order[1 + F, f], c.order[2 + F, f] = 0, 0
        for i in range(n):
            alive[ORIGIN, f, i] = alive[ORIGIN, f, i] and alive[SELLS, f, i]
            if alive[ORIGIN, f, i]:
                c.order[1 + F, f] = i // WIDTH * WIDTH + WIDTH
            if alive[BUYER, f, i] and alive[BUYS, f, i]:
                c.order[2 + F, f] = i // WIDTH * WIDTH + WIDTH
            alive[BUYER, f, i] = alive[BUYER, f, i] and alive[BUYS, f, i]
            if not alive[ORIGIN, f, i]:
                node[LOG_A, f, i] = -np.inf
            if not alive[BUYER, f, i]:
                node[THETA, f, i] = 0.0
                node[PHI0, f, i] = 0.0
                node[PURCHASES, f, i] = 0.0
                for u in range(U):
                    use[D0, f, i, u] = 0.0
