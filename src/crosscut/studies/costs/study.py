"""The cost curve with every bundled deposit on it, as one result document."""

from __future__ import annotations

import hashlib

from crosscut.base.bundled import bundled_file
from crosscut.base.version import __version__
from crosscut.inputs.catalogue import PROJECT, bundled_names
from crosscut.inputs.project.fact_citation import cited
from crosscut.ledger.store.ledger import Ledger
from crosscut.results import (
    Assumption,
    Document,
    Horizon,
    Inputs,
    ScenarioUsed,
    Statement,
    Status,
    WorldUsed,
    tables_of,
)
from crosscut.studies.context import Context
from crosscut.studies.costs import cost_curve, mine_costs
from crosscut.studies.costs.cost_rows import cost_tables
from crosscut.studies.costs.request import CostsRequest
from crosscut.studies.shared.cited_facts import cited_facts
from crosscut.studies.shared.document_inputs import limits_of

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


def _assumptions(ledger: Ledger) -> list[Assumption]:
    """What stands between the figures as stated and dollars of one year."""
    level, year = mine_costs.price_level(), mine_costs.CURVE_YEAR
    growth = level[max(level)] / level[max(level) - 1] - 1.0

    return [
        Assumption(
            id="above_consumer_prices",
            what="growth of mining costs above consumer prices",
            value=0.0,
            unit="a year",
            evidence_status="assumed",
            note="high end from an estimate of capital costs, project_costs P047",
            low=0.0,
            high=mine_costs.FASTER,
            source="",
        ),
        Assumption(
            id="after_the_index",
            what=f"growth of consumer prices after {max(level)}",
            value=growth,
            unit="a year",
            evidence_status="assumed",
            note="the last year of the index kept",
            low=None,
            high=None,
            source="",
        ),
        *(
            Assumption(
                id=f"rate.{c.id}",
                what=f"USD per {c.currency} of {c.year}, {c.mine}",
                value=c.usd,
                unit=f"USD per {c.currency}",
                evidence_status=c.usd_evidence_status,
                note=c.note,
                low=None,
                high=None,
                source="",
            )
            for c in mine_costs.stated_costs()
            if c.currency != "USD"
        ),
        *(
            Assumption(
                id=f"output.{mine}",
                what=f"t W a year, {mine}",
                value=c.output,
                unit="t W a year",
                evidence_status="derived" if c.state == "planned" else "estimated",
                note=c.output_note,
                low=None,
                high=None,
                source="",
            )
            for mine, c in mine_costs.used_costs().items()
        ),
        Assumption(
            id="output.world",
            what=f"t W mined in the world in {year}",
            value=mine_costs.world_output(ledger)["WLD"],
            unit="t W a year",
            evidence_status="estimated",
            note="USGS Mineral Commodity Summaries 2026",
            low=None,
            high=None,
            source="",
        ),
    ]


def costs(request: CostsRequest, context: Context) -> Document:
    """Every cost that is known, and where the bundled deposits lie, kind `project`."""
    ledger, seed = context.ledger, request.seed
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
    return Document(
        kind="project",
        inputs=Inputs(
            mineral="tungsten",
            world=WorldUsed(year, h.hexdigest(), "studies and claims"),
            scenario=ScenarioUsed("costs", h.hexdigest(), "What tungsten costs to mine"),
            seed=seed,
            draws=cost_curve.DRAWS,
            code=__version__,
            data=context.data.version,
        ),
        status=Status.of(),
        horizon=Horizon.of_years(year, year, "Year of output and of money."),
        tables=tables_of(found),
        statements=(
            *(Statement(k, t) for k, t in said),
            Statement("conventions", how),
        ),
        assumptions=tuple(_assumptions(ledger)),
        facts=cited_facts(ledger, {c.id for i in FACTS if (c := cited(ledger, i)) is not None}),
        limits=limits_of(LIMITS),
    )
