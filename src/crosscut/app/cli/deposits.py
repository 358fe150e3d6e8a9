"""`crosscut project`: is this deposit worth it, for whom, on what terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crosscut.app.cli.command import Answer, Laying, Printing, Shown, command_for, saved
from crosscut.studies.context import Context
from crosscut.studies.request import FieldGroup, option

if TYPE_CHECKING:
    from rich.console import RenderableType

SPREADSHEET = "project.xlsx"


class ProjectFolder(FieldGroup):
    """Where the files of a project go."""

    out: Annotated[
        Path | None, option("--out", "Folder for report.html, project.xlsx, result.json, tables.")
    ] = None


class Everything(FieldGroup):
    """How much of a project is shown."""

    assumptions: Annotated[
        bool, option("--assumptions", "Also print years, loans and every figure with its source.")
    ] = False


def _project(document: Any, shown: Shown) -> RenderableType:
    from crosscut.output.screens.project.project import project_screen

    everything = bool(shown.options["assumptions"])
    return project_screen(document, shown.files, shown.seconds, everything=everything)


def _studies(document: Any, shown: Shown) -> RenderableType:
    from crosscut.output.screens.project.studies import studies_screen

    return studies_screen(document, shown.files, shown.seconds)


def _costs(document: Any, shown: Shown) -> RenderableType:
    from crosscut.output.screens.project.costs import costs_screen

    return costs_screen(document, shown.files, shown.seconds)


def _spreadsheet(options: Mapping[str, Any]) -> Mapping[str, Any]:
    """Where the spreadsheet goes; nowhere without a folder, and where xlsxwriter is not installed, which is
    said."""
    if options["out"] is None:
        return {}
    if find_spec("xlsxwriter") is None:
        typer.echo(
            "crosscut: no project.xlsx, for which xlsxwriter is needed: pip install 'crosscut[report]'",
            err=True,
        )
        return {}
    return {"spreadsheet": options["out"] / SPREADSHEET}


def _project_files(document: Any, folder: Path, context: Context) -> Sequence[Path]:
    report, *others = saved(document, folder, context)
    sheet = [folder / SPREADSHEET] if find_spec("xlsxwriter") is not None else []
    return [report, *sheet, *others]


_FILES = (ProjectFolder, Laying, Printing)
project = command_for(
    Answer(
        "feasibility",
        _studies,
        _FILES,
        saved,
        when=lambda given: given.get("NAME") == "studies",
        says="studies",
        takes=("NAME",),
    ),
    Answer(
        "costs",
        _costs,
        _FILES,
        saved,
        when=lambda given: given.get("NAME") == "costs",
        says="costs",
        takes=("NAME",),
    ),
    Answer(
        "project",
        _project,
        (ProjectFolder, Everything, Laying, Printing),
        _project_files,
        "draws",
        adds=_spreadsheet,
    ),
    help=(
        "Value a deposit: worth to owners, lenders and state, downside first, what drives it, whether"
        " refining pays."
    ),
)
