"""Vectors: the inner loops, written once as machine vectors of four doubles.

Rows are padded to a multiple of `WIDTH`, so no loop has a remainder; a compiler left to find the vectors by
itself takes three to four times as long, both to compile and to run. Every routine takes (array, where it
begins in the flat array). The fused multiply-add is used where the processor has it; sums run over eight
lanes in a fixed order, so a result does not depend on what is computed beside it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from inspect import Parameter, Signature
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic as _intrinsic
from numpy.typing import NDArray

intrinsic: Any = _intrinsic

WIDTH = 8  # doubles a row is a multiple of: two machine vectors
SMALLEST = -708.0  # e^x below is 0
LARGEST = 709.0

_DOUBLE = ir.DoubleType()
_LONG = ir.IntType(64)
_VECTOR = ir.VectorType(_DOUBLE, 4)
_LONGS = ir.VectorType(_LONG, 4)
_MAGIC = 6755399441055744.0  # 1.5 x 2^52: adding it puts an integer into the low bits of a double
_LN2_HIGH, _LN2_LOW = 6.93145751953125e-1, 1.42860682030941723212e-6


def _exp_coefficients(degree: int = 11) -> list[float]:
    """e^r on |r| < 0.35 as 1 + r + r^2 q(r): q interpolates (e^r - 1 - r) / r^2 in Chebyshev's points, error
    1e-17."""
    reach = 0.35

    def q(x: NDArray[np.float64]) -> NDArray[np.float64]:
        r = reach * x
        return sum((r**k / math.factorial(k + 2) for k in range(16)), np.zeros_like(r))

    chebyshev: Any = np.polynomial.chebyshev
    in_x = chebyshev.cheb2poly(chebyshev.chebinterpolate(q, degree - 2))
    return [1.0, 1.0, *(in_x / reach ** np.arange(degree - 1)).tolist()]


_EXP = _exp_coefficients()


def padded(n: int) -> int:
    """n rounded up to a row of whole vectors; never a multiple of 64, at which rows fall into the same cache
    sets.

    >>> padded(35), padded(40), padded(64)
    (40, 40, 72)
    """
    m = -(-n // WIDTH) * WIDTH
    return m if m % 64 else m + WIDTH


def _constant(like: Any, x: float) -> Any:
    return ir.Constant(_VECTOR, [x] * 4) if like.type == _VECTOR else ir.Constant(_DOUBLE, x)


def _library(builder: Any, name: str, *args: Any) -> Any:
    """A function of the compiler's own on doubles or vectors of them."""
    kind = args[0].type
    suffix = "v4f64" if kind == _VECTOR else "f64"
    function = cgutils.get_or_insert_function(
        builder.module, ir.FunctionType(kind, [kind] * len(args)), f"llvm.{name}.{suffix}"
    )
    return builder.call(function, args)


def _horner(builder: Any, x: Any, coefficients: list[float]) -> Any:
    value = _constant(x, coefficients[-1])
    for coefficient in reversed(coefficients[:-1]):
        value = _library(builder, "fmuladd", value, x, _constant(x, coefficient))
    return value


def _exp(builder: Any, x: Any) -> Any:
    """e^x: x = k ln 2 + r and a polynomial of degree 11 in r; error below 2 units in the last place."""
    low, high = _constant(x, SMALLEST), _constant(x, LARGEST)
    nothing = builder.fcmp_ordered("<", x, low)
    within = builder.select(nothing, low, x)
    within = builder.select(builder.fcmp_ordered(">", within, high), high, within)
    k = _library(
        builder,
        "floor",
        _library(builder, "fmuladd", within, _constant(x, 1.0 / math.log(2.0)), _constant(x, 0.5)),
    )
    r = _library(builder, "fmuladd", k, _constant(x, -_LN2_HIGH), within)
    r = _library(builder, "fmuladd", k, _constant(x, -_LN2_LOW), r)
    r2 = builder.fmul(r, r)
    even, odd = (_horner(builder, r2, _EXP[first::2]) for first in (0, 1))
    value = _library(builder, "fmuladd", odd, r, even)
    bits, one, shift = (
        (_LONGS, ir.Constant(_LONGS, [1023] * 4), ir.Constant(_LONGS, [52] * 4))
        if x.type == _VECTOR
        else (_LONG, ir.Constant(_LONG, 1023), ir.Constant(_LONG, 52))
    )
    exponent = builder.bitcast(builder.fadd(k, _constant(x, _MAGIC)), bits)
    power = builder.bitcast(builder.shl(builder.add(exponent, one), shift), x.type)
    return builder.select(nothing, _constant(x, 0.0), builder.fmul(value, power))


