"""Rule 17.7: closed forms, and textbook cases as the limit of homogeneous goods (theta to infinity)."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from crosscut.market.calibration import calibrate
from crosscut.market.compiled import Group, no_events
from crosscut.market.curves import LinearDemand, LinearSupply
from crosscut.market.events import RentTo
from crosscut.market.examples import example_params, one_form_world
from crosscut.market.solver import solve, solve_calibrated

CASES = {
    c["id"]: c
    for c in json.loads(
        (Path(__file__).parent.parent / "known_answers" / "spatial_equilibrium_cases.json").read_text()
    )
}


def textbook(theta, demand_intercept, demand_slope, supply_intercept, supply_slope, cost, guess):
    """A calibration with linear curves, equal priors and the given theta: homogeneous goods as theta grows."""
    n = len(guess)
    world = one_form_world(np.ones((1, n, n)), np.asarray(guess, dtype=float)[None])
    base = calibrate(world, example_params(world))
    # Equal priors: weight 1/n at a common reference price, so Phi = -ln(mean exp(-theta (d - ref))) / theta + ref.
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
        "demand_intercept": demand[:, 0] / -demand[:, 1], "demand_slope": 1 / -demand[:, 1],
        "supply_intercept": -supply[:, 0] / supply[:, 1], "supply_slope": 1 / supply[:, 1],
        "cost": inputs["transport_cost_from_row_to_col"], "guess": [24.0, 27.0, 30.0],
    }  # fmt: skip


def test_miranda_fackler_prices_are_reached_as_one_over_theta():
    """Miranda and Fackler (2002) p. 56: prices 24, 27, 30; error of Phi .109, .021, .0042, .00053 in the trial."""
    answer = np.array(CASES["miranda_fackler_3country"]["answer"]["prices"], float)
    thetas = [5, 25, 125, 1000]
    errors = [np.abs(s.marginal[0] - answer).max() for s in along_theta(thetas, miranda_fackler())]
    assert errors[-1] < 1e-3
    for small, large, ratio in zip(errors[1:], errors[:-1], (5, 5, 8), strict=True):
        assert small < large / (0.7 * ratio)


def test_miranda_fackler_net_exports():
    *_, s = along_theta([5, 25, 125, 1000, 4000], miranda_fackler())
    net = s.flows[0].sum(axis=1) - s.flows[0].sum(axis=0)
    assert net == pytest.approx(CASES["miranda_fackler_3country"]["answer"]["net_exports"], abs=0.01)


def test_takayama_judge_three_regions():
    """GAMS model library spatequ, commodity 1: prices 11, 9, 10."""
    inputs, answer = (CASES["spatequ_com1"][k] for k in ("inputs", "answer"))
    regions = ("Reg1", "Reg2", "Reg3")
    t = inputs["transport"]
    cost = [[0, t["R1R2"], t["R1R3"]], [t["R1R2"], 0, t["R2R3"]], [t["R1R3"], t["R2R3"], 0]]
    case = {
        "demand_intercept": [inputs["AlphaD"][r] for r in regions],
        "demand_slope": [-(inputs["BetaD_own"][r] + inputs["BetaD_cross"]) for r in regions],
        "supply_intercept": [inputs["AlphaS"]] * 3,
        "supply_slope": [inputs["BetaS_own"][r] + inputs["BetaS_cross"] for r in regions],
        "cost": cost, "guess": [11.0, 9.0, 10.0],
    }  # fmt: skip
    *_, s = along_theta([5, 25, 125, 1000, 5000], case)
    assert s.marginal[0] == pytest.approx([answer["P"][r] for r in regions], abs=2e-3)
    assert s.use[0].sum(axis=1) == pytest.approx([answer["Qd"][r] for r in regions], abs=0.05)
    assert s.supply[0] == pytest.approx([answer["Qs"][r] for r in regions], abs=0.05)


def krugman(specific_tariff):
    case = {"demand_intercept": [100.0, 80.0], "demand_slope": [20.0, 20.0], "supply_intercept": [20.0, 40.0],
            "supply_slope": [20.0, 20.0], "cost": [[0.0, 0.0], [0.0, 0.0]], "guess": [1.5, 1.5]}  # fmt: skip
    thetas = [20, 100, 500, 2500, 10000]
    out, start = None, None
    for theta in thetas:
        c, events = textbook(theta, **case)
        specific = np.zeros((1, 2, 2))
        specific[0, 1, 0] = specific_tariff
        out = solve_calibrated(c, replace(events, specific=specific), start)
        assert out.ok
        start = np.log(out.price[0])
    return out


def test_krugman_obstfeld_tariff():
    """International Economics, tariff chapter, problems 1 to 3: free trade 1.5, with a tariff 1.75 at home, 1.25 abroad."""
    answer = CASES["krugman_obstfeld_1_3"]["answer"]
    free, taxed = krugman(0.0), krugman(CASES["krugman_obstfeld_1_3"]["inputs"]["specific_tariff"])
    assert free.marginal[0] == pytest.approx([answer["free_trade_P"]] * 2, abs=2e-3)
    assert taxed.marginal[0, 0] == pytest.approx(answer["tariff_home_P"], abs=2e-3)
    assert taxed.price[0, 1] == pytest.approx(answer["tariff_world_P"], abs=2e-3)
    assert taxed.flows[0, 1, 0] - taxed.flows[0, 0, 1] == pytest.approx(answer["tariff_volume"], abs=0.1)
    assert taxed.use[0, 0].sum() == pytest.approx(answer["home_demand"], abs=0.1)


def test_import_quota_of_the_same_exercise():
    """D = 500 - 10P, S = 100 + 10P at home; quota 50: prices 17.5 and 12.5, rent 250."""
    answer = CASES["jiskha_style_500"]["answer"]
    case = {"demand_intercept": [500.0, 400.0], "demand_slope": [10.0, 10.0], "supply_intercept": [100.0, 200.0],
            "supply_slope": [10.0, 10.0], "cost": [[0.0, 0.0], [0.0, 0.0]], "guess": [15.0, 15.0]}  # fmt: skip
    routes = np.array([[False, False], [True, False]])
    start, s, cap = None, None, None
    for theta in (2, 10, 50, 250, 1000):
        c, events = textbook(theta, **case)
        # At finite theta some home metal still flows out; the quota is on imports net of what theta lets out.
        cap = Group("quota", "cap", 0, routes, 50.0, RentTo.IMPORTERS)
        s = solve_calibrated(c, replace(events, caps=(cap,)), start)
        assert s.ok
        scale = example_params(c.world).sigma[0] / c.reference[0]
        start = np.concatenate([np.log(s.price[0]), [s.multipliers["quota"] * scale]])
    assert s.marginal[0, 0] == pytest.approx(answer["quota50_home_P"], abs=0.02)
    assert s.price[0, 1] == pytest.approx(answer["quota50_foreign_P"], abs=0.02)
    assert s.multipliers["quota"] * 50 == pytest.approx(answer["quota50_rent"], rel=0.01)


@pytest.mark.parametrize("case", CASES["isoelastic_ban"]["inputs"]["cases"])
def test_isoelastic_loss_of_supply_in_one_country(case):
    """p = (1 - s)^(-1 / (eta + eps)) with capacity and backstop out of the way."""
    world = one_form_world(np.array([[[100.0]]]), np.array([[1000.0]]))
    world = replace(world, supply_capacity=np.array([[1e12]]))
    params = replace(example_params(world, eta=case["eps_s"], eps=case["eps_d"]), zc=1e9)
    s = solve(world, params, replace(no_events(world), supply_factor=np.array([[1 - case["share_removed"]]])))
    expected = (1 - case["share_removed"]) ** (-1 / (case["eps_s"] + case["eps_d"]))
    assert s.price[0, 0] / 1000 == pytest.approx(expected, rel=1e-8)


def test_dantzig_transport_costs_are_the_price_gaps():
    """GAMS trnsport and transmcp with a small supply cost (the price level is degenerate without): gaps of demand prices equal the published ones."""
    data = CASES["trnsport"]["inputs"]
    per_mile = data["freight_usd_per_case_per_kmile"] / 1000
    cost = np.zeros((5, 5))
    plants, markets = list(data["plants"]), list(data["markets"])
    for i, plant in enumerate(plants):
        cost[i, 2:] = np.array(data["distance_kmiles"][plant]) * per_mile
    published = CASES["trnsport"]["answer"]["demand_prices_with_zero_supply_price"]
    gaps = np.array([published[m] for m in markets])
    # Steep supply at the plants, nearly fixed demand at the markets; no other routes.
    n = 5
    q0 = np.zeros((1, n, n))
    q0[0, :2, 2:] = 1.0
    world = one_form_world(q0, np.full((1, n), 0.01))
    base = calibrate(world, example_params(world))
    demand = np.array([0, 0, *data["markets"].values()], float)
    capacity = np.array([*data["plants"].values(), 0, 0, 0], float)
    start, s = None, None
    for theta in (20.0, 100.0, 500.0, 3000.0, 20000.0):
        c = replace(
            base,
            phi0=np.where(base.phi0 > 0, 1.0, np.nan), theta=np.full((1, n), theta),
            log_w0=np.where(np.isfinite(base.log_w0), -np.log(2) + theta * 1.0, -np.inf),
            supply=LinearSupply((0.5 * capacity)[None], (capacity * 50.0)[None]),
            demand=LinearDemand((demand * 1.0)[None, :, None], (demand * 1e-4)[None, :, None]),
        )  # fmt: skip
        s = solve_calibrated(c, replace(no_events(world), freight=cost[None]), start)
        assert s.ok, theta
        start = np.log(s.price[0, :2])
    got = s.marginal[0, 2:]
    assert got - got[1] == pytest.approx(gaps - gaps[1], abs=2e-3)
