"""What is known of a mineral: `minerals`, `facts`, `world`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from crosscut.app import api
from crosscut.app.cli.command import (
    Answer,
    Laying,
    Printing,
    Shown,
    Writing,
    command_for,
    saved,
)
from crosscut.studies.context import Context
from crosscut.studies.request import FieldGroup, option

if TYPE_CHECKING:
    from rich.console import RenderableType


def _minerals(rows: Any, shown: Shown) -> RenderableType:
    from crosscut.output.screens.plain_table import rows_table

    return rows_table(rows, ("mineral", "world", "grade", "why"), "Minerals")


def _world(document: Any, shown: Shown) -> RenderableType:
    from crosscut.output.screens.market.world import world_screen

    return world_screen(document, shown.files)


minerals = command_for(
    Answer("minerals", _minerals), help="List the minerals, and why some have no market world."
)
world = command_for(
    Answer("world_report", _world, (Writing, Laying, Printing), saved),
    help=(
        "Report on a mineral: its chain, who makes and uses it, who trades, what that rests on,"
        " what is missing."
    ),
)


class MapFolder(FieldGroup):
    """Where the files of the map go."""

    out: Annotated[Path | None, option("--out", "Folder for the files of --map.")] = None


def _facts(rows: Any, shown: Shown) -> RenderableType:
    from crosscut.output.screens.facts.facts import facts_screen

    mineral, about = shown.request.mineral, shown.request.about  # type: ignore[attr-defined]
    return facts_screen(rows, mineral, api.named(mineral, about) if about else None)


def _map(found: Any, shown: Shown) -> RenderableType:
    from crosscut.output.screens.facts.facilities import facilities_screen

    mineral = shown.request.mineral  # type: ignore[attr-defined]
    return facilities_screen(mineral, found["sheets"], found["control"], shown.files)


def _map_files(found: Any, folder: Path, context: Context) -> list[Path]:
    from crosscut.output.page.facility_map import write_facility_map

    return write_facility_map(found, folder)


def _claims(found: Any, shown: Shown) -> RenderableType:
    from crosscut.output.screens.facts.claims import claims_screen

    return claims_screen(found)


def _alarms(found: Any, shown: Shown) -> RenderableType:
    from crosscut.output.screens.facts.claims import alarms_screen

    return alarms_screen(shown.request.mineral, found)  # type: ignore[attr-defined]


def _sources(found: Any, shown: Shown) -> RenderableType:
    from crosscut.output.screens.facts.facts import beside_screen

    return beside_screen(found, shown.request.mineral)  # type: ignore[attr-defined]


def _unlikely(found: Any, shown: Shown) -> RenderableType:
    from crosscut.output.screens.facts.unlikely import unlikely_screen

    return unlikely_screen(found)


_LAID = (Laying, Printing)
facts = command_for(
    Answer(
        "alarms",
        _alarms,
        _LAID,
        switch=option("--alarms", "What the rules find in the tables themselves."),
    ),
    Answer("claims", _claims, _LAID, switch=option("--claims", "An article's claims beside the ledger.")),
    Answer(
        "facilities",
        _map,
        (MapFolder, *_LAID),
        _map_files,
        switch=option("--map", "Mines, deposits and plants, and who controls them."),
        printed=lambda found: found["geojson"],
    ),
    Answer(
        "sources_beside",
        _sources,
        _LAID,
        switch=option("--sources", "What USGS, World Mining Data and BGS say the world makes, side by side."),
    ),
    Answer(
        "unlikely",
        _unlikely,
        _LAID,
        switch=option("--unlikely", "The flows that matter most and look least likely, and what was done."),
    ),
    Answer("facts", _facts, _LAID),
    help="Show what is known about a mineral and who says so.",
)
