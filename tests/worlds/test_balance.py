"""Balance (E27): by least distrust, with soft facts; refusals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscut.base.errors import Refused
from crosscut.worlds.balance import balanced_cells


def test_two_cells_meet_where_the_closed_form_says():
    # y = y0 exp(-rho lam) for the first, y0 exp(+rho lam) for the second: ln(10 e^(-.05 l)) = ln(8 e^(.25
    # l)).
    got = balanced_cells(np.array([10.0, 8.0]), np.array([0.05, 0.25]), np.array([[1.0, -1.0]]), ["node"])
    lam = np.log(10 / 8) / 0.3
    assert got.y == pytest.approx([10 * np.exp(-0.05 * lam), 8 * np.exp(0.25 * lam)], rel=1e-12)


def test_a_printed_figure_moves_less_than_a_guess():
    got = balanced_cells(np.array([100.0, 60.0]), np.array([0.05, 1.0]), np.array([[1.0, -1.0]]), ["node"])
    assert abs(np.log(got.y[0] / 100)) < 0.1 * abs(np.log(got.y[1] / 60))


def test_zero_cells_stay_zero():
    B = np.array([[1.0, -1.0, 1.0]])
    got = balanced_cells(np.array([5.0, 5.0, 0.0]), np.array([0.2, 0.2, 0.2]), B, ["node"])
    assert got.y[2] == 0.0


def test_soft_fact_pulls_by_its_error():
    prior, rho = np.array([10.0, 10.0]), np.array([1.0, 1.0])
    B, L = np.array([[1.0, -1.0]]), np.array([[1.0, 0.0]])
    tight = balanced_cells(prior, rho, B, ["n"], L, np.array([20.0]), np.array([0.01])).y[0]
    loose = balanced_cells(prior, rho, B, ["n"], L, np.array([20.0]), np.array([50.0])).y[0]
    assert tight == pytest.approx(20.0, abs=1e-3)
    assert 10.0 < loose < 11.0


def test_a_node_with_one_side_is_refused_by_name():
    with pytest.raises(Refused, match="ore/XYZ"):
        balanced_cells(np.array([5.0]), np.array([0.2]), np.array([[1.0]]), ["ore/XYZ"])


def test_gradient_conditions_hold_in_a_second_formulation():
    """Independent check: at the optimum (1/rho) ln(y/y0) lies in the row space of the constraints."""
    rng = np.random.default_rng(3)
    n = 6
    pairs = [(i, j) for i in range(n) for j in range(n) if i != j]
    m = n + len(pairs) + n
    B = np.zeros((n, m))
    for i in range(n):
        B[i, i] = 1
        B[i, n + len(pairs) + i] = -1
    for c, (i, j) in enumerate(pairs):
        B[i, n + c] -= 1
        B[j, n + c] += 1
    prior, rho = rng.lognormal(2, 1, m), rng.uniform(0.05, 1, m)
    got = balanced_cells(prior, rho, B, [str(i) for i in range(n)])
    assert np.abs(B @ got.y).max() < 1e-9
    force = np.log(got.y / prior) / rho
    fitted = B.T @ np.linalg.lstsq(B.T, force, rcond=None)[0]
    assert np.abs(force - fitted).max() < 1e-6


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 8), st.integers(0, 2**32 - 1), st.floats(-6, 6))
def test_every_random_network_closes_and_scales(n, seed, power):
    rng = np.random.default_rng(seed)
    mine, use = rng.lognormal(2, 2, n), rng.lognormal(2, 2, n)
    flows = rng.lognormal(1, 2, (n, n)) * (1 - np.eye(n))
    m = 2 * n + n * n
    B = np.zeros((n, m))
    B[:, :n], B[:, n : 2 * n] = np.eye(n), -np.eye(n)
    for i in range(n):
        for j in range(n):
            B[i, 2 * n + i * n + j] -= 1
            B[j, 2 * n + i * n + j] += 1
    prior = np.concatenate([mine, use, flows.ravel()])
    rho = rng.uniform(0.05, 1.0, m)
    labels = [str(i) for i in range(n)]
    got = balanced_cells(prior, rho, B, labels)
    assert np.abs(B @ got.y).max() <= 1e-8 * got.y.sum()
    scaled = balanced_cells(prior * 10**power, rho, B, labels)
    assert scaled.y == pytest.approx(got.y * 10**power, rel=1e-6)
