"""Arrays: the packed arrays of one market, which row of them holds what, and their types in compiled code.

Routes are stored by destination (form, j, i), so that sums over origins run along memory. Rows are padded to
whole machine vectors; what pads is dead: no origin, no buyer, no route.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import types

from crosscut.base.arrays import Array, Bools, Ints

NOTHING = -1e30
CORRECTIONS = 6  # kept before the matrix is made anew
WIDTH = 8  # doubles a row is a multiple of

# constants, by route [F, j, i]
LOG_W, SLOPE, PULL, DHAT = range(4)
ROUTE_ROWS = 4
# constants, by node [F, n]; two parts of supply: what stands and what enters
THETA, PHI0, PURCHASES, START, SUBSIDY, FLOOR, FLOOR_SHARE = range(7)
LOG_A, ETA, LOG_K, LOWEST = 7, 9, 11, 13
NODE_ROWS = 14
# constants, by use [F, n, U]
D0, SWITCH_SHARE, SWITCH_TRIGGER, SWITCH_WIDTH = range(4)
USE_ROWS = 4
# constants, by process [K, n]
CAPACITY, KAPPA, COST = range(3)
# constants, links of processes [K, F]
TAKES, MAKES = range(2)
# alive [F, n]; of what pruning goes by
ORIGIN, BUYER, MINES, WANTS, SELLS, BUYS = range(6)
ALIVE_ROWS = 6
# numbers
ZC, LO, STEEPNESS, BEND, SWITCHES, SUPPORTED = range(6)
# groups [G]
LIMIT, SIGN, TOLL, LAST, GROUP_THETA = range(5)
# routes of groups [G, j, i]
NAMED, OPEN = range(2)
# stocks [L]
S_FORM, S_COUNTRY, S_TONNES, S_TRIGGER, S_WIDTH, S_HELD = range(6)
# point, by node [F, n]; RATE: what the price moves by with the unknown: the price itself, 0 where lines are
# idle
PRICE, PHI, FINAL_SLOPE, BOUGHT, MINED, MINED_SLOPE, PRODUCER, STOCKED, RELEASED, SOLD, SUPPLIED, RATE = (
    range(12)
)
POINT_ROWS = 12
# point, by process [K, n]
MARGIN, ACTIVITY, ACTIVITY_SLOPE = range(3)
# point, by unknown [F n + G, padded]
Z, RESIDUAL, TARGET = range(3)
# path, by unknown: where the step began, the step, the next one from the same matrix, steps taken since it
# was made
BEFORE, STEP, FRESH, TAKEN = range(4)
# tally, a row of 8: residuals of late, squared lengths of the steps taken
RECENT, LENGTH = range(2)
# limit_row [G]: now, and before the step
NOW, THEN = range(2)
# matrix: border [G, F n]; lines [n]
COLUMN, ROW = range(2)
PART, OUT, RATIO, LOG, BEYOND, ANSWER = range(6)
LINES = 6


class Constants(NamedTuple):
    """F forms, n countries padded to m, K processes, U uses, G groups, L stocks; the first axis of each is a
    row named above. What pads is dead: no origin, no buyer, no route.

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
    """State at one point, rows as named above: vector [3, F m + G, padded] (ln p less idle lines, then
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
    [G, G]; path [3 + 6, F m + G, padded]: rows as named above. The rest is scratch: priced = s dhat p
    [F, j, i], square [m, m], line [6, m], panel [m, 8], strip [8, m], pivot [8, 8], few [1 + G, G], pulled
    [G, m], tally [2, 8]."""

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


class Charges(NamedTuple):
    """What routes cost beside the price: whether duty falls on freight too [n]; tariff and export tax
    (shares), specific duty and freight (USD/t), and the share of freight added to it [F, i, j], or [F, j, i]
    where constants are set."""

    on_cif: Bools
    tariff: Array
    export_tax: Array
    specific: Array
    freight: Array
    cif_shift: Array


class Flows(NamedTuple):
    """Of a solved market [F, i, j]: flows in t, multipliers of limits and delivered price in USD/t."""

    flows: Array
    wedge: Array
    delivered: Array


class BaseRoutes(NamedTuple):
    """Routes of the base year [F, j, i]: ln of the share, utility besides the charges, whether used."""

    log_s0: Array
    d0: Array
    bought: Bools


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


def _typed(kind: Any, arrays: Any) -> Any:
    return types.NamedTuple([types.Array(dtype, axes, "C") for dtype, axes in arrays], kind)


# as compiled code is declared to take them
CONSTANTS: Any = _typed(Constants, _CONSTANTS)
POINT: Any = _typed(Point, _POINT)
MATRIX: Any = _typed(Matrix, _MATRIX)
CHARGES: Any = _typed(Charges, ((_B, 1), *[(_D, 3)] * 5))
FLOWS: Any = types.NamedUniTuple(types.Array(_D, 3, "C"), 3, Flows)
BASE_ROUTES: Any = _typed(BaseRoutes, ((_D, 3), (_D, 3), (_B, 3)))
INTEGER, NUMBER = types.int64, types.float64
ONE_AXIS, TWO_AXES, THREE_AXES, FOUR_AXES = (types.Array(_D, axes, "C") for axes in (1, 2, 3, 4))
PLACES, WHETHER = types.Array(_I, 1, "C"), types.Array(_B, 3, "C")


def padded(n: int) -> int:
    """n rounded up to a row of whole vectors; never a multiple of 64, at which rows fall into the same cache
    sets.

    >>> padded(35), padded(40), padded(64)
    (40, 40, 72)
    """
    m = -(-n // WIDTH) * WIDTH
    return m if m % 64 else m + WIDTH


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
