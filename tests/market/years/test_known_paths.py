"""Closed forms of the year step."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from crosscut.market.events.compiled import no_events
from crosscut.market.model.chain import UseScrap
from crosscut.market.model.examples import chain_world, example_params, one_form_world
from crosscut.market.years import Behaviour, Facility, InvestmentRule, Recycling
from crosscut.market.years.recycling import new_share_of, worn_out
from tests.market.years.outlooks import demand_from, path, still

LAST = 2040


def isoelastic(eta, eps):
    world = one_form_world(np.array([[[100.0]]]), np.array([[1000.0]]))
    world = replace(world, supply_capacity=np.array([[np.inf]]))
    return world, replace(example_params(world, eta=eta, eps=eps), zc=1e6)


@pytest.mark.parametrize("speeds", [(0.25, 0.6), (0.6, 0.25), (0.4, 1.0), (1.0, 0.5), (0.3, 0.3)])
def test_a_permanent_shift_goes_to_the_long_run_price_at_the_stated_speed(speeds):
    ls, ld = speeds
    eta, eps, b = 0.2, 0.3, np.log(1.2)
    world, params = isoelastic(eta, eps)
    how = Behaviour(np.array([ls]), np.array([[ld]]), np.ones(1), 1.0, 0.0)
    found = path(world, still(world, params=params, behaviour=how), LAST, demand_from(2025, 1.2))
    price = np.log([o.solution.price[0, 0] / 1000.0 for o in found])
    # supply m = (1-ls) m' + eta p, use per activity h = (1-ld) h' - eps p, m = b + h
    rho = 1.0 - (ls * eps + ld * eta) / (eta + eps)
    long_run = b / (eta / ls + eps / ld)
    assert price[0] == pytest.approx(0.0, abs=1e-12)
    assert price[1] == pytest.approx(b / (eta + eps), rel=1e-7)
    second = (ld * b + (ls - ld) * eta * price[1]) / (eta + eps)
    expected = [long_run + (second - long_run) * rho**k for k in range(len(price) - 2)]
    np.testing.assert_allclose(price[2:], expected, rtol=1e-6, atol=1e-9)


def test_long_run_elasticity_of_a_mine_below_capacity_is_the_stated_one():
    world = one_form_world(np.array([[[100.0]]]), np.array([[1000.0]]))  # 90 % of capacity
    params = example_params(world, eta=0.2, eps=0.3)
    how = Behaviour(np.array([0.25]), np.ones((1, 1)), np.ones(1), 1.0, 0.0)
    last = path(world, still(world, params=params, behaviour=how), 2120, demand_from(2025, 1.0001))[-1]
    response = np.log(last.solution.supply[0, 0] / 100.0) / np.log(last.solution.price[0, 0] / 1000.0)
    assert response == pytest.approx(0.2 / 0.25, rel=1e-3)


def test_what_capacity_forbade_is_not_carried_over():
    """After twenty dear years at full capacity, supply falls at once when the price does."""
    world = one_form_world(np.array([[[100.0]]]), np.array([[1000.0]]))
    how = Behaviour(np.array([0.2]), np.ones((1, 1)), np.ones(1), 1.0, 0.0)

    def events(w, year):
        return demand_from(2025, 2.0)(w, year) if year < 2045 else no_events(w)

    found = path(world, still(world, behaviour=how), 2070, events)
    dear, after, end = found[20].solution, found[21].solution, found[-1].solution
    assert dear.supply[0, 0] <= world.supply_capacity[0, 0]
    assert after.supply[0, 0] < dear.supply[0, 0]
    assert end.price[0, 0] == pytest.approx(1000.0, rel=1e-2)


def test_a_mine_that_opens_and_closes_leaves_no_trace_where_nothing_adjusts():
    world = one_form_world(
        np.array([[[50.0, 30.0], [0.0, 20.0]]]), np.array([[1000.0, 1100.0]]), freight=50.0
    )
    mine = Facility("mine", 0, 1, 25.0, 2027.5, np.ones(2), ramp=(0.5, 1.0), end=2031.0)
    found = path(world, still(world, facilities=(mine,)), 2034)
    for o in found:
        gone = o.year < 2027 or o.year >= 2031
        assert (not o.sold) == gone
        assert (abs(o.solution.flows - world.q0).max() < 1e-9) == gone
    ramp = (25.0 * 0.5 * 0.5, 25.0 * (0.25 + 0.5), 25.0)
    used = [o.sold["mine"] / capacity for o, capacity in zip(found[3:6], ramp, strict=True)]
    assert 0.9 > used[0] > used[1] > used[2] > 0.75  # 90 % at the base price, less as its own tonnes lower it


def test_a_mine_that_opens_and_closes_is_forgotten_in_time():
    world = one_form_world(
        np.array([[[50.0, 30.0], [0.0, 20.0]]]), np.array([[1000.0, 1100.0]]), freight=50.0
    )
    mine = Facility("mine", 0, 1, 25.0, 2027.0, np.ones(2), end=2030.0)
    how = Behaviour(np.array([0.4]), np.full((1, 1), 0.5), np.array([1.5]), 3.0, 0.0)
    found = path(world, still(world, facilities=(mine,), behaviour=how), 2070)
    np.testing.assert_allclose(found[-1].solution.price, world.prices, rtol=1e-6)


def test_a_reserve_ends_a_mine():
    world = one_form_world(np.array([[[100.0]]]), np.array([[1000.0]]))
    mine = Facility("mine", 0, 0, 10.0, 2025.0, np.ones(1), reserve=25.0)
    sold = [o.sold.get("mine", 0.0) for o in path(world, still(world, facilities=(mine,)), 2032)]
    assert sum(sold) <= 25.0
    assert sum(sold) == pytest.approx(25.0, rel=0.05)
    assert sold[-1] < 1.0


def test_habit_for_a_lost_supplier_and_the_cost_of_adapting_fade_at_the_stated_rate():
    """Sourcing (E4): losing an origin of share s0 costs -Phi0 ln(1 - s0) / sigma.

    Habit lets go of delta of it a year.
    """
    q0 = np.array([[[60.0, 20.0, 0.0], [0.0, 80.0, 0.0], [0.0, 0.0, 1.0]]])
    world = one_form_world(q0, np.array([[1000.0, 1000.0, 1000.0]]))
    drift = 0.1
    how = Behaviour(np.ones(1), np.ones((1, 1)), np.ones(1), 1.0, drift)

    def events(w, year):
        e = no_events(w)
        if 2025 <= year < 2030:
            routes = e.open_routes.copy()
            routes[0, 0, 1] = False
            e = replace(e, open_routes=routes)
        return e

    found = path(world, still(world, behaviour=how), 2031, events)
    for o in found[1:6]:
        theta, lost = o.calibration.theta[0, 1], 0.2 * (1 - drift) ** (o.year - 2025)
        paid = o.solution.delivered[0, 1, 1]  # one supplier is left
        assert o.solution.marginal[0, 1] - paid == pytest.approx(-np.log(1 - lost) / theta, rel=1e-6)
    assert found[7].solution.flows[0, 0, 1] < 20.0  # back in 2031, with less than it had


def test_substitution_rises_half_way_in_the_half_life():
    world = one_form_world(np.array([[[50.0, 30.0], [0.0, 20.0]]]), np.array([[1000.0, 1100.0]]))
    how = Behaviour(np.ones(1), np.ones((1, 1)), np.array([4.0]), 5.0, 0.0)
    found = path(world, still(world, behaviour=how), 2034)
    sigma = [float(o.calibration.params.sigma[0]) for o in found]
    assert sigma[0] == pytest.approx(2.0)
    assert sigma[5] == pytest.approx(2.0 * 4.0**0.5)
    assert sigma[10] == pytest.approx(2.0 * 4.0**0.75)


def test_investment_comes_late_small_and_stops_at_its_ceiling():
    world, params = isoelastic(0.05, 0.3)
    world = replace(world, supply_capacity=np.array([[110.0]]))
    rule = InvestmentRule("mines", 0, -1, np.array([True]), 1.1, 0.5, 0.04, 1.15, 3, 1)
    found = path(world, still(world, params=params, investment=(rule,)), LAST, demand_from(2025, 1.5))
    size = np.exp([o.added[0, 0] for o in found])
    assert (size[:4] == 1.0).all()  # the price of 2025 opens capacity in 2028
    assert size[4] == pytest.approx(1.04)
    assert size.max() == pytest.approx(1.15)
    assert (np.diff(np.log(size)) <= np.log(1.04) + 1e-12).all()
    price = [o.solution.price[0, 0] for o in found]
    assert price[-1] < price[1]


def test_scrap_follows_use_as_goods_wear_out():
    pool = np.array([100.0])
    for _ in range(3):
        pool = worn_out(pool, np.array([120.0]), 4.0)
    assert pool[0] == pytest.approx(120.0 - 20.0 * 0.75**3)


def test_more_use_brings_more_scrap_later():
    world = chain_world(np.array([90.0, 40.0]), np.array([30.0, 30.0]), np.array([[0.7, 0.3], [0.2, 0.8]]))
    draw = still(world, recycling=Recycling(1, 0.0, 5.0))
    found = path(world, draw, 2034, demand_from(2025, 1.2))
    collected = [o.solution.supply[1].sum() for o in found]
    assert collected[2] > collected[1]
    assert all(b > a for a, b in pairwise(collected[1:7]))


def test_new_scrap_of_makers_is_what_the_chain_says_and_comes_a_year_later():
    world = chain_world(np.array([90.0, 40.0]), np.array([30.0, 30.0]), np.array([[0.7, 0.3], [0.2, 0.8]]))
    world = replace(
        world, chain=replace(world.chain, use_scrap=(UseScrap("all uses", "metal", "scrap", 0.1),))
    )
    rule = Recycling(
        1, new_share=0.9, lifetime=1e9
    )  # nothing wears out; the chain's word goes before the 0.9
    used = world.D0[2].sum(axis=1)
    np.testing.assert_allclose(new_share_of(world, rule), 0.1 * used / world.M0[1])
    found = path(world, still(world, recycling=rule), 2026, demand_from(2025, 1.2))
    assert found[1].calibration.supply.capacity()[1] == pytest.approx(world.supply_capacity[1])
    more = 0.1 * found[1].solution.use[2].sum(axis=1) - 0.1 * used
    expected = world.supply_capacity[1] * (1.0 + more / world.M0[1])
    assert found[2].calibration.supply.capacity()[1] == pytest.approx(expected)
