"""Studies document: the table of rebuilt studies as one result document."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from crosscut.base.bundled import bundled_file
from crosscut.base.version import __version__
from crosscut.results import sealed, table
from crosscut.studies.feasibility.rebuilt import result_rows
from crosscut.studies.feasibility.studies import CONVENTIONS


def studies_result(data: str) -> dict[str, Any]:
    """Every published study beside its rebuilt self, kind `project`."""
    rows = result_rows()
    text = bundled_file("finance", "studies.csv").read_bytes()
    digest = hashlib.sha256(text).hexdigest()
    tested = [r for r in rows if r["verdict"] in ("inside", "outside")]
    inside = sum(r["verdict"] == "inside" for r in tested)
    not_rebuilt = len({r["study"] for r in rows if r["verdict"] == "not rebuilt"})
    said = (
        f"{inside} of {len(tested)} tested results lie inside their bracket; {not_rebuilt} studies print too"
        " little."
    )
    return sealed(
        {
            "kind": "project",
            "inputs": {
                "mineral": "tungsten",
                "world": {"year": 2025, "hash": digest, "grade": "study"},
                "scenario": {"id": "studies", "hash": digest, "title": "Published studies, rebuilt"},
                "seed": None,
                "draws": 0,
                "code": __version__,
                "data": data,
            },
            "status": {"ok": True, "failed_draws": 0, "failed": [], "certificate": {}},
            "horizon": {
                "from": "2009-01-01",
                "to": "2025-12-31",
                "meaning": "Years in which the studies were published.",
            },
            "tables": {"project_studies": table("project_studies", rows)},
            "statements": [
                {"text_key": "verdict", "text": said, "refs": []},
                {"text_key": "conventions", "text": CONVENTIONS, "refs": []},
            ],
            "assumptions": [],
            "facts": [],
            "limits": [
                {
                    "what": "Yearly schedules, tax tables and payability of the studies are not public",
                    "bias": "either way, as wide as the brackets",
                }
            ],
            "observed": [],
            "places": {},
        },
        datetime.now(UTC).isoformat(timespec="seconds"),
    )
