"""Purchases: the screen of a company's own buying, and of how its file was read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from crosscut.output.screens.indicators import _gaps, _values
from crosscut.output.screens.market.summary import table_rows
from crosscut.output.screens.market.words import DASH, amount, short_place
from crosscut.results import Document
from crosscut.results.rows import RowStatus, row_status, told

FIRST_ROWS = 5  # lines shown of a file that is only to be read
MOST_LINES, MOST_REASONS = 60, 20  # shown of a long file; --json has all


def purchases_screen(result: Document) -> RenderableType:
    """What was read and what is at risk of it; each line with who stands behind the supplier; risk by
    mineral; how the file was read."""
    rows = table_rows(result, "indicators")
    lines = table_rows(result, "purchases")
    headline, *_ = _said(result, "headline")
    years = ", ".join(sorted({r["period"] for r in rows}))
    facts = f" · facts of {years}" if years else ""
    parts: list[RenderableType] = [
        Text(headline, style="bold"),
        Text(f"At risk: spend weighted by political instability of the country{facts}", style="dim"),
        Text(""),
        _lines(result, lines[:MOST_LINES]),
        *_more(len(lines) - MOST_LINES, "lines"),
        *_refused(result),
        *(Text(f"Not known: {text}", style="yellow") for text in _said(result, "not_known")),
        Text(""),
    ]
    for mineral in dict.fromkeys(r["mineral"] for r in rows):
        mine = [r for r in rows if r["mineral"] == mineral]
        parts += [
            Text(mineral.capitalize(), style="bold"),
            _values(result, [r for r in mine if r["value"] is not None]),
            _gaps(result, mine),
        ]
    flagged = [r["status"] for r in (*rows, *lines) if row_status(r["status"]) is RowStatus.FLAGGED]
    if flagged:
        parts.append(Text("Read with care (*)", style="bold"))
        parts += [Text(f"  {told(c)}", style="dim") for c in dict.fromkeys(flagged)]
    parts += [Text(""), *_how_read(result)]
    return Group(*parts)


def reading_screen(result: Document) -> RenderableType:
    """How a file is read, before anything is computed: columns, first lines, refusals, assumptions."""
    headline, *_ = _said(result, "headline")
    lines = [r for r in table_rows(result, "purchases") if r["status"] == "ok"]
    return Group(
        Text(headline, style="bold"),
        Text("Nothing was computed (--dry-run).", style="dim"),
        Text(""),
        *_how_read(result),
        Text(""),
        Text(f"The first {min(FIRST_ROWS, len(lines))} lines as they are read", style="bold"),
        _as_read(result, lines[:FIRST_ROWS]),
        *_refused(result),
    )


def _refused(result: Document) -> list[Text]:
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


def _lines(result: Document, rows: Sequence[dict[str, Any]]) -> RenderableType:
    table = _table(
        ("line", "right"),
        ("country", "left"),
        ("mineral", "left"),
        ("t", "right"),
        ("USD", "right"),
        ("instability", "right"),
        ("has it from", "left"),
        ("", "left"),
    )
    for r in rows:
        status = "" if r["status"] == "ok" else "*" if _flagged(r) else _left_out_of_sums(r)
        table.add_row(
            f"{r['line']:.0f}",
            short_place(result.places, r["supplier"]),
            r["mineral"] or DASH,
            _tonnes(r),
            amount(r["usd"]),
            amount(r["instability"]),
            _behind(result, r["behind"]),
            Text(status, style="yellow"),
        )
    return table


def _left_out_of_sums(r: dict[str, Any]) -> str:
    """A line that was refused, or read and without data; the reasons stand below the table."""
    return "refused" if r["tonnes"] is None and r["contained"] is None else "not known"


def _flagged(r: dict[str, Any]) -> bool:
    return row_status(r["status"]) is RowStatus.FLAGGED


def _tonnes(r: dict[str, Any]) -> str:
    """Tonnes as bought; of metal where the file states that alone."""
    if r["tonnes"] is None and r["contained"] is not None:
        return f"{amount(r['contained'])} of metal"
    return amount(r["tonnes"])


def _behind(result: Document, text: str) -> str:
    """Origins by name; UNK is metal whose origin the records do not show."""
    if not text:
        return DASH
    parts = [part.partition(" ") for part in text.split(", ")]
    return ", ".join(
        f"{'unknown' if code == 'UNK' else short_place(result.places, code)} {share}"
        for code, _, share in parts
    )


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


def _how_read(result: Document) -> list[RenderableType]:
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
