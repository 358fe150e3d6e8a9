"""False properties (E23): what is easily believed and does not hold, kept as examples that fail to hold."""

from dataclasses import replace

import numpy as np
import pytest

from crosscut.market.events.compiled import no_events
from crosscut.market.model.examples import example_params
from crosscut.market.solve.solver import solve
from tests.market.worlds import export_cap, random_one_form_world


def solved(world, events):
    s = solve(world, example_params(world), events)
    assert s.ok
    return s


def test_a_pairwise_ban_lowers_the_price_of_third_countries():
    """The banned pair's tonnes are re-routed: Phi of third countries falls."""
    fell = 0
    for seed in range(50):
        world = random_one_form_world(np.random.default_rng(seed), 5, spread=2.0, sparse=0.0)
        routes = no_events(world).open_routes.copy()
        routes[0, 0, 1] = False
        s = solved(world, replace(no_events(world), open_routes=routes))
        base = solved(world, no_events(world))
        fell += bool((s.marginal[0, 2:] < base.marginal[0, 2:] * (1 - 1e-9)).any())
    assert fell >= 45


def test_the_average_outside_price_can_fall_with_a_tighter_cap():
    """Composition: the dearest buyers drop out of the average."""
    fell = 0
    for seed in range(150):
        world = random_one_form_world(np.random.default_rng(seed), 5, sparse=0.0)
        averages = []
        for x in (0.8, 0.4):
            s = solved(world, replace(no_events(world), caps=(export_cap(world, 0, 0, x),)))
            outside = s.flows[0, :, 1:]
            averages.append(float((outside * s.delivered[0, :, 1:]).sum() / outside.sum()))
        fell += averages[1] < averages[0]
    assert 0 < fell < 75


def test_other_origins_inside_price_can_fall_under_a_cap():
    """The capped exporter's glut displaces their sales in its market."""
    fell = 0
    for seed in range(100):
        world = random_one_form_world(np.random.default_rng(seed), 6)
        s = solved(world, replace(no_events(world), caps=(export_cap(world, 0, 0, 0.4),)))
        fell += bool((s.price[0, 1:] < world.prices[0, 1:] * (1 - 1e-9)).any())
    assert 0 < fell < 100


def test_one_price_does_not_rule_at_finite_substitution():
    world = random_one_form_world(np.random.default_rng(1), 4, spread=2.0, sparse=0.0)
    free = replace(world, freight=np.zeros_like(world.freight))
    factor = np.ones_like(world.M0)
    factor[0, 0] = 0.3
    s = solved(free, replace(no_events(free), supply_factor=factor))
    assert np.ptp(s.price[0] / free.prices[0]) > 0.05


def test_a_tariff_that_equals_a_quota_does_not_after_demand_has_moved():
    """Equal at the prices it was set for; as demand grows the quota holds its tonnes, and the tax, a share
    of a price that rises, lets a third less out."""
    world = random_one_form_world(np.random.default_rng(2), 4, sparse=0.0)
    cap = export_cap(world, 0, 0, 0.6)
    quota = solved(world, replace(no_events(world), caps=(cap,)))
    p, om = quota.price[0, 0], quota.multipliers[cap.id]
    tax = no_events(world).export_tax.copy()
    tax[0][cap.routes] = om / p
    taxed = solved(world, replace(no_events(world), export_tax=tax))
    assert np.abs(taxed.flows - quota.flows).max() < 1e-6 * world.q0.max()
    more = np.full(world.D0.shape, 1.3)
    held = solved(world, replace(no_events(world), caps=(cap,), demand_factor=more))
    grown = solved(world, replace(no_events(world), export_tax=tax, demand_factor=more))
    assert held.flows[0][cap.routes].sum() == pytest.approx(cap.limit)
    assert grown.flows[0][cap.routes].sum() < 0.7 * cap.limit


def test_a_tighter_cap_can_lower_the_price_of_a_third_country():
    """Where the capped country also buys abroad its glut displaces what others sell there."""
    fell = 0
    for seed in range(150):
        world = random_one_form_world(np.random.default_rng(seed), 6)
        loose, tight = (
            solved(world, replace(no_events(world), caps=(export_cap(world, 0, 0, x),))) for x in (0.8, 0.3)
        )
        fell += bool((tight.marginal[0, 1:] < loose.marginal[0, 1:] * (1 - 1e-9)).any())
    assert 0 < fell < 75
