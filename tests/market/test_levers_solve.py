"""Every lever at once still solves, certified (E14, E16), from base prices and along the path of events."""

from dataclasses import replace

import numpy as np
import pytest

from crosscut.market.events.compiled import StockRule, no_events
from crosscut.market.model.examples import example_params, one_form_world
from crosscut.market.solve.calibration import calibrate
from crosscut.market.solve.continuation import along_events
from crosscut.market.solve.entry import entered
from crosscut.market.solve.newton import starting_point, unpacked
from crosscut.market.solve.root import root
from crosscut.market.solve.solver import solve
from crosscut.market.solve.state import market_after, state_at
from tests.market.worlds import (
    export_cap,
    random_chain_world,
    random_events,
    random_levers,
    random_one_form_world,
)


@pytest.mark.parametrize("seed", range(30))
def test_every_lever_at_once_solves(seed):
    rng = np.random.default_rng(seed)
    world = random_chain_world(rng, 6) if seed % 2 else random_one_form_world(rng, 8)
    last = len(world.chain.forms) - 1
    events = random_levers(rng, world, random_events(rng, world))
    toll = replace(export_cap(world, last, 0, 0.5), toll=float(rng.uniform(10, 300)))
    s = solve(world, example_params(world), replace(events, caps=(toll,)))
    if (
        seed == 25
    ):  # mines that are paid a guaranteed price do not cut, and the plants beside them cannot take it all
        assert not s.ok and any("no positive price sells what is made of ore" in n for n in s.notes)
        return
    assert s.ok and s.certificate.holds(), (seed, s.failed_market)
    b, a = world.output_coefficients(), world.input_coefficients()
    assert s.flows.sum(axis=2) == pytest.approx(s.supply + b.T @ s.activity + s.released, rel=1e-7, abs=1e-6)
    assert s.flows.sum(axis=1) == pytest.approx(
        s.use.sum(axis=2) + a.T @ s.activity + s.stocked, rel=1e-7, abs=1e-6
    )


def test_the_path_of_events_ends_where_newton_does():
    rng = np.random.default_rng(3)
    world = random_chain_world(rng, 5)
    events = random_levers(rng, world, random_events(rng, world))
    market = market_after(entered(calibrate(world, example_params(world)), events), events)
    z, _, _, arrived = along_events(market, starting_point(market))
    assert arrived
    there = state_at(market, *unpacked(market, z))
    assert np.log(there.p[market.alive.origin]) == pytest.approx(
        np.log(root(market).state.p[market.alive.origin]), abs=1e-7
    )


def test_a_limit_may_be_passed_at_its_price_and_only_then():
    """With room for 30 t at 25 USD/t: the multiplier never exceeds 25, and stands below it only where the
    limit holds."""
    world = one_form_world(
        np.array([[[50.0, 50.0], [0.0, 50.0]]]), np.array([[1000.0, 1050.0]]), freight=50.0
    )
    params = example_params(world)
    free = solve(world, params, replace(no_events(world), caps=(export_cap(world, 0, 0, 0.5),)))
    om = free.multipliers["cap-0-0"]
    assert om > 25
    passed = solve(
        world, params, replace(no_events(world), caps=(replace(export_cap(world, 0, 0, 0.5), toll=25.0),))
    )
    assert passed.multipliers["cap-0-0"] == pytest.approx(25.0, rel=1e-9) and passed.flows[0, 0, 1] > 25
    dear = solve(
        world, params, replace(no_events(world), caps=(replace(export_cap(world, 0, 0, 0.5), toll=2 * om),))
    )
    assert dear.multipliers["cap-0-0"] == pytest.approx(om, rel=1e-8)
    assert dear.flows[0, 0, 1] == pytest.approx(25.0, rel=1e-8)


def test_an_origin_whose_mines_are_all_out_sells_from_its_stock():
    world = one_form_world(np.array([[[0.0, 50.0], [0.0, 50.0]]]), np.array([[1000.0, 1000.0]]))
    out = np.array([[0.0, 1.0]])
    without = solve(world, example_params(world), replace(no_events(world), supply_factor=out))
    assert without.origin_status[0, 0] == "no_supply"
    stock = StockRule("s", 0, 0, 20.0, 1500.0, 100.0)
    s = solve(world, example_params(world), replace(no_events(world), supply_factor=out, releases=(stock,)))
    assert s.ok and s.supply[0, 0] == 0 and 0 < s.released[0, 0] <= 20 and s.price[0, 0] > 1300
    assert s.marginal[0, 1] < without.marginal[0, 1]


def test_a_state_may_buy_a_form_its_country_never_used():
    world = one_form_world(np.array([[[100.0, 0.0], [0.0, 0.0]]]), np.array([[1000.0, np.nan]]))
    bought = replace(no_events(world), purchases=np.array([[0.0, 10.0]]))
    s = solve(world, example_params(world), bought)
    assert s.ok and s.stocked[0, 1] == pytest.approx(10.0, rel=1e-6) and s.price[0, 0] > 1000
    assert s.flows[0, 0, 1] == pytest.approx(10.0, rel=1e-6)
