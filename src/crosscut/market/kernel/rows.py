"""Rows: the inner loops of the kernel, over the first n entries of a row (n is a multiple of `WIDTH`).

Plain loops that the compiler turns into machine vectors by itself. For that exponential and logarithm are
written out: those of the system's library are called number by number, and take three to four times as long.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crosscut.market.kernel.compiled import inner, summing

SMALLEST = -708.0  # e^x below is 0
LARGEST = 709.0

_MAGIC = 6755399441055744.0  # 1.5 x 2^52: adding it puts an integer into the low bits of a double
_PER_LN2 = 1.0 / math.log(2.0)
_LN2_HIGH, _LN2_LOW = (
    6.93145751953125e-1,
    1.42860682030941723212e-6,
)  # their sum is ln 2; k times the first is exact


def _exp_coefficients(degree: int = 11) -> tuple[float, ...]:
    """e^r on |r| < 0.35 as 1 + r + r^2 q(r): q interpolates (e^r - 1 - r) / r^2 in Chebyshev's points, error
    1e-17."""
    reach = 0.35

    def q(x: NDArray[np.float64]) -> NDArray[np.float64]:
        r = reach * x
        return sum((r**k / math.factorial(k + 2) for k in range(16)), np.zeros_like(r))

    chebyshev: Any = np.polynomial.chebyshev
    in_x = chebyshev.cheb2poly(chebyshev.chebinterpolate(q, degree - 2))
    return (1.0, 1.0, *(in_x / reach ** np.arange(degree - 1)).tolist())


_E0, _E1, _E2, _E3, _E4, _E5, _E6, _E7, _E8, _E9, _E10, _E11 = _exp_coefficients()
# Tang (1990), as in fdlibm
_L1, _L2, _L3, _L4, _L5, _L6, _L7 = (
    0.6666666666666735130,
    0.3999999999940941908,
    0.2857142874366239149,
    0.2222219843214978396,
    0.1818357216161805012,
    0.1531383769920937332,
    0.1479819860511658591,
)
_HALF_ROOT = 0x3FE6A09E00000000  # bits of sqrt(1/2), from which a fraction counts
_ONE = 0x3FF0000000000000
_FRACTION = (1 << 52) - 1
_MAGIC_BITS = 0x4338000000000000


@inner
def exponential(x):
    """e^x, 0 below -708, e^709 above: x = k ln 2 + r and a polynomial of degree 11 in r; error below 2 units
    in the last place."""
    within = SMALLEST if x < SMALLEST else x
    within = LARGEST if within > LARGEST else within
    shifted = within * _PER_LN2 + _MAGIC
    k = shifted - _MAGIC
    r = (within - k * _LN2_HIGH) - k * _LN2_LOW
    r2 = r * r
    even = ((((_E10 * r2 + _E8) * r2 + _E6) * r2 + _E4) * r2 + _E2) * r2 + _E0
    odd = ((((_E11 * r2 + _E9) * r2 + _E7) * r2 + _E5) * r2 + _E3) * r2 + _E1
    power = np.int64((np.float64(shifted).view(np.int64) + 1023) << 52).view(np.float64)
    return 0.0 if x < SMALLEST else (odd * r + even) * power


@inner
def logarithm(x):
    """ln x: x = 2^k (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)), and Tang's polynomial in f / (2 + f); error
    below 1 unit in the last place. -inf at 0, NaN below, and what is not finite stays what it is."""
    bits = np.float64(x).view(np.int64) + (_ONE - _HALF_ROOT)
    power = (bits >> 52) - 1023
    f = np.int64((bits & _FRACTION) + _HALF_ROOT).view(np.float64) - 1.0
    k = np.int64(power + _MAGIC_BITS).view(np.float64) - _MAGIC
    s = f / (f + 2.0)
    s2 = s * s
    r = s2 * ((((((_L7 * s2 + _L6) * s2 + _L5) * s2 + _L4) * s2 + _L3) * s2 + _L2) * s2 + _L1)
    half = 0.5 * (f * f)
    value = k * _LN2_HIGH + (f - (half - (k * _LN2_LOW + s * (half + r))))
    value = value if x < np.inf else x
    none = -np.inf if x == 0.0 else np.nan
    return value if x > 0.0 else none


@inner
def exponentiate(x, n):
    """x = e^x."""
    for i in range(n):
        x[i] = exponential(x[i])


@inner
def take_logarithms(x, n):
    """x = ln x."""
    for i in range(n):
        x[i] = logarithm(x[i])


@inner
def set_exponents(w, slope, price, out, n):
    """out = w - slope price."""
    for i in range(n):
        out[i] = w[i] - slope[i] * price[i]


@inner
def shift(x, by, n):
    """x = x + the number."""
    for i in range(n):
        x[i] += by


@inner
def scale(x, factor, n):
    """x = factor x."""
    for i in range(n):
        x[i] *= factor


@inner
def fill(x, value, n):
    """x = the number."""
    for i in range(n):
        x[i] = value


@inner
def copy(x, out, n):
    """out = x."""
    for i in range(n):
        out[i] = x[i]


@inner
def set_scaled(x, out, factor, n):
    """out = factor x."""
    for i in range(n):
        out[i] = x[i] * factor


@inner
def add_scaled(x, out, factor, n):
    """out += factor x."""
    for i in range(n):
        out[i] += x[i] * factor


@inner
def multiply(x, y, z, out, n):
    """out = x y z."""
    for i in range(n):
        out[i] = x[i] * y[i] * z[i]


@inner
def greatest(x, n):
    """The greatest of x; a NaN is passed over here and shows in what is made of the row."""
    a, b, c, d, e, f, g, h = x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7]
    for i in range(8, n, 8):
        a = x[i] if x[i] > a else a
        b = x[i + 1] if x[i + 1] > b else b
        c = x[i + 2] if x[i + 2] > c else c
        d = x[i + 3] if x[i + 3] > d else d
        e = x[i + 4] if x[i + 4] > e else e
        f = x[i + 5] if x[i + 5] > f else f
        g = x[i + 6] if x[i + 6] > g else g
        h = x[i + 7] if x[i + 7] > h else h
    a, b, c, d = (e if e > a else a), (f if f > b else b), (g if g > c else c), (h if h > d else d)
    a, b = (c if c > a else a), (d if d > b else b)
    return b if b > a else a


@summing
def total(x, n):
    """Sum of x."""
    out = 0.0
    for i in range(n):
        out += x[i]
    return out


@summing
def dot(x, y, n):
    """Sum of x y."""
    out = 0.0
    for i in range(n):
        out += x[i] * y[i]
    return out


@inner
def add_scaled_transpose(A, B, down, across, rows, columns):
    """B += diag(down) A' diag(across)."""
    for i in range(rows):
        for e in range(columns):
            B[i, e] += down[i] * A[e, i] * across[e]
