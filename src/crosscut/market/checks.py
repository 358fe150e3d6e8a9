"""Checks: event sets that have no solution are refused by name before anything is solved."""

from __future__ import annotations

import numpy as np

from crosscut.errors import Problem, UserError
from crosscut.market.state import Market


def refuse_impossible(market: Market) -> None:
    """Raises UserError for floors above a cap on the same routes or above what their origins can supply."""
    c, world = market.calibration, market.calibration.world
    problems = []
    pairs = list(zip(market.groups, market.members, strict=True))
    for floor, inside in pairs:
        if floor.kind != "floor":
            continue
        for cap, routes in pairs:
            if (
                cap.kind == "cap"
                and cap.form == floor.form
                and not (inside & ~routes).any()
                and cap.most < floor.limit
            ):
                problems.append(
                    Problem(
                        f"the floor {floor.id} of {floor.limit:,.0f} t lies above the cap {cap.id} of"
                        f" {cap.most:,.0f} t on the same routes",
                        "events",
                        "a floor at or below every cap that covers it",
                    )
                )
        origins = inside.any(axis=1)
        made = market.supply.capacity()[floor.form] + c.b[:, floor.form] @ market.processing.capacity
        if market.release is not None:
            made = made + market.release.most(market.calibration.phi0)[floor.form]
        most = float(made[origins].sum())
        if floor.limit > most:
            names = ", ".join(world.countries[i] for i in np.flatnonzero(origins))
            problems.append(
                Problem(
                    f"the floor {floor.id} of {floor.limit:,.0f} t is above what {names} can supply"
                    f" ({most:,.0f} t)",
                    "events",
                    f"at most {most:,.0f} t",
                )
            )
    if problems:
        raise UserError(problems)
