"""Unlikely flows: the screen of what looks least likely in the trade of a mineral, before and after
repair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from crosscut.output.screens.market.words import amount, percent, tonnes

TESTS = {
    "price": "the world's unit value",
    "years": "the years around",
    "sender": "what the seller has",
    "user": "what else the buyer buys",
}


def unlikely_screen(found: Mapping[str, Any]) -> RenderableType:
    """Two lists of ten, and what the reader decided on each flow that is still there."""
    after = found["after"]
    parts: list[RenderableType] = [
        Text(f"Least likely flows of {found['mineral']}, {found['year']}", style="bold"),
        Text(
            "Each flow is held against the world's unit value, the same pair in the years around, what the"
            " seller makes and buys, and what else the buyer buys. Times off is the largest of the four;"
            " flows are in the order of share of trade times times off. t are gross.",
            style="dim",
        ),
        Text(""),
        _listed("As the source has it", found["before"]),
        Text(""),
        _listed("After repair, as worlds use it", after),
        Text(""),
    ]
    said = {(r["exporter"], r["importer"]): r for r in [*found["before"], *after] if r["why"]}
    parts += [
        Text(f"{i} to {j}, {r['done']}: {r['why']}", style="dim") for (i, j), r in said.items() if r["why"]
    ]
    return Group(*parts)


def _listed(title: str, rows: Sequence[Mapping[str, Any]]) -> RenderableType:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for head in ("flow", "t", "of trade", "USD/t", "times off", "by", "done"):
        numeric = head in ("t", "of trade", "USD/t", "times off")
        table.add_column(head, header_style="dim", justify="right" if numeric else "left", overflow="fold")
    for r in rows:
        table.add_row(
            f"{r['exporter']} to {r['importer']}",
            tonnes(r["tonnes"]),
            percent(r["share"]),
            amount(r["usd_per_t"]),
            f"{r['times']:,.0f}" if r["times"] >= 10 else f"{r['times']:.1f}",
            TESTS[r["test"]],
            r["done"],
        )
    return table