_LOG = [
    0.6666666666666735130,
    0.3999999999940941908,
    0.2857142874366239149,
    0.2222219843214978396,
    0.1818357216161805012,
    0.1531383769920937332,
    0.1479819860511658591,
]  # Tang (1990), as in fdlibm
_HALF_ROOT = 0x3FE6A09E00000000  # bits of sqrt(1/2), from which a fraction counts
_ONE = 0x3FF0000000000000


def _log(builder: Any, x: Any) -> Any:
    """ln x of a vector: x = 2^k (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)), and Tang's polynomial in f / (2
    + f); error below 1 unit in the last place. -inf at 0, NaN below, and what is not finite stays what it
    is."""

    def whole(number: int) -> Any:
        return ir.Constant(_LONGS, [number] * 4)

    bits = builder.add(builder.bitcast(x, _LONGS), whole(_ONE - _HALF_ROOT))
    power = builder.sub(builder.ashr(bits, whole(52)), whole(1023))
    fraction = builder.bitcast(
        builder.add(builder.and_(bits, whole((1 << 52) - 1)), whole(_HALF_ROOT)), _VECTOR
    )
    k = builder.fsub(
        builder.bitcast(builder.add(power, whole(0x4338000000000000)), _VECTOR), _constant(x, _MAGIC)
    )
    f = builder.fsub(fraction, _constant(x, 1.0))
    s = builder.fdiv(f, builder.fadd(f, _constant(x, 2.0)))
    s2 = builder.fmul(s, s)
    r = builder.fmul(s2, _horner(builder, s2, _LOG))
    half = builder.fmul(_constant(x, 0.5), builder.fmul(f, f))
    low = _library(builder, "fmuladd", k, _constant(x, _LN2_LOW), builder.fmul(s, builder.fadd(half, r)))
    value = builder.fsub(f, builder.fsub(half, low))
    value = _library(builder, "fmuladd", k, _constant(x, _LN2_HIGH), value)
    positive = builder.fcmp_ordered(">", x, _constant(x, 0.0))
    none = builder.select(
        builder.fcmp_ordered("==", x, _constant(x, 0.0)), _constant(x, -math.inf), _constant(x, math.nan)
    )
    finite = builder.fcmp_ordered("<", x, _constant(x, math.inf))
    return builder.select(positive, builder.select(finite, value, x), none)


def _splat(builder: Any, x: Any) -> Any:
    undefined = ir.Constant(_VECTOR, ir.Undefined)
    first = builder.insert_element(undefined, x, ir.Constant(ir.IntType(32), 0))
    return builder.shuffle_vector(first, undefined, ir.Constant(ir.VectorType(ir.IntType(32), 4), [0] * 4))


def _vector_at(builder: Any, data: Any, at: Any) -> Any:
    return builder.bitcast(builder.gep(data, [at]), _VECTOR.as_pointer())


def _load(builder: Any, data: Any, at: Any) -> Any:
    return builder.load(_vector_at(builder, data, at), align=8)


def _data(context: Any, builder: Any, array_type: Any, value: Any) -> Any:
    return context.make_array(array_type)(context, builder, value).data


def _folded(builder: Any, a: Any, b: Any, fold: Callable[[Any, Any, Any], Any]) -> Any:
    """Two vectors to one number."""
    v = fold(builder, a, b)
    parts = [builder.extract_element(v, ir.Constant(ir.IntType(32), lane)) for lane in range(4)]
    return fold(builder, fold(builder, parts[0], parts[2]), fold(builder, parts[1], parts[3]))


def _sum(builder: Any, a: Any, b: Any) -> Any:
    return builder.fadd(a, b)


def _greater(builder: Any, a: Any, b: Any) -> Any:
    """The greater; a NaN is passed over here and shows in what is made of the row."""
    return builder.select(builder.fcmp_ordered(">", a, b), a, b)


