"""Forecasts, as they are asked for: written down today, or scored."""

from __future__ import annotations

from crosscut.base.errors import Problem, UserError
from crosscut.results import Document
from crosscut.studies.context import Context
from crosscut.studies.forecast.register import forecast_result
from crosscut.studies.forecast.request import ForecastRequest, ScoreForecastRequest
from crosscut.studies.forecast.scoring import scored_result
from crosscut.studies.shared.cited_facts import document_in


def forecast(request: ForecastRequest, context: Context) -> Document:
    """The forecasts as of today."""
    return forecast_result(
        context.ledger,
        context.clock().date(),
        draws=request.draws,
        data=context.data.version,
        progress=context.progress,
    )


def score_forecast(request: ScoreForecastRequest, context: Context) -> Document:
    """A file of forecasts scored, once its id is the one that was published."""
    document, published = document_in(context.ledger, request.path), request.published
    if published is not None and not document.id.startswith(published.lower()):
        raise UserError(
            Problem(f"its id is {document.id}", str(request.path), f"the published id {published}")
        )
    return scored_result(document, request.outcomes, str(request.path))
