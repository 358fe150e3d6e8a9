"""Curves: supply, final demand and processing as value, slope and integral, tested as a triple.

Arrays broadcast: supply is (F, n), demand (F, n, U), processing (K, n). Prices in USD per t contained. Every
exponential is taken in logs, so that prices from 1e-12 to 1e12 do not overflow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from crosscut.base.arrays import Array

Nodes = tuple[NDArray[np.intp], ...]  # positions of forms and of countries, side by side

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(64)


def integral_between(function: Callable[[Array], Array], lower: Array, upper: Array) -> Array:
    """64-point Gauss-Legendre integral between two arrays of positive limits, in the log of the variable.

    Parameters
    ----------
    function : Callable[[Array], Array]
        Called once, with the 64 points along a new first axis.
    lower : Array, shape (...)
        Lower limits, above 0.
    upper : Array, shape (...)
        Upper limits, above 0.

    Returns
    -------
    Array, shape (...)
        The integral, in the unit of the function times that of the limits.

    Notes
    -----
    Points are added one after the other, so that an element has the same bits whatever is beside it.
    """
    a, b = np.log(lower), np.log(upper)
    nodes = _NODES.reshape(-1, *([1] * a.ndim))
    x = np.exp(0.5 * (b - a) * nodes + 0.5 * (a + b))
    values = x * function(x)
    out = np.zeros(values.shape[1:])
    for weight, value in zip(_WEIGHTS.tolist(), values, strict=True):
        out += weight * value
    return 0.5 * (b - a) * out


def integral_in_panels(function: Callable[[Array], Array], lower: Array, upper: Array, panels: int) -> Array:
    """`integral_between` in several parts, for curves with a bend narrower than its points see.

    Parameters
    ----------
    function : Callable[[Array], Array]
        Called once for each part.
    lower : Array, shape (...)
        Lower limits, above 0.
    upper : Array, shape (...)
        Upper limits, above 0.
    panels : int
        The number of parts, of equal ratio.

    Returns
    -------
    Array, shape (...)
        The sum over the parts.
    """
    ratio = (upper / lower) ** (1.0 / panels)
    out = np.zeros_like(lower, dtype=float)
    for k in range(panels):
        out += integral_between(function, lower * ratio**k, lower * ratio ** (k + 1))
    return out


def logistic(x: Array) -> Array:
    """1 / (1 + e^-x), without overflow.

    Parameters
    ----------
    x : Array, shape (...)
        Any numbers.

    Returns
    -------
    Array, shape (...)
        Between 0 and 1.
    """
    out: Array = 1.0 / (1.0 + np.exp(np.clip(-x, -700.0, 700.0)))
    return out


class SupplyCurve(Protocol):
    """Primary supply as a function of the local producer price y > 0; arrays (F, n)."""

    def value(self, y: Array) -> Array:
        """Tonnes a year."""

    def slope(self, y: Array) -> Array:
        """d value / d y."""

    def capacity(self) -> Array:
        """The most each node can supply; 0 where there is none."""

    def scaled(self, factor: Array, ceiling: Array) -> SupplyCurve:
        """The curve with output and capacity times `factor`, and at most `ceiling` tonnes."""

    def at(self, nodes: Nodes) -> SupplyCurve:
        """The curve of some nodes alone; arrays (m,)."""


class DemandCurve(Protocol):
    """Final use as a function of the local marginal price; arrays (F, n, U) of (F, n)."""

    def value(self, phi: Array) -> Array:
        """Tonnes a year."""

    def slope(self, phi: Array) -> Array:
        """d value / d phi."""

    def base(self) -> Array:
        """Use at base prices."""

    def scaled(self, factor: Array) -> DemandCurve:
        """The curve with use at every price times `factor`."""

    def at(self, nodes: Nodes) -> DemandCurve:
        """The curve of some nodes alone, each as a form of one country; arrays (m, 1, U) of (m, 1)."""


@dataclass(frozen=True, eq=False)
class CappedSupply:
    """M = [(A y^eta)^-r + K^-r]^(-1/r): isoelastic, bending into a capacity.

    `log_a` is ln A (-inf: none), `log_k` is ln K (inf: no capacity limit).
    """

    log_a: Array
    eta: Array
    log_k: Array
    r: float

    def uncapped(self, y: Array) -> Array:
        """ln(A y^eta)."""
        with np.errstate(invalid="ignore", divide="ignore"):
            out: Array = self.log_a + self.eta * np.log(y)
        return out

    def value(self, y: Array) -> Array:
        """Tonnes a year."""
        free = self.uncapped(y)
        dead = ~np.isfinite(self.log_a) | (self.log_k == -np.inf)
        with np.errstate(invalid="ignore"):
            log_m = (
                -np.logaddexp(-self.r * np.where(dead, 0.0, free), -self.r * np.where(dead, 0.0, self.log_k))
                / self.r
            )
        out: Array = np.where(dead, 0.0, np.exp(log_m))
        return out

    def slope(self, y: Array) -> Array:
        """dM/dy = eta M (M / (A y^eta))^r / y."""
        m = self.value(y)
        with np.errstate(invalid="ignore", divide="ignore"):
            ratio = np.exp(self.r * np.minimum(np.log(m) - self.uncapped(y), 0.0))
            out: Array = np.where(m > 0, self.eta * m * ratio / y, 0.0)
        return out

    def capacity(self) -> Array:
        """K, or infinity; 0 where the curve is empty."""
        out: Array = np.where(np.isfinite(self.log_a), np.exp(self.log_k), 0.0)
        return out

    def scaled(self, factor: Array, ceiling: Array) -> CappedSupply:
        """Output and capacity times `factor`, at most `ceiling` tonnes."""
        with np.errstate(divide="ignore"):
            log_factor = np.log(factor)
            log_k = np.minimum(self.log_k + log_factor, np.log(ceiling))
        return CappedSupply(self.log_a + log_factor, self.eta, log_k, self.r)

    def at(self, nodes: Nodes) -> CappedSupply:
        """The curve of some nodes alone."""
        log_a, eta, log_k = np.broadcast_arrays(self.log_a, self.eta, self.log_k)
        return CappedSupply(log_a[nodes], eta[nodes], log_k[nodes], self.r)

    def marginal_cost(self, m: Array) -> Array:
        """(M/A)^(1/eta): what the marginal tonne costs apart from the scarcity of capacity, USD per t."""
        with np.errstate(invalid="ignore", divide="ignore"):
            out: Array = np.exp((np.log(m) - self.log_a) / self.eta)
        return out


@dataclass(frozen=True, eq=False)
class SumOfSupplies:
    """Several mines of one form in one country: what stands plus what enters."""

    parts: tuple[SupplyCurve, ...]

    def value(self, y: Array) -> Array:
        """Tonnes a year."""
        out: Array = sum((p.value(y) for p in self.parts[1:]), self.parts[0].value(y))
        return out

    def slope(self, y: Array) -> Array:
        """d value / d y."""
        out: Array = sum((p.slope(y) for p in self.parts[1:]), self.parts[0].slope(y))
        return out

    def capacity(self) -> Array:
        """Sum of capacities."""
        out: Array = sum((p.capacity() for p in self.parts[1:]), self.parts[0].capacity())
        return out

    def scaled(self, factor: Array, ceiling: Array) -> SumOfSupplies:
        """`factor` and `ceiling` apply to what stands (the first part); entrants come as they are
        announced."""
        return SumOfSupplies((self.parts[0].scaled(factor, ceiling), *self.parts[1:]))

    def at(self, nodes: Nodes) -> SumOfSupplies:
        """The curve of some nodes alone."""
        return SumOfSupplies(tuple(p.at(nodes) for p in self.parts))


@dataclass(frozen=True, eq=False)
class LinearSupply:
    """M = max(intercept + gradient y, 0), for textbook cases."""

    intercept: Array
    gradient: Array

    def value(self, y: Array) -> Array:
        """Tonnes a year."""
        return np.maximum(self.intercept + self.gradient * y, 0.0)

    def slope(self, y: Array) -> Array:
        """d value / d y."""
        out: Array = np.where(self.intercept + self.gradient * y > 0, self.gradient, 0.0)
        return out

    def capacity(self) -> Array:
        """Unlimited where there is any."""
        out: Array = np.where((self.gradient > 0) | (self.intercept > 0), np.inf, 0.0)
        return out

    def scaled(self, factor: Array, ceiling: Array) -> LinearSupply:
        """Output times `factor`; a ceiling is not defined for the textbook curve and must be infinite."""
        if np.isfinite(ceiling).any():
            raise ValueError("a linear supply curve has no ceiling")
        return LinearSupply(self.intercept * factor, self.gradient * factor)

    def at(self, nodes: Nodes) -> LinearSupply:
        """The curve of some nodes alone."""
        return LinearSupply(self.intercept[nodes], self.gradient[nodes])


@dataclass(frozen=True, eq=False)
class BackstopDemand:
    """D = D0 A G(z), z = Phi / Phi0: isoelastic up to a backstop price ratio zc, a straight line below `lo`.

    G(z) = z^-eps (1 + zc^-k) / (1 + (z/zc)^k). d0 (F, n, U) includes the demand multiplier A; phi0 (F, n);
    eps (F, U). Many draws at once: a leading axis of d0 and eps, and of zc (D, 1, 1, 1).
    """

    d0: Array
    phi0: Array
    eps: Array
    zc: float | Array
    lo: float
    k: float

    def _g(self, z: Array) -> Array:
        log_z = np.log(z)
        out: Array = np.exp(
            -self.eps[..., None, :] * log_z
            + np.log1p(self.zc**-self.k)
            - np.logaddexp(0.0, self.k * (log_z - np.log(self.zc)))
        )
        return out

    def _dg(self, z: Array) -> Array:
        tail = 1.0 / (1.0 + np.exp(np.clip(-self.k * (np.log(z) - np.log(self.zc)), -700, 700)))
        out: Array = self._g(z) * (-(self.eps[..., None, :] + self.k * tail) / z)
        return out

    def _ratio(self, phi: Array) -> Array:
        with np.errstate(invalid="ignore", divide="ignore"):
            z: Array = np.where(self.phi0 > 0, phi / self.phi0, 1.0)[..., None]
        return z

    def value(self, phi: Array) -> Array:
        """Tonnes a year."""
        z = self._ratio(phi)
        above = np.maximum(z, self.lo)
        g = self._g(above)
        if (z < self.lo).any():
            g = g + self._dg(above) * np.minimum(z - self.lo, 0.0)
        out: Array = self.d0 * g
        return out

    def slope(self, phi: Array) -> Array:
        """d value / d phi, t per USD/t."""
        z = np.maximum(self._ratio(phi), self.lo)
        with np.errstate(invalid="ignore", divide="ignore"):
            out: Array = np.where(self.phi0[..., None] > 0, self.d0 * self._dg(z) / self.phi0[..., None], 0.0)
        return out

    def base(self) -> Array:
        """Use at base prices, with the demand multiplier."""
        return self.d0

    def scaled(self, factor: Array) -> BackstopDemand:
        """Use at every price times `factor`."""
        return BackstopDemand(self.d0 * factor, self.phi0, self.eps, self.zc, self.lo, self.k)

    def at(self, nodes: Nodes) -> BackstopDemand:
        """The curve of some nodes alone."""
        d0, phi0 = self.d0[nodes][:, None, :], self.phi0[nodes][:, None]
        return BackstopDemand(d0, phi0, self.eps[nodes[0]], self.zc, self.lo, self.k)


@dataclass(frozen=True, eq=False)
class LinearDemand:
    """D = max(alpha - beta Phi, 0), arrays (F, n, U), for textbook cases."""

    alpha: Array
    beta: Array

    def value(self, phi: Array) -> Array:
        """Tonnes a year."""
        return np.maximum(self.alpha - self.beta * phi[..., None], 0.0)

    def slope(self, phi: Array) -> Array:
        """d value / d phi."""
        out: Array = np.where(self.alpha - self.beta * phi[..., None] > 0, -self.beta, 0.0)
        return out

    def base(self) -> Array:
        """Use at price 0."""
        return self.alpha

    def scaled(self, factor: Array) -> LinearDemand:
        """Use at every price times `factor`."""
        return LinearDemand(self.alpha * factor, self.beta * factor)

    def at(self, nodes: Nodes) -> LinearDemand:
        """The curve of some nodes alone."""
        return LinearDemand(self.alpha[nodes][:, None, :], self.beta[nodes][:, None, :])


@dataclass(frozen=True, eq=False)
class Processing:
    """x = Xbar L(kappa m): a spread of plants that half run at zero margin; arrays (K, n).

    capacity is Xbar in t of activity, kappa in t/USD, cost c in USD per t of activity.
    """

    capacity: Array
    kappa: Array
    cost: Array

    def value(self, margin: Array) -> Array:
        """Activity, t a year."""
        out: Array = self.capacity / (1.0 + np.exp(np.clip(-self.kappa * margin, -700, 700)))
        return out

    def slope(self, margin: Array) -> Array:
        """d activity / d margin."""
        with np.errstate(invalid="ignore", divide="ignore"):
            x = self.value(margin)
            out: Array = np.where(self.capacity > 0, self.kappa * x * (1 - x / self.capacity), 0.0)
        return out

    def profit(self, margin: Array) -> Array:
        """(Xbar / kappa) ln(1 + e^(kappa m)), USD a year: its slope is the activity."""
        with np.errstate(invalid="ignore", divide="ignore"):
            out: Array = np.where(
                self.capacity > 0, self.capacity / self.kappa * np.logaddexp(0.0, self.kappa * margin), 0.0
            )
        return out
