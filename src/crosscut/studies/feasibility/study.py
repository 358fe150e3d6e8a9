"""Published studies rebuilt, as they are asked for."""

from __future__ import annotations

from crosscut.results import Document
from crosscut.studies.context import Context
from crosscut.studies.feasibility.document import studies_result
from crosscut.studies.feasibility.request import FeasibilityRequest


def feasibility(request: FeasibilityRequest, context: Context) -> Document:
    """Every published study beside its rebuilt self."""
    return studies_result(context.data.version)
