"""A rate of return is exact, and the same whatever flows stand beside it."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscut.finance.answers.rates import _product, _sign_changes
from crosscut.finance.answers.returns import irr, irrs, return_on_investment


def flows_of_mines(seed, draws, years=30):
    """Spending, then years of cash that may be below nothing, closure, and what comes in after it."""
    r = np.random.default_rng(seed)
    x = r.normal(50, 60, (years, draws)) * r.uniform(0.1, 2, draws)
    x[:2] = -r.uniform(50, 400, (2, draws))
    x[-3:-1] = -r.uniform(0, 30, (2, draws))
    x[-1] = r.uniform(0, 10, draws)
    return x


def exact_root(flow, near):
    """The root of a flow beside `near`, in fractions: Newton on exact numbers."""
    flow = [Fraction(float(v)) for v in flow]
    q = 1 / (1 + Fraction(float(near)))
    for _ in range(3):
        value = sum(v * q**t for t, v in enumerate(flow))
        slope = sum(t * v * q ** (t - 1) for t, v in enumerate(flow) if t)
        q = (q - value / slope).limit_denominator(10**40)
    return float(1 / q - 1)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_rates_are_exact_to_thirteen_digits(seed):
    x = flows_of_mines(seed, 200, years=20)
    found = irr(x)
    known = np.nonzero(np.isfinite(found))[0]
    assert len(known) > 100
    for k in known[:40]:
        assert found[k] == pytest.approx(exact_root(x[:, k], found[k]), rel=1e-13, abs=1e-14)


def test_a_single_root_is_found_wherever_it_is():
    rates = np.array([-0.98, -0.5, -1e-9, 0.0, 1e-12, 0.08, 1.0, 30.0, 9_000.0])
    x = np.zeros((9, len(rates)))
    x[3], x[5] = -1.0, (1.0 + rates) ** 2
    assert irr(x) == pytest.approx(rates, rel=1e-12, abs=1e-15)
    assert np.isnan(irr(np.array([[-1.0], [1e5]]))).all()  # beyond a million percent: none is given


def test_rates_at_points_of_the_grid_are_found():
    for log in (-0.2, 0.04, 0.08, 0.36, 0.6):
        x = np.array([[-1.0], [0.0], [np.exp(2 * log)]])
        assert np.log1p(irr(x)[0]) == pytest.approx(log, rel=1e-13)


@given(st.integers(0, 10_000), st.integers(1, 9))
def test_a_flow_has_the_same_rate_to_the_last_digit_whatever_stands_beside_it(seed, width):
    x = flows_of_mines(seed, 60)
    together = return_on_investment(x)
    apart = [return_on_investment(x[:, k : k + width]) for k in range(0, 60, width)]
    assert np.array_equal(together, np.concatenate(apart), equal_nan=True)


@given(st.lists(st.lists(st.sampled_from([-1.0, 0.0, 2.0]), min_size=6, max_size=6), min_size=1, max_size=8))
def test_signs_change_as_counted_one_by_one(columns):
    x = np.array(columns).T
    changes, paid = _sign_changes(x)
    for k, column in enumerate(columns):
        signs = [v > 0 for v in column if v]
        assert changes[k] == sum(a != b for a, b in pairwise(signs))
        if signs:
            assert paid[k] == signs[0]


def test_rates_of_flows_that_touch_zero_are_those_of_the_scan():
    x = np.array([[-100.0, -100.0], [230.0, 220.0], [-132.0, -121.0]])  # 10 % and 20 %; 10 % twice
    assert np.isnan(irr(x)).all()
    assert irrs(x[:, 0]) == pytest.approx((0.1, 0.2))


def test_a_product_in_blocks_is_the_product():
    r = np.random.default_rng(1)
    a, x = r.normal(size=(401, 30)), r.normal(size=(30, 1000))
    assert np.allclose(_product(a, x), a @ x, rtol=1e-13, atol=1e-13)
