"""Known answers (E24, E25): closed forms, and textbook cases as the limit of homogeneous goods."""

import re
from dataclasses import replace

import numpy as np
import pytest

from crosscut.market.events.compiled import no_events
from crosscut.market.model.examples import example_params, one_form_world
from crosscut.market.solve.solver import solve
from tests.market.textbook import (
    CASES,
    JISKHA,
    KRUGMAN,
    THETAS,
    along_theta,
    convergence,
    dantzig,
    gains,
    miranda_fackler,
    takayama_judge,
    two_countries,
)
from tests.paths import ROOT

FINE = (20, 100, 500, 2500, 10000)


@pytest.fixture(scope="module")
def errors():
    return convergence()


def test_every_case_is_reached_with_an_error_of_one_over_theta(errors):
    """Each error falls at least as fast as 1/theta, within a factor 2, once theta is 25 or more; the last is
    below 1e-3.

    The price-responsive transport case also carries the 1e-3 that stands for a marginal cost of 0.
    """
    assert {name.partition(",")[0] for name in errors} | {"trnsport", "isoelastic_ban"} == set(CASES)
    for name, found in errors.items():
        assert found[-1] < 1e-3, name
        floor = 1e-3 if name.startswith("transmcp") else 0.0
        for (small, large), (a, b) in zip(
            zip(THETAS[2:], THETAS[1:-1], strict=True), zip(found[2:], found[1:-1], strict=True), strict=True
        ):
            assert a <= 2 * b * large / small + floor, (name, small)


def test_the_table_in_the_docs_is_what_is_found(errors):
    text = ROOT.joinpath("docs/equations.md").read_text(encoding="utf-8")
    for name, found in errors.items():
        (row,) = re.findall(rf"^\| {re.escape(name)} \|(.*)\|$", text, re.MULTILINE)
        assert [float(x) for x in row.split("|")] == pytest.approx(found, rel=0.1), name


def test_miranda_fackler_prices_are_reached_as_one_over_theta(errors):
    """Miranda and Fackler (2002) p. 56: prices 24, 27, 30; error of Phi .109, .021, .0042, .00053 in the
    trial."""
    assert errors["miranda_fackler_3country"][:4] == pytest.approx([0.109, 0.021, 0.0042, 0.00053], rel=0.05)


def test_miranda_fackler_net_exports():
    *_, s = along_theta([5, 25, 125, 1000, 4000], miranda_fackler())
    net = s.flows[0].sum(axis=1) - s.flows[0].sum(axis=0)
    assert net == pytest.approx(CASES["miranda_fackler_3country"]["answer"]["net_exports"], abs=0.01)


def test_takayama_judge_three_regions():
    """GAMS model library spatequ, commodity 1: prices 11, 9, 10."""
    answer, regions = CASES["spatequ_com1"]["answer"], ("Reg1", "Reg2", "Reg3")
    *_, s = along_theta(THETAS, takayama_judge())
    assert s.marginal[0] == pytest.approx([answer["P"][r] for r in regions], abs=2e-3)
    assert s.use[0].sum(axis=1) == pytest.approx([answer["Qd"][r] for r in regions], abs=0.05)
    assert s.supply[0] == pytest.approx([answer["Qs"][r] for r in regions], abs=0.05)
    assert s.flows[0, 1, 0] == pytest.approx(answer["MCP_flows"]["Reg2_Reg1"], abs=0.05)
    assert s.flows[0, 1, 2] == pytest.approx(answer["MCP_flows"]["Reg2_Reg3"], abs=0.05)


def net_imports(s):
    return s.flows[0, 1, 0] - s.flows[0, 0, 1]


