"""Recycling: how much scrap there is to collect follows what was used in earlier years.

Tests: tests/market/years/test_known_paths.py
"""

from __future__ import annotations

import numpy as np

from crosscut.base.arrays import Array
from crosscut.market.model.world import World
from crosscut.market.read.carry_over import base_new_scrap, new_scrap
from crosscut.market.years.draw import Recycling


def used_in(world: World, use: Array) -> Array:
    """Final use by country of the forms that processes make, of all forms where none is made.

    Parameters
    ----------
    world : World
        For the chain.
    use : Array, shape (F, n, U)
        Final use, t contained a year.

    Returns
    -------
    Array, shape (n)
        t contained a year.
    """
    made = np.array([not f.primary for f in world.chain.forms])
    chosen = made if made.any() else np.ones_like(made)
    out: Array = use[chosen].sum(axis=(0, 2))
    return out


def worn_out(pool: Array, used: Array, lifetime: float) -> Array:
    """Goods in use that wear out next year, as the level of use they stand for.

    Parameters
    ----------
    pool : Array, shape (n)
        The level before, t a year.
    used : Array, shape (n)
        Use of the year, t.
    lifetime : float
        Mean life of goods, years.

    Returns
    -------
    Array, shape (n)
        pool + (used - pool) / lifetime: an exponential life.
    """
    out: Array = pool + (used - pool) / max(lifetime, 1.0)
    return out


def new_share_of(world: World, recycling: Recycling) -> Array:
    """Share of new scrap in what is collected in the base.

    Parameters
    ----------
    world : World
        Base data.
    recycling : Recycling
        The rule, with a share for chains that say nothing of new scrap.

    Returns
    -------
    Array, shape (n)
        What the chain says its makers sell, else the share of the rule; 0 to 1.
    """
    sold, collected = base_new_scrap(world)[recycling.form], world.M0[recycling.form]
    if sold.sum() <= 0:
        return np.full_like(collected, recycling.new_share)
    out: Array = np.divide(
        np.minimum(sold, collected), collected, out=np.zeros_like(collected), where=collected > 0
    )
    return out


def fresh_scrap(world: World, recycling: Recycling, activity: Array, use: Array) -> Array:
    """New scrap a year sells into the next, over that of the base.

    Parameters
    ----------
    world : World
        Base data.
    recycling : Recycling
        The rule.
    activity : Array, shape (K, n)
        Activity of the year, t.
    use : Array, shape (F, n, U)
        Final use of the year, t contained.

    Returns
    -------
    Array, shape (n)
        As the chain says, else as use.
    """
    base = base_new_scrap(world)[recycling.form]
    if base.sum() <= 0:
        sold, base = used_in(world, use), used_in(world, world.D0)
    else:
        sold = new_scrap(world.chain, world.uses, activity, use)[recycling.form]
    out: Array = np.divide(sold, base, out=np.full_like(base, sold.sum() / base.sum()), where=base > 0)
    return out


def arisings(world: World, recycling: Recycling, pool: Array, fresh: Array) -> Array:
    """Scrap to collect relative to the base.

    A country that collects but does not use follows the world.

    Parameters
    ----------
    world : World
        Base data.
    recycling : Recycling
        The rule.
    pool : Array, shape (n)
        Worn-out goods as the level of use they stand for, t a year.
    fresh : Array, shape (n)
        New scrap over that of the base.

    Returns
    -------
    Array, shape (n)
        A factor on supply of scrap.
    """
    base, share = used_in(world, world.D0), new_share_of(world, recycling)
    worn = np.divide(pool, base, out=np.full_like(base, pool.sum() / base.sum()), where=base > 0)
    out: Array = share * fresh + (1.0 - share) * worn
    return out
