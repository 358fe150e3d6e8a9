"""The command `world`: what is known about a mineral in a year, on one page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crosscut.app.cli.output import Json, Workspace, refuse_file_as_folder, show


def world(
    mineral: Annotated[str, typer.Argument(help="A mineral; `crosscut minerals` lists them.")],
    year: Annotated[int | None, typer.Option("--year", help="Year of the world.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for report.html, result.json and tables.")
    ] = None,
    workspace: Workspace = None,
    as_json: Json = False,
) -> None:
    """Report on a mineral: its chain, who makes and uses it, who trades, what that rests on, what is
    missing."""
    from crosscut.app import api
    from crosscut.output.screens.market.world import world_screen

    if out is not None:
        refuse_file_as_folder(out)
    result = api.world_report(mineral, **({} if year is None else {"year": year}))
    files: list[str] = []
    if out is not None:
        files = [str(p) for p in result.save(out)]
    show(result, as_json, lambda: world_screen(result, files))
