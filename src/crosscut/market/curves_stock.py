"""Stocks: tonnes released when a price rises, and tonnes bought at almost any price; value, slope and
integral."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crosscut.market.curves import logistic

Array = NDArray[np.float64]

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

    >>> stock = StockRelease(np.array([0]), np.array([0]), np.array([10.0]), np.array([2.0]), np.array([0.1]), np.array([1.0]))
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
