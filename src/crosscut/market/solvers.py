"""Solvers: one world solved for many draws, by the compiled kernel where it is installed, else by numpy.

Both give the same numbers to 1e-9, and each the same bits for a draw whatever the batch around it.
"""

from __future__ import annotations

import importlib.util
from typing import Protocol

from crosscut.market.calibration import base_constants, margin_notes
from crosscut.market.compiled import CompiledEvents
from crosscut.market.params import Params
from crosscut.market.solution import Solution
from crosscut.market.solver import solve
from crosscut.market.world import World


class Solver(Protocol):
    """Solves draws of one world."""

    name: str

    def solution(self, params: Params, events: CompiledEvents) -> Solution:
        """The equilibrium of one draw; failed draws come back as failed (see `crosscut.market.solver.solve`)."""


class NumpySolver:
    """Plain numpy: nothing to install or compile."""

    name = "numpy"

    def __init__(self, world: World) -> None:
        self.world = world

    def solution(self, params: Params, events: CompiledEvents) -> Solution:
        """The equilibrium of one draw."""
        return solve(self.world, params, events)


class CompiledSolver:
    """The compiled kernel; a draw it does not close is handed to numpy, which can follow a path to it."""

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


def kernel_installed() -> bool:
    """Whether the extra `fast` is there; loads nothing."""
    return importlib.util.find_spec("numba") is not None


def batch_solver(world: World) -> Solver:
    """The fastest solver of this installation. The first call on a machine compiles for about ten seconds."""
    return CompiledSolver(world) if kernel_installed() else NumpySolver(world)


def compiles_first() -> bool:
    """Whether the kernel is installed and has not been compiled on this machine yet."""
    if not kernel_installed():
        return False
    from crosscut.market.kernel.ready import missing

    return bool(missing())


def compile_kernel() -> None:
    """Compiles the kernel where it is installed and not compiled yet: once, before several processes would all do it."""
    if kernel_installed():
        from crosscut.market.kernel.ready import make_ready

        make_ready()