def test_krugman_obstfeld_tariff_with_its_areas():
    """International Economics, tariff chapter, problems 1 to 3: prices, volumes, and who gains what."""
    answer = CASES["krugman_obstfeld_1_3"]["answer"]
    free = two_countries(KRUGMAN, FINE)[-1]
    taxed = two_countries(KRUGMAN, FINE, duty=CASES["krugman_obstfeld_1_3"]["inputs"]["specific_tariff"])[-1]
    assert free[2].marginal[0] == pytest.approx([answer["free_trade_P"]] * 2, abs=2e-3)
    assert net_imports(free[2]) == pytest.approx(answer["free_trade_volume"], abs=0.1)
    s = taxed[2]
    assert s.marginal[0, 0] == pytest.approx(answer["tariff_home_P"], abs=2e-3)
    assert s.price[0, 1] == pytest.approx(answer["tariff_world_P"], abs=2e-3)
    assert net_imports(s) == pytest.approx(answer["tariff_volume"], abs=0.1)
    assert s.use[0].sum(axis=1) == pytest.approx([answer["home_demand"], answer["foreign_demand"]], abs=0.1)
    change = gains(free, taxed)
    assert change["buyers"][0] == pytest.approx(answer["consumer_surplus_change"], abs=0.02)
    assert change["miners"][0] == pytest.approx(answer["area_a_producer_gain"], abs=0.02)
    revenue = answer["area_c_home_part_of_revenue"] + answer["area_e_terms_of_trade_gain"]
    assert change["public revenue"][0] == pytest.approx(revenue, abs=0.02)
    assert change["total"][0] == pytest.approx(answer["home_net_welfare"], abs=0.02)
    assert change["total"].sum() == pytest.approx(-answer["area_b"] - answer["area_d"] - 1.25, abs=0.03)


def test_krugman_obstfeld_export_side():
    """An export tax of 0.5 abroad is the tariff with the revenue on the other side; a ban is autarky; a
    quota of 10 has the rent 5; the optimal tariff is a third."""
    answer = CASES["krugman_obstfeld_export_side"]["answer"]
    free = two_countries(KRUGMAN, FINE)[-1]
    taxed, quota, banned, optimal = (
        two_countries(KRUGMAN, FINE, **k)[-1]
        for k in (
            {"duty": 0.5},
            {"quota": 10.0},
            {"ban": True},
            {"duty": answer["optimal_import_tariff_home"]["specific"]},
        )
    )
    revenue = gains(free, taxed)["public revenue"][0]
    tax = answer["export_tax_0_5"]
    assert revenue == pytest.approx(tax["foreign_revenue"], abs=0.02)
    totals = gains(free, taxed)["total"]
    assert totals[0] - revenue == pytest.approx(
        tax["home_welfare_change"], abs=0.03
    )  # the other side earns it
    assert totals[1] + revenue == pytest.approx(tax["foreign_welfare_change"], abs=0.03)
    assert quota[2].multipliers["quota"] * 10 == pytest.approx(answer["import_quota_10"]["rent"], abs=0.02)
    assert gains(free, quota)["rents"][0] == pytest.approx(5.0, abs=0.02)
    assert banned[2].marginal[0] == pytest.approx(
        [answer["export_ban"]["home_P"], answer["export_ban"]["foreign_P"]], abs=2e-3
    )
    assert gains(free, banned)["total"] == pytest.approx([-5.0, -5.0], abs=0.05)
    best = answer["optimal_import_tariff_home"]
    assert optimal[2].price[0, 1] == pytest.approx(best["foreign_P"], abs=2e-3)
    assert gains(free, optimal)["total"][0] == pytest.approx(best["home_welfare_change"], abs=0.02)
    assert all(
        gains(free, two_countries(KRUGMAN, FINE, duty=t)[-1])["total"][0] < best["home_welfare_change"]
        for t in (0.2, 0.45)
    )


