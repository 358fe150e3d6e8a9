"""Stocks: tonnes released when a price rises, and tonnes bought at almost any price; value, slope and
integral.

ProducerPrice: what a producer receives per tonne at a market price, after a subsidy and a guaranteed
price.

SwitchedDemand: part of a use turns to another material above a price ratio; value, slope, base.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crosscut.base.arrays import Array
from crosscut.market.model.curves import DemandCurve, Nodes, logistic

TINY = 1e-300


@dataclass(frozen=True, eq=False)
class StockRelease:
    """R [L((p - p*)/h) - L((p0 - p*)/h)] summed over the stocks of a node; L is the logistic, zero at the
    base price.

    One entry per stock: form, country (positions), tonnes R, trigger p*, width h and base price p0 in USD
    per t. Below p0 a stock takes tonnes up: a commercial stock is one with p* = p0, which sells when dear
    and buys when cheap.

    The release is kept as `gross` (at least 0) less `held` (a constant), so that both sides of a balance
    stay positive.

    >>> at = np.array([0])
    >>> stock = StockRelease(at, at, np.array([10.0]), np.array([2.0]), np.array([0.1]), np.array([1.0]))
    >>> stock.net(np.array([[1.0]])).item(), round(stock.net(np.array([[2.0]])).item(), 3)
    (0.0, 5.0)
    """

    form: NDArray[np.intp]
    country: NDArray[np.intp]
    tonnes: Array
    trigger: Array
    width: Array
    base_price: Array

    def _each(self, p: Array) -> Array:
        out: Array = self.tonnes * logistic((p - self.trigger) / self.width)
        return out

    def _at_nodes(self, each: Array, like: Array) -> Array:
        out = np.zeros_like(like)
        np.add.at(out, (self.form, self.country), each)
        return out

    def gross(self, p: Array) -> Array:
        """Sum of R L((p - p*)/h), t a year, (F, n)."""
        return self._at_nodes(self._each(p[self.form, self.country]), p)

    def held(self, like: Array) -> Array:
        """Sum of R L((p0 - p*)/h), t a year, shaped as `like`."""
        return self._at_nodes(self._each(self.base_price), like)

    def net(self, p: Array) -> Array:
        """Tonnes released (below 0: taken up)."""
        out: Array = self.gross(p) - self.held(p)
        return out

    def slope(self, p: Array) -> Array:
        """d net / d p."""
        here = logistic((p[self.form, self.country] - self.trigger) / self.width)
        return self._at_nodes(self.tonnes * here * (1.0 - here) / self.width, p)

    def integral(self, p: Array) -> Array:
        """Integral of `net` from the base price to p."""
        here = p[self.form, self.country]
        rise = (
            self.tonnes
            * self.width
            * (
                np.logaddexp(0.0, (here - self.trigger) / self.width)
                - np.logaddexp(0.0, (self.base_price - self.trigger) / self.width)
            )
        )
        return self._at_nodes(rise - self._each(self.base_price) * (here - self.base_price), p)

    def most(self, like: Array) -> Array:
        """The most that can be released at any price."""
        return self._at_nodes(self.tonnes - self._each(self.base_price), like)


@dataclass(frozen=True, eq=False)
class StockPurchase:
    """P (1 + zc^-k) / (1 + (z/zc)^k), z = Phi / Phi0: bought at any price up to the backstop; arrays (F,
    n)."""

    tonnes: Array
    phi0: Array
    zc: float
    k: float

    def _log_ratio(self, phi: Array) -> Array:
        bought = (self.phi0 > 0) & (self.tonnes > 0)
        out: Array = np.log(np.where(bought, np.maximum(phi, TINY), 1.0) / np.where(bought, self.phi0, 1.0))
        return out

    def value(self, phi: Array) -> Array:
        """Tonnes a year."""
        tail = self.k * (self._log_ratio(phi) - np.log(self.zc))
        out: Array = self.tonnes * np.exp(np.log1p(self.zc**-self.k) - np.logaddexp(0.0, tail))
        return out

    def slope(self, phi: Array) -> Array:
        """d value / d phi."""
        tail = logistic(self.k * (self._log_ratio(phi) - np.log(self.zc)))
        out: Array = np.where(self.tonnes > 0, -self.k * tail * self.value(phi) / np.maximum(phi, TINY), 0.0)
        return out


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


@dataclass(frozen=True, eq=False)
class SwitchedDemand:
    """D(Phi) [1 - share (L((z - z*)/w) - L0) / (1 - L0)], z = Phi / Phi0, L0 = L((1 - z*)/w); arrays (F, n,
    U).

    Nothing switches at the base price, the whole share at a price without bound; `trigger` z* and `width` w
    are price ratios. `phi0` is (F, n).
    """

    uncut: DemandCurve
    phi0: Array
    share: Array
    trigger: Array
    width: Array

    def _switched(self, phi: Array) -> tuple[Array, Array]:
        """(share of use that has switched, its slope in phi)."""
        known = (self.phi0 > 0)[..., None]
        phi0 = np.where(known, self.phi0[..., None], 1.0)
        z = np.where(known, phi[..., None] / phi0, 1.0)
        at_base = logistic((1.0 - self.trigger) / self.width)
        here = logistic((z - self.trigger) / self.width)
        switched: Array = self.share * (here - at_base) / (1.0 - at_base)
        slope: Array = self.share * here * (1.0 - here) / (self.width * (1.0 - at_base) * phi0)
        return switched, np.where(known, slope, 0.0)

    def value(self, phi: Array) -> Array:
        """Tonnes a year."""
        out: Array = self.uncut.value(phi) * (1.0 - self._switched(phi)[0])
        return out

    def slope(self, phi: Array) -> Array:
        """d value / d phi."""
        switched, rise = self._switched(phi)
        out: Array = self.uncut.slope(phi) * (1.0 - switched) - self.uncut.value(phi) * rise
        return out

    def base(self) -> Array:
        """Use at base prices."""
        return self.uncut.base()

    def scaled(self, factor: Array) -> SwitchedDemand:
        """Use at every price times `factor`."""
        return SwitchedDemand(self.uncut.scaled(factor), self.phi0, self.share, self.trigger, self.width)

    def at(self, nodes: Nodes) -> SwitchedDemand:
        """The curve of some nodes alone."""
        shape = self.uncut.base().shape
        share, trigger, width = (
            np.broadcast_to(x, shape)[nodes][:, None, :] for x in (self.share, self.trigger, self.width)
        )
        return SwitchedDemand(self.uncut.at(nodes), self.phi0[nodes][:, None], share, trigger, width)
