"""Block order: the places of a world in the order that makes its matrices small.

The Jacobian has a block for every two forms, as wide as the last place that sells the form. In the order of
the alphabet that is all places; with those that sell most forms first, a form that few places sell has a
small block.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from crosscut.market.model.world import World


def seated(world: World) -> World:
    """The same world with places that sell most forms first; nothing else changes, so that solutions agree
    place by place.

    >>> from crosscut.market.model.examples import two_country_world
    >>> w = two_country_world()
    >>> sorted(seated(w).countries) == sorted(w.countries)
    True
    """
    sold = (world.supply() > 0).sum(axis=0)
    order = np.argsort(-sold, kind="stable")
    moved: dict[str, Any] = {
        "countries": tuple(world.countries[i] for i in order),
        "duty_on_cif": world.duty_on_cif[order],
    }
    for name in ("M0", "X0", "D0", "supply_capacity", "process_capacity", "prices"):
        moved[name] = np.ascontiguousarray(getattr(world, name)[:, order])
    for name in ("q0", "freight", "tariff", "export_tax"):
        moved[name] = np.ascontiguousarray(getattr(world, name)[:, order][:, :, order])
    return replace(world, **moved)
