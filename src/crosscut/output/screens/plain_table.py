"""Plain tables: rows as a table of the terminal, numbers to the right, a dash where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.table import Table as TableType


def rows_table(rows: list[dict[str, Any]], columns: tuple[str, ...], title: str) -> TableType:
    """A plain table of rows; numbers to the right."""
    from rich import box
    from rich.table import Table

    out = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for c in columns:
        numbers = all(isinstance(r.get(c), int | float) or r.get(c) is None for r in rows)
        out.add_column(c.replace("_", " "), overflow="fold", justify="right" if rows and numbers else "left")
    for r in rows:
        out.add_row(*(cell(r.get(c)) for c in columns))
    return out


def cell(value: Any) -> str:
    """A value as a cell shows it; a dash where there is none."""
    if value is None:
        return "-"
    return f"{value:,.6g}" if isinstance(value, float) else str(value)
