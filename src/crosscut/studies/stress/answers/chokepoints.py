"""Chokepoints solved: what is lost, at what price, if one country stops one form for a year, for every
country and form.

Counted concentration is beside it. Each stop has the chance of a year that its government begins one, so
that the product is a score of the kind the USGS published in 2025 (chance times money), here for any country.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from crosscut.ledger.store.ledger import Ledger
from crosscut.market.events.compiled import CompiledEvents, Group, no_events
from crosscut.market.events.events import Scenario
from crosscut.market.model.solution import Solution
from crosscut.market.model.world import Params, World
from crosscut.market.solve.idle_lines import NO_BUYER
from crosscut.market.solvers import Solver, batch_solver
from crosscut.results.rows import Row
from crosscut.studies.exposure.stops import Stop, stopped_exports
from crosscut.studies.shared.draws import generator_of
from crosscut.studies.shared.measures_in_force import named_in_force, said
from crosscut.studies.shared.money import MoneyMark, millions, money_mark
from crosscut.studies.stress.draws.futures import AIMED_AT, CALM, CONTEST
from crosscut.studies.stress.draws.random_slots import exporters
from crosscut.studies.stress.ensemble.losses import Meter, YearLosses
from crosscut.studies.stress.history.assumptions import assumptions
from crosscut.studies.stress.history.base_rates import INSTRUMENTS, STOPS, BaseRates, base_rates
from crosscut.studies.stress.history.gamma import gamma_quantile
from crosscut.studies.stress.in_force.measures_held import held_on, laid_over
from crosscut.worlds.parameters import median_params, parameter_distributions, params_at

ALL = "all forms"
PRECISE = 6  # stops solved over draws of behaviour; the others at median behaviour alone
DRAWS = 16
IDLE = "; plants there find no buyer and run in part"


@dataclass(frozen=True)
class NamedStop(Stop):
    """A country that stops selling some forms abroad for a whole year, and what the forms are called
    together."""

    name: str


def stops_of(world: World) -> list[NamedStop]:
    """Every country and form with sales abroad, and every country with all its forms.

    Parameters
    ----------
    world : World
        The base year.

    Returns
    -------
    list[NamedStop]
        Countries in the world's order, smaller sellers and groups of countries left out (`exporters`); of a
        country that sells several forms, all of them together come last.
    """
    abroad = world.q0 * ~np.eye(len(world.countries), dtype=bool)
    out = []
    named = exporters(world)
    for i, code in enumerate(world.countries):
        if code not in named:
            continue
        sold = tuple(f for f in range(len(world.chain.forms)) if abroad[f, i].sum() > 0)
        out += [NamedStop(i, (f,), world.chain.forms[f].id) for f in sold]
        if len(sold) > 1:
            out.append(NamedStop(i, sold, ALL))
    return out


def stopped(world: World, stop: Stop, share: float = 1.0) -> CompiledEvents:
    """The events of a stop: exports of the forms are closed, or a share of them is withheld.

    The origin keeps its mines and its own use.

    Parameters
    ----------
    world : World
        The base year, of whose exports the share is taken.
    stop : Stop
        Origin and forms.
    share : float
        Fraction of exports withheld; 1 or more closes the routes.

    Returns
    -------
    CompiledEvents
        Nothing else happens.
    """
    if share >= 1:
        return stopped_exports(world, stop)
    events = no_events(world)
    caps = []
    for f in stop.forms:
        mask = np.zeros_like(events.open_routes[f])
        mask[stop.origin] = True
        mask[stop.origin, stop.origin] = False
        base = float(world.q0[f][mask].sum())
        caps.append(Group(f"stop/{f}", "cap", f, mask, base * (1 - share)))
    return replace(events, caps=tuple(caps))


@dataclass(frozen=True, eq=False)
class _Market:
    """A world solved undisturbed under one draw of behaviour."""

    world: World
    meter: Meter
    solver: Solver
    params: Params
    before: Solution
    stands: CompiledEvents | None

    def struck(self, stop: Stop) -> tuple[YearLosses | None, str]:
        """(what the stop costs, a note where plants of the origin find no buyer); None and the market that
        does not clear."""
        if not self.before.ok:
            return None, self.before.failed_market
        after = self.solver.solution(
            self.params, stopped_over(self.world, stop, 1.0, self.stands, self.before)
        )
        if not after.ok:
            return None, after.failed_market
        idle = IDLE if any(NO_BUYER in note for note in after.notes) else ""
        demand = 1.0 if self.stands is None else self.stands.demand_factor[:, self.meter.at]
        return self.meter.measured(self.params, self.before, after, demand), idle


def stopped_over(
    world: World, stop: Stop, share: float, stands: CompiledEvents | None, before: Solution
) -> CompiledEvents:
    """As `stopped`, on top of what stands.

    Parameters
    ----------
    world : World
        The base year.
    stop : Stop
        Origin and forms.
    share : float
        Fraction withheld; of what still flows, where something stands.
    stands : CompiledEvents | None
        The measures in force; None for the calm base year.
    before : Solution
        The market solved with what stands.

    Returns
    -------
    CompiledEvents
        Both at once.
    """
    drawn = stopped(world, stop, share)
    return drawn if stands is None else laid_over(world, stands, drawn, before)


def _market(
    world: World, meter: Meter, solver: Solver, params: Params, stands: CompiledEvents | None = None
) -> _Market:
    return _Market(world, meter, solver, params, solver.solution(params, stands or no_events(world)), stands)


def chokepoint_rows(
    ledger: Ledger,
    world: World,
    places: Sequence[int],
    country: str,
    seed: int,
    measures_held: Scenario | None = None,
) -> list[Row]:
    """The solved stops of a whole year, largest loss first.

    All are solved at median behaviour. The first few have intervals over draws of behaviour (and, where
    measures stand, of their strength).

    Parameters
    ----------
    ledger : Ledger
        Has the history of measures.
    world : World
        The base year.
    places : Sequence[int]
        Positions of the countries whose loss is counted; their own stops are left out.
    country : str
        Code of the country or bloc, as measures aim at it.
    seed : int
        The key of the draws of behaviour.
    measures_held : Scenario | None
        Holds before and after every stop; None for the calm base year.

    Returns
    -------
    list[Row]
        Short in t contained a year, price as a ratio to the year without the stop, million USD as the grade
        allows, chance of a year; a stop that does not clear is a failed row.
    """
    meter, solver, mark = Meter(world, places), batch_solver(world), money_mark(world)
    stood = held_on(world, measures_held)
    middle = _market(
        world, meter, solver, median_params(world), None if stood is None else stood.in_the_middle()
    )
    rates, held = base_rates(ledger), in_force(ledger, world.mineral)
    use = world.use()[:, list(places)].sum(axis=1)
    found: list[tuple[float, NamedStop, Row]] = []
    for stop in stops_of(world):
        if stop.origin in places:
            continue
        code = world.countries[stop.origin]
        bought = world.q0[list(stop.forms), stop.origin][:, list(places)].sum()
        chance, low, high = stop_chance(rates, code, world.mineral, country)
        row: Row = {
            "origin": code,
            "form": stop.name,
            "share": _over(float(bought), float(use[list(stop.forms)].sum())),
            "short": None,
            "short_low": None,
            "short_high": None,
            "price": None,
            "price_low": None,
            "price_high": None,
            "usd": None,
            "usd_low": None,
            "usd_high": None,
            "chance": chance,
            "chance_low": low,
            "chance_high": high,
            "expected_usd": None,
            "in_force": held.get(code, ""),
            "status": "",
        }
        m, how = middle.struck(stop)
        if m is None:
            row["status"] = f"failed: {how} did not clear"
            found.append((-1.0, stop, row))
            continue
        row |= {
            "short": float(m.short.sum()),
            "price": _dearest(m, stop),
            "usd": millions(m.usd, mark),
            "expected_usd": millions(m.usd * chance, mark),
            "status": mark.value
            + how
            + ("; part of the use has no price below the backstop" if m.beyond else ""),
        }
        found.append((m.usd, stop, row))
    found.sort(key=lambda x: (-x[0], x[2]["origin"], x[2]["form"]))
    n = len(parameter_distributions(world))
    drawn = [
        _market(
            world,
            meter,
            solver,
            params_at(world, generator_of(seed, d).standard_normal(n)),
            None if stood is None else stood.of_draw(seed, d),
        )
        for d in range(DRAWS)
    ]
    for usd, stop, row in found[:PRECISE]:
        if usd > 0:
            row |= _interval(drawn, stop, mark)
    by_count = sorted(found, key=lambda x: -(x[2]["share"] or 0.0))
    counted = {id(x[2]): k + 1 for k, x in enumerate(by_count)}
    return [{"rank": k + 1, "rank_counted": counted[id(row)], **row} for k, (_, _, row) in enumerate(found)]


def _interval(drawn: Sequence[_Market], stop: Stop, mark: MoneyMark) -> Row:
    """10 % and 90 % points over draws of behaviour; a draw that does not solve is left out of them."""
    solved = [m for market in drawn if (m := market.struck(stop)[0]) is not None]
    if len(solved) < DRAWS / 2:
        return {}
    values = np.array([(m.short.sum(), _dearest(m, stop) or np.nan, m.usd) for m in solved], dtype=float)
    low, high = np.nanquantile(values, [0.1, 0.9], axis=0)
    return {
        "short_low": float(low[0]),
        "short_high": float(high[0]),
        "price_low": _finite(float(low[1])),
        "price_high": _finite(float(high[1])),
        "usd_low": millions(float(low[2]), mark),
        "usd_high": millions(float(high[2]), mark),
    }


def _dearest(m: YearLosses, stop: Stop) -> float | None:
    """Price of the form stopped, or of the form hit most where all are."""
    found = m.price[stop.forms[0]] if len(stop.forms) == 1 else np.nanmax(m.price, initial=0.0)
    return _finite(float(found))


def stop_chance(rates: BaseRates, code: str, mineral: str, country: str) -> tuple[float, float, float]:
    """The chance of a year that a government begins a stop that reaches a country.

    At the mids of the assumptions: packages a year in today's regime, times this mineral in one, times the
    share of stops, times aimed at all or at the country, times the chance that it bites.

    Parameters
    ----------
    rates : BaseRates
        Counts of the history.
    code : str
        The government.
    mineral : str
        Its name.
    country : str
        Whom the stop has to reach.

    Returns
    -------
    tuple[float, float, float]
        (chance, its 5 % and 95 % points by the uncertainty of the rate), fractions.
    """
    government, mid = rates.government(code), {k: a.mid for k, a in assumptions().items()}
    listed = rates.listed(code, mineral)
    basket = government.basket if listed else max(government.basket, rates.other.basket)
    hit = float(np.minimum(np.array(government.sizes) / basket, 1.0).mean())
    hit *= 1.0 if listed else mid["small-producer"]
    weights = {c: rates.targets.get(c, 0) + mid["aimed-elsewhere"] for c in AIMED_AT}
    at_it = weights.get(country, 0.0) / sum(weights.values())
    ends = mid["contest-ends"]
    each = []
    for u in (None, 0.05, 0.95):
        packages = 0.0
        for regime, weight in ((CALM, ends), (CONTEST, 1 - ends)):
            k = (
                government.shape[regime]
                if u is None
                else float(gamma_quantile(government.shape[regime], np.array([u]))[0])
            )
            stop = government.mix[regime][INSTRUMENTS.index(STOPS)]
            aimed = government.aimed if regime == CONTEST else 0.0
            packages += weight * k / government.years[regime] * ((1 - aimed) * stop + aimed * at_it)
        each.append(
            1 - float(np.exp(-packages * hit * mid["bites"] * (mid["imitation"] if code != "CHN" else 1.0)))
        )
    return each[0], each[1], each[2]


def in_force(ledger: Ledger, mineral: str) -> dict[str, str]:
    """Measures on the mineral that the history has as begun and not ended.

    Parameters
    ----------
    ledger : Ledger
        Has the history of export restrictions.
    mineral : str
        Its name.

    Returns
    -------
    dict[str, str]
        By country, in words with their row ids.
    """
    out: dict[str, list[str]] = {}
    for r in named_in_force(ledger, mineral):
        out.setdefault(r["country_iso3"], []).append(said(r))
    return {k: "; ".join(v) for k, v in out.items()}


def _over(a: float, b: float) -> float | None:
    return a / b if b > 0 else None


def _finite(x: float) -> float | None:
    return x if np.isfinite(x) else None
