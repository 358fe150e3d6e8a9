"""Newton: the residuals driven to zero, damped; where it stalls, along a path from the starting point."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crosscut.market.jacobian import jacobian
from crosscut.market.state import Market, State, residuals, state_at

Array = NDArray[np.float64]

TOLERANCE = 1e-8
POLISHED = 1e-11  # one more step is nearly free and buys three digits
LONGEST_STEP = 1.0  # in any ln p
ITERATIONS = 40
WINDOW = 4  # the residual may rise against the last one, not against the worst of the last four
PATH_ITERATIONS = 25
SMALLEST_PATH_STEP = 1e-4


@dataclass(frozen=True, eq=False)
class Root:
    """Where Newton ended: state, residuals, iterations over everything, path steps, whether it converged."""

    state: State
    residual: Array
    iterations: int
    path_steps: int
    converged: bool


def starting_point(market: Market) -> Array:
    """Base prices of live origins, no multipliers."""
    c = market.calibration
    start = np.where(np.isnan(c.p0), c.reference[:, None], c.p0)
    return np.concatenate([np.log(start[market.alive.origin]), np.zeros(len(market.groups))])


def unpacked(market: Market, z: Array) -> tuple[Array, Array]:
    """(p[f, i], om[g]) of the unknowns; dead origins get their reference price, which nothing reads."""
    live = market.alive.origin
    p = np.broadcast_to(market.calibration.reference[:, None], live.shape).copy()
    size = int(live.sum())
    p[live] = np.exp(np.clip(z[:size], -690, 690))
    return p, np.maximum(z[size:], 0.0) / market.theta_g if len(market.groups) else np.zeros(0)


def root(market: Market, start: Array | None = None) -> Root:
    """The solution from `start` (base prices unless given), by damped Newton, then by continuation."""
    z0 = starting_point(market) if start is None else start
    if not len(z0):
        state = state_at(market, *unpacked(market, z0))
        return Root(state, np.zeros(0), 0, 0, True)
    z, iterations, done = _newton(market, z0, np.zeros(len(z0)), ITERATIONS)
    steps = 0
    if not done:
        z, more, steps, done = _path(market, z0)
        iterations += more
    state = state_at(market, *unpacked(market, z))
    residual, _ = residuals(market, state)
    return Root(state, residual, iterations, steps, done)


def _newton(market: Market, z: Array, target: Array, most: int) -> tuple[Array, int, bool]:
    """Solves R(z) = target from z; (z, iterations, converged)."""
    size = int(market.alive.origin.sum())
    state = state_at(market, *unpacked(market, z))
    residual, rows = residuals(market, state)
    rest = residual - target
    recent: deque[float] = deque([float(np.linalg.norm(rest))], maxlen=WINDOW)
    for iteration in range(most):
        worst = float(np.abs(rest).max())
        if worst <= POLISHED:
            return z, iteration, True
        try:
            step = np.linalg.solve(jacobian(market, state, rows), -rest)
        except np.linalg.LinAlgError:
            return z, iteration, worst <= TOLERANCE
        if not np.isfinite(step).all():
            return z, iteration, worst <= TOLERANCE
        longest = np.abs(step[:size]).max(initial=0.0)
        length = min(1.0, LONGEST_STEP / longest) if longest > 0 else 1.0
        accepted = False
        while length > 1e-6:
            trial = z + length * step
            trial[size:] = np.maximum(trial[size:], 0.0)
            trial_state = state_at(market, *unpacked(market, trial))
            trial_residual, trial_rows = residuals(market, trial_state)
            trial_rest = trial_residual - target
            norm = float(np.linalg.norm(trial_rest))
            if np.isfinite(norm) and norm <= (1 - 1e-4 * length) * max(recent):
                accepted = True
                break
            length *= 0.5
        if not accepted:
            return z, iteration + 1, worst <= TOLERANCE
        z, state, rows, rest = trial, trial_state, trial_rows, trial_rest
        recent.append(norm)
    return z, most, float(np.abs(rest).max()) <= TOLERANCE


def _path(market: Market, z0: Array) -> tuple[Array, int, int, bool]:
    """Follows R(z) = (1 - t) R(z0) from t = 0 to 1, halving the step where Newton fails."""
    residual0, _ = residuals(market, state_at(market, *unpacked(market, z0)))
    z, t, step, iterations, steps = z0, 0.0, 0.25, 0, 0
    while t < 1.0:
        ahead = min(1.0, t + step)
        trial, used, done = _newton(market, z, (1 - ahead) * residual0, PATH_ITERATIONS)
        iterations += used
        steps += 1
        if done:
            z, t = trial, ahead
            step *= 2.0
        else:
            step *= 0.5
            if step < SMALLEST_PATH_STEP:
                return z, iterations, steps, False
    return z, iterations, steps, True
