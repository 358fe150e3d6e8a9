"""Choices: the lines of a project's screen on waiting, phasing and abandoning, and on its coupling with the
market."""

from __future__ import annotations

from rich.table import Table

from crosscut.output.screens.market.words import amount, percent
from crosscut.results import Document

NAMES = {"wait": "wait", "phase": "build in two halves", "abandon": "abandon"}


def choices_table(result: Document) -> Table:
    """What each choice is worth beside deciding today, with its error; how often and when it is taken."""
    rows = result.rows("project_choices")
    out = Table(
        box=None,
        pad_edge=False,
        padding=(0, 2, 0, 0),
        title_justify="left",
        title_style="bold",
        title=(
            f"What it is worth to be free: mean over {rows[0]['draws']:,} draws, {rows[0]['unit']}, after tax"
        ),
    )
    for name in ("may", "decided now", "with the choice", "gain", "never taken", "else in"):
        out.add_column(name, justify="left" if name == "may" else "right")
    for r in rows:
        out.add_row(
            NAMES.get(r["choice"], r["choice"]),
            amount(r["now"]),
            f"{amount(r['value'])} ± {amount(r['error'])}",
            amount(round(r["gain"], 6)),
            percent(r["never"]),
            "–" if r["median_year"] is None else f"{r['median_year']:.0f}",
        )
    return out
