"""Paths: the two ways of `crosscut.market.solve.continuation`, in the kernel.

Each leads from a market that is solved to one that is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from crosscut.base.arrays import Array
from crosscut.market.events.compiled import CompiledEvents
from crosscut.market.kernel import arrays as at
from crosscut.market.kernel.arrays import Constants, Matrix, Point
from crosscut.market.kernel.root import STEPS, root_of
from crosscut.market.kernel.setup import Base, set_constants
from crosscut.market.model.world import Params, World
from crosscut.market.solve.continuation import FIRST_STEP, events_at

SMALLEST_STEP = 1e-3  # a path that needs shorter ones is left to numpy

Root = tuple[int, int, bool]  # iterations, matrices made, converged


class Path(NamedTuple):
    """What following a path took, and whether it arrived."""

    iterations: int
    matrices: int
    steps: int
    arrived: bool


def begin(c: Constants, w: Point, near: Array | None = None) -> None:
    """Base prices or others (their ln), no multipliers, residuals to be 0."""
    size = c.node[at.START].size
    w.vector[at.Z, :size] = c.node[at.START].ravel() if near is None else near
    w.vector[at.Z, size:] = 0.0
    w.vector[at.TARGET] = 0.0


def along_residuals(c: Constants, w: Point, h: Matrix) -> Path:
    """Follows R(z) = (1 - t) R(z0) from base prices: no event needs a meaning half-way."""
    begin(c, w)
    root_of(c, w, h, 0)
    if not np.linalg.norm(w.vector[at.RESIDUAL]) < np.inf:
        return Path(0, 0, 0, False)
    first = w.vector[at.RESIDUAL].copy()

    def solved_at(t: float) -> Root:
        np.multiply(1.0 - t, first, out=w.vector[at.TARGET])
        return root_of(c, w, h, STEPS)  # type: ignore[no-any-return]

    return _followed(w, solved_at)


def along_events(
    world: World, base: Base, params: Params, events: CompiledEvents, c: Constants, w: Point, h: Matrix
) -> Path:
    """Moves the events from nothing to their size; routes are closed and dead nodes out from the start."""

    def solved_at(t: float) -> Root:
        here = events if t == 1.0 else events_at(world, events, t)
        set_constants(world, base, params, here, c)
        return root_of(c, w, h, STEPS)  # type: ignore[no-any-return]

    begin(c, w)
    iterations, matrices, arrived = solved_at(0.0)
    if not arrived:
        set_constants(world, base, params, events, c)
        return Path(iterations, matrices, 0, False)
    path = _followed(w, solved_at)
    return path._replace(iterations=path.iterations + iterations, matrices=path.matrices + matrices)


def _followed(w: Point, solved_at: Callable[[float], Root]) -> Path:
    """From 0 to 1, the step doubled where Newton arrives and halved where it does not."""
    t, step, iterations, matrices, steps = 0.0, FIRST_STEP, 0, 0, 0
    while t < 1.0 and step >= SMALLEST_STEP:
        ahead, z = min(1.0, t + step), w.vector[at.Z].copy()
        more, made, done = solved_at(ahead)
        iterations, matrices, steps = iterations + more, matrices + made, steps + 1
        if done:
            t, step = ahead, 2.0 * step
        else:
            w.vector[at.Z] = z
            step *= 0.5
    if t < 1.0:
        solved_at(1.0)  # leaves the market itself, not one on the way
    return Path(iterations, matrices, steps, t >= 1.0)
