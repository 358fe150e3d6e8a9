"""Chunk: a range of draws solved, one row a draw and year, the same bits on any worker in any order."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from crosscut.errors import UserError
from crosscut.market.events import Event
from crosscut.market.solvers import Solver, batch_solver
from crosscut.risk.assumptions import assumptions
from crosscut.risk.futures import Futures, futures
from crosscut.risk.job import Job
from crosscut.risk.layout import layout_of
from crosscut.risk.losses import Measured, Meter
from crosscut.risk.measures import compiled, events_in, place_of, touched
from crosscut.risk.points import Points, points
from crosscut.risk.standing import held_on
from crosscut.risk.standing_year import year_beyond
from crosscut.worlds.parameters import parameter_distributions, params_at

Array = NDArray[np.float64]
Chunk = dict[str, NDArray[np.generic]]

NOTHING, SMALL, HELD, SOLVED, FAILED = "nothing", "small", "held", "solved", "failed"
LEAST_TOUCHED = 1e-3  # of a form's world use: a year that nothing larger touches is not solved and counts as no loss


def columns(job: Job) -> dict[str, str]:
    """Columns of a chunk: name -> kind (int, float, flag, text)."""
    forms = [f.id for f in job.world.chain.forms]
    return {
        "draw": "int", "year": "int", "status": "text", "failed_market": "text", "events": "text", "contest": "flag",
        "demand": "float", "usd": "float", "spend": "float", "short": "float", "beyond": "flag",
        **{f"price/{f}": "float" for f in forms}, **{f"short/{f}": "float" for f in forms},
    }  # fmt: skip


def chunk_solver(job: Job) -> Callable[[range], Chunk]:
    """What one process does with a chunk of draws; solvers are made once."""
    evaluate = evaluator(job)
    layout = layout_of(job.world, job.rates, job.years)
    behaviours = len(parameter_distributions(job.world))

    def work(numbers: range) -> Chunk:
        drawn = points(job.sampler, layout, job.world.mineral, behaviours, job.seed, numbers)
        return evaluate(drawn, numbers)

    return work


def evaluator(job: Job) -> Callable[[Points, range], Chunk]:
    """From points to a chunk; `numbers` are the numbers of the draws, which pick their worlds."""
    rates, table = job.rates, assumptions(job.fixed)
    layout = layout_of(job.world, rates, job.years)
    ways = {r.id: r.way_round for r in rates.routes}
    sites = [place_of(w, layout, ways) for w in job.worlds]
    meters = [Meter(w, job.places) for w in job.worlds]
    stands = [held_on(w, job.standing) for w in job.worlds]
    solvers: dict[int, Solver] = {}
    detour = table["route-detour"]

    def evaluate(drawn: Points, numbers: range) -> Chunk:
        future = futures(job.world, layout, rates, table, drawn)
        rows = _Rows(job, len(numbers))
        way_round = future.values[detour.id]
        for d, number in enumerate(numbers):
            turn = number % len(job.worlds)
            for year in range(job.years):
                demand = float(future.demand[d, year])
                events = events_in(future.happenings[d], year, sites[turn], max(float(way_round[d]), 1.0))
                rows.begin(number, year, future, d)
                if not events:
                    continue
                rows.described(events)
                if touched(events, sites[turn]) < LEAST_TOUCHED:
                    continue
                if turn not in solvers:
                    solvers[turn] = batch_solver(job.worlds[turn])
                held = stands[turn]
                if held is None:
                    rows.solved(_year(job, turn, solvers[turn], meters[turn], drawn.behaviour[d], events, demand))
                    continue
                params = params_at(job.worlds[turn], drawn.behaviour[d])
                over = partial(events_in, future.happenings[d], year, sites[turn], max(float(way_round[d]), 1.0))
                rows.solved(year_beyond(held, solvers[turn], meters[turn], params, job.seed, number, over, demand))
        return rows.arrays()

    return evaluate


def _year(
    job: Job, turn: int, solver: Solver, meter: Meter, behaviour: Array, events: tuple[Event, ...], demand: float
) -> Measured | str:
    """What a year costs, or the market that did not clear (or why its events cannot be)."""
    world = job.worlds[turn]
    params = params_at(world, behaviour)
    try:
        before, after = compiled(world, events, demand)
    except UserError as e:  # two drawn measures that cannot hold together: this draw fails, not the run
        return f"events: {e}"
    calm = solver.solution(params, before)
    if not calm.ok:
        return calm.failed_market
    struck = solver.solution(params, after)
    return meter.measured(params, calm, struck, demand) if struck.ok else struck.failed_market


class _Rows:
    """Rows of a chunk while it is solved. Where nothing happens nothing is lost: zero shock is exact."""

    def __init__(self, job: Job, draws: int) -> None:
        n = draws * job.years
        self.forms = [f.id for f in job.world.chain.forms]
        self.values: dict[str, list[object]] = {}
        for name, kind in columns(job).items():
            empty: object = {"int": 0, "float": 1.0 if name.startswith("price/") else 0.0, "flag": False, "text": ""}[
                kind
            ]
            self.values[name] = [empty] * n
        self.kinds = columns(job)
        self.at = -1

    def begin(self, number: int, year: int, future: Futures, d: int) -> None:
        """The next row: a draw and year in which nothing happens, until told otherwise."""
        self.at += 1
        self._set(draw=number, year=year, status=NOTHING, contest=bool(future.contest[d, year]),
                  demand=float(future.demand[d, year]))  # fmt: skip

    def described(self, events: tuple[Event, ...]) -> None:
        """What happens, in words a later question can group by."""
        self._set(status=SMALL, events="; ".join(described(e) for e in events))

    def solved(self, found: Measured | str | None) -> None:
        """The row of a solved year, of one whose market did not clear, or of one whose measures take nothing beyond what stands."""
        if found is None:
            self._set(status=HELD)
            return
        if isinstance(found, str):
            nan = float("nan")
            self._set(status=FAILED, failed_market=found, usd=nan, spend=nan, short=nan)
            for f in self.forms:
                self._set(**{f"price/{f}": nan, f"short/{f}": nan})
            return
        self._set(
            status=SOLVED, usd=found.usd, spend=found.spend, short=float(found.short.sum()), beyond=found.beyond
        )
        for k, f in enumerate(self.forms):
            self._set(**{f"price/{f}": float(found.price[k]), f"short/{f}": float(found.short[k])})

    def arrays(self) -> Chunk:
        """Every column as an array."""
        types = {"int": np.int64, "float": np.float64, "flag": np.bool_, "text": np.object_}
        return {name: np.array(self.values[name], dtype=types[kind]) for name, kind in self.kinds.items()}

    def _set(self, **values: object) -> None:
        for name, value in values.items():
            self.values[name][self.at] = value


def described(event: Event) -> str:
    """An event in a few characters: its id and its size.

    >>> from crosscut.market.events import EventKind
    >>> described(Event("limit/oxide/CHN", EventKind.EXPORT_LICENCE, "oxide", 0.4321, "fraction"))
    'limit/oxide/CHN=0.43'
    """
    return f"{event.id}={event.size:.2g}"
