"""What the backtest is asked with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from crosscut.base.errors import Problem
from crosscut.studies.request import Names, Request, option


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
    frozen: Annotated[
        bool,
        option("--frozen", "Parameters of the bundled episodes: nothing is fitted on the episodes scored."),
    ] = False
    later: Annotated[
        bool,
        option("--later", "The second bundled set: later episodes, chosen by rule, scored frozen."),
    ] = False
    without: Annotated[
        tuple[str, ...],
        option(
            "--without",
            "Leave out an episode, mineral, market class or kind, e.g. rare-earths; may be repeated.",
            example="rare-earths",
        ),
    ] = ()

    def mistakes(self, name: Names) -> Iterator[Problem]:
        """A folder of one's own and the second bundled set are two sets."""
        if self.later and self.episodes is not None:
            yield Problem(f"{name('later')} with {name('episodes')}", "", "one set of episodes")
