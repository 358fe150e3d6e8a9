"""`crosscut project`: is this deposit worth it, for whom, on what terms."""

from __future__ import annotations

import os
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crosscut.app.cli.output import Json, Workspace, refuse_file_as_folder, show
from crosscut.base.progress import counted

if TYPE_CHECKING:
    from rich.console import RenderableType

    from crosscut.results import Document


def project(
    name: Annotated[
        str,
        typer.Argument(
            help=(
                "A bundled project, a YAML file, 'studies' (published studies rebuilt) or 'costs' (the cost"
                " curve)."
            )
        ),
    ],
    scenario: Annotated[
        str | None,
        typer.Option(
            "--scenario", help="Outlook, scenario or result.json whose APT price the project is valued on."
        ),
    ] = None,
    draws: Annotated[int | None, typer.Option("--draws", help="Number of draws.")] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", help="Seed of the draws; the same gives the same.")
    ] = None,
    alternative: Annotated[
        str | None, typer.Option("--alternative", help="Value this reading of the facts.")
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option("--workers", help="Processes; the numbers do not depend on it (default: all cores)."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for report.html, project.xlsx, result.json, tables.")
    ] = None,
    assumptions: Annotated[
        bool, typer.Option("--assumptions", help="Also print years, loans and every figure with its source.")
    ] = False,
    workspace: Workspace = None,
    as_json: Json = False,
) -> None:
    """Value a deposit: worth to owners, lenders and state, downside first, what drives it, whether refining
    pays."""
    from crosscut.app import api

    if out is not None:
        refuse_file_as_folder(out)
    sheet = _spreadsheet(name, out)
    started = time.perf_counter()
    with counted("draws") as progress:
        result = api.project(
            name,
            scenario=scenario,
            draws=draws,
            seed=seed,
            alternative=alternative,
            spreadsheet=sheet,
            workers=workers or os.cpu_count() or 1,
            progress=progress,
        )
    files: list[str] = []
    if out is not None:
        files = [str(p) for p in result.save(out)]
        if sheet is not None:
            files.insert(1, str(sheet))
    seconds = time.perf_counter() - started
    show(result, as_json, lambda: _screen(result, files, seconds, assumptions))


def _screen(result: Document, files: list[str], seconds: float, everything: bool) -> RenderableType:
    """The screen of a project, of the studies or of the cost curve."""
    from crosscut.output.screens.project.costs import costs_screen
    from crosscut.output.screens.project.project import project_screen
    from crosscut.output.screens.project.studies import studies_screen

    if "project_studies" in result.tables:
        return studies_screen(result, files, seconds)
    if "project_measures" not in result.tables:
        return costs_screen(result, files, seconds)
    return project_screen(result, files, seconds, everything=everything)


def _spreadsheet(name: str, out: Path | None) -> Path | None:
    """Where the spreadsheet goes; None without a folder, for studies and costs, and where xlsxwriter is not
    installed, which is said."""
    if out is None or name in ("studies", "costs"):
        return None
    if find_spec("xlsxwriter") is None:
        typer.echo(
            "crosscut: no project.xlsx, for which xlsxwriter is needed: pip install 'crosscut[report]'",
            err=True,
        )
        return None
    return out / "project.xlsx"
