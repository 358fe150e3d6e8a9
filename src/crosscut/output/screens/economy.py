"""Economy: the screen of value added at risk, from its document alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from crosscut.output.screens.market.summary import table_rows
from crosscut.output.screens.market.words import DASH, amount, percent
from crosscut.results import Document

MOST_SECTORS, MOST_REGIONS = 10, 3
READINGS = ("direct", "upstream", "downstream", "day_by_day")


def economy_screen(result: Document, files: Iterable[str] = ()) -> RenderableType:
    """Value added lost a year by reading with its interval and bias, the worst days, and the sectors hit
    most."""
    rows = table_rows(result, "economy")
    said = result.statements
    money = all(r["status"] == "ok" for r in rows)
    parts: list[RenderableType] = [
        Text("Value added at risk", style="bold"),
        *(Text(s.text, style="dim" if s.text_key != "table" or money else "bold yellow") for s in said),
        _by_reading(
            [r for r in rows if r["region"] in _areas(rows, table_rows(result, "economy_sectors"))], money
        ),
        _by_sector(table_rows(result, "economy_sectors")),
    ]
    days = table_rows(result, "economy_days")
    if days:
        worst = max(days, key=lambda d: d["middle"])
        parts.append(
            Text(
                f"Worst day {worst['day']}: {_fine(worst['middle'])} of a day's value added "
                f"({_fine(worst['low'])} to {_fine(worst['high'])})."
            )
        )
    parts.append(
        Text(
            "The readings answer different questions and are never added up. Which way each errs:",
            style="bold",
        )
    )
    parts += [
        Text(f"  {r['reading']}, {r['means']}: {r['bias']}", style="dim")
        for r in rows
        if r["region"] == "all"
    ]
    parts += [Text(f"  all: {x.what} ({x.bias})", style="dim") for x in result.limits if ": " not in x.what]
    parts += [Text(f, style="dim") for f in files if f.endswith(("html", "json"))]
    return Group(*parts)


def _areas(rows: list[dict[str, Any]], sectors: list[dict[str, Any]]) -> set[str]:
    """The whole table, and the regions where most stops."""
    shocked = {r["region"] for r in sectors if r["stops_high"] > 0}
    lost = {
        r["region"]: r["share_middle"] or 0.0
        for r in rows
        if r["reading"] == "direct" and r["region"] in shocked
    }
    return {"all", *sorted(lost, key=lambda r: -lost[r])[:MOST_REGIONS]}


def _by_reading(rows: list[dict[str, Any]], money: bool) -> Table:
    out = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    out.add_column("lost in a year")
    out.add_column("region")
    if money:
        out.add_column(rows[0]["unit"], justify="right")
        out.add_column("low - high", justify="right")
    out.add_column("of value added", justify="right")
    out.add_column("low - high", justify="right")
    for r in rows:
        sums = (amount(r["middle"]), f"{amount(r['low'])} - {amount(r['high'])}") if money else ()
        out.add_row(
            r["reading"],
            r["region"],
            *sums,
            _fine(r["share_middle"]),
            f"{_fine(r['share_low'])} - {_fine(r['share_high'])}",
        )
    return out


def _fine(share: float | None) -> str:
    """A share as per cent with three digits: small parts of a large economy are the point here."""
    return DASH if share is None else f"{amount(100 * share)} %"


def _by_sector(rows: list[dict[str, Any]]) -> Table:
    out = Table(
        title="Sectors hit most, share of their value added",
        title_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    out.add_column("sector")
    out.add_column("stops", justify="right")
    for name in READINGS:
        out.add_column(name.replace("_", " "), justify="right")
    ranked = sorted(rows, key=lambda r: -max((r[c] or 0.0) for c in READINGS))
    for r in ranked[:MOST_SECTORS]:
        out.add_row(f"{r['region']}/{r['sector']}", percent(r["stops"]), *(percent(r[c]) for c in READINGS))
    return out
