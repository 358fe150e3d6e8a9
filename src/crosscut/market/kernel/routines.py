"""Routines: all pieces of the kernel, in the order of their slots."""

from __future__ import annotations

from crosscut.market.kernel.arrays import Constants, Matrix, Point
from crosscut.market.kernel.blocks import assemble_blocks
from crosscut.market.kernel.border import assemble_border
from crosscut.market.kernel.elimination import eliminate, solve_blocks, solve_eliminated
from crosscut.market.kernel.pieces import Piece, Table
from crosscut.market.kernel.point import demand_at, evaluate, sourcing_at, supply_at

ROUTINES: tuple[Piece, ...] = (
    evaluate, sourcing_at, demand_at, supply_at, assemble_blocks, assemble_border, eliminate, solve_eliminated,
    solve_blocks,
)  # fmt: skip


def table_of(c: Constants, w: Point, h: Matrix) -> Table:
    """What compiled code is handed; compiles what is not compiled yet."""
    return Table(ROUTINES, (*c, *w, *h))
