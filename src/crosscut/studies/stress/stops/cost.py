"""Cost: what the users of a country lose while an origin does not sell, and what is to be expected of it in
a year.

Three figures, each defined here alone. The cost of a full-year stop is at median behaviour, its interval over
draws of behaviour (and of how strong measures in force are, where the run starts from them). The expected
loss is the sum over the ways and lengths of a stop of chance times loss within the year, the mean over the
draws.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from crosscut.base.arrays import Array
from crosscut.ledger.store.ledger import Ledger
from crosscut.market.events.compiled import CompiledEvents, no_events
from crosscut.market.events.events import Scenario
from crosscut.market.model.solution import Solution
from crosscut.market.model.world import Params, World
from crosscut.market.solve.idle_lines import NO_BUYER
from crosscut.market.solvers import NumpySolver, Solver, batch_solver, worth_compiling
from crosscut.studies.shared.draws import generator_of
from crosscut.studies.stress.ensemble.losses import Meter, YearLosses
from crosscut.studies.stress.history.base_rates import base_rates
from crosscut.studies.stress.in_force.measures_held import Beyond, held_on
from crosscut.studies.stress.stops.chance import StopChance, Way, stop_chance
from crosscut.studies.stress.stops.stop import Stop, stopped_over, whole_stop
from crosscut.worlds.node import GROUPS
from crosscut.worlds.parameters import median_params, parameter_distributions, params_at

STOP_DRAWS = 50  # the most draws of behaviour that a stop is solved over
IDLE = "; plants there find no buyer and run in part"


@dataclass(frozen=True, eq=False)
class StopMarket:
    """A world solved without the stop under one draw of behaviour; `failed` names the market where it did not
    clear."""

    world: World
    meter: Meter
    solver: Solver
    params: Params
    before: Solution
    stands: CompiledEvents | None

    def struck(self, stop: Stop, share: float | Mapping[int, float] = 1.0) -> tuple[YearLosses | None, str]:
        """(what a year of the stop costs, a note where plants of the origin find no buyer); None and the
        market that does not clear."""
        if not self.before.ok:
            return None, self.before.failed_market
        events = stopped_over(self.world, stop, share, self.stands, self.before)
        after = self.solver.solution(self.params, events)
        if not after.ok:
            return None, after.failed_market
        idle = IDLE if any(NO_BUYER in note for note in after.notes) else ""
        demand = 1.0 if self.stands is None else self.stands.demand_factor[:, self.meter.at]
        return self.meter.measured(self.params, self.before, after, demand), idle

    def withheld(self, stop: Stop, part: float, share: float) -> dict[int, float]:
        """By form, the share of the year's flow that a stop takes which holds a part of the year and
        withholds a share of base exports while it does; where measures stand, what goes beyond them."""
        if self.stands is None:
            return dict.fromkeys(stop.forms, part * share)
        beyond = Beyond(self.world, self.stands, self.before.flows)
        code = self.world.countries[stop.origin]
        target = self.world.countries[stop.toward[0]] if stop.toward else ""
        return {f: part * beyond.withheld(f, code, target, share) for f in stop.forms}


@dataclass(frozen=True, eq=False)
class StopMarkets:
    """The markets that a stop is solved on: median behaviour, and draws of it."""

    world: World
    places: tuple[int, ...]
    middle: StopMarket
    drawn: tuple[StopMarket, ...]


def stop_markets(
    world: World, places: Sequence[int], seed: int, draws: int, measures_held: Scenario | None = None
) -> StopMarkets:
    """The markets that stops are solved on for the users at some places.

    Parameters
    ----------
    world : World
        The base year.
    places : Sequence[int]
        Positions of the countries whose loss is counted.
    seed : int
        The key of the draws of behaviour.
    draws : int
        How many.
    measures_held : Scenario | None
        Holds before and after every stop; None for the calm base year.

    Returns
    -------
    StopMarkets
        Solved without a stop.
    """
    meter = Meter(world, places)
    solver = batch_solver(world) if worth_compiling(10 * draws) else NumpySolver(world)
    stood = held_on(world, measures_held)

    def market(params: Params, stands: CompiledEvents | None) -> StopMarket:
        before = solver.solution(params, stands or no_events(world))
        return StopMarket(world, meter, solver, params, before, stands)

    n = len(parameter_distributions(world))
    return StopMarkets(
        world,
        tuple(places),
        market(median_params(world), None if stood is None else stood.in_the_middle()),
        tuple(
            market(
                params_at(world, generator_of(seed, d).standard_normal(n)),
                None if stood is None else stood.of_draw(seed, d),
            )
            for d in range(draws)
        ),
    )


Span = tuple[float | None, float | None, float | None]  # value at median behaviour, 10 % and 90 % points


@dataclass(frozen=True, eq=False)
class StopCost:
    """What a full-year stop costs: (value at median behaviour, 10 % and 90 % points over draws) of tonnes of
    final use lost, of the price as a ratio (of the form stopped, or of the form hit most), and of USD that
    users lose.
    A value is None where the market does not clear or has no price, ends are None where not drawn. `note`
    says what is to be known of it, `failed` are (draw, market) that did not clear."""

    short: Span
    price: Span
    usd: Span
    note: str
    failed: tuple[tuple[int, str], ...] = ()


NOT_KNOWN: Span = (None, None, None)


def cost_of_stop(markets: StopMarkets, stop: Stop) -> StopCost:
    """What a full-year stop costs at median behaviour, without an interval.

    Parameters
    ----------
    markets : StopMarkets
        Where it is solved.
    stop : Stop
        Who stops selling what.

    Returns
    -------
    StopCost
        Without values where the market does not clear; `note` then says which.
    """
    found, how = markets.middle.struck(stop)
    if found is None:
        return StopCost(NOT_KNOWN, NOT_KNOWN, NOT_KNOWN, f"failed: {how} did not clear")
    note = how + ("; part of the use has no price below the backstop" if found.beyond else "")
    price = _finite(_dearest(found, stop))
    return StopCost(
        (float(found.short.sum()), None, None), (price, None, None), (found.usd, None, None), note
    )


def with_interval(markets: StopMarkets, stop: Stop, cost: StopCost) -> StopCost:
    """The cost of a full-year stop with its ends over draws of behaviour.

    Parameters
    ----------
    markets : StopMarkets
        Where it is solved.
    stop : Stop
        Who stops selling what.
    cost : StopCost
        At median behaviour.

    Returns
    -------
    StopCost
        Ends hold the value at median behaviour; they stay None where less than half of the draws clear.
    """
    found = [market.struck(stop) for market in markets.drawn]
    failed = tuple((d, how) for d, (m, how) in enumerate(found) if m is None)
    solved = [m for m, _ in found if m is not None]
    if not solved or len(solved) < len(found) / 2:
        return replace(cost, failed=failed)
    values = np.array([(m.short.sum(), _dearest(m, stop), m.usd) for m in solved], dtype=float)
    least = len(found) / 2
    return StopCost(
        _span(cost.short, values[:, 0], least),
        _span(cost.price, values[:, 1], least),
        _span(cost.usd, values[:, 2], least),
        cost.note,
        failed,
    )


def _span(known: Span, drawn: Array, least: float) -> Span:
    """With ends over the draws, which hold the value; without where fewer than `least` draws have one."""
    middle, column = known[0], drawn[np.isfinite(drawn)]
    if middle is None or len(column) < least:
        return middle, None, None
    low, high = (float(q) for q in np.quantile(column, [0.1, 0.9]))
    return middle, min(low, middle), max(high, middle)


@dataclass(frozen=True, eq=False)
class StopRisk:
    """The chance of a year that a government begins a stop that reaches the places, and the loss to expect
    of it within that year: USD, with 10 % and 90 % points over what is not known of rates and behaviour;
    None where most draws do not clear."""

    chance: StopChance
    usd: float | None
    usd_low: float | None
    usd_high: float | None


def risk_of_stop(ledger: Ledger, markets: StopMarkets, origin: int) -> StopRisk | None:
    """The chance of a stop by a government and what it is expected to cost: the sum over its ways and
    lengths.

    Parameters
    ----------
    ledger : Ledger
        Has the history of measures.
    markets : StopMarkets
        Where it is solved.
    origin : int
        Position of the country whose government stops sales.

    Returns
    -------
    StopRisk | None
        None for a group of countries, which has no government, and for a country that sells nothing abroad.
    """
    world = markets.world
    chance = chance_of_stop(ledger, world, markets.places, origin)
    if chance is None:
        return None
    lost = np.zeros(len(markets.drawn))
    for way in chance.ways:
        lost += _lost(markets, origin, way)
    known = lost[np.isfinite(lost)]
    if not len(known) or len(known) < len(lost) / 2:
        return StopRisk(chance, None, None, None)
    spread = np.outer(chance.by_point / chance.chance, known)
    low, high = np.quantile(spread, [0.1, 0.9])
    value = float(known.mean())
    return StopRisk(chance, value, min(float(low), value), max(float(high), value))


def chance_of_stop(ledger: Ledger, world: World, places: Sequence[int], origin: int) -> StopChance | None:
    """The chance of a year that a country's government begins a stop that reaches some places.

    Parameters
    ----------
    ledger : Ledger
        Has the history of measures.
    world : World
        What the country sells abroad.
    places : Sequence[int]
        Positions of the countries whose supply counts.
    origin : int
        Position of the country.

    Returns
    -------
    StopChance | None
        None for a group of countries and for a country that sells nothing abroad.
    """
    code, whole = world.countries[origin], whole_stop(world, origin)
    if code in GROUPS or whole is None:
        return None
    stages = (any(world.chain.forms[f].primary for f in whole.forms), True)
    reached = [world.countries[p] for p in places]
    return stop_chance(base_rates(ledger), code, world.mineral, reached, stages)


def _lost(markets: StopMarkets, origin: int, way: Way) -> Array:
    """USD to expect of a way in a year, by draw; NaN where a market does not clear."""
    world, whole = markets.world, whole_stop(markets.world, origin)
    assert whole is not None
    forms = tuple(f for f in whole.forms if not way.raw or world.chain.forms[f].primary)
    toward = (world.country_index(way.target),) if way.target else ()
    stop, out = Stop(origin, forms, toward), np.zeros(len(markets.drawn))
    for weight, part, share in way.nodes():
        for d, market in enumerate(markets.drawn):
            found = market.struck(stop, market.withheld(stop, part, share))[0] if market.before.ok else None
            out[d] += weight * (np.nan if found is None else found.usd)
    return out


def _dearest(m: YearLosses, stop: Stop) -> float:
    """Price of the form stopped, or of the form hit most where several are; NaN where there is none."""
    return float(m.price[stop.forms[0]] if len(stop.forms) == 1 else np.nanmax(m.price, initial=0.0))


def _finite(x: float) -> float | None:
    return x if np.isfinite(x) else None
