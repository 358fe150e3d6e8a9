"""Draws: one future of an outlook. Everything drawn has a name, and its number depends on (seed, draw, name)
alone.

Leaving out a facility, adding a year or another case therefore changes no other number: cases are compared
future by future.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from math import inf

import numpy as np
from numpy.typing import NDArray

from crosscut.base.arrays import Array
from crosscut.inputs.outlook.schema import (
    LONG_RUN,
    FacilityEntry,
    InvestmentEntry,
    Programme,
    StockEntry,
    decimal_year,
)
from crosscut.inputs.scenario.schema import Size
from crosscut.market.events.events import Event
from crosscut.market.model.world import Params
from crosscut.market.solve.entry import ENTRANT_USE
from crosscut.market.years import Behaviour, Facility, InvestmentRule, OutlookDraw, Recycling, Release, Stock
from crosscut.studies.outlook.nodes import OutlookOnWorld
from crosscut.studies.shared.draws import event_size, generator_of
from crosscut.worlds.parameters import (
    Z90,
    long_run_distribution,
    parameter_distributions,
    params_at,
    two_piece_lognormal,
)

INVESTMENT_WINDOW = 3  # years whose mean price an investor looks at


def named_generator(seed: int, draw: int, name: str, year: int = 0) -> np.random.Generator:
    """The stream of one named quantity: Philox keyed by the seed, counter (0, name, year, draw).

    >>> a, b = (named_generator(1, 7, "growth/all").standard_normal() for _ in range(2))
    >>> bool(a == b)
    True
    """
    word = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little") | 1
    return np.random.Generator(np.random.Philox(key=seed, counter=[0, word, year, draw]))


def score(seed: int, draw: int, name: str, year: int = 0) -> float:
    """A standard normal number."""
    return float(named_generator(seed, draw, name, year).standard_normal())


def drawn(size: Size, z: float, lowest: float = 0.0, highest: float = inf) -> float:
    """The value of a range at standard normal `z`: median mid, 10 % point low, 90 % point high, linear on
    each side.

    >>> [round(drawn(Size(mid=2.0, low=1.0, high=6.0), z), 6) for z in (-Z90, 0.0, Z90)]
    [1.0, 2.0, 6.0]
    """
    low = size.mid if size.low is None else size.low
    high = size.mid if size.high is None else size.high
    side = size.mid - low if z < 0 else high - size.mid
    return float(np.clip(size.mid + side * z / Z90, lowest, highest))


def drawn_params(o: OutlookOnWorld, seed: int, draw: int) -> Params:
    """The one-year behaviour: the same as that of draw `draw` of a run with this seed."""
    z = generator_of(seed, draw).standard_normal(len(parameter_distributions(o.world)))
    return params_at(o.world, z)


def outlook_draw(
    o: OutlookOnWorld, facilities: Mapping[str, FacilityEntry], certain: frozenset[str], seed: int, draw: int
) -> OutlookDraw:
    """Draw `draw` of `seed` with these facilities; those in `certain` open whatever their probability."""
    world, file = o.world, o.file

    def long_run(name: str, scope: str = "all") -> float:
        lowest, highest, _ = LONG_RUN[name]
        z = score(
            seed, draw, name
        )  # one score a parameter: ignorance about a kind of behaviour is common to all forms
        if name in file.behaviour:
            return drawn(file.behaviour[name], z, lowest, highest)
        d = long_run_distribution(world, name, scope)
        return float(np.clip(two_piece_lognormal(d.low, d.mid, d.high, z), lowest, highest))

    def ranged(size: Size | None, name: str, own: str) -> float:
        lowest, highest, _ = LONG_RUN[name]
        return long_run(name) if size is None else drawn(size, score(seed, draw, own), lowest, highest)

    behaviour = Behaviour(
        supply_speed=np.array([1.0 / long_run("eta_long", f.id) for f in world.chain.forms]),
        demand_speed=np.array(
            [[1.0 / long_run("eps_long", u) for u in world.uses] for _ in world.chain.forms]
        ),
        sigma_long=np.array([long_run("sigma_long", f.id) for f in world.chain.forms]),
        half_life=long_run("sigma_half_life"),
        drift=long_run("share_drift"),
    )
    growth = np.zeros((len(world.countries), len(world.uses)))
    for g in file.growth:
        uses = np.isin(world.uses, g.uses) if g.uses else np.ones(len(world.uses), dtype=bool)
        growth[np.ix_(o.mask(g.places), uses)] += drawn(
            g.rate, score(seed, draw, f"growth/{g.id}"), -0.5, 0.5
        )
    r = file.recycling
    return OutlookDraw(
        params=drawn_params(o, seed, draw),
        behaviour=behaviour,
        growth=growth,
        facilities=tuple(
            facility
            for e in facilities.values()
            if (facility := _facility(o, e, e.id in certain, seed, draw))
        ),
        investment=tuple(_rule(o, e, ranged) for e in file.investment),
        recycling=(
            None
            if r is None
            else Recycling(
                o.form(r.form),
                ranged(r.new_share, "scrap_new_share", "recycling/new_share"),
                ranged(r.lifetime, "scrap_lifetime", "recycling/lifetime"),
            )
        ),
        stocks=tuple(_stock(o, e, seed, draw) for e in file.stocks),
    )


def _facility(o: OutlookOnWorld, e: FacilityEntry, certain: bool, seed: int, draw: int) -> Facility | None:
    """The facility as this future has it; None where it never opens."""
    opens = named_generator(seed, draw, f"facility/{e.id}/opens").random() < e.probability
    if not (opens or certain):
        return None
    f = o.form(e.form)
    capacity = drawn(e.output, score(seed, draw, f"facility/{e.id}/output")) / ENTRANT_USE
    start = drawn(e.start, score(seed, draw, f"facility/{e.id}/start"), float(o.world.year))
    reach = (o.mask(e.destinations) & ~o.mask(e.exempt, empty=False)).astype(float)
    if e.sells_first is not None:
        first = drawn(e.sells_first.share, score(seed, draw, f"facility/{e.id}/first"), 0.0, 1.0)
        reach = reach_with_first_call(o, f, capacity, reach, o.mask(e.sells_first.to, empty=False), first)
    return Facility(
        e.id,
        f,
        o.country(e.country),
        capacity,
        start,
        reach,
        tuple(e.ramp),
        e.end or inf,
        e.reserve or inf,
        e.mined_per_sold,
    )


def reach_with_first_call(
    o: OutlookOnWorld, form: int, capacity: float, reach: Array, first: NDArray[np.bool_], share: float
) -> Array:
    """Reach such that, at price parity, `share` of what a facility sells goes to the buyers marked `first`
    and the rest where it would go anyway."""
    use = o.world.use()[form]
    total, theirs = float(use.sum()) + capacity, float(use[first].sum())
    out: Array = (1.0 - share) * reach + share * first * total / theirs
    return out


def _rule(o: OutlookOnWorld, e: InvestmentEntry, ranged: object) -> InvestmentRule:
    assert callable(ranged)
    return InvestmentRule(
        id=e.id,
        form=o.form(e.form) if e.form else -1,
        process=-1 if e.form else [p.id for p in o.world.chain.processes].index(e.process),
        countries=o.mask(e.places) & ~o.mask(e.exempt, empty=False),
        hurdle=ranged(e.hurdle, "invest_hurdle", f"investment/{e.id}/hurdle"),
        response=ranged(e.response, "invest_response", f"investment/{e.id}/response"),
        most_a_year=ranged(e.most_a_year, "invest_most_a_year", f"investment/{e.id}/most_a_year"),
        most=ranged(e.ceiling, "invest_ceiling", f"investment/{e.id}/ceiling"),
        lag=round(ranged(e.lag, "invest_lag", f"investment/{e.id}/lag")),
        window=INVESTMENT_WINDOW,
    )


def _stock(o: OutlookOnWorld, e: StockEntry, seed: int, draw: int) -> Stock:
    def parts(listed: list[Programme]) -> tuple[tuple[float, float, float], ...]:
        return tuple((decimal_year(p.start), _day_after(p), p.tonnes) for p in listed)

    release = None if e.release is None else Release(e.release.trigger, e.release.width, e.release.most)
    opening = drawn(e.opening, score(seed, draw, f"stock/{e.id}"))
    return Stock(e.id, o.form(e.form), o.country(e.country), opening, parts(e.buys), parts(e.sells), release)


def _day_after(p: Programme) -> float:
    return decimal_year(p.end) + 1.0 / 365.25


def drawn_sizes(events: tuple[Event, ...], seed: int, draw: int) -> dict[str, float]:
    """Sizes of the events by id. Those that one source states with one range, such as one announcement coded
    on several forms, are one measure and drawn together."""

    def stream(e: Event) -> str:
        together = (e.kind.value, e.source, e.low, e.size, e.high, e.unit, e.start)
        return f"event/{together}" if e.source else f"event/{e.id}"

    return {e.id: e.size if e.low is None else event_size(e, score(seed, draw, stream(e))) for e in events}
