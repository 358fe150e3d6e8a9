"""Curves: what is processed, used and supplied at given prices, with slopes."""

from __future__ import annotations

import numpy as np

from crosscut.market.kernel.arrays import (
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
    ETA,
    FINAL_SLOPE,
    FLOOR,
    FLOOR_SHARE,
    KAPPA,
    LO,
    LOG,
    LOG_A,
    LOG_K,
    LOWEST,
    MAKES,
    MARGIN,
    MINED,
    MINED_SLOPE,
    ORIGIN,
    PHI,
    PHI0,
    PRICE,
    PRODUCER,
    PURCHASES,
    RATE,
    RATIO,
    RELEASED,
    S_COUNTRY,
    S_FORM,
    S_HELD,
    S_TONNES,
    S_TRIGGER,
    S_WIDTH,
    SOLD,
    STEEPNESS,
    STOCKED,
    SUBSIDY,
    SUPPLIED,
    SUPPORTED,
    SWITCH_SHARE,
    SWITCH_TRIGGER,
    SWITCH_WIDTH,
    SWITCHES,
    TAKES,
    ZC,
    Z,
)
from crosscut.market.kernel.compiled import inner
from crosscut.market.kernel.rows import exponential, exponentiate, set_scaled, take_logarithms
from crosscut.market.model.policy_curves import BAND


@inner
def logistic(x):
    """1 / (1 + e^-x)."""
    return 1.0 / (1.0 + exponential(-x))


@inner
def producer_price(p, subsidy, floor, share):
    """What producers get at market price p, and its slope (see `crosscut.market.model.policy_curves`)."""
    if not floor > 0.0:
        return p + subsidy, 1.0
    h = BAND * floor
    short = floor - p
    gap = short if short >= h else ((short + h) ** 2 / (4.0 * h) if short > -h else 0.0)
    return p + subsidy + share * gap, 1.0 - share * min(max((short + h) / (2.0 * h), 0.0), 1.0)


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
                    w.process[ACTIVITY, k, i] *= exponential(max(idle, -690.0))
                w.process[ACTIVITY_SLOPE, k, i] = (
                    c.process[KAPPA, k, i] * w.process[ACTIVITY, k, i] * (1.0 - share) * c.fx[i]
                )
            else:
                w.process[ACTIVITY, k, i] = 0.0
                w.process[ACTIVITY_SLOPE, k, i] = 0.0


@inner
def demand_at(c, w, h):
    """What processing does, final use with its slope in phi, and everything bought."""
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
        take_logarithms(h.line[LOG], n)
        for j in range(n):
            beyond = k * (h.line[LOG, j] - log_zc)
            h.line[BEYOND, j] = 700.0 if beyond > 700.0 else beyond
            w.node[FINAL_SLOPE, f, j] = 0.0
            w.node[BOUGHT, f, j] = 0.0
            w.node[STOCKED, f, j] = 0.0
        exponentiate(h.line[BEYOND], n)
        for u in range(U):
            set_scaled(h.line[LOG], h.line[ANSWER], -c.eps[f, u], n)
            exponentiate(h.line[ANSWER], n)
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
                beyond = exponential(min(k * (np.log(price) - log_zc), 700.0))
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


@inner
def supply_at(c, w, h):
    """Primary supply and its slope in the dollar price, and everything supplied."""
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
                        held = exponential(min(r * (free - c.node[LOG_K + part, f, i]), 690.0))
                    out = exponential(free - np.log1p(held) / r)
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
