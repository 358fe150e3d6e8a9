"""Pieces: routines compiled each by itself, which find their arrays and each other through one table of
addresses.

A compiler that is shown a routine and those it calls optimises all of them again in every caller, and hands
thirty arrays on as three hundred numbers. So a piece takes one number, the address of the table; in the
table stand the addresses of the pieces, then address and shape of every array. `Table` keeps what it points
to alive.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.np.arrayobj import populate_array
from numpy.typing import NDArray

from crosscut.market.kernel.elementary import Routine
from crosscut.market.kernel.row_indices import PIECES
from crosscut.market.kernel.vectors import intrinsic

MOST_AXES = 4
_EACH = 1 + MOST_AXES  # address and shape
_LONG = ir.IntType(64)


class Piece(Routine):
    """A routine of the address of a table to a float, called by compiled code through its own address."""

    def __init__(self, function: Callable[[int], float], slot: int) -> None:
        super().__init__(function, "float64(intp)", from_python=False)
        self.slot = slot

    def address(self) -> int:
        """Where the compiled routine begins."""
        made = self.compiled()
        return int(made.library.get_pointer_to_function(made.fndesc.llvm_func_name))


def piece(slot: int) -> Callable[[Callable[[int], float]], Piece]:
    """Makes a routine the piece of this slot (see `slots`)."""
    return lambda function: Piece(function, slot)


class Table:
    """The addresses of the pieces, in the order of their slots, and of arrays, which are contiguous and stay
    where they are."""

    def __init__(self, pieces: Sequence[int], arrays: Sequence[NDArray[Any]]) -> None:
        self._kept = tuple(arrays)
        words = list(pieces)
        for a in arrays:
            if not (a.flags.c_contiguous and a.flags.writeable):
                raise ValueError("arrays of a table are contiguous and writeable")
            words += [a.ctypes.data, *a.shape, *[0] * (MOST_AXES - a.ndim)]
        self._words = np.array(words, dtype=np.int64)
        self.address = int(self._words.ctypes.data)


def views(kind: Any, declared: Sequence[tuple[Any, int]], first: int) -> Any:
    """A compiled routine of a table's address to the NamedTuple `kind` of its arrays; declared: (type, axes)
    of each, the first of them number `first` in the table."""
    arrays = [types.Array(dtype, axes, "C") for dtype, axes in declared]
    made = types.NamedTuple(arrays, kind)

    @intrinsic
    def view(context, table):
        def code(context, builder, signature, args):
            words = builder.inttoptr(args[0], _LONG.as_pointer())

            def word(at):
                return builder.load(builder.gep(words, [_LONG(at)]))

            fields = []
            for number, array in enumerate(arrays):
                at = PIECES + _EACH * (first + number)
                out = context.make_array(array)(context, builder)
                size = context.get_abi_sizeof(context.get_data_type(array.dtype))
                shape = [word(at + 1 + axis) for axis in range(array.ndim)]
                strides = [_LONG(size)]
                for length in reversed(shape[1:]):
                    strides.insert(0, builder.mul(strides[0], length))
                populate_array(
                    out,
                    data=builder.inttoptr(word(at), out.data.type),
                    shape=cgutils.pack_array(builder, shape),
                    strides=cgutils.pack_array(builder, strides),
                    itemsize=_LONG(size),
                    meminfo=None,
                )
                fields.append(out._getvalue())
            return context.make_tuple(builder, signature.return_type, fields)

        return made(types.intp), code

    return view


@intrinsic
def result_of(context, slot, table):
    """The result of the piece in this slot of the table."""

    def code(context, builder, signature, args):
        words = builder.inttoptr(args[1], _LONG.as_pointer())
        address = builder.load(builder.gep(words, [args[0]]))
        takes, gives = (types.intp,), types.float64
        kind = context.call_conv.get_function_type(gives, takes)
        status, value = context.call_conv.call_function(
            builder, builder.inttoptr(address, kind.as_pointer()), gives, takes, [args[1]]
        )
        with cgutils.if_unlikely(builder, status.is_error):
            context.call_conv.return_status_propagate(builder, status)
        return value

    return types.float64(types.intp, types.intp), code
