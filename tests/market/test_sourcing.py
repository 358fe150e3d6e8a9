"""Sourcing (E3, E4) and entrants (E13).

A dearer origin never lowers the cost of the marginal tonne; base and parity are exact.
"""

from dataclasses import replace

import numpy as np
import pytest

from crosscut.market.events.compiled import Entrant, PlantEntrant, no_events
from crosscut.market.model.examples import example_params
from crosscut.market.solve.calibration import calibrate
from crosscut.market.solve.entry import entered
from crosscut.market.solve.newton import starting_point, unpacked
from crosscut.market.solve.solver import solve
from crosscut.market.solve.state import market_after, residuals, state_at
from tests.market.worlds import random_chain_world, random_one_form_world


def test_a_dearer_origin_never_lowers_phi_in_a_thousand_worlds():
    """The sign test: 10x price spread, one origin 5 % dearer, 1,000 random worlds; the average price would
    fail."""
    average_fell = 0
    for seed in range(1000):
        rng = np.random.default_rng(seed)
        world = random_one_form_world(rng, 4)
        market = market_after(calibrate(world, example_params(world, sigma=3.0)), no_events(world))
        z = starting_point(market)
        before = state_at(market, *unpacked(market, z))
        moved = z.copy()
        moved[rng.integers(len(z))] += np.log(1.05)
        after = state_at(market, *unpacked(market, moved))
        live = market.alive.buyer
        assert (after.phi[live] >= before.phi[live] - 1e-12 * before.phi[live]).all()
        average = [(s.s * np.where(market.alive.route, s.d, 0)).sum(axis=1)[live] for s in (before, after)]
        average_fell += bool((average[1] < average[0] - 1e-9).any())
    assert average_fell > 100  # the reason why Phi and not the average price drives demand


