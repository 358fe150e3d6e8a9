"""What a shortage costs an economy: the user's table, what stops, and the result of both."""

from __future__ import annotations

from crosscut.inputs.text_file import text_of
from crosscut.inputs.uses.sector_uses import TEMPLATE, sector_uses
from crosscut.results import Document
from crosscut.studies.context import Context
from crosscut.studies.economy.document import economy_document
from crosscut.studies.economy.pymrio_folder import saved_table
from crosscut.studies.economy.request import EconomyRequest, EconomyTemplateRequest
from crosscut.studies.economy.uses import (
    country_of,
    shock_from,
    shock_of,
    template_for,
)


def economy(request: EconomyRequest, context: Context, result: Document | None) -> Document:
    """Value added at risk when sectors cannot make a share of their output; `result` is the document that
    was asked with."""
    table = saved_table(request.table)
    short = request.shortage
    if result is not None and short.uses is not None:
        uses = sector_uses(text_of(short.uses, "a CSV of uses"), str(short.uses))
        shock = shock_from(result, uses, table, short.once_in, short.already)
    else:
        shock = shock_of(request.shocks, table)
    return economy_document(
        table,
        shock,
        context.data.version,
        lasting=request.lasting,
        recovery=request.recovery,
        dynamic=not request.one_step,
        result=result,
    )


def economy_template(request: EconomyTemplateRequest, result: Document | None) -> str:
    """A file of uses to fill in, for the country of a stress result."""
    if request.table is None:
        return TEMPLATE
    return template_for(saved_table(request.table), "" if result is None else country_of(result))
