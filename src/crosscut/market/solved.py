"""Solved: a solution beside the curves it was solved on, for whatever is read off it afterwards."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crosscut.market.calibration import Calibration
from crosscut.market.compiled import CompiledEvents
from crosscut.market.curves import DemandCurve, Processing, SupplyCurve
from crosscut.market.entry import entered
from crosscut.market.solution import Solution

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SolvedMarket:
    """One solved market: constants with the entrants in, events, solution, and the curves after the events."""

    calibration: Calibration
    events: CompiledEvents
    solution: Solution
    supply: SupplyCurve
    demand: DemandCurve
    processing: Processing

    def margin(self) -> Array:
        """USD per t of activity [k, i] that processing earns over its inputs and avoidable cost, at local prices."""
        c, s = self.calibration, self.solution
        out: Array = (c.b @ np.nan_to_num(s.price) - c.a @ np.nan_to_num(s.marginal)) * (1.0 + self.events.fx)
        return out - self.processing.cost


def solved_market(base: Calibration, events: CompiledEvents, solution: Solution) -> SolvedMarket:
    """`base` is the calibration before any entrant."""
    c = entered(base, events)
    return SolvedMarket(
        c,
        events,
        solution,
        c.supply.scaled(events.supply_factor, events.supply_ceiling),
        c.demand.scaled(events.demand_factor),
        Processing(c.processing.capacity * events.process_factor, c.processing.kappa, c.processing.cost),
    )
