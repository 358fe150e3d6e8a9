"""Output: options that commands share, and how rows become a screen or JSON."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import RenderableType

Json = Annotated[bool, typer.Option("--json", help="Print JSON for pipes instead of tables.")]


Workers = Annotated[
    int | None,
    typer.Option("--workers", min=1, help="Processes; the numbers do not depend on it (default: all cores)."),
]


def _use(folder: Path | None) -> Path | None:
    if folder is not None:
        from crosscut.facts.reading import use

        use(folder)
    return folder


Workspace = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        callback=_use,
        help="Folder of your own facts, laid over the bundled ones (also the variable CROSSCUT_WORKSPACE).",
    ),
]


def show(document: Any, as_json: bool, screen: Any) -> None:
    """Prints a document as JSON, or the screen that `screen()` makes."""
    if as_json:
        from crosscut.results import to_text

        sys.stdout.write(to_text(document))
        return
    from rich.console import Console

    Console(highlight=False).print(screen())


def rows_table(rows: list[dict[str, Any]], columns: tuple[str, ...], title: str) -> RenderableType:
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


def refuse_file_as_folder(out: Path) -> None:
    """Raises UserError when `--out` names something that is there and no folder; before anything is
    solved."""
    from crosscut.errors import Problem, UserError

    if out.exists() and not out.is_dir():
        raise UserError(Problem(f"{out} is a file", "--out", "a folder"))
