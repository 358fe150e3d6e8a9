"""How bad it can get: losses of a year, and what they do to an economy."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crosscut.app.api.datasets import data_in_use, data_version
from crosscut.app.api.documents import read_result, text_of
from crosscut.base.errors import Problem, UserError
from crosscut.ledger.store.ledger_context import current
from crosscut.worlds import DEFAULT_YEAR
from crosscut.worlds import world as built_world

if TYPE_CHECKING:
    from crosscut.results import Document

if TYPE_CHECKING:
    from crosscut.studies.stress.ensemble.parts import SolvedPart


def economy(
    table: str | Path,
    *,
    shocks: Sequence[str] = (),
    result: str | Path | None = None,
    uses: str | Path | None = None,
    once_in: float = 20,
    already: bool = False,
    lasting: int = 365,
    recovery: int = 0,
    dynamic: bool = True,
) -> Document:
    """Value added at risk in the economy of an input-output table (a folder written by pymrio, text layout).

    Either `shocks`, each `REGION/SECTOR=SHARE` or `=LOW..HIGH` of output that stops, or a `result` with
    shortages and a `uses` file (CSV: region, sector, share; see `crosscut economy --template`); of a stress
    test the shortage passed once in `once_in` years, or with `already` the one that measures in force leave
    by themselves. `result` is a file or the folder it was written to. The shock lasts `lasting` days and
    recovers in a straight line over `recovery` days; all is counted over one year. `dynamic=False` leaves
    out the day-by-day reading, which takes minutes on tables of thousands of industries. Raises UserError
    for what cannot be read or matched.
    """
    from crosscut.inputs.uses.sector_uses import sector_uses
    from crosscut.studies.economy.document import economy_document
    from crosscut.studies.economy.pymrio_folder import saved_table
    from crosscut.studies.economy.uses import shock_from, shock_of

    if bool(shocks) == (result is not None) or (result is None) != (uses is None):
        raise UserError(
            Problem(
                "what stops is not said once",
                "economy",
                "shocks (--shock), or result and uses (--result, --uses)",
            )
        )
    if not 1 <= lasting <= 365 or not 0 <= recovery <= 3650:
        raise UserError(
            Problem(f"lasting {lasting}, recovery {recovery} days", "economy", "1 to 365 and 0 to 3650 days")
        )
    found = saved_table(table)
    document = None if result is None else read_result(_result_file(result))
    if document is not None and uses is not None:
        shock = shock_from(
            document, sector_uses(text_of(uses, "a CSV of uses"), str(uses)), found, once_in, already
        )
    else:
        shock = shock_of(shocks, found)
    return economy_document(
        found, shock, data_version(), lasting=lasting, recovery=recovery, dynamic=dynamic, result=document
    )


def _result_file(path: str | Path) -> Path:
    """The result in a folder written with `--out`; a file is itself."""
    return Path(path) / "result.json" if Path(path).is_dir() else Path(path)


def economy_template(table: str | Path, result: str | Path | None = None) -> str:
    """A `uses` file to fill in: the sectors of a table, for the country of a stress result where one is
    given."""
    from crosscut.studies.economy.pymrio_folder import saved_table
    from crosscut.studies.economy.uses import country_of, template_for

    return template_for(
        saved_table(table), "" if result is None else country_of(read_result(_result_file(result)))
    )


def stress(
    mineral: str | None,
    country: str,
    *,
    draws: int = 10_000,
    years: int = 1,
    seed: int = 1,
    sampler: str = "plain",
    loss: float | None = None,
    attribution: int = 0,
    stability: int = 0,
    executor: str = "serial",
    scheduler: str = "",
    workers: int = 1,
    out: str | Path | None = None,
    resume: bool = False,
    year: int = DEFAULT_YEAR,
    standing: str | Path | None = None,
    in_force: bool = False,
    merge: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Document:
    """How bad it can get for a country: losses of a year drawn from the history of measures, outages and
    closed routes.

    `mineral` None ranks every mineral by expected loss. `loss` (million USD) asks what would have to be true
    for it; `attribution` is the points of a Sobol design, `stability` the draws of a rerun with each
    assumption at either end (0: none). The numbers do not depend on executor (serial, processes, dask),
    workers or how often a run in `out` was resumed; with processes a script needs `if __name__ ==
    "__main__":`.

    It starts from the calm base year. With `standing` (a scenario by name or path) or `in_force` (what the
    facts say holds today) those measures stand in every draw and losses are against that world. `merge` joins
    the parts of `stress_part` in `out`, asked with the same options.

    >>> result = stress("tungsten", "Japan", draws=20)
    >>> result["kind"], result["status"]["failed_draws"]
    ('stress', 0)
    """
    from crosscut.market.solvers import compiles_first

    if compiles_first():
        sys.stderr.write("compiling the market once for this machine, which takes about a minute\n")
    folder = None if out is None else Path(out)
    if mineral is None:
        from crosscut.studies.stress.ranking import ranking_result

        if standing is not None:
            raise UserError(
                Problem(
                    "one scenario for all minerals", "standing", "in_force=True: each from its own measures"
                )
            )

        return ranking_result(
            current(),
            country,
            draws=draws,
            years=years,
            seed=seed,
            sampler=sampler,
            stability=stability,
            workers=1 if executor == "serial" else workers,
            year=year,
            in_force=in_force,
            progress=progress,
            **data_in_use(),
        )
    from crosscut.studies.stress.study import stress_result

    return stress_result(
        current(),
        built_world(current(), mineral, year),
        country,
        draws=draws,
        years=years,
        seed=seed,
        sampler=sampler,
        loss=loss,
        attribution=attribution,
        stability=stability,
        executor=executor,
        scheduler=scheduler,
        workers=workers,
        out=folder,
        resume=resume,
        standing=standing,
        in_force=in_force,
        merge=merge,
        progress=progress,
        **data_in_use(),
    )


def stress_part(
    mineral: str,
    country: str,
    chunks: str,
    out: str | Path,
    *,
    draws: int = 10_000,
    years: int = 1,
    seed: int = 1,
    sampler: str = "plain",
    executor: str = "serial",
    scheduler: str = "",
    workers: int = 1,
    year: int = DEFAULT_YEAR,
    standing: str | Path | None = None,
    in_force: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> SolvedPart:
    """One part of a stress test, such as `chunks` "17/64", for machines that know nothing of each other.

    Its draws go to a folder of its own below `out`; begun again it goes on. When all parts are below one
    `out`, `stress(..., out=out, merge=True)` with the same options joins them and gives the result of one
    machine, byte for byte.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     stress_part("tin", "Japan", "2/2", folder, draws=1000).draws
    range(500, 1000)
    """
    from crosscut.base.parallel import WorkerPool, executor_named
    from crosscut.studies.stress.ensemble.parts import part_of
    from crosscut.studies.stress.study import stress_part as solved_part

    return solved_part(
        current(),
        built_world(current(), mineral, year),
        country,
        part_of(chunks),
        Path(out),
        pool=WorkerPool(executor_named(executor), workers, scheduler),
        draws=draws,
        years=years,
        seed=seed,
        sampler=sampler,
        standing=standing,
        in_force=in_force,
        progress=progress,
    )
