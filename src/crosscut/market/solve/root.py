"""Root: where the market clears, by Newton and, where it stalls, along a path that leads there.

Tests: tests/market/test_levers_solve.py, tests/market/test_hard_cases.py
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from crosscut.base.arrays import Array
from crosscut.market.solve.continuation import Path, along_events, along_residuals
from crosscut.market.solve.newton import ITERATIONS, newton, starting_point, unpacked
from crosscut.market.solve.state import Market, State, residuals, state_at


@dataclass(frozen=True, eq=False)
class Root:
    """Where Newton ended: state, residuals, iterations over everything, path steps, whether it converged."""

    state: State
    residual: Array
    iterations: int
    path_steps: int
    converged: bool


PATHS = (along_events, along_residuals)


def root(
    market: Market, start: Array | None = None, paths: Sequence[Callable[[Market, Array], Path]] = PATHS
) -> Root:
    """The point at which the market clears: damped Newton, then the paths in turn.

    Parameters
    ----------
    market : Market
        The market after events.
    start : Array | None
        Where to begin (unknowns); base prices unless given.
    paths : Sequence[Callable[[Market, Array], Path]]
        What is tried where Newton stalls, in this order.

    Returns
    -------
    Root
        The state and residual found, iterations and steps, and whether it converged.
    """
    z0 = starting_point(market) if start is None else start
    if not len(z0):
        state = state_at(market, *unpacked(market, z0))
        return Root(state, np.zeros(0), 0, 0, True)
    z, iterations, done = newton(market, z0, np.zeros(len(z0)), ITERATIONS)
    steps = 0
    for path in () if done else paths:
        z, more, taken, done = path(market, z0)
        iterations += more
        steps += taken
        if done:
            break
    state = state_at(market, *unpacked(market, z))
    residual, _ = residuals(market, state)
    return Root(state, residual, iterations, steps, done)
