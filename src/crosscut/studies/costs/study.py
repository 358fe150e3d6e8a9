"""The cost curve, as it is asked for."""

from __future__ import annotations

from crosscut.results import Document
from crosscut.studies.context import Context
from crosscut.studies.costs.document import costs_result
from crosscut.studies.costs.request import CostsRequest


def costs(request: CostsRequest, context: Context) -> Document:
    """Every cost that is known, and where the bundled deposits lie."""
    return costs_result(context.ledger, request.seed, context.data.version)
