"""Point: the equations of the market evaluated at given prices and multipliers, in compiled loops."""

from __future__ import annotations

import numpy as np

from crosscut.market.kernel.arrays import constants_at, matrix_at, point_at
from crosscut.market.kernel.elementary import inner
from crosscut.market.kernel.routine_table import piece, result_of
from crosscut.market.kernel.row_indices import (
    ACTIVITY,
    ACTIVITY_SLOPE,
    ANSWER,
    BEND,
    BEYOND,
    BOUGHT,
    BUYER,
    CAPACITY,
    COST,
    D0,
    DEMAND,
    ETA,
    EVALUATE,
    FINAL_SLOPE,
    FLOOR,
    FLOOR_SHARE,
    GROUP_THETA,
    KAPPA,
    LAST,
    LIMIT,
    LO,
    LOG,
    LOG_A,
    LOG_K,
    LOWEST,
    MAKES,
    MARGIN,
    MINED,
    MINED_SLOPE,
    NAMED,
    NOW,
    OPEN,
    ORIGIN,
    OUT,
    PHI,
    PHI0,
    PRICE,
    PRODUCER,
    PULL,
    PURCHASES,
    RATE,
    RATIO,
    RELEASED,
    RESIDUAL,
    S_COUNTRY,
    S_FORM,
    S_HELD,
    S_TONNES,
    S_TRIGGER,
    S_WIDTH,
    SIGN,
    SLOPE,
    SOLD,
    SOURCING,
    STEEPNESS,
    STOCKED,
    SUBSIDY,
    SUPPLIED,
    SUPPLY,
    SUPPORTED,
    SWITCH_SHARE,
    SWITCH_TRIGGER,
    SWITCH_WIDTH,
    SWITCHES,
    TAKES,
    TARGET,
    THETA,
    TOLL,
    ZC,
    Z,
)
from crosscut.market.kernel.vectors import (
    add_scaled,
    dot,
    exponentiate,
    fast_exp,
    fill,
    scale,
    set_exponents,
    set_scaled,
    shift,
    take_logarithms,
    total,
)
from crosscut.market.model.policy_curves import BAND


@inner
def logistic(x):
    """1 / (1 + e^-x)."""
    return 1.0 / (1.0 + fast_exp(-x))


@inner
def producer_price(p, subsidy, floor, share):
    """What producers get at market price p, and its slope (see `crosscut.market.model.policy_curves`)."""
    if not floor > 0.0:
        return p + subsidy, 1.0
    h = BAND * floor
    short = floor - p
    gap = short if short >= h else ((short + h) ** 2 / (4.0 * h) if short > -h else 0.0)
    return p + subsidy + share * gap, 1.0 - share * min(max((short + h) / (2.0 * h), 0.0), 1.0)


@piece(SOURCING)
def sourcing_at(table):
    """Shares s and the cost of the marginal tonne phi, 0 where nobody buys."""
    c, w, h = constants_at(table), point_at(table), matrix_at(table)
    F, n = w.node.shape[1:]
    G = c.group_form.shape[0]
    slopes = SLOPE * F * n * n
    for f in range(F):
        held = False  # some group of this form has a multiplier
        for g in range(G):
            held = held or (c.group_form[g] == f and w.vector[Z, F * n + g] != 0.0)
        m = c.order[1 + F, f]  # nobody beyond sells
        for j in range(n):
            at = (f * n + j) * n
            if not c.alive[BUYER, f, j]:
                w.node[PHI, f, j] = 1.0
                fill(w.s, at, 0.0, n)
                continue
            top = set_exponents(c.route, at, c.route, slopes + at, w.node, (PRICE * F + f) * n, w.s, at, m)
            if held:
                for g in range(G):
                    multiplier = c.group[SIGN, g] * w.vector[Z, F * n + g] / c.group[GROUP_THETA, g]
                    if c.group_form[g] == f and multiplier != 0.0:
                        for i in range(m):
                            if c.group_route[NAMED, g, j, i]:
                                w.s[f, j, i] -= c.route[PULL, f, j, i] * multiplier
                top = w.s[f, j, 0]
                for i in range(m):
                    v = w.s[f, j, i]
                    top = v if v > top else top
            shift(w.s, at, -top, m)
            exponentiate(w.s, at, m)
            fill(w.s, at + m, 0.0, n - m)
            h.line[OUT, j] = top
            whole = total(w.s, at, m)
            w.node[PHI, f, j] = whole
            scale(w.s, at, 1.0 / whole, m)
        take_logarithms(w.node, (PHI * F + f) * n, n)
        for j in range(n):
            if c.alive[BUYER, f, j]:
                w.node[PHI, f, j] = (
                    c.node[PHI0, f, j] - (w.node[PHI, f, j] + h.line[OUT, j]) / c.node[THETA, f, j]
                )
    return 0.0


