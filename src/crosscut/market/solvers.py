"""Solvers: one world solved for many draws, by the compiled kernel where it is installed, else by numpy.

Both give the same numbers to 1e-9, and each the same bits for a draw whatever the batch around it.

Tests: tests/market/test_kernel.py, tests/market/years/test_speed_paths.py
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from typing import Protocol

import numpy as np

from crosscut.market.events.compiled import CompiledEvents
from crosscut.market.model.solution import Solution
from crosscut.market.model.world import Params, World
from crosscut.market.read.solved_market import Bought, bought_of
from crosscut.market.solve.calibration import Calibration, base_constants, calibrate, margin_notes
from crosscut.market.solve.continuation import start_near
from crosscut.market.solve.newton import starting_point
from crosscut.market.solve.solver import shocked_market, solve, solve_calibrated, solve_market


class Solver(Protocol):
    """Solves draws of one world."""

    name: str

    def solution(self, params: Params, events: CompiledEvents) -> Solution:
        """The equilibrium of one draw; failed draws come back as failed (see
        `crosscut.market.solve.solver.solve`)."""

    def before_and_after(
        self, params: Params, before: CompiledEvents, after: CompiledEvents, at: Sequence[int]
    ) -> tuple[Bought, Bought] | str:
        """What the nodes `at` buy in two equilibria of one draw; the market that does not clear where one
        fails."""

    def before_and_each(
        self, params: Params, before: CompiledEvents, afters: Sequence[CompiledEvents], at: Sequence[int]
    ) -> list[tuple[Bought, Bought] | str]:
        """As `before_and_after` for several equilibria after one before, the same numbers for each."""


class NumpySolver:
    """Plain numpy: nothing to install or compile."""

    name = "numpy"

    def __init__(self, world: World) -> None:
        self.world = world

    def solution(self, params: Params, events: CompiledEvents) -> Solution:
        """The equilibrium of one draw."""
        return solve(self.world, params, events)

    def before_and_after(
        self, params: Params, before: CompiledEvents, after: CompiledEvents, at: Sequence[int]
    ) -> tuple[Bought, Bought] | str:
        """As `Solver`; the second solve starts near the first."""
        return self.before_and_each(params, before, [after], at)[0]

    def before_and_each(
        self, params: Params, before: CompiledEvents, afters: Sequence[CompiledEvents], at: Sequence[int]
    ) -> list[tuple[Bought, Bought] | str]:
        """As `Solver`; every solve after starts near the one before."""
        calibration = calibrate(self.world, params)
        calm = solve_calibrated(calibration, before)
        if not calm.ok:
            return [calm.failed_market] * len(afters)
        out: list[tuple[Bought, Bought] | str] = []
        for after in afters:
            struck = solve_calibrated(calibration, after, near=calm)
            out.append((bought_of(calm, at), bought_of(struck, at)) if struck.ok else struck.failed_market)
        return out


class CompiledSolver:
    """The compiled kernel; a draw it does not close is handed to numpy."""

    name = "compiled"

    def __init__(self, world: World) -> None:
        from crosscut.market.kernel.draw import Kernel

        self.world = world
        self._kernel = Kernel(world)
        self._notes = base_constants(world).notes

    def solution(self, params: Params, events: CompiledEvents) -> Solution:
        """The equilibrium of one draw."""
        from crosscut.market.kernel.outcome import solution_of

        solved = self._kernel.solved(params, events)
        if not solved.ok:
            return solve(self.world, params, events)
        notes = (*self._notes, *margin_notes(self.world, self._kernel.base_cost(params)))
        return solution_of(self.world, params, events, solved, notes)

    def before_and_after(
        self, params: Params, before: CompiledEvents, after: CompiledEvents, at: Sequence[int]
    ) -> tuple[Bought, Bought] | str:
        """As `Solver`; the second solve starts near the first."""
        return self.before_and_each(params, before, [after], at)[0]

    def before_and_each(
        self, params: Params, before: CompiledEvents, afters: Sequence[CompiledEvents], at: Sequence[int]
    ) -> list[tuple[Bought, Bought] | str]:
        """As `Solver`; every solve after starts near the one before."""
        from crosscut.market.kernel.outcome import bought_in

        places, numpy = np.array(at, dtype=np.int64), NumpySolver(self.world)
        calm = self._kernel.solved(params, before, None)
        if not calm.ok:
            return numpy.before_and_each(params, before, afters, at)
        bought, near = bought_in(calm, places), calm.unknowns()
        out: list[tuple[Bought, Bought] | str] = []
        for after in afters:
            solved = self._kernel.solved(params, after, near)
            if solved.ok:
                out.append((bought, bought_in(solved, places)))
            else:
                out.append(numpy.before_and_after(params, before, after, at))
        return out


class YearSolver(Protocol):
    """Solves one market whose constants are its own, starting near another solution of the same world."""

    def __call__(
        self, calibration: Calibration, events: CompiledEvents, *, near: Solution | None = None
    ) -> Solution:
        """As `solve_calibrated`."""


def compiled_calibrated(
    calibration: Calibration, events: CompiledEvents, *, near: Solution | None = None
) -> Solution:
    """As `solve_calibrated`, by the compiled kernel.

    What it does not close, or whose curves it does not know, goes to numpy.

    Parameters
    ----------
    calibration : Calibration
        Constants of the base.
    events : CompiledEvents
        What the events of a scenario do to this world.
    near : Solution | None
        Another solved market to start from.

    Returns
    -------
    Solution
        The same as that of numpy, to 1e-9.

    Raises
    ------
    UserError
        As numpy does.
    """
    from crosscut.market.kernel.draw import solved_shocked
    from crosscut.market.kernel.outcome import solution_of

    market = shocked_market(calibration, events)
    try:
        solved = solved_shocked(market, starting_point(market) if near is None else start_near(market, near))
    except TypeError:
        return solve_market(market, near=near)
    if not solved.ok:
        return solve_market(market, near=near)
    return solution_of(calibration.world, calibration.params, events, solved, market.calibration.notes)


def year_solver(compiled: bool) -> YearSolver:
    """The solver of calibrated markets.

    Parameters
    ----------
    compiled : bool
        Whether to take the compiled kernel (extra `fast`), else numpy.

    Returns
    -------
    YearSolver
        The same numbers to 1e-9 either way.
    """
    return compiled_calibrated if compiled else solve_calibrated


def kernel_installed() -> bool:
    """Whether the extra `fast` is there; loads nothing."""
    return importlib.util.find_spec("numba") is not None


def batch_solver(world: World) -> Solver:
    """The fastest solver of this installation. The first call on a machine compiles for about 25 seconds.

    Parameters
    ----------
    world : World
        The world that every draw is of.

    Returns
    -------
    Solver
        Compiled where the extra `fast` is installed, else numpy.
    """
    return CompiledSolver(world) if kernel_installed() else NumpySolver(world)


def compiles_first() -> bool:
    """Whether the kernel is installed and has not been compiled on this machine yet."""
    if not kernel_installed():
        return False
    from crosscut.market.kernel.compile_all import missing

    return bool(missing())


def compile_kernel() -> None:
    """Compiles the kernel where it is installed and not compiled yet: once, before several processes would
    all do it."""
    if kernel_installed():
        from crosscut.market.kernel.compile_all import make_ready

        make_ready()


WORTH = 1_500  # solves after which compiling for twenty seconds or so has paid


def worth_compiling(solves: int) -> bool:
    """Whether to take the kernel for so many solves.

    Parameters
    ----------
    solves : int
        How many are to come.

    Returns
    -------
    bool
        True where it is installed, and compiled already or worth the time it takes.

    Examples
    --------
    >>> worth_compiling(0) <= kernel_installed()
    True
    """
    return kernel_installed() and (solves >= WORTH or not compiles_first())
