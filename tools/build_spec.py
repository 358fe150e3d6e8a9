"""Writes `spec.json`: every indicator and what it covers, for machines; a test says the shipped file is
current.

Run: python -m tools.build_spec
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from crosscut.base.bundled import bundled_file
from crosscut.ledger.minerals import all_minerals
from crosscut.results.indicator_spec import SPECS
from crosscut.studies.indicators.eu_criticality import assessed_2017, uses_2023
from crosscut.studies.indicators.tracing import contents

SPEC_ID = "crosscut.indicators/1"


def coverage() -> dict[str, dict[str, Any]]:
    """By input: the minerals for which the package or `crosscut data pull` has it, the years, and where it
    is from."""
    minerals = all_minerals().values()
    with_trade = [m.name for m in minerals if m.hs92]
    return {
        "output, pulled": {
            "minerals": [m.name for m in minerals],
            "years": [2018, 2024],
            "from": "World Mining Data",
        },
        "output, bundled": {
            "minerals": ["tungsten", *sorted(m.name for m in minerals if m.ledger[1])],
            "years": [2023, 2025],
            "from": (
                "tungsten World Mining Data 2018 to 2024 and USGS; others USGS Mineral Commodity Summaries"
            ),
        },
        "trade": {"minerals": with_trade, "years": [1995, 2024], "from": "CEPII BACI"},
        "governance": {
            "minerals": with_trade,
            "years": [1996, 2024],
            "from": "World Bank WGI, political stability",
        },
        "content": {"minerals": sorted(contents()), "years": [], "from": "typical contents, see content.csv"},
        "recycling": {
            "minerals": [m.name for m in minerals if m.eol_rir is not None],
            "years": [2023],
            "from": "EU",
        },
        "substitution": {"minerals": sorted(assessed_2017()), "years": [2017], "from": "EU 2017, table 18"},
        "uses": {"minerals": sorted(uses_2023()), "years": [2023], "from": "EU 2023, Annex 6"},
        "stakes": {"minerals": ["tungsten"], "years": [2024], "from": "ledger tungsten/control_shares"},
    }


def spec_text() -> str:
    """The spec as it is written to the file."""
    document = {
        "schema": SPEC_ID,
        "indicators": [
            {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(s).items()} for s in SPECS.values()
        ],
        "coverage": coverage(),
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def spec_path() -> Path:
    """Where the shipped spec lies."""
    return Path(str(bundled_file("indicators", "spec.json")))


if __name__ == "__main__":
    spec_path().write_text(spec_text(), encoding="utf-8")
