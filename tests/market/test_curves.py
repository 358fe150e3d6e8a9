"""Curves (E5, E7, E10) as a triple: value, slope, integral; elasticities at base are the stated ones."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscut.market.model.curves import (
    BackstopDemand,
    CappedSupply,
    LinearDemand,
    LinearSupply,
    Processing,
    SumOfSupplies,
    integral_between,
)
from crosscut.market.model.examples import example_params
from crosscut.market.model.policy_curves import SwitchedDemand
from crosscut.market.solve.calibration import calibrate, supply_through
from tests.market.worlds import random_chain_world, random_one_form_world

positive = st.floats(0.05, 20.0)


def slope_by_differences(f, x, h=1e-6):
    return (f(x * (1 + h)) - f(x * (1 - h))) / (2 * h * x)


@given(st.floats(0.02, 2.0), st.floats(0.1, 0.95), positive)
def test_supply_value_slope_integral(eta, used, ratio):
    m0, price = np.array([[100.0]]), np.array([[1000.0]])
    curve = supply_through(m0, m0 / used, np.array([[eta]]), price, 10.0)
    y = price * ratio
    assert curve.value(price)[0, 0] == pytest.approx(100.0, rel=1e-12)
    rounding = 1e-8 * curve.value(y)[0, 0] / y[0, 0]  # differences lose digits where the curve is flat
    assert curve.slope(y)[0, 0] == pytest.approx(
        slope_by_differences(curve.value, y)[0, 0], rel=1e-4, abs=rounding
    )
    area = integral_between(curve.value, price, y)[0, 0]
    grid = np.linspace(price[0, 0], y[0, 0], 4001)
    assert area == pytest.approx(
        np.trapezoid([curve.value(np.array([[g]]))[0, 0] for g in grid[::40]], grid[::40]), rel=1e-3, abs=1e-6
    )
    assert curve.value(y * 1e6)[0, 0] <= 100.0 / used * (1 + 1e-12)


def test_supply_elasticity_at_base_is_the_stated_one_at_90_percent_use():
    world = random_one_form_world(np.random.default_rng(1), 5)
    c = calibrate(world, example_params(world, eta=0.3))
    here = world.M0 > 0
    got = c.supply.slope(c.p0) * c.p0 / world.M0
    assert got[here] == pytest.approx(np.full(here.sum(), 0.3), rel=1e-9)


@given(st.floats(0.05, 2.0), st.floats(0.01, 100.0))
def test_demand_value_slope_and_exactness_at_base(eps, ratio):
    curve = BackstopDemand(np.array([[[10.0]]]), np.array([[500.0]]), np.array([[eps]]), 20.0, 0.2, 8.0)
    base = np.array([[500.0]])
    assert curve.value(base)[0, 0, 0] == pytest.approx(10.0, rel=1e-14)
    assert curve.slope(base)[0, 0, 0] * 50 == pytest.approx(-eps, rel=1e-6)
    phi = base * ratio
    if abs(ratio - 0.2) > 1e-3:
        assert curve.slope(phi)[0, 0, 0] == pytest.approx(
            slope_by_differences(lambda x: curve.value(x), phi)[0, 0, 0], rel=1e-4
        )
    assert curve.value(phi)[0, 0, 0] >= 0


def test_demand_below_the_line_is_linear_and_finite_at_negative_prices():
    curve = BackstopDemand(np.array([[[10.0]]]), np.array([[500.0]]), np.array([[0.3]]), 20.0, 0.2, 8.0)
    a, b, c = (curve.value(np.array([[x]]))[0, 0, 0] for x in (-50.0, 0.0, 50.0))
    assert b - a == pytest.approx(c - b, rel=1e-9)
    assert np.isfinite([a, b, c]).all()


@given(st.floats(-5e3, 5e3))
def test_processing_profit_has_activity_as_its_slope(margin):
    p = Processing(np.array([[100.0]]), np.array([[0.01]]), np.array([[50.0]]))
    m = np.array([[margin]])
    up, down = p.profit(m + 1e-3), p.profit(m - 1e-3)
    assert (up - down)[0, 0] / 2e-3 == pytest.approx(p.value(m)[0, 0], rel=1e-5, abs=1e-6)
    assert 0 <= p.value(m)[0, 0] <= 100


def test_processing_runs_at_base_and_half_at_zero_margin():
    world = random_chain_world(np.random.default_rng(2), 3)
    c = calibrate(world, example_params(world))
    margin = c.b @ np.nan_to_num(c.p0) - c.a @ np.nan_to_num(c.phi0) - c.processing.cost
    assert c.processing.value(margin) == pytest.approx(world.X0, rel=1e-12)
    assert c.processing.value(np.zeros_like(margin)) == pytest.approx(c.processing.capacity / 2)


def test_the_curve_of_some_nodes_is_the_curve_there():
    F, n, U, rng = 3, 4, 2, np.random.default_rng(5)
    nodes = np.nonzero(rng.random((F, n)) < 0.6)
    price = rng.uniform(0.2, 5.0, (F, n))

    def some(*shape):
        return rng.uniform(0.5, 2.0, shape)

    capped = CappedSupply(some(F, n), some(F, 1), some(F, n), 8.0)
    for supply in (capped, LinearSupply(some(F, n), some(F, n)), SumOfSupplies((capped, capped))):
        for part in ("value", "slope"):
            whole = getattr(supply, part)(price)[nodes]
            assert getattr(supply.at(nodes), part)(price[nodes]) == pytest.approx(whole, rel=1e-14)
    backstop = BackstopDemand(some(F, n, U), some(F, n), some(F, U), 3.0, 0.4, 4.0)
    switched = SwitchedDemand(backstop, backstop.phi0, some(F, n, U) / 4, some(F, 1, 1), some(F, n, 1))
    for demand in (backstop, LinearDemand(9 * some(F, n, U), some(F, n, U)), switched):
        for part in ("value", "slope"):
            whole = getattr(demand, part)(price)[nodes]
            here = getattr(demand.at(nodes), part)(price[nodes][:, None])
            assert here.shape == (len(nodes[0]), 1, U)
            assert here[:, 0] == pytest.approx(whole, rel=1e-14)
