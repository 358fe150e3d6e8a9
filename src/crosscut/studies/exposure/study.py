"""Exposure of a country, and of a company by its own purchases."""

from __future__ import annotations

from crosscut.inputs.purchases import parsed_purchases
from crosscut.inputs.text_file import text_of
from crosscut.results import Document
from crosscut.studies.context import Context
from crosscut.studies.exposure.exposure import exposure_result
from crosscut.studies.exposure.request import ExposureRequest, PurchasesRequest
from crosscut.studies.indicators.answers.company import company_rows
from crosscut.studies.indicators.document import company_document
from crosscut.worlds import world


def exposure(request: ExposureRequest, context: Context) -> Document:
    """How exposed a country or bloc is."""
    return exposure_result(
        context.ledger,
        world(context.ledger, request.mineral, request.year),
        request.country,
        seed=request.seed,
        draws=request.draws,
        data=context.data.version,
        data_sources=context.data.sources,
    )


def purchases(request: PurchasesRequest, context: Context) -> Document:
    """How exposed a company is by what it buys."""
    text = text_of(request.path, "a CSV of purchases; see `crosscut exposure --template`")
    bought = parsed_purchases(text, str(request.path), request.year)
    rows, suppliers = company_rows(context.ledger, bought)
    return company_document(context.ledger, rows, suppliers, context.data.version)
