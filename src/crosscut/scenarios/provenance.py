"""Provenance: where the numbers of a result come from."""

from __future__ import annotations

from typing import Any

from crosscut.facts.ledger import fact_details


def provenance(result: dict[str, Any], about: str | None = None) -> dict[str, Any]:
    """Drivers, assumptions and facts (with source, date, standing) of a result; `about` keeps those that mention it.

    Ids that this version of the ledger does not have are listed as unknown, not dropped.
    """
    details = fact_details(result["facts"])
    facts = [{"id": i, **details[i]} for i in result["facts"] if i in details]
    wanted = (about or "").casefold()

    def mentions(row: dict[str, Any]) -> bool:
        return not wanted or any(wanted in str(v).casefold() for v in row.values())

    return {
        "result": result["id"],
        "world": result["inputs"]["world"],
        "drivers": [r for r in result["tables"].get("drivers", {}).get("rows", []) if mentions(r)],
        "assumptions": [a for a in result["assumptions"] if mentions(a)],
        "facts": [f for f in facts if mentions(f)],
        "unknown_facts": [i for i in result["facts"] if i not in details],
        "moves": [m for m in result["tables"].get("moves", {}).get("rows", []) if mentions(m)],
        "limits": result["limits"],
    }
