"""What the backtest is asked with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from crosscut.studies.request import Request, option


class BacktestRequest(Request):
    """The market scored on real disruptions, each predicted with parameters fitted on the others, beside
    every naive rival. Takes about a minute.

    Returns
    -------
    document
        Of kind ``backtest``.

    Raises
    ------
    UserError
        Naming file, line and field of what cannot be read.
    """

    question = "backtest"
    episodes: Annotated[
        Path | None,
        option("--episodes", "Folder of episodes (default: the bundled 20).", position=True),
    ] = None
    track: Annotated[
        Literal["A", "B"] | None,
        option(
            "--track",
            "A (before the event) or B (realised cut given).",
            expected="A (before the event) or B (realised cut given)",
        ),
    ] = None
