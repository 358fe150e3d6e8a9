"""Point: the equations of the market evaluated at given prices and multipliers."""

from __future__ import annotations

import numpy as np

from crosscut.market.kernel.arrays import (
    BOUGHT,
    BUYER,
    GROUP_THETA,
    LAST,
    LIMIT,
    LOG_W,
    LOWEST,
    NAMED,
    NOW,
    OPEN,
    ORIGIN,
    OUT,
    PHI,
    PHI0,
    PRICE,
    PULL,
    RATE,
    RESIDUAL,
    SIGN,
    SLOPE,
    SOLD,
    SUPPLIED,
    TARGET,
    THETA,
    TOLL,
    Z,
)
from crosscut.market.kernel.compiled import inner
from crosscut.market.kernel.equations.curves import demand_at, plants_sell, supply_at
from crosscut.market.kernel.rows import (
    add_scaled,
    dot,
    exponentiate,
    fill,
    greatest,
    scale,
    set_exponents,
    shift,
    take_logarithms,
    total,
)


@inner
def sourcing_at(c, w, h):
    """Shares s and the cost of the marginal tonne phi, 0 where nobody buys."""
    F, n = w.node.shape[1:]
    G = c.group_form.shape[0]
    for f in range(F):
        held = False  # some group of this form has a multiplier
        for g in range(G):
            held = held or (c.group_form[g] == f and w.vector[Z, F * n + g] != 0.0)
        m = c.order[1 + F, f]  # nobody beyond sells
        for j in range(n):
            s = w.s[f, j]
            if not c.alive[BUYER, f, j]:
                w.node[PHI, f, j] = 1.0
                fill(s, 0.0, n)
                continue
            set_exponents(c.route[LOG_W, f, j], c.route[SLOPE, f, j], w.node[PRICE, f], s, m)
            if held:
                for g in range(G):
                    multiplier = c.group[SIGN, g] * w.vector[Z, F * n + g] / c.group[GROUP_THETA, g]
                    if c.group_form[g] == f and multiplier != 0.0:
                        for i in range(m):
                            if c.group_route[NAMED, g, j, i]:
                                s[i] -= c.route[PULL, f, j, i] * multiplier
            top = greatest(s, m)
            shift(s, -top, m)
            exponentiate(s, m)
            fill(s[m:], 0.0, n - m)
            h.line[OUT, j] = top
            whole = total(s, m)
            w.node[PHI, f, j] = whole
            scale(s, 1.0 / whole, m)
        take_logarithms(w.node[PHI, f], n)
        for j in range(n):
            if c.alive[BUYER, f, j]:
                w.node[PHI, f, j] = (
                    c.node[PHI0, f, j] - (w.node[PHI, f, j] + h.line[OUT, j]) / c.node[THETA, f, j]
                )
    return 0.0


@inner
def sales_at(c, w):
    """Sales added to what stocks hold back, and the flow of each group."""
    F, n = w.node.shape[1:]
    for f in range(F):
        for j in range(n):
            u = w.node[BOUGHT, f, j]
            if u > 0.0:
                add_scaled(w.s[f, j], w.node[SOLD, f], u, n)
    for g in range(c.group_form.shape[0]):
        f = c.group_form[g]
        flow = 0.0
        for j in range(n):
            u = w.node[BOUGHT, f, j]
            for i in range(n):
                if c.group_route[OPEN, g, j, i]:
                    flow += w.s[f, j, i] * u
        w.group_flow[g] = flow


@inner
def evaluate(c, w, h):
    """Everything at the unknowns; the 2-norm of the residuals less their target."""
    F, n = w.node.shape[1:]
    for f in range(F):
        for i in range(n):
            v = w.vector[Z, f * n + i]
            v = 690.0 if v > 690.0 else v
            v = -690.0 if v < -690.0 else v
            w.node[RATE, f, i] = 1.0
            if v <= c.node[LOWEST, f, i] and plants_sell(
                c, f, i
            ):  # the rest is ln of the share of lines that run
                v = c.node[LOWEST, f, i]
                w.node[RATE, f, i] = 0.0
            w.node[PRICE, f, i] = v
    for f in range(F):
        exponentiate(w.node[PRICE, f], n)
        for i in range(n):
            w.node[RATE, f, i] *= w.node[PRICE, f, i]
    sourcing_at(c, w, h)
    demand_at(c, w, h)
    supply_at(c, w, h)
    sales_at(c, w)
    for f in range(F):
        for i in range(n):
            sold, supplied = w.node[SOLD, f, i], w.node[SUPPLIED, f, i]
            sold, supplied = 1e-300 if sold < 1e-300 else sold, 1e-300 if supplied < 1e-300 else supplied
            w.vector[RESIDUAL, f * n + i] = sold / supplied if c.alive[ORIGIN, f, i] else 1.0
    residual = w.vector[RESIDUAL]
    take_logarithms(residual, F * n)
    add_scaled(w.vector[TARGET], residual, -1.0, F * n)
    squares = dot(residual, residual, F * n)
    for g in range(c.group_form.shape[0]):
        slack = c.group[SIGN, g] * (
            np.log(max(c.group[LIMIT, g], 1e-300)) - np.log(max(w.group_flow[g], 1e-300))
        )
        scaled = w.vector[Z, F * n + g]
        w.limit_row[NOW, g] = slack < scaled
        r = slack if slack < scaled else scaled
        if (
            slack < scaled and c.group[TOLL, g] < np.inf
        ):  # what passes the limit pays the toll, up to the last tonne
            beyond = scaled - c.group[GROUP_THETA, g] * c.group[TOLL, g]
            last = np.log(max(c.group[LAST, g], 1e-300)) - np.log(max(w.group_flow[g], 1e-300))
            if slack < min(beyond, last):
                w.limit_row[NOW, g] = last < beyond
                r = min(beyond, last)
        r -= w.vector[TARGET, F * n + g]
        w.vector[RESIDUAL, F * n + g] = r
        squares += r * r
    return np.sqrt(squares)
