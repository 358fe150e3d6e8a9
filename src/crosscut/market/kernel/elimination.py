"""Elimination: the Jacobian eliminated block by block along the chain, then its border.

Of the block of two forms only the part up to the last node that sells (see
`crosscut.market.kernel.block_order`) is touched: what is beyond it is dead, and its residual 0.
Blocks are inverted by Gauss-Jordan without a search for pivots: with specific wedges the matrix is a row and
column scaling of a positive definite one, for which this is as stable as Cholesky. A pivot that
vanishes is reported.
"""

from __future__ import annotations

from crosscut.market.kernel.arrays import constants_at, matrix_at
from crosscut.market.kernel.elementary import inner
from crosscut.market.kernel.routine_table import piece, result_of
from crosscut.market.kernel.row_indices import COLUMN, ELIMINATE, FRESH, OUT, ROW, SOLVE, SOLVE_BLOCKS
from crosscut.market.kernel.vectors import WIDTH, add_scaled, dot, set_scaled, set_tile, subtract_tile

PANEL = WIDTH  # columns eliminated together
SMALL_PIVOT = 1e-13


@inner
def invert(h, f, m):
    """The first m rows and columns of block (f, f) become their inverse, PANEL columns at a time; False
    where a pivot vanishes."""
    F, n = h.block.shape[1:3]
    whole = (f * F + f) * n * n
    pivot, panel, strip = h.pivot, h.panel, h.strip
    for c0 in range(0, m, PANEL):
        for r in range(PANEL):
            for c in range(PANEL):
                pivot[r, c] = h.block[f, f, c0 + r, c0 + c]
        for c in range(PANEL):
            d = pivot[c, c]
            if not abs(d) > SMALL_PIVOT:
                return False
            pivot[c, c] = 1.0
            d = 1.0 / d
            for j in range(PANEL):
                pivot[c, j] *= d
            for r in range(PANEL):
                if r != c:
                    v = pivot[r, c]
                    pivot[r, c] = 0.0
                    for j in range(PANEL):
                        pivot[r, j] -= v * pivot[c, j]
        for r in range(m):
            set_scaled(h.block, whole + r * n + c0, panel, r * PANEL, 1.0, PANEL)
            set_scaled(h.block, whole + r * n + c0, h.block, whole + r * n + c0, 0.0, PANEL)
        for r in range(PANEL):
            h.block[f, f, c0 + r, c0 + r] = 1.0
        for e in range(0, m, 8):  # the pivot rows times the inverse of the pivot block
            for r in range(0, PANEL, 4):
                set_tile(
                    pivot, r * PANEL, PANEL, 1, h.block, whole + c0 * n + e, n, strip, r * n + e, n, PANEL
                )
            for r in range(0, m, 4):
                if r < c0 or r >= c0 + PANEL:
                    subtract_tile(
                        panel, r * PANEL, PANEL, 1, strip, e, n, h.block, whole + r * n + e, n, PANEL
                    )
        for r in range(PANEL):
            set_scaled(strip, r * n, h.block, whole + (c0 + r) * n, 1.0, m)
    return True


@piece(SOLVE_BLOCKS)
def solve_blocks(table):
    """Row FRESH of the path becomes the solution of the blocks, without the border."""
    c, h = constants_at(table), matrix_at(table)
    F, n = h.block.shape[1:3]
    x = FRESH * h.path.shape[1]
    for at in range(F):
        f = c.order[0, at]
        m = c.order[1 + F, f]
        for before in range(at):
            e = c.order[0, before]
            if c.order[1 + f, e] > 0:
                less_block_times(c, h, f, e, x)
        for i in range(m):
            h.line[OUT, i] = dot(h.block, ((f * F + f) * n + i) * n, h.path, x + f * n, m)
        set_scaled(h.line, OUT * n, h.path, x + f * n, 1.0, m)
    for at in range(F - 1, -1, -1):
        f = c.order[0, at]
        for after in range(at + 1, F):
            g = c.order[0, after]
            if c.order[1 + f, g] > 0:
                less_block_times(c, h, f, g, x)
    return 0.0


