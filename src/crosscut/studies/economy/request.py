"""What a shortage in an economy is asked with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from annotated_types import Interval

from crosscut.base.errors import Problem
from crosscut.studies.request import FieldGroup, Names, Request, Whole, argument, option

Result = Annotated[
    Path | None, option("--result", "Result of a run or stress test: result.json, or its folder.")
]


class Shortage(FieldGroup):
    """A shortage that a result found, and which sectors feel it."""

    result: Result = None
    uses: Annotated[
        Path | None, option("--uses", "CSV: which sectors use the mineral (region, sector, share).")
    ] = None
    once_in: Annotated[
        float, option("--once-in", "Of a stress test: the shortage passed once in so many years.")
    ] = 20
    already: Annotated[
        bool,
        option("--already", "Of a stress test: the shortage that measures in force leave by themselves."),
    ] = False


class EconomyRequest(Request):
    """Value added at risk in the economy of an input-output table (a folder written by pymrio, text layout).

    What stops is said once: by `shocks`, each ``REGION/SECTOR=SHARE`` or ``=LOW..HIGH`` of output, or by a
    `result` with shortages and a file of `uses` (see `economy_template`). The shock lasts `lasting` days and
    recovers in a straight line over `recovery` days; all is counted over one year.

    Returns
    -------
    document
        Of kind ``economy``.
    """

    question = "economy"
    table: Annotated[
        Path,
        argument(
            "Folder of an input-output table, as pymrio saves it (text).",
            "TABLE",
            expected="a folder written by pymrio, or --template",
        ),
    ]
    shocks: Annotated[
        tuple[str, ...],
        option("--shock", "REGION/SECTOR=SHARE of output that stops, or =LOW..HIGH; may be repeated."),
    ] = ()
    shortage: Shortage = Shortage()
    lasting: Annotated[Whole, Interval(ge=1, le=365), option("--lasting", "Days the shock lasts.")] = 365
    recovery: Annotated[
        Whole,
        Interval(ge=0, le=3650),
        option("--recovery", "Days of recovery after it, in a straight line."),
    ] = 0
    one_step: Annotated[
        bool,
        option("--one-step", "Leave out the day-by-day reading (slow on thousands of industries)."),
    ] = False

    def mistakes(self, name: Names) -> Iterator[Problem]:
        """What stops is said once."""
        s = self.shortage
        if bool(self.shocks) == (s.result is not None) or (s.result is None) != (s.uses is None):
            yield Problem(
                "what stops is not said once",
                "economy",
                f"{name('shocks')}, or {name('result')} and {name('uses')}",
            )


class EconomyTemplateRequest(Request):
    """A file of uses to fill in: the sectors of a table, for the country of a stress result where one is
    given.

    Returns
    -------
    str
        The text of a CSV; an example where no table is given.
    """

    question = "economy"
    table: Annotated[
        Path | None, argument("Folder of an input-output table, as pymrio saves it (text).", "TABLE")
    ] = None
    result: Result = None
