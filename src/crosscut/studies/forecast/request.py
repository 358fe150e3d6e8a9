"""What forecasts are asked with: written down before, scored after."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from annotated_types import Interval

from crosscut.base.errors import Problem
from crosscut.studies.request import Names, Request, Whole, option

DRAWS, MOST_DRAWS = 100, 10_000
FEWEST_DIGITS = 12


class ForecastRequest(Request):
    """What the measures in force will do, in the terms of the backtest, dated and sealed.

    The id is a hash over every row and the day it was written. Keep the file (``crosscut forecast --out
    DIR``) and publish the id.

    Returns
    -------
    document
        Of kind ``forecast``.
    """

    question = "forecast"
    draws: Annotated[
        Whole,
        Interval(ge=2, le=MOST_DRAWS),
        option("--draws", "Number of futures of each measure.", example=str(DRAWS)),
    ] = DRAWS


class ScoreForecastRequest(Request):
    """A file of forecasts scored against outcomes (CSV: forecast, value, source).

    Returns
    -------
    document
        Of kind ``forecast`` with scores.

    Raises
    ------
    UserError
        When the file was changed after it was written, or its id is not the one that was `published`.
    """

    question = "forecast"
    path: Annotated[
        Path,
        option(
            "--score",
            "A file written before, to be scored.",
            expected="--score FILE --outcomes FILE",
            position=True,
        ),
    ]
    outcomes: Annotated[
        Path,
        option(
            "--outcomes",
            "CSV: forecast, value, source.",
            expected="--score FILE --outcomes FILE",
            position=True,
        ),
    ]
    published: Annotated[
        str | None,
        option("--id", "The id that was published, to compare (its first twelve digits or more)."),
    ] = None

    def mistakes(self, name: Names) -> Iterator[Problem]:
        """A published id is long enough to mean one file."""
        if self.published is not None and len(self.published) < FEWEST_DIGITS:
            yield Problem(
                f"the published id {self.published!r}", name("published"), f"at least {FEWEST_DIGITS} digits"
            )
