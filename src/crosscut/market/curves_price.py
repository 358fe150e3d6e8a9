"""ProducerPrice: what a producer receives per tonne at a market price, after a subsidy and a guaranteed
price."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

BAND = 0.01  # share of the guaranteed price over which it is rounded off; outside it the payment is exact


@dataclass(frozen=True, eq=False)
class ProducerPrice:
    """y = p + subsidy + share g(p), arrays (F, n), USD per t.

    g is the gap max(floor - p, 0) that a deficiency payment fills, rounded within +-1 % of the floor so that
    its slope has no jump; floor 0 is none. `share` is the part of output and of the year that is guaranteed.

    >>> one = np.ones((1, 1))
    >>> ProducerPrice(0 * one, 1000 * one, 0.5 * one).value(800 * one).item()
    900.0
    """

    subsidy: Array
    floor: Array
    share: Array

    def _gap(self, p: Array) -> tuple[Array, Array]:
        """(g, u): the gap filled, and floor - p."""
        h = BAND * self.floor
        u = self.floor - p
        with np.errstate(invalid="ignore", divide="ignore"):
            rounded = np.where(h > 0, (u + h) ** 2 / (4 * h), 0.0)
        return np.where(u >= h, u, np.where(u > -h, rounded, 0.0)) * (h > 0), u

    def value(self, p: Array) -> Array:
        """USD per t received at market price p."""
        out: Array = p + self.subsidy + self.share * self._gap(p)[0]
        return out

    def slope(self, p: Array) -> Array:
        """dy/dp: 1 above the floor, 1 - share below it."""
        h = BAND * self.floor
        u = self.floor - p
        with np.errstate(invalid="ignore", divide="ignore"):
            part = np.where(h > 0, np.clip((u + h) / (2 * h), 0.0, 1.0), 0.0)
        out: Array = 1.0 - self.share * part
        return out

    def integral(self, p: Array) -> Array:
        """Antiderivative of `value`."""
        h = BAND * self.floor
        u = self.floor - p
        with np.errstate(invalid="ignore", divide="ignore"):
            band = np.where(h > 0, -(np.clip(u + h, 0.0, 2 * h) ** 3) / (12 * h), 0.0)
        below = -0.5 * (np.maximum(u, h) ** 2 - h**2)
        out: Array = 0.5 * p**2 + self.subsidy * p + self.share * np.where(h > 0, band + below, 0.0)
        return out

    def payment(self, p: Array) -> Array:
        """USD per t out of public revenue: what the producer receives above the market price."""
        out: Array = self.subsidy + self.share * self._gap(p)[0]
        return out
