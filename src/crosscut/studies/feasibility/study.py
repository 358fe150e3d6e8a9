"""Published studies rebuilt: their table as one result document."""

from __future__ import annotations

import hashlib

from crosscut.base.bundled import bundled_file
from crosscut.base.version import __version__
from crosscut.results import (
    Document,
    Horizon,
    Inputs,
    Limit,
    ScenarioUsed,
    Statement,
    Status,
    WorldUsed,
    tables_of,
)
from crosscut.studies.context import Context
from crosscut.studies.feasibility.rebuilt import result_rows
from crosscut.studies.feasibility.request import FeasibilityRequest
from crosscut.studies.feasibility.studies import CONVENTIONS


def feasibility(request: FeasibilityRequest, context: Context) -> Document:
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
    return Document(
        kind="project",
        inputs=Inputs(
            mineral="tungsten",
            world=WorldUsed(2025, digest, "study"),
            scenario=ScenarioUsed("studies", digest, "Published studies, rebuilt"),
            seed=None,
            draws=0,
            code=__version__,
            data=context.data.version,
        ),
        status=Status.of(),
        horizon=Horizon("2009-01-01", "2025-12-31", "Years in which the studies were published."),
        tables=tables_of({"project_studies": rows}),
        statements=(
            Statement("verdict", said),
            Statement("conventions", CONVENTIONS),
        ),
        limits=(
            Limit(
                "Yearly schedules, tax tables and payability of the studies are not public",
                "either way, as wide as the brackets",
            ),
        ),
    )
