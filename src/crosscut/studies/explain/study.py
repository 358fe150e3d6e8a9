"""What is asked of documents in files: what differs, and where the numbers come from."""

from __future__ import annotations

from typing import Any

from crosscut.results import Document
from crosscut.studies.context import Context
from crosscut.studies.explain.comparison import comparison_result
from crosscut.studies.explain.provenance import provenance
from crosscut.studies.explain.request import CompareRequest, WhyRequest
from crosscut.studies.shared.cited_facts import document_in


def compare(request: CompareRequest, context: Context) -> Document:
    """What differs between the documents in two files."""
    return comparison_result(document_in(context.ledger, request.a), document_in(context.ledger, request.b))


def why(request: WhyRequest, context: Context) -> dict[str, Any]:
    """Where the numbers of the document in a file come from."""
    return provenance(
        context.ledger, document_in(context.ledger, request.path), request.about, context.clock().date()
    )
