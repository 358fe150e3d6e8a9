"""Ensemble: every case of an outlook over every draw, in one process or several, with the same numbers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from crosscut.base.arrays import Array
from crosscut.base.parallel import chunks_of, results_in_order
from crosscut.base.workers import Work
from crosscut.inputs.outlook.loader import Outlook
from crosscut.market.events.compiled import CompiledEvents
from crosscut.market.model.world import World
from crosscut.market.solvers import YearSolver, worth_compiling, year_solver
from crosscut.market.years import KnownYears, YearUnsolved, outlook_years
from crosscut.studies.context import Context
from crosscut.studies.outlook.cases import OutlookCase, cases_of
from crosscut.studies.outlook.draws import drawn_sizes, outlook_draw
from crosscut.studies.outlook.measures import Label, ReportedQuantities, measured_of, measures
from crosscut.studies.outlook.nodes import OutlookOnWorld, outlook_on_world
from crosscut.studies.outlook.owners import base_owners, drawn_owners
from crosscut.studies.outlook.yearly import YearlyEvents
from crosscut.studies.shared.draws import happens
from crosscut.studies.shared.ensemble import level_error, price_noise
from crosscut.worlds.drawn import WORLDS, DrawnWorlds, variants

CHUNK = 2  # draws a worker takes at a time, every case of them


@dataclass(frozen=True)
class Failure:
    """A draw of a case whose market did not clear in a year: form and place with the largest gap."""

    case: str
    draw: int
    year: int
    market: str


@dataclass(frozen=True)
class CasePath:
    """One draw of one case: values[t, label] in the order of `labels`, the worst certificate of its years."""

    case: str
    draw: int
    labels: tuple[Label, ...]
    values: Array
    worst: Mapping[str, float]


@dataclass(frozen=True, eq=False)
class OutlookEnsemble:
    """All cases and draws: per case values[draw, t, label] of the draws that solved in *every* case, so that
    cases compare like with like, and the failures."""

    o: OutlookOnWorld
    cases: tuple[OutlookCase, ...]
    years: range
    seed: int
    draws: int
    labels: dict[str, tuple[Label, ...]]
    values: dict[str, Array]
    failures: tuple[Failure, ...]
    worst: dict[str, float]
    read: DrawnWorlds

    def over_draws(self, case: str, label: Label) -> Array:
        """values[draw, t] of one label; KeyError when the case does not report it."""
        try:
            at = self.labels[case].index(label)
        except ValueError:
            raise KeyError(label) from None
        out: Array = self.values[case][:, :, at]
        return out


@dataclass(frozen=True, eq=False)
class _Job:
    """The outlook on one world with everything that no draw changes."""

    o: OutlookOnWorld
    measured: ReportedQuantities
    cases: dict[str, OutlookCase]
    years: range
    seed: int
    stated: YearlyEvents
    drawn: bool
    owners: dict[str, dict[str, float]]
    solver: YearSolver


def _job(
    o: OutlookOnWorld,
    years: range,
    seed: int,
    owners: dict[str, dict[str, float]],
    compiled: bool,
    only: Collection[str] | None,
) -> _Job:
    """Compiles the events as stated once; where none is drawn, every draw uses them."""
    stated = YearlyEvents(o.scenario, o.world, {e.id: e.size for e in o.scenario.events})
    for year in years:
        stated(year)
    drawn = any(e.low is not None or e.probability < 1 for e in o.scenario.events)
    cases = {c.id: c for c in cases_of(o.file) if only is None or c.id in only}
    return _Job(o, measured_of(o), cases, years, seed, stated, drawn, owners, year_solver(compiled))


def level_of_prices(o: OutlookOnWorld) -> Array:
    """Relative error of the price level of every form, by the evidence status of what the world's price
    rests on; an outlook is set to no later quotation."""
    return level_error(o.world, replace(o.scenario, anchors=()))


def error_of_prices(o: OutlookOnWorld, year: int) -> Array:
    """Standard deviation of the log price of every form that no draw holds: of the base year that of its
    quotation, later with what yearly models of prices leave unexplained."""
    level = level_of_prices(o)
    return level if year == o.world.year else np.hypot(level, price_noise(o.world))


def solved_outlook(
    context: Context,
    o: OutlookOnWorld,
    years: range,
    seed: int,
    draws: int,
    *,
    only: Collection[str] | None = None,
    part: range | None = None,
) -> OutlookEnsemble:
    """Every case of an outlook over its futures; the numbers do not depend on who solves.

    Parameters
    ----------
    context
        Where facts are read, who solves, and who is told how many draws of cases are done.
    o, years
        The outlook on its world, and the years to solve.
    seed, draws
        Which futures, and how many.
    only, part
        The cases and the futures to solve, where not all are needed: what is solved is the same as among
        all.

    Returns
    -------
    OutlookEnsemble
        All cases and draws.

    Raises
    ------
    UserError
        For events that contradict each other in some year.

    Notes
    -----
    Futures take turns on worlds whose figures were read with drawn errors (`worlds.drawn`), as those of a
    run do.
    """
    futures = range(draws) if part is None else part
    wanted = [c for c in cases_of(o.file) if only is None or c.id in only]
    compiled = worth_compiling(len(futures) * len(wanted) * len(years))
    job = _job(o, years, seed, base_owners(context.ledger, o), compiled, only)
    cases = tuple(job.cases.values())
    results: list[CasePath | Failure] = []
    read = variants(o.world, seed, min(draws, WORLDS))
    held = (o.outlook, read.worlds, years, seed, job.owners, compiled, only)
    chunks = [range(futures.start + c.start, futures.start + c.stop) for c in chunks_of(len(futures), CHUNK)]
    for found in results_in_order(chunk_solver, held, chunks, context.workers):
        results += found
        if context.progress:
            context.progress(len(results), len(futures) * len(cases))
    return _collected(job, cases, draws, results, read)


def chunk_solver(
    outlook: Outlook,
    worlds: Sequence[World],
    years: range,
    seed: int,
    owners: dict[str, dict[str, float]],
    compiled: bool,
    only: Collection[str] | None = None,
) -> Work[list[CasePath | Failure]]:
    """What a worker does with a range of draws: every case of each, on the world whose turn it is."""
    jobs: dict[int, _Job] = {}

    def solved(draws: range) -> list[CasePath | Failure]:
        out: list[CasePath | Failure] = []
        for d in draws:
            turn = d % len(worlds)
            if turn not in jobs:
                jobs[turn] = _job(
                    outlook_on_world(outlook, worlds[turn]), years, seed, owners, compiled, only
                )
            job = jobs[turn]
            events_of = _events_of_draw(job, d)
            known: KnownYears = {}
            out += [_solved(job, case, d, events_of, known) for case in job.cases.values()]
        return out

    return solved


def _events_of_draw(job: _Job, number: int) -> YearlyEvents:
    """The events as one future has them, in every case."""
    if not job.drawn:
        return job.stated
    scenario = job.o.scenario
    absent = [e.id for e in scenario.events if not happens(e, job.seed, number)]
    return YearlyEvents(scenario, job.o.world, drawn_sizes(scenario.events, job.seed, number), absent)


def _solved(
    job: _Job, case: OutlookCase, number: int, events_of: Callable[[int], CompiledEvents], known: KnownYears
) -> CasePath | Failure:
    o, seed, world = job.o, job.seed, job.o.world
    draw = outlook_draw(o, case.facilities, case.certain, seed, number)
    owners = {**job.owners, **drawn_owners(case, seed, number)}
    rows: list[list[float]] = []
    labels: tuple[Label, ...] = ()
    worst = {"residual": 0.0, "mass": 0.0, "cap": 0.0, "money": 0.0}
    try:
        for out in outlook_years(world, draw, job.years, events_of, job.solver, known):
            found = measures(job.measured, case, draw, owners, out)
            labels = labels or tuple(found)
            if tuple(found) != labels:
                raise ValueError(f"labels of {case.id} differ in {out.year}")
            rows.append(list(found.values()))
            for name in worst:
                worst[name] = max(worst[name], abs(float(getattr(out.solution.certificate, name))))
    except YearUnsolved as stop:
        return Failure(case.id, number, stop.year, stop.market)
    return CasePath(case.id, number, labels, np.array(rows), worst)


def _collected(
    job: _Job,
    cases: tuple[OutlookCase, ...],
    draws: int,
    results: list[CasePath | Failure],
    read: DrawnWorlds,
) -> OutlookEnsemble:
    failures = sorted((r for r in results if isinstance(r, Failure)), key=lambda r: (r.draw, r.case))
    lost = {f.draw for f in failures}
    paths = sorted(
        (r for r in results if isinstance(r, CasePath) and r.draw not in lost), key=lambda r: r.draw
    )
    labels: dict[str, tuple[Label, ...]] = {}
    values: dict[str, Array] = {}
    for c in cases:
        mine = [p for p in paths if p.case == c.id]
        labels[c.id] = mine[0].labels if mine else ()
        if any(p.labels != labels[c.id] for p in mine):
            raise ValueError(f"labels of {c.id} differ between draws")
        values[c.id] = np.array([p.values for p in mine]) if mine else np.zeros((0, len(job.years), 0))
    names = ("residual", "mass", "cap", "money")
    worst = {n: max((float(p.worst[n]) for p in paths), default=0.0) for n in names}
    return OutlookEnsemble(
        job.o, cases, job.years, job.seed, draws, labels, values, tuple(failures), worst, read
    )
