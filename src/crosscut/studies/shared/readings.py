"""Readings: what is read off every solved draw, before and after the events, in small arrays.

One pass over the draws, so that the curves of a draw are built once for prices, their parts, money and
utilisation.
"""

from __future__ import annotations

from dataclasses import dataclass

from crosscut.base.arrays import Array
from crosscut.base.parallel import chunks_of, results_in_order
from crosscut.base.progress import Progress
from crosscut.base.workers import Work
from crosscut.market.events.events import RentTo, Scenario
from crosscut.market.model.world import World
from crosscut.market.read.price_parts import scarcity
from crosscut.market.read.solved_market import SolvedMarket, solved_market
from crosscut.market.read.welfare import rents_by_party, welfare_between
from crosscut.market.solve.calibration import Calibration
from crosscut.studies.shared.ensemble import (
    Outcome,
    ScenarioEnsemble,
    ScenarioJob,
    central_outcome,
    gathered,
    job_of,
    outcomes,
)
from crosscut.studies.shared.ladders import Rung, ladders
from crosscut.studies.shared.quantities import PricePlace, price_places, prices_at

Pair = tuple[Array, Array]


@dataclass(frozen=True, eq=False)
class DrawReading:
    """One draw: pairs are (before, after).

    prices [place]; steps rung -> [seller or buyer]; welfare item -> USD a year by country; rents party ->
    change of USD a year by country; mines and plants: (capacity, output) of [f, i] and [k, i], t a year;
    scarcity: what a tonne of capacity or quota is worth to a mine [f, i], USD per t.
    """

    prices: Pair
    steps: tuple[dict[Rung, Array], dict[Rung, Array]]
    welfare: dict[str, Array]
    rents: dict[RentTo, Array]
    mines: tuple[Pair, Pair]
    plants: tuple[Pair, Pair]
    scarcity: Pair


@dataclass(frozen=True, eq=False)
class Readings:
    """All draws of an ensemble and the central one, at the places whose prices are reported."""

    places: tuple[PricePlace, ...]
    draws: tuple[DrawReading, ...]
    central: DrawReading


CHUNK = 10  # draws a process does at a time; a solved draw is half a megabyte
WORTH_A_PROCESS = 60  # fewer draws are done before a second process has started


def solved_and_read(
    world: World,
    scenario: Scenario,
    seed: int,
    draws: int,
    *,
    workers: int = 1,
    progress: Progress | None = None,
) -> tuple[ScenarioEnsemble, Readings]:
    """Every draw solved and read, by this process or by several.

    The numbers are the same either way; fewer than 60 draws are done by this process.

    Parameters
    ----------
    world : World
        The world as it stands.
    scenario : Scenario
        Already names places of this world.
    seed : int
        The key of the draws.
    draws : int
        How many.
    workers : int
        Processes that share the draws.
    progress : Progress | None
        Called with (draws done, draws) after each chunk.

    Returns
    -------
    tuple[ScenarioEnsemble, Readings]
        (ensemble of the draws, what was read off every draw that cleared and off the central case).
    """
    central, base = central_outcome(world, scenario)
    places = tuple(price_places(world, central.before, central.after))
    job = job_of(world, scenario, seed, draws)
    solved: list[Outcome] = []
    read: list[DrawReading] = []
    for part in results_in_order(
        _begin, (job, places), chunks_of(draws, CHUNK), workers if draws >= WORTH_A_PROCESS else 1
    ):
        for outcome, reading in part:
            solved.append(outcome)
            if reading is not None:
                read.append(reading)
        if progress:
            progress(len(solved), draws)
    return gathered(world, job, draws, central, solved), Readings(
        places, tuple(read), _reading(places, central, base)
    )


def _begin(
    job: ScenarioJob, places: tuple[PricePlace, ...]
) -> Work[list[tuple[Outcome, DrawReading | None]]]:
    def work(draws: range) -> list[tuple[Outcome, DrawReading | None]]:
        return [
            (o, None if o.failed_market else _reading(places, o, base)) for o, base in outcomes(job, draws)
        ]

    return work


def _reading(places: tuple[PricePlace, ...], outcome: Outcome, base: Calibration) -> DrawReading:
    world = base.world
    b = solved_market(base, outcome.events_before, outcome.before)
    a = solved_market(base, outcome.events_after, outcome.after)
    earned_before, earned_after = rents_by_party(b), rents_by_party(a)
    return DrawReading(
        prices=(
            prices_at(world, b.events, b.solution, places),
            prices_at(world, a.events, a.solution, places),
        ),
        steps=(ladders(b, world, places), ladders(a, world, places)),
        welfare=welfare_between(world, b, a),
        rents={party: earned_after[party] - earned_before[party] for party in RentTo},
        mines=(_mines(b), _mines(a)),
        plants=(_plants(b), _plants(a)),
        scarcity=(scarcity(b), scarcity(a)),
    )


def _mines(market: SolvedMarket) -> Pair:
    return market.supply.capacity(), market.solution.supply


def _plants(market: SolvedMarket) -> Pair:
    return market.processing.capacity, market.solution.activity
