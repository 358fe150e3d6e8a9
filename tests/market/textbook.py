"""Textbook cases as the limit of homogeneous goods (theta to infinity): inputs, solutions and errors by
theta."""

import json
from dataclasses import replace

import numpy as np

from crosscut.market.events.compiled import Group, no_events
from crosscut.market.events.events import RentTo
from crosscut.market.model.curves import BackstopDemand, CappedSupply, LinearDemand, LinearSupply
from crosscut.market.model.examples import example_params, one_form_world
from crosscut.market.read.solved_market import SolvedMarket
from crosscut.market.read.welfare import welfare_between
from crosscut.market.solve.calibration import calibrate
from crosscut.market.solve.shocked import curves_after
from crosscut.market.solve.solver import solve_calibrated
from tests.paths import TESTS

CASES = {
    c["id"]: c for c in json.loads((TESTS / "known_answers" / "spatial_equilibrium_cases.json").read_text())
}


def textbook(theta, demand_intercept, demand_slope, supply_intercept, supply_slope, cost, guess):
    """A calibration with linear curves, equal priors and the given theta: homogeneous goods as theta
    grows."""
    n = len(guess)
    world = one_form_world(np.ones((1, n, n)), np.asarray(guess, dtype=float)[None])
    base = calibrate(world, example_params(world))
    # Equal priors: weight 1/n at a common reference price, so Phi = -ln(mean exp(-theta (d - ref))) / theta
    # + ref.
    reference = float(np.mean(guess))
    c = replace(
        base,
        phi0=np.full((1, n), reference),
        theta=np.full((1, n), theta),
        log_w0=np.full((1, n, n), -np.log(n) + theta * reference),
        supply=LinearSupply(np.asarray(supply_intercept, float)[None], np.asarray(supply_slope, float)[None]),
        demand=LinearDemand(
            np.asarray(demand_intercept, float)[None, :, None], np.asarray(demand_slope, float)[None, :, None]
        ),
    )
    events = replace(no_events(world), freight=np.asarray(cost, dtype=float)[None])
    return c, events


def along_theta(thetas, case, groups=()):
    """Solutions with theta rising, each started where the last one ended."""
    out, start = [], None
    for theta in thetas:
        c, events = textbook(theta, **case)
        events = replace(events, caps=tuple(groups), specific=case.get("specific", events.specific))
        s = solve_calibrated(c, events, start)
        assert s.ok, (theta, s.failed_market)
        out.append(s)
        scale = np.array([theta and example_params(c.world).sigma[0] / c.reference[0] for _ in groups])
        start = np.concatenate(
            [np.log(s.price[0]), [s.multipliers[g.id] * k for g, k in zip(groups, scale, strict=True)]]
        )
    return out


def miranda_fackler():
    inputs = CASES["miranda_fackler_3country"]["inputs"]
    demand, supply = np.array(inputs["inverse_demand"], float), np.array(inputs["inverse_supply"], float)
    return {
        "demand_intercept": demand[:, 0] / -demand[:, 1],
        "demand_slope": 1 / -demand[:, 1],
        "supply_intercept": -supply[:, 0] / supply[:, 1],
        "supply_slope": 1 / supply[:, 1],
        "cost": inputs["transport_cost_from_row_to_col"],
        "guess": [24.0, 27.0, 30.0],
    }


THETAS = (5, 25, 125, 1000, 5000)
IMPORTS = np.array([[False, False], [True, False]])  # of country 0 from country 1


def takayama_judge():
    inputs = CASES["spatequ_com1"]["inputs"]
    regions = ("Reg1", "Reg2", "Reg3")
    t = inputs["transport"]
    return {
        "demand_intercept": [inputs["AlphaD"][r] for r in regions],
        "demand_slope": [-(inputs["BetaD_own"][r] + inputs["BetaD_cross"]) for r in regions],
        "supply_intercept": [inputs["AlphaS"]] * 3,
        "supply_slope": [inputs["BetaS_own"][r] + inputs["BetaS_cross"] for r in regions],
        "cost": [[0, t["R1R2"], t["R1R3"]], [t["R1R2"], 0, t["R2R3"]], [t["R1R3"], t["R2R3"], 0]],
        "guess": [11.0, 9.0, 10.0],
    }


KRUGMAN = {
    "demand_intercept": [100.0, 80.0],
    "demand_slope": [20.0, 20.0],
    "supply_intercept": [20.0, 40.0],
    "supply_slope": [20.0, 20.0],
    "cost": [[0.0, 0.0], [0.0, 0.0]],
    "guess": [1.5, 1.5],
}
JISKHA = {
    "demand_intercept": [500.0, 400.0],
    "demand_slope": [10.0, 10.0],
    "supply_intercept": [100.0, 200.0],
    "supply_slope": [10.0, 10.0],
    "cost": [[0.0, 0.0], [0.0, 0.0]],
    "guess": [15.0, 15.0],
}


def two_countries(case, thetas, *, duty=0.0, quota=None, ban=False):
    """(calibration, events, solution) for each theta, each started where the last one ended: a duty per unit
    on imports of country 0, a quota on them, or no trade at all."""
    out, start = [], None
    for theta in thetas:
        c, events = textbook(theta, **case)
        specific = events.specific.copy()
        specific[0, 1, 0] = duty
        caps = () if quota is None else (Group("quota", "cap", 0, IMPORTS, quota, RentTo.IMPORTERS),)
        routes = np.eye(2, dtype=bool)[None] if ban else events.open_routes
        events = replace(events, specific=specific, caps=caps, open_routes=routes)
        s = solve_calibrated(c, events, start)
        assert s.ok, theta
        scale = example_params(c.world).sigma[0] / c.reference[0]
        start = np.concatenate([np.log(s.price[0]), [s.multipliers[g.id] * scale for g in caps]])
        out.append((c, events, s))
    return out


