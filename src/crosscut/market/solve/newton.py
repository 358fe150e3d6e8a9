"""Newton: the residuals driven to a target, damped, from a starting point.

Tests: tests/market/test_jacobian.py, tests/market/test_hard_cases.py
"""

from __future__ import annotations

from collections import deque

import numpy as np

from crosscut.base.arrays import Array
from crosscut.market.solve.jacobian import at_lowest, jacobian
from crosscut.market.solve.state import Market, State, residuals, state_at

TOLERANCE = 1e-8
POLISHED = 1e-11  # one more step is nearly free and buys three digits
LONGEST_STEP = 1.0  # in any ln p
LONGEST_MULTIPLIER_STEP = 1e4  # in scaled units; a longer one comes from limits that repeat each other
APART = (0.1, 1.0)
PRODUCTS_APART = 0.01  # of two unknowns that only count together
ITERATIONS = 40
WINDOW = 4  # the residual may rise against the last one, not against the worst of the last four


def starting_point(market: Market) -> Array:
    """Base prices of live origins, no multipliers.

    Parameters
    ----------
    market : Market
        The market after events.

    Returns
    -------
    Array, shape (unknowns)
        ln of base prices of live origins, then 0 for every multiplier.
    """
    c = market.calibration
    start = np.where(np.isnan(c.p0), c.reference[:, None], c.p0)
    return np.concatenate([np.log(start[market.alive.origin]), np.zeros(len(market.groups))])


def unpacked(market: Market, z: Array) -> tuple[Array, Array, Array]:
    """Prices, multipliers and shares of running lines of the unknowns.

    Where an unknown is below the lowest price that plants sell at, the price is that one, and the rest is ln
    of the share of their lines that run (E17).

    Parameters
    ----------
    market : Market
        The market after events.
    z : Array, shape (unknowns)
        ln p of live origins, then scaled multipliers.

    Returns
    -------
    tuple of Array
        p (F, n) in USD per t contained; om (groups) in USD per t; running (F, n). Dead origins get their
        reference price, which nothing reads.
    """
    live, lowest = market.alive.origin, market.fixed.lowest
    p = np.broadcast_to(market.calibration.reference[:, None], live.shape).copy()
    running = np.ones(live.shape)
    size = int(live.sum())
    at, low = np.clip(z[:size], -690, 690), lowest[live]
    p[live] = np.exp(np.maximum(at, low))
    running[live] = np.exp(np.minimum(at - low, 0.0))
    return p, z[size:] / market.theta_g if len(market.groups) else np.zeros(0), running


def newton_step(J: Array, rest: Array, size: int) -> Array | None:
    """A Newton step, or None where there is no finite one.

    Parameters
    ----------
    J : Array, shape (N, N)
        The Jacobian.
    rest : Array, shape (N)
        The residuals less their target.
    size : int
        Where the multipliers begin among the unknowns.

    Returns
    -------
    Array or None
        -J^-1 rest.

    Notes
    -----
    Limits on the same routes (a quota beside a licence, a cap on all exports beside one on every pair) all
    look active at the start and make J singular, although in the end only the tightest holds. Their rows are
    then kept apart by a small weight on the multipliers themselves, which lets those of the looser limits
    fall to 0.
    """
    step: Array = np.full(len(rest), np.nan)
    for apart in (0.0, *APART):
        if apart:
            J = J.copy()
            np.einsum("ii->i", J[size:, size:])[...] += apart
        try:
            step = np.asarray(np.linalg.solve(J, -rest), dtype=np.float64)
        except np.linalg.LinAlgError:
            step = np.full(len(rest), np.nan)
        if np.isfinite(step).all() and np.abs(step[size:]).max(initial=0.0) < LONGEST_MULTIPLIER_STEP:
            return step
        if size == len(rest):
            break
    return step if np.isfinite(step).all() else None


def _products_apart(market: Market, state: State, J: Array) -> Array:
    """J with the unknowns kept apart of forms that one plant makes together and that all sell at their
    lowest price.

    Of two shares of the same lines only the product counts, so J is singular there. In the end one of the
    products holds the lines back and the others sell above their lowest price: the weight lets these rise.
    """
    together = [list(makes) for makes in market.fixed.makes if len(makes) > 1]
    if not together:
        return J
    low = at_lowest(market, state)
    shared = np.zeros_like(low)
    for forms in together:
        shared[forms] |= low[forms] & (low[forms].sum(axis=0) > 1)
    where = np.flatnonzero(shared[market.alive.origin])
    J[where, where] -= PRODUCTS_APART
    return J


def newton(market: Market, z: Array, target: Array, most: int) -> tuple[Array, int, bool]:
    """Solves R(z) = target by damped Newton.

    Parameters
    ----------
    market : Market
        The market after events.
    z : Array, shape (unknowns)
        Where to begin.
    target : Array, shape (unknowns)
        What the residuals shall be; 0 for the solution.
    most : int
        The largest number of iterations.

    Returns
    -------
    tuple of (Array, int, bool)
        The point, iterations taken, and whether it converged.

    Notes
    -----
    Multipliers may be negative on the way: min(theta om, slack) drives them back to 0. Cut off at 0 instead,
    a step that wants to leave two limits at once goes nowhere. At the end what rounding left below 0 is 0.
    """
    size = int(market.alive.origin.sum())
    state = state_at(market, *unpacked(market, z))
    residual, rows = residuals(market, state)
    rest = residual - target
    recent: deque[float] = deque([float(np.linalg.norm(rest))], maxlen=WINDOW)
    for iteration in range(most):
        worst = float(np.abs(rest).max())
        if worst <= POLISHED:
            return np.concatenate([z[:size], np.maximum(z[size:], 0.0)]), iteration, True
        step = newton_step(_products_apart(market, state, jacobian(market, state, rows)), rest, size)
        if step is None:
            return z, iteration, worst <= TOLERANCE
        longest = np.abs(step[:size]).max(initial=0.0)
        length = min(1.0, LONGEST_STEP / longest) if longest > 0 else 1.0
        accepted = False
        while length > 1e-6:
            trial = z + length * step
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
