"""Solved market: a solution beside the curves it was solved on, for whatever is read off it afterwards.

Bought: what some nodes of a solved market buy and at what price; all that a loss is measured from.

Tests: tests/market/test_price_parts.py, tests/market/test_kernel.py
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from crosscut.base.arrays import Array
from crosscut.market.events.compiled import CompiledEvents
from crosscut.market.model.curves import DemandCurve, Processing, SupplyCurve
from crosscut.market.model.solution import Solution
from crosscut.market.solve.calibration import Calibration
from crosscut.market.solve.entry import entered
from crosscut.market.solve.shocked import Curves, curves_after


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
    """A solution beside the curves it was solved on.

    Parameters
    ----------
    base : Calibration
        Constants before any entrant.
    events : CompiledEvents
        Events in force.
    solution : Solution
        The market solved under them.

    Returns
    -------
    SolvedMarket
        For whatever is read off it afterwards.
    """
    c = entered(base, events)
    return SolvedMarket(c, events, solution, curves_after(c, events))


@dataclass(frozen=True, eq=False)
class Bought:
    """By form and place, arrays (F, P): marginal price (USD per t; NaN where no open route reaches the
    buyer), final use (t), average delivered price of all that is bought (USD per t; NaN where nothing is)."""

    marginal: Array
    use: Array
    paid: Array


def bought_of(solution: Solution, at: Sequence[int]) -> Bought:
    """What some nodes buy in a solution, and at what price.

    Parameters
    ----------
    solution : Solution
        A solved market.
    at : Sequence[int]
        Positions of the countries.

    Returns
    -------
    Bought
        Their marginal prices, use and average prices paid, (F, P).
    """
    places = list(at)
    return bought_from(
        solution.marginal[:, places],
        solution.use[:, places].sum(axis=2),
        solution.flows[:, :, places],
        solution.delivered[:, :, places],
    )


def bought_from(marginal: Array, use: Array, flows: Array, delivered: Array) -> Bought:
    """What some nodes buy, from arrays that hold only them.

    Parameters
    ----------
    marginal : Array, shape (F, P)
        Cost of the marginal tonne, USD per t contained, of the P countries.
    use : Array, shape (F, P, U)
        Final use, t contained a year.
    flows : Array, shape (F, n, P)
        Tonnes from each origin.
    delivered : Array, shape (F, n, P)
        Delivered prices, USD per t contained; NaN where nothing can flow.

    Returns
    -------
    Bought
        Their marginal prices, use and average prices paid, (F, P).
    """
    spent = np.where(flows > 0, flows * delivered, 0.0).sum(axis=1)
    tonnes = flows.sum(axis=1)
    paid = np.divide(spent, tonnes, out=np.full(tonnes.shape, np.nan), where=tonnes > 0)
    return Bought(marginal, use, paid)
