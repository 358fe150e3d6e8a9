"""Verdicts: each claim of the article beside what the ledger says, and what the article contradicts by
itself."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from crosscut.ledger.ask.conflicts import picked
from crosscut.ledger.ask.ledger import facts_of
from crosscut.ledger.consistency.findings import Finding, fewest_wrong, found_in
from crosscut.ledger.consistency.readings import claim_parts, read_claims, reading_rows
from crosscut.ledger.names.facilities import main_names
from crosscut.ledger.own_tables import entry_with
from crosscut.ledger.store.ledger import Ledger
from crosscut.ledger.store.tables import rows, sources

# attribute of a reading -> attribute of the ledger
_ASKED = {
    "mine production": "mine production",
    "reserves": "reserves",
    "grade": "grade",
    "recovery": "recovery",
}
_DEPOSIT = {"reserves": "contained"}


def checked_claims(ledger: Ledger, mineral: str) -> list[dict[str, Any]]:
    """Every claim of the article beside what was found and what the ledger says.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.
    mineral : str
        A mineral as `known_minerals` spells it, such as "tungsten".

    Returns
    -------
    list of dict
        id, claim (subject and predicate), said (the value as printed), unit, date, verdict, checked (what
        was found, None where nothing was), evidence (title of the source), url, note, fact, readings (as
        typed statements), ledger (picked facts on the same thing, with source).

    Raises
    ------
    Refused
        Where no claims about the mineral are bundled.

    Examples
    --------
    >>> ledger = Ledger.bundled()
    >>> [c["verdict"] for c in checked_claims(ledger, "tungsten") if c["id"] in ("C008", "C057")]
    ['confirmed', 'garbled']
    """
    own = entry_with(mineral, "claims", "claims about")
    typed: dict[str, list[dict[str, str]]] = {}
    for r in reading_rows():
        typed.setdefault(r["claim_id"], []).append(r)
    out = []
    for r in rows(ledger, own.claims):
        source = sources(ledger)[r["source_id"]]
        readings = typed.get(r["claim_id"], [])
        out.append(
            {
                "id": r["claim_id"],
                "claim": f"{r['subject']}: {r['predicate']}",
                "said": r["value"],
                "unit": r["unit"],
                "date": r["date"],
                "verdict": r["verdict"],
                "checked": r["verified_value"] or None,
                "evidence": source.title,
                "url": source.url,
                "note": r["note"],
                "fact": r["fact_id"],
                "readings": [
                    {k: v for k, v in t.items() if v and k not in ("claim_id", "fact_id", "source_id")}
                    for t in readings
                ],
                "ledger": [x for t in readings if (x := _in_ledger(ledger, mineral, t)) is not None],
            }
        )
    return out


def contradictions(ledger: Ledger) -> tuple[list[Finding], tuple[str, ...]]:
    """What the article contradicts by itself; no fact from outside it is used.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.

    Returns
    -------
    list of Finding
        By rule, with the names of facilities in place of their ids.
    tuple of str
        A smallest set of claims that explains all findings.

    Notes
    -----
    The ledger gives names only. What spellings and shares refer to is the reading of the claims.

    Examples
    --------
    >>> ledger = Ledger.bundled()
    >>> found, wrong = contradictions(ledger)
    >>> any(f.ids == ("C049", "C057") and f.rule == "part exceeds whole" for f in found)
    True
    """
    found = found_in(read_claims(), claim_parts())
    return [replace(f, text=_named(ledger, f.text)) for f in found], fewest_wrong(found)


def _named(ledger: Ledger, text: str) -> str:
    """A text with the names of facilities in place of their ids."""
    names = main_names(ledger)
    return re.sub(r"\b[A-Z]{2}\d\d\b", lambda m: names.get(m[0], m[0]), text)


def _in_ledger(ledger: Ledger, mineral: str, reading: dict[str, str]) -> dict[str, Any] | None:
    """The fact that the ledger picks on what a reading is about, or None where it has none of that name."""
    subject, attribute = reading["subject"], _ASKED.get(reading["attribute"])
    if attribute is None or reading["kind"] in ("share", "rank"):
        return None
    asked = attribute if len(subject) == 3 else _DEPOSIT.get(attribute, attribute)
    found = [f for f in facts_of(ledger, mineral).where(subject=subject) if _plain(f.attribute) == asked]
    found = [f for f in found if f.value is not None and f.evidence_status != "claimed"]
    if attribute == "mine production":
        found = [f for f in found if f.period == reading["period"]]
    if not found:
        return None
    best, step = picked(found, sources(ledger))
    s = sources(ledger)[best.source_id]
    return {
        "value": best.value,
        "unit": best.unit,
        "period": best.period,
        "evidence_status": best.evidence_status,
        "source": s.title,
        "picked_by": step,
        "of": len(found),
        "fact": best.id,
    }


def _plain(attribute: str) -> str:
    return attribute.partition(":")[0]
