"""Propagation in one step: Leontief (orders, upstream), Ghosh (deliveries, downstream), inoperability.

A = Z / x by column, B = Z / x by row; Miller and Blair (2009) ch. 2 and 12; Santos and Haimes (2004, Risk
Analysis 24) for inoperability. Where a shock fixes the output of some industries, theirs is held and the
others follow ("mixed" model, Miller and Blair 13.2), so that no loss is counted twice.
"""

from __future__ import annotations

import numpy as np

from crosscut.base.arrays import Array
from crosscut.studies.economy.table import EconomyTable


def inputs_per_output(table: EconomyTable) -> Array:
    """A[i, j]: bought from i for one unit of j; 0 where j makes nothing."""
    return np.divide(table.z, table.x, out=np.zeros_like(table.z), where=table.x > 0)


def sales_per_output(table: EconomyTable) -> Array:
    """B[i, j]: the share of i's output that j buys; 0 where i makes nothing."""
    return np.divide(table.z, table.x[:, None], out=np.zeros_like(table.z), where=table.x[:, None] > 0)


def leontief(table: EconomyTable) -> Array:
    """(I - A)^-1: output of i behind one unit of final demand for j. Column sums are the output multipliers.

    >>> between, final = np.array([[150.0, 500], [200, 100]]), np.array([[350.0], [1700]])
    >>> t = EconomyTable((("A", "ore"), ("A", "tools")), between, final, np.array([1000.0, 2000]))
    >>> leontief(t).round(4).tolist()
    [[1.2541, 0.33], [0.264, 1.1221]]
    """
    a = inputs_per_output(table)
    return np.asarray(np.linalg.inv(np.eye(len(a)) - a))


def ghosh(table: EconomyTable) -> Array:
    """(I - B)^-1: output of j that one unit of i's primary inputs ends in. Row sums are the forward
    linkages."""
    b = sales_per_output(table)
    return np.asarray(np.linalg.inv(np.eye(len(b)) - b))


def inoperability(table: EconomyTable, demand_lost: Array) -> Array:
    """q = A* q + c*: share of output lost when a share `demand_lost` of output falls out of final demand, by
    industry."""
    a = inputs_per_output(table)
    live = table.x > 0
    star = np.divide(a * table.x, table.x[:, None], out=np.zeros_like(a), where=live[:, None])
    return np.asarray(np.linalg.solve(np.eye(len(a)) - star, demand_lost))


def upstream(table: EconomyTable, lost: Array) -> Array:
    """Output lost, table units: the shocked (`lost` > 0, share of output) and, through orders no longer
    placed, suppliers."""
    return _held(inputs_per_output(table), table.x, lost)


def downstream(table: EconomyTable, lost: Array) -> Array:
    """Output lost, table units: the shocked and, in proportion to what they no longer get, their buyers
    (Ghosh)."""
    return _held(sales_per_output(table).T, table.x, lost)


def _held(coefficient: Array, x: Array, lost: Array) -> Array:
    hit = lost > 0
    out = np.where(hit, lost * x, 0.0)
    free = ~hit
    if hit.any() and free.any():
        pull = coefficient[np.ix_(free, hit)] @ out[hit]
        inner = coefficient[np.ix_(free, free)]
        out[free] = np.linalg.solve(np.eye(len(inner)) - inner, pull)
    return np.asarray(out)