def test_tariff_and_quota_of_the_other_exercise():
    """D = 500 - 10P, S = 100 + 10P at home: tariff 0.5 gives 15.25 and 14.75; quota 50 gives 17.5, 12.5 and
    rent 250."""
    answer = CASES["jiskha_style_500"]["answer"]
    free, taxed, quota = (
        two_countries(JISKHA, THETAS, **k)[-1] for k in ({}, {"duty": 0.5}, {"quota": 50.0})
    )
    assert net_imports(free[2]) == pytest.approx(answer["volume"], abs=0.1)
    assert net_imports(taxed[2]) == pytest.approx(answer["tariff_volume"], abs=0.1)
    assert gains(free, taxed)["total"][0] == pytest.approx(answer["net"], abs=0.05)
    assert quota[2].marginal[0, 0] == pytest.approx(answer["quota50_home_P"], abs=0.02)
    assert quota[2].price[0, 1] == pytest.approx(answer["quota50_foreign_P"], abs=0.02)
    assert quota[2].multipliers["quota"] * 50 == pytest.approx(answer["quota50_rent"], rel=0.01)


@pytest.mark.parametrize("case", CASES["isoelastic_ban"]["inputs"]["cases"])
def test_isoelastic_loss_of_supply_in_one_country(case):
    """p = (1 - s)^(-1 / (eta + eps)) with capacity and backstop out of the way."""
    world = one_form_world(np.array([[[100.0]]]), np.array([[1000.0]]))
    world = replace(world, supply_capacity=np.array([[1e12]]))
    params = replace(example_params(world, eta=case["eps_s"], eps=case["eps_d"]), zc=1e9)
    s = solve(world, params, replace(no_events(world), supply_factor=np.array([[1 - case["share_removed"]]])))
    expected = (1 - case["share_removed"]) ** (-1 / (case["eps_s"] + case["eps_d"]))
    assert s.price[0, 0] / 1000 == pytest.approx(expected, rel=1e-8)


MARKETS = ("new_york", "chicago", "topeka")


def test_dantzig_transport_costs_are_the_price_gaps():
    """GAMS trnsport and the fixed part of transmcp: gaps of demand prices, the flows that are unique, the
    total cost.

    With a supply cost of up to 1e-3 the price level is unique; it lies that much above the published one.
    """
    flows, prices, _ = dantzig((20, 100, 500, 3000, 20000))[-1]
    published = CASES["trnsport"]["answer"]
    answer = np.array([published["demand_prices_with_zero_supply_price"][m] for m in MARKETS])
    assert prices - prices[1] == pytest.approx(answer - answer[1], abs=2e-3)
    assert prices == pytest.approx(answer, abs=2e-3)
    fixed = CASES["transmcp"]["answer"]["fixed"]
    assert flows[0, 1] == pytest.approx(fixed["seattle_chicago"], abs=0.1)
    assert flows[1, 2] == pytest.approx(fixed["san_diego_topeka"], abs=0.1)
    data = CASES["trnsport"]["inputs"]
    cost = np.array([data["distance_kmiles"][p] for p in ("seattle", "san_diego")]) * 0.09
    assert (flows * cost).sum() == pytest.approx(published["total_cost_kUSD"], abs=0.05)


def test_dantzig_with_seattle_to_chicago_at_half_the_cost():
    """GAMS transmcp: fixed demand, then demand that answers the price, where Seattle's capacity earns
    0.058."""
    answer = CASES["transmcp"]["answer"]
    thetas = (20, 100, 500, 3000, 20000)
    _, prices, _ = dantzig(thetas, halved=True)[-1]
    assert prices == pytest.approx(answer["fixed_counterfactual"]["p"], abs=2e-3)
    flows, prices, plants = dantzig(thetas, halved=True, flexible=True)[-1]
    flex = answer["flex_counterfactual"]
    assert prices == pytest.approx(flex["p"], abs=1e-3)
    assert plants == pytest.approx([flex["w_seattle"], flex["w_san_diego"]], abs=1e-3)
    assert flows[0, 1] == pytest.approx(flex["flows"]["seattle_chicago"], abs=0.1)
    assert flows[1, 0] == pytest.approx(flex["flows"]["san_diego_new_york"], rel=0.005)
    assert flows[1, 2] == pytest.approx(flex["flows"]["san_diego_topeka"], rel=0.012)
