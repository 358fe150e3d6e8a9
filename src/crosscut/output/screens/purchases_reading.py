"""How a file of purchases was read: its screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from crosscut.output.screens.market.summary import table_rows
from crosscut.output.screens.market.words import DASH, amount, short_place
from crosscut.results import Document

FIRST_ROWS = 5  # lines shown of a file that is only to be read
MOST_REASONS = 20  # shown of a long file; --json has all


def reading_screen(result: Document) -> RenderableType:
    """How a file is read, before anything is computed: columns, first lines, refusals, assumptions."""
    every = table_rows(result, "purchases")
    lines = [r for r in every if r["status"] == "ok"]
    return Group(
        Text(f"{len(lines)} of {len(every)} lines read", style="bold"),
        Text("Nothing was computed (--dry-run).", style="dim"),
        Text(""),
        *how_read(result),
        Text(""),
        Text(f"The first {min(FIRST_ROWS, len(lines))} lines as they are read", style="bold"),
        _as_read(result, lines[:FIRST_ROWS]),
        *refused_lines(result),
    )


def refused_lines(result: Document) -> list[Text]:
    """Why lines were refused, the first of many."""
    found = _said(result, "refused")
    shown = [Text(f"Refused: {text}", style="yellow") for text in found[:MOST_REASONS]]
    return [*shown, *_more(len(found) - MOST_REASONS, "reasons")]


def _more(count: int, what: str) -> list[Text]:
    return [Text(f"... and {count} more {what}; --json has all", style="dim")] if count > 0 else []


def _said(result: Document, key: str) -> list[str]:
    return [s.text for s in result.statements if s.text_key == key]


def _table(*columns: tuple[str, str]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for title, side in columns:
        table.add_column(
            title, justify="right" if side == "right" else "left", header_style="dim", overflow="fold"
        )
    return table


def _tonnes(r: dict[str, Any]) -> str:
    """Tonnes as bought; of metal where the file states that alone."""
    if r["tonnes"] is None and r["contained"] is not None:
        return f"{amount(r['contained'])} of metal"
    return amount(r["tonnes"])


def _as_read(result: Document, rows: Sequence[dict[str, Any]]) -> RenderableType:
    table = _table(
        ("line", "right"),
        ("country", "left"),
        ("mineral", "left"),
        ("product", "left"),
        ("t", "right"),
        ("paid", "right"),
        ("", "left"),
        ("USD", "right"),
        ("year", "right"),
    )
    for r in rows:
        table.add_row(
            f"{r['line']:.0f}",
            short_place(result.places, r["supplier"]),
            r["mineral"],
            r["form"] or DASH,
            _tonnes(r),
            amount(r["paid"]),
            r["currency"],
            amount(r["usd"]),
            f"{r['year']:.0f}",
        )
    return table


def how_read(result: Document) -> list[RenderableType]:
    """Columns and what each was read as; what was taken for granted; what was left out."""
    table = _table(("column", "left"), ("heading", "left"), ("read as", "left"), ("unit", "left"))
    for r in table_rows(result, "purchase_columns"):
        read = r["field"] or Text(f"not used: {r['note']}", style="yellow")
        table.add_row(r["column"], r["heading"], read, r["unit"])
    reading = ", ".join(_said(result, "reading"))
    parts: list[RenderableType] = [Text(f"How the file was read: {reading}", style="bold"), table]
    parts += [Text(text, style="dim") for text in _said(result, "assumed")]
    listed = {f"{r['column']}: {r['heading']}" for r in table_rows(result, "purchase_columns")}
    parts += [
        Text(f"Left out: {text}", style="dim")
        for text in _said(result, "left_out")
        if not any(text.startswith(column) for column in listed)
    ]
    return parts
