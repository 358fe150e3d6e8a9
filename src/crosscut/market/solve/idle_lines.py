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
    """ln of the lowest price that plants sell each form at (E17).

    Parameters
    ----------
    reference : Array, shape (F)
        Reference price of a form, USD per t contained.

    Returns
    -------
    Array, shape (F)
        ln of GLUT times that price.

    Examples
    --------
    >>> lowest_log_price(np.array([100.0])).tolist()
    [0.0]
    """
    out: Array = np.log(GLUT * reference)
    return out


def idle_notes(world: World, running: Array) -> list[str]:
    """One sentence for each node whose lines run only in part.

    Parameters
    ----------
    world : World
        The base data, for names.
    running : Array, shape (F, n)
        Share of the lines making a form in a country that run, 0 to 1.

    Returns
    -------
    list of str
        A sentence for every share below 1.
    """
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
    """The largest set of nodes in which whoever sells has a buyer and whoever buys a seller (E15).

    Parameters
    ----------
    mined : Bools, shape (F, n)
        There is primary capacity.
    wanted : Bools, shape (F, n)
        There is final demand.
    plants : Bools, shape (K, n)
        There is capacity of a process.
    routes : Bools, shape (F, n, n)
        The route is open and has a base share.
    a : Bools, shape (K, F)
        The process takes the form.
    b : Bools, shape (K, F)
        The process makes the form.

    Returns
    -------
    Alive
        Who sells, who buys, which processes run and which routes remain.
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
