"""Facilities: the map and the sheet behind `crosscut facts MINERAL --map` and `--about NAME`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crosscut.app.cli.output import show

if TYPE_CHECKING:
    from rich.console import RenderableType


def show_map(mineral: str, out: Path | None, as_json: bool) -> None:
    """Prints the facilities and who controls them (GeoJSON with `as_json`) and writes the map into `out`."""
    from crosscut.app import api
    from crosscut.output.screens.facts.facilities import facilities_screen

    found = api.facilities(mineral)
    written = _written(mineral, found, out) if out is not None else []
    show(
        found["geojson"],
        as_json,
        lambda: facilities_screen(mineral, found["sheets"], found["control"], written),
    )


def facility_part(mineral: str, about: str) -> RenderableType | None:
    """What to print above the facts: the sheet of the facility a text names, or the candidates of an
    ambiguous name."""
    from crosscut.app import api

    return _part(api.named(mineral, about))


def above(head: RenderableType | None, below: RenderableType) -> RenderableType:
    """One screen with `head`, if there is one, above the other."""
    from rich.console import Group

    return below if head is None else Group(head, below)


def _part(named: dict[str, Any] | None) -> RenderableType | None:
    from rich.text import Text

    from crosscut.output.screens.facts.facilities import facility_screen

    if named is None:
        return None
    if named["sheet"] is not None:
        return facility_screen(named["sheet"], named["how"], named["matched"])
    listed = "\n".join(f"  {c['id']}  {c['name']}, {c['country']}" for c in named["candidates"])
    return Text(f"{named['text']!r} names several facilities; ask for one of them:\n{listed}", style="yellow")


def _written(mineral: str, found: dict[str, Any], out: Path) -> list[str]:
    from crosscut.base.errors import Problem, UserError
    from crosscut.base.files import write_file
    from crosscut.output.page.facility_map import facility_map_html

    if out.exists() and not out.is_dir():
        raise UserError(Problem(f"{out} is a file", "--out", "a folder"))
    page = facility_map_html(mineral, found["sheets"], found["control"])
    points = json.dumps(found["geojson"], ensure_ascii=False, indent=1) + "\n"
    return [
        str(write_file(out / "map.html", page)),
        str(write_file(out / "facilities.geojson", points)),
    ]
