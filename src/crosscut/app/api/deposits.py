"""What a deposit is worth, to whom."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crosscut.app.api.datasets import data_version
from crosscut.ledger.store.ledger_context import current

if TYPE_CHECKING:
    from crosscut.results import Document


def projects() -> list[dict[str, str]]:
    """The bundled projects: id, title, country, mineral.

    >>> [p["country"] for p in projects() if p["id"] == "example-mine"]
    ['KAZ']
    """
    from crosscut.inputs.catalogue import PROJECT, bundled_names
    from crosscut.inputs.project.loader import project_source

    files = [project_source(current(), name).file for name in bundled_names(PROJECT)]
    return [{"id": f.id, "title": f.title, "country": f.country, "mineral": f.mineral} for f in files]


def project(
    project: str | Path,
    *,
    scenario: str | Path | None = None,
    draws: int | None = None,
    seed: int | None = None,
    alternative: str | None = None,
    spreadsheet: str | Path | None = None,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Document:
    """Values a project (bundled name or file): worth to owners, lenders and state, drivers, tax, refining.

    `scenario` is an outlook, a scenario or a result.json whose APT price takes the place of the file's own;
    with an outlook the project's tonnes go into the market and the price is that of the fixed point.
    `alternative` the id of another reading of the facts in the file. `project("studies")` rebuilds published
    studies, `project("costs")` is the cost curve of tungsten with every bundled deposit on it.
    `spreadsheet` is a path for the middle case as an xlsx file with live formulas (extra `report`). The
    numbers depend on the file, scenario, draws and seed, not on `workers`.

    >>> result = project("example-mine", draws=20)
    >>> result["kind"], len(result["tables"]["project_tax"]["rows"])
    ('project', 13)
    """
    if str(project) == "studies":
        from crosscut.studies.feasibility.document import studies_result

        return studies_result(data_version())
    if str(project) == "costs":
        from crosscut.studies.costs.document import costs_result

        return costs_result(current(), 1 if seed is None else seed, data_version())
    from crosscut.inputs.project.loader import project_source
    from crosscut.studies.project.market_prices import is_outlook, scenario_prices
    from crosscut.studies.project.run import project_result

    source = project_source(current(), project)
    if alternative is not None:
        source = source.alternative(alternative)
    given: dict[str, Any] = {}
    if scenario is not None and is_outlook(scenario):
        from crosscut.studies.coupled import coupled

        found = coupled(current(), source, str(scenario), workers=workers, progress=progress)
        source, given = found.source, {"prices": found.prices, **found.extras()}
    elif scenario is not None:
        given = {"prices": scenario_prices(current(), source, scenario, progress=progress)}
    result = project_result(
        current(), source, seed=seed, draws=draws, data=data_version(), progress=progress, **given
    )
    if spreadsheet is not None:
        from crosscut.output.workbook import workbook_of, write_workbook
        from crosscut.studies.project.middle_case import middle_case

        case = middle_case(source, given.get("prices"))
        book = workbook_of(
            case.valuation, case.title, case.money, study=case.study, assumptions=case.assumptions
        )
        write_workbook(book, spreadsheet)
    return result