def test_phi_has_the_shares_as_its_gradient():
    world = random_one_form_world(np.random.default_rng(2), 5)
    market = market_after(calibrate(world, example_params(world)), no_events(world))
    z = starting_point(market)
    step = 1e-6
    base = state_at(market, *unpacked(market, z))
    for i in range(5):
        up, down = z.copy(), z.copy()
        up[i] += step
        down[i] -= step
        moved = [state_at(market, *unpacked(market, x)).phi[0] for x in (up, down)]
        slope = (moved[0] - moved[1]) / (2 * step) / np.exp(z[i])
        assert slope == pytest.approx(base.s[0, i], rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_entrant_at_parity_leaves_phi_unchanged(seed):
    """An entrant at parity leaves Phi alone (E13), for a new name and for one that already sells."""
    rng = np.random.default_rng(seed)
    world = random_one_form_world(rng, 6)
    base = calibrate(world, example_params(world))
    newcomer = int(rng.integers(6))
    reach = np.ones(6)
    reach[2] = 0.0
    events = replace(no_events(world), entrants=(Entrant("new", 0, newcomer, 0.2 * world.M0.sum(), reach),))
    c = entered(base, events)
    parity = np.exp(c.log_w0[0] - (c.theta * c.phi0)[0])  # weight of each origin if it delivered at Phi0
    before = np.exp(base.log_w0[0] - (base.theta * base.phi0)[0])
    share = 0.2 / 1.2 * reach
    assert parity[newcomer] == pytest.approx(before[newcomer] * (1 - share) + share, rel=1e-12)
    # With the incumbents at base prices and the entrant delivering at Phi0, Z is 1 and Phi stays.
    others = [i for i in range(6) if i != newcomer]
    d0 = np.where(
        np.isfinite(base.log_w0[0]), -np.log(np.maximum(world.q0[0] / world.q0[0].sum(axis=0), 1e-300)), 0
    )
    shares = np.where(np.isfinite(base.log_w0[0]), np.exp(-d0), 0.0)
    total = shares[others].sum(axis=0) * (1 - share) + shares[newcomer] * (1 - share) + share
    assert total == pytest.approx(np.ones(6), rel=1e-12)


def test_an_entrant_lowers_prices_and_sells():
    world = random_one_form_world(np.random.default_rng(1), 5, sparse=0.0)
    e = replace(no_events(world), entrants=(Entrant("new", 0, 3, 0.3 * world.M0.sum(), np.ones(5)),))
    s = solve(world, example_params(world), e)
    assert s.ok
    assert s.supply[0, 3] > world.M0[0, 3]
    assert (s.marginal[0] < calibrate(world, example_params(world)).phi0[0]).all()


def test_a_refused_entrant_sells_only_where_it_is_let_in():
    q0 = np.array([[[10.0, 20.0, 20.0], [0, 0, 0], [0, 0, 5.0]]])
    from crosscut.market.model.examples import one_form_world

    world = one_form_world(q0, np.array([[1000.0, 1000.0, 1000.0]]))
    e = replace(no_events(world), entrants=(Entrant("new", 0, 1, 15.0, np.array([1.0, 1.0, 0.0])),))
    s = solve(world, example_params(world), e)
    assert s.ok
    assert s.flows[0, 1, 0] > 0
    assert s.flows[0, 1, 2] == 0.0


def test_a_plant_in_a_country_that_never_refined():
    world = random_chain_world(np.random.default_rng(4), 4)
    q0 = world.q0.copy()
    e = replace(no_events(world), plants=(PlantEntrant("plant", 0, 2, 30.0, np.ones(4)),))
    s = solve(world, example_params(world), e)
    assert s.ok
    assert s.activity[0, 2] > world.X0[0, 2]
    assert q0.sum() > 0


def test_permuting_countries_and_forms_changes_nothing():
    """Names decide nothing: same answer to 1e-9 in any order of the labels."""
    rng = np.random.default_rng(9)
    world = random_one_form_world(rng, 7)
    order = rng.permutation(7)
    ix = np.ix_([0], order, order)
    shuffled = replace(
        world,
        countries=tuple(world.countries[i] for i in order),
        q0=world.q0[ix],
        M0=world.M0[:, order],
        X0=world.X0[:, order],
        D0=world.D0[:, order],
        supply_capacity=world.supply_capacity[:, order],
        process_capacity=world.process_capacity[:, order],
        freight=world.freight[ix],
        tariff=world.tariff[ix],
        export_tax=world.export_tax[ix],
        duty_on_cif=world.duty_on_cif[order],
        prices=world.prices[:, order],
    )
    factor = rng.uniform(0.3, 1.0, (1, 7))
    a = solve(world, example_params(world), replace(no_events(world), supply_factor=factor))
    b = solve(shuffled, example_params(world), replace(no_events(shuffled), supply_factor=factor[:, order]))
    assert b.price[0] == pytest.approx(a.price[0, order], rel=1e-9)
    assert b.flows[0] == pytest.approx(a.flows[0][np.ix_(order, order)], rel=1e-9, abs=1e-9)


def test_scaling_all_money_scales_all_prices():
    world = random_chain_world(np.random.default_rng(3), 4)
    scaled = replace(world, prices=world.prices * 1e6, freight=world.freight * 1e6)
    factor = np.ones_like(world.M0)
    factor[0, 0] = 0.5
    a = solve(world, example_params(world), replace(no_events(world), supply_factor=factor))
    b = solve(scaled, example_params(world), replace(no_events(scaled), supply_factor=factor))
    assert b.price == pytest.approx(a.price * 1e6, rel=1e-9)
    assert b.flows == pytest.approx(a.flows, rel=1e-8, abs=1e-8)


@pytest.mark.parametrize("power", [-12, -6, 6, 12])
def test_magnitudes_from_1e_minus_12_to_1e12(power):
    world = random_one_form_world(np.random.default_rng(5), 5)
    t = 10.0**power
    big = replace(
        world, q0=world.q0 * t, M0=world.M0 * t, D0=world.D0 * t, supply_capacity=world.supply_capacity * t
    )
    factor = np.ones_like(world.M0)
    factor[0, 0] = 0.3
    a = solve(world, example_params(world), replace(no_events(world), supply_factor=factor))
    b = solve(big, example_params(world), replace(no_events(big), supply_factor=factor))
    assert b.ok
    assert b.price == pytest.approx(a.price, rel=1e-8)


def test_random_starts_reach_the_same_prices():
    """With specific wedges prices are unique (E22): started anywhere, what converges is the same."""
    world = random_chain_world(np.random.default_rng(6), 4)
    factor = np.full_like(world.M0, 0.7)
    e = replace(no_events(world), supply_factor=factor)
    market = market_after(calibrate(world, example_params(world)), e)
    reference = solve(world, example_params(world), e)
    agreed = 0
    for seed in range(12):
        z = starting_point(market) + np.random.default_rng(seed).uniform(
            -1.5, 1.5, int(market.alive.origin.sum())
        )
        s = solve(world, example_params(world), e, start=z)
        if s.ok:
            assert s.price == pytest.approx(reference.price, rel=1e-8)
            agreed += 1
    assert agreed >= 8
    residual, _ = residuals(market, state_at(market, *unpacked(market, starting_point(market))))
    assert np.abs(residual).max() > 0.1  # the start is not the answer
