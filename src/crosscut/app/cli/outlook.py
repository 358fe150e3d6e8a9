"""`crosscut outlook`: the market year by year."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Annotated

import typer

from crosscut.app.cli.output import Json, Workers, Workspace, show
from crosscut.base.progress import counted


def outlook(
    scenario: Annotated[str, typer.Argument(help="A bundled outlook, such as kazakhstan, or a YAML file.")],
    to: Annotated[int | None, typer.Option("--to", help="Last year.")] = None,
    draws: Annotated[
        int | None, typer.Option("--draws", help="Number of futures, each solved in every case.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", help="Seed of the draws; the same gives the same.")
    ] = None,
    workers: Workers = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for report.html, result.json and tables.")
    ] = None,
    workspace: Workspace = None,
    as_json: Json = False,
) -> None:
    """Solve the years to come: prices, supply, and who depends on whom, with and without what is planned."""
    from crosscut.app import api
    from crosscut.output.screens.outlook.outlook import outlook_screen

    if out is not None and out.exists() and not out.is_dir():
        from crosscut.base.errors import Problem, UserError

        raise UserError(Problem(f"{out} is a file", "--out", "a folder"))
    started = time.perf_counter()
    with counted("futures") as progress:
        result = api.outlook(
            scenario, to=to, draws=draws, seed=seed, workers=workers or os.cpu_count() or 1, progress=progress
        )
    files: list[str] = []
    if out is not None:
        files = [str(p) for p in result.save(out)]
    seconds = time.perf_counter() - started
    show(result, as_json, lambda: outlook_screen(result, files, seconds))
