"""How bad it can get: `stress` of one mineral or of all, and `economy`, what a shortage costs the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crosscut.app.cli.command import (
    Answer,
    Laying,
    Printing,
    Shown,
    Writing,
    command_for,
    saved,
)
from crosscut.studies.request import option

if TYPE_CHECKING:
    from rich.console import RenderableType


def _stress(document: Any, shown: Shown) -> RenderableType:
    from crosscut.output.screens.stress import stress_screen

    return stress_screen(document, shown.files, shown.seconds)


def _part(part: Any, shown: Shown) -> RenderableType:
    from crosscut.output.screens.stress import part_screen

    return part_screen(part.as_row())


def _economy(document: Any, shown: Shown) -> RenderableType:
    from crosscut.output.screens.economy import economy_screen

    return economy_screen(document, shown.files)


def _template(text: Any, shown: Shown) -> RenderableType:
    return str(text)


_FILES = (Writing, Laying, Printing)
stress = command_for(
    Answer(
        "ranking",
        _stress,
        _FILES,
        saved,
        "draws",
        switch=option("--all-minerals", "Rank every mineral for the country."),
    ),
    Answer(
        "stress_part",
        _part,
        (Laying, Printing),
        counts="draws",
        when=lambda given: "--chunks" in given,
        says="--chunks",
        printed=lambda part: part.as_row(),
    ),
    Answer("stress", _stress, _FILES, saved, "draws"),
    help="Show how bad it can get: losses, tails, chokepoints solved, what would have to be true.",
)
economy = command_for(
    Answer(
        "economy_template",
        _template,
        (Printing,),
        switch=option("--template", "Print a uses file to start from: of the table where one is given."),
    ),
    Answer("economy", _economy, (Writing, Printing), saved, "rows, then days"),
    help="Show the value added at risk, economy-wide, when sectors cannot make a share of their output.",
)
