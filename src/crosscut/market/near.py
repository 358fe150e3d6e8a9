"""Near: a start for the solver from a market that is already solved, such as that of the year before."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from crosscut.market.idle_lines import lowest_log_price
from crosscut.market.newton import starting_point
from crosscut.market.solution import Solution
from crosscut.market.state import Market

Array = NDArray[np.float64]

AT_LOWEST = 1e-9  # in ln p: rounding must not hide that lines were idle


def start_near(market: Market, near: Solution) -> Array:
    """ln p of live origins, then scaled multipliers, as `near` has them; base prices and no multiplier where
    it has none.

    Limits are known by their id, so a market with other limits or other mines can be near.
    """
    start = starting_point(market)
    live = market.alive.origin
    size = int(live.sum())
    with np.errstate(invalid="ignore", divide="ignore"):
        start[:size] = np.where(near.price[live] > 0, np.log(near.price[live]), start[:size])
    lowest = np.broadcast_to(lowest_log_price(market.calibration.reference)[:, None], live.shape)[live]
    start[:size] = np.where(np.abs(start[:size] - lowest) < AT_LOWEST, lowest, start[:size])
    paid = np.array([near.multipliers.get(g.id, 0.0) for g in market.groups])
    start[size:] = market.theta_g * paid
    return start
