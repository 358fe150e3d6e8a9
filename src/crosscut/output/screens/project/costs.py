"""Costs: the cost curve of a result as tables on a screen."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rich.console import Group, RenderableType
from rich.text import Text

from crosscut.base.number_text import fixed
from crosscut.output.screens.market.words import DASH, amount, percent
from crosscut.output.screens.project.words import plain_table, short
from crosscut.results import Document

STATED = "stated by a source"
ORDER = ("this project", "curve", "another figure", "claim", "unknown")
TITLES = {
    "curve": "On the curve",
    "another figure": "Other figures of the same mines",
    "claim": "Claims about many mines together: the cost of none of them",
    "unknown": "Nothing known",
}


def costs_screen(
    result: Document, files: Iterable[str | Path] = (), seconds: float | None = None
) -> RenderableType:
    """How much is known, where every deposit lies, and every figure."""
    del seconds
    said = [Text(s.text) for s in result.statements if s.text_key == "cost_curve"]
    where = [Text(" · ".join(str(f) for f in files if str(f).endswith(("html", "json"))))] if files else []
    limits = [Text(f"- {x.what} ({x.bias})", style="dim") for x in result.limits]
    title = Text(result.title, style="bold")
    return Group(
        title,
        *said,
        Text(""),
        places_table(result),
        Text(""),
        figures_table(result),
        Text(""),
        *limits,
        *where,
    )


def places_table(result: Document) -> RenderableType:
    """One line a deposit: its cost, and how much is cheaper."""
    rows = result.rows("project_cost_place")
    out = plain_table(
        f"Deposits by cash cost at the mine's gate, {short(rows[0]['unit'])}, and how much is cheaper."
        " On the curve stands what a source states (*), else what the project file adds up to."
    )
    out.add_column("", overflow="fold")
    out.add_column("on the curve", justify="right", header_style="dim", no_wrap=True)
    out.add_column("by project file (10 to 90 %)", justify="right", header_style="dim", overflow="fold")
    out.add_column("of known kt W", justify="right", header_style="dim", no_wrap=True)
    out.add_column("of the world", justify="right", header_style="dim", no_wrap=True)
    for r in rows:
        out.add_row(
            Text(r["project"].split(",")[0] + (" <" if r["this"] else "")),
            f"{fixed(r['cost'])}{'*' if r['basis'] == STATED else ''}",
            f"{fixed(r['rebuilt'])} ({fixed(r['rebuilt_low'])} to {fixed(r['rebuilt_high'])})",
            f"{r['cheaper'] / 1000:.1f} of {r['known'] / 1000:.1f}",
            f"{percent(r['least'])} to {percent(r['most'])}",
        )
    return out


def figures_table(result: Document) -> RenderableType:
    """Every figure of the curve, the cheapest first within its kind."""
    rows = result.rows("project_costs")
    out = plain_table(f"What it costs to mine, {rows[0]['unit']}")
    for name, side in (
        ("", "left"),
        ("cost", "right"),
        ("t W a year", "right"),
        ("as stated", "left"),
        ("evidence", "left"),
    ):
        out.add_column(name, justify=side, header_style="dim", overflow="fold")  # type: ignore[arg-type]
    for kind in ORDER:
        mine = sorted((r for r in rows if r["kind"] == kind), key=lambda r: r["cost"] or 0.0)
        if mine and kind in TITLES:
            out.add_row(Text(TITLES[kind], style="bold"))
        for r in mine:
            cost = DASH if r["cost"] is None else fixed(r["cost"])
            one = r["low"] is None or r["low"] == r["high"]
            spread = "" if one else f" ({fixed(r['low'])} to {fixed(r['high'])})"
            out.add_row(
                Text(r["project"].split(",")[0]),
                cost + spread,
                amount(r["output"]),
                r["stated"] or r["what"],
                r["evidence_status"],
            )
    return out
