"""Bought: what some nodes of a solved market buy and at what price; all that a loss is measured from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crosscut.market.solution import Solution

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Bought:
    """By form and place, arrays (F, P): marginal price (USD per t; NaN where no open route reaches the
    buyer), final use (t), average delivered price of all that is bought (USD per t; NaN where nothing is)."""

    marginal: Array
    use: Array
    paid: Array


def bought_of(solution: Solution, at: Sequence[int]) -> Bought:
    """What the nodes `at` buy in a solution."""
    places = list(at)
    return bought_from(
        solution.marginal[:, places],
        solution.use[:, places].sum(axis=2),
        solution.flows[:, :, places],
        solution.delivered[:, :, places],
    )


def bought_from(marginal: Array, use: Array, flows: Array, delivered: Array) -> Bought:
    """From flows and delivered prices (F, origin, P); a delivered price is NaN where nothing can flow."""
    spent = np.where(flows > 0, flows * delivered, 0.0).sum(axis=1)
    tonnes = flows.sum(axis=1)
    paid = np.divide(spent, tonnes, out=np.full(tonnes.shape, np.nan), where=tonnes > 0)
    return Bought(marginal, use, paid)
