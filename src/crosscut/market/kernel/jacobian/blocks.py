"""Blocks: the exact Jacobian of the node residuals, in blocks of one form each."""

from __future__ import annotations

from crosscut.market.kernel.arrays import (
    ACTIVITY_SLOPE,
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
from crosscut.market.kernel.compiled import inner
from crosscut.market.kernel.equations.curves import activity_moved
from crosscut.market.kernel.jacobian.product import set_transposed_product
from crosscut.market.kernel.rows import (
    add_scaled,
    add_scaled_transpose,
    fill,
    multiply,
    scale,
    set_scaled,
)


@inner
def assemble_blocks(c, w, h):
    """The Jacobian of the node residuals in ln p, or in ln of the share of lines that run. A dead origin has
    no sales, so its row is empty but for the 1."""
    F, n = w.node.shape[1:]
    K = c.link.shape[1]
    for f in range(F):
        for j in range(n):
            multiply(w.s[f, j], c.route[DHAT, f, j], w.node[RATE, f], h.priced[f, j], n)
    for f in range(F):
        rows, buyers = c.order[1 + F, f], c.order[2 + F, f]
        for i in range(n):
            h.line[PART, i] = 1.0 / w.node[SOLD, f, i] if c.alive[ORIGIN, f, i] else 0.0
        for g in range(F):
            if c.order[1 + f, g] == 0:
                continue
            block, columns = h.block[f, g], c.order[1 + F, g]
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
                    set_scaled(h.priced[g, j], h.square[j], weight, columns)
                set_transposed_product(w.s[f], h.square, block, rows, columns, buyers)
                for i in range(rows):
                    scale(block[i], h.line[PART, i], columns)
            else:
                for i in range(n):
                    fill(block[i], 0.0, n)
            for k in range(K):
                if c.link[TAKES, k, f] > 0.0 and c.link[MAKES, k, g] > 0.0:
                    for e in range(n):
                        moved = c.link[TAKES, k, f] * activity_moved(c, w, k, g, e)
                        h.line[OUT, e] = moved if c.alive[ORIGIN, g, e] else 0.0
                    add_scaled_transpose(w.s[f], block, h.line[PART], h.line[OUT], rows, columns)
                if c.link[MAKES, k, f] > 0.0:
                    for i in range(n):
                        if c.alive[ORIGIN, f, i]:
                            v = c.link[MAKES, k, f] * w.process[ACTIVITY_SLOPE, k, i] / w.node[SUPPLIED, f, i]
                            if c.link[TAKES, k, g] > 0.0:
                                add_scaled(h.priced[g, i], block[i], v * c.link[TAKES, k, g], n)
                            if c.link[MAKES, k, g] > 0.0 and c.alive[ORIGIN, g, i]:
                                made = c.link[MAKES, k, f] / w.node[SUPPLIED, f, i]
                                block[i, i] -= made * activity_moved(c, w, k, g, i)
        fill(h.line[OUT], 0.0, n)
        for j in range(n):
            u = w.node[BOUGHT, f, j] * c.node[THETA, f, j]
            add_scaled(h.priced[f, j], h.line[OUT], u, n)
        for i in range(n):
            if c.alive[ORIGIN, f, i]:
                h.block[f, f, i, i] -= (
                    h.line[OUT, i] / w.node[SOLD, f, i]
                    + w.node[MINED_SLOPE, f, i] * w.node[RATE, f, i] / w.node[SUPPLIED, f, i]
                )
            else:
                h.block[f, f, i, i] = 1.0
    return 0.0
