"""Purchases: what a company's buying is exposed to: measures in force, stops by supplier countries, other
sellers, public stocks and the published index of governance."""

from __future__ import annotations

from collections.abc import Sequence

from crosscut.inputs.purchases.read_purchases import purchases_in
from crosscut.ledger.store.ledger import Ledger
from crosscut.results import Document
from crosscut.results.rows import Row
from crosscut.studies.context import Context
from crosscut.studies.indicators.answers.company import company_rows
from crosscut.studies.purchases.alternatives import alternative_rows
from crosscut.studies.purchases.answers import MineralAnswer, buyer_country, mineral_answers
from crosscut.studies.purchases.document import PurchasesAsked, document_of, reading_document
from crosscut.studies.purchases.flows import flows_of
from crosscut.studies.purchases.headline import Read, summary_rows
from crosscut.studies.purchases.measures import last_entry
from crosscut.studies.purchases.request import PurchasesRequest
from crosscut.studies.purchases.rows import flow_rows, measure_rows, measures_held, stop_rows
from crosscut.studies.stress.answers.cover import stock_cover


def purchases(request: PurchasesRequest, context: Context) -> Document:
    """What a company's buying is exposed to; with `dry_run` only how its file is read.

    Parameters
    ----------
    request : PurchasesRequest
        The file, how it is to be read, where the company buys.
    context : Context
        The ledger that is read, and who is told how far it is.

    Returns
    -------
    Document
        Of kind `purchases`.

    Raises
    ------
    UserError
        Where no line can be read, or the country is unknown.
    """
    ledger = context.ledger
    buyer = buyer_country(request.country, "--country")
    read = purchases_in(request.path, request.choices, ledger)
    if request.dry_run:
        return reading_document(read, request, context)
    index, suppliers = company_rows(ledger, read.rows)
    answers = mineral_answers(
        ledger, flows_of(read.rows), buyer, request.seed, request.draws, context.progress
    )
    held = measures_held(ledger, answers)
    flows = flow_rows(answers, held, suppliers)
    stops = stop_rows(answers)
    stated = [r.usd for r in read.refused if r.usd is not None]
    found = Read(len(read.rows), len(read.refused), sum(stated), len(read.refused) - len(stated))
    tables = {
        "purchase_summary": summary_rows(found, flows, stops, answers, last_entry(ledger)),
        "purchase_stops": stops,
        "purchase_flows": flows,
        "purchase_measures": measure_rows(answers, held),
        "purchase_alternatives": _alternatives(ledger, answers, buyer.members),
        "purchase_cover": _cover(ledger, answers),
        "indicators": [r.as_dict() for r in index],
    }
    return document_of(PurchasesAsked(request, read, suppliers), answers, tables, context)


def _alternatives(ledger: Ledger, answers: Sequence[MineralAnswer], buyer: frozenset[str]) -> list[Row]:
    return [
        row
        for a in answers
        if a.world is not None
        for row in alternative_rows(ledger, a.world, a.flows, buyer)
    ]


def _cover(ledger: Ledger, answers: Sequence[MineralAnswer]) -> list[Row]:
    """Public stocks of the buyer's country; no row where the country, or the mineral's use there, is not
    known."""
    out: list[Row] = []
    for a in answers:
        if a.world is None or a.buyer_nodes is None:
            continue
        found = stock_cover(ledger, a.world, a.buyer_nodes.places, a.buyer_nodes.members)
        out += [
            {
                "mineral": a.mineral,
                "weeks": s.weeks,
                "what": s.what,
                "held": s.held,
                "status": s.status,
                "facts": " ".join(s.facts),
            }
            for s in found
        ]
        if not found:
            out.append(
                {
                    "mineral": a.mineral,
                    "weeks": None,
                    "what": "no public stock of it is on record there",
                    "held": False,
                    "status": "missing: not on record",
                    "facts": "",
                }
            )
    return out
