"""Costs document: the cost curve with every bundled deposit on it, as one result document."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from crosscut.base.bundled import bundled_file
from crosscut.base.version import __version__
from crosscut.inputs.catalogue import PROJECT, bundled_names
from crosscut.inputs.project.fact_citation import cited
from crosscut.ledger.store.ledger import Ledger
from crosscut.results import sealed, table
from crosscut.studies.costs import cost_curve, mine_costs
from crosscut.studies.costs.cost_rows import cost_tables

FACTS = ("P019", "P020", "P021", "P047", "P053")
LIMITS = (
    (
        "Studies are carried to one year with consumer prices",
        "old studies too cheap; their high end has 1.5 points a year more",
    ),
    (
        "Sources differ in what they count: freight, by-products, capital charges",
        "either way, by tens of USD per mtu",
    ),
    (
        "Output of planned mines is that of their studies, and none is sure to open",
        "the known part of the curve too long",
    ),
)


@dataclass(frozen=True)
class _Assumed:
    """A figure behind the curve that is assumed, or read from a source of its own."""

    id: str
    what: str
    value: float
    unit: str
    standing: str
    note: str
    low: float | None = None
    high: float | None = None

    def as_row(self) -> dict[str, Any]:
        """The row as the result table has it."""
        return {
            "id": self.id,
            "what": self.what,
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "unit": self.unit,
            "standing": self.standing,
            "source": "",
            "note": self.note,
        }


def _assumptions(ledger: Ledger) -> list[dict[str, Any]]:
    """What stands between the figures as stated and dollars of one year."""
    level, year = mine_costs.price_level(), mine_costs.CURVE_YEAR
    growth = level[max(level)] / level[max(level) - 1] - 1.0

    return [
        _Assumed(
            id="above_consumer_prices",
            what="growth of mining costs above consumer prices",
            value=0.0,
            unit="a year",
            standing="assumed",
            note="high end from an estimate of capital costs, project_costs P047",
            low=0.0,
            high=mine_costs.FASTER,
        ).as_row(),
        _Assumed(
            id="after_the_index",
            what=f"growth of consumer prices after {max(level)}",
            value=growth,
            unit="a year",
            standing="assumed",
            note="the last year of the index kept",
        ).as_row(),
        *(
            _Assumed(
                id=f"rate.{c.id}",
                what=f"USD per {c.currency} of {c.year}, {c.mine}",
                value=c.usd,
                unit=f"USD per {c.currency}",
                standing=c.usd_standing,
                note=c.note,
            ).as_row()
            for c in mine_costs.stated_costs()
            if c.currency != "USD"
        ),
        *(
            _Assumed(
                id=f"output.{mine}",
                what=f"t W a year, {mine}",
                value=c.output,
                unit="t W a year",
                standing="derived" if c.state == "planned" else "estimated",
                note=c.output_note,
            ).as_row()
            for mine, c in mine_costs.used_costs().items()
        ),
        _Assumed(
            id="output.world",
            what=f"t W mined in the world in {year}",
            value=mine_costs.world_output(ledger)["WLD"],
            unit="t W a year",
            standing="estimated",
            note="USGS Mineral Commodity Summaries 2026",
        ).as_row(),
    ]


def costs_result(ledger: Ledger, seed: int, data: str) -> dict[str, Any]:
    """Every cost that is known, and where the bundled deposits lie, kind `project`."""
    found, said = cost_tables(ledger, None, seed)
    h = hashlib.sha256()
    for name in (
        "finance/mine_costs.csv",
        "finance/price_level.csv",
        *(f"projects/{n}.yaml" for n in bundled_names(PROJECT)),
    ):
        h.update(bundled_file(*name.split("/")).read_bytes())
    how = f"{cost_curve.CONVENTIONS} {mine_costs.CONVENTIONS}"
    year = mine_costs.CURVE_YEAR
    return sealed(
        {
            "kind": "project",
            "inputs": {
                "mineral": "tungsten",
                "world": {"year": year, "hash": h.hexdigest(), "grade": "studies and claims"},
                "scenario": {"id": "costs", "hash": h.hexdigest(), "title": "What tungsten costs to mine"},
                "seed": seed,
                "draws": cost_curve.DRAWS,
                "code": __version__,
                "data": data,
            },
            "status": {"ok": True, "failed_draws": 0, "failed": [], "certificate": {}},
            "horizon": {
                "from": f"{year}-01-01",
                "to": f"{year}-12-31",
                "meaning": "Year of output and of money.",
            },
            "tables": {name: table(name, rows) for name, rows in found.items()},
            "statements": [
                *({"text_key": k, "text": t, "refs": []} for k, t in said),
                {"text_key": "conventions", "text": how, "refs": []},
            ],
            "assumptions": _assumptions(ledger),
            "facts": sorted({c.id for i in FACTS if (c := cited(ledger, i)) is not None}),
            "limits": [{"what": w, "bias": b} for w, b in LIMITS],
            "observed": [],
            "places": {},
        },
        datetime.now(UTC).isoformat(timespec="seconds"),
    )
