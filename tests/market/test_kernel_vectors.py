"""The kernel's own vector routines against numpy: exact to two units in the last place, and never silent
about a NaN."""

import math

import numpy as np
import pytest

pytest.importorskip("numba")

import numba

from crosscut.market.kernel import vectors as v

ULP = np.finfo(float).eps


@numba.njit
def exponentials(x):
    v.exponentiate(x, 0, x.size)


@numba.njit
def logarithms(x):
    v.take_logarithms(x, 0, x.size)


@numba.njit
def one_exp(x):
    return v.fast_exp(x)


@numba.njit
def product(A, B, C, depth):
    m = C.shape[0]
    for e in range(0, m, 8):
        for i in range(0, m, 4):
            v.set_tile(A, i * depth, depth, 1, B, e, m, C, i * m + e, m, depth)


@numba.njit
def less_transposed_product(A, B, C, depth):
    m = C.shape[0]
    for e in range(0, m, 8):
        for i in range(0, m, 4):
            v.subtract_tile(A, i, 1, m, B, e, m, C, i * m + e, m, depth)


@numba.njit
def plus_scaled_transpose(A, B, down, across):
    m = A.shape[0]
    for i in range(0, m, 4):
        for e in range(0, m, 4):
            v.add_transposed(A, e * m + i, B, i * m + e, m, down, i, across, e)


@numba.njit
def row_results(w, slope, price, out):
    n = w.size
    top = v.set_exponents(w, 0, slope, 0, price, 0, out, 0, n)
    return top, v.total(out, 0, n), v.dot(w, 0, slope, 0, n)


def test_exponentials_are_exact_to_two_units():
    x = np.random.default_rng(0).uniform(-700, 700, 8000)
    y = x.copy()
    exponentials(y)
    assert np.abs(y / np.exp(x) - 1).max() <= 2 * ULP
    assert all(one_exp(a) == b for a, b in zip(x[:100], y[:100], strict=True))


@pytest.mark.parametrize(
    ("x", "value"), [(0.0, 1.0), (-1e30, 0.0), (-math.inf, 0.0), (-709.0, 0.0), (math.nan, math.nan)]
)
def test_exponentials_at_the_ends(x, value):
    row = np.full(8, x)
    exponentials(row)
    assert np.array_equal(row, np.full(8, value), equal_nan=True)


def test_logarithms_are_exact_to_two_units():
    rng = np.random.default_rng(0)
    for x in (np.exp(rng.uniform(-700, 700, 8000)), 1 + rng.uniform(-1e-6, 1e-6, 8000)):
        y = x.copy()
        logarithms(y)
        assert np.abs(y - np.log(x)).max() <= 2 * ULP * np.abs(np.log(x)).max()
        assert (np.abs(y - np.log(x)) <= 2 * ULP * np.abs(np.log(x))).all()


def test_logarithms_say_what_has_none():
    row = np.array([0.0, -1.0, math.inf, math.nan, 1.0, 1.0, 1.0, 1.0])
    logarithms(row)
    expected = [-math.inf, math.nan, math.inf, math.nan, 0.0, 0.0, 0.0, 0.0]
    assert np.array_equal(row, expected, equal_nan=True)


def test_a_nan_in_a_row_shows_in_its_sum():
    w, slope, price = np.random.default_rng(0).random((3, 16))
    top, total, dot = row_results(w, slope, price, np.empty(16))
    exponents = w - slope * price
    assert top == exponents.max()
    assert total == pytest.approx(exponents.sum(), rel=1e-14)
    assert dot == pytest.approx(w @ slope, rel=1e-14)
    price[5] = math.nan
    assert math.isnan(row_results(w, slope, price, np.empty(16))[1])


@pytest.mark.parametrize(("m", "depth"), [(8, 3), (40, 40), (104, 17)])
def test_products_by_tiles(m, depth):
    rng = np.random.default_rng(m)
    A, B, C = rng.random((m, depth)), rng.random((depth, m)), np.empty((m, m))
    product(A, B, C, depth)
    assert pytest.approx(A @ B, rel=1e-13) == C
    A = rng.random((depth, m))
    less = C - A.T @ B
    less_transposed_product(A, B, C, depth)
    assert pytest.approx(less, rel=1e-12, abs=1e-12) == C


def test_a_scaled_transpose_is_added():
    rng = np.random.default_rng(1)
    A, B, down, across = rng.random((24, 24)), rng.random((24, 24)), rng.random(24), rng.random(24)
    expected = B + down[:, None] * A.T * across
    plus_scaled_transpose(A, B, down, across)
    assert pytest.approx(expected, rel=1e-15) == B


def test_rows_are_padded_to_whole_vectors_and_not_to_the_same_cache_sets():
    for n in range(1, 300):
        m = v.padded(n)
        assert m >= n
        assert m % v.WIDTH == 0
        assert m % 64
