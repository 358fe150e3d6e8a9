"""Matrix: the exact Jacobian in blocks of one form each, eliminated along the chain, with the groups as a border.

Blocks are inverted by Gauss-Jordan without a search for pivots: with specific wedges the matrix is a row and column
scaling of a positive definite one, for which this is as stable as Cholesky. A pivot that vanishes is reported.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from crosscut.market.kernel.elementary import inner
from crosscut.market.kernel.slots import (
    ACTIVITY_SLOPE,
    BOUGHT,
    COLUMN,
    DHAT,
    FINAL_SLOPE,
    GROUP_THETA,
    LEFT,
    MAKES,
    MINED_SLOPE,
    NAMED,
    OPEN,
    ORIGIN,
    PRICE,
    PRODUCT,
    PULL,
    RIGHT,
    ROW,
    SIGN,
    SLOPE,
    SOLD,
    SUPPLIED,
    TAKES,
    THETA,
)

Array = NDArray[np.float64]

PANEL = 8  # columns eliminated together
SMALL_PIVOT = 1e-13
LOOPS_UP_TO = 96  # countries; beyond, the products go to BLAS


class Matrix(NamedTuple):
    """The eliminated Jacobian. block [F, F, n, n]: on the diagonal the inverse of the pivot, to its right the inverse
    times the block, below it the block; border [2, G, F n]: columns (solved) and rows; corner [G, G]; the rest scratch:
    priced = s dhat p [F, j, i], square [3, n, n], panel [n, 8], strip [8, n], pivot [8, 8]."""

    block: Array
    border: Array
    corner: Array
    priced: Array
    square: Array
    panel: Array
    strip: Array
    pivot: Array


def empty_matrix(F: int, n: int, G: int) -> Matrix:
    """Room for one matrix."""
    return Matrix(
        np.zeros((F, F, n, n)), np.zeros((2, G, F * n)), np.zeros((G, G)), np.zeros((F, n, n)), np.zeros((3, n, n)),
        np.zeros((n, PANEL)), np.zeros((PANEL, n)), np.zeros((PANEL, PANEL)),
    )  # fmt: skip


@inner
def multiply(A, B, C):
    """C = A B."""
    n = A.shape[0]
    if n > LOOPS_UP_TO:
        np.dot(A, B, C)
        return
    i = 0
    while i < n:
        two = i + 1 < n
        for j in range(n):
            C[i, j] = 0.0
        if two:
            for j in range(n):
                C[i + 1, j] = 0.0
        k = 0
        while k + 3 < n:
            a0, a1, a2, a3 = A[i, k], A[i, k + 1], A[i, k + 2], A[i, k + 3]
            if two:
                b0, b1, b2, b3 = A[i + 1, k], A[i + 1, k + 1], A[i + 1, k + 2], A[i + 1, k + 3]
                for j in range(n):
                    x0, x1, x2, x3 = B[k, j], B[k + 1, j], B[k + 2, j], B[k + 3, j]
                    C[i, j] += a0 * x0 + a1 * x1 + a2 * x2 + a3 * x3
                    C[i + 1, j] += b0 * x0 + b1 * x1 + b2 * x2 + b3 * x3
            else:
                for j in range(n):
                    C[i, j] += a0 * B[k, j] + a1 * B[k + 1, j] + a2 * B[k + 2, j] + a3 * B[k + 3, j]
            k += 4
        while k < n:
            a0 = A[i, k]
            for j in range(n):
                C[i, j] += a0 * B[k, j]
            if two:
                b0 = A[i + 1, k]
                for j in range(n):
                    C[i + 1, j] += b0 * B[k, j]
            k += 1
        i += 2


@inner
def invert(A, panel, strip, pivot):
    """A becomes its inverse, PANEL columns at a time; False where a pivot vanishes."""
    n = A.shape[0]
    for c0 in range(0, n, PANEL):
        size = min(PANEL, n - c0)
        for r in range(size):
            for c in range(size):
                pivot[r, c] = A[c0 + r, c0 + c]
        for c in range(size):
            d = pivot[c, c]
            if not abs(d) > SMALL_PIVOT:
                return False
            d = 1.0 / d
            pivot[c, c] = 1.0
            for j in range(size):
                pivot[c, j] *= d
            for r in range(size):
                if r != c:
                    v = pivot[r, c]
                    pivot[r, c] = 0.0
                    for j in range(size):
                        pivot[r, j] -= v * pivot[c, j]
        for r in range(n):
            for c in range(PANEL):
                panel[r, c] = 0.0
            for c in range(size):
                panel[r, c] = A[r, c0 + c]
                A[r, c0 + c] = 0.0
        for r in range(size):
            A[c0 + r, c0 + r] = 1.0
        for r in range(PANEL):  # the pivot rows times the inverse of the pivot block
            for j in range(n):
                strip[r, j] = 0.0
        for r in range(size):
            for c in range(size):
                v = pivot[r, c]
                for j in range(n):
                    strip[r, j] += v * A[c0 + c, j]
        for r in range(n):
            if c0 <= r < c0 + size:
                for j in range(n):
                    A[r, j] = strip[r - c0, j]
                continue
            v0, v1, v2, v3 = panel[r, 0], panel[r, 1], panel[r, 2], panel[r, 3]
            v4, v5, v6, v7 = panel[r, 4], panel[r, 5], panel[r, 6], panel[r, 7]
            for j in range(n):
                A[r, j] -= (
                    v0 * strip[0, j] + v1 * strip[1, j] + v2 * strip[2, j] + v3 * strip[3, j]
                    + v4 * strip[4, j] + v5 * strip[5, j] + v6 * strip[6, j] + v7 * strip[7, j]
                )  # fmt: skip
    return True


@inner
def assemble_blocks(c, w, h):
    """The Jacobian of the node residuals in ln p. A dead origin has no sales, so its row is empty but for the 1."""
    F, n = w.node.shape[1:]
    K = c.link.shape[1]
    part = np.empty(n)
    for f in range(F):
        for j in range(n):
            for i in range(n):
                h.priced[f, j, i] = w.s[f, j, i] * c.route[DHAT, f, j, i] * w.node[PRICE, f, i]
    for f in range(F):
        for i in range(n):
            part[i] = 1.0 / w.node[SOLD, f, i] if c.alive[ORIGIN, f, i] else 0.0
        for j in range(n):
            for i in range(n):
                h.square[LEFT, i, j] = w.s[f, j, i] * part[i]
        for g in range(F):
            if c.order[1 + f, g] == 0:
                continue
            block = h.block[f, g]
            # products of shares: within a form, and between forms that one process takes together
            shared = f == g
            for k in range(K):
                shared = shared or (c.link[TAKES, k, f] > 0.0 and c.link[TAKES, k, g] > 0.0)
            if shared:
                for j in range(n):
                    weight = 0.0
                    if f == g:
                        weight = w.node[BOUGHT, f, j] * c.node[THETA, f, j] + w.node[FINAL_SLOPE, f, j]
                    for k in range(K):
                        weight -= c.link[TAKES, k, f] * c.link[TAKES, k, g] * w.process[ACTIVITY_SLOPE, k, j]
                    for i in range(n):
                        h.square[RIGHT, j, i] = weight * h.priced[g, j, i]
                multiply(h.square[LEFT], h.square[RIGHT], block)
            else:
                for i in range(n):
                    for e in range(n):
                        block[i, e] = 0.0
            for k in range(K):
                if c.link[TAKES, k, f] > 0.0 and c.link[MAKES, k, g] > 0.0:
                    for e in range(n):
                        part[e] = (
                            c.link[TAKES, k, f]
                            * c.link[MAKES, k, g]
                            * w.process[ACTIVITY_SLOPE, k, e]
                            * w.node[PRICE, g, e]
                            if c.alive[ORIGIN, g, e]
                            else 0.0
                        )
                    for i in range(n):
                        for e in range(n):
                            block[i, e] += h.square[LEFT, i, e] * part[e]
                if c.link[MAKES, k, f] > 0.0:
                    for i in range(n):
                        part[i] = (
                            c.link[MAKES, k, f] * w.process[ACTIVITY_SLOPE, k, i] / w.node[SUPPLIED, f, i]
                            if c.alive[ORIGIN, f, i]
                            else 0.0
                        )
                    if c.link[TAKES, k, g] > 0.0:
                        for i in range(n):
                            v = c.link[TAKES, k, g] * part[i]
                            for e in range(n):
                                block[i, e] += v * h.priced[g, i, e]
                    if c.link[MAKES, k, g] > 0.0:
                        for i in range(n):
                            if c.alive[ORIGIN, g, i]:
                                block[i, i] -= c.link[MAKES, k, g] * part[i] * w.node[PRICE, g, i]
        for i in range(n):
            part[i] = 0.0
        for j in range(n):
            u = w.node[BOUGHT, f, j] * c.node[THETA, f, j]
            for i in range(n):
                part[i] += h.priced[f, j, i] * u
        for i in range(n):
            if c.alive[ORIGIN, f, i]:
                h.block[f, f, i, i] -= (
                    part[i] / w.node[SOLD, f, i]
                    + w.node[MINED_SLOPE, f, i] * w.node[PRICE, f, i] / w.node[SUPPLIED, f, i]
                )
            else:
                h.block[f, f, i, i] = 1.0


@inner
def assemble_border(c, w, h):
    """Columns of the multipliers, rows of the limits, and their corner."""
    F, n = w.node.shape[1:]
    K = c.link.shape[1]
    G = c.group_form.shape[0]
    h.border[:] = 0.0
    h.corner[:] = 0.0
    pulled = np.zeros((G, n))  # sum over origins of s dd/dom, times theta_f
    for g in range(G):
        f = c.group_form[g]
        unit = c.group[SIGN, g] / c.group[GROUP_THETA, g]
        for j in range(n):
            t = 0.0
            for i in range(n):
                if c.group_route[NAMED, g, j, i]:
                    t += w.s[f, j, i] * c.route[PULL, f, j, i]
            if t == 0.0:
                continue
            t *= unit / c.node[THETA, f, j]
            pulled[g, j] = t
            weight = (w.node[BOUGHT, f, j] * c.node[THETA, f, j] + w.node[FINAL_SLOPE, f, j]) * t
            for i in range(n):
                v = w.s[f, j, i] * weight
                if c.group_route[NAMED, g, j, i]:
                    v -= w.s[f, j, i] * c.route[PULL, f, j, i] * unit * w.node[BOUGHT, f, j]
                if c.alive[ORIGIN, f, i]:
                    h.border[COLUMN, g, f * n + i] += v / w.node[SOLD, f, i]
            for k in range(K):
                if c.link[TAKES, k, f] > 0.0:
                    dx = -w.process[ACTIVITY_SLOPE, k, j] * c.link[TAKES, k, f] * t
                    for e in range(F):
                        if c.link[TAKES, k, e] > 0.0:
                            for i in range(n):
                                if c.alive[ORIGIN, e, i]:
                                    h.border[COLUMN, g, e * n + i] += (
                                        w.s[e, j, i] * c.link[TAKES, k, e] * dx / w.node[SOLD, e, i]
                                    )
                        if c.link[MAKES, k, e] > 0.0 and c.alive[ORIGIN, e, j]:
                            h.border[COLUMN, g, e * n + j] -= c.link[MAKES, k, e] * dx / w.node[SUPPLIED, e, j]
    for g in range(G):
        if not w.limit_row[g]:
            h.corner[g, g] = 1.0
            continue
        f = c.group_form[g]
        scale = -c.group[SIGN, g] / max(w.group_flow[g], 1e-300)
        for j in range(n):
            reach = 0.0
            for i in range(n):
                if c.group_route[OPEN, g, j, i]:
                    reach += w.s[f, j, i]
            if reach == 0.0:
                continue
            u = w.node[BOUGHT, f, j]
            weight = (u * c.node[THETA, f, j] + w.node[FINAL_SLOPE, f, j]) * reach
            for i in range(n):
                v = w.s[f, j, i] * c.route[DHAT, f, j, i] * weight
                if c.group_route[OPEN, g, j, i]:
                    v -= w.s[f, j, i] * c.route[SLOPE, f, j, i] * u
                h.border[ROW, g, f * n + i] += v * w.node[PRICE, f, i] * scale
            for k in range(K):
                if c.link[TAKES, k, f] > 0.0:
                    pass_on = reach * c.link[TAKES, k, f] * w.process[ACTIVITY_SLOPE, k, j] * scale
                    for e in range(F):
                        if c.link[MAKES, k, e] > 0.0 and c.alive[ORIGIN, e, j]:
                            h.border[ROW, g, e * n + j] += c.link[MAKES, k, e] * pass_on * w.node[PRICE, e, j]
                        if c.link[TAKES, k, e] > 0.0:
                            for i in range(n):
                                h.border[ROW, g, e * n + i] -= (
                                    c.link[TAKES, k, e]
                                    * pass_on
                                    * w.s[e, j, i]
                                    * c.route[DHAT, e, j, i]
                                    * w.node[PRICE, e, i]
                                )
            for other in range(G):
                e = c.group_form[other]
                t = pulled[other, j]
                if t == 0.0:
                    continue
                change = 0.0
                if e == f:
                    change += weight * t
                    unit = c.group[SIGN, other] / c.group[GROUP_THETA, other]
                    for i in range(n):
                        if c.group_route[OPEN, g, j, i] and c.group_route[NAMED, other, j, i]:
                            change -= w.s[f, j, i] * c.route[PULL, f, j, i] * unit * u
                for k in range(K):
                    change -= reach * c.link[TAKES, k, f] * w.process[ACTIVITY_SLOPE, k, j] * c.link[TAKES, k, e] * t
                h.corner[g, other] += change * scale


@inner
def eliminate(c, h):
    """Blocks to their eliminated form, then the border; False where a pivot vanishes."""
    F = c.order.shape[1]
    G, size = h.border.shape[1:]
    for at in range(F):
        f = c.order[0, at]
        if not invert(h.block[f, f], h.panel, h.strip, h.pivot):
            return False
        for beyond in range(at + 1, F):
            g = c.order[0, beyond]
            if c.order[1 + f, g] == 0:
                continue
            multiply(h.block[f, f], h.block[f, g], h.square[PRODUCT])
            h.block[f, g, :, :] = h.square[PRODUCT]
            for below in range(at + 1, F):
                e = c.order[0, below]
                if c.order[1 + e, f] > 0:
                    multiply(h.block[e, f], h.block[f, g], h.square[PRODUCT])
                    h.block[e, g, :, :] -= h.square[PRODUCT]
    for g in range(G):
        solve_blocks(c, h, h.border[COLUMN, g])
    for g in range(G):
        for e in range(G):
            total = 0.0
            for i in range(size):
                total += h.border[ROW, g, i] * h.border[COLUMN, e, i]
            h.corner[g, e] -= total
    return True


@inner
def apply(A, x, out):
    """out = A x."""
    for i in range(A.shape[0]):
        total = 0.0
        for e in range(A.shape[1]):
            total += A[i, e] * x[e]
        out[i] = total


@inner
def solve_blocks(c, h, x):
    """x becomes the solution of the blocks, without the border."""
    F = c.order.shape[1]
    n = h.priced.shape[2]
    out = np.empty(n)
    for at in range(F):
        f = c.order[0, at]
        for before in range(at):
            e = c.order[0, before]
            if c.order[1 + f, e] > 0:
                apply(h.block[f, e], x[e * n : e * n + n], out)
                for i in range(n):
                    x[f * n + i] -= out[i]
        apply(h.block[f, f], x[f * n : f * n + n], out)
        for i in range(n):
            x[f * n + i] = out[i]
    for at in range(F - 1, -1, -1):
        f = c.order[0, at]
        for after in range(at + 1, F):
            g = c.order[0, after]
            if c.order[1 + f, g] > 0:
                apply(h.block[f, g], x[g * n : g * n + n], out)
                for i in range(n):
                    x[f * n + i] -= out[i]


@inner
def solve_eliminated(c, h, x):
    """x [F n + G] becomes the solution of the whole matrix; False where the corner is singular."""
    G, size = h.border.shape[1:]
    solve_blocks(c, h, x[:size])
    if G == 0:
        return True
    S = h.corner.copy()
    y = np.empty(G)
    for g in range(G):
        total = x[size + g]
        for i in range(size):
            total -= h.border[ROW, g, i] * x[i]
        y[g] = total
    for col in range(G):
        best = col
        for r in range(col + 1, G):
            if abs(S[r, col]) > abs(S[best, col]):
                best = r
        if not abs(S[best, col]) > 1e-300:
            return False
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
        for i in range(size):
            x[i] -= h.border[COLUMN, g, i] * y[g]
    return True
