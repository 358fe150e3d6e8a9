"""Reverse stress: what would have to be true for a loss of a chosen size.

Three answers: how often it is passed; which sets of events the draws beyond it have in common; and how much
of a year each single country would have to withhold, solved at median behaviour, for that loss alone.
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from crosscut.base.number_text import significant
from crosscut.ledger.store.ledger import Ledger
from crosscut.results.rows import Row
from crosscut.studies.shared.money import MILLION, MoneyMark
from crosscut.studies.stress.answers.summary import StressLosses
from crosscut.studies.stress.draws.event_families import families_of
from crosscut.studies.stress.draws.random_slots import exporters
from crosscut.studies.stress.stops.cost import chance_of_stop, stop_markets
from crosscut.studies.stress.stops.stop import NamedStop, whole_stop

SETS = 10
FEWEST = 5  # draws behind a set of events
HALVINGS = 12


def chosen_loss(losses: StressLosses, asked: float | None) -> float:
    """The loss that is asked about.

    Where none is named it is that of one year in a hundred (one in twenty with fewer than 1,000 solved
    years), to as many digits as the grade allows: what is printed is what is asked about.

    Parameters
    ----------
    losses : StressLosses
        Losses by draw and year.
    asked : float | None
        Million USD a year; None where none is named.

    Returns
    -------
    float
        USD a year.
    """
    if asked is not None:
        return asked * MILLION
    known = losses.known(losses.usd)
    found = float(np.quantile(known, 0.99 if len(known) >= 1000 else 0.95))
    return significant(found, 1 if losses.mark == MoneyMark.ONE_DIGIT else 2)


def reverse_rows(ledger: Ledger, losses: StressLosses, target: float) -> list[Row]:
    """What would have to be true for a loss; see the module.

    Parameters
    ----------
    ledger : Ledger
        Has the history from which chances are taken.
    losses : StressLosses
        Losses by draw and year, with what happened in each.
    target : float
        USD a year.

    Returns
    -------
    list[Row]
        Chance of a year that it is passed; sets of events behind it, with the chance of each and of the loss
        given it; share of a year's exports that each single country would have to withhold.
    """
    mark = losses.mark
    sets: Counter[tuple[str, ...]] = Counter()
    everywhere: Counter[tuple[str, ...]] = Counter()
    beyond = years = 0
    for rows in losses.ensemble.rows("events", "usd"):
        for events, usd in zip(rows["events"], rows["usd"], strict=True):
            if usd != usd:
                continue
            years += 1
            found = families_of(str(events))
            everywhere[found] += 1
            if usd >= target and found:
                beyond += 1
                sets[found] += 1
    out: list[Row] = [
        {
            "kind": "chance",
            "what": f"a year's loss of at least {_amount(target, mark)}",
            "chance": beyond / max(years, 1),
            "given": None,
            "withheld": None,
            "draws": beyond,
            "status": mark.value if beyond >= FEWEST else "flagged: few draws",
        }
    ]
    smallest = [s for s in sets if not any(set(o) < set(s) and sets[o] >= FEWEST for o in sets)]
    for found in sorted(smallest, key=lambda s: (-_with(sets, s), s))[:SETS]:
        there, all_of = _with(sets, found), _with(everywhere, found)
        if there >= FEWEST:
            out.append(
                {
                    "kind": "events",
                    "what": " + ".join(found),
                    "chance": there / years,
                    "given": there / all_of,
                    "withheld": None,
                    "draws": there,
                    "status": "ok",
                }
            )
    return out + _alone(ledger, losses, target)


def _with(counts: Counter[tuple[str, ...]], wanted: tuple[str, ...]) -> int:
    """Years that have all of these, and maybe more."""
    return sum(k for found, k in counts.items() if set(wanted) <= set(found))


def _amount(usd: float, mark: MoneyMark) -> str:
    if mark == MoneyMark.UNKNOWN:
        return "an amount that is not shown at this grade"
    return f"USD {usd / MILLION:,.10g} M"


def _alone(ledger: Ledger, losses: StressLosses, target: float) -> list[Row]:
    """Share of a year's exports that each country alone would have to withhold; all of them is not enough:
    null."""
    job, world = losses.job, losses.job.world
    market = stop_markets(world, job.places, job.seed, 0, job.measures_held).middle
    out = []

    def lost(stop: NamedStop, share: float) -> float:
        found, _ = market.struck(stop, share)
        return float("nan") if found is None else found.usd

    named = (world.country_index(c) for c in exporters(world))
    widest = [whole_stop(world, i) for i in named if i not in job.places]
    full = {s: lost(s, 1.0) for s in widest if s is not None}
    for stop, usd in sorted(full.items(), key=lambda x: -np.nan_to_num(x[1]))[:6]:
        code = world.countries[stop.origin]
        chance = chance_of_stop(ledger, world, job.places, stop.origin)
        row = {
            "kind": "alone",
            "what": f"{code} withholds its exports",
            "chance": None if chance is None else chance.chance,
            "given": None,
            "withheld": None,
            "draws": None,
            "status": "",
        }
        if not usd >= target:
            row["status"] = (
                "not even a whole year of it" if usd == usd else "failed: the market did not clear"
            )
        else:
            low, high = 0.0, 1.0
            for _ in range(HALVINGS):
                middle_share = (low + high) / 2
                found = lost(stop, middle_share)
                low, high = (middle_share, high) if not found >= target else (low, middle_share)
            row["withheld"] = high
            row["status"] = (
                f"{365 * high:.0f} days of a full stop, or this share all year; chance is of a stop of any"
                " length"
            )
        out.append(row)
    return out
