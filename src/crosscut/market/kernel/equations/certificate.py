"""Certificate: flows of a solved point, what some buyers pay, and its worst violations, recomputed apart
from the solver."""

from __future__ import annotations

import numpy as np

from crosscut.market.kernel.arrays import (
    ACTIVITY,
    BOUGHT,
    BUYER,
    CHARGES,
    CONSTANTS,
    FLOWS,
    GROUP_THETA,
    LAST,
    LIMIT,
    LOG_W,
    MAKES,
    MINED,
    NAMED,
    NOTHING,
    ONE_AXIS,
    OPEN,
    ORIGIN,
    PHI,
    PLACES,
    POINT,
    PRICE,
    RELEASED,
    RESIDUAL,
    SIGN,
    STOCKED,
    TAKES,
    THREE_AXES,
    TOLL,
    TWO_AXES,
    Z,
)
from crosscut.market.kernel.compiled import routine


@routine(CONSTANTS, POINT, FLOWS)
def set_flows(c, w, out):
    """Flows s U in t, and multipliers of caps less floors in USD/t."""
    flows, wedge = out.flows, out.wedge
    F, n = flows.shape[:2]
    m = w.node.shape[2]
    for f in range(F):
        for j in range(n):
            u = w.node[BOUGHT, f, j]
            for i in range(n):
                flows[f, i, j] = w.s[f, j, i] * u
                wedge[f, i, j] = 0.0
    for g in range(c.group_form.shape[0]):
        f = c.group_form[g]
        multiplier = c.group[SIGN, g] * w.vector[Z, F * m + g] / c.group[GROUP_THETA, g]
        if multiplier != 0.0:
            for j in range(n):
                for i in range(n):
                    if c.group_route[NAMED, g, j, i]:
                        wedge[f, i, j] += multiplier


@routine(CONSTANTS, POINT, CHARGES, FLOWS, TWO_AXES, ONE_AXIS)
def set_violations(c, w, charges, found, line, out):
    """out[0..4]: residual; mass, flow beyond a limit and money identity, relative; smallest multiplier in
    USD/t. `line`: two rows of scratch."""
    on_cif, tariff, tax, specific = charges.on_cif, charges.tariff, charges.export_tax, charges.specific
    freight, cif_shift = charges.freight, charges.cif_shift
    flows, wedge, delivered = found.flows, found.wedge, found.delivered
    F, n = flows.shape[:2]
    m = w.node.shape[2]
    K = c.link.shape[1]
    G = c.group_form.shape[0]
    residual, mass, over, smallest = 0.0, 0.0, 0.0, 0.0
    for at in range(w.vector.shape[1]):
        residual = (
            max(residual, abs(w.vector[RESIDUAL, at])) if abs(w.vector[RESIDUAL, at]) < np.inf else np.inf
        )
    sold, bought = line[0], line[1]
    paid, parts = 0.0, 0.0
    for f in range(F):
        total = 0.0
        for i in range(n):
            sold[i], bought[i] = 0.0, 0.0
        for i in range(n):
            p = w.node[PRICE, f, i] if c.alive[ORIGIN, f, i] else 0.0
            for j in range(n):
                q = flows[f, i, j]
                tau, t, fixed = tariff[f, i, j], freight[f, i, j], specific[f, i, j]
                on_freight = (tau if on_cif[j] else 0.0) + cif_shift[f, i, j]
                border = p * (1.0 + tax[f, i, j]) + wedge[f, i, j]
                delivered[f, i, j] = (1.0 + tau) * border + t * (1.0 + on_freight) + fixed
                if not c.route[LOG_W, f, j, i] > 0.5 * NOTHING:
                    delivered[f, i, j] = np.nan
                if q == 0.0:
                    continue
                sold[i] += q
                total += q
                bought[j] += q
                paid += q * delivered[f, i, j]
                parts += q * p + q * p * tax[f, i, j] + q * wedge[f, i, j] + q * t
                parts += q * (tau * border + on_freight * t + fixed)
        least = 1e-9 * max(total, 1e-300)
        for i in range(n):
            made, used = w.node[MINED, f, i] + w.node[RELEASED, f, i], w.node[STOCKED, f, i]
            for k in range(K):
                made += c.link[MAKES, k, f] * w.process[ACTIVITY, k, i]
                used += c.link[TAKES, k, f] * w.process[ACTIVITY, k, i]
            for u in range(c.use.shape[3]):
                used += w.final[f, i, u]
            if not c.alive[BUYER, f, i]:
                used = 0.0
            mass = max(mass, abs(sold[i] - made) / max(abs(sold[i]), abs(made), least))
            mass = max(mass, abs(bought[i] - used) / max(abs(bought[i]), abs(used), least))
    for g in range(G):
        f = c.group_form[g]
        multiplier = w.vector[Z, F * m + g] / c.group[GROUP_THETA, g]
        smallest = min(smallest, multiplier)
        limit = c.group[LAST, g] if multiplier >= c.group[TOLL, g] * (1.0 - 1e-9) else c.group[LIMIT, g]
        if 0.0 < limit < np.inf:
            flow = 0.0
            for j in range(n):
                for i in range(n):
                    if c.group_route[OPEN, g, j, i]:
                        flow += flows[f, i, j]
            over = max(over, c.group[SIGN, g] * (flow / limit - 1.0))
    out[0], out[1], out[2] = residual, mass, over
    out[3] = abs(paid - parts) / max(abs(paid), 1e-300)
    out[4] = smallest


@routine(CONSTANTS, POINT, PLACES, FLOWS, THREE_AXES)
def set_bought(c, w, places, found, out):
    """out[0..2, f, place]: marginal price, final use, average delivered price (see
    `crosscut.market.read.solved_market`)."""
    flows, delivered = found.flows, found.delivered
    F, n = flows.shape[:2]
    for f in range(F):
        for at in range(places.shape[0]):
            j = places[at]
            used, spent, bought = 0.0, 0.0, 0.0
            for u in range(c.use.shape[3]):
                used += w.final[f, j, u]
            for i in range(n):
                q = flows[f, i, j]
                if q > 0.0:
                    spent += q * delivered[f, i, j]
                    bought += q
            out[0, f, at] = w.node[PHI, f, j] if c.alive[BUYER, f, j] else np.nan
            out[1, f, at] = used
            out[2, f, at] = spent / bought if bought > 0.0 else np.nan