def _row(
    body: Callable[..., Any],
    inputs: int,
    scalars: int,
    *,
    stores: bool = True,
    fold: Callable[[Any, Any, Any], Any] | None = None,
    start: float = 0.0,
) -> Any:
    """A routine over one row: f(x1, at1, .., out, at, s1, .., width) stores body(builder, x1.., s1..) into
    out and returns the fold of it (0 without one). The body gets the old value of `out` last where its name
    says `old`."""
    takes_old = "old" in body.__code__.co_varnames[: body.__code__.co_argcount]
    arrays = inputs + stores

    def typed(context: Any, *kinds: Any) -> Any:
        given = [a for pair in range(arrays) for a in (kinds[2 * pair], types.intp)]
        given += [types.float64] * scalars + [types.intp]

        def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            data = [_data(context, builder, signature.args[2 * k], args[2 * k]) for k in range(arrays)]
            at = [args[2 * k + 1] for k in range(arrays)]
            values = [_splat(builder, args[2 * arrays + s]) for s in range(scalars)]
            totals = [cgutils.alloca_once_value(builder, ir.Constant(_VECTOR, [start] * 4)) for _ in range(2)]
            blocks = builder.lshr(args[-1], ir.Constant(_LONG, 3))
            with cgutils.for_range(builder, blocks) as loop:
                for half in range(2):
                    step = builder.add(builder.mul(loop.index, _LONG(WIDTH)), _LONG(4 * half))
                    x = [_load(builder, data[k], builder.add(at[k], step)) for k in range(inputs)]
                    if takes_old:
                        x.append(_load(builder, data[-1], builder.add(at[-1], step)))
                    v = body(builder, *x, *values)
                    if stores:
                        builder.store(v, _vector_at(builder, data[-1], builder.add(at[-1], step)), align=8)
                    if fold is not None:
                        builder.store(fold(builder, builder.load(totals[half]), v), totals[half])
            if fold is None:
                return ir.Constant(_DOUBLE, 0.0)
            return _folded(builder, builder.load(totals[0]), builder.load(totals[1]), fold)

        return types.float64(*given), code

    names = ["context", *(f"a{k}" for k in range(2 * arrays + scalars + 1))]
    said: Any = typed
    said.__name__ = body.__name__
    said.__signature__ = Signature([Parameter(name, Parameter.POSITIONAL_OR_KEYWORD) for name in names])
    return intrinsic(said)


def _exponents(builder: Any, w: Any, slope: Any, price: Any) -> Any:
    return builder.fsub(w, builder.fmul(slope, price))


def _exponentials(builder: Any, old: Any) -> Any:
    return _exp(builder, old)


def _filled(builder: Any, value: Any) -> Any:
    return value


def _shifted(builder: Any, old: Any, by: Any) -> Any:
    return builder.fadd(old, by)


def _logarithms(builder: Any, old: Any) -> Any:
    return _log(builder, old)


def _itself(builder: Any, x: Any) -> Any:
    return x


def _scaled(builder: Any, old: Any, factor: Any) -> Any:
    return builder.fmul(old, factor)


def _times(builder: Any, x: Any, factor: Any) -> Any:
    return builder.fmul(x, factor)


def _added(builder: Any, x: Any, old: Any, factor: Any) -> Any:
    return _library(builder, "fmuladd", x, factor, old)


def _added_product(builder: Any, x: Any, y: Any, old: Any, factor: Any) -> Any:
    return _library(builder, "fmuladd", builder.fmul(x, factor), y, old)


def _product3(builder: Any, x: Any, y: Any, z: Any) -> Any:
    return builder.fmul(builder.fmul(x, y), z)


def _product(builder: Any, x: Any, y: Any) -> Any:
    return builder.fmul(x, y)


# out = w - slope price; the greatest
set_exponents = _row(_exponents, 3, 0, fold=_greater, start=-math.inf)
# x = e^x
exponentiate = _row(_exponentials, 0, 0)
# x = ln x
take_logarithms = _row(_logarithms, 0, 0)
# x = x + the number
shift = _row(_shifted, 0, 1)
# sum of x
total = _row(_itself, 1, 0, stores=False, fold=_sum)
# x = factor x
scale = _row(_scaled, 0, 1)
# x = the number
fill = _row(_filled, 0, 1)
# out = factor x
set_scaled = _row(_times, 1, 1)
# out += factor x
add_scaled = _row(_added, 1, 1)
# out += factor x y
add_product = _row(_added_product, 2, 1)
# out = x y z
set_product = _row(_product3, 3, 0)
# sum of x y
dot = _row(_product, 2, 0, stores=False, fold=_sum)


