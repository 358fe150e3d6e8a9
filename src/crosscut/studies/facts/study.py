"""What is known and who says so: facts, facilities, claims, alarms, sources side by side, unlikely flows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crosscut.base.places import name
from crosscut.ledger.ask import compare_sources
from crosscut.ledger.ask.about import facts_about
from crosscut.ledger.ask.facilities import all_sheets, facility_sheet, geojson
from crosscut.ledger.ask.ledger import facts_of, query
from crosscut.ledger.consistency.alarms import alarms_about
from crosscut.ledger.consistency.verdicts import checked_claims, contradictions
from crosscut.ledger.names import resolved
from crosscut.ledger.own_tables import has_facilities
from crosscut.ledger.ownership import RULES, controlled_output
from crosscut.studies.context import Context
from crosscut.studies.facts.request import (
    AlarmsRequest,
    ClaimsRequest,
    FacilitiesRequest,
    FactsRequest,
    NamedRequest,
    SourcesRequest,
    UnlikelyRequest,
)
from crosscut.worlds.unlikely import UnlikelyFlow, reasons_of, unlikely_flows

CONTROL_YEAR = 2024  # the last year with mine output that is not an estimate


def facts(request: FactsRequest, context: Context) -> list[dict[str, Any]]:
    """Facts of a mineral, or those about a facility or a text."""
    if request.about:
        return facts_about(context.ledger, request.mineral, request.about, request.conflicts)[0]
    return query(context.ledger, request.mineral, conflicts=request.conflicts)


def facilities(request: FacilitiesRequest, context: Context) -> dict[str, Any]:
    """Sheets and coordinates of every facility, and who controls the world's mine output."""
    sheets = all_sheets(context.ledger, request.mineral, request.year)
    control = []
    for rule, means in RULES.items():
        found = controlled_output(context.ledger, request.mineral, CONTROL_YEAR, rule)
        known = {c: found.share(c) for c in found.tonnes if c != "UNK"}
        unknown = found.unknown / found.world
        control.append(
            {"rule": rule, "means": means, "year": CONTROL_YEAR, "unknown": unknown, "countries": known}
        )
    return {
        "mineral": request.mineral,
        "sheets": list(sheets),
        "geojson": geojson(context.ledger, request.mineral, request.year),
        "control": control,
    }


def named(request: NamedRequest, context: Context) -> dict[str, Any] | None:
    """The facility that a text names, or the candidates of an ambiguous name."""
    read = resolved(context.ledger, request.text) if has_facilities(request.mineral) else None
    if read is None or not read.found:
        return None
    one = facility_sheet(context.ledger, read.found[0]) if len(read.found) == 1 else None
    sheets = [facility_sheet(context.ledger, f) for f in read.found]
    candidates = [{k: s[k] for k in ("id", "name", "country")} for s in sheets]
    return {
        "text": request.text,
        "how": read.how,
        "matched": read.matched,
        "sheet": one,
        "candidates": candidates,
    }


def claims(request: ClaimsRequest, context: Context) -> dict[str, Any]:
    """An article's claims beside the ledger, and what it contradicts by itself."""
    checked = checked_claims(context.ledger, request.mineral)
    found, wrong = contradictions(context.ledger)
    listed = [{"rule": f.rule, "claims": list(f.ids), "text": f.text} for f in found]
    return {"claims": checked, "findings": listed, "fewest_wrong": list(wrong)}


def alarms(request: AlarmsRequest, context: Context) -> list[dict[str, Any]]:
    """What the rules of coherence find, each with its verdict."""
    return [
        {
            "id": a.id,
            "rule": a.finding.rule,
            "text": a.finding.text,
            "facts": list(a.finding.ids),
            "verdict": a.verdict,
            "reason": a.reason,
        }
        for a in alarms_about(context.ledger, request.mineral)
    ]


def sources_beside(request: SourcesRequest, context: Context) -> dict[str, Any]:
    """Totals of the world by source, and where they part."""
    facts_of(context.ledger, request.mineral)  # an unknown mineral names the nearest
    return {
        "band": compare_sources.BAND,
        "totals": compare_sources.sources_beside(context.ledger, request.mineral),
        "deviations": compare_sources.deviations(context.ledger, request.mineral),
    }


def unlikely(request: UnlikelyRequest, context: Context) -> dict[str, Any]:
    """The flows of a mineral that matter most and look least likely, before and after repair."""
    reasons = reasons_of(context.ledger, request.mineral, request.year)
    lists = {
        key: [
            _flow_row(f, reasons)
            for f in unlikely_flows(context.ledger, request.mineral, request.year, repaired)
        ]
        for key, repaired in (("before", False), ("after", True))
    }
    return {"mineral": request.mineral, "year": request.year, **lists}


def _flow_row(f: UnlikelyFlow, reasons: Mapping[tuple[str, str, str], str]) -> dict[str, Any]:
    return {
        "exporter": name(f.exporter),
        "importer": name(f.importer),
        "hs92": f.hs92,
        "tonnes": f.quantity,
        "share": f.share,
        "usd_per_t": f.kusd_per_t * 1e3,
        "test": f.test,
        "times": max(f.price, f.years, f.sender, f.user),
        "score": f.score,
        "done": f.done,
        "why": reasons.get((f.hs92, f.exporter, f.importer), ""),
    }
