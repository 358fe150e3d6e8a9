"""`crosscut forecast`: written down before, scored after."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crosscut.app.cli.output import Json, refuse_file_as_folder, show
from crosscut.base.progress import counted


def forecast(
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for the dated file and its tables.")
    ] = None,
    draws: Annotated[int | None, typer.Option("--draws", help="Number of futures of each measure.")] = None,
    score: Annotated[
        Path | None, typer.Option("--score", help="A file written before, to be scored.")
    ] = None,
    outcomes: Annotated[Path | None, typer.Option("--outcomes", help="CSV: forecast, value, source.")] = None,
    published: Annotated[
        str | None, typer.Option("--id", help="The id that was published, to compare.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Write down what the measures in force will do, dated and hashed; or score such a file against
    outcomes."""
    from crosscut.app import api
    from crosscut.base.errors import Problem, UserError
    from crosscut.output.screens.forecast import forecast_screen

    if out is not None:
        refuse_file_as_folder(out)
    if (score is None) != (outcomes is None):
        raise UserError(
            Problem("--score and --outcomes go together", "forecast", "--score FILE --outcomes FILE")
        )
    if score is not None and outcomes is not None:
        result = api.score_forecast(score, outcomes, published=published)
    else:
        with counted("futures") as progress:
            result = api.forecast(draws=draws, progress=progress)
    files = [str(p) for p in result.save(out)] if out is not None else []
    show(result, as_json, lambda: forecast_screen(result, files))
