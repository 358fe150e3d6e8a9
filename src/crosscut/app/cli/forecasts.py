"""How often the market was right, and what it says will happen: `backtest`, `forecast`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from crosscut.app.cli.command import Answer, Printing, Shown, command_for, saved
from crosscut.studies.request import FieldGroup, option

if TYPE_CHECKING:
    from rich.console import RenderableType


class BacktestFolder(FieldGroup):
    """Where the files of a backtest go."""

    out: Annotated[Path | None, option("--out", "Folder for backtest.html, result.json and tables.")] = None


class ForecastFolder(FieldGroup):
    """Where the files of a forecast go."""

    out: Annotated[Path | None, option("--out", "Folder for the dated file and its tables.")] = None


def _backtest(document: Any, shown: Shown) -> RenderableType:
    from crosscut.output.screens.backtest import backtest_screen

    kept = [f for f in shown.files if f.endswith(("html", "json"))]
    return backtest_screen(document, kept, shown.seconds)


def _forecast(document: Any, shown: Shown) -> RenderableType:
    from crosscut.output.screens.forecast import forecast_screen

    return forecast_screen(document, shown.files)


backtest = command_for(
    Answer("backtest", _backtest, (BacktestFolder, Printing), saved, "episodes"),
    help=(
        "Score the market on real disruptions, each predicted without its outcomes, beside every naive rival."
    ),
)
forecast = command_for(
    Answer(
        "score_forecast",
        _forecast,
        (ForecastFolder, Printing),
        saved,
        when=lambda given: any(name in given for name in ("--score", "--outcomes")),
        says="--score",
    ),
    Answer("forecast", _forecast, (ForecastFolder, Printing), saved, "futures"),
    help=(
        "Write down what the measures in force will do, dated and hashed; or score such a file against"
        " outcomes."
    ),
)
