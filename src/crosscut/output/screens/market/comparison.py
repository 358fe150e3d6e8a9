"""Comparison screen: two results side by side, from a comparison document."""

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
