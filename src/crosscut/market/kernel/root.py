"""Root: damped Newton in compiled loops. While a step keeps its promise the matrix is not made anew but
corrected (Broyden's first method, the corrections kept as vectors), which saves half of the work."""

from __future__ import annotations

import numpy as np

from crosscut.market.kernel.arrays import CORRECTIONS, matrix_at, point_at
from crosscut.market.kernel.elementary import inner, routine
from crosscut.market.kernel.routine_table import result_of
from crosscut.market.kernel.row_indices import (
    BEFORE,
    BLOCKS,
    BORDER,
    ELIMINATE,
    EVALUATE,
    FRESH,
    LENGTH,
    NOW,
    RECENT,
    RESIDUAL,
    SOLVE,
    STEP,
    TAKEN,
    THEN,
    Z,
)
from crosscut.market.kernel.vectors import add_scaled, dot, set_scaled
from crosscut.market.solve.newton import ITERATIONS, LONGEST_STEP, POLISHED, TOLERANCE, WINDOW

NEAR = 1.0  # residual (2-norm) below which corrections are tried
GOOD = 0.2  # a corrected step must shrink the residual to this share, else the matrix is made anew


@inner
def largest(x, row, size):
    """max |x[row]| over the first `size`; infinite where one is not a number."""
    out = 0.0
    for i in range(size):
        v = abs(x[row, i])
        if not v < np.inf:
            return np.inf
        out = v if v > out else out
    return out


@routine("float64(intp)")
def norm_at(table):
    """The residuals at the unknowns, in place; their 2-norm."""
    return result_of(EVALUATE, table)


@routine("Tuple((int64, int64, boolean))(intp)")
def root_of(table):
    """From the unknowns to the solution in place: (iterations, matrices made, converged)."""
    w, h = point_at(table), matrix_at(table)
    G, size = h.border.shape[1:]
    wide = h.path.shape[1]
    before, step, fresh, taken = BEFORE * wide, STEP * wide, FRESH * wide, TAKEN * wide
    unknown, residual = Z * wide, RESIDUAL * wide
    norm = result_of(EVALUATE, table)
    for r in range(WINDOW):
        h.tally[RECENT, r] = norm
    made = 0
    kept = -1  # corrections in use; -1: no matrix
    for iteration in range(ITERATIONS * 2):
        if not norm < np.inf:
            return iteration, made, False
        worst = largest(w.vector, RESIDUAL, wide)
        if worst <= POLISHED:
            for g in range(G):  # negative multipliers are allowed on the way; what rounding left below 0 is 0
                w.vector[Z, size + g] = max(w.vector[Z, size + g], 0.0)
            return iteration, made, True
        if made >= ITERATIONS:
            return iteration, made, worst <= TOLERANCE
        if kept < 0:
            result_of(BLOCKS, table)
            if G > 0:
                result_of(BORDER, table)
            if result_of(ELIMINATE, table) == 0.0:
                return iteration, made, worst <= TOLERANCE
            made += 1
            kept = 0
            set_scaled(w.vector, residual, h.path, fresh, -1.0, wide)
            if result_of(SOLVE, table) == 0.0:
                return iteration, made, worst <= TOLERANCE
            set_scaled(h.path, fresh, h.path, step, 1.0, wide)
        set_scaled(w.vector, unknown, h.path, before, 1.0, wide)
        for g in range(G):
            w.limit_row[THEN, g] = w.limit_row[NOW, g]
        far = largest(h.path, STEP, size)
        if not far < np.inf:
            return iteration, made, worst <= TOLERANCE
        length = min(1.0, LONGEST_STEP / far) if far > 0 else 1.0
        top = 0.0
        for r in range(WINDOW):
            top = max(top, h.tally[RECENT, r])
        accepted = False
        ahead = norm
        while length > 1e-6:
            set_scaled(h.path, before, w.vector, unknown, 1.0, wide)
            add_scaled(h.path, step, w.vector, unknown, length, wide)
            ahead = result_of(EVALUATE, table)
            if ahead <= (1 - 1e-4 * length) * top:
                accepted = True
                break
            if kept > 0:
                break  # a corrected matrix is not worth a search along its step
            length *= 0.5
        if not accepted:
            set_scaled(h.path, before, w.vector, unknown, 1.0, wide)
            norm = result_of(EVALUATE, table)
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
        now = taken + kept * wide
        set_scaled(w.vector, unknown, h.path, now, 1.0, wide)
        add_scaled(h.path, before, h.path, now, -1.0, wide)
        h.tally[LENGTH, kept] = dot(h.path, now, h.path, now, wide)
        set_scaled(w.vector, residual, h.path, fresh, -1.0, wide)
        if result_of(SOLVE, table) == 0.0:
            kept = -1
            continue
        for m in range(kept):
            along = dot(h.path, taken + m * wide, h.path, fresh, wide) / h.tally[LENGTH, m]
            add_scaled(h.path, taken + (m + 1) * wide, h.path, fresh, along, wide)
        along = dot(h.path, now, h.path, fresh, wide) / h.tally[LENGTH, kept]
        kept += 1
        if not abs(1.0 - along) > 0.1:
            kept = -1
            continue
        set_scaled(h.path, fresh, h.path, step, 1.0 / (1.0 - along), wide)
    return ITERATIONS * 2, made, largest(w.vector, RESIDUAL, wide) <= TOLERANCE
