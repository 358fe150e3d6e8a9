"""Product: C = A B and C -= A B of the first rows and columns of matrices, by tiles of four rows and eight
columns whose sums stay in the processor's registers.

The one loop of the kernel that is written in the compiler's own language (LLVM): written for numba,
elimination takes 1.9 times as long (`docs/kernel.md`). It uses what numba and llvmlite document. Each product
is stated in numpy, for whoever reads or runs it uncompiled; compiled code takes the tiles in its place.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic as _intrinsic
from numba.extending import overload as _overload

from crosscut.market.kernel.compiled import OPTIONS

intrinsic: Any = _intrinsic
overload: Any = _overload

ROWS, COLUMNS = 4, 8  # of a tile
_DOUBLE = ir.DoubleType()
_LONG = ir.IntType(64)
_LANE = ir.IntType(32)
_VECTOR = ir.VectorType(_DOUBLE, 4)
_HALVES = COLUMNS // 4


def _at(builder: Any, address: Any, steps: Any, kind: Any) -> Any:
    """A pointer to what lies so many doubles beyond the address."""
    return builder.inttoptr(builder.add(address, builder.mul(steps, _LONG(8))), kind.as_pointer())


def _vector(builder: Any, address: Any, steps: Any) -> Any:
    return builder.load(_at(builder, address, steps, _VECTOR), align=8)


def _four_times(builder: Any, x: Any) -> Any:
    undefined = ir.Constant(_VECTOR, ir.Undefined)
    first = builder.insert_element(undefined, x, ir.Constant(_LANE, 0))
    return builder.shuffle_vector(first, undefined, ir.Constant(ir.VectorType(_LANE, 4), [0] * 4))


def _multiply_add(module: Any) -> Any:
    """x y + z of vectors: one instruction where the processor has it."""
    name = "llvm.fmuladd.v4f64"
    if name in module.globals:
        return module.globals[name]
    return ir.Function(module, ir.FunctionType(_VECTOR, [_VECTOR] * 3), name)


def _tile(subtracts: bool) -> Callable[..., Any]:
    """Code of one tile; its arguments are addresses and distances counted in doubles (see `set_tile`)."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        a, a_row, a_column, b, b_row, c, c_row, depth = args
        multiply_add = _multiply_add(builder.module)
        before = builder.basic_block
        check, step, done = (builder.append_basic_block(name) for name in ("check", "step", "done"))
        builder.branch(check)
        builder.position_at_end(check)
        k = builder.phi(_LONG)
        k.add_incoming(_LONG(0), before)
        sums = [builder.phi(_VECTOR) for _ in range(ROWS * _HALVES)]
        for one in sums:
            one.add_incoming(ir.Constant(_VECTOR, [0.0] * 4), before)
        builder.cbranch(builder.icmp_signed("<", k, depth), step, done)
        builder.position_at_end(step)
        across, down = builder.mul(k, b_row), builder.mul(k, a_column)
        right = [_vector(builder, b, builder.add(across, _LONG(4 * half))) for half in range(_HALVES)]
        for r in range(ROWS):
            left = builder.load(_at(builder, a, builder.add(down, builder.mul(a_row, _LONG(r))), _DOUBLE))
            for half in range(_HALVES):
                one = sums[_HALVES * r + half]
                more = builder.call(multiply_add, [_four_times(builder, left), right[half], one])
                one.add_incoming(more, step)
        k.add_incoming(builder.add(k, _LONG(1)), step)
        builder.branch(check)
        builder.position_at_end(done)
        for r in range(ROWS):
            for half in range(_HALVES):
                at, value = (
                    builder.add(builder.mul(c_row, _LONG(r)), _LONG(4 * half)),
                    sums[_HALVES * r + half],
                )
                if subtracts:
                    value = builder.fsub(_vector(builder, c, at), value)
                builder.store(value, _at(builder, c, at, _VECTOR), align=8)
        return _LONG(0)

    return code


_SIGNATURE = types.int64(*[types.int64] * 8)


@intrinsic
def set_tile(context, a, a_row, a_column, b, b_row, c, c_row, depth):
    """Four rows and eight columns of C = A B. a, b, c: addresses of the first entries; a_row and a_column:
    how many doubles on the next row and the next column of A are; so of B and C."""
    return _SIGNATURE, _tile(False)


@intrinsic
def subtract_tile(context, a, a_row, a_column, b, b_row, c, c_row, depth):
    """The same of C -= A B."""
    return _SIGNATURE, _tile(True)


def set_product(A: Any, B: Any, C: Any, rows: int, columns: int, depth: int) -> None:
    """C = A B, of so many rows (a multiple of four), columns (of eight) and terms a sum."""
    C[:rows, :columns] = A[:rows, :depth] @ B[:depth, :columns]


@overload(set_product, jit_options=OPTIONS)
def _set_product(A, B, C, rows, columns, depth):
    def by_tiles(A, B, C, rows, columns, depth):
        a, b, c = np.int64(A.ctypes.data), np.int64(B.ctypes.data), np.int64(C.ctypes.data)
        a_row, b_row, c_row = np.int64(A.shape[1]), np.int64(B.shape[1]), np.int64(C.shape[1])
        for e in range(0, columns, COLUMNS):
            for i in range(0, rows, ROWS):
                into = c + 8 * (i * c_row + e)
                set_tile(a + 8 * i * a_row, a_row, np.int64(1), b + 8 * e, b_row, into, c_row, depth)

    return by_tiles


def set_transposed_product(A: Any, B: Any, C: Any, rows: int, columns: int, depth: int) -> None:
    """C = A' B, as `set_product`."""
    C[:rows, :columns] = A[:depth, :rows].T @ B[:depth, :columns]


@overload(set_transposed_product, jit_options=OPTIONS)
def _set_transposed_product(A, B, C, rows, columns, depth):
    def by_tiles(A, B, C, rows, columns, depth):
        a, b, c = np.int64(A.ctypes.data), np.int64(B.ctypes.data), np.int64(C.ctypes.data)
        a_row, b_row, c_row = np.int64(A.shape[1]), np.int64(B.shape[1]), np.int64(C.shape[1])
        for e in range(0, columns, COLUMNS):
            for i in range(0, rows, ROWS):
                into = c + 8 * (i * c_row + e)
                set_tile(a + 8 * i * np.int64(1), np.int64(1), a_row, b + 8 * e, b_row, into, c_row, depth)

    return by_tiles


def subtract_product(A: Any, B: Any, C: Any, rows: int, columns: int, depth: int) -> None:
    """C -= A B, as `set_product`."""
    C[:rows, :columns] -= A[:rows, :depth] @ B[:depth, :columns]


@overload(subtract_product, jit_options=OPTIONS)
def _subtract_product(A, B, C, rows, columns, depth):
    def by_tiles(A, B, C, rows, columns, depth):
        a, b, c = np.int64(A.ctypes.data), np.int64(B.ctypes.data), np.int64(C.ctypes.data)
        a_row, b_row, c_row = np.int64(A.shape[1]), np.int64(B.shape[1]), np.int64(C.shape[1])
        for e in range(0, columns, COLUMNS):
            for i in range(0, rows, ROWS):
                into = c + 8 * (i * c_row + e)
                subtract_tile(a + 8 * i * a_row, a_row, np.int64(1), b + 8 * e, b_row, into, c_row, depth)

    return by_tiles
