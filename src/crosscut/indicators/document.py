"""Document: the rows of an answer as one result (`crosscut.result/1`, kind `indicators`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from crosscut import __version__
from crosscut.indicators.answers import Answer
from crosscut.indicators.uncertainty import DRAWS, SEED
from crosscut.places import all_places
from crosscut.results import sealed, table

NO_WORLD = "facts"  # grade of a result that rests on facts alone, without a balanced world


def document(a: Answer, minerals: Sequence[str], data: str) -> dict[str, Any]:
    """The result of an answer; `data` is the sha256 of the data behind it.

    `inputs.world.grade` is "facts": no world was balanced. `status.ok` is false where a mineral or year was refused.
    """
    first, last = min(a.years), max(a.years)
    rows = [r.as_dict() for r in a.rows]
    used = {r.place for r in a.rows}
    content = {
        "kind": "indicators",
        "inputs": {
            "mineral": ", ".join(minerals),
            "world": {"year": last, "hash": data, "grade": NO_WORLD},
            "scenario": None,
            "seed": SEED,
            "draws": DRAWS,
            "code": __version__,
            "data": data,
        },
        "status": {"ok": not a.problems, "failed_draws": 0, "failed": [], "certificate": {}},
        "horizon": {"from": f"{first}-01-01", "to": f"{last}-12-31", "meaning": "Calendar years of the facts."},
        "tables": {"indicators": table("indicators", rows)},
        "statements": [{"text_key": "refused", "text": str(p), "refs": []} for p in a.problems],
        "assumptions": [
            {"id": f"sd-{what}", "what": f"relative standard deviation of {words}", "value": value, "low": None,
             "high": None, "standing": "assumed"}
            for what, words, value in (("printed", "a printed figure", 0.05), ("estimated", "an estimated figure", 0.15),
                                       ("imputed", "an imputed figure", 0.5))
        ],
        "facts": sorted({f for r in a.rows for f in r.facts}),
        "limits": [
            {"what": "Errors of the facts are taken as independent", "bias": "intervals too narrow"},
            {"what": "Trade codes are gross tonnes and pool products", "bias": "either way, by grade"},
            {"what": "Governance is political stability alone", "bias": "either way against six-indicator means"},
        ],
        "observed": [],
        "places": {c: all_places()[c].name for c in sorted(used & set(all_places()))},
    }  # fmt: skip
    return sealed(content, datetime.now(UTC).isoformat(timespec="seconds"))
