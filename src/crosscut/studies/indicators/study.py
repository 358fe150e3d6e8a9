"""The published indicators, as they are asked for."""

from __future__ import annotations

from crosscut.inputs.text_file import text_of
from crosscut.results import Document
from crosscut.studies.context import Context
from crosscut.studies.indicators.answers import answer
from crosscut.studies.indicators.document import document
from crosscut.studies.indicators.request import IndicatorsRequest


def indicators(request: IndicatorsRequest, context: Context) -> Document:
    """Every published indicator of some minerals.

    Parameters
    ----------
    request : IndicatorsRequest
        Minerals, place, years, window, and a file of own uses.
    context : Context
        Gives the ledger and the version of its data.

    Returns
    -------
    Document
        Of kind `indicators`.

    Raises
    ------
    UserError
        When nothing can be answered.
    """
    found = answer(
        context.ledger,
        request.minerals,
        request.country,
        request.years,
        request.window,
        uses=None if request.uses is None else text_of(request.uses, "a CSV of uses"),
        where=str(request.uses or ""),
    )
    return document(context.ledger, found, request.minerals, context.data.version)
