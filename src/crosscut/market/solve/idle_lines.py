"""Idle lines: plants that find no buyer at any price run in part.

The margin curve of a process never reaches zero activity, so a plant cut off from its buyers may make more
than its home market takes at any price. No plant sells below GLUT of the reference price of its form: at
that price it runs a share of its lines, and the home market clears. Every solution above that price is what
it would be without the rule. The price is a bound and no forecast: the inside price of a place cut off from
its buyers comes out too low.

    price >= lowest,  share of lines <= 1,  one of them an equality

The solver needs no unknown more for it. With one unknown y a node, ln price = max(y, ln lowest) and ln share
= min(y - ln lowest, 0), both hold whatever y is, and what is left is to clear the market (Robinson, Normal
maps induced by linear transformations, Mathematics of Operations Research 17(3), 1992: a complementarity
problem as one equation).

Pruning: nodes that can neither sell nor buy are taken out before the solve, until nothing changes.

Without it a dead origin goes on selling at its base price, and a total embargo "solves" in zero iterations.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crosscut.base.arrays import Array, Bools
from crosscut.market.model.world import World

GLUT = 1e-2  # of the reference price
NO_BUYER = "no buyer at any price"


def lowest_log_price(reference: Array) -> Array:
    """ln of the lowest price that plants sell each form at; reference[f] in USD per t.

    >>> lowest_log_price(np.array([100.0])).tolist()
    [0.0]
    """
    out: Array = np.log(GLUT * reference)
    return out


def idle_notes(world: World, running: Array) -> list[str]:
    """One sentence a node (f, i) of whose lines only the share running[f, i] runs."""
    return [
        f"{world.chain.forms[f].id}/{world.countries[i]}: {NO_BUYER} for what it makes; {running[f, i]:.3g}"
        f" of its lines run, at {GLUT:.0%} of the reference price (that price is a bound, not a forecast)"
        for f, i in np.argwhere(running < 1.0)
    ]


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