@inner
def plants_sell(c, f, i):
    """Whether some plant makes the form here."""
    found = False
    for k in range(c.link.shape[1]):
        found = found or (c.link[MAKES, k, f] > 0.0 and c.process[CAPACITY, k, i] > 0.0)
    return found


@inner
def activity_moved(c, w, k, f, i):
    """What the activity of a process moves by with the unknown of a form it makes: ln p, or ln of the share
    of its lines that run (see `crosscut.market.solve.idle_lines`)."""
    if w.node[RATE, f, i] == 0.0:
        return w.process[ACTIVITY, k, i]
    return c.link[MAKES, k, f] * w.process[ACTIVITY_SLOPE, k, i] * w.node[RATE, f, i]


@inner
def processing_at(c, w):
    """Margins, activity and its slope in the margin (per USD of the dollar margin)."""
    K, n = w.process.shape[1:]
    F = w.node.shape[1]
    for k in range(K):
        for i in range(n):
            m, idle = 0.0, 0.0  # idle: ln of the share of lines that run
            for f in range(F):
                if c.link[MAKES, k, f] > 0.0 and c.alive[ORIGIN, f, i]:
                    m += c.link[MAKES, k, f] * w.node[PRICE, f, i]
                    if w.node[RATE, f, i] == 0.0:
                        idle += w.vector[Z, f * n + i] - c.node[LOWEST, f, i]
                if c.link[TAKES, k, f] > 0.0:
                    m -= c.link[TAKES, k, f] * w.node[PHI, f, i]
            m = m * c.fx[i] - c.process[COST, k, i]
            w.process[MARGIN, k, i] = m
            if c.process[CAPACITY, k, i] > 0.0:
                share = logistic(c.process[KAPPA, k, i] * m)
                w.process[ACTIVITY, k, i] = c.process[CAPACITY, k, i] * share
                if idle < 0.0:
                    w.process[ACTIVITY, k, i] *= fast_exp(max(idle, -690.0))
                w.process[ACTIVITY_SLOPE, k, i] = (
                    c.process[KAPPA, k, i] * w.process[ACTIVITY, k, i] * (1.0 - share) * c.fx[i]
                )
            else:
                w.process[ACTIVITY, k, i] = 0.0
                w.process[ACTIVITY_SLOPE, k, i] = 0.0


