"""Output: options that commands share, and how rows become a screen or JSON."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    pass

Json = Annotated[bool, typer.Option("--json", help="Print JSON for pipes instead of tables.")]


Workers = Annotated[
    int | None,
    typer.Option("--workers", min=1, help="Processes; the numbers do not depend on it (default: all cores)."),
]


def _use(folder: Path | None) -> Path | None:
    if folder is not None:
        from crosscut.ledger.store.ledger_context import use

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


def refuse_file_as_folder(out: Path) -> None:
    """Raises UserError when `--out` names something that is there and no folder; before anything is
    solved."""
    from crosscut.base.errors import Problem, UserError

    if out.exists() and not out.is_dir():
        raise UserError(Problem(f"{out} is a file", "--out", "a folder"))
