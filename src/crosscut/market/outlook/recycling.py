"""Recycling: how much scrap there is to collect follows what was used in earlier years."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from crosscut.market.outlook.draw import Recycling
from crosscut.market.world import World

Array = NDArray[np.float64]


def used_in(world: World, use: Array) -> Array:
    """Final use by country of the forms that processes make (of all forms where none is made), t a year."""
    made = np.array([not f.primary for f in world.chain.forms])
    chosen = made if made.any() else np.ones_like(made)
    out: Array = use[chosen].sum(axis=(0, 2))
    return out


def worn_out(pool: Array, used: Array, lifetime: float) -> Array:
    """Goods in use that wear out next year, as the level of use they stand for: an exponential life of mean
    `lifetime` years, so pool <- pool + (used - pool) / lifetime."""
    out: Array = pool + (used - pool) / max(lifetime, 1.0)
    return out


def arisings(recycling: Recycling, pool: Array, used: Array, base: Array) -> Array:
    """Scrap to collect relative to the base, by country: `pool` and `used` of last year over use in the base.

    A country that collects but does not use follows the world.
    """
    world = float((recycling.new_share * used + (1 - recycling.new_share) * pool).sum() / base.sum())
    with np.errstate(invalid="ignore", divide="ignore"):
        own = (recycling.new_share * used + (1 - recycling.new_share) * pool) / base
    return np.where(base > 0, own, world)
