"""`crosscut data`: what figures are in use, fetching newer ones, seeing what they change, taking them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from crosscut.app.cli.command import Answer, Shown, command_for

if TYPE_CHECKING:
    from rich.console import RenderableType

app = typer.Typer(
    no_args_is_help=True,
    help="Reference data: what is in use, how old it is, and newer figures from their owners.",
)


def _status(found: Any, shown: Shown) -> RenderableType:
    from crosscut.output.screens.facts.data import status_screen

    return status_screen(found)


def _pulled(found: Any, shown: Shown) -> RenderableType:
    from crosscut.output.screens.facts.data import pulled_screen

    return pulled_screen(found)


def _difference(found: Any, shown: Shown) -> RenderableType:
    from crosscut.output.screens.facts.data import difference_screen

    return difference_screen(found)


def _accepted(found: Any, shown: Shown) -> RenderableType:
    from crosscut.output.screens.facts.data import accepted_screen

    return accepted_screen(found)


def _reverted(found: Any, shown: Shown) -> RenderableType:
    now = f"version {found['version']}" if found["version"] else "the bundled copy"
    return f"{found['source']}: {now} is in use"


app.command("status")(
    command_for(
        Answer("data_status", _status),
        help="Show which figures are in use, how old they are, and what waits to be accepted.",
    )
)
app.command("pull")(
    command_for(
        Answer("data_pull", _pulled),
        help="Fetch newer figures and stage them; what they change is shown, nothing is used until accepted.",
    )
)
app.command("diff")(
    command_for(
        Answer("data_diff", _difference),
        help="Show what a staged version changes: rows, totals, the largest changes, headline prices.",
    )
)
app.command("accept")(
    command_for(Answer("data_accept", _accepted), help="Use the staged version of a source from now on.")
)
app.command("revert")(
    command_for(
        Answer("data_revert", _reverted),
        help="Go back to the version that was in use before, or to the bundled figures.",
    )
)
