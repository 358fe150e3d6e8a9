"""Chokepoints solved: what is lost, at what price, if one country stops one form for a year, for every
country and form.

Counted concentration is beside it. A stop that measures of the history would make, of everything a country
sells but scrap, has the chance of a year that its government begins one, and the loss to expect of it within
that year over all its lengths: a score of the kind the USGS published in 2025 (chance times money), here for
any country.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from crosscut.ledger.store.ledger import Ledger
from crosscut.market.events.events import Scenario
from crosscut.market.model.world import World
from crosscut.results.rows import Row
from crosscut.studies.shared.measures_in_force import named_in_force, said
from crosscut.studies.shared.money import millions, money_mark
from crosscut.studies.stress.stops.cost import (
    STOP_DRAWS,
    StopCost,
    StopMarkets,
    chance_of_stop,
    cost_of_stop,
    risk_of_stop,
    stop_markets,
    with_interval,
)
from crosscut.studies.stress.stops.stop import NamedStop, stops_of, whole_stop

PRECISE = 8  # stops solved over draws of behaviour; the others at median behaviour alone
PART_OF_ONE = "no chance of its own: a measure stops all forms that are sold"
MEDIAN_ALONE = "solved at median behaviour alone: no interval, no expected loss"


def chokepoint_rows(
    ledger: Ledger,
    world: World,
    places: Sequence[int],
    seed: int,
    draws: int = STOP_DRAWS,
    measures_held: Scenario | None = None,
) -> list[Row]:
    """The solved stops of a whole year, largest loss first.

    All are solved at median behaviour. The first few have intervals over draws of behaviour (and, where
    measures stand, of their strength), and the loss to expect of them in a year.

    Parameters
    ----------
    ledger : Ledger
        Has the history of measures.
    world : World
        The base year.
    places : Sequence[int]
        Positions of the countries whose loss is counted; their own stops are left out.
    seed : int
        The key of the draws of behaviour.
    draws : int
        How many; `STOP_DRAWS` at most.
    measures_held : Scenario | None
        Holds before and after every stop; None for the calm base year.

    Returns
    -------
    list[Row]
        Short in t contained a year, price as a ratio to the year without the stop, million USD as the grade
        allows, chance of a year; a stop that does not clear is a failed row.
    """
    markets = stop_markets(world, places, seed, min(draws, STOP_DRAWS), measures_held)
    use = world.use()[:, list(places)].sum(axis=1)
    found: list[tuple[NamedStop, StopCost, float | None]] = []
    for stop in stops_of(world):
        if stop.origin not in places:
            bought = float(world.q0[list(stop.forms), stop.origin][:, list(places)].sum())
            found.append(
                (stop, cost_of_stop(markets, stop), _over(bought, float(use[list(stop.forms)].sum())))
            )
    found.sort(key=lambda x: (-_lost(x[1]), world.countries[x[0].origin], x[0].name))
    by_count = sorted(range(len(found)), key=lambda k: -(found[k][2] or 0.0))
    counted = {k: at + 1 for at, k in enumerate(by_count)}
    held = in_force(ledger, world.mineral)
    out = []
    for k, (stop, cost, share) in enumerate(found):
        code = world.countries[stop.origin]
        row = {"rank": k + 1, "rank_counted": counted[k], "origin": code, "form": stop.name, "share": share}
        out.append(row | _figures(ledger, markets, stop, cost, k) | {"in_force": held.get(code, "")})
    return out


def _figures(ledger: Ledger, markets: StopMarkets, stop: NamedStop, cost: StopCost, at: int) -> Row:
    """The solved figures of a row; the first few with ends and what is to be expected."""
    mark = money_mark(markets.world)
    precise = at < PRECISE and _lost(cost) > 0
    if precise:
        cost = with_interval(markets, stop, cost)
    usd = [millions(x, mark) for x in cost.usd]
    row: Row = {
        **dict(zip(("short", "short_low", "short_high"), cost.short, strict=True)),
        **dict(zip(("price", "price_low", "price_high"), cost.price, strict=True)),
        **dict(zip(("usd", "usd_low", "usd_high"), usd, strict=True)),
        **dict.fromkeys(("chance", "chance_low", "chance_high")),
        **dict.fromkeys(("expected_usd", "expected_low", "expected_high")),
    }
    failed = f"; {len(cost.failed)} of {len(markets.drawn)} draws did not clear" if cost.failed else ""
    status = cost.note if cost.usd[0] is None else mark.value + cost.note + failed
    whole = whole_stop(markets.world, stop.origin)
    if whole is None or whole.forms != stop.forms:
        return row | {"status": f"{status}; {PART_OF_ONE}"}
    if not precise:
        chance = chance_of_stop(ledger, markets.world, markets.places, stop.origin)
        status = f"{status}; {MEDIAN_ALONE}"
    else:
        risk = risk_of_stop(ledger, markets, stop.origin)
        chance = None if risk is None else risk.chance
        if risk is not None:
            expected = (risk.usd, risk.usd_low, risk.usd_high)
            shown = [millions(x, mark) for x in expected]
            row |= dict(zip(("expected_usd", "expected_low", "expected_high"), shown, strict=True))
    if chance is not None:
        row |= {"chance": chance.chance, "chance_low": chance.low, "chance_high": chance.high}
    return row | {"status": status}


def _lost(cost: StopCost) -> float:
    """USD lost at median behaviour, to be sorted by; a stop that does not clear comes last."""
    return -np.inf if cost.usd[0] is None else cost.usd[0]


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