def price_errors(solved, answer):
    """Largest error of the two prices, country 0 as its buyers see it and country 1 as its producers do."""
    return [float(np.abs(np.array([s.marginal[0, 0], s.price[0, 1]]) - answer).max()) for _, _, s in solved]


def gains(before, after):
    """Welfare by item between two solved textbook markets with the same curves."""
    sides = [SolvedMarket(c, e, s, curves_after(c, e)) for c, e, s in (before, after)]
    return welfare_between(sides[0].calibration.world, *sides)


def dantzig(thetas, *, flexible=False, halved=False, cost_of_supply=1e-3):
    """Dantzig's two plants and three markets: (flows, marginal prices at the markets, plant prices) for each
    theta.

    Plants give up to their capacity from `cost_of_supply` on, which stands for the marginal cost of 0 of the
    published cases (with 0 the price level is not unique). `flexible`: demand b (pbar / p)^esub, else nearly
    fixed. `halved`: Seattle to Chicago at half the cost.
    """
    data, answer = CASES["trnsport"]["inputs"], CASES["transmcp"]["inputs"]
    plants, markets = list(data["plants"]), list(data["markets"])
    n, per_mile = 5, data["freight_usd_per_case_per_kmile"] / 1000
    cost = np.zeros((n, n))
    for i, plant in enumerate(plants):
        cost[i, 2:] = np.array(data["distance_kmiles"][plant]) * per_mile
    if halved:
        cost[plants.index("seattle"), 2 + markets.index("chicago")] /= 2
    q0 = np.zeros((1, n, n))
    q0[0, :2, 2:] = 1.0
    pbar = CASES["trnsport"]["answer"]["demand_prices_with_zero_supply_price"]
    world = one_form_world(q0, np.full((1, n), 0.1))
    base = calibrate(world, example_params(world))
    capacity = np.array([*data["plants"].values(), np.nan, np.nan, np.nan], float)
    d0 = np.zeros((1, n, 3))
    eps = np.zeros((1, 3))
    for u, m in enumerate(markets):  # one use per market, so that each has its own elasticity
        d0[0, 2 + u, u] = data["markets"][m]
        eps[0, u] = answer["esub"][m] if flexible else 1e-6
    phi0 = np.array([[1, 1, *(pbar[m] for m in markets)]])
    with np.errstate(invalid="ignore"):
        log_k = np.where(np.isfinite(capacity), np.log(capacity), -np.inf)[None]
        log_a = np.where(np.isfinite(capacity), np.log(2 * capacity / cost_of_supply), -np.inf)[None]
    out, start = [], None
    for theta in thetas:
        c = replace(
            base,
            phi0=np.where(base.phi0 > 0, phi0, np.nan),
            theta=np.full((1, n), float(theta)),
            log_w0=np.where(np.isfinite(base.log_w0), -np.log(2) + theta * phi0[:, None, :], -np.inf),
            supply=CappedSupply(log_a, np.where(np.isfinite(log_a), 1.0, 0.0), log_k, 40.0),
            demand=BackstopDemand(d0, phi0, eps, 1e9, 1e-6, 8.0),
        )
        s = solve_calibrated(c, replace(no_events(world), freight=cost[None]), start)
        assert s.ok, theta
        start = np.log(s.price[0, :2])
        out.append((s.flows[0, :2, 2:], s.marginal[0, 2:], s.price[0, :2]))
    return out


def convergence():
    """case -> largest error of its prices (in its own unit) for each of THETAS."""
    mf = np.array(CASES["miranda_fackler_3country"]["answer"]["prices"], float)
    tj = np.array(list(CASES["spatequ_com1"]["answer"]["P"].values()), float)
    flex = np.array(CASES["transmcp"]["answer"]["flex_counterfactual"]["p"])
    return {
        "miranda_fackler_3country": [
            float(np.abs(s.marginal[0] - mf).max()) for s in along_theta(THETAS, miranda_fackler())
        ],
        "spatequ_com1": [
            float(np.abs(s.marginal[0] - tj).max()) for s in along_theta(THETAS, takayama_judge())
        ],
        "krugman_obstfeld_1_3, tariff": price_errors(two_countries(KRUGMAN, THETAS, duty=0.5), (1.75, 1.25)),
        "krugman_obstfeld_export_side, quota": price_errors(
            two_countries(KRUGMAN, THETAS, quota=10.0), (1.75, 1.25)
        ),
        "krugman_obstfeld_export_side, ban": price_errors(
            two_countries(KRUGMAN, THETAS, ban=True), (2.0, 1.0)
        ),
        "jiskha_style_500, tariff": price_errors(two_countries(JISKHA, THETAS, duty=0.5), (15.25, 14.75)),
        "jiskha_style_500, quota": price_errors(two_countries(JISKHA, THETAS, quota=50.0), (17.5, 12.5)),
        "transmcp, price-responsive": [
            float(np.abs(p - flex).max()) for _, p, _ in dantzig(THETAS, flexible=True, halved=True)
        ],
    }
