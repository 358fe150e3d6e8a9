"""Run: how bad it can get for one country and mineral, as one result document."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass

from crosscut.base.workers import WorkerPool, executor_named
from crosscut.ledger.store.ledger import Ledger
from crosscut.market.events.events import Scenario
from crosscut.market.model.world import World
from crosscut.market.solvers import compiles_first
from crosscut.results import Document, FailedDraw, Horizon, ScenarioUsed, Statement, Status, tables_of
from crosscut.studies.context import Context
from crosscut.studies.shared.assumptions import event_assumptions, parameter_assumptions
from crosscut.studies.shared.cited_facts import cited_facts
from crosscut.studies.shared.document_inputs import inputs_of, limits_of, notes
from crosscut.studies.shared.evidence_rows import drawn_assumption
from crosscut.studies.shared.money import MoneyMark
from crosscut.studies.stress.answers.chokepoints import chokepoint_rows
from crosscut.studies.stress.answers.cover import cover_rows
from crosscut.studies.stress.answers.families import family_rows
from crosscut.studies.stress.answers.importance import importance_rows
from crosscut.studies.stress.answers.reverse import chosen_loss, reverse_rows
from crosscut.studies.stress.answers.stability import one_stability
from crosscut.studies.stress.answers.summary import (
    StressLosses,
    exceedance_rows,
    return_rows,
    summary_rows,
    tail_rows,
)
from crosscut.studies.stress.draws.random_points import Sampler
from crosscut.studies.stress.ensemble.ensemble import StressEnsemble, solved_ensemble
from crosscut.studies.stress.ensemble.job import StressJob
from crosscut.studies.stress.ensemble.parts import (
    DRAWS_FOLDER,
    SolvedPart,
    merged_parts,
    part_of,
    solve_part,
)
from crosscut.studies.stress.history.assumptions import assumptions
from crosscut.studies.stress.history.base_rates import base_rates
from crosscut.studies.stress.in_force.rows import in_force_rows
from crosscut.studies.stress.in_force.starting_point import Start, first_lines, start_of
from crosscut.studies.stress.request import Extras, Sampling, StressPartRequest, StressRequest, Work
from crosscut.worlds import world
from crosscut.worlds.drawn import WORLDS, variants
from crosscut.worlds.node import Nodes, nodes_for

CALM_START = (
    (
        "Only what begins within the horizon: measures in force when it begins and not in the base year are"
        " not drawn (--in-force)"
    ),
    "loss too low",
)
IN_FORCE_START = (
    (
        "Measures in force stay as strong as they are, in every year: none is lifted, none is answered by new"
        " mines; and a drawn measure of the same government takes only what goes beyond them"
    ),
    "loss too high where they ease within the horizon",
)
LIMITS = (
    (
        (
            "A yearly model: a stop of 45 days is an eighth of a year's exports withheld. It says nothing of"
            " week six: when pipelines run dry, spot prices peak above contracts, and a line stops for want"
            " of a gram"
        ),
        "prices and losses of short, sharp stops too low; tonnes of a year right if stocks bridge the weeks",
    ),
    (
        (
            "The history is what is remembered in English: large producers, famous measures, outages of"
            " recent years"
        ),
        "rates of small producers, taxes and outages too low, of famous ones too high",
    ),
    (
        "Stocks are neither hoarded nor drawn; nobody enters in answer",
        "prices too low while buyers hoard, too high later",
    ),
    (
        (
            "USD lost are the consumer surplus of final users in the country: what its own miners and plants"
            " gain or lose, and what the goods made with the mineral are worth beyond it, are not in them"
        ),
        "loss too low, by far where a gram stops a line",
    ),
    ("An outage takes all that the history says it touched", "loss from outages too high"),
    ("A measure of China names every stage but scrap; of others the ore alone in most draws", "either way"),
    (
        (
            "A year in which nothing touches a thousandth of a form's world use is not solved and counts as"
            " no loss (measured for tungsten in Japan: 0.15 % of the expected loss)"
        ),
        "loss too low, hardly",
    ),
    (
        (
            "Plants and mines of groups of countries (rest of the EU, others) and those below 1 % of world"
            " output never fail"
        ),
        "loss too low",
    ),
)


def stress(request: StressRequest, context: Context) -> Document:
    """The stress document of a country (or bloc) on the world of a mineral.

    Draws go to `out`/draws in chunks where a folder is given; `merge` solves nothing and joins the parts
    below it (see `stress_part`). Deterministic in all but executor, workers, scheduler and resume: the id
    does not depend on them.
    """
    say_compiling()
    keep, draws = request.keep, request.sampling.draws
    asked = _asked(request, context)
    if keep.merge and keep.out is not None:
        ensemble = merged_parts(asked.job, draws, keep.out)
    else:
        ensemble = solved_ensemble(
            asked.job,
            draws,
            out=None if keep.out is None else keep.out / DRAWS_FOLDER,
            resume=keep.resume,
            pool=_pool(request.work, context),
            progress=context.progress,
        )
    return _document(context, ensemble, asked, request.extras)


def stress_part(request: StressPartRequest, context: Context) -> SolvedPart:
    """One part of the draws of a stress run, solved into a folder of its own below `out`; `stress` with
    `merge` joins them."""
    say_compiling()
    pool = _pool(request.work, context)
    job = _asked(request, context).job
    part = part_of(request.chunks)
    return solve_part(job, request.sampling.draws, part, request.out, pool, context.progress)


def _pool(work: Work, context: Context) -> WorkerPool:
    return WorkerPool(
        executor_named(work.executor or context.executor), context.many(work.workers), work.scheduler
    )


def say_compiling() -> None:
    """Says on the error stream that the first use on a machine takes a minute."""
    if compiles_first():
        sys.stderr.write("compiling the market once for this machine, which takes about a minute\n")


@dataclass(frozen=True, eq=False)
class StressAsked:
    """A request placed on its world: where, from what start, and the job that solves it."""

    found: Nodes
    start: Start
    job: StressJob


def _asked(request: StressRequest | StressPartRequest, context: Context) -> StressAsked:
    ledger = context.ledger
    built = world(ledger, request.mineral, request.year)
    found = nodes_for(built, request.country, "--country")
    start = start_of(ledger, built, request.start.measures_held, request.start.in_force)
    job = job_of(ledger, built, found, request.sampling, measures_held=start.measures_held)
    return StressAsked(found, start, job)


def job_of(
    ledger: Ledger,
    world: World,
    found: Nodes,
    sampling: Sampling,
    *,
    fixed: Mapping[str, float] | None = None,
    measures_held: Scenario | None = None,
) -> StressJob:
    """The job of a country on a world: its places, its code as targets name it, and the worlds the draws
    take turns on.

    Parameters
    ----------
    ledger, world, found
        Where facts are read, the world, and the places of the country in it.
    sampling
        Which futures are drawn.
    fixed
        Assumptions held at a value, by their id.
    measures_held
        Measures that stand in every draw and year; none from the calm base year.
    """
    code = found.code if found.own or len(found.places) > 1 else world.countries[found.places[0]]
    read = variants(world, sampling.seed, min(sampling.draws, WORLDS))
    return StressJob(
        world,
        read,
        found.places,
        code,
        sampling.seed,
        base_rates(ledger),
        sampling.years,
        Sampler(sampling.sampler),
        dict(fixed or {}),
        measures_held,
    )


def _document(context: Context, ensemble: StressEnsemble, asked: StressAsked, extras: Extras) -> Document:
    ledger, found, start, data = context.ledger, asked.found, asked.start, context.data
    job, world = ensemble.job, ensemble.job.world
    losses = StressLosses(ensemble)
    failed = ensemble.failed()
    target = chosen_loss(losses, extras.loss)
    cover = cover_rows(ledger, losses, found.members)
    shown = start.shown
    stands = (
        []
        if shown is None
        else in_force_rows(
            world, job.worlds, job.places, shown, job.seed, inside=start.measures_held is not None
        )
    )
    tables = {
        "stress_summary": summary_rows(losses),
        "stress_in_force": stands,
        "stress_tail": tail_rows(losses),
        "stress_returns": return_rows(losses),
        "stress_exceedance": exceedance_rows(losses),
        "stress_families": family_rows(losses),
        "stress_chokepoints": chokepoint_rows(
            ledger, world, job.places, job.seed, ensemble.draws, job.measures_held
        ),
        "stress_cover": cover,
        "stress_reverse": reverse_rows(ledger, losses, target) if losses.mark != MoneyMark.UNKNOWN else [],
        "stress_importance": importance_rows(job, extras.attribution) if extras.attribution else [],
        "stress_stability": one_stability(job, extras.stability) if extras.stability else [],
    }
    title = f"How bad can it get: {world.mineral}, {found.label}"
    if start.measures_held is not None:
        title += f", from {start.measures_held.id}"
    undisturbed = (
        "undisturbed" if start.measures_held is None else f"with what stands ({start.measures_held.id})"
    )
    return Document(
        kind="stress",
        inputs=inputs_of(
            world,
            ScenarioUsed(f"stress-{found.code}", job.key, title),
            seed=job.seed,
            draws=ensemble.draws,
            data=data.version,
            data_sources=data.sources,
        ),
        status=Status.of(
            [FailedDraw.at(d, m, f"the market did not clear in year {y + 1}") for d, y, m in failed],
            draws=len({d for d, _, _ in failed}),
        ),
        horizon=Horizon(
            "the day it is asked",
            f"{job.years} year{'s' if job.years > 1 else ''} on",
            f"Losses are of a year, against the same year {undisturbed}; trade and plants are those of"
            f" {world.year}.",
        ),
        tables=tables_of(tables),
        statements=(
            *_statements(losses, found, len(failed), first_lines(world, start, stands)),
            *notes(world.notes),
        ),
        assumptions=(
            *(a.stated() for a in assumptions(job.fixed).values()),
            *parameter_assumptions(world),
            drawn_assumption(job.read),
            *([] if shown is None else event_assumptions(shown)),
        ),
        facts=cited_facts(ledger, {*world.fact_ids, *(i for r in cover for i in r["facts"].split())}),
        limits=limits_of(
            (
                LIMITS[0],
                CALM_START if start.measures_held is None else IN_FORCE_START,
                *LIMITS[1:],
                *(shown.limits if start.measures_held is not None and shown else ()),
            )
        ),
        places={**world.place_names, found.code: found.label},
    )


_MARKS = {
    MoneyMark.ORDER: (
        "World grade C: amounts in USD show sign and order of size; the error of the base-year figures is"
        " only partly in them."
    ),
    MoneyMark.ONE_DIGIT: (
        "World grade C with one form: amounts in USD are what the buyers of that form lose, an order of size"
        " with one digit; who bears it further down is unknown."
    ),
    MoneyMark.UNKNOWN: "World grade D: too little of this world is fact to show money.",
}


def _statements(
    losses: StressLosses, found: Nodes, failed: int, first: list[tuple[str, str]]
) -> list[Statement]:
    job = losses.job
    out = [*first]
    if found.note:
        out.append(("note" if found.own else "group", found.note))
    if losses.mark in _MARKS:
        out.append(("screening", _MARKS[losses.mark]))
    rates = job.rates
    china = rates.governments["CHN"]
    out.append(
        (
            "rates",
            (
                f"{rates.packages} packages of measures since 2009; China {china.rate(1):.1f} a year since"
                f" 2023 against {china.rate(0):.2f} before, every other government by its own record; the"
                " year starts in today's regime."
            ),
        )
    )
    out.append(("draws", f"sha256 over all draws: {losses.ensemble.sum}."))
    if job.sampler == Sampler.QUASI:
        out.append(
            (
                "sampler",
                (
                    "Quasi-random draws (scrambled Sobol): closer for the same number, with no sampling"
                    " interval."
                ),
            )
        )
    if failed:
        out.append(
            (
                "failed",
                (
                    f"{failed} of {losses.usd.size:,} years did not clear. They are in no mean; failed_low"
                    " and failed_high bound what they could add."
                ),
            )
        )
    redone = losses.ensemble.store.redone
    if redone:
        out.append(
            ("redone", f"{len(redone)} damaged chunk{'s were' if len(redone) > 1 else ' was'} solved again.")
        )
    return [Statement(key, text) for key, text in out]
