"""Arrays: the packed arrays of one market, rows padded to whole machine vectors, and how compiled code comes
by them."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import types
from numpy.typing import NDArray

from crosscut.market.kernel.routine_table import views
from crosscut.market.kernel.row_indices import (
    ALIVE_ROWS,
    LINES,
    LOG_A,
    LOWEST,
    NODE_ROWS,
    POINT_ROWS,
    ROUTE_ROWS,
    TAKEN,
    USE_ROWS,
)
from crosscut.market.kernel.vectors import WIDTH, padded

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

NOTHING = -1e30
CORRECTIONS = 6  # kept before the matrix is made anew


class Constants(NamedTuple):
    """F forms, n countries padded to m, K processes, U uses, G groups, L stocks; the first axis of each is a
    row of `slots`. What pads is dead: no origin, no buyer, no route.

    route [4, F, j, i]; node [14, F, m]; use [4, F, m, U]; process [3, K, m]; link [2, K, F]; alive [6, F, m];
    eps [F, U]; fx: 1 + fx [m]; number [6]; order [3 + F, F]: forms from ore to metal, which blocks of the
    Jacobian exist, fill-in included, and how many nodes of each form reach to the last that sells and to the
    last that buys, in whole vectors; group_form [G]; group [5, G]; group_route [2, G, j, i]; stock [6, L].
    """

    route: Array
    node: Array
    use: Array
    process: Array
    link: Array
    alive: Bools
    eps: Array
    fx: Array
    number: Array
    order: Ints
    group_form: Ints
    group: Array
    group_route: Bools
    stock: Array


class Point(NamedTuple):
    """State at one point, rows as in `slots`: vector [3, F m + G, padded] (ln p less idle lines, then
    theta_g om_g; the residuals; what they are to be less, 0 at the solution), node
    [12, F, m], process [3, K, m], final use [F, m, U], shares s [F, j, i], group_flow [G] and limit_row [2,
    G].
    """

    vector: Array
    node: Array
    process: Array
    final: Array
    s: Array
    group_flow: Array
    limit_row: Bools


class Matrix(NamedTuple):
    """The eliminated Jacobian. block [F, F, m, m]: on the diagonal the inverse of the pivot, to its right
    the inverse times the block, below it the block; border [2, G, F m]: columns (solved) and rows; corner
    [G, G]; path [3 + 6, F m + G, padded]: rows of `slots`. The rest is scratch: priced = s dhat p [F, j, i],
    square [m, m], line [6, m], panel [m, 8], strip [8, m], pivot [8, 8], few [1 + G, G], pulled [G, m],
    tally [2, 8]."""

    block: Array
    border: Array
    corner: Array
    path: Array
    priced: Array
    square: Array
    line: Array
    panel: Array
    strip: Array
    pivot: Array
    few: Array
    pulled: Array
    tally: Array


_D, _I, _B = types.float64, types.int64, types.boolean
_CONSTANTS = (
    (_D, 4),
    (_D, 3),
    (_D, 4),
    (_D, 3),
    (_D, 3),
    (_B, 3),
    (_D, 2),
    (_D, 1),
    (_D, 1),
    (_I, 2),
    (_I, 1),
    (_D, 2),
    (_B, 4),
    (_D, 2),
)
_POINT = ((_D, 2), (_D, 3), (_D, 3), (_D, 3), (_D, 3), (_D, 1), (_B, 2))
_MATRIX = tuple((_D, axes) for axes in (4, 3, 2, 2, 3, 2, 2, 2, 2, 2, 2, 2, 2))
constants_at: Any = views(Constants, _CONSTANTS, 0)
point_at: Any = views(Point, _POINT, len(_CONSTANTS))
matrix_at: Any = views(Matrix, _MATRIX, len(_CONSTANTS) + len(_POINT))


def _zeros(*shape: int) -> Array:
    """Zeros that begin at a line of the cache."""
    size = int(np.prod(shape))
    room = np.zeros(size + WIDTH)
    skip = -room.ctypes.data % 64 // 8
    return room[skip : skip + size].reshape(shape)


def empty_constants(F: int, n: int, K: int, U: int, G: int, L: int) -> Constants:
    """Room for the constants of one market: nothing alive."""
    m = padded(n)
    c = Constants(
        _zeros(ROUTE_ROWS, F, m, m),
        _zeros(NODE_ROWS, F, m),
        _zeros(USE_ROWS, F, m, U),
        _zeros(3, K, m),
        _zeros(2, K, F),
        np.zeros((ALIVE_ROWS, F, m), dtype=np.bool_),
        _zeros(F, U),
        np.ones(m),
        _zeros(6),
        np.zeros((3 + F, F), dtype=np.int64),
        np.zeros(G, dtype=np.int64),
        _zeros(5, G),
        np.zeros((2, G, m, m), dtype=np.bool_),
        _zeros(6, L),
    )
    c.route[0] = NOTHING
    c.node[LOG_A : LOG_A + 2] = -np.inf
    c.node[LOWEST] = -np.inf
    return c


def empty_point(c: Constants) -> Point:
    """Room for one point."""
    _, F, m, U = c.use.shape
    G, K = len(c.group_form), c.process.shape[1]
    return Point(
        _zeros(3, F * m + _whole(G)),
        _zeros(POINT_ROWS, F, m),
        _zeros(3, K, m),
        _zeros(F, m, U),
        _zeros(F, m, m),
        _zeros(G),
        np.zeros((2, G), dtype=np.bool_),
    )


def empty_matrix(c: Constants) -> Matrix:
    """Room for one matrix."""
    F, m = c.node.shape[1:]
    G = len(c.group_form)
    return Matrix(
        _zeros(F, F, m, m),
        _zeros(2, G, F * m),
        _zeros(G, G),
        _zeros(TAKEN + CORRECTIONS, F * m + _whole(G)),
        _zeros(F, m, m),
        _zeros(m, m),
        _zeros(LINES, m),
        _zeros(m, WIDTH),
        _zeros(WIDTH, m),
        _zeros(WIDTH, WIDTH),
        _zeros(1 + G, G),
        _zeros(G, m),
        _zeros(2, WIDTH),
    )


def _whole(G: int) -> int:
    return -(-G // WIDTH) * WIDTH
