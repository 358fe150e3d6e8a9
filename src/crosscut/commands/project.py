"""`crosscut project`: is this deposit worth it, for whom, on what terms."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Annotated

import typer

from crosscut.commands.output import Json, Workspace, refuse_file_as_folder, show
from crosscut.commands.progress import counted


def project(
    name: Annotated[
        str, typer.Argument(help="A bundled project, a YAML file, or 'studies': published studies rebuilt.")
    ],
    scenario: Annotated[
        str | None,
        typer.Option("--scenario", help="Outlook, scenario or result.json whose APT price the project is valued on."),
    ] = None,
    draws: Annotated[int | None, typer.Option("--draws", help="Number of draws.")] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="Seed of the draws; the same gives the same.")] = None,
    alternative: Annotated[str | None, typer.Option("--alternative", help="Value this reading of the facts.")] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", help="Processes; the numbers do not depend on it (default: all cores).")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for report.html, result.json and tables.")] = None,
    workspace: Workspace = None,
    as_json: Json = False,
) -> None:
    """Value a deposit: worth to owners, lenders and state, downside first, what drives it, whether refining pays."""
    from crosscut import api
    from crosscut.report.project import project_screen
    from crosscut.report.studies import studies_screen

    if out is not None:
        refuse_file_as_folder(out)
    started = time.perf_counter()
    with counted("draws") as progress:
        result = api.project(
            name, scenario=scenario, draws=draws, seed=seed, alternative=alternative,
            workers=workers or os.cpu_count() or 1, progress=progress,
        )  # fmt: skip
    files: list[str] = []
    if out is not None:
        from crosscut.facts.ledger import fact_details
        from crosscut.report.html import write_report

        files = [str(p) for p in write_report(result, out, fact_details(result["facts"]))]
    seconds = time.perf_counter() - started
    screen = studies_screen if "project_studies" in result["tables"] else project_screen
    show(result, as_json, lambda: screen(result, files, seconds))