@intrinsic
def fast_exp(context, x):
    """e^x, 0 below -708, e^709 above."""

    def code(context, builder, signature, args):
        return _exp(builder, args[0])

    return types.float64(types.float64), code


def _tile(subtracts: bool) -> Callable[..., Any]:
    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        a, b, c = (_data(context, builder, signature.args[k], args[k]) for k in (0, 4, 7))
        a_at, a_row, a_column, b_at, b_row, c_at, c_row, depth = (args[k] for k in (1, 2, 3, 5, 6, 8, 9, 10))
        sums = [cgutils.alloca_once_value(builder, ir.Constant(_VECTOR, [0.0] * 4)) for _ in range(8)]
        with cgutils.for_range(builder, depth) as loop:
            across = builder.add(b_at, builder.mul(loop.index, b_row))
            right = [_load(builder, b, builder.add(across, _LONG(4 * half))) for half in range(2)]
            down = builder.add(a_at, builder.mul(loop.index, a_column))
            for r in range(4):
                left = builder.load(builder.gep(a, [builder.add(down, builder.mul(a_row, _LONG(r)))]))
                for half in range(2):
                    total = sums[2 * r + half]
                    builder.store(
                        _library(builder, "fmuladd", _splat(builder, left), right[half], builder.load(total)),
                        total,
                    )
        for r in range(4):
            for half in range(2):
                at = builder.add(builder.add(c_at, builder.mul(c_row, _LONG(r))), _LONG(4 * half))
                value = builder.load(sums[2 * r + half])
                if subtracts:
                    value = builder.fsub(_load(builder, c, at), value)
                builder.store(value, _vector_at(builder, c, at), align=8)
        return context.get_dummy_value()

    return code


def _tile_signature(A: Any, B: Any, C: Any) -> Any:
    at = types.intp
    return types.void(A, at, at, at, B, at, at, C, at, at, at)


@intrinsic
def set_tile(context, A, a_at, a_row, a_column, B, b_at, b_row, C, c_at, c_row, depth):
    """Four rows and eight columns of C = A B; a_row and a_column: how far the next row and column of A
    are."""
    return _tile_signature(A, B, C), _tile(False)


@intrinsic
def subtract_tile(context, A, a_at, a_row, a_column, B, b_at, b_row, C, c_at, c_row, depth):
    """The same of C -= A B."""
    return _tile_signature(A, B, C), _tile(True)


@intrinsic
def add_transposed(context, A, a_at, B, b_at, row, f, f_at, factors, at):
    """Four by four of B += diag(f) A' diag(factors): B[i, e] gains f[i] A[e, i] factors[e]; A and B have
    rows `row` apart."""

    def code(context, builder, signature, args):
        a, b, down, across = (_data(context, builder, signature.args[k], args[k]) for k in (0, 2, 5, 7))
        a_at, b_at, row, down_at, across_at = (args[k] for k in (1, 3, 4, 6, 8))

        def mixed(x, y, lanes):
            return builder.shuffle_vector(x, y, ir.Constant(ir.VectorType(ir.IntType(32), 4), lanes))

        rows = [_load(builder, a, builder.add(a_at, builder.mul(row, _LONG(e)))) for e in range(4)]
        low, high = ([0, 4, 2, 6], [1, 5, 3, 7])
        pairs = [mixed(rows[e], rows[e + 1], lanes) for e in (0, 2) for lanes in (low, high)]
        first, last = ([0, 1, 4, 5], [2, 3, 6, 7])
        columns = [mixed(pairs[k], pairs[k + 2], lanes) for lanes in (first, last) for k in (0, 1)]
        weights = _load(builder, across, across_at)
        for i in range(4):
            at = builder.add(b_at, builder.mul(row, _LONG(i)))
            factor = builder.load(builder.gep(down, [builder.add(down_at, _LONG(i))]))
            value = builder.fmul(columns[i], builder.fmul(weights, _splat(builder, factor)))
            builder.store(builder.fadd(_load(builder, b, at), value), _vector_at(builder, b, at), align=8)
        return context.get_dummy_value()

    at_ = types.intp
    return types.void(A, at_, B, at_, at_, f, at_, factors, at_), code
