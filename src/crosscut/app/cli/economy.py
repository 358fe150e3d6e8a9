"""`crosscut economy`: what a shortage costs the rest of an economy."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crosscut.app.cli.output import Json, refuse_file_as_folder, show


def economy(
    table: Annotated[
        Path | None, typer.Argument(help="Folder of an input-output table, as pymrio saves it (text).")
    ] = None,
    shock: Annotated[
        list[str] | None,
        typer.Option(
            "--shock", help="REGION/SECTOR=SHARE of output that stops, or =LOW..HIGH; may be repeated."
        ),
    ] = None,
    result: Annotated[
        Path | None,
        typer.Option("--result", help="Result of a run or stress test: result.json, or its folder."),
    ] = None,
    uses: Annotated[Path | None, typer.Option("--uses", help="CSV: which sectors use the mineral.")] = None,
    once_in: Annotated[
        float, typer.Option("--once-in", help="Of a stress test: the shortage passed once in so many years.")
    ] = 20,
    already: Annotated[
        bool,
        typer.Option(
            "--already", help="Of a stress test: the shortage that measures in force leave by themselves."
        ),
    ] = False,
    template: Annotated[
        bool,
        typer.Option("--template", help="Print a uses file to start from: of the table where one is given."),
    ] = False,
    lasting: Annotated[int, typer.Option("--lasting", help="Days the shock lasts.")] = 365,
    recovery: Annotated[
        int, typer.Option("--recovery", help="Days of recovery after it, in a straight line.")
    ] = 0,
    one_step: Annotated[
        bool,
        typer.Option(
            "--one-step", help="Leave out the day-by-day reading (slow on thousands of industries)."
        ),
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for report.html, result.json and tables.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show the value added at risk, economy-wide, when sectors cannot make a share of their output."""
    from crosscut.app import api
    from crosscut.base.errors import Problem, UserError
    from crosscut.output.screens.economy import economy_screen

    if template:
        from crosscut.inputs.uses.sector_uses import TEMPLATE

        print(TEMPLATE if table is None else api.economy_template(table, result), end="")
        return
    if table is None:
        raise UserError(Problem("no table", "economy", "a folder written by pymrio, or --template"))
    if out is not None:
        refuse_file_as_folder(out)
    found = api.economy(
        table,
        shocks=shock or (),
        result=result,
        uses=uses,
        once_in=once_in,
        already=already,
        lasting=lasting,
        recovery=recovery,
        dynamic=not one_step,
    )
    files: list[str] = []
    if out is not None:
        files = [str(p) for p in found.save(out)]
    show(found, as_json, lambda: economy_screen(found, files))
