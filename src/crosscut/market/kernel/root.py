"""Root: damped Newton in compiled loops. While a step keeps its promise the matrix is not made anew but
corrected (Broyden's first method, the corrections kept as vectors), which saves half of the work."""

from __future__ import annotations

import numpy as np

from crosscut.market.kernel.arrays import (
    BEFORE,
    CONSTANTS,
    CORRECTIONS,
    FRESH,
    INTEGER,
    LENGTH,
    MATRIX,
    NOW,
    POINT,
    RECENT,
    RESIDUAL,
    STEP,
    TAKEN,
    THEN,
    Z,
)
from crosscut.market.kernel.compiled import inner, routine
from crosscut.market.kernel.equations.point import evaluate
from crosscut.market.kernel.jacobian.blocks import assemble_blocks
from crosscut.market.kernel.jacobian.border import assemble_border
from crosscut.market.kernel.jacobian.elimination import eliminate, solve_eliminated
from crosscut.market.kernel.rows import add_scaled, copy, dot, set_scaled
from crosscut.market.solve.newton import ITERATIONS, LONGEST_STEP, POLISHED, TOLERANCE, WINDOW

STEPS = 2 * ITERATIONS  # a corrected matrix costs about half of a new one
NEAR = 1.0  # residual (2-norm) below which corrections are tried
GOOD = 0.2  # a corrected step must shrink the residual to this share, else the matrix is made anew


@inner
def largest(x, size):
    """max |x| over the first `size`; infinite where one is not a number."""
    out = 0.0
    for i in range(size):
        v = abs(x[i])
        if not v < np.inf:
            return np.inf
        out = v if v > out else out
    return out


@routine(CONSTANTS, POINT, MATRIX, INTEGER)
def root_of(c, w, h, most):
    """From the unknowns to the solution in place, in at most so many steps: (iterations, matrices made,
    converged). With no step it evaluates the residuals."""
    G, size = h.border.shape[1:]
    wide = h.path.shape[1]
    before, step, fresh = h.path[BEFORE], h.path[STEP], h.path[FRESH]
    unknown, residual = w.vector[Z], w.vector[RESIDUAL]
    norm = evaluate(c, w, h)
    for r in range(WINDOW):
        h.tally[RECENT, r] = norm
    made = 0
    kept = -1  # corrections in use; -1: no matrix
    for iteration in range(most):
        if not norm < np.inf:
            return iteration, made, False
        worst = largest(residual, wide)
        if worst <= POLISHED:
            for g in range(G):  # negative multipliers are allowed on the way; what rounding left below 0 is 0
                w.vector[Z, size + g] = max(w.vector[Z, size + g], 0.0)
            return iteration, made, True
        if made >= ITERATIONS:
            return iteration, made, worst <= TOLERANCE
        if kept < 0:
            assemble_blocks(c, w, h)
            if G > 0:
                assemble_border(c, w, h)
            if eliminate(c, w, h) == 0.0:
                return iteration, made, worst <= TOLERANCE
            made += 1
            kept = 0
            set_scaled(residual, fresh, -1.0, wide)
            if solve_eliminated(c, w, h) == 0.0:
                return iteration, made, worst <= TOLERANCE
            copy(fresh, step, wide)
        copy(unknown, before, wide)
        for g in range(G):
            w.limit_row[THEN, g] = w.limit_row[NOW, g]
        far = largest(step, size)
        if not far < np.inf:
            return iteration, made, worst <= TOLERANCE
        length = min(1.0, LONGEST_STEP / far) if far > 0 else 1.0
        top = 0.0
        for r in range(WINDOW):
            top = max(top, h.tally[RECENT, r])
        accepted = False
        ahead = norm
        while length > 1e-6:
            copy(before, unknown, wide)
            add_scaled(step, unknown, length, wide)
            ahead = evaluate(c, w, h)
            if ahead <= (1 - 1e-4 * length) * top:
                accepted = True
                break
            if kept > 0:
                break  # a corrected matrix is not worth a search along its step
            length *= 0.5
        if not accepted:
            copy(before, unknown, wide)
            norm = evaluate(c, w, h)
            if kept > 0:
                kept = -1
                continue
            return iteration + 1, made, worst <= TOLERANCE
        shrunk = ahead <= GOOD * norm
        norm = ahead
        h.tally[RECENT, iteration % WINDOW] = norm
        same = True
        for g in range(G):
            same = same and w.limit_row[THEN, g] == w.limit_row[NOW, g]
        if not (same and length == 1.0 and norm < NEAR and (shrunk or kept == 0) and kept < CORRECTIONS):
            kept = -1
            continue
        # Broyden: the next step from the same matrix, corrected by the steps taken since it was made
        now = h.path[TAKEN + kept]
        copy(unknown, now, wide)
        add_scaled(before, now, -1.0, wide)
        h.tally[LENGTH, kept] = dot(now, now, wide)
        set_scaled(residual, fresh, -1.0, wide)
        if solve_eliminated(c, w, h) == 0.0:
            kept = -1
            continue
        for m in range(kept):
            along = dot(h.path[TAKEN + m], fresh, wide) / h.tally[LENGTH, m]
            add_scaled(h.path[TAKEN + m + 1], fresh, along, wide)
        along = dot(now, fresh, wide) / h.tally[LENGTH, kept]
        kept += 1
        if not abs(1.0 - along) > 0.1:
            kept = -1
            continue
        set_scaled(fresh, step, 1.0 / (1.0 - along), wide)
    return most, made, largest(residual, wide) <= TOLERANCE
