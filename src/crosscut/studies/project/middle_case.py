"""Middle case: the one case of a project that a spreadsheet shows, with every figure in its middle."""

from __future__ import annotations

from dataclasses import dataclass

from crosscut.finance.answers.valuation import Valuation, valuation
from crosscut.inputs.project.loader import ProjectSource
from crosscut.inputs.project.provenance import project_assumptions
from crosscut.results import Assumption
from crosscut.studies.project.build import built, project_of
from crosscut.studies.project.ensemble import Prices, middle_terms
from crosscut.studies.project.sampling import Draws


@dataclass(frozen=True, eq=False)
class MiddleCase:
    """A valuation of one draw, and what is said beside it."""

    valuation: Valuation
    title: str
    money: str  # currency of its amounts
    study: bool  # whether a study stands behind the figures
    assumptions: tuple[Assumption, ...]


def middle_case(source: ProjectSource, prices: Prices | None = None) -> MiddleCase:
    """The middle case of a project, at the median price of a scenario where `prices` are given."""
    p = project_of(source)
    if prices is not None:
        p = project_of(source, Draws(), prices.middle(p.years))
    return MiddleCase(
        valuation(p, middle_terms(source, prices)),
        source.file.title,
        source.file.money.currency,
        bool(source.file.study),
        tuple(project_assumptions(source, built(source)[1])),
    )
