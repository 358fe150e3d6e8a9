"""Price-free terms: what evaluating a market needs that no price changes, worked out once for all iterations.

Tests: tests/market/test_jacobian.py, tests/market/test_sourcing.py
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crosscut.base.arrays import Array
from crosscut.market.events.compiled import CompiledEvents, Group
from crosscut.market.solve.calibration import Calibration
from crosscut.market.solve.idle_lines import Alive, lowest_log_price


@dataclass(frozen=True, eq=False)
class Fixed:
    """Constants of one market with 0 wherever nobody trades.

    theta, phi0 [f, j], inverse_theta (1 where theta is 0); fx[i] = 1 + change of the currency; dhat, cost
    [f, i, j]; live: positions of the live origins in a flat [f, i]; block: the same for rows and columns of
    a square matrix over them; takes[k], makes[k]: forms of a process; lift[g][i, j]: what one scaled unit of
    a multiplier adds to delivered prices; lowest[f, i]: ln of the lowest price plants sell at, -inf where no
    plant sells (see `idle_lines`).
    """

    theta: Array
    phi0: Array
    inverse_theta: Array
    fx: Array
    dhat: Array
    cost: Array
    live: NDArray[np.intp]
    block: tuple[NDArray[np.intp], NDArray[np.intp]]
    takes: tuple[tuple[int, ...], ...]
    makes: tuple[tuple[int, ...], ...]
    lift: tuple[Array, ...]
    lowest: Array


def fixed_constants(
    c: Calibration,
    events: CompiledEvents,
    alive: Alive,
    routes: tuple[Array, Array, Array],
    groups: tuple[Group, ...],
    lift_per_unit: Array,
) -> Fixed:
    """What no price changes, worked out once for all iterations.

    Parameters
    ----------
    c : Calibration
        Constants of the base, entrants in them.
    events : CompiledEvents
        Events in force.
    alive : Alive
        Who takes part.
    routes : tuple of three Arrays, each of shape (F, n, n)
        m = 1 + tariff; dhat = m (1 + export tax), what a dollar of producer price adds to the delivered
        price; and freight with its duty and specific duties, USD per t contained.
    groups : tuple[Group, ...]
        Caps and floors that hold.
    lift_per_unit : Array, shape (groups)
        Sign of the group over the scale of its multiplier, USD per t.

    Returns
    -------
    Fixed
        The terms, laid out for `state_at` and `jacobian`.
    """
    m, dhat, cost = routes
    theta = np.where(alive.buyer, np.nan_to_num(c.theta), 0.0)
    live = np.flatnonzero(alive.origin)
    return Fixed(
        theta,
        np.where(alive.buyer, np.nan_to_num(c.phi0), 0.0),
        1.0 / np.where(theta > 0, theta, 1.0),
        1.0 + events.fx,
        np.where(alive.route, dhat, 0.0),
        np.where(alive.route, cost, 0.0),
        live,
        (live[:, None], live[None, :]),
        tuple(tuple(np.flatnonzero(row).tolist()) for row in c.a),
        tuple(tuple(np.flatnonzero(row).tolist()) for row in c.b),
        tuple(
            np.where(g.routes & alive.route[g.form], m[g.form], 0.0) * per
            for g, per in zip(groups, lift_per_unit, strict=True)
        ),
        np.where(c.b.T @ alive.process > 0, lowest_log_price(c.reference)[:, None], -np.inf),
    )