@inner
def less_block_times(c, h, f, e, x):
    """Part f of x less block (f, e) times part e of x."""
    F, n = h.block.shape[1:3]
    rows, columns = c.order[1 + F, f], c.order[1 + F, e]
    for i in range(rows):
        h.line[OUT, i] = dot(h.block, ((f * F + e) * n + i) * n, h.path, x + e * n, columns)
    add_scaled(h.line, OUT * n, h.path, x + f * n, -1.0, rows)


@piece(ELIMINATE)
def eliminate(table):
    """Blocks to their eliminated form, then the border; 0 where a pivot vanishes."""
    c, h = constants_at(table), matrix_at(table)
    F, n = h.block.shape[1:3]
    G, size = h.border.shape[1:]
    x = FRESH * h.path.shape[1]
    for at in range(F):
        f = c.order[0, at]
        m = c.order[1 + F, f]
        if not invert(h, f, m):
            return 0.0
        inverse = (f * F + f) * n * n
        for beyond in range(at + 1, F):
            g = c.order[0, beyond]
            if c.order[1 + f, g] == 0:
                continue
            columns = c.order[1 + F, g]
            right = (f * F + g) * n * n
            for e in range(0, columns, 8):
                for i in range(0, m, 4):
                    set_tile(h.block, inverse + i * n, n, 1, h.block, right + e, n, h.square, i * n + e, n, m)
            for i in range(m):
                set_scaled(h.square, i * n, h.block, right + i * n, 1.0, columns)
            for below in range(at + 1, F):
                d = c.order[0, below]
                if c.order[1 + d, f] > 0:
                    left, into = (d * F + f) * n * n, (d * F + g) * n * n
                    for e in range(0, columns, 8):
                        for i in range(0, c.order[1 + F, d], 4):
                            subtract_tile(
                                h.block,
                                left + i * n,
                                n,
                                1,
                                h.block,
                                right + e,
                                n,
                                h.block,
                                into + i * n + e,
                                n,
                                m,
                            )
    for g in range(G):
        column = (COLUMN * G + g) * size
        set_scaled(h.border, column, h.path, x, 1.0, size)
        result_of(SOLVE_BLOCKS, table)
        set_scaled(h.path, x, h.border, column, 1.0, size)
    for g in range(G):
        for e in range(G):
            h.corner[g, e] -= dot(h.border, (ROW * G + g) * size, h.border, (COLUMN * G + e) * size, size)
    return 1.0


@piece(SOLVE)
def solve_eliminated(table):
    """Row FRESH of the path becomes the solution of the whole matrix; 0 where the corner is singular."""
    h = matrix_at(table)
    G, size = h.border.shape[1:]
    x = FRESH * h.path.shape[1]
    result_of(SOLVE_BLOCKS, table)
    if G == 0:
        return 1.0
    y, S = h.few[0], h.few[1:]
    for g in range(G):
        y[g] = h.path[FRESH, size + g] - dot(h.border, (ROW * G + g) * size, h.path, x, size)
        for e in range(G):
            S[g, e] = h.corner[g, e]
    for col in range(G):
        best = col
        for r in range(col + 1, G):
            if abs(S[r, col]) > abs(S[best, col]):
                best = r
        if not abs(S[best, col]) > 1e-300:
            return 0.0
        if best != col:
            for e in range(G):
                S[col, e], S[best, e] = S[best, e], S[col, e]
            y[col], y[best] = y[best], y[col]
        for r in range(col + 1, G):
            v = S[r, col] / S[col, col]
            if v != 0.0:
                for e in range(col, G):
                    S[r, e] -= v * S[col, e]
                y[r] -= v * y[col]
    for r in range(G - 1, -1, -1):
        for e in range(r + 1, G):
            y[r] -= S[r, e] * y[e]
        y[r] /= S[r, r]
    for g in range(G):
        h.path[FRESH, size + g] = y[g]
        add_scaled(h.border, (COLUMN * G + g) * size, h.path, x, -y[g], size)
    return 1.0
