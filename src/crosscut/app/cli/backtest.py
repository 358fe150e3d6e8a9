"""`crosscut backtest`: the market against real disruptions."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from crosscut.app.cli.output import Json, refuse_file_as_folder, show
from crosscut.base.progress import counted


def backtest(
    episodes: Annotated[
        Path | None, typer.Option("--episodes", help="Folder of episodes (default: the bundled 20).")
    ] = None,
    track: Annotated[
        str | None, typer.Option("--track", help="A (before the event) or B (realised cut given).")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for backtest.html, result.json and tables.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Score the market on real disruptions, each predicted without its outcomes, beside every naive rival."""
    from crosscut.app import api
    from crosscut.output.screens.backtest import backtest_screen

    if out is not None:
        refuse_file_as_folder(out)
    started = time.perf_counter()
    with counted("episodes") as progress:
        result = api.backtest(episodes, track=track, progress=progress)
    files: list[str] = []
    if out is not None:
        files = [str(p) for p in result.save(out)]
    seconds = time.perf_counter() - started
    show(
        result,
        as_json,
        lambda: backtest_screen(result, [f for f in files if f.endswith(("html", "json"))], seconds),
    )
