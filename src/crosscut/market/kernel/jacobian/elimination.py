"""Elimination: the Jacobian eliminated block by block along the chain, then its border.

Of the block of two forms only the part up to the last node that sells (see
`crosscut.market.kernel.block_order`) is touched: what is beyond it is dead, and its residual 0.
Blocks are inverted by Gauss-Jordan without a search for pivots: with specific wedges the matrix is a row and
column scaling of a positive definite one, for which this is as stable as Cholesky. A pivot that
vanishes is reported.
"""

from __future__ import annotations

from crosscut.market.kernel.arrays import COLUMN, FRESH, OUT, ROW, WIDTH
from crosscut.market.kernel.compiled import inner
from crosscut.market.kernel.jacobian.product import set_product, subtract_product
from crosscut.market.kernel.rows import add_scaled, copy, dot

PANEL = WIDTH  # columns eliminated together
SMALL_PIVOT = 1e-13


@inner
def invert(h, f, m):
    """The first m rows and columns of block (f, f) become their inverse, PANEL columns at a time; False
    where a pivot vanishes."""
    block = h.block[f, f]
    pivot, panel, strip = h.pivot, h.panel, h.strip
    for c0 in range(0, m, PANEL):
        for r in range(PANEL):
            for c in range(PANEL):
                pivot[r, c] = block[c0 + r, c0 + c]
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
            for c in range(PANEL):
                panel[r, c] = block[r, c0 + c]
                block[r, c0 + c] = 0.0
        for r in range(PANEL):
            block[c0 + r, c0 + r] = 1.0
        set_product(pivot, block[c0:], strip, PANEL, m, PANEL)  # the pivot rows times the pivot's inverse
        subtract_product(panel, strip, block, c0, m, PANEL)
        beyond = c0 + PANEL
        subtract_product(panel[beyond:], strip, block[beyond:], m - beyond, m, PANEL)
        for r in range(PANEL):
            copy(strip[r], block[c0 + r], m)
    return True


@inner
def solve_blocks(c, w, h):
    """Row FRESH of the path becomes the solution of the blocks, without the border."""
    F, n = h.block.shape[1:3]
    x = h.path[FRESH]
    for at in range(F):
        f = c.order[0, at]
        m = c.order[1 + F, f]
        for before in range(at):
            e = c.order[0, before]
            if c.order[1 + f, e] > 0:
                less_block_times(c, h, f, e, x)
        for i in range(m):
            h.line[OUT, i] = dot(h.block[f, f, i], x[f * n :], m)
        copy(h.line[OUT], x[f * n :], m)
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
        h.line[OUT, i] = dot(h.block[f, e, i], x[e * n :], columns)
    add_scaled(h.line[OUT], x[f * n :], -1.0, rows)


@inner
def eliminate(c, w, h):
    """Blocks to their eliminated form, then the border; 0 where a pivot vanishes."""
    F = h.block.shape[1]
    G, size = h.border.shape[1:]
    x = h.path[FRESH]
    for at in range(F):
        f = c.order[0, at]
        m = c.order[1 + F, f]
        if not invert(h, f, m):
            return 0.0
        for beyond in range(at + 1, F):
            g = c.order[0, beyond]
            if c.order[1 + f, g] == 0:
                continue
            columns = c.order[1 + F, g]
            right = h.block[f, g]
            set_product(h.block[f, f], right, h.square, m, columns, m)
            for i in range(m):
                copy(h.square[i], right[i], columns)
            for below in range(at + 1, F):
                d = c.order[0, below]
                if c.order[1 + d, f] > 0:
                    subtract_product(h.block[d, f], right, h.block[d, g], c.order[1 + F, d], columns, m)
    for g in range(G):
        column = h.border[COLUMN, g]
        copy(column, x, size)
        solve_blocks(c, w, h)
        copy(x, column, size)
    for g in range(G):
        for e in range(G):
            h.corner[g, e] -= dot(h.border[ROW, g], h.border[COLUMN, e], size)
    return 1.0


@inner
def solve_eliminated(c, w, h):
    """Row FRESH of the path becomes the solution of the whole matrix; 0 where the corner is singular."""
    G, size = h.border.shape[1:]
    x = h.path[FRESH]
    solve_blocks(c, w, h)
    if G == 0:
        return 1.0
    y, S = h.few[0], h.few[1:]
    for g in range(G):
        y[g] = x[size + g] - dot(h.border[ROW, g], x, size)
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
        x[size + g] = y[g]
        add_scaled(h.border[COLUMN, g], x, -y[g], size)
    return 1.0