@piece(DEMAND)
def demand_at(table):
    """What processing does, final use with its slope in phi, and everything bought."""
    c, w, h = constants_at(table), point_at(table), matrix_at(table)
    processing_at(c, w)
    F, n, U = c.use.shape[1:]
    K = c.link.shape[1]
    zc, lo, k = c.number[ZC], c.number[LO], c.number[STEEPNESS]
    log_zc = np.log(zc)
    whole = 1.0 + zc ** (-k)
    switches = c.number[SWITCHES] > 0.0
    for f in range(F):
        for j in range(n):
            z = w.node[PHI, f, j] * c.fx[j] / c.node[PHI0, f, j] if c.alive[BUYER, f, j] else 1.0
            h.line[RATIO, j] = z
            h.line[LOG, j] = z if z > lo or z != z else lo
        take_logarithms(h.line, LOG * n, n)
        for j in range(n):
            beyond = k * (h.line[LOG, j] - log_zc)
            h.line[BEYOND, j] = 700.0 if beyond > 700.0 else beyond
            w.node[FINAL_SLOPE, f, j] = 0.0
            w.node[BOUGHT, f, j] = 0.0
            w.node[STOCKED, f, j] = 0.0
        exponentiate(h.line, BEYOND * n, n)
        for u in range(U):
            set_scaled(h.line, LOG * n, h.line, ANSWER * n, -c.eps[f, u], n)
            exponentiate(h.line, ANSWER * n, n)
            for j in range(n):
                d0 = c.use[D0, f, j, u]
                if d0 == 0.0 or not c.alive[BUYER, f, j]:
                    w.final[f, j, u] = 0.0
                    continue
                z, beyond = h.line[RATIO, j], h.line[BEYOND, j]
                above = lo if z < lo else z
                g = h.line[ANSWER, j] * whole / (1.0 + beyond)
                dg = -g * (c.eps[f, u] + k * beyond / (1.0 + beyond)) / above
                used, slope = d0 * (g + dg * (z - above)), d0 * dg
                if switches and c.use[SWITCH_SHARE, f, j, u] > 0.0:
                    width = c.use[SWITCH_WIDTH, f, j, u]
                    at_base = logistic((1.0 - c.use[SWITCH_TRIGGER, f, j, u]) / width)
                    here = logistic((z - c.use[SWITCH_TRIGGER, f, j, u]) / width)
                    part = c.use[SWITCH_SHARE, f, j, u] / (1.0 - at_base)
                    stays = 1.0 - part * (here - at_base)
                    slope = slope * stays - used * part * here * (1.0 - here) / width
                    used *= stays
                w.final[f, j, u] = used
                w.node[BOUGHT, f, j] += used
                w.node[FINAL_SLOPE, f, j] += slope * c.fx[j] / c.node[PHI0, f, j]
        for j in range(n):
            if c.node[PURCHASES, f, j] > 0.0 and c.alive[BUYER, f, j]:
                price = max(h.line[RATIO, j], 1e-300)
                beyond = fast_exp(min(k * (np.log(price) - log_zc), 700.0))
                taken = c.node[PURCHASES, f, j] * whole / (1.0 + beyond)
                w.node[STOCKED, f, j] = taken
                w.node[BOUGHT, f, j] += taken
                w.node[FINAL_SLOPE, f, j] -= (
                    k * beyond / (1.0 + beyond) * taken / price * c.fx[j] / c.node[PHI0, f, j]
                )
    for p in range(K):
        for f in range(F):
            if c.link[TAKES, p, f] > 0.0:
                for j in range(n):
                    w.node[BOUGHT, f, j] += c.link[TAKES, p, f] * w.process[ACTIVITY, p, j]
    return 0.0


