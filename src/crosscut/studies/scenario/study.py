"""Scenarios: solved once for a document, or many thousand times; listed."""

from __future__ import annotations

import sys
from dataclasses import replace

from crosscut.inputs.scenario.catalogue import bundled_scenarios, scenario
from crosscut.inputs.scenario.places import on_world
from crosscut.market.solvers import compiles_first
from crosscut.results import Document
from crosscut.studies.context import Context
from crosscut.studies.scenario.forced import forced_result
from crosscut.studies.scenario.request import BatchRequest, RunRequest, ScenariosRequest
from crosscut.studies.scenario.run import run_result
from crosscut.studies.shared.batch import Batch, solved_batch
from crosscut.worlds import world


def run(request: RunRequest, context: Context) -> Document:
    """Solves a scenario on the world of its mineral, or with other facts than the ledger picks."""
    found = scenario(request.scenario)
    mineral = (request.mineral or found.mineral).strip().lower()
    found = replace(found, mineral=mineral, year=request.year or found.year)
    context = context.worked_by(request.workers)
    if request.facts:
        return forced_result(context, found, request.facts, seed=request.seed, draws=request.draws)
    built = world(context.ledger, found.mineral, found.year)
    return run_result(context, found, built, seed=request.seed, draws=request.draws)


def batch(request: BatchRequest, context: Context) -> Batch:
    """A scenario solved for thousands of draws."""
    found = scenario(request.scenario)
    built = world(context.ledger, found.mineral, found.year)
    if compiles_first():
        sys.stderr.write("compiling the market once for this machine, which takes about 25 seconds\n")
    return solved_batch(
        on_world(found, built),
        built,
        seed=found.seed if request.seed is None else request.seed,
        draws=request.draws,
        workers=context.many(request.workers),
        progress=context.progress,
    )


def scenarios(request: ScenariosRequest, context: Context) -> list[dict[str, str]]:
    """The bundled scenarios: id, title, mineral, window."""
    return bundled_scenarios()
