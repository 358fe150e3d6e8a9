"""What is known and who says so: facts, facilities, claims, alarms, sources side by side."""

from __future__ import annotations

from typing import Any

from crosscut.ledger.store.ledger_context import current

CONTROL_YEAR = 2024  # the last year with mine output that is not an estimate


def facts(mineral: str, about: str | None = None, conflicts: bool = False) -> list[dict[str, Any]]:
    """Facts of a mineral: value, unit, period, standing, source, conflicts; `about` keeps those of the
    facility a text names, in any script, and those that mention the text."""
    from crosscut.ledger.ask.about import facts_about
    from crosscut.ledger.ask.ledger import query

    return (
        facts_about(current(), mineral, about, conflicts)[0]
        if about
        else query(current(), mineral, conflicts=conflicts)
    )


def facilities(mineral: str, year: int = 2025) -> dict[str, Any]:
    """Every mine, deposit and plant: `sheets` (values, owners, stakes, financing, coordinates, control at
    the end of `year`), `geojson`, and `control`: the share of world output by country under each rule,
    unknown apart.

    >>> [r["rule"] for r in facilities("tungsten")["control"]][:2]
    ['location', 'owner-named']
    """
    from crosscut.ledger.ask.facilities import all_sheets, geojson
    from crosscut.ledger.ownership import RULES, controlled_output

    sheets = all_sheets(current(), mineral, year)
    control = []
    for rule, means in RULES.items():
        found = controlled_output(current(), mineral, CONTROL_YEAR, rule)
        known = {c: found.share(c) for c in found.tonnes if c != "UNK"}
        unknown = found.unknown / found.world
        control.append(
            {"rule": rule, "means": means, "year": CONTROL_YEAR, "unknown": unknown, "countries": known}
        )
    return {"sheets": list(sheets), "geojson": geojson(current(), mineral, year), "control": control}


def named(mineral: str, text: str) -> dict[str, Any] | None:
    """The facility that a text names, in any script or spelling: text, how it was read, matched, sheet,
    candidates.

    `sheet` is None and `candidates` lists id, name and country where the name is ambiguous. None where the
    text names no facility.
    """
    from crosscut.ledger.ask.facilities import facility_sheet
    from crosscut.ledger.names import resolved
    from crosscut.ledger.own_tables import has_facilities

    read = resolved(current(), text) if has_facilities(mineral) else None
    if read is None or not read.found:
        return None
    one = facility_sheet(current(), read.found[0]) if len(read.found) == 1 else None
    sheets = [facility_sheet(current(), f) for f in read.found]
    candidates = [{k: s[k] for k in ("id", "name", "country")} for s in sheets]
    return {"text": text, "how": read.how, "matched": read.matched, "sheet": one, "candidates": candidates}


def claims(mineral: str) -> dict[str, Any]:
    """An article as a test of the ledger: `claims` (each beside what was found, with a verdict), `findings`
    (what it contradicts by itself: rule, claims, text) and `fewest_wrong`, a smallest set of claims that
    explains them all.

    >>> found = claims("tungsten")
    >>> len(found["claims"]), len(found["findings"]) >= 12
    (112, True)
    """
    from crosscut.ledger.consistency.verdicts import checked_claims, contradictions

    checked = checked_claims(current(), mineral)
    found, wrong = contradictions(current())
    listed = [{"rule": f.rule, "claims": list(f.ids), "text": f.text} for f in found]
    return {"claims": checked, "findings": listed, "fewest_wrong": list(wrong)}


def alarms(mineral: str) -> list[dict[str, Any]]:
    """What the rules of coherence find in the tables of a mineral or topic: id, rule, text, facts, verdict,
    reason.

    >>> [a["verdict"] for a in alarms("copper")]
    ['rounding']
    """
    from crosscut.ledger.consistency.alarms import alarms_about

    return [
        {
            "id": a.id,
            "rule": a.finding.rule,
            "text": a.finding.text,
            "facts": list(a.finding.ids),
            "verdict": a.verdict,
            "reason": a.reason,
        }
        for a in alarms_about(current(), mineral)
    ]


def sources_beside(mineral: str) -> dict[str, Any]:
    """What USGS, World Mining Data and BGS say the world makes of a mineral: `totals` by stage, content and
    year with spread and verdict (joined within `band`, or kept apart), and the `deviations` by country with
    year and reason.
    """
    from crosscut.ledger.ask import compare_sources as beside
    from crosscut.ledger.ask.ledger import facts_of

    facts_of(current(), mineral)  # an unknown mineral names the nearest
    return {
        "band": beside.BAND,
        "totals": beside.sources_beside(current(), mineral),
        "deviations": beside.deviations(current(), mineral),
    }
