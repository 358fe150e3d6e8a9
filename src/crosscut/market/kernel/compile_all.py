"""Ready: everything the kernel compiles, made by two processes at once where there are two processors."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

from crosscut.market.kernel.arrays import Constants, Matrix, Point
from crosscut.market.kernel.blocks import assemble_blocks
from crosscut.market.kernel.border import assemble_border
from crosscut.market.kernel.certificate import set_bought, set_flows, set_violations
from crosscut.market.kernel.elementary import Routine
from crosscut.market.kernel.elimination import eliminate, solve_blocks, solve_eliminated
from crosscut.market.kernel.point import demand_at, evaluate, sourcing_at, supply_at
from crosscut.market.kernel.root import norm_at, root_of
from crosscut.market.kernel.routine_table import Piece, Table
from crosscut.market.kernel.row_indices import PIECES as PIECES_IN_TABLE
from crosscut.market.kernel.setup import prune, set_processing, set_routes, set_supply

PIECES: tuple[Piece, ...] = (
    evaluate,
    sourcing_at,
    demand_at,
    supply_at,
    assemble_blocks,
    assemble_border,
    eliminate,
    solve_eliminated,
    solve_blocks,
)
# in two halves that take about as long
HALVES: tuple[tuple[Routine, ...], tuple[Routine, ...]] = (
    (
        eliminate,
        assemble_blocks,
        root_of,
        demand_at,
        supply_at,
        solve_eliminated,
        set_supply,
        set_flows,
        set_bought,
    ),
    (
        assemble_border,
        set_violations,
        prune,
        evaluate,
        sourcing_at,
        solve_blocks,
        set_routes,
        set_processing,
        norm_at,
    ),
)
ROUTINES = (*HALVES[0], *HALVES[1])


def table_of(c: Constants, w: Point, h: Matrix) -> Table:
    """What compiled code is handed; compiles what is not compiled yet."""
    return Table(_addresses(), (*c, *w, *h))


@cache
def _addresses() -> tuple[int, ...]:
    if [one.slot for one in PIECES] != list(range(PIECES_IN_TABLE)):
        raise ValueError("every piece once, in the order of the slots")
    make_ready()
    return tuple(one.address() for one in PIECES)


def missing() -> list[Routine]:
    """The routines this machine has not compiled yet."""
    return [one for one in ROUTINES if not one.cached]


def make_ready(progress: Callable[[int, int], None] | None = None) -> None:
    """Compiles what is missing and keeps it for this machine; `progress(done, all)` after each routine.

    The second half is left to another process. What that process does not bring about, this one does.
    """
    lacking = missing()
    if not lacking:
        return
    helper = _helper() if len(lacking) > len(HALVES[1]) and (os.cpu_count() or 1) > 1 else None
    try:
        for one in HALVES[0]:
            one.compiled()
            if progress:
                progress(len(ROUTINES) - len(missing()), len(ROUTINES))
        if helper is not None:
            helper.wait()
        for one in missing():
            one.compiled()
            if progress:
                progress(len(ROUTINES) - len(missing()), len(ROUTINES))
    finally:
        if helper is not None and helper.poll() is None:
            helper.kill()


def second_half() -> None:
    """What the other process does."""
    for one in HALVES[1]:
        one.compiled()


def _helper() -> subprocess.Popen[bytes] | None:
    """Another process on the second half; None where none can be started."""
    code = f"from {__name__} import second_half; second_half()"
    paths = os.pathsep.join(path or str(Path.cwd()) for path in sys.path)
    try:
        return subprocess.Popen(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONPATH": paths},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except (OSError, TypeError, ValueError):
        return None
