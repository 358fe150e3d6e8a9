"""Jacobian: exact derivatives of the residuals with respect to log prices and scaled multipliers.

With dhat = m (1 + e) and K_j = D' s s' - U theta (diag(s) - s s'), per form and destination. Forms are coupled only
where a process joins them; everything is assembled as matrix products over origins.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from crosscut.market.state import Market, State

Array = NDArray[np.float64]


def jacobian(market: Market, state: State, limit_row: NDArray[np.bool_]) -> Array:
    """dR / d(ln p at live origins, theta_g om_g), square, in the order of `residuals`."""
    c, ev, alive = market.calibration, market.events, market.alive
    F, n = state.p.shape
    G = len(market.groups)
    fx = 1.0 + ev.fx
    s, p = state.s, np.where(alive.origin, state.p, 0.0)
    theta = np.where(alive.buyer, np.nan_to_num(c.theta), 0.0)
    local = np.where(alive.buyer, state.phi * fx, np.nan_to_num(c.phi0))
    with np.errstate(invalid="ignore", divide="ignore"):
        final = market.demand.slope(local).sum(axis=2)
        if market.purchase is not None:
            final = final + market.purchase.slope(local)
        slope = np.where(alive.buyer, final * fx, 0.0)
        mined = market.supply.slope(state.producer * fx) * fx
        if market.producer_price is not None:
            mined = mined * market.producer_price.slope(state.p)
        if market.release is not None:
            mined = mined + market.release.slope(state.p)
        mined = np.where(alive.origin, mined, 0.0)
    x1 = np.where(alive.process, market.processing.slope(state.margin) * fx, 0.0)  # dx per USD of margin
    pull = state.bought * theta  # U theta
    both = pull + slope  # weight of s s'
    sd = np.where(alive.route, s * market.dhat, 0.0)

    dq = np.zeros((F, n, F, n))
    ds = np.zeros((F, n, F, n))
    takes = [np.flatnonzero(row).tolist() for row in c.a]
    makes = [np.flatnonzero(row).tolist() for row in c.b]
    for f in range(F):
        dq[f, :, f, :] += (s[f] * both[f]) @ sd[f].T
        np.einsum("ii->i", dq[f, :, f, :])[...] -= sd[f] @ pull[f]
        np.einsum("ii->i", ds[f, :, f, :])[...] += mined[f]
    for k in range(len(c.a)):
        for f in takes[k]:
            for g in makes[k]:
                dq[f, :, g, :] += s[f] * (c.a[k, f] * c.b[k, g] * x1[k])
            for g in takes[k]:
                dq[f, :, g, :] -= (s[f] * (c.a[k, f] * c.a[k, g] * x1[k])) @ sd[g].T
        for f in makes[k]:
            for g in makes[k]:
                np.einsum("ii->i", ds[f, :, g, :])[...] += c.b[k, f] * c.b[k, g] * x1[k]
            for g in takes[k]:
                ds[f, :, g, :] -= (c.b[k, f] * c.a[k, g] * x1[k])[:, None] * sd[g].T

    live = alive.origin.ravel()
    sold, supplied = state.sold.ravel()[live], state.supplied.ravel()[live]
    size = int(live.sum())
    J = np.zeros((size + G, size + G))
    price = p.ravel()[live]
    full_q = dq.reshape(F * n, F * n)[np.ix_(live, live)]
    full_s = ds.reshape(F * n, F * n)[np.ix_(live, live)]
    J[:size, :size] = (full_q / sold[:, None] - full_s / supplied[:, None]) * price
    if not G:
        return J

    for g, group in enumerate(market.groups):
        f = group.form
        v = np.where(group.routes & alive.route[f], market.m[f], 0.0) * (market.sign[g] / market.theta_g[g])
        t = (s[f] * v).sum(axis=0)
        dqg, dsg = np.zeros((F, n)), np.zeros((F, n))
        dqg[f] = s[f] @ (both[f] * t) - (s[f] * v) @ pull[f]
        for k in np.flatnonzero(c.a[:, f]).tolist():
            dx = -x1[k] * c.a[k, f] * t
            for h in takes[k]:
                dqg[h] += s[h] @ (c.a[k, h] * dx)
            for h in makes[k]:
                dsg[h] += c.b[k, h] * dx
        J[:size, size + g] = dqg.ravel()[live] / sold - dsg.ravel()[live] / supplied

    for g, (group, members) in enumerate(zip(market.groups, market.members, strict=True)):
        if not limit_row[g]:
            J[size + g, size + g] = 1.0
            continue
        f = group.form
        rho = np.where(members, s[f], 0.0)
        reach = rho.sum(axis=0)
        dflow = np.zeros((F, n))
        dflow[f] = sd[f] @ (both[f] * reach) - np.where(members, sd[f], 0.0) @ pull[f]
        for k in np.flatnonzero(c.a[:, f]).tolist():
            weight = reach * c.a[k, f] * x1[k]
            for h in makes[k]:
                dflow[h] += c.b[k, h] * weight
            for h in takes[k]:
                dflow[h] -= c.a[k, h] * (sd[h] @ weight)
        scale = -market.sign[g] / max(state.group_flow[g], 1e-300)
        J[size + g, :size] = dflow.ravel()[live] * price * scale
        for other, (second, _) in enumerate(zip(market.groups, market.members, strict=True)):
            h = second.form
            v = np.where(second.routes & alive.route[h], market.m[h], 0.0) * (
                market.sign[other] / market.theta_g[other]
            )
            t = (s[h] * v).sum(axis=0)
            change = 0.0
            if h == f:
                change += float((both[f] * reach * t).sum() - (pull[f] * (rho * v).sum(axis=0)).sum())
            for k in np.flatnonzero(c.a[:, f] * c.a[:, h]).tolist():
                change -= float((reach * c.a[k, f] * x1[k] * c.a[k, h] * t).sum())
            J[size + g, size + other] = change * scale
    return J
