"""Screen of a run with forced facts: what was read instead, and what it does to the headline prices."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from crosscut.output.screens.market.words import amount, percent, unit_text
from crosscut.results import Document


def forced_screen(result: Document) -> RenderableType | None:
    """The two tables of a run with forced facts; None for any other result."""
    if "forced_facts" not in result.tables:
        return None
    facts = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for head in ("read by choice", "value", "instead of", "source"):
        facts.add_column(head, header_style="dim", overflow="fold")
    for r in result.rows("forced_facts"):
        facts.add_row(
            f"{r['what']} ({r['fact']})",
            f"{amount(r['value'])} {unit_text(r['unit'])}",
            amount(r["default"]),
            r["source"],
        )
    prices = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for head in ("price", "before: picked", "chosen", "median after: picked", "chosen", "change"):
        prices.add_column(head, header_style="dim", justify="left" if head == "price" else "right")
    for r in result.rows("forced_prices"):
        label = f"{r['form']} {r['place']} {r['basis']}, {unit_text(r['unit'])}"
        numbers = (r["default_base"], r["base"], r["default_median"], r["median"])
        prices.add_row(label, *(amount(n) for n in numbers), percent(r["change"]))
    return Group(
        Text("\nWith these facts instead of those the ledger picks", style="bold"), facts, Text(""), prices
    )
