"""The parts of a price (E20) add up to it, under every kind of event; each is what its name says."""

from dataclasses import replace

import numpy as np
import pytest

from crosscut.market.events.compiled import Entrant, Group, PlantEntrant, no_events
from crosscut.market.events.events import RentTo
from crosscut.market.model.examples import example_params
from crosscut.market.read.price_parts import OTHER, PricePart, producer_parts, route_parts, scarcity
from crosscut.market.read.solved_market import solved_market
from crosscut.market.solve.calibration import calibrate
from crosscut.market.solve.solver import solve
from tests.market.worlds import export_cap, random_chain_world, random_events, random_one_form_world


def hard_market(seed):
    rng = np.random.default_rng(seed)
    world = random_chain_world(rng, 6) if seed % 2 else random_one_form_world(rng, 6)
    last, n = len(world.chain.forms) - 1, len(world.countries)
    events = random_events(rng, world)
    floor_routes = np.zeros((n, n), dtype=bool)
    buyer = int(np.argmax(np.where(np.arange(n) == 1, 0.0, world.q0[last, 1])))
    floor_routes[1, buyer] = True
    floor = Group("offtake", "floor", last, floor_routes, 1.2 * world.q0[last, 1, buyer], RentTo.IMPORTERS)
    events = replace(
        events,
        open_routes=np.ones_like(events.open_routes),
        caps=(export_cap(world, last, 0, 0.4), export_cap(world, last, 3, 0.5, RentTo.NOBODY)),
        floors=(floor,),
        supply_ceiling=np.where(np.arange(n) == 4, 0.8 * world.M0, np.inf),
        entrants=(Entrant("mine", 0, 5, 0.1 * world.M0[0].sum(), np.ones(n)),),
        plants=(
            (PlantEntrant("plant", 0, 2, 0.1 * world.X0[0].sum(), np.ones(n)),)
            if world.chain.processes
            else ()
        ),
    )
    params = example_params(world)
    s = solve(world, params, events)
    assert s.ok
    return world, solved_market(calibrate(world, params), events, s)


@pytest.mark.parametrize("seed", range(12))
def test_parts_of_every_route_add_up_to_its_delivered_price(seed):
    world, market = hard_market(seed)
    parts = route_parts(world, market.events, market.solution)
    alive = np.isfinite(market.solution.delivered)
    total = np.sum(list(parts.values()), axis=0)
    assert total[alive] == pytest.approx(market.solution.delivered[alive], rel=1e-12)
    assert OTHER not in parts
    assert not total[~alive].any()


@pytest.mark.parametrize("seed", range(12))
def test_parts_of_every_inside_price_add_up_to_it(seed):
    _, market = hard_market(seed)
    parts = producer_parts(market)
    inside = market.solution.price * (1 + market.events.fx)
    alive = np.isfinite(inside)
    assert np.sum(list(parts.values()), axis=0)[alive] == pytest.approx(inside[alive], rel=1e-9)
    assert OTHER not in parts


def test_rent_friction_and_offtake_are_told_apart_by_who_receives_them():
    world, market = hard_market(0)
    parts = route_parts(world, market.events, market.solution)
    s = market.solution
    rent, friction = PricePart("rent", "exporters", "cap-0-0"), PricePart("friction", "nobody", "cap-0-3")
    assert parts[rent][0, 0, 1:] == pytest.approx(s.multipliers["cap-0-0"])
    assert parts[rent][0, 0, 0] == 0, "what stays at home passes no export limit"
    assert parts[friction][0, 3, 0] == pytest.approx(s.multipliers["cap-0-3"])
    offtake = [v for p, v in parts.items() if p.name == "offtake"]
    assert offtake and offtake[0].min() < 0, "a floor makes the route cheaper for the buyer"


def test_tax_of_one_country_is_its_part_alone():
    world = random_one_form_world(np.random.default_rng(3), 4, sparse=0.0)
    params = example_params(world)
    tax = np.zeros_like(world.export_tax)
    tax[0, 1] = 0.2
    tax[0, 1, 1] = 0.0
    s = solve(world, params, replace(no_events(world), export_tax=tax))
    parts = route_parts(world, replace(no_events(world), export_tax=tax), s)
    levied = parts[PricePart("export tax", "exporting state")]
    assert levied[0, 1, [0, 2, 3]] == pytest.approx(0.2 * s.price[0, 1])
    levied[0, 1] = 0.0
    assert not levied.any()


def test_a_production_quota_shows_as_scarcity_and_its_cost_is_that_of_the_free_market():
    """Under a quota the mine supplies M at cost (M/A)^(1/eta): the price at which it would supply M
    unbound."""
    world = random_one_form_world(np.random.default_rng(8), 4, sparse=0.0)
    params = example_params(world)
    ceiling = np.full_like(world.M0, np.inf)
    ceiling[0, 2] = 0.7 * world.M0[0, 2]
    events = replace(no_events(world), supply_ceiling=ceiling)
    s = solve(world, params, events)
    market = solved_market(calibrate(world, params), events, s)
    worth = scarcity(market)
    assert worth[0, 2] > 5 * np.delete(worth[0], 2).max()
    free = calibrate(world, params).supply
    cost = s.price[0, 2] - worth[0, 2]
    y = np.where(np.arange(4) == 2, cost, s.price)
    unbound = np.exp(free.uncapped(y))[0, 2]
    assert unbound == pytest.approx(s.supply[0, 2], rel=1e-9)
