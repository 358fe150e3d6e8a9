"""Chunk: a range of draws solved, one row a draw and year, the same bits on any worker in any order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from crosscut.base.arrays import Array
from crosscut.base.errors import Problem, UserError
from crosscut.base.workers import Work
from crosscut.market.events.events import Event
from crosscut.market.kernel.block_order import seated
from crosscut.market.model.world import Params, World
from crosscut.market.solvers import Solver, batch_solver
from crosscut.studies.stress.draws.futures import Futures, futures
from crosscut.studies.stress.draws.market_events import MeasureTargets, Year, place_of, touched
from crosscut.studies.stress.draws.random_points import Points, points
from crosscut.studies.stress.draws.random_slots import layout_of
from crosscut.studies.stress.ensemble.attribution import Parts, parts_text
from crosscut.studies.stress.ensemble.drawn_year import DrawnYear, SetsOfFamilies
from crosscut.studies.stress.ensemble.job import StressJob
from crosscut.studies.stress.ensemble.losses import DemandCase, Meter, YearLosses
from crosscut.studies.stress.history.assumptions import assumptions
from crosscut.studies.stress.in_force.measures_held import Held, held_on
from crosscut.studies.stress.in_force.year_beyond import years_beyond
from crosscut.worlds.parameters import parameter_distributions, params_at

Chunk = dict[str, NDArray[np.generic]]

NOTHING, SMALL, HELD, SOLVED, FAILED = "nothing", "small", "held", "solved", "failed"
LEAST_TOUCHED = (
    1e-3  # of a form's world use: a year that nothing larger touches is not solved and counts as no loss
)


def columns(job: StressJob) -> dict[str, str]:
    """Columns of a chunk: name -> kind (int, float, flag, text).

    Parameters
    ----------
    job : StressJob
        Its world's forms have a price and tonnes short each.

    Returns
    -------
    dict[str, str]
        `usd` and `spend` in USD a year, `short` in t contained a year, `price` as a ratio to the year without
        events, `demand` as a factor.
    """
    forms = [f.id for f in job.world.chain.forms]
    return {
        "draw": "int",
        "year": "int",
        "status": "text",
        "failed_market": "text",
        "events": "text",
        "contest": "flag",
        "demand": "float",
        "usd": "float",
        "spend": "float",
        "short": "float",
        "beyond": "flag",
        "parts": "text",
        **{f"price/{f}": "float" for f in forms},
        **{f"short/{f}": "float" for f in forms},
    }


def chunk_solver(job: StressJob, key: str = "", *, apart: bool = True) -> Work[Chunk]:
    """What one process does with a chunk of draws; solvers are made once.

    Parameters
    ----------
    job : StressJob
        The run.
    key : str
        That of the job where it was made; not compared where empty.
    apart : bool
        Whether the loss of each year is shared out over the families of its events.

    Returns
    -------
    Work[Chunk]
        Takes a range of draws and gives their rows, a draw and year each.

    Raises
    ------
    UserError
        Where this process gives the job another key: another version of the code, of the data or of the
        solver.
    """
    if key and job.key != key:
        raise UserError(
            Problem(
                "a worker has another version of crosscut, of its data or of its solver",
                "--executor",
                "the same installation on every machine",
            )
        )
    evaluate = evaluator(job, apart=apart)
    layout = layout_of(job.world, job.rates, job.years)
    behaviours = len(parameter_distributions(job.world))

    def work(numbers: range) -> Chunk:
        drawn = points(job.sampler, layout, job.world.mineral, behaviours, job.seed, numbers)
        return evaluate(drawn, numbers)

    return work


def evaluator(job: StressJob, *, apart: bool = False) -> Callable[[Points, range], Chunk]:
    """From points to a chunk.

    Parameters
    ----------
    job : StressJob
        The run; its sampler and its seed (where nothing is in force) do not count.
    apart : bool
        Whether the loss of each year is shared out over the families of its events.

    Returns
    -------
    Callable[[Points, range], Chunk]
        Takes points and the numbers of their draws, which pick their worlds, and gives a row a draw and year.
    """
    rates, table = job.rates, assumptions(job.fixed)
    layout = layout_of(job.world, rates, job.years)
    ways = {r.id: r.way_round for r in rates.routes}
    named = [job.world.countries[p] for p in job.places]
    turns = []
    for drawn_world in job.worlds:
        world = seated(drawn_world)
        site = place_of(world, layout, ways, job.world.countries)
        places = tuple(world.country_index(c) for c in named)
        turns.append(_Turn(world, site, places, held_on(world, job.measures_held)))
    detour = table["route-detour"]

    def evaluate(drawn: Points, numbers: range) -> Chunk:
        future = futures(job.world, layout, rates, table, drawn)
        rows = _Rows(job, len(numbers))
        way_round = future.values[detour.id]
        for d, number in enumerate(numbers):
            turn = turns[number % len(turns)]
            for year in range(job.years):
                drawn_year = DrawnYear(
                    future.happenings[d], year, turn.site, max(float(way_round[d]), 1.0), (job.seed, number)
                )
                events = drawn_year.events()
                rows.begin(number, year, future, d)
                if not events:
                    continue
                rows.described(events)
                if touched(events, turn.site) < LEAST_TOUCHED:
                    continue
                demand = float(future.demand[d, year])
                sets = drawn_year.sets(events) if apart else SetsOfFamilies((), [])
                solved = turn.years(drawn_year, sets, drawn.behaviour[d], events, demand)
                if solved[0] is None:
                    rows.held()
                elif isinstance(solved[0], str):
                    rows.failed(solved[0])
                else:
                    turn.keep(rows.at, sets, solved)
        for turn in turns:
            for row, measured, parts in turn.measured():
                rows.solved(row, measured, parts)
        return rows.arrays()

    return evaluate


class _Turn:
    """One of the worlds that draws take turns on: its solver, made when first needed, and its solved years
    to be measured."""

    def __init__(
        self, world: World, site: MeasureTargets, places: tuple[int, ...], held: Held | None
    ) -> None:
        self.world, self.site, self.places, self.held = world, site, places, held
        self.solved: list[tuple[int, SetsOfFamilies, list[DemandCase | str | None]]] = []

    @cached_property
    def _solver(self) -> Solver:
        return batch_solver(self.world)

    @cached_property
    def _meter(self) -> Meter:
        return Meter(self.world, self.places)

    @cached_property
    def _compiler(self) -> Year:
        return Year(self.world)

    def years(
        self,
        drawn: DrawnYear,
        sets: SetsOfFamilies,
        behaviour: Array,
        events: tuple[Event, ...],
        demand: float,
    ) -> list[DemandCase | str | None]:
        """A year solved without and with its events, then with each set of its families alone; a market that
        did not clear (or why events cannot be) in its place; None where nothing is taken."""
        params = params_at(self.world, behaviour)
        alone = [
            None if touched(e, self.site) < LEAST_TOUCHED else e for e in map(drawn.events_of, sets.bits)
        ]
        if self.held is not None:
            over = [drawn.over(None), *(drawn.over(b) for b, e in zip(sets.bits, alone, strict=True) if e)]
            means = self._solver, self._compiler
            found = iter(years_beyond(self.held, means, self.places, params, drawn.key, over, demand))
        else:
            found = iter(self._calm(params, [events, *(e for e in alone if e)], demand))
        return [next(found), *(next(found) if e else None for e in alone)]

    def _calm(
        self, params: Params, each: list[tuple[Event, ...]], demand: float
    ) -> list[DemandCase | str | None]:
        out: list[DemandCase | str | None] = []
        before, afters = None, []
        for events in each:
            try:
                before, after = self._compiler.compiled(events, demand)
            except UserError as e:  # two measures that cannot hold together: this year fails, not the run
                out.append(f"events: {e}")
                continue
            out.append(None)  # taken up below
            afters.append(after)
        if before is None:
            return out
        found = iter(self._solver.before_and_each(params, before, afters, self.places))
        for k, failed in enumerate(out):
            if failed is None:
                x = next(found)
                out[k] = x if isinstance(x, str) else DemandCase(params, *x, demand)
        return out

    def keep(self, row: int, sets: SetsOfFamilies, solved: list[DemandCase | str | None]) -> None:
        """Keeps a solved year until all are measured."""
        self.solved.append((row, sets, solved))

    def measured(self) -> Iterator[tuple[int, YearLosses, Parts]]:
        """(row, what it costs, the part of each family) of the years kept since this was last asked."""
        kept, self.solved = self.solved, []
        cases = [c for _, _, solved in kept for c in solved if isinstance(c, DemandCase)]
        losses = iter(self._meter.all_measured(cases))
        for row, sets, solved in kept:
            found = [next(losses) if isinstance(c, DemandCase) else c for c in solved]
            whole = found[0]
            assert isinstance(whole, YearLosses)
            usd = [x.usd if isinstance(x, YearLosses) else 0.0 if x is None else None for x in found]
            yield row, whole, sets.parts(usd)


class _Rows:
    """Rows of a chunk while it is solved. Where nothing happens nothing is lost: zero shock is exact."""

    def __init__(self, job: StressJob, draws: int) -> None:
        n = draws * job.years
        self.forms = [f.id for f in job.world.chain.forms]
        self.values: dict[str, list[object]] = {}
        for name, kind in columns(job).items():
            empty: object = {
                "int": 0,
                "float": 1.0 if name.startswith("price/") else 0.0,
                "flag": False,
                "text": "",
            }[kind]
            self.values[name] = [empty] * n
        self.kinds = columns(job)
        self.at = -1

    def begin(self, number: int, year: int, future: Futures, d: int) -> None:
        """The next row: a draw and year in which nothing happens, until told otherwise."""
        self.at += 1
        self._set(
            draw=number,
            year=year,
            status=NOTHING,
            contest=bool(future.contest[d, year]),
            demand=float(future.demand[d, year]),
        )

    def described(self, events: tuple[Event, ...]) -> None:
        """What happens, in words a later question can group by."""
        self._set(status=SMALL, events="; ".join(described(e) for e in events))

    def held(self) -> None:
        """The latest row is a year whose measures take nothing beyond what stands."""
        self._set(status=HELD)

    def failed(self, market: str) -> None:
        """The latest row is a year whose market did not clear."""
        nan = float("nan")
        self._set(status=FAILED, failed_market=market, usd=nan, spend=nan, short=nan)
        for f in self.forms:
            self._set(**{f"price/{f}": nan, f"short/{f}": nan})

    def solved(self, row: int, found: YearLosses, parts: Parts) -> None:
        """What the year in this row costs, and the part of each family of its events."""
        for name, value in (
            ("status", SOLVED),
            ("usd", found.usd),
            ("spend", found.spend),
            ("short", float(found.short.sum())),
            ("beyond", found.beyond),
            ("parts", parts_text(parts)),
            *((f"price/{f}", p) for f, p in zip(self.forms, found.price.tolist(), strict=True)),
            *((f"short/{f}", t) for f, t in zip(self.forms, found.short.tolist(), strict=True)),
        ):
            self.values[name][row] = value

    def arrays(self) -> Chunk:
        """Every column as an array."""
        types = {"int": np.int64, "float": np.float64, "flag": np.bool_, "text": np.object_}
        return {name: np.array(self.values[name], dtype=types[kind]) for name, kind in self.kinds.items()}

    def _set(self, **values: object) -> None:
        for name, value in values.items():
            self.values[name][self.at] = value


def described(event: Event) -> str:
    """An event in a few characters: its id and its size.

    Parameters
    ----------
    event : Event
        The event.

    Returns
    -------
    str
        `id=size`, the size in the event's unit to two digits.

    Examples
    --------
    >>> from crosscut.market.events.events import EventKind
    >>> described(Event("limit/oxide/CHN", EventKind.EXPORT_LICENCE, "oxide", 0.4321, "fraction"))
    'limit/oxide/CHN=0.43'
    """
    return f"{event.id}={event.size:.2g}"
