"""The command line: one function per command, each parses, calls, prints.

Exit codes: 0 done, 2 a mistake in what was asked (said in plain words), 1 a fault of ours.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from crosscut.app.cli import data
from crosscut.app.cli.backtest import backtest
from crosscut.app.cli.economy import economy
from crosscut.app.cli.facts import facts
from crosscut.app.cli.forecast import forecast
from crosscut.app.cli.indicators import company_exposure, indicators
from crosscut.app.cli.outlook import outlook
from crosscut.app.cli.output import Json, Workers, Workspace, refuse_file_as_folder, show
from crosscut.app.cli.project import project
from crosscut.app.cli.stress import stress
from crosscut.app.cli.world import world
from crosscut.base.progress import counted
from crosscut.base.version import __version__
from crosscut.output.screens.plain_table import rows_table

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="A mineral's whole supply chain as a solved market, with a source behind every number.",
)
app.add_typer(data.app, name="data")

Year = Annotated[int | None, typer.Option("--year", help="Base year of the world.")]
Seed = Annotated[
    int | None, typer.Option("--seed", help="Seed of the draws; the same seed gives the same numbers.")
]
Draws = Annotated[int | None, typer.Option("--draws", help="Number of futures solved.")]


def _version(shown: bool) -> None:
    if shown:
        print(f"crosscut {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    del version


@app.command()
def minerals(as_json: Json = False) -> None:
    """List the minerals, and why some have no market world."""
    from crosscut.app import api

    rows = api.minerals()
    show(rows, as_json, lambda: rows_table(rows, ("mineral", "world", "grade", "why"), "Minerals"))


app.command()(facts)
app.command()(world)
app.command()(outlook)
app.command()(economy)
app.command()(project)
app.command()(stress)
app.command()(backtest)
app.command()(forecast)


@app.command()
def exposure(
    mineral: Annotated[str | None, typer.Argument(help="A mineral; not needed with --purchases.")] = None,
    country: Annotated[str | None, typer.Option("--country", help="Country: name or ISO code.")] = None,
    purchases: Annotated[Path | None, typer.Option("--purchases", help="CSV of your own purchases.")] = None,
    template: Annotated[
        bool, typer.Option("--template", help="Print a purchases file to start from.")
    ] = False,
    year: Year = None,
    seed: Seed = None,
    draws: Draws = None,
    workspace: Workspace = None,
    as_json: Json = False,
) -> None:
    """Show how exposed a country, or your own purchases, are: origins, concentration, loss if the largest
    stops."""
    from crosscut.app import api
    from crosscut.base.errors import Problem, UserError
    from crosscut.output.screens.market.run import exposure_screen

    if template:
        from crosscut.inputs.purchases import TEMPLATE

        print(TEMPLATE, end="")
        return
    if purchases is not None:
        company_exposure(purchases, year or 2024, as_json)
        return
    if mineral is None or country is None:
        what = "no mineral" if mineral is None else "no country"
        raise UserError(Problem(what, "exposure", "MINERAL --country COUNTRY, or --purchases FILE"))

    given = {k: v for k, v in (("year", year), ("seed", seed), ("draws", draws)) if v is not None}
    result = api.exposure(mineral, country, **given)
    show(result, as_json, lambda: exposure_screen(result))


app.command()(indicators)


@app.command()
def scenarios(as_json: Json = False) -> None:
    """List the bundled scenarios, and the outlooks over years."""
    from crosscut.app import api

    over_years = [{**o, "window": f"{o['years']}, by crosscut outlook"} for o in api.outlooks()]
    rows = [*api.scenarios(), *over_years]
    show(rows, as_json, lambda: rows_table(rows, ("id", "title", "mineral", "window"), "Scenarios"))


@app.command()
def validate(file: str, as_json: Json = False) -> None:
    """Check a scenario or outlook file against its format and its world."""
    from crosscut.app import api

    notes = api.validate(file)
    show({"valid": True, "notes": notes}, as_json, lambda: "\n".join([f"{file}: valid", *notes]))


@app.command()
def run(
    scenario: Annotated[str, typer.Argument(help="A bundled scenario or a YAML file.")],
    mineral: Annotated[str | None, typer.Option("--mineral", help="Run it on another mineral.")] = None,
    year: Year = None,
    seed: Seed = None,
    draws: Draws = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for report.html, result.json and tables.")
    ] = None,
    fact: Annotated[
        list[str] | None,
        typer.Option(
            "--fact", help="Id of a fact to read instead of the one the ledger picks; may be repeated."
        ),
    ] = None,
    workspace: Workspace = None,
    workers: Workers = None,
    as_json: Json = False,
) -> None:
    """Solve a scenario: prices, flows, shortages, who gains and loses."""
    from crosscut.app import api
    from crosscut.output.screens.market.forced import forced_screen
    from crosscut.output.screens.market.run import run_screen

    if out is not None:
        refuse_file_as_folder(out)
    started = time.perf_counter()
    with counted("solving") as progress:
        result = api.run(
            scenario,
            mineral=mineral,
            year=year,
            seed=seed,
            draws=draws,
            facts=fact or (),
            workers=workers or os.cpu_count() or 1,
            progress=progress,
        )
    files: list[str] = []
    if out is not None:
        files = [str(p) for p in result.save(out)]
    seconds = time.perf_counter() - started
    show(result, as_json, lambda: run_screen(result, files, seconds))
    if fact and not as_json:
        show(result, False, lambda: forced_screen(result))


@app.command()
def compare(a: Path, b: Path, as_json: Json = False) -> None:
    """Show what differs between two results."""
    from crosscut.app import api
    from crosscut.output.screens.market.run import comparison_screen

    result = api.compare(a, b)
    show(result, as_json, lambda: comparison_screen(result))


@app.command()
def why(
    result: Path,
    about: Annotated[str | None, typer.Argument(help="Only rows that mention this text.")] = None,
    workspace: Workspace = None,
    as_json: Json = False,
) -> None:
    """Show where the numbers of a result come from."""
    from crosscut.app import api
    from crosscut.output.screens.market.run import provenance_screen

    found = api.why(result, about)
    show(found, as_json, lambda: provenance_screen(found))


def _one_thread_for_linear_algebra() -> None:
    """Our matrices are small: where cores are shared, threads wait for each other many times longer than the
    work takes. Before numpy is loaded; a number the user has set stays."""
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")


def main() -> None:
    """Entry point of the `crosscut` command."""
    _one_thread_for_linear_algebra()
    from crosscut.base.errors import UserError

    try:
        code = app(standalone_mode=False)
    except UserError as e:
        _say(str(e))
        code = 2
    except (typer.Abort, KeyboardInterrupt):
        _say("stopped; nothing was written")
        code = 130
    except BrokenPipeError:
        sys.stderr.close()
        code = 0
    except Exception as e:
        if _is_usage_error(e):
            e.show(sys.stderr)  # type: ignore[attr-defined]
            sys.exit(2)
        if os.environ.get("CROSSCUT_DEBUG"):
            raise
        _say(f"crosscut failed, which is our fault: {type(e).__name__}: {e}")
        _say("Set CROSSCUT_DEBUG=1 to see where, and please report it.")
        code = 1
    sys.exit(code if isinstance(code, int) else 0)


def _is_usage_error(error: Exception) -> bool:
    """Whether typer says that the command was misspelt; its exceptions are click's or its own copy of
    them."""
    return any(c.__name__ == "ClickException" for c in type(error).__mro__)


def _say(text: str) -> None:
    for line in text.splitlines():
        sys.stderr.write(f"crosscut: {line}\n")


if __name__ == "__main__":
    main()
