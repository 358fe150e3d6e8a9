"""Jacobian: exact derivatives of the residuals with respect to log prices and scaled multipliers.

With dhat = m (1 + e) and K_j = D' s s' - U theta (diag(s) - s s'), per form and destination. Forms are
coupled only where a process joins them; everything is assembled as matrix products over origins. Where lines
are idle the unknown is ln of the share of them that run, and the price stands still.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from crosscut.base.arrays import Array
from crosscut.market.solve.state import Market, State


def jacobian(market: Market, state: State, limit_row: NDArray[np.bool_]) -> Array:
    """Exact derivatives of the residuals (E14).

    Parameters
    ----------
    market : Market
        The market after events.
    state : State
        The equations at the point of derivation.
    limit_row : Bools, shape (groups)
        Which rows of groups are a slack; the others are a multiplier (see `residuals`).

    Returns
    -------
    Array, shape (unknowns, unknowns)
        dR / d(ln p at live origins, theta_g om_g), in the order of `residuals`.
    """
    c, k0 = market.calibration, market.fixed
    F, n = state.p.shape
    G, size = len(market.groups), len(k0.live)
    s = state.s
    slope, mined, x1 = _slopes(market, state)
    pull = state.bought * k0.theta  # U theta
    both = pull + slope  # weight of s s'
    sd = s * k0.dhat
    with np.errstate(divide="ignore"):
        by_sold = np.where(state.sold > 0, 1.0 / state.sold, 0.0)
        by_supplied = np.where(state.supplied > 0, 1.0 / state.supplied, 0.0)

    # d ln(sold / supplied) [f, i] / d p [g, j]
    A = np.zeros((F, n, F, n))
    own = -np.einsum("fij,fj->fi", sd, pull) * by_sold - mined * by_supplied
    weight = both - (c.a * c.a).T @ x1
    share = s * by_sold[:, :, None]
    for f in range(F):
        A[f, :, f, :] = (share[f] * weight[f]) @ sd[f].T
    for k, (takes, makes) in enumerate(zip(k0.takes, k0.makes, strict=True)):
        for f in takes:
            for g in makes:
                A[f, :, g, :] += share[f] * (c.a[k, f] * c.b[k, g] * x1[k])
            for g in takes:
                if g != f:
                    A[f, :, g, :] -= (share[f] * (c.a[k, f] * c.a[k, g] * x1[k])) @ sd[g].T
        for f in makes:
            made = c.b[k, f] * x1[k] * by_supplied[f]
            own[f] -= made * c.b[k, f]
            for g in makes:
                if g != f:
                    np.einsum("ii->i", A[f, :, g, :])[...] -= made * c.b[k, g]
            for g in takes:
                A[f, :, g, :] += (made * c.a[k, g])[:, None] * sd[g].T
    price = state.p.copy()
    idle = np.argwhere(at_lowest(market, state))
    for g, i in idle:
        price[g, i] = 1.0
        A[:, :, g, i] = 0.0
        own[g, i] = 0.0
        for k in np.flatnonzero(c.b[:, g]).tolist():
            for f in k0.takes[k]:
                A[f, :, g, i] += share[f, :, i] * (c.a[k, f] * state.x[k, i])
            for f in k0.makes[k]:
                A[f, i, g, i] -= c.b[k, f] * state.x[k, i] * by_supplied[f, i]
    flat = A.reshape(F * n, F * n)
    np.einsum("ii->i", flat)[...] += own.ravel()
    price = price.ravel()[k0.live]
    J = np.empty((size + G, size + G))
    np.multiply(flat[k0.block], price, out=J[:size, :size])
    if not G:
        return J

    raised = [(s[g.form] * lift).sum(axis=0) for g, lift in zip(market.groups, k0.lift, strict=True)]
    for g, group in enumerate(market.groups):
        f, t = group.form, raised[g]
        dq, ds = np.zeros((F, n)), np.zeros((F, n))
        dq[f] = s[f] @ (both[f] * t) - (s[f] * k0.lift[g]) @ pull[f]
        for k in np.flatnonzero(c.a[:, f]).tolist():
            dx = -x1[k] * c.a[k, f] * t
            for h in k0.takes[k]:
                dq[h] += s[h] @ (c.a[k, h] * dx)
            for h in k0.makes[k]:
                ds[h] += c.b[k, h] * dx
        J[:size, size + g] = (dq * by_sold - ds * by_supplied).ravel()[k0.live]

    for g, (group, members) in enumerate(zip(market.groups, market.members, strict=True)):
        if not limit_row[g]:
            J[size + g] = 0.0
            J[size + g, size + g] = 1.0
            continue
        f = group.form
        rho = np.where(members, s[f], 0.0)
        reach = rho.sum(axis=0)
        dflow = np.zeros((F, n))
        dflow[f] = sd[f] @ (both[f] * reach) - (rho * k0.dhat[f]) @ pull[f]
        for k in np.flatnonzero(c.a[:, f]).tolist():
            moved = reach * c.a[k, f] * x1[k]
            for h in k0.makes[k]:
                dflow[h] += c.b[k, h] * moved
            for h in k0.takes[k]:
                dflow[h] -= c.a[k, h] * (sd[h] @ moved)
        for h, i in idle:
            dflow[h, i] = reach[i] * sum(c.a[k, f] * state.x[k, i] for k in np.flatnonzero(c.b[:, h]))
        scale = -market.sign[g] / max(state.group_flow[g], 1e-300)
        J[size + g, :size] = dflow.ravel()[k0.live] * price * scale
        for other, (second, lift) in enumerate(zip(market.groups, k0.lift, strict=True)):
            h, t = second.form, raised[other]
            change = 0.0
            if h == f:
                change += float(((both[f] * reach) @ t) - (pull[f] @ (rho * lift).sum(axis=0)))
            for k in np.flatnonzero(c.a[:, f] * c.a[:, h]).tolist():
                change -= float(c.a[k, f] * c.a[k, h] * ((reach * x1[k]) @ t))
            J[size + g, size + other] = change * scale
    return J


def at_lowest(market: Market, state: State) -> NDArray[np.bool_]:
    """Where the price is the lowest one that plants sell at (E17).

    There the unknown is ln of the share of lines that run.

    Parameters
    ----------
    market : Market
        The market after events.
    state : State
        The equations at a point.

    Returns
    -------
    Bools, shape (F, n)
        True at those nodes.
    """
    out: NDArray[np.bool_] = market.alive.origin & (state.p <= np.exp(market.fixed.lowest))
    return out


def _slopes(market: Market, state: State) -> tuple[Array, Array, Array]:
    """(final use [f, j], primary supply [f, i], activity [k, i]): their derivatives per USD of Phi, p and
    margin."""
    k0, alive = market.fixed, market.alive
    fx = k0.fx
    local = np.where(alive.buyer, state.phi * fx, np.nan_to_num(market.calibration.phi0))
    with np.errstate(invalid="ignore", divide="ignore"):
        final = market.demand.slope(local).sum(axis=2)
        if market.purchase is not None:
            final = final + market.purchase.slope(local)
        mined = market.supply.slope(state.producer * fx) * fx
        if market.producer_price is not None:
            mined = mined * market.producer_price.slope(state.p)
        if market.release is not None:
            mined = mined + market.release.slope(state.p)
        activity = market.processing.slope(state.margin) * state.lines * fx
    return (
        np.where(alive.buyer, final * fx, 0.0),
        np.where(alive.origin, mined, 0.0),
        np.where(alive.process, activity, 0.0),
    )
