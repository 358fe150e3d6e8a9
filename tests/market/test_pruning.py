"""Pruning (E15): the dead are out before the solve, and a dead node has no price."""

from dataclasses import replace

import numpy as np
import pytest

from crosscut.market.events.compiled import no_events
from crosscut.market.model.examples import chain_world, example_params, one_form_world
from crosscut.market.model.solution import NodeStatus
from crosscut.market.solve.solver import solve
from crosscut.worlds import world as load
from crosscut.worlds.parameters import median_params
from tests.ledgers import BUNDLED
from tests.market.worlds import random_chain_world, random_one_form_world


def closed_ore(world, params, *forms):
    factor = np.ones_like(world.M0)
    for f in forms:
        factor[world.chain.form_index(f)] = 0.0
    return solve(world, params, replace(no_events(world), supply_factor=factor))


def test_no_supply_anywhere_leaves_no_price_and_everyone_short():
    world = random_one_form_world(np.random.default_rng(0), 6)
    s = closed_ore(world, example_params(world), "ore")
    assert s.ok
    assert s.iterations == 0
    assert not s.flows.any()
    assert not s.use.any()
    assert np.isnan(s.price).all()
    assert np.isnan(s.marginal).all()
    assert set(s.origin_status.ravel()) <= {NodeStatus.NO_SUPPLY, NodeStatus.INACTIVE}


def test_dead_ore_in_tungsten_leaves_only_scrap():
    """Close all mines: every downstream tonne is 0 or from scrap; concentrate has no price."""
    world = load(BUNDLED, "tungsten")
    s = closed_ore(world, median_params(world), "concentrate")
    assert s.ok
    ore, scrap, oxide, powder, ferro = (
        world.chain.form_index(f) for f in ("concentrate", "scrap", "oxide", "powder", "ferro")
    )
    x = dict(zip((p.id for p in world.chain.processes), s.activity.sum(axis=1), strict=True))
    assert not s.flows[ore].any() and not s.flows[ferro].any()
    assert np.isnan(s.price[ore]).all() and np.isnan(s.price[ferro]).all()
    assert np.isnan(s.marginal[ore]).all()
    assert x["conversion"] == x["smelting"] == 0
    assert s.flows[oxide].sum() == pytest.approx(0.9 * x["recycling"], rel=1e-9)
    assert s.flows[powder].sum() == pytest.approx(0.98 * x["reduction"] + 0.95 * x["zinc_process"], rel=1e-9)
    assert x["recycling"] + x["zinc_process"] <= s.flows[scrap].sum() * (1 + 1e-9)
    assert (s.origin_status[ore][world.M0[ore] > 0] == NodeStatus.NO_SUPPLY).all()


def test_every_form_dead_in_tungsten():
    world = load(BUNDLED, "tungsten")
    s = closed_ore(world, median_params(world), "concentrate", "scrap")
    assert s.ok
    assert not s.use.any()
    assert np.isnan(s.price).all()


def test_importer_with_one_closed_supplier_dies_alone():
    q0 = np.array([[[10.0, 5.0, 5.0], [0, 0, 0], [0, 0, 8.0]]])
    world = one_form_world(q0, np.full((1, 3), 1000.0))
    routes = no_events(world).open_routes.copy()
    routes[0, 0, 1] = False
    s = solve(world, example_params(world), replace(no_events(world), open_routes=routes))
    assert s.ok
    assert s.buyer_status[0, 1] == NodeStatus.NO_SUPPLY
    assert np.isnan(s.marginal[0, 1])
    assert s.use[0, 1].sum() == 0
    assert s.buyer_status[0, 0] == NodeStatus.ACTIVE
    assert s.flows[0].sum() > 0


def test_process_with_a_dead_input_dies_and_the_chain_after_it():
    """Three deaths: the mine, the refinery that lives on it, the metal it sold."""
    world = chain_world(np.array([50.0, 20.0]), np.array([0.0, 10.0]), np.array([[1.0, 0.0], [0.0, 1.0]]))
    factor = np.ones_like(world.M0)
    factor[0, 0] = 0.0
    s = solve(world, example_params(world), replace(no_events(world), supply_factor=factor))
    assert s.ok
    assert s.activity[0, 0] == 0
    assert np.isnan(s.price[2, 0])
    assert s.use[2, 0].sum() == 0
    assert s.activity[0, 1] > 0
    assert np.isfinite(s.price[2, 1])


def test_a_mine_with_no_buyer_left_sells_nothing():
    q0 = np.array([[[0.0, 20.0], [0.0, 5.0]]])
    world = one_form_world(q0, np.full((1, 2), 1000.0))
    routes = no_events(world).open_routes.copy()
    routes[0, 0, 1] = False
    s = solve(world, example_params(world), replace(no_events(world), open_routes=routes))
    assert s.ok
    assert s.supply[0, 0] == 0
    assert np.isnan(s.price[0, 0])


def test_total_embargo_by_the_main_supplier():
    world = load(BUNDLED, "tungsten")
    c = world.country_index("CHN")
    routes = no_events(world).open_routes.copy()
    routes[:, c, :] = False
    routes[:, c, c] = True
    s = solve(world, median_params(world), replace(no_events(world), open_routes=routes))
    assert s.ok
    assert s.certificate.holds()
    abroad = np.arange(len(world.countries)) != c
    assert (s.flows[:, c, abroad] == 0.0).all()
    assert s.flows[:, c, c].sum() > 0
    assert np.isfinite(s.price[2, c])


def test_supply_at_one_percent_goes_beyond_the_backstop_and_says_so():
    world = random_one_form_world(np.random.default_rng(2), 5, sparse=0.0)
    s = solve(
        world, example_params(world), replace(no_events(world), supply_factor=np.full_like(world.M0, 0.001))
    )
    assert s.ok
    assert (s.buyer_status == NodeStatus.BEYOND_BACKSTOP).any()
    assert any("beyond the backstop" in n for n in s.notes)


def test_zero_demand_everywhere():
    world = random_chain_world(np.random.default_rng(3), 4)
    s = solve(world, example_params(world), replace(no_events(world), demand_factor=np.zeros_like(world.D0)))
    assert s.ok
    assert not s.flows.any()
