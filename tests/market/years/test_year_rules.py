"""What holds in every year of every path."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscut.market.events.compiled import StockRule
from crosscut.market.model.examples import one_form_world
from crosscut.market.years import Facility, Release, Stock, sources_of
from tests.market.worlds import random_chain_world, random_one_form_world
from tests.market.years.outlooks import demand_from, moving, path, still


@pytest.mark.parametrize("seed", range(4))
def test_no_change_is_the_base_for_ever(seed):
    rng = np.random.default_rng(seed)
    world = random_chain_world(rng, 5)
    for o in path(world, moving(world, scrap=1, process=0), 2054):
        np.testing.assert_allclose(o.solution.flows, world.q0, rtol=1e-9, atol=1e-9 * world.q0.max())
        live = np.isfinite(o.solution.price)
        np.testing.assert_allclose(o.solution.price[live], world.prices[live], rtol=1e-9)
        assert o.accounts[0].closing == pytest.approx(40.0, abs=1e-9)
        assert (o.added == 0).all() and (o.added_plants == 0).all()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.7, 1.4))
def test_tonnes_balance_and_stocks_stay_above_zero_every_year(seed, factor):
    rng = np.random.default_rng(seed)
    world = random_one_form_world(rng, 4)
    stocks = (
        Stock("buyer", 0, 1, 0.0, purchases=((2025.5, 2029.0, 0.05 * world.M0.sum()),)),
        Stock("seller", 0, 0, 0.1 * world.M0.sum(), draws=((2025.0, 2040.0, 0.03 * world.M0.sum()),)),
        Stock("keeper", 0, 2, 0.05 * world.M0.sum(), release=Release(1.2, 0.2, 0.04 * world.M0.sum())),
    )
    closing = [s.opening for s in stocks]
    for o in path(world, still(world, stocks=stocks), 2033, demand_from(2026, factor)):
        assert o.solution.certificate.mass < 1e-7
        for k, a in enumerate(o.accounts):
            assert a.opening == pytest.approx(closing[k], abs=1e-9)
            assert a.closing == pytest.approx(a.opening + a.build - a.draw - a.release)
            assert a.closing >= -1e-9
            assert min(a.build, a.draw, a.release) >= 0
            closing[k] = a.closing
        # everything sold was mined or left a stock; everything bought was used or entered one
        left = sum(a.draw + a.release for a in o.accounts)
        assert o.solution.flows.sum() == pytest.approx(o.base_supply.sum() + left, rel=1e-7)
        entered = sum(a.build for a in o.accounts)
        assert entered <= o.solution.use[..., -1].sum() + 1e-9


def test_more_years_leave_the_earlier_ones_as_they_were():
    rng = np.random.default_rng(3)
    world = random_chain_world(rng, 4)
    draw = moving(world, scrap=1, process=0)
    short = path(world, draw, 2030, demand_from(2025, 1.3))
    long = path(world, draw, 2036, demand_from(2025, 1.3))
    for a, b in zip(short, long, strict=False):
        assert np.array_equal(a.solution.flows, b.solution.flows)


def test_metal_is_followed_to_its_mine():
    """Tonnes mined and collected, less what refining loses, are the tonnes used, source by source."""
    rng = np.random.default_rng(5)
    world = random_chain_world(rng, 6)
    F, n = world.M0.shape
    used = np.zeros((1, F, n))
    used[0, 2] = world.D0[2].sum(axis=1)
    flows = (
        world.chain,
        world.input_coefficients(),
        world.output_coefficients(),
        world.q0,
        world.M0,
        world.X0,
    )
    by_source = sources_of(*flows, used)[0]
    np.testing.assert_allclose(by_source[0], 0.95 * world.M0[0], rtol=1e-9)
    np.testing.assert_allclose(by_source[1], 0.9 * world.M0[1], rtol=1e-9)
    each = np.eye(F * n).reshape(F * n, F, n)
    buys = world.use().ravel() > 0
    np.testing.assert_allclose(sources_of(*flows, each).sum(axis=(1, 2))[buys], 1.0, rtol=1e-12)


def test_a_stock_of_an_event_is_sold_once():
    """A release of 30 t whose trigger the price passes for ten years lets go of 30 t in all, not each
    year."""
    world = one_form_world(np.array([[[100.0]]]), np.array([[1000.0]]))
    rule = StockRule("state", 0, 0, 30.0, 1300.0, 50.0)

    def events(w, year):
        return replace(demand_from(2025, 1.5)(w, year), releases=(rule,))

    found = path(world, still(world), 2036, events)
    let_go = [float(o.solution.released[0, 0]) for o in found]
    assert let_go[0] == pytest.approx(0.0, abs=1e-9)
    assert sum(let_go) <= 30.0 + 1e-6
    assert sum(let_go) == pytest.approx(30.0, rel=0.05)
    assert let_go[1] > let_go[4]
    for o in found:
        assert o.solution.certificate.mass < 1e-7


def test_facilities_that_all_sell_to_one_small_buyer_leave_it_its_others():
    """Three mines with a first call on a buyer of 5 t would take more than all it buys: at parity they take
    80 %."""
    world = one_form_world(np.array([[[90.0, 5.0], [0.0, 5.0]]]), np.array([[1000.0, 1000.0]]))
    mines = tuple(Facility(f"m{k}", 0, 0, 10.0, 2025.0, np.array([0.0, 20.0])) for k in range(3))
    for o in path(world, still(world, facilities=mines), 2027):
        assert o.solution.ok
        reach = sum(e.capacity * e.reach[1] for e in o.events.entrants) / (100.0 + 30.0)
        assert reach == pytest.approx(0.8 if o.events.entrants else 0.0)
