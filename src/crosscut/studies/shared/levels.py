"""Levels: the factor that puts a form's modelled prices on a dated quotation."""

from __future__ import annotations

import numpy as np

from crosscut.base.errors import Problem, UserError
from crosscut.base.units.tonnage import content
from crosscut.market.events.events import Quotation
from crosscut.market.model.world import World
from crosscut.studies.shared.ensemble import ScenarioEnsemble
from crosscut.studies.shared.quantities import price_at, price_places
from crosscut.worlds.minerals import trade_unit


def quotation_in_trade_unit(quotation: Quotation, world: World) -> float | None:
    """The value of a quotation in the trade unit of its form.

    A quotation per tonne of a product loses its tax, is exchanged, and is divided by the content of the
    product.

    Parameters
    ----------
    quotation : Quotation
        In the trade unit already, or per t of a product whose content is known.
    world : World
        Its mineral decides the trade unit.

    Returns
    -------
    float | None
        In the trade unit, converted values to three digits; None when the quotation is in another unit and
        does not say how to get there.
    """
    unit, factor = trade_unit(world.mineral, quotation.form)
    if quotation.unit in {unit, unit.removesuffix(" WO3"), unit.replace("mtu", "dmtu")}:
        return quotation.value
    if not quotation.product or not quotation.unit.endswith("/t"):
        return None
    usd_per_t = quotation.value / (1 + quotation.tax) / quotation.per_usd
    return float(
        f"{usd_per_t / content(quotation.product).value * factor:.3g}"
    )  # rate and tax carry no more digits


def conversion_text(quotation: Quotation) -> str:
    """How a quotation came into the trade unit, in words.

    Parameters
    ----------
    quotation : Quotation
        The quotation.

    Returns
    -------
    str
        Value, tax, rate of exchange and content; empty when it was quoted in the trade unit.
    """
    if not quotation.product:
        return ""
    return (
        f"{quotation.value:,.10g} {quotation.unit} of {quotation.product}, {quotation.tax:.0%} tax taken off,"
        f" {quotation.per_usd:g} per USD, {content(quotation.product).value:g} t contained per t"
    )


def price_levels(ensemble: ScenarioEnsemble) -> tuple[list[float], list[str]]:
    """One factor a form that puts modelled prices on dated quotations, and what was done in words.

    The anchor quotes the state before the scenario's own events. A form without a quotation keeps its
    base-year price relative to the headline form, or to the first anchored one; without any anchor the factor
    is 1.

    Parameters
    ----------
    ensemble : ScenarioEnsemble
        Its scenario has the anchors, its central case the modelled prices.

    Returns
    -------
    tuple[list[float], list[str]]
        (factor of every form, sentences that say what was rebased to what).

    Raises
    ------
    UserError
        Where an anchor names a price that this world does not have, is in a unit that cannot be converted, or
        the model has no price there before the events.
    """
    world, central = ensemble.world, ensemble.central
    level = [1.0] * len(world.chain.forms)
    anchored: list[int] = []
    notes = []
    for anchor in ensemble.scenario.anchors:
        where = f"anchor of {anchor.form} in {anchor.place}"
        place = next(
            (
                p
                for p in price_places(world)
                if (world.chain.forms[p.form].id, p.place, p.basis)
                == (anchor.form, anchor.place, anchor.basis or "paid")
            ),
            None,
        )
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
        anchored.append(place.form)
        notes.append(
            f"Prices of {anchor.form} are rebased to {value:g} {unit} ({anchor.series}, {anchor.date}); "
            f"the model's base-year level there is {modelled:,.0f}."
        )
    others = [f for f in range(len(level)) if f not in anchored]
    if anchored and others:
        headline = world.chain.headline_index()
        lead = headline if headline in anchored else anchored[0]
        for f in others:
            level[f] = level[lead]
        names = ", ".join(world.chain.forms[f].id for f in others)
        notes.append(
            f"No quotation for {names}: prices move by the same factor as {world.chain.forms[lead].id}, "
            f"{level[lead]:.3g}, so that relative prices stay those of {world.year}."
        )
    return level, notes
