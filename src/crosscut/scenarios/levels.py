"""Levels: the factor that puts a form's modelled prices on a dated quotation."""

from __future__ import annotations

import numpy as np

from crosscut.errors import Problem, UserError
from crosscut.market.events import Quotation
from crosscut.market.world import World
from crosscut.scenarios.ensemble import Ensemble
from crosscut.scenarios.quantities import price_at, price_places
from crosscut.scenarios.trade_units import trade_unit


def quotation_in_trade_unit(quotation: Quotation, world: World) -> float | None:
    """The value in the trade unit of its form, None when its unit needs more than a fixed factor (currency, tax)."""
    unit, _ = trade_unit(world.mineral, quotation.form)
    same = {unit, unit.removesuffix(" WO3"), unit.replace("mtu", "dmtu")}
    return quotation.value if quotation.unit in same else None


def price_levels(ensemble: Ensemble) -> tuple[list[float], list[str]]:
    """One factor per form (1 without an anchor) and the sentences that say what was rebased to what.

    The anchor quotes the state before the scenario's own events.
    """
    world, central = ensemble.world, ensemble.central
    level = [1.0] * len(world.chain.forms)
    notes = []
    for anchor in ensemble.scenario.anchors:
        where = f"anchor of {anchor.form} in {anchor.place}"
        place = next(
            (p for p in price_places(world) if (world.chain.forms[p.form].id, p.place, p.basis)
             == (anchor.form, anchor.place, anchor.basis or "paid")),
            None,
        )  # fmt: skip
        value = quotation_in_trade_unit(anchor, world)
        if place is None:
            raise UserError(Problem("this world has no such price", where, "a form and place of the world"))
        unit, factor = trade_unit(world.mineral, anchor.form)
        if value is None:
            raise UserError(Problem(f"unit {anchor.unit!r} cannot anchor", where, unit))
        modelled = price_at(world, central.events_before, central.before, place) * factor
        if not np.isfinite(modelled):
            raise UserError(Problem("the model has no price there before the events", where))
        level[place.form] = value / modelled
        notes.append(
            f"Prices of {anchor.form} are rebased to {value:g} {unit} ({anchor.series}, {anchor.date}); "
            f"the model's base-year level there is {modelled:,.0f}."
        )
    return level, notes
