"""Stop effects: what a year in which a country sells a mineral to nobody abroad does to the price and the
tonnes of a buyer.

Who stops what, the chance of it and the markets it is solved on are those of `exposure` and `stress`
(`studies.stress.stops`). Read off here: the price that buyers pay on average where the company buys, which a
bill is made of, and the share of the use there that is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from crosscut.base.arrays import Array
from crosscut.ledger.store.ledger import Ledger
from crosscut.market.events.compiled import no_events
from crosscut.market.model.solution import Solution
from crosscut.market.model.world import World
from crosscut.studies.shared.measures_in_force import SELLS
from crosscut.studies.shared.quantities import PricePlace, prices_at
from crosscut.studies.stress.stops.chance import StopChance
from crosscut.studies.stress.stops.cost import Span, StopMarket, chance_of_stop, stop_markets
from crosscut.studies.stress.stops.stop import NamedStop, Stop, stopped_over, whole_stop

NOTHING: Span = (None, None, None)


@dataclass(frozen=True, eq=False)
class Buyer:
    """Where a company buys in a world: positions of the countries, and whether they are its own (False: its
    country is not known, so everyone outside the origin stands for it)."""

    places: tuple[int, ...]
    own: bool


@dataclass(frozen=True, eq=False)
class StopEffect:
    """What a full-year stop does to a buyer: the first of each array is at median behaviour, the others are
    draws; NaN where a market does not clear or a price is not there.

    Parameters
    ----------
    stop : NamedStop
        The country and the forms it stops selling abroad.
    price : Array [form, 1 + draw]
        Price paid on average where the company buys, after over before.
    marginal : Array [form, 1 + draw]
        Cost of one more tonne there, what it takes to adapt to it included, after over before.
    short : Array [1 + draw]
        Share of the use of the mineral there that is lost, over all forms.
    chance : StopChance or None
        Of a year; None for a group of countries, which has no government.
    expected : Array [form]
        Expected rise of the price within a year, a fraction: chance times rise, summed over the ways, lengths
        and depths of a stop, at median behaviour.
    beyond : bool
        At median behaviour part of the use there has no price any more: it lies above what users would pay.
    failed : tuple of (int, str)
        Draws and the market that did not clear in each.
    """

    stop: NamedStop
    price: Array
    marginal: Array
    short: Array
    chance: StopChance | None
    expected: Array
    beyond: bool
    failed: tuple[tuple[int, str], ...]


def buyer_outside(world: World, origin: int) -> Buyer:
    """A buyer whose country is not known: everyone but the origin stands for it.

    Parameters
    ----------
    world : World
        The base year.
    origin : int
        Position of the country that stops selling.

    Returns
    -------
    Buyer
        Not its own places.
    """
    return Buyer(tuple(i for i in range(len(world.countries)) if i != origin), False)


def sold_share(world: World, origin: int, form: int) -> float:
    """Share of a form's trade across borders that a country sells, re-exports taken out.

    Parameters
    ----------
    world : World
        The base year; its flows are by the country of origin.
    origin : int
        Position of the country.
    form : int
        Position of the form.

    Returns
    -------
    float
        0 to 1; 0 where nothing crosses a border.
    """
    q = world.q0[form]
    total = float(q.sum() - q.trace())
    return float(q[origin].sum() - q[origin, origin]) / total if total > 0 else 0.0


def sells_too_little(world: World, origin: int, form: int) -> bool:
    """Whether a country sells so little of a form abroad that its stop cannot be read off the world: then
    what a company buys from it is hardly this form.

    The share is that below which a measure in force is not taken over either.

    Parameters
    ----------
    world : World
        The base year.
    origin : int
        Position of the country.
    form : int
        Position of the form.

    Returns
    -------
    bool
        True below 1 % of what crosses borders.
    """
    return sold_share(world, origin, form) < SELLS


def effect_of_stop(
    ledger: Ledger, world: World, origin: int, buyer: Buyer, seed: int, draws: int
) -> StopEffect | None:
    """Solve the stop of a country for a buyer.

    Parameters
    ----------
    ledger : Ledger
        Has the history that the chance is counted on.
    world : World
        The calm base year.
    origin : int
        Position of the country that stops selling.
    buyer : Buyer
        Where the company buys.
    seed : int
        The key of the draws of behaviour.
    draws : int
        How many.

    Returns
    -------
    StopEffect | None
        None where the country sells nothing abroad but scrap: then nothing can stop.
    """
    stop = whole_stop(world, origin)
    if stop is None:
        return None
    markets = stop_markets(world, buyer.places, seed, draws)
    solved = [markets.middle, *markets.drawn]
    read = [_read(m, stop, buyer, 1.0) for m in solved]
    reached = (
        buyer.places if buyer.own else ()
    )  # a stop aimed at one country may miss a buyer of no known country
    chance = chance_of_stop(ledger, world, reached, origin)
    return StopEffect(
        stop,
        np.array([r.paid for r in read]).T,
        np.array([r.marginal for r in read]).T,
        np.array([r.short for r in read]),
        chance,
        _expected(markets.middle, stop, buyer, chance),
        read[0].beyond,
        tuple((d - 1, r.failed) for d, r in enumerate(read) if r.failed and d > 0),
    )


@dataclass(frozen=True, eq=False)
class _Reading:
    """One solved stop: ratios of prices by form, share of use lost, the market that did not clear."""

    paid: Array
    marginal: Array
    short: float
    beyond: bool = False
    failed: str = ""


def _read(market: StopMarket, stop: Stop, buyer: Buyer, share: float) -> _Reading:
    world = market.world
    nothing = np.full(len(world.chain.forms), np.nan)
    if not market.before.ok:
        return _Reading(nothing, nothing, np.nan, failed=market.before.failed_market)
    events = stopped_over(world, stop, share, market.stands, market.before)
    after = market.solver.solution(market.params, events)
    if not after.ok:
        return _Reading(nothing, nothing, np.nan, failed=after.failed_market)
    calm, code = no_events(world), world.countries[buyer.places[0]]

    def ratio(basis: str) -> Array:
        seen = [PricePlace(f, code, basis, buyer.places) for f in range(len(world.chain.forms))]
        return np.asarray(prices_at(world, events, after, seen) / prices_at(world, calm, market.before, seen))

    beyond = market.meter.measured(market.params, market.before, after).beyond
    return _Reading(ratio("paid"), ratio("marginal"), _lost(market.before, after, buyer), beyond)


def _lost(before: Solution, after: Solution, buyer: Buyer) -> float:
    at = list(buyer.places)
    used = float(before.use[:, at].sum())
    return (used - float(after.use[:, at].sum())) / used if used > 0 else np.nan


def _expected(market: StopMarket, stop: NamedStop, buyer: Buyer, chance: StopChance | None) -> Array:
    """Expected rise of the price by form within a year."""
    world = market.world
    if chance is None:
        return np.full(len(world.chain.forms), np.nan)
    out = np.zeros(len(world.chain.forms))
    for way in chance.ways:
        forms = tuple(f for f in stop.forms if not way.raw or world.chain.forms[f].primary)
        toward = (world.country_index(way.target),) if way.target else ()
        for weight, part, share in way.nodes():
            found = _read(market, Stop(stop.origin, forms, toward), buyer, part * share)
            out += weight * (found.paid - 1.0)
    return out


def span(values: Array) -> Span:
    """The value at median behaviour, and the 10 % and 90 % points of the draws, which hold it between them.

    Parameters
    ----------
    values : Array [1 + draw]
        The first at median behaviour; NaN where there is none.

    Returns
    -------
    Span
        None where there is no value; ends are None where fewer than half of the draws have one.

    Examples
    --------
    >>> span(np.array([2.0, 1.0, 3.0]))
    (2.0, 1.2, 2.8)
    >>> span(np.array([np.nan, 1.0]))
    (None, None, None)
    """
    value, drawn = float(values[0]), values[1:]
    if not np.isfinite(value):
        return NOTHING
    known = drawn[np.isfinite(drawn)]
    if not len(known) or len(known) < len(drawn) / 2:
        return value, None, None
    low, high = (float(q) for q in np.quantile(known, [0.1, 0.9]))
    return value, min(low, value), max(high, value)


def bill_change(usd: Sequence[float], forms: Sequence[int], effect: StopEffect) -> Array:
    """What the same tonnes cost more, or less, under a stop: usd (ratio - 1), added up.

    Parameters
    ----------
    usd : Sequence[float]
        Spend of each flow.
    forms : Sequence[int]
        Position of the form of each flow.
    effect : StopEffect
        The stop.

    Returns
    -------
    Array [1 + draw]
        USD a year; NaN where a price is not there.
    """
    return np.asarray(np.array(usd) @ (effect.price[list(forms)] - 1.0))
