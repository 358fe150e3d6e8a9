"""Entry: mines and plants that are not in the base, added to the constants.

A new supplier of capacity K gets the share m_j = K / (world supply + K) of every buyer that accepts it, at
price parity (delivered price = Phi0); all others are multiplied by 1 - m_j. So Phi does not fall merely
because a name was added. Where the country already sells the form, its sourcing weight is the sum of the old
and the new part.

Tests: tests/market/test_sourcing.py
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from crosscut.base.arrays import Array
from crosscut.market.events.compiled import CompiledEvents
from crosscut.market.model.curves import Processing, SumOfSupplies
from crosscut.market.solve.calibration import PLANT_USE, Calibration, base_delivered_price, supply_through

ENTRANT_USE = 0.9  # share of its capacity an entrant sells at price parity
PLANT_BASE_USE = 0.8


def entered(calibration: Calibration, events: CompiledEvents) -> Calibration:
    """The calibration with the entrants of events (E13).

    Parameters
    ----------
    calibration : Calibration
        Constants of the base.
    events : CompiledEvents
        Events, with mines and plants that the base does not have.

    Returns
    -------
    Calibration
        The same where nobody enters; else with supply, capacities and sourcing weights of those who do.
    """
    out = _with_buyers(calibration, events)
    if not events.entrants and not events.plants:
        return out
    shares = _entry_shares(out, events)
    taken = shares.sum(axis=1)  # (F, n) over origins
    theta_phi0 = np.nan_to_num(out.theta * out.phi0)[:, None, :]
    with np.errstate(divide="ignore"):
        old = out.log_w0 + np.log1p(-taken)[:, None, :]
        new = np.log(shares) + theta_phi0
    out = replace(out, log_w0=np.logaddexp(old, new))
    out = _with_mines(out, events)
    return _with_plants(out, events)


def _entry_shares(c: Calibration, events: CompiledEvents) -> Array:
    """m[f, i, j] of every entrant."""
    F, n = c.phi0.shape
    new_capacity = np.zeros(F)
    wanted = []
    for e in events.entrants:
        new_capacity[e.form] += e.capacity
        wanted.append((e.form, e.country, e.capacity, e.reach))
    for p in events.plants:
        for made in np.flatnonzero(c.b[p.process] > 0).tolist():
            tonnes = float(p.capacity * c.b[p.process, made])
            new_capacity[made] += tonnes
            wanted.append((made, p.country, tonnes, p.reach))
    shares = np.zeros((F, n, n))
    world_supply = c.world.supply().sum(axis=1)
    for f, i, tonnes, reach in wanted:
        shares[f, i] += tonnes / (world_supply[f] + new_capacity[f]) * reach
    return np.where(np.isfinite(c.phi0)[:, None, :], shares, 0.0)


def _start_price(c: Calibration) -> Array:
    """Supply-weighted base price of each form, USD per t contained."""
    weight = c.world.supply()
    total = weight.sum(axis=1)
    out: Array = np.where(
        total > 0, (weight * np.nan_to_num(c.p0)).sum(axis=1) / np.where(total > 0, total, 1.0), c.reference
    )
    return out


def _with_mines(c: Calibration, events: CompiledEvents) -> Calibration:
    if not events.entrants:
        return c
    capacity = np.zeros(c.phi0.shape)
    for e in events.entrants:
        capacity[e.form, e.country] += e.capacity
    price = np.where(np.isnan(c.p0), _start_price(c)[:, None], c.p0)
    eta = np.broadcast_to(c.params.eta[:, None], capacity.shape)
    added = supply_through(ENTRANT_USE * capacity, capacity, eta, price, c.params.supply_r)
    p0 = np.where(np.isnan(c.p0) & (capacity > 0), price, c.p0)
    return replace(c, supply=SumOfSupplies((c.supply, added)), p0=p0)


def _with_buyers(c: Calibration, events: CompiledEvents) -> Calibration:
    """A plant, or a state buying for stock, in a country that never bought the form buys like the world:
    shares of world supply."""
    new = {(int(f), int(j)) for f, j in np.argwhere(events.purchases > 0)}
    new |= {(int(f), p.country) for p in events.plants for f in np.flatnonzero(c.a[p.process] > 0)}
    new = {(f, j) for f, j in new if not np.isfinite(c.phi0[f, j])}
    if not new:
        return c
    log_w0, phi0, theta = c.log_w0.copy(), c.phi0.copy(), c.theta.copy()
    supply = c.world.supply()
    w = c.world
    d0 = base_delivered_price(w, np.nan_to_num(c.p0))
    for f, j in sorted(new):
        s0 = supply[f] / supply[f].sum()
        phi0[f, j] = float((s0 * d0[f, :, j]).sum())
        theta[f, j] = c.params.sigma[f] / phi0[f, j]
        with np.errstate(divide="ignore"):
            log_w0[f, :, j] = np.where(s0 > 0, np.log(s0) + theta[f, j] * d0[f, :, j], -np.inf)
    return replace(c, log_w0=log_w0, phi0=phi0, theta=theta)


def _with_plants(c: Calibration, events: CompiledEvents) -> Calibration:
    """New capacity beside what stands: same margin curve where the process runs, else one calibrated at
    parity."""
    if not events.plants:
        return c
    capacity, kappa, cost = (x.copy() for x in (c.processing.capacity, c.processing.kappa, c.processing.cost))
    p0 = c.p0.copy()
    parity = _start_price(c)
    u0 = float(np.clip(PLANT_BASE_USE, *PLANT_USE))
    for p in events.plants:
        k, i = p.process, p.country
        made = c.b[k] > 0
        p0[made, i] = np.where(np.isnan(p0[made, i]), parity[made], p0[made, i])
        if capacity[k, i] <= 0:
            value = float(c.b[k] @ np.nan_to_num(p0[:, i]))
            inputs = float(c.a[k] @ np.nan_to_num(c.phi0[:, i]))
            m0 = c.params.mu[k] * value
            kappa[k, i] = np.log(u0 / (1 - u0)) / m0
            cost[k, i] = value - inputs - m0
        capacity[k, i] += p.capacity
    return replace(c, processing=Processing(capacity, kappa, cost), p0=p0)
