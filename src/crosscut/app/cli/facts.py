"""The command `facts`: what is known about a mineral and who says so."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crosscut.app.cli.output import Json, Workspace, show
from crosscut.output.screens.plain_table import cell

if TYPE_CHECKING:
    from rich.console import RenderableType


def facts(
    mineral: Annotated[str, typer.Argument(help="A mineral, or one of the topics finance and hazards.")],
    about: Annotated[
        str | None,
        typer.Option("--about", help="Only a facility, by any of its names, or facts with these words."),
    ] = None,
    conflicts: Annotated[
        bool, typer.Option("--conflicts", help="Only facts on which sources disagree.")
    ] = False,
    as_map: Annotated[
        bool, typer.Option("--map", help="Mines, deposits and plants, and who controls them.")
    ] = False,
    claims: Annotated[bool, typer.Option("--claims", help="An article's claims beside the ledger.")] = False,
    alarms: Annotated[
        bool, typer.Option("--alarms", help="What the rules find in the tables themselves.")
    ] = False,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the files of --map.")] = None,
    sources: Annotated[
        bool,
        typer.Option(
            "--sources", help="What USGS, World Mining Data and BGS say the world makes, side by side."
        ),
    ] = False,
    workspace: Workspace = None,
    as_json: Json = False,
) -> None:
    """Show what is known about a mineral and who says so."""
    from crosscut.app import api
    from crosscut.app.cli.claims import show_alarms, show_claims
    from crosscut.app.cli.facilities import above, facility_part, show_map
    from crosscut.output.screens.facts.sources import beside_screen

    if alarms:
        return show_alarms(mineral, as_json)
    if claims:
        return show_claims(mineral, as_json)
    if as_map:
        return show_map(mineral, out, as_json)
    if sources:
        beside = api.sources_beside(mineral)
        return show(beside, as_json, lambda: beside_screen(beside, mineral))
    rows = api.facts(mineral, about=about, conflicts=conflicts)
    head = facility_part(mineral, about) if about and not as_json else None
    return show(rows, as_json, lambda: above(head, facts_table(rows, f"{len(rows)} facts of {mineral}")))


def facts_table(rows: list[dict[str, Any]], title: str) -> RenderableType:
    """Two lines a fact: what, how much, when and its standing; below it who says so and who disagrees."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    out = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
    out.add_column("fact", overflow="fold", ratio=1)
    for c in ("value", "period", "standing"):
        out.add_column(c, justify="right" if c == "value" else "left", max_width=24)
    for r in rows:
        what = Text(f"{r['subject']}: {r['attribute']}")
        what.append(f"\n  {r['source']}  {r['id']}", style="dim")
        if r.get("conflict"):
            what.append(f"\n  {r['conflict']}", style="yellow")
        if r.get("overlay"):
            was = f"; before {cell(r['before'])} ({r['supersedes']})" if r["supersedes"] else ""
            what.append(f"\n  {r['overlay']}{was}: {r['note']}", style="cyan")
        out.add_row(
            what, f"{cell(r['value'])} {r['unit'] or ''}".strip(), cell(r["period"]), cell(r["standing"])
        )
    return out
