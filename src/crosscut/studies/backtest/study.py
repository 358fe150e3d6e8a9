"""The backtest, as it is asked for."""

from __future__ import annotations

from crosscut.results import Document
from crosscut.studies.backtest.document import backtest_result
from crosscut.studies.backtest.fit.leave_one_out import TRACKS
from crosscut.studies.backtest.folder import episodes_in
from crosscut.studies.backtest.request import BacktestRequest
from crosscut.studies.context import Context


def backtest(request: BacktestRequest, context: Context) -> Document:
    """The market scored on a folder of episodes, in one track or both."""
    return backtest_result(
        episodes_in(context.ledger, request.episodes),
        TRACKS if request.track is None else (request.track,),
        data=context.data.version,
        progress=context.progress,
    )
