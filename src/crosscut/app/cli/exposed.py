"""How exposed somebody is: `exposure` of a country or of own purchases, `indicators` of supply risk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crosscut.app.cli.command import Answer, Laying, Printing, Shown, Writing, command_for, saved
from crosscut.studies.context import Context
from crosscut.studies.request import FieldGroup, option

if TYPE_CHECKING:
    from rich.console import RenderableType


def _exposure(document: Any, shown: Shown) -> RenderableType:
    from crosscut.output.screens.market.exposure import exposure_screen

    return exposure_screen(document)


def _purchases(document: Any, shown: Shown) -> RenderableType:
    from crosscut.output.screens.purchases import purchases_screen
    from crosscut.output.screens.purchases_reading import reading_screen

    return reading_screen(document) if shown.request.dry_run else purchases_screen(document, shown.files)  # type: ignore[attr-defined]


def _template(text: Any, shown: Shown) -> RenderableType:
    return str(text)


def _say_refused(document: Any, shown: Shown) -> None:
    """What could not be answered, one line each on the error stream, and exit code 2 after the answer to the
    rest."""
    if not document.status.ok:
        for s in document.statements:
            typer.echo(f"crosscut: {s.text}", err=True)
        raise typer.Exit(2)


def _say_unread(document: Any, shown: Shown) -> None:
    """That lines were refused or are not known, in one line on the error stream, and exit code 2."""
    if not document.status.ok:
        lines = document.tables["purchases"].rows
        unread = [r for r in lines if r["status"].startswith("missing")]
        typer.echo(
            f"crosscut: {len(unread)} of {len(lines)} lines are not answered; the reasons are in the answer",
            err=True,
        )
        raise typer.Exit(2)


_SHOWN = (Laying, Printing)
exposure = command_for(
    Answer(
        "purchases_template",
        _template,
        _SHOWN,
        switch=option("--template", "Print a purchases file to start from."),
    ),
    Answer(
        "purchases",
        _purchases,
        (Writing, Laying, Printing),
        saved,
        counts="stops",
        when=lambda given: "--purchases" in given,
        says="--purchases",
        after=_say_unread,
    ),
    Answer("exposure", _exposure, _SHOWN),
    help=(
        "Show how exposed a country, or your own purchases, are: origins, concentration, loss if"
        " the largest stops."
    ),
)


class IndicatorFolder(FieldGroup):
    """Where the files of the indicators go."""

    out: Annotated[
        Path | None,
        option("--out", "Folder for result.json, indicators.csv and GeoPolRisk of all countries."),
    ] = None


def _indicators(document: Any, shown: Shown) -> RenderableType:
    from crosscut.output.screens.indicators import indicators_screen

    return indicators_screen(document, shown.files)


def _indicator_files(document: Any, folder: Path, context: Context) -> Sequence[Path]:
    from crosscut.output.screens.indicators import files_of
    from crosscut.studies.indicators.document import geopolrisk_of_every_country

    return files_of(document, folder, geopolrisk_of_every_country(context.ledger, document))


indicators = command_for(
    Answer(
        "indicators",
        _indicators,
        (IndicatorFolder, Printing),
        _indicator_files,
        after=_say_refused,
    ),
    help=(
        "Show concentration, reliance, GeoPolRisk, EU and USGS indicators, each with interval,"
        " source and gaps."
    ),
)
