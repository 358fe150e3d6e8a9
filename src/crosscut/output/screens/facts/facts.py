"""Facts screen: what is known, who says so, who disagrees; above it the facility that was asked for. And what
the sources say the world makes, side by side (`facts --sources`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from crosscut.output.screens.facts.facilities import facility_screen
from crosscut.output.screens.plain_table import cell, rows_table


def facts_screen(
    rows: Sequence[Mapping[str, Any]], mineral: str, named: Mapping[str, Any] | None = None
) -> RenderableType:
    """The facts as a table; above it the sheet of the facility that was named, or the candidates of an
    ambiguous name."""
    table = facts_table(rows, f"{len(rows)} facts of {mineral}")
    return table if named is None else Group(_facility(named), table)


def _facility(named: Mapping[str, Any]) -> RenderableType:
    if named["sheet"] is not None:
        return facility_screen(named["sheet"], named["how"], named["matched"])
    listed = "\n".join(f"  {c['id']}  {c['name']}, {c['country']}" for c in named["candidates"])
    return Text(f"{named['text']!r} names several facilities; ask for one of them:\n{listed}", style="yellow")


def facts_table(rows: Sequence[Mapping[str, Any]], title: str) -> RenderableType:
    """Two lines a fact: what, how much, when and its evidence status; below it who says so and who
    disagrees."""
    out = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
    out.add_column("fact", overflow="fold", ratio=1)
    for c in ("value", "period", "evidence"):
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
            what,
            f"{cell(r['value'])} {r['unit'] or ''}".strip(),
            cell(r["period"]),
            cell(r["evidence_status"]),
        )
    return out


def beside_screen(beside: dict[str, Any], mineral: str) -> RenderableType:
    """World totals of the sources stage by stage, then the countries on which they deviate."""
    totals = rows_table(
        [
            {**r, "spread": None if r["spread"] is None else f"{100 * r['spread']:.1f} %"}
            for r in beside["totals"]
        ],
        ("form", "content", "year", "USGS", "World Mining Data", "BGS", "spread", "verdict"),
        f"World output of {mineral}, t by source (never add across; a dash: not carried or not published)",
    )
    named = rows_table(
        beside["deviations"],
        ("form", "content", "country", "year", "other", "ratio", "reason"),
        f"Countries more than {100 * beside['band']:.0f} % from USGS and above 2 % of the world",
    )
    return Group(
        totals, named if beside["deviations"] else Text("No country deviates by more than the band.")
    )
