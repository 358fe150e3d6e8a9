"""Comparison: where two results differ most, row by row, as data and on the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from crosscut.report.words import amount, form_text, place_text, signed, tonnes, unit_text

Result = Mapping[str, Any]

# table -> the columns that name a row
KEYS: dict[str, tuple[str, ...]] = {
    "prices": ("form", "place", "basis", "unit"),
    "flows": ("form", "origin", "destination"),
    "shortages": ("form", "country", "use"),
}


@dataclass(frozen=True)
class Difference:
    """One row of two results: the medians and their difference; None where a result has no number.

    `status` says why there is no difference ("only in the first", "only in the second", "no value").
    """

    key: tuple[str, ...]
    first: float | None
    second: float | None
    difference: float | None
    relative: float | None
    status: str


def differences(first: Result, second: Result, table: str) -> list[Difference]:
    """Rows of a table whose medians differ, largest first: prices by ratio, tonnes by tonnes.

    Rows that only one result has, or where one has no value, come first: they cannot be measured, so they are not
    dropped. Raises KeyError for a table that is not compared (see KEYS).
    """
    a, b = _medians(first, table), _medians(second, table)
    out = []
    for key in {**a, **b}:
        x, y = a.get(key), b.get(key)
        if x is None and y is None:
            continue  # neither says anything
        if x is None or y is None:
            status = (
                "no value in one" if key in a and key in b else f"only in the {'first' if key in a else 'second'}"
            )
            out.append(Difference(key, x, y, None, None, status))
        elif x != y:
            out.append(Difference(key, x, y, y - x, y / x - 1 if x else None, ""))

    def size(d: Difference) -> float:
        if d.difference is None:
            return float("inf")
        if table == "prices" and d.relative is not None:
            return abs(d.relative)
        return abs(d.difference)

    return sorted(out, key=lambda d: (-size(d), d.key))


def _medians(result: Result, table: str) -> dict[tuple[str, ...], float | None]:
    rows = result["tables"].get(table, {"rows": []})["rows"]
    return {tuple(str(r[c]) for c in KEYS[table]): r["median"] for r in rows}


def comparison_screen(first: Result, second: Result, shown: int = 8) -> RenderableType:
    """Two results side by side: what they were computed from, and the rows that differ most."""
    parts: list[RenderableType] = [_inputs(first, second)]
    places = {"places": {**second["places"], **first["places"]}}
    for table in KEYS:
        found = differences(first, second, table)
        parts += [Text(""), _table(places, table, found, shown)]
    return Group(*parts)


def _inputs_of(result: Result) -> dict[str, str]:
    inputs, status, horizon = result["inputs"], result["status"], result["horizon"]
    world = inputs["world"]
    return {
        "scenario": (inputs["scenario"] or {}).get("title") or "none",
        "world": f"{inputs['mineral']} {world['year']}, grade {world['grade']}, {world['hash'][:8]}",
        "draws": f"{inputs['draws']} (seed {inputs['seed']}), {status['failed_draws']} failed",
        "window": f"{horizon['from']} to {horizon['to']}",
        "program": f"crosscut {inputs['code']}",
    }


def _inputs(first: Result, second: Result) -> RenderableType:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("")
    table.add_column("first", header_style="bold", overflow="fold")
    table.add_column("second", header_style="bold", overflow="fold")
    other = _inputs_of(second)
    for label, x in _inputs_of(first).items():
        table.add_row(
            Text(label, style="dim"), Text(x), Text(other[label], style="" if x == other[label] else "yellow")
        )
    return table


def _table(places: Result, name: str, found: list[Difference], shown: int) -> RenderableType:
    unit = {"prices": "", "flows": "t contained a year", "shortages": "t contained a year"}[name]
    title = Text(form_text(name), style="bold") + Text(f"  {unit}", style="not bold dim")
    if not found:
        return Group(title, Text("  no difference", style="dim"))
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("", overflow="fold")
    for head in ("first", "second", "difference"):
        table.add_column(head, justify="right", header_style="dim", no_wrap=True)
    as_text = amount if name == "prices" else tonnes
    for d in found[:shown]:
        if d.difference is None:
            change = d.status
        elif name == "prices" and d.relative is not None:
            change = signed(f"{amount(100 * d.relative)} %", d.relative)
        else:
            change = signed(as_text(d.difference), d.difference)
        table.add_row(Text(_label(places, name, d.key)), as_text(d.first), as_text(d.second), change)
    more = len(found) - shown
    return Group(title, table, *([Text(f"  and {more} more rows differ", style="dim")] if more > 0 else []))


def _label(places: Result, name: str, key: tuple[str, ...]) -> str:
    if name == "prices":
        form, where, basis, unit = key
        return f"{form_text(form)} {place_text(places, where)}, {basis}, {unit_text(unit)}"
    if name == "flows":
        form, origin, destination = key
        to = "own use" if origin == destination else place_text(places, destination)
        return f"{form_text(form)}: {place_text(places, origin)} -> {to}"
    form, country, use = key
    return f"{form_text(form)} {place_text(places, country)}, {'all uses' if use == 'all' else use}"
