"""Comparison screens: two results side by side, and a run with chosen facts beside the one without them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from crosscut.output.screens.market.words import (
    amount,
    form_text,
    percent,
    short_place,
    signed,
    tonnes,
    unit_text,
)
from crosscut.results import Document

_UNITS = {
    "prices": "",
    "welfare": "million USD a year",
    "outlook_prices": "",
    "outlook_shares": "of what is mined in the world",
    "outlook_dependence": "of what the user uses",
}
_SHARES = ("outlook_shares", "outlook_dependence")
_NOT_LABEL = ("case", "year", "unit", "a", "b", "difference")

SHOWN = 8  # rows of each table
SUFFIX = "_difference"


def comparison_screen(result: Document) -> RenderableType:
    """The rows that differ most in every table compared, in the order of the document.

    `result` is what `crosscut compare` returns: tables `NAME_difference` with the medians `a` and `b` and
    their `difference`, each null where a result has no number. Such rows come first: they cannot be measured.
    """
    parts: list[RenderableType] = [Text(result.title, style="bold")]
    parts += [Text(s.text, style="dim") for s in result.statements]
    for name, table in result.tables.items():
        if name.endswith(SUFFIX):
            parts += [Text(""), _differences(result, name.removesuffix(SUFFIX), table.rows)]
    return Group(*parts)


def _differences(result: Document, name: str, rows: Sequence[Mapping[str, Any]]) -> RenderableType:
    unit = _UNITS.get(name, "t contained a year")
    title = Text(form_text(name), style="bold") + Text(f"  {unit}", style="not bold dim")
    if not rows:
        return Group(title, Text("  no difference", style="dim"))
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("", overflow="fold")
    for head in ("a", "b", "difference"):
        table.add_column(head, justify="right", header_style="dim", no_wrap=True)
    as_text = _number(name)
    for r in rows[:SHOWN]:
        table.add_row(Text(f"  {_label(result, r)}"), as_text(r["a"]), as_text(r["b"]), _change(name, r))
    more = [Text(f"  and {len(rows) - SHOWN} more rows", style="dim")] if len(rows) > SHOWN else []
    return Group(title, table, *more)


def _change(name: str, r: Mapping[str, Any]) -> str:
    if r["difference"] is None:
        return "only in b" if r["a"] is None else "only in a"
    if name.endswith("prices") and r["a"]:
        relative = r["difference"] / r["a"]
        return signed(percent(relative), relative)
    text = _number(name)(r["difference"])
    return signed(text.replace(" %", " points") if name in _SHARES else text, r["difference"])


def _number(name: str) -> Callable[[float | None], str]:
    """How a median of the table is written."""
    if name in _SHARES:
        return percent
    return amount if name.endswith("prices") or name == "welfare" else tonnes


def _label(result: Document, r: Mapping[str, Any]) -> str:
    if "year" in r:
        names = result.places
        parts = [names.get(v, v) for k, v in r.items() if k not in _NOT_LABEL and isinstance(v, str) and v]
        return f"{r['year']:.0f} {r['case']}: {', '.join(parts)}"
    if "origin" in r:
        to = "own use" if r["origin"] == r["destination"] else short_place(result.places, r["destination"])
        return f"{form_text(r['form'])}: {short_place(result.places, r['origin'])} -> {to}"
    if "basis" in r:
        place = short_place(result.places, r["place"])
        return f"{form_text(r['form'])} {place}, {r['basis']}, {unit_text(r['unit'])}"
    where = short_place(result.places, r["country"])
    rest = r.get("use") or r.get("source") or r.get("item") or ""
    what = "all uses" if rest == "all" else rest
    return f"{form_text(r['form'])} {where}, {what}" if "form" in r else f"{where}, {what}"


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
