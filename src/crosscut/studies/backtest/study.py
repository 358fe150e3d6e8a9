"""The backtest, as it is asked for."""

from __future__ import annotations

from crosscut.results import Document
from crosscut.studies.backtest.document import backtest_result
from crosscut.studies.backtest.fit.leave_one_out import TRACKS
from crosscut.studies.backtest.request import BacktestRequest
from crosscut.studies.backtest.selection import selected
from crosscut.studies.context import Context


def backtest(request: BacktestRequest, context: Context) -> Document:
    """The market scored on a set of episodes, in one track or both."""
    return backtest_result(
        selected(
            context.ledger,
            request.episodes,
            later=request.later,
            frozen=request.frozen or request.later,
            without=request.without,
        ),
        TRACKS if request.track is None else (request.track,),
        data=context.data.version,
        progress=context.progress,
    )
