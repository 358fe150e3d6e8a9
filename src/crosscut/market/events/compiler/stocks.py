"""Stocks and substitution: what is bought for stock, which stocks are sold at which price, which uses turn
away.

Tests: tests/market/events/test_levers.py, tests/market/test_policy_curves.py
"""

from __future__ import annotations

import numpy as np

from crosscut.base.arrays import Array
from crosscut.market.events.compiled import StockRule
from crosscut.market.events.compiler.selection import Selected
from crosscut.market.events.events import EventKind
from crosscut.market.model.world import World

BOUGHT = {EventKind.STOCKPILE_PURCHASE, EventKind.PRECAUTIONARY_BUYING}
RELEASED = {EventKind.STOCK_RELEASE, EventKind.COMMERCIAL_STOCK}
WEEKS = 52.0
RELEASE_WIDTH = 0.05  # of the trigger, where none is stated
BUFFER_WIDTH = 0.10  # of the base price
SWITCH_WIDTH = 0.1  # in the ratio to the base price


def bought_for_stock(chosen: list[Selected], world: World) -> Array:
    """What is bought on top of what is used (E9); several events add up.

    Parameters
    ----------
    chosen : list[Selected]
        Events found in a world.
    world : World
        Base data.

    Returns
    -------
    Array, shape (F, n)
        t contained a year.
    """
    out = np.zeros(world.M0.shape)
    use = world.use()
    for c in chosen:
        event, f = c.event, c.target
        if event.kind is EventKind.STOCKPILE_PURCHASE:
            out[f, c.destinations] += event.size * c.share
        elif event.kind is EventKind.PRECAUTIONARY_BUYING:
            weeks = event.coverage * event.size * c.share * (1.0 - event.leakage)
            out[f, c.destinations] += weeks / WEEKS * use[f, c.destinations]
    return out


def stock_rules(chosen: list[Selected], world: World) -> tuple[tuple[StockRule, ...], list[str]]:
    """Every stock that is sold as prices rise (E9).

    A stock is sold inside the country that holds it, at its producers' price: a country that makes none of
    the form has no such price and its stock is left out.

    Parameters
    ----------
    chosen : list[Selected]
        Events found in a world.
    world : World
        Base data.

    Returns
    -------
    tuple of (tuple of StockRule, list of str)
        The rules, and notes on those that are left out.
    """
    rules: list[StockRule] = []
    notes: list[str] = []
    made = world.supply()
    for c in chosen:
        event, f = c.event, c.target
        if event.kind not in RELEASED:
            continue
        here = np.flatnonzero(c.origins & (made[f] > 0))
        if not len(here):
            notes.append(
                f"{event.id}: no {world.chain.forms[f].id} is made there, so no price could release it; left"
                " out."
            )
        for i in here.tolist():
            label = event.id if len(here) == 1 else f"{event.id}/{world.countries[i]}"
            p0 = float(world.prices[f, i])
            if event.kind is EventKind.STOCK_RELEASE:
                trigger = event.trigger or p0
                tonnes, width = event.size, event.width or RELEASE_WIDTH * trigger
            else:
                swing = event.size * (float(made[f, i]) if event.unit == "fraction" else 1.0)
                trigger, tonnes, width = p0, 2.0 * swing, event.width or BUFFER_WIDTH * p0
            if tonnes * c.share > 0:
                rules.append(StockRule(label, f, i, tonnes * c.share, trigger, width, event.id))
    return tuple(rules), notes


def switched_uses(chosen: list[Selected], world: World) -> tuple[Array, Array, Array, list[str]]:
    """Parts of uses that turn to another material above a price (E6).

    Parameters
    ----------
    chosen : list[Selected]
        Events found in a world.
    world : World
        Base data.

    Returns
    -------
    tuple of (Array, Array, Array, list of str)
        switch_share, switch_trigger and switch_width, each (F, n, U), and notes. Of several events in one
        place the shares add up (to 1 at most); triggers and widths are averaged by share.
    """
    share = np.zeros(world.D0.shape)
    trigger, width = np.zeros(world.D0.shape), np.zeros(world.D0.shape)
    notes: list[str] = []
    for c in chosen:
        event = c.event
        if event.kind is not EventKind.SUBSTITUTION:
            continue
        part = event.coverage * event.size * c.share * (1.0 - event.leakage)
        if part <= 0:
            notes.append(f"{event.id}: nothing switches; left out.")
            continue
        at = np.ix_(c.destinations, c.uses)
        if (share[c.target][at] > 0).any():
            notes.append(
                f"{event.id}: a second switch of the same use in the window; one at their average is taken."
            )
        share[c.target][at] += part
        trigger[c.target][at] += part * (event.trigger or 1.5)
        width[c.target][at] += part * (event.width or SWITCH_WIDTH)
    on = share > 0
    weight = np.where(on, share, 1.0)
    return (
        np.minimum(share, 1.0),
        np.where(on, trigger / weight, 2.0),
        np.where(on, width / weight, 0.2),
        notes,
    )
