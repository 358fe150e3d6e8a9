"""How often the market was right, and what it says will happen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from crosscut.app.api.datasets import data_version
from crosscut.app.api.documents import read_result
from crosscut.base.errors import Problem, UserError
from crosscut.ledger.store.ledger_context import current

if TYPE_CHECKING:
    from crosscut.results import Document


def backtest(
    episodes: str | Path | None = None,
    *,
    track: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Document:
    """The market scored on real disruptions, each predicted with parameters fitted on the others, beside
    every naive rival.

    `episodes` is a folder in the format of docs/backtest.md (default: the bundled ones); `track` "A", "B" or
    both. Raises UserError naming file, line and field of what cannot be read. Takes about a minute.
    """
    from crosscut.studies.backtest.document import backtest_result
    from crosscut.studies.backtest.fit.leave_one_out import TRACKS
    from crosscut.studies.backtest.folder import episodes_in

    if track is not None and track not in TRACKS:
        raise UserError(
            Problem(f"no track {track!r}", "--track", "A (before the event) or B (realised cut given)")
        )
    return backtest_result(
        episodes_in(current(), episodes),
        TRACKS if track is None else (track,),
        data=data_version(),
        progress=progress,
    )


def forecast(*, draws: int | None = None, progress: Callable[[int, int], None] | None = None) -> Document:
    """What the measures in force will do, in the terms of the backtest, dated and sealed: its id is a hash
    over every row and the day it was written. Keep the file (`crosscut forecast --out DIR`) and publish the
    id."""
    from datetime import UTC, datetime

    from crosscut.studies.forecast.register import DRAWS, forecast_result

    return forecast_result(
        current(),
        datetime.now(UTC).date(),
        draws=DRAWS if draws is None else draws,
        data=data_version(),
        progress=progress,
    )


def score_forecast(path: str | Path, outcomes: str | Path, *, published: str | None = None) -> Document:
    """A file of forecasts scored against outcomes (CSV: forecast, value, source).

    Raises UserError when the file was changed after it was written, or its id is not the one that was
    `published` (its first twelve digits or more).
    """
    from crosscut.studies.forecast.scoring import scored_result

    document = read_result(path)
    if published is not None and not (len(published) >= 12 and document["id"].startswith(published.lower())):
        raise UserError(
            Problem(
                f"its id is {document['id']}", str(path), f"the published id {published} (at least 12 digits)"
            )
        )
    return scored_result(document, Path(outcomes), str(path))
