"""Producer price (E8), stocks (E9) and substitution (E6).

Each curve as a triple, nothing at base, and figures worked out by hand.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscut.market.model.curves import BackstopDemand, integral_between, integral_in_panels
from crosscut.market.model.policy_curves import (
    BAND,
    ProducerPrice,
    StockPurchase,
    StockRelease,
    SwitchedDemand,
)

ONE = np.ones((1, 1))
ratio = st.floats(0.05, 20.0)


def slope_of(f, x, h=1e-6):
    return ((f(x * (1 + h)) - f(x * (1 - h))) / (2 * h * x)).item()


def release(tonnes=10.0, trigger=2000.0, width=100.0, p0=1000.0):
    one = np.array([0])
    return StockRelease(one, one, np.array([tonnes]), np.array([trigger]), np.array([width]), np.array([p0]))


@given(st.floats(0, 500), st.floats(200, 3000), st.floats(0, 1), st.floats(100, 4000))
def test_producer_price_is_a_triple(subsidy, floor, share, price):
    curve, p = ProducerPrice(subsidy * ONE, floor * ONE, share * ONE), price * ONE
    assert curve.slope(p).item() == pytest.approx(slope_of(curve.value, p), abs=2e-4)
    assert curve.value(p).item() == pytest.approx(slope_of(curve.integral, p, 1e-4), rel=1e-5)
    assert curve.payment(p).item() == pytest.approx(curve.value(p).item() - price, abs=1e-9)
    assert 0 <= curve.slope(p).item() <= 1


def test_a_guaranteed_price_fills_the_gap_and_nothing_above_it():
    curve = ProducerPrice(0 * ONE, 1000 * ONE, ONE)
    assert curve.value(800 * ONE).item() == 1000 and curve.slope(800 * ONE).item() == 0
    assert curve.value(1200 * ONE).item() == 1200 and curve.slope(1200 * ONE).item() == 1
    assert curve.payment(1000 * ONE).item() == pytest.approx(BAND * 1000 / 4)  # the rounding, at its widest
    half = ProducerPrice(50 * ONE, 1000 * ONE, 0.5 * ONE)
    assert half.value(800 * ONE).item() == 800 + 50 + 0.5 * 200
    none = ProducerPrice(0 * ONE, 0 * ONE, ONE)
    assert none.value(800 * ONE).item() == 800 and none.slope(800 * ONE).item() == 1


@given(ratio, st.floats(1.0, 3.0), st.floats(0.02, 0.5))
def test_release_is_a_triple_and_nothing_at_base(z, trigger, width):
    stock = release(10.0, 1000 * trigger, 1000 * width)
    p = 1000 * z * ONE
    assert stock.net(1000 * ONE).item() == 0.0 and stock.integral(1000 * ONE).item() == 0.0
    assert stock.slope(p).item() == pytest.approx(slope_of(stock.net, p), rel=1e-4, abs=1e-8)
    assert stock.net(p).item() == pytest.approx(slope_of(stock.integral, p, 1e-5), rel=1e-4, abs=1e-4)
    assert stock.gross(p).item() >= 0 and stock.net(p).item() <= stock.most(p).item() + 1e-12


def test_release_by_hand():
    stock = release(10.0, 2000.0, 100.0)
    assert stock.net(2000 * ONE).item() == pytest.approx(10 * (0.5 - 1 / (1 + np.exp(10))))
    buffer = release(20.0, 1000.0, 100.0)  # sells up to 10 t, takes up to 10 t
    assert buffer.net(1e5 * ONE).item() == pytest.approx(10.0) and buffer.net(
        1.0 * ONE
    ).item() == pytest.approx(-10.0, abs=1e-2)
    assert buffer.most(ONE).item() == 10.0


@given(ratio)
def test_purchase_is_bought_at_any_price_up_to_the_backstop(z):
    curve = StockPurchase(5 * ONE, 1000 * ONE, 20.0, 8.0)
    phi = 1000 * z * ONE
    assert curve.value(1000 * ONE).item() == pytest.approx(5.0, rel=1e-15)
    assert curve.slope(phi).item() == pytest.approx(slope_of(curve.value, phi), rel=1e-4, abs=1e-9)
    if z < 10:
        assert curve.value(phi).item() == pytest.approx(5.0, rel=0.005)
    assert curve.value(2e4 * ONE).item() == pytest.approx(2.5, rel=1e-9)
    assert StockPurchase(0 * ONE, 0 * ONE, 20.0, 8.0).value(phi).item() == 0


@given(ratio, st.floats(0, 1), st.floats(1.1, 4.0), st.floats(0.02, 1.0))
def test_switched_demand_is_a_triple_and_the_same_at_base(z, share, trigger, width):
    three = np.ones((1, 1, 1))
    uncut = BackstopDemand(10 * three, 500 * ONE, np.array([[0.3]]), 20.0, 0.2, 8.0)
    curve = SwitchedDemand(uncut, 500 * ONE, share * three, trigger * three, width * three)
    assert curve.value(500 * ONE).item() == pytest.approx(10.0, rel=1e-14)
    phi = 500 * z * ONE
    if abs(z - 0.2) > 1e-3:
        assert curve.slope(phi).item() == pytest.approx(slope_of(curve.value, phi), rel=1e-4, abs=1e-9)
    assert curve.slope(phi).item() <= 1e-12 and curve.value(phi).item() >= 0
    fine = sum(
        integral_between(lambda x: curve.value(x)[..., 0], a * ONE, b * ONE).item()
        for a, b in zip(np.geomspace(500, 5000, 41)[:-1], np.geomspace(500, 5000, 41)[1:], strict=True)
    )
    assert integral_in_panels(
        lambda x: curve.value(x)[..., 0], 500 * ONE, 5000 * ONE, 16
    ).item() == pytest.approx(fine, rel=1e-8)


def test_switching_by_hand():
    three = np.ones((1, 1, 1))
    uncut = BackstopDemand(10 * three, 500 * ONE, np.array([[0.3]]), 20.0, 0.2, 8.0)
    curve = SwitchedDemand(uncut, 500 * ONE, 0.4 * three, 2 * three, 0.1 * three)
    at_base = 1 / (1 + np.exp(10))
    at_trigger = uncut.value(1000 * ONE).item() * (1 - 0.4 * (0.5 - at_base) / (1 - at_base))
    assert curve.value(1000 * ONE).item() == pytest.approx(at_trigger, rel=1e-14)
    assert curve.value(4000 * ONE).item() == pytest.approx(0.6 * uncut.value(4000 * ONE).item(), rel=1e-8)
