"""The kernel's inner loops against numpy, compiled and as written: exact to two units in the last place, and
never silent about a NaN. Of `crosscut.market.kernel.rows` and `crosscut.market.kernel.jacobian.product`."""

import math

import numpy as np
import pytest

pytest.importorskip("numba")

import numba

from crosscut.market.kernel import rows
from crosscut.market.kernel.arrays import WIDTH, padded
from crosscut.market.kernel.jacobian import product

ULP = np.finfo(float).eps


@numba.njit
def exponentials(x):
    rows.exponentiate(x, x.size)


@numba.njit
def logarithms(x):
    rows.take_logarithms(x, x.size)


@numba.njit
def one_exponential(x):
    return rows.exponential(x)


@numba.njit
def set_product(A, B, C, depth):
    product.set_product(A, B, C, C.shape[0], C.shape[1], depth)


@numba.njit
def set_transposed_product(A, B, C, depth):
    product.set_transposed_product(A, B, C, C.shape[0], C.shape[1], depth)


@numba.njit
def subtract_product(A, B, C, depth):
    product.subtract_product(A, B, C, C.shape[0], C.shape[1], depth)


@numba.njit
def add_scaled_transpose(A, B, down, across):
    rows.add_scaled_transpose(A, B, down, across, B.shape[0], B.shape[1])


@numba.njit
def row_results(w, slope, price, out):
    rows.set_exponents(w, slope, price, out, w.size)
    return rows.greatest(out, w.size), rows.total(out, w.size), rows.dot(w, slope, w.size)


def test_exponentials_are_exact_to_two_units():
    x = np.random.default_rng(0).uniform(-700, 700, 8000)
    y = x.copy()
    exponentials(y)
    assert np.abs(y / np.exp(x) - 1).max() <= 2 * ULP
    assert all(one_exponential(a) == b for a, b in zip(x[:100], y[:100], strict=True))


@pytest.mark.parametrize(
    ("x", "value"),
    [(0.0, 1.0), (-1e30, 0.0), (-math.inf, 0.0), (-709.0, 0.0), (math.nan, math.nan)],
)
def test_exponentials_at_the_ends(x, value):
    row = np.full(WIDTH, x)
    exponentials(row)
    assert np.array_equal(row, np.full(WIDTH, value), equal_nan=True)


def test_logarithms_are_exact_to_two_units():
    rng = np.random.default_rng(0)
    for x in (np.exp(rng.uniform(-700, 700, 8000)), 1 + rng.uniform(-1e-6, 1e-6, 8000)):
        y = x.copy()
        logarithms(y)
        assert (np.abs(y - np.log(x)) <= 2 * ULP * np.abs(np.log(x))).all()


def test_logarithms_say_what_has_none():
    row = np.array([0.0, -1.0, math.inf, math.nan, 1.0, 1.0, 1.0, 1.0])
    logarithms(row)
    expected = [-math.inf, math.nan, math.inf, math.nan, 0.0, 0.0, 0.0, 0.0]
    assert np.array_equal(row, expected, equal_nan=True)


@pytest.mark.parametrize("size", [8, 16, 40])
def test_a_nan_in_a_row_shows_in_its_sum(size):
    w, slope, price = np.random.default_rng(0).random((3, size))
    top, total, dot = row_results(w, slope, price, np.empty(size))
    exponents = w - slope * price
    assert top == pytest.approx(exponents.max(), rel=1e-15)
    assert total == pytest.approx(exponents.sum(), rel=1e-13)
    assert dot == pytest.approx(w @ slope, rel=1e-14)
    price[5] = math.nan
    assert math.isnan(row_results(w, slope, price, np.empty(size))[1])


def test_the_greatest_is_found_wherever_it_stands():
    row = np.zeros(24)
    for place in range(24):
        row[:] = -1.0
        row[place] = 1.0
        assert rows.greatest(row, 24) == 1.0


@pytest.mark.parametrize(("m", "depth"), [(8, 3), (40, 40), (104, 17), (16, 0)])
@pytest.mark.parametrize("name", ["set_product", "set_transposed_product", "subtract_product"])
def test_a_product_by_tiles_is_the_product_as_stated_in_numpy(name, m, depth):
    rng = np.random.default_rng(m)
    A = rng.random((depth, m) if "transposed" in name else (m, depth))
    B, C = rng.random((depth, m)), rng.random((m, m))
    stated = C.copy()
    getattr(product, name)(A, B, stated, m, m, depth)
    globals()[name](A, B, C, depth)
    assert pytest.approx(stated, rel=1e-12, abs=1e-12) == C


def test_a_product_leaves_the_rest_of_its_matrix_alone():
    rng = np.random.default_rng(0)
    A, B, C = rng.random((3, 24, 24))
    before = C.copy()

    @numba.njit
    def corner(A, B, C):
        product.set_product(A, B, C, 12, 16, 8)

    corner(A, B, C)
    assert pytest.approx(A[:12, :8] @ B[:8, :16], rel=1e-13) == C[:12, :16]
    assert np.array_equal(C[12:], before[12:])
    assert np.array_equal(C[:, 16:], before[:, 16:])


def test_a_scaled_transpose_is_added():
    rng = np.random.default_rng(1)
    A, B, down, across = rng.random((24, 24)), rng.random((24, 24)), rng.random(24), rng.random(24)
    expected = B + down[:, None] * A.T * across
    add_scaled_transpose(A, B, down, across)
    assert pytest.approx(expected, rel=1e-15) == B


def test_rows_are_padded_to_whole_vectors_and_not_to_the_same_cache_sets():
    for n in range(1, 300):
        m = padded(n)
        assert m >= n
        assert m % WIDTH == 0
        assert m % 64
