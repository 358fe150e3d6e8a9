"""Border: columns of the multipliers and rows of the limits beside the blocks of the Jacobian."""

from __future__ import annotations

from crosscut.market.kernel.arrays import (
    ACTIVITY_SLOPE,
    BOUGHT,
    COLUMN,
    FINAL_SLOPE,
    GROUP_THETA,
    MAKES,
    NAMED,
    NOW,
    OPEN,
    ORIGIN,
    PULL,
    RATE,
    ROW,
    SIGN,
    SLOPE,
    SOLD,
    SUPPLIED,
    TAKES,
    THETA,
)
from crosscut.market.kernel.compiled import inner
from crosscut.market.kernel.equations.curves import activity_moved
from crosscut.market.kernel.rows import add_scaled, fill


@inner
def assemble_border(c, w, h):
    """Columns of the multipliers, rows of the limits, and their corner; reads s dhat p, which the blocks
    left."""
    F, n = w.node.shape[1:]
    K = c.link.shape[1]
    G = c.group_form.shape[0]
    for g in range(G):
        fill(h.border[COLUMN, g], 0.0, F * n)
        fill(h.border[ROW, g], 0.0, F * n)
        fill(h.pulled[g], 0.0, n)  # sum over origins of s dd/dom, times theta_f
        for e in range(G):
            h.corner[g, e] = 0.0
    for g in range(G):
        f = c.group_form[g]
        unit = c.group[SIGN, g] / c.group[GROUP_THETA, g]
        column = h.border[COLUMN, g]
        for j in range(n):
            t = 0.0
            for i in range(n):
                if c.group_route[NAMED, g, j, i]:
                    t += w.s[f, j, i] * c.route[PULL, f, j, i]
            if t == 0.0:
                continue
            t *= unit / c.node[THETA, f, j]
            h.pulled[g, j] = t
            weight = (w.node[BOUGHT, f, j] * c.node[THETA, f, j] + w.node[FINAL_SLOPE, f, j]) * t
            add_scaled(w.s[f, j], column[f * n :], weight, n)
            u = unit * w.node[BOUGHT, f, j]
            for i in range(n):
                if c.group_route[NAMED, g, j, i]:
                    column[f * n + i] -= w.s[f, j, i] * c.route[PULL, f, j, i] * u
            for k in range(K):
                if c.link[TAKES, k, f] > 0.0:
                    dx = -w.process[ACTIVITY_SLOPE, k, j] * c.link[TAKES, k, f] * t
                    for e in range(F):
                        if c.link[TAKES, k, e] > 0.0:
                            add_scaled(w.s[e, j], column[e * n :], c.link[TAKES, k, e] * dx, n)
        for e in range(F):
            for i in range(n):
                if c.alive[ORIGIN, e, i]:
                    made = 0.0
                    for k in range(K):
                        dx = -w.process[ACTIVITY_SLOPE, k, i] * c.link[TAKES, k, f] * h.pulled[g, i]
                        made += c.link[MAKES, k, e] * dx
                    column[e * n + i] = column[e * n + i] / w.node[SOLD, e, i] - made / w.node[SUPPLIED, e, i]
                else:
                    column[e * n + i] = 0.0
    for g in range(G):
        if not w.limit_row[NOW, g]:
            h.corner[g, g] = 1.0
            continue
        f = c.group_form[g]
        row = h.border[ROW, g]
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
            add_scaled(h.priced[f, j], row[f * n :], weight * scale, n)
            for i in range(n):
                if c.group_route[OPEN, g, j, i]:
                    v = w.s[f, j, i] * c.route[SLOPE, f, j, i] * u
                    row[f * n + i] -= v * w.node[RATE, f, i] * scale
            for k in range(K):
                if c.link[TAKES, k, f] > 0.0:
                    taken = reach * c.link[TAKES, k, f] * scale
                    pass_on = taken * w.process[ACTIVITY_SLOPE, k, j]
                    for e in range(F):
                        if c.link[MAKES, k, e] > 0.0 and c.alive[ORIGIN, e, j]:
                            row[e * n + j] += taken * activity_moved(c, w, k, e, j)
                        if c.link[TAKES, k, e] > 0.0:
                            add_scaled(h.priced[e, j], row[e * n :], -c.link[TAKES, k, e] * pass_on, n)
            for other in range(G):
                e = c.group_form[other]
                t = h.pulled[other, j]
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
                    change -= (
                        reach
                        * c.link[TAKES, k, f]
                        * w.process[ACTIVITY_SLOPE, k, j]
                        * c.link[TAKES, k, e]
                        * t
                    )
                h.corner[g, other] += change * scale
    return 0.0
