"""Ranking: every mineral by one yardstick, the expected loss of a country's users in USD a year.

One package hits several minerals at once in the same draw; the draws of a mineral are those of its own
stress run. What cannot be ranked is listed by name with the reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crosscut.base.errors import UserError
from crosscut.base.parallel import chunks_of, results
from crosscut.base.version import __version__
from crosscut.base.workers import Executor, Work, WorkerPool
from crosscut.ledger.store.ledger import Ledger
from crosscut.results import (
    Document,
    FailedDraw,
    Horizon,
    Inputs,
    ScenarioUsed,
    Statement,
    Status,
    WorldUsed,
    tables_of,
)
from crosscut.results.rows import Row
from crosscut.studies.context import Context
from crosscut.studies.shared.document_inputs import limits_of, notes, typed_sources
from crosscut.studies.shared.measures_in_force import in_force_on
from crosscut.studies.shared.money import MoneyMark, millions
from crosscut.studies.stress.answers.families import family_rows
from crosscut.studies.stress.answers.stability import expected_losses, ranks, stability_rows
from crosscut.studies.stress.answers.statistics import expected_shortfall, mean_of, without_interval
from crosscut.studies.stress.answers.summary import StressLosses
from crosscut.studies.stress.draws.random_points import Sampler
from crosscut.studies.stress.ensemble.ensemble import solved_ensemble
from crosscut.studies.stress.history.assumptions import assumptions
from crosscut.studies.stress.in_force.starting_point import start_of
from crosscut.studies.stress.request import RankingRequest
from crosscut.studies.stress.study import LIMITS, job_of, say_compiling
from crosscut.worlds import minerals_with_worlds, world
from crosscut.worlds.node import nodes_for

CVAR_LEVEL = 0.95
NOT_RANKED = "not ranked: "
ONE_LOOK = "here to one digit, as the least known of the ranked"
ENOUGH = 300  # draws of a rerun below which its ranks are mostly noise


def _empty_row(mineral: str, status: str = "") -> Row:
    """The row of a mineral of which nothing is known yet."""
    return {
        "rank": None,
        "rank_short": None,
        "mineral": mineral,
        "stage": "",
        "grade": "",
        "usd": None,
        "usd_low": None,
        "usd_high": None,
        "cvar": None,
        "short": None,
        "worst_origin": "",
        "lowest_rank": None,
        "highest_rank": None,
        "failed": 0,
        "starts_from": "",
        "status": status,
    }


def _outcome(ledger: Ledger, request: RankingRequest, mineral: str) -> dict[str, Any]:
    """One mineral solved, or the reason why it is not; runs in a worker."""
    row = _empty_row(mineral)
    measures_held = None
    try:
        built = world(ledger, mineral, request.year)
        if request.in_force and in_force_on(ledger, built).scenario is not None:
            measures_held = start_of(ledger, built, None, True).measures_held
        found = nodes_for(built, request.country, "--country")
    except UserError as e:
        return {"row": row | {"status": NOT_RANKED + str(e).replace("\n", " ")}, "usd": None, "failed": []}
    row |= {
        "stage": ", ".join(f.id for f in built.chain.forms),
        "grade": built.grade,
        "starts_from": f"the base year {built.year}" if measures_held is None else measures_held.id,
    }
    if not found.own:
        return {"row": row | {"status": NOT_RANKED + found.note}, "usd": None, "failed": []}
    job = job_of(ledger, built, found, request.sampling, measures_held=measures_held)
    ensemble = solved_ensemble(job, request.sampling.draws)
    losses = StressLosses(ensemble)
    failed = ensemble.failed()
    known = losses.known(losses.usd)
    short = losses.known(losses.short)
    row["failed"] = len({d for d, _, _ in failed})
    row["short"] = float(short.mean()) / losses.use if losses.use and len(short) else None
    families = family_rows(losses)
    row["worst_origin"] = families[0]["family"] if families else ""
    if losses.mark == MoneyMark.UNKNOWN or not len(known):
        why = f"world grade {built.grade}, money unknown" if len(known) else "no draw cleared"
        return {"row": row | {"status": NOT_RANKED + why}, "usd": None, "failed": failed}
    mean, tail = mean_of(known), expected_shortfall(known, CVAR_LEVEL)
    if job.sampler == Sampler.QUASI:
        mean, tail = without_interval(mean), without_interval(tail)
    row["status"] = losses.mark.value
    money = {"usd": mean.value, "usd_low": mean.low, "usd_high": mean.high, "cvar": tail.value}
    ends = expected_losses(job, request.stability) if request.stability else {}
    return {
        "row": row,
        "usd": float(mean.value or 0.0),
        "money": money,
        "failed": failed,
        "ends": ends,
        "mark": losses.mark,
        "key": job.key,
    }


def _mineral_solver(
    ledger: Ledger, request: RankingRequest, minerals: Sequence[str]
) -> Work[list[dict[str, Any]]]:
    """What one process does: the minerals of these numbers."""
    return lambda numbers: [_outcome(ledger, request, minerals[n]) for n in numbers]


def ranking(request: RankingRequest, context: Context) -> Document:
    """Every mineral ranked by the loss to expect in a country, as one document.

    Each starts from its calm base year or, as asked, from the measures in force on it; with `stability` it
    has the lowest and highest rank over the ends of all assumptions.
    """
    from crosscut.base.places import bloc_named, place

    say_compiling()
    country, year, sampling, data = request.country, request.year, request.sampling, context.data
    draws, years, stability, in_force = sampling.draws, sampling.years, request.stability, request.in_force
    bloc = bloc_named(country)
    label = bloc or place(country, "--country").name
    why = minerals_with_worlds()
    named = [m for m in sorted(why) if not why[m]]
    found = _solved(named, request, context)
    rows: list[Row] = [f["row"] for f in found]
    _show_money([f for f in found if f["usd"] is not None])
    order = ranks({f["row"]["mineral"]: f["usd"] for f in found if f["usd"] is not None})
    for row in rows:
        row["rank"] = order.get(row["mineral"])
    moved: list[Row] = []
    if stability:
        ends = {f["row"]["mineral"]: f["ends"] for f in found if f["usd"] is not None}
        moved = stability_rows(ends, {f["row"]["mineral"]: f["mark"] for f in found if f["usd"] is not None})
        for row in rows:
            seen = [r["rank"] for r in moved if r["mineral"] == row["mineral"]]
            if seen and row["rank"] is not None:
                row["lowest_rank"], row["highest_rank"] = min(*seen, row["rank"]), max(*seen, row["rank"])
    by_short = ranks({r["mineral"]: r["short"] for r in rows if r["short"] is not None})
    for row in rows:
        row["rank_short"] = by_short.get(row["mineral"])
    rows += [_empty_row(m, NOT_RANKED + reason) for m, reason in sorted(why.items()) if reason]
    rows.sort(
        key=lambda r: (
            r["rank"] is None,
            r["rank"] or 0,
            r["rank_short"] is None,
            r["rank_short"] or 0,
            r["mineral"],
        )
    )
    failed = [(f["row"]["mineral"], *x) for f in found for x in f["failed"]]
    return Document(
        kind="stress",
        inputs=Inputs(
            mineral="all minerals",
            world=WorldUsed(year, data.version or "0" * 64, "see the ranking"),
            scenario=ScenarioUsed(
                f"stress-all-{label}", data.version or "0" * 64, f"Which mineral could cost most: {label}"
            ),
            seed=sampling.seed,
            draws=draws,
            code=__version__,
            data=data.version,
            data_sources=typed_sources(data.sources),
        ),
        status=Status.of(
            [
                FailedDraw.at(d, f"{m}: {t}", f"the market did not clear in year {y + 1}")
                for m, d, y, t in failed
            ],
            draws=len({(m, d) for m, d, _, _ in failed}),
        ),
        horizon=Horizon(
            "the day it is asked",
            f"{years} year{'s' if years > 1 else ''} on",
            f"Losses are of a year, against the same year undisturbed; trade and plants are those of {year}.",
        ),
        tables=tables_of(
            {
                "stress_ranking": rows,
                "stress_stability": moved,
            }
        ),
        statements=(
            Statement("in_force" if in_force else "calm", _START[in_force]),
            *notes(_notes(rows, moved, stability)),
        ),
        assumptions=tuple([a.stated() for a in assumptions().values()]),
        limits=limits_of((*_LIMITS, *LIMITS)),
    )


def _show_money(ranked: Sequence[dict[str, Any]]) -> None:
    """Puts the amounts into their rows, all with as few digits as the least known of them: amounts with
    different digits would stand in another order than their ranks."""
    fewest = any(f["mark"] == MoneyMark.ONE_DIGIT for f in ranked)
    for f in ranked:
        mark = MoneyMark.ONE_DIGIT if fewest else f["mark"]
        f["row"] |= {name: millions(usd, mark) for name, usd in f["money"].items()}
        if mark != f["mark"]:
            f["row"]["status"] += f"; {ONE_LOOK}"


_START = {
    False: (
        "Every mineral starts from its calm base year: measures in force since are not in it. `--in-force`"
        " starts from them."
    ),
    True: (
        "Every mineral starts from the measures in force on it where some are known that its base year does"
        " not hold; its losses are then beyond what those take already."
    ),
}
_LIMITS = (
    (
        (
            "Minerals are compared at the stage their world knows: ore or metal as bought, not what is made"
            " of it"
        ),
        "minerals whose grams stop a line (germanium, gallium, rare earth magnets) stand far too low",
    ),
    (
        "A large market loses more dollars for the same fraction: the yardstick is money, not criticality",
        (
            "copper and aluminium stand high with small relative losses; see the rank by share of use short,"
            " which grade D has too"
        ),
    ),
)


def _notes(rows: Sequence[Row], moved: Sequence[Row], stability: int) -> list[str]:
    left = [r["mineral"] for r in rows if r["rank"] is None]
    out = [
        f"{len(rows) - len(left)} of {len(rows)} minerals are ranked. Not ranked: {', '.join(left)}; the"
        " reasons are in the table."
    ]
    worst = [r for r in moved if r["correlation"] is not None]
    if worst:
        least = min(worst, key=lambda r: r["correlation"])
        out.append(
            f"Over all assumptions at either end, on {stability} draws, the order keeps a rank correlation of"
            f" at least {least['correlation']:.2f} (least with {least['assumption']} at {least['value']:g})."
        )
        if stability < ENOUGH:
            out.append(
                f"Below {ENOUGH} draws the noise of sampling moves ranks more than most assumptions do."
            )
    return out


def _solved(minerals: Sequence[str], request: RankingRequest, context: Context) -> list[dict[str, Any]]:
    """Outcomes in the order of the minerals; one mineral is solved by one process."""
    draws, work, progress = request.sampling.draws, request.work, context.progress
    done, total = 0, draws * len(minerals)
    out: dict[str, dict[str, Any]] = {}

    def took(outcome: dict[str, Any]) -> None:
        nonlocal done
        out[outcome["row"]["mineral"]] = outcome
        done += draws
        if progress:
            progress(done, total)

    alone = (work.executor or context.executor) == "serial"
    pool = WorkerPool(Executor.PROCESSES, 1 if alone else context.many(work.workers))
    given = (context.ledger, request, tuple(minerals))
    for _, outcomes in results(_mineral_solver, given, chunks_of(len(minerals), 1), pool):
        for outcome in outcomes:
            took(outcome)
    return [out[m] for m in minerals]
