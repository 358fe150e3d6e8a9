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
    placed, suppliers. `lost` may have a column for each of several shocks."""
    return _held(table.z, table.x, lost)


def downstream(table: EconomyTable, lost: Array) -> Array:
    """Output lost, table units: the shocked and, in proportion to what they no longer get, their buyers
    (Ghosh). `lost` may have a column for each of several shocks."""
    return _held(table.z.T, table.x, lost)


def _held(sales: Array, x: Array, lost: Array) -> Array:
    """Output lost where that of the shocked is held: (I - C_ff) d_f = C_fh d_h.

    C is `sales` divided by the output of its columns: of the table what a buyer needs for a unit, of the
    table transposed what becomes of a seller's unit. Shocks of the same industries are solved together, and
    the matrix is made in the one copy that is needed: a table of 8,000 industries takes 0.5 GB a copy.
    """
    columns = lost.reshape(len(x), -1)
    out = np.where(columns > 0, columns * x[:, None], 0.0)
    unit = np.divide(1.0, x, out=np.zeros_like(x), where=x > 0)
    done: set[int] = set()
    for first in range(columns.shape[1]):
        if first in done:
            continue
        hit = columns[:, first] > 0
        alike = np.array([c for c in range(columns.shape[1]) if ((columns[:, c] > 0) == hit).all()])
        done |= set(alike.tolist())
        free = ~hit
        if not (hit.any() and free.any()):
            continue
        pull = (sales[np.ix_(free, hit)] * unit[hit]) @ out[hit][:, alike]
        inner = sales[np.ix_(free, free)]
        inner *= -unit[free]
        inner.flat[:: len(inner) + 1] += 1.0
        found = np.linalg.solve(inner, pull)
        for column, solved in zip(alike, found.T, strict=True):
            out[free, column] = solved
    return np.asarray(out.reshape(lost.shape))
