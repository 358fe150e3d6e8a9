"""A project valued: on its own price, on that of a scenario, or with its tonnes in an outlook's market."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crosscut.inputs.catalogue import PROJECT, bundled_names
from crosscut.inputs.project.loader import ProjectSource, project_source
from crosscut.results import Document
from crosscut.studies.context import Context
from crosscut.studies.coupled.fixed_point import coupled
from crosscut.studies.project.ensemble import Prices
from crosscut.studies.project.market_prices import is_outlook, scenario_prices
from crosscut.studies.project.request import ProjectRequest, ProjectsRequest
from crosscut.studies.project.run import project_result


@dataclass(frozen=True, eq=False)
class ValuedProject:
    """The document, and what a spreadsheet of its middle case is made from."""

    document: Document
    source: ProjectSource
    prices: Prices | None


def valued(request: ProjectRequest, context: Context) -> ValuedProject:
    """Values a project with the prices it was asked with."""
    context = context.worked_by(request.workers)
    source = project_source(context.ledger, request.project)
    if request.alternative is not None:
        source = source.alternative(request.alternative)
    prices: Prices | None = None
    extras: dict[str, Any] = {}
    if request.scenario is not None and is_outlook(request.scenario):
        found = coupled(context, source, request.scenario)
        source, prices, extras = found.source, found.prices, found.extras()
    elif request.scenario is not None:
        prices = scenario_prices(context, source, request.scenario)
    document = project_result(
        context, source, prices=prices, seed=request.seed, draws=request.draws, **extras
    )
    return ValuedProject(document, source, prices)


def projects(request: ProjectsRequest, context: Context) -> list[dict[str, str]]:
    """The bundled projects: id, title, country, mineral."""
    files = [project_source(context.ledger, name).file for name in bundled_names(PROJECT)]
    return [{"id": f.id, "title": f.title, "country": f.country, "mineral": f.mineral} for f in files]
