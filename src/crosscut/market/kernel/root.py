"""Root: damped Newton in compiled loops. While a step keeps its promise the matrix is not made anew but corrected
(Broyden's first method, the corrections kept as vectors), which saves half of the work."""

from __future__ import annotations

import numpy as np

from crosscut.market.kernel.elementary import compiled_exactly, inner
from crosscut.market.kernel.matrix import assemble_blocks, assemble_border, eliminate, solve_eliminated
from crosscut.market.kernel.point import evaluate
from crosscut.market.kernel.slots import (
    RESIDUAL,
    Z,
)
from crosscut.market.newton import ITERATIONS, LONGEST_STEP, POLISHED, TOLERANCE, WINDOW

CORRECTIONS = 6  # kept before the matrix is made anew
NEAR = 0.3  # residual (2-norm) below which corrections are tried
GOOD = 0.2  # a corrected step must shrink the residual to this share, else the matrix is made anew


@inner
def largest(x):
    """max |x|."""
    out = 0.0
    for i in range(x.shape[0]):
        out = max(out, abs(x[i]))
    return out


@compiled_exactly
def root_of(c, w, h):
    """From the unknowns to the solution in place: (iterations, matrices made, converged)."""
    F, n = w.node.shape[1:]
    G = c.group_form.shape[0]
    size = F * n
    z = np.empty(size + G)
    step, fresh = np.empty(size + G), np.empty(size + G)
    rows = np.empty(G, dtype=np.bool_)
    steps = np.empty((CORRECTIONS, size + G))
    lengths = np.empty(CORRECTIONS)
    recent = np.full(WINDOW, 0.0)
    norm = evaluate(c, w)
    recent[:] = norm
    made = 0
    kept = -1  # corrections in use; -1: no matrix
    for iteration in range(ITERATIONS * 2):
        if not norm < np.inf:
            return iteration, made, False
        worst = largest(w.vector[RESIDUAL])
        if worst <= POLISHED:
            for g in range(G):  # negative multipliers are allowed on the way; what rounding left below 0 is 0
                w.vector[Z, size + g] = max(w.vector[Z, size + g], 0.0)
            return iteration, made, True
        if made >= ITERATIONS:
            return iteration, made, worst <= TOLERANCE
        if kept < 0:
            assemble_blocks(c, w, h)
            if G:
                assemble_border(c, w, h)
            if not eliminate(c, h):
                return iteration, made, worst <= TOLERANCE
            made += 1
            kept = 0
            for i in range(size + G):
                step[i] = -w.vector[RESIDUAL, i]
            if not solve_eliminated(c, h, step):
                return iteration, made, worst <= TOLERANCE
        z[:] = w.vector[Z]
        for g in range(G):
            rows[g] = w.limit_row[g]
        far = largest(step[:size])
        if not far < np.inf:
            return iteration, made, worst <= TOLERANCE
        length = min(1.0, LONGEST_STEP / far) if far > 0 else 1.0
        top = 0.0
        for r in range(WINDOW):
            top = max(top, recent[r])
        accepted = False
        ahead = norm
        while length > 1e-6:
            for i in range(size + G):
                w.vector[Z, i] = z[i] + length * step[i]
            ahead = evaluate(c, w)
            if ahead <= (1 - 1e-4 * length) * top:
                accepted = True
                break
            if kept > 0:
                break  # a corrected matrix is not worth a search along its step
            length *= 0.5
        if not accepted:
            w.vector[Z, :] = z
            norm = evaluate(c, w)
            if kept > 0:
                kept = -1
                continue
            return iteration + 1, made, worst <= TOLERANCE
        shrunk = ahead <= GOOD * norm
        norm = ahead
        recent[iteration % WINDOW] = norm
        same = True
        for g in range(G):
            same = same and rows[g] == w.limit_row[g]
        if not (same and length == 1.0 and norm < NEAR and (shrunk or kept == 0) and kept < CORRECTIONS):
            kept = -1
            continue
        # Broyden: the next step from the same matrix, corrected by the steps taken since it was made
        for i in range(size + G):
            steps[kept, i] = w.vector[Z, i] - z[i]
        squared = 0.0
        for i in range(size + G):
            squared += steps[kept, i] * steps[kept, i]
        lengths[kept] = squared
        kept += 1
        for i in range(size + G):
            fresh[i] = -w.vector[RESIDUAL, i]
        if not solve_eliminated(c, h, fresh):
            kept = -1
            continue
        for m in range(kept - 1):
            along = 0.0
            for i in range(size + G):
                along += steps[m, i] * fresh[i]
            along /= lengths[m]
            for i in range(size + G):
                fresh[i] += along * steps[m + 1, i]
        along = 0.0
        for i in range(size + G):
            along += steps[kept - 1, i] * fresh[i]
        along /= lengths[kept - 1]
        if not abs(1.0 - along) > 0.1:
            kept = -1
            continue
        for i in range(size + G):
            step[i] = fresh[i] / (1.0 - along)
    return ITERATIONS * 2, made, largest(w.vector[RESIDUAL]) <= TOLERANCE
