"""Pruning: nodes that can neither sell nor buy are taken out before the solve, until nothing changes.

Without it a dead origin goes on selling at its base price, and a total embargo "solves" in zero iterations.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Alive:
    """Which origins [f, i], buyers [f, j], processes [k, i] and routes [f, i, j] take part in the solve."""

    origin: Bools
    buyer: Bools
    process: Bools
    route: Bools


def alive_nodes(mined: Bools, wanted: Bools, plants: Bools, routes: Bools, a: Bools, b: Bools) -> Alive:
    """The largest set of nodes in which everyone who sells has a buyer and everyone who buys a seller.

    mined[f, i]: primary capacity; wanted[f, j]: final demand; plants[k, i]: capacity of a process; routes[f,
    i, j]: open, with a base share; a, b [k, f]: the process takes, makes the form.
    """
    process = plants.copy()
    routes = routes.copy()
    while True:
        origin = mined | (b.T.astype(int) @ process.astype(int) > 0)
        buyer = wanted | (a.T.astype(int) @ process.astype(int) > 0)
        routes &= origin[:, :, None] & buyer[:, None, :]
        sells, buys = routes.any(axis=2), routes.any(axis=1)
        # A process needs every input to be sold to it, and somebody to take at least one output.
        fed = ~((a.astype(int) @ (~buys).astype(int)) > 0)
        taken = b.astype(int) @ sells.astype(int) > 0
        still = process & fed & taken
        if (still == process).all():
            return Alive(origin & sells, buyer & buys, process, routes)
        process = still
