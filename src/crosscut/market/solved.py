"""Solved: a solution beside the curves it was solved on, for whatever is read off it afterwards."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crosscut.market.calibration import Calibration
from crosscut.market.compiled import CompiledEvents
from crosscut.market.curves import DemandCurve, Processing, SupplyCurve
from crosscut.market.entry import entered
from crosscut.market.shocked import Curves, curves_after
from crosscut.market.solution import Solution

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SolvedMarket:
    """One solved market: constants with the entrants in, events, solution, and the curves after the
    events."""

    calibration: Calibration
    events: CompiledEvents
    solution: Solution
    curves: Curves

    @property
    def supply(self) -> SupplyCurve:
        """Primary supply after the events, of what producers receive."""
        return self.curves.supply

    @property
    def demand(self) -> DemandCurve:
        """Final demand after the events."""
        return self.curves.demand

    @property
    def processing(self) -> Processing:
        """Processing after the events; its cost is less the subsidy."""
        return self.curves.processing

    def margin(self) -> Array:
        """USD per t of activity [k, i] that processing earns over its inputs and avoidable cost, at local
        prices."""
        c, s = self.calibration, self.solution
        out: Array = (c.b @ np.nan_to_num(s.price) - c.a @ np.nan_to_num(s.marginal)) * (1.0 + self.events.fx)
        return out - self.processing.cost


def solved_market(base: Calibration, events: CompiledEvents, solution: Solution) -> SolvedMarket:
    """`base` is the calibration before any entrant."""
    c = entered(base, events)
    return SolvedMarket(c, events, solution, curves_after(c, events))
