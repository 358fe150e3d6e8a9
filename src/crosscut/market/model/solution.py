"""Solution: what one solve returns, with the certificate that is recomputed apart from the solver.

Tests: tests/market/test_pruning.py, tests/market/test_properties.py
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from crosscut.base.arrays import Array


class NodeStatus(StrEnum):
    """State of a market node: a dead node has no price, never a number."""

    ACTIVE = "active"
    NO_SUPPLY = "no_supply"  # a buyer that no open route reaches, or a seller with nothing to sell
    INACTIVE = "inactive"  # neither made nor used in the base: no price is defined
    BEYOND_BACKSTOP = (  # solved, but above the price at which the demand curve is only assumed
        "beyond_backstop"
    )


@dataclass(frozen=True)
class Certificate:
    """Worst violations of a solution: max |R| of the equations; relative mass error over all nodes; flow
    above a cap (or below a floor), relative; money identity, relative; smallest multiplier in USD/t."""

    residual: float
    mass: float
    cap: float
    money: float
    smallest_multiplier: float

    def holds(self) -> bool:
        """True when every condition of a certificate (E16) is met."""
        return (
            self.residual <= 1e-8
            and self.mass <= 1e-7
            and self.cap <= 1e-7
            and self.money <= 1e-9
            and self.smallest_multiplier >= -1e-9
        )


@dataclass(frozen=True, eq=False)
class Solution:
    """Prices, flows and everything needed to report one solved market; arrays as in World.

    ok False means the draw failed: `failed_market` names form and place with the largest residual and every
    array is NaN. price[f, i]: inside producer price p, NaN where the node has none (see `origin_status`);
    marginal[f, j]: Phi, cost of the marginal tonne to buyer j, NaN where the buyer is dead (see
    `buyer_status`); delivered[f, i, j]: d, NaN on closed routes; flows[f, i, j]; supply[f, i] primary supply
    M; activity[k, i]; use[f, j, u] final use D (0 at dead buyers); purchases[f, j] U; wedge[f, i, j]: caps
    less floors in USD/t; multipliers: group id -> USD/t; producer_price[f, i]: what primary producers
    receive, subsidy and guaranteed price included; stocked[f, j]: t bought for stock; released[f, i]: net t
    out of stocks. Surplus is computed by `welfare`.
    """

    ok: bool
    failed_market: str
    iterations: int
    continuation_steps: int
    certificate: Certificate
    price: Array
    marginal: Array
    delivered: Array
    flows: Array
    supply: Array
    activity: Array
    use: Array
    purchases: Array
    wedge: Array
    multipliers: Mapping[str, float]
    origin_status: NDArray[np.object_]
    buyer_status: NDArray[np.object_]
    producer_price: Array
    stocked: Array
    released: Array
    notes: tuple[str, ...] = ()
