"""Blocks: the exact Jacobian of the node residuals, in blocks of one form each."""

from __future__ import annotations

from crosscut.market.kernel.arrays import constants_at, matrix_at, point_at
from crosscut.market.kernel.point import activity_moved
from crosscut.market.kernel.routine_table import piece
from crosscut.market.kernel.row_indices import (
    ACTIVITY_SLOPE,
    BLOCKS,
    BOUGHT,
    DHAT,
    FINAL_SLOPE,
    MAKES,
    MINED_SLOPE,
    ORIGIN,
    OUT,
    PART,
    RATE,
    SOLD,
    SUPPLIED,
    TAKES,
    THETA,
)
from crosscut.market.kernel.vectors import (
    add_scaled,
    add_transposed,
    fill,
    scale,
    set_product,
    set_scaled,
    set_tile,
)


@piece(BLOCKS)
def assemble_blocks(table):
    """The Jacobian of the node residuals in ln p, or in ln of the share of lines that run. A dead origin has
    no sales, so its row is empty but for the 1."""
    c, w, h = constants_at(table), point_at(table), matrix_at(table)
    F, n = w.node.shape[1:]
    K = c.link.shape[1]
    for f in range(F):
        for j in range(n):
            at = (f * n + j) * n
            set_product(w.s, at, c.route, DHAT * F * n * n + at, w.node, (RATE * F + f) * n, h.priced, at, n)
    for f in range(F):
        rows, buyers = c.order[1 + F, f], c.order[2 + F, f]
        for i in range(n):
            h.line[PART, i] = 1.0 / w.node[SOLD, f, i] if c.alive[ORIGIN, f, i] else 0.0
        for g in range(F):
            if c.order[1 + f, g] == 0:
                continue
            whole, columns = (f * F + g) * n * n, c.order[1 + F, g]
            # products of shares: within a form, and between forms that one process takes together
            shared = f == g
            for k in range(K):
                shared = shared or (c.link[TAKES, k, f] > 0.0 and c.link[TAKES, k, g] > 0.0)
            if shared:
                for j in range(buyers):
                    weight = 0.0
                    if f == g:
                        weight = w.node[BOUGHT, f, j] * c.node[THETA, f, j] + w.node[FINAL_SLOPE, f, j]
                    for k in range(K):
                        weight -= c.link[TAKES, k, f] * c.link[TAKES, k, g] * w.process[ACTIVITY_SLOPE, k, j]
                    set_scaled(h.priced, (g * n + j) * n, h.square, j * n, weight, columns)
                for e in range(0, columns, 8):
                    for i in range(0, rows, 4):
                        set_tile(
                            w.s, f * n * n + i, 1, n, h.square, e, n, h.block, whole + i * n + e, n, buyers
                        )
                for i in range(rows):
                    scale(h.block, whole + i * n, h.line[PART, i], columns)
            else:
                fill(h.block, whole, 0.0, n * n)
            for k in range(K):
                if c.link[TAKES, k, f] > 0.0 and c.link[MAKES, k, g] > 0.0:
                    for e in range(n):
                        moved = c.link[TAKES, k, f] * activity_moved(c, w, k, g, e)
                        h.line[OUT, e] = moved if c.alive[ORIGIN, g, e] else 0.0
                    for i in range(0, rows, 4):
                        for e in range(0, columns, 4):
                            add_transposed(
                                w.s,
                                (f * n + e) * n + i,
                                h.block,
                                whole + i * n + e,
                                n,
                                h.line,
                                PART * n + i,
                                h.line,
                                OUT * n + e,
                            )
                if c.link[MAKES, k, f] > 0.0:
                    for i in range(n):
                        if c.alive[ORIGIN, f, i]:
                            v = c.link[MAKES, k, f] * w.process[ACTIVITY_SLOPE, k, i] / w.node[SUPPLIED, f, i]
                            if c.link[TAKES, k, g] > 0.0:
                                add_scaled(
                                    h.priced,
                                    (g * n + i) * n,
                                    h.block,
                                    whole + i * n,
                                    v * c.link[TAKES, k, g],
                                    n,
                                )
                            if c.link[MAKES, k, g] > 0.0 and c.alive[ORIGIN, g, i]:
                                made = c.link[MAKES, k, f] / w.node[SUPPLIED, f, i]
                                h.block[f, g, i, i] -= made * activity_moved(c, w, k, g, i)
        fill(h.line, OUT * n, 0.0, n)
        for j in range(n):
            u = w.node[BOUGHT, f, j] * c.node[THETA, f, j]
            add_scaled(h.priced, (f * n + j) * n, h.line, OUT * n, u, n)
        for i in range(n):
            if c.alive[ORIGIN, f, i]:
                h.block[f, f, i, i] -= (
                    h.line[OUT, i] / w.node[SOLD, f, i]
                    + w.node[MINED_SLOPE, f, i] * w.node[RATE, f, i] / w.node[SUPPLIED, f, i]
                )
            else:
                h.block[f, f, i, i] = 1.0
    return 0.0
