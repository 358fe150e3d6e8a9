"""Welfare rows: who gains and loses, in million USD a year, for worlds of grade A and B."""

from __future__ import annotations

from typing import Any

import numpy as np

from crosscut.market.welfare import welfare_change
from crosscut.scenarios.ensemble import Ensemble
from crosscut.scenarios.rows import interval


def welfare_rows(ensemble: Ensemble) -> list[dict[str, Any]]:
    """One row per country and item (buyers, miners, processors, public revenue, rents, friction, total)."""
    world = ensemble.world
    if not ensemble.solved:
        return []
    changes = [welfare_change(world, o.draw.params, o.events_before, o.before, o.events_after, o.after)
               for o in ensemble.solved]  # fmt: skip
    rows = []
    for item in changes[0]:
        values = np.array([c[item] for c in changes]) / 1e6
        for i, code in enumerate(world.countries):
            if np.abs(values[:, i]).max() > 1e-3:
                rows.append({"country": code, "item": item, "unit": "million USD a year", **interval(values[:, i])})
    return rows
