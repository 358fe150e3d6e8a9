"""SwitchedDemand: part of a use turns to another material above a price ratio; value, slope, base."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crosscut.market.curves import DemandCurve, Nodes, logistic

Array = NDArray[np.float64]


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
