"""What happens: `run`, `outlook`, and around them `scenarios`, `validate`, `compare`, `why`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crosscut.app import api
from crosscut.app.cli.command import (
    Answer,
    Laying,
    Printing,
    Shown,
    Writing,
    command_for,
    saved,
    show,
)

if TYPE_CHECKING:
    from rich.console import RenderableType


def _with_outlooks(rows: Any) -> list[dict[str, str]]:
    over_years = [{**o, "window": f"{o['years']}, by crosscut outlook"} for o in api.outlooks()]
    return [*rows, *over_years]


def _scenarios(rows: Any, shown: Shown) -> RenderableType:
    from crosscut.output.screens.plain_table import rows_table

    return rows_table(_with_outlooks(rows), ("id", "title", "mineral", "window"), "Scenarios")


def _valid(notes: Any, shown: Shown) -> RenderableType:
    return "\n".join([f"{shown.request.path}: valid", *notes])  # type: ignore[attr-defined]


def _run(document: Any, shown: Shown) -> RenderableType:
    from crosscut.output.screens.market.run import run_screen

    return run_screen(document, shown.files, shown.seconds)


def _forced(document: Any, shown: Shown) -> None:
    """What reading other facts changes, below the run."""
    from crosscut.output.screens.market.comparison import forced_screen

    if shown.request.facts and not shown.options["as_json"]:  # type: ignore[attr-defined]
        show(document, False, lambda: forced_screen(document))


def _outlook(document: Any, shown: Shown) -> RenderableType:
    from crosscut.output.screens.outlook.outlook import outlook_screen

    return outlook_screen(document, shown.files, shown.seconds)


def _compare(document: Any, shown: Shown) -> RenderableType:
    from crosscut.output.screens.market.comparison import comparison_screen

    return comparison_screen(document)


def _why(found: Any, shown: Shown) -> RenderableType:
    from crosscut.output.screens.market.provenance import provenance_screen

    return provenance_screen(found)


scenarios = command_for(
    Answer("scenarios", _scenarios, printed=_with_outlooks),
    help="List the bundled scenarios, and the outlooks over years.",
)
validate = command_for(
    Answer("validate", _valid, printed=lambda notes: {"valid": True, "notes": notes}),
    help="Check a scenario or outlook file against its format and its world.",
)
run = command_for(
    Answer("run", _run, (Writing, Laying, Printing), saved, "solving", after=_forced),
    help="Solve a scenario: prices, flows, shortages, who gains and loses.",
)
outlook = command_for(
    Answer("outlook", _outlook, (Writing, Laying, Printing), saved, "futures"),
    help=(
        "Solve the years to come: prices, supply, and who depends on whom, with and without what is planned."
    ),
)
compare = command_for(Answer("compare", _compare), help="Show what differs between two results.")
why = command_for(
    Answer("why", _why, (Laying, Printing)), help="Show where the numbers of a result come from."
)