@piece(SUPPLY)
def supply_at(table):
    """Primary supply and its slope in the dollar price, and everything supplied."""
    c, w = constants_at(table), point_at(table)
    F, n = w.node.shape[1:]
    K = c.link.shape[1]
    r = c.number[BEND]
    supported = c.number[SUPPORTED] > 0.0
    for f in range(F):
        for i in range(n):
            mined, slope = 0.0, 0.0
            price, gain = w.node[PRICE, f, i], 1.0
            log_y = w.vector[Z, f * n + i]
            if w.node[RATE, f, i] == 0.0:
                log_y = c.node[LOWEST, f, i]
            if supported:
                price, gain = producer_price(
                    price, c.node[SUBSIDY, f, i], c.node[FLOOR, f, i], c.node[FLOOR_SHARE, f, i]
                )
                log_y = np.log(price)
            w.node[PRODUCER, f, i] = price
            if c.alive[ORIGIN, f, i]:
                log_y += np.log(c.fx[i])
                for part in range(2):
                    if c.node[LOG_A + part, f, i] == -np.inf or c.node[LOG_K + part, f, i] == -np.inf:
                        continue
                    free = c.node[LOG_A + part, f, i] + c.node[ETA + part, f, i] * log_y
                    held = 0.0
                    if c.node[LOG_K + part, f, i] < np.inf:
                        held = fast_exp(min(r * (free - c.node[LOG_K + part, f, i]), 690.0))
                    out = fast_exp(free - np.log1p(held) / r)
                    mined += out
                    slope += c.node[ETA + part, f, i] * out / (1.0 + held)
            w.node[MINED, f, i] = mined
            w.node[MINED_SLOPE, f, i] = slope / price * gain
            w.node[RELEASED, f, i] = 0.0
            w.node[SOLD, f, i] = 0.0
            w.node[SUPPLIED, f, i] = mined
    for at in range(c.stock.shape[1]):
        f, i = int(c.stock[S_FORM, at]), int(c.stock[S_COUNTRY, at])
        if c.alive[ORIGIN, f, i]:
            tonnes, width, held = c.stock[S_TONNES, at], c.stock[S_WIDTH, at], c.stock[S_HELD, at]
            here = logistic((w.node[PRICE, f, i] - c.stock[S_TRIGGER, at]) / width)
            w.node[RELEASED, f, i] += tonnes * here - held
            w.node[MINED_SLOPE, f, i] += tonnes * here * (1.0 - here) / width
            w.node[SUPPLIED, f, i] += tonnes * here  # what stocks hold back at base prices is on both sides
            w.node[SOLD, f, i] += held
    for k in range(K):
        for f in range(F):
            if c.link[MAKES, k, f] > 0.0:
                for i in range(n):
                    w.node[SUPPLIED, f, i] += c.link[MAKES, k, f] * w.process[ACTIVITY, k, i]
    return 0.0


@inner
def sales_at(c, w):
    """Sales added to what stocks hold back, and the flow of each group."""
    F, n = w.node.shape[1:]
    for f in range(F):
        for j in range(n):
            u = w.node[BOUGHT, f, j]
            if u > 0.0:
                add_scaled(w.s, (f * n + j) * n, w.node, (SOLD * F + f) * n, u, n)
    for g in range(c.group_form.shape[0]):
        f = c.group_form[g]
        flow = 0.0
        for j in range(n):
            u = w.node[BOUGHT, f, j]
            for i in range(n):
                if c.group_route[OPEN, g, j, i]:
                    flow += w.s[f, j, i] * u
        w.group_flow[g] = flow


@piece(EVALUATE)
def evaluate(table):
    """Everything at the unknowns; the 2-norm of the residuals less their target."""
    c, w = constants_at(table), point_at(table)
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
    exponentiate(w.node, PRICE * F * n, F * n)
    for f in range(F):
        for i in range(n):
            w.node[RATE, f, i] *= w.node[PRICE, f, i]
    result_of(SOURCING, table)
    result_of(DEMAND, table)
    result_of(SUPPLY, table)
    sales_at(c, w)
    for f in range(F):
        for i in range(n):
            sold, supplied = w.node[SOLD, f, i], w.node[SUPPLIED, f, i]
            sold, supplied = 1e-300 if sold < 1e-300 else sold, 1e-300 if supplied < 1e-300 else supplied
            w.vector[RESIDUAL, f * n + i] = sold / supplied if c.alive[ORIGIN, f, i] else 1.0
    residual = RESIDUAL * w.vector.shape[1]
    take_logarithms(w.vector, residual, F * n)
    add_scaled(w.vector, TARGET * w.vector.shape[1], w.vector, residual, -1.0, F * n)
    squares = dot(w.vector, residual, w.vector, residual, F * n)
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
