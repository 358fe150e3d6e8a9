"""`crosscut indicators`: every published indicator of one or more minerals, for the world, a country or a
bloc."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crosscut.app.cli.output import Json, show
from crosscut.ledger.store.ledger_context import current

if TYPE_CHECKING:
    from crosscut.results import Document


def indicators(
    minerals: Annotated[list[str], typer.Argument(help="Minerals, or 'all'.")],
    country: Annotated[
        str | None,
        typer.Option("--country", help="A country or bloc (EU27, G7, ...); without it the world alone."),
    ] = None,
    year: Annotated[list[int] | None, typer.Option("--year", help="A year; may be repeated.")] = None,
    window: Annotated[
        int, typer.Option("--window", help="Years pooled for import sources, ending in the year.")
    ] = 4,
    uses: Annotated[
        Path | None,
        typer.Option(
            "--uses", help="CSV of a region's own uses: mineral, sector, share, value_added, largest."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder for result.json, indicators.csv and GeoPolRisk of all countries."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Show concentration, reliance, GeoPolRisk, EU and USGS indicators, each with interval, source and
    gaps."""
    from crosscut.app import api
    from crosscut.output.screens.indicators import indicators_screen

    result = api.indicators(minerals, country, years=year or [2024], window=window, uses=uses)
    files = _written(result, out) if out is not None else []
    show(result, as_json, lambda: indicators_screen(result, files))
    _say_refused(result)


def company_exposure(purchases: Path, year: int, as_json: bool) -> None:
    """Prints the exposure of a company's own purchases."""
    from crosscut.app import api
    from crosscut.output.screens.indicators import purchases_screen

    result = api.purchases(purchases, year=year)
    show(result, as_json, lambda: purchases_screen(result))
    _say_refused(result)


def _say_refused(result: Document) -> None:
    """What could not be answered, one line each on the error stream, and exit code 2 after the answer to the
    rest."""
    if not result.status.ok:
        for s in result.statements:
            typer.echo(f"crosscut: {s.text}", err=True)
        raise typer.Exit(2)


def _written(result: Document, folder: Path) -> list[str]:
    from crosscut.base.errors import Problem, UserError
    from crosscut.output.screens.indicators import files_of
    from crosscut.studies.indicators.document import geopolrisk_of_every_country

    if folder.exists() and not folder.is_dir():
        raise UserError(Problem(f"{folder} is a file", "--out", "a folder"))
    return [str(p) for p in files_of(result, folder, geopolrisk_of_every_country(current(), result))]
