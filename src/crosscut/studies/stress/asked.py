"""The stress test of a mineral and the ranking of all, as they are asked for."""

from __future__ import annotations

import sys

from crosscut.base.parallel import WorkerPool, executor_named
from crosscut.market.solvers import compiles_first
from crosscut.results import Document
from crosscut.studies.context import Context
from crosscut.studies.stress.ensemble.parts import SolvedPart, part_of
from crosscut.studies.stress.ranking import ranking_result
from crosscut.studies.stress.request import RankingRequest, StressPartRequest, StressRequest
from crosscut.studies.stress.study import stress_part, stress_result
from crosscut.worlds import world


def stress(request: StressRequest, context: Context) -> Document:
    """How bad it can get for a country on the world of a mineral."""
    _say_compiling()
    sampling, extras, work, keep = request.sampling, request.extras, request.work, request.keep
    return stress_result(
        context.ledger,
        world(context.ledger, request.mineral, request.year),
        request.country,
        draws=sampling.draws,
        years=sampling.years,
        seed=sampling.seed,
        sampler=sampling.sampler,
        loss=extras.loss,
        attribution=extras.attribution,
        stability=extras.stability,
        out=keep.out,
        resume=keep.resume,
        merge=keep.merge,
        executor=work.executor or context.executor,
        workers=context.many(work.workers),
        scheduler=work.scheduler,
        data=context.data.version,
        data_sources=context.data.sources,
        measures_held=request.start.measures_held,
        in_force=request.start.in_force,
        progress=context.progress,
    )


def part(request: StressPartRequest, context: Context) -> SolvedPart:
    """One part of the draws of a stress test, solved into a folder of its own."""
    sampling, work = request.sampling, request.work
    executor = executor_named(work.executor or context.executor)
    return stress_part(
        context.ledger,
        world(context.ledger, request.mineral, request.year),
        request.country,
        part_of(request.chunks),
        request.out,
        pool=WorkerPool(executor, context.many(work.workers), work.scheduler),
        draws=sampling.draws,
        years=sampling.years,
        seed=sampling.seed,
        sampler=sampling.sampler,
        measures_held=request.start.measures_held,
        in_force=request.start.in_force,
        progress=context.progress,
    )


def ranking(request: RankingRequest, context: Context) -> Document:
    """Every mineral ranked by the loss to expect in a country."""
    _say_compiling()
    sampling, work = request.sampling, request.work
    alone = (work.executor or context.executor) == "serial"
    return ranking_result(
        context.ledger,
        request.country,
        draws=sampling.draws,
        years=sampling.years,
        seed=sampling.seed,
        sampler=sampling.sampler,
        stability=request.stability,
        workers=1 if alone else context.many(work.workers),
        year=request.year,
        in_force=request.in_force,
        data=context.data.version,
        data_sources=context.data.sources,
        progress=context.progress,
    )


def _say_compiling() -> None:
    if compiles_first():
        sys.stderr.write("compiling the market once for this machine, which takes about a minute\n")
