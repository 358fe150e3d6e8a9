"""State: what one year leaves to the next, and the constants of the next year's market.

Every quantity is relative to the base, so that a year in which nothing has moved has exactly the base's
constants:

    supply    A_t = A_0 kappa_t x_(t-1)^(1 - lambda_S)
              x_t = min( x_(t-1)^(1 - lambda_S) y^eta~ , K_0 / F_0 )
    demand    D_t = D_0 B_t h_(t-1)^(1 - lambda_D) G(z)
              h_t = h_(t-1)^(1 - lambda_D) z^-eps ,  lo <= z <= zc
    sourcing  s0_t = s0_(t-1) (1 - delta + delta s_(t-1) / s0_(t-1))
              theta_t = sigma_t / paid price of t - 1

x is supply without a capacity limit over its base at base capacity, h use per unit of activity. The first
line is A_t = A_LR^lambda M_(t-1)^(1 - lambda) with what was mined read off the curve: neither a quota nor an
outage is remembered, only price, and what capacity forbade is not carried over either.

Tests: tests/market/years/test_known_paths.py, tests/market/years/test_year_rules.py
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from crosscut.base.arrays import Array
from crosscut.market.events.compiled import CompiledEvents
from crosscut.market.model.curves import BackstopDemand, CappedSupply, Processing, SumOfSupplies
from crosscut.market.model.solution import Solution
from crosscut.market.solve.calibration import Calibration, base_delivered_price
from crosscut.market.years.draw import OutlookDraw
from crosscut.market.years.facilities import decided_growth, opened_growth
from crosscut.market.years.recycling import arisings, fresh_scrap, used_in, worn_out
from crosscut.market.years.stocks import StockYear, let_go_by, sold_from, wanted

LEAST = 1e-12  # stands for a margin that is gone


@dataclass(frozen=True, eq=False)
class YearState:
    """Before a year is solved. intensity[f, i] = ln x, habit[f, j, u] = ln h, log_share[f, i, j] = ln s0,
    level[f, j] = the paid price that scales theta, expanded[f, i] and plants[k, i] = ln(capacity over base),
    pool [n] in t of use and fresh [n], new scrap over that of the base, signals of past years (primary [f,
    i], processes [k, i]), under_way: by rule of investment the ln growth decided and not open, oldest first,
    stock t by account, sold t by facility and let_go t by stock of an event so far."""

    intensity: Array
    habit: Array
    log_share: Array
    level: Array
    expanded: Array
    plants: Array
    pool: Array
    fresh: Array
    signals: tuple[tuple[Array, Array], ...]
    under_way: tuple[tuple[Array, ...], ...]
    stock: tuple[float, ...]
    sold: dict[str, float]
    let_go: dict[str, float]


def base_state(calibration: Calibration, draw: OutlookDraw) -> YearState:
    """The state of a world that has always been at its base.

    Parameters
    ----------
    calibration : Calibration
        Constants of the base.
    draw : OutlookDraw
        For the worn-out goods and the stocks it begins with.

    Returns
    -------
    YearState
        From which the first year is solved.
    """
    world = calibration.world
    bought = world.q0.sum(axis=1)[:, None, :]
    with np.errstate(invalid="ignore", divide="ignore"):
        log_share = np.where(world.q0 > 0, np.log(world.q0) - np.log(bought), -np.inf)
    return YearState(
        intensity=np.zeros_like(world.M0),
        habit=np.zeros_like(world.D0),
        log_share=log_share,
        level=calibration.phi0,
        expanded=np.zeros_like(world.M0),
        plants=np.zeros_like(world.X0),
        pool=used_in(world, world.D0),
        fresh=np.ones(len(world.countries)),
        signals=(),
        under_way=tuple(() for _ in draw.investment),
        stock=tuple(s.opening for s in draw.stocks),
        sold={},
        let_go={},
    )


@dataclass(frozen=True, eq=False)
class YearMarket:
    """The constants of one year, and what the stocks do in it: (wanted purchases, draw, release) by account,
    t."""

    calibration: Calibration
    stock_plans: tuple[tuple[float, float, float], ...]
    offered: Array


def market_of_year(base: Calibration, draw: OutlookDraw, state: YearState, year: int) -> YearMarket:
    """The market of a year.

    Parameters
    ----------
    base : Calibration
        Constants of the base.
    draw : OutlookDraw
        The behaviour and drift of this future.
    state : YearState
        What the year before has left.
    year : int
        The calendar year.

    Returns
    -------
    YearMarket
        Constants of the year, and what the stocks plan to do in it.
    """
    world, params, how = base.world, base.params, draw.behaviour
    age = year - world.year
    sigma = params.sigma * how.sigma_long ** (1.0 - 2.0 ** (-age / how.half_life))
    scale = state.expanded.copy()  # ln of what each origin's primary curve is multiplied by
    if draw.recycling is not None:
        with np.errstate(divide="ignore"):
            scale[draw.recycling.form] += np.log(arisings(world, draw.recycling, state.pool, state.fresh))
    theta = sigma[:, None] / state.level
    log_w0 = _sourcing_weights(base, state, scale, theta)
    supply, processing = base.supply, base.processing
    assert isinstance(supply, CappedSupply) and isinstance(base.demand, BackstopDemand)
    remembered = (1.0 - how.supply_speed)[:, None] * state.intensity
    mines = replace(supply, log_a=supply.log_a + remembered + scale, log_k=supply.log_k + scale)
    growth = np.exp(age * np.log1p(draw.growth))
    d0 = base.demand.d0 * growth * np.exp((1.0 - how.demand_speed)[:, None, :] * state.habit)
    plans, offered = [], np.zeros_like(world.M0)
    for stock, opening in zip(draw.stocks, state.stock, strict=True):
        f, j = stock.form, stock.country
        d, r = sold_from(stock, opening, _last_ratio(state, f, j), year)
        buy = wanted(stock.purchases, year)
        d0[f, j, -1] += buy
        offered[f, j] += d + r
        plans.append((buy, d, r))
    out = replace(
        base,
        params=replace(params, sigma=sigma),
        theta=theta,
        log_w0=log_w0,
        supply=mines,
        demand=replace(base.demand, d0=d0),
        processing=Processing(processing.capacity * np.exp(state.plants), processing.kappa, processing.cost),
    )
    return YearMarket(_with_stock_sales(out, offered), tuple(plans), offered)


def _last_ratio(state: YearState, form: int, country: int) -> float:
    return float(np.exp(state.signals[-1][0][form, country])) if state.signals else 1.0


def _sourcing_weights(base: Calibration, state: YearState, scale: Array, theta: Array) -> Array:
    """ln s0 + theta d0, origins weighed by what their capacity has grown to: at parity they keep their share
    of it."""
    world = base.world
    made = np.einsum("kf,ki->fi", base.b, world.X0 * np.exp(state.plants))
    s0 = world.supply()
    with np.errstate(invalid="ignore", divide="ignore"):
        weight = np.where(s0 > 0, np.log(world.M0 * np.exp(scale) + made) - np.log(s0), 0.0)
    log_share = state.log_share + weight[..., None]
    top = np.max(log_share, axis=1, keepdims=True)
    top = np.where(np.isfinite(top), top, 0.0)
    with np.errstate(divide="ignore"):
        total = top + np.log(np.exp(log_share - top).sum(axis=1, keepdims=True))
    d0 = base_delivered_price(world, np.nan_to_num(base.p0))
    live = np.isfinite(log_share)
    reference = np.where(live, log_share, 0.0) - np.where(live, total, 0.0)
    return np.where(live, reference + np.nan_to_num(theta)[:, None, :] * d0, -np.inf)


def _with_stock_sales(c: Calibration, offered: Array) -> Calibration:
    """Stock sold at home at any price; at parity its share of home purchases is its share of what is offered
    there."""
    if not (offered > 0).any():
        return c
    assert isinstance(c.supply, CappedSupply)
    log_w0 = c.log_w0.copy()
    bought = c.world.use()
    for f, j in np.argwhere(offered > 0):
        share = offered[f, j] / (bought[f, j] + offered[f, j])
        log_w0[f, :, j] += np.log1p(-share)
        log_w0[f, j, j] = np.logaddexp(log_w0[f, j, j], np.log(share) + c.theta[f, j] * c.phi0[f, j])
    with np.errstate(divide="ignore"):
        log_t = np.log(offered)
    sales = CappedSupply(log_t, np.zeros_like(offered), np.where(offered > 0, np.inf, -np.inf), c.supply.r)
    p0 = np.where(np.isnan(c.p0) & (offered > 0), c.phi0, c.p0)
    return replace(c, log_w0=log_w0, supply=SumOfSupplies((c.supply, sales)), p0=p0)


class SolvedYear(NamedTuple):
    """A year that was solved: constants, events with facilities as entrants, solution; its stocks, and t sold
    by facility or entrant id."""

    market: Calibration
    events: CompiledEvents
    solution: Solution
    accounts: tuple[StockYear, ...]
    sold: dict[str, float]


def state_after(base: Calibration, draw: OutlookDraw, before: YearState, year: SolvedYear) -> YearState:
    """What a year leaves to the next.

    Parameters
    ----------
    base : Calibration
        Constants of the base.
    draw : OutlookDraw
        The behaviour of this future.
    before : YearState
        The state the year began with.
    year : SolvedYear
        The year, solved.

    Returns
    -------
    YearState
        The state the next year begins with.
    """
    market, events, solution, accounts, sold = year
    world, params, how = base.world, base.params, draw.behaviour
    supply = base.supply
    assert isinstance(supply, CappedSupply)
    local = solution.price * (1.0 + events.fx)
    with np.errstate(invalid="ignore", divide="ignore"):
        signal = np.where(np.isfinite(local) & (world.M0 > 0), np.log(local / world.prices), 0.0)
        room = supply.log_k - supply.log_a - supply.eta * np.log(world.prices)
        free = (1.0 - how.supply_speed)[:, None] * before.intensity + supply.eta * signal
        intensity = np.where(world.M0 > 0, np.minimum(free, room), 0.0)
        z = np.where(
            np.isfinite(solution.marginal), solution.marginal * (1.0 + events.fx) / base.phi0, params.zc
        )
        z = np.where(np.isfinite(base.phi0), np.clip(z, params.lo, params.zc), 1.0)
        habit = (1.0 - how.demand_speed)[:, None, :] * before.habit - params.eps[:, None, :] * np.log(z)[
            ..., None
        ]
        margin = _odds(solution.activity, market.processing.capacity * events.process_factor)
        base_margin = _odds(world.X0, base.processing.capacity)
        earned = np.where(base_margin > 0, np.log(np.maximum(margin / base_margin, LEAST)), 0.0)
    signals = (*before.signals, (signal, earned))
    expanded, plants = before.expanded.copy(), before.plants.copy()
    under_way = []
    for rule, queue in zip(draw.investment, before.under_way, strict=True):
        mines = rule.process < 0
        seen = [s[0][rule.form] if mines else s[1][rule.process] for s in signals]
        existing = expanded[rule.form] if mines else plants[rule.process]
        decided = decided_growth(rule, seen, sum(queue, np.zeros_like(existing)))
        opened, left = opened_growth(rule, (*queue, decided), existing)
        existing += opened
        under_way.append(left)
    pool, fresh = before.pool, before.fresh
    if draw.recycling is not None:
        pool = worn_out(pool, used_in(world, solution.use), draw.recycling.lifetime)
        fresh = fresh_scrap(world, draw.recycling, solution.activity, solution.use)
    return YearState(
        intensity=intensity,
        habit=habit,
        log_share=_drifted(before.log_share, market, events, solution, how.drift),
        level=_paid(solution, before.level),
        expanded=expanded,
        plants=plants,
        pool=pool,
        fresh=fresh,
        signals=signals,
        under_way=tuple(under_way),
        stock=tuple(a.closing for a in accounts),
        sold={k: before.sold.get(k, 0.0) + sold.get(k, 0.0) for k in {*before.sold, *sold}},
        let_go=before.let_go
        | {
            r.id: (
                before.let_go.get(r.id, 0.0)
                + let_go_by(
                    r, float(solution.price[r.form, r.country]), float(world.prices[r.form, r.country])
                )
            )
            for r in events.releases
        },
    )


def _paid(solution: Solution, before: Array) -> Array:
    """Mean delivered price by form and buyer; the last known one where nothing was bought."""
    spent = (solution.flows * np.nan_to_num(solution.delivered)).sum(axis=1)
    bought = solution.flows.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where((bought > 0) & np.isfinite(before), spent / bought, before)


def _odds(activity: Array, capacity: Array) -> Array:
    """kappa times margin: ln(u / (1 - u)) at utilisation u; 0 where there is no capacity."""
    with np.errstate(invalid="ignore", divide="ignore"):
        out: Array = np.where(
            capacity > 0, np.log(np.maximum(activity, LEAST)) - np.log(capacity - activity), 0.0
        )
    return out


def _drifted(
    log_share: Array, market: Calibration, events: CompiledEvents, solution: Solution, drift: float
) -> Array:
    """ln s0 of the next year: habit moves towards what was bought from those who stood in the base.

    Entrants keep the share of their capacity and are left out; a buyer that bought from nobody keeps its
    habit.
    """
    if drift <= 0:
        return log_share
    d = np.nan_to_num(solution.delivered)
    theta = np.nan_to_num(market.theta)[:, None, :]
    open_route = np.isfinite(market.log_w0) & events.open_routes & np.isfinite(solution.delivered)
    reference = np.where(np.isfinite(market.log_w0), market.log_w0, -np.inf)
    realised = np.where(open_route, reference - theta * d, -np.inf)
    top = np.max(realised, axis=1, keepdims=True)
    some = np.isfinite(top)
    e = np.exp(realised - np.where(some, top, 0.0))
    total = e.sum(axis=1, keepdims=True)
    share = e / np.where(total > 0, total, 1.0)
    old = np.exp(log_share)
    existing = _base_share(market, reference, theta)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where(existing > 0, share / existing, 1.0)
        new = old * (1.0 - drift + drift * ratio)
        new = np.where(some, new / new.sum(axis=1, keepdims=True), old)
        return np.where(old > 0, np.log(new), -np.inf)


def _base_share(market: Calibration, log_w: Array, theta: Array) -> Array:
    """s0 of the year's constants: the weights with theta d0 taken out again."""
    w = market.world
    d0 = base_delivered_price(w, np.nan_to_num(market.p0))
    out: Array = np.exp(np.where(np.isfinite(log_w), log_w - theta * d0, -np.inf))
    return out
