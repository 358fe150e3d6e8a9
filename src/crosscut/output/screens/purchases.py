"""Purchases screen: what a company's buying is exposed to, the figures that matter first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from crosscut.base.number_text import MINUS, significant
from crosscut.output.files import named_files
from crosscut.output.screens.indicators import gaps, values
from crosscut.output.screens.market.summary import table_rows
from crosscut.output.screens.market.words import (
    DASH,
    amount,
    day_text,
    form_text,
    percent,
    short_place,
    tonnes,
)
from crosscut.output.screens.purchases_reading import how_read, refused_lines
from crosscut.results import Document

ONE_DIGIT = "one digit"  # of a status: an order of size
BEYOND = "above what part of the users"  # of a status: the price has no meaning as a bill
SPAN = ("", "_low", "_high")
SCALES = ((1.0, "USD"), (1e3, "thousand USD"), (1e6, "million USD"))


def purchases_screen(result: Document, files: Sequence[str] = ()) -> RenderableType:
    """The headline figures, then stops, what is bought, measures, other sellers, stocks and the governance
    index."""
    inputs = result.inputs
    what = (
        f"{inputs.mineral} · market of {inputs.world.year} · {inputs.draws} draws ·"
        f" {day_text(result.created_utc)}"
    )
    parts: list[RenderableType] = [Text(result.title, style="bold"), Text(what, style="dim"), Text("")]
    parts += [_summary(result), Text("")]
    for title, table in (
        ("If a supplier country sells none abroad for a year", _stops(result)),
        ("What you buy", _flows(result)),
        ("Measures in force on it", _measures(result)),
        ("Who else sells it", _alternatives(result)),
        ("Public stocks", _cover(result)),
        ("Published index: GeoPolRisk of a company", _index(result)),
        ("Lines with a remark", _lines(result)),
    ):
        if table is not None:
            parts += [Text(title, style="bold"), table, Text("")]
    parts += refused_lines(result)
    for key, lead in (("not_known", "No governance figure: "), ("note", "")):
        parts += [Text(f"{lead}{s.text}", style="yellow") for s in result.statements if s.text_key == key]
    parts += [Text(""), *how_read(result), Text("")]
    limits = [f"{x.what} ({x.bias})" for x in result.limits]
    parts.append(Text("Not in it", style="bold") + Text("  " + " · ".join(limits), style="not bold"))
    parts += [Text(f"Files: {', '.join(named_files(files))}", style="dim")] if files else []
    return Group(*parts)


def _grid(*columns: tuple[str, str]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for title, side in columns:
        numeric = side == "right"
        table.add_column(
            title,
            justify="right" if numeric else "left",
            header_style="dim",
            overflow="fold",
            no_wrap=numeric,
        )
    return table


def _summary(result: Document) -> RenderableType:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    table.add_column("", justify="right", no_wrap=True)
    table.add_column("", overflow="fold")
    for r in table_rows(result, "purchase_summary"):
        words = Text(r["text"])
        kind, _, caveat = r["status"].partition(": ")
        if kind != "ok":
            words.append(f"\n{caveat}", style="dim")
        table.add_row(Text(_figure(r), style="bold"), words)
    return table


def _figure(r: Mapping[str, Any]) -> str:
    """Value and interval; what the market says of money has two digits at most, as everywhere."""
    if r["value"] is None:
        return "unknown"
    if r["unit"] == "fraction":
        return percent(r["value"])
    digits = 1 if ONE_DIGIT in r["status"] else 2
    if r["low"] is None:
        return f"USD {amount(r['value'])}"
    value, *ends = (_usd(r[k], digits) for k in ("value", "low", "high"))
    return f"USD {value}" + (f"\n{' to '.join(ends)}" if ends else "")


def _stops(result: Document) -> RenderableType | None:
    rows = table_rows(result, "purchase_stops")
    known = [r for r in rows if r["short"] is not None]
    largest = max((abs(r[f"extra_usd{e}"] or 0.0) for r in known for e in SPAN), default=0.0)
    scale, unit = next(s for s in SCALES if largest < s[0] * 1e5 or s is SCALES[-1])
    table = _grid(
        ("", "left"),
        ("chance", "right"),
        (f"more, {unit}", "right"),
        ("of spend", "right"),
        ("users lose", "right"),
    )
    for r in known:
        digits = 1 if ONE_DIGIT in r["status"] else 2
        table.add_row(
            f"{short_place(result.places, r['supplier'])}, {r['mineral']}",
            percent(r["chance"]),
            _interval(r, "extra_usd", lambda x, d=digits: _usd(x / scale, d)),
            percent(r["extra_usd"] / r["usd"]) if r["extra_usd"] is not None and r["usd"] else "",
            _interval(r, "short", percent),
        )
    told = "more: what the same tonnes of the mineral, from whomever you buy them, then cost more a year"
    beyond = [r for r in rows if r["status"].startswith("missing")] + [
        r for r in known if BEYOND in r["status"]
    ]
    notes = [Text(told, style="dim")] if known else []
    return Group(*([table] if known else []), *notes, *_reasons(result, beyond, "supplier")) if rows else None


def _interval(r: Mapping[str, Any], column: str, show: Any) -> str:
    value, low, high = (r[f"{column}{end}"] for end in SPAN)
    if value is None:
        return DASH
    if low is None or show(low) == show(high):
        return str(show(value))
    return f"{show(value)} ({show(low)} to {show(high)})"


def _flows(result: Document) -> RenderableType:
    table = _grid(
        ("", "left"),
        ("t", "right"),
        ("USD", "right"),
        ("price if it stops", "right"),
        ("in force", "left"),
    )
    rows = table_rows(result, "purchase_flows")
    for r in rows:
        form = f" {r['form']}" if r["form"] else ""
        table.add_row(
            f"{form_text(r['mineral'])}{form}, {short_place(result.places, r['supplier'])}",
            tonnes(r["tonnes"]),
            amount(r["usd"]),
            f"×{_interval(r, 'price', amount)}" if r["price"] is not None else DASH,
            ", ".join(dict.fromkeys(m.split(" ")[0] for m in r["measures"].split("; "))) or "none on record",
        )
    flagged = [r for r in rows if r["status"].startswith("flagged")]
    return Group(table, *_reasons(result, flagged, "supplier"))


def _reasons(result: Document, rows: Sequence[Mapping[str, Any]], place: str) -> list[Text]:
    """One line a reason, with whom it concerns."""
    found: dict[str, list[str]] = {}
    for r in rows:
        kind, _, why = r["status"].partition(": ")
        if kind != "ok" and why and not why.endswith(ONE_DIGIT):
            found.setdefault(why, []).append(f"{r['mineral']} from {short_place(result.places, r[place])}")
    return [Text(f"{', '.join(dict.fromkeys(named))}: {why}", style="yellow") for why, named in found.items()]


def _measures(result: Document) -> RenderableType | None:
    rows = table_rows(result, "purchase_measures")
    if not rows:
        return None
    table = _grid(("", "left"), ("", "left"))
    table.show_header = False
    for r in rows:
        size = f" ({r['size']})" if r["size"] else ""
        on = f" on {r['forms']}" if r["forms"] else ""
        words = Text(f"{r['instrument']}{on}{size}, since {day_text(r['since'])}. ")
        words.append(f"Reaches you: {r['reaches']}. ", style="bold" if r["reaches"].startswith("yes") else "")
        words.append(f"{r['source']} ({r['evidence_status']})", style="dim")
        table.add_row(f"{short_place(result.places, r['supplier'])}, {r['mineral']}", words)
    return table


def _alternatives(result: Document) -> RenderableType | None:
    rows = table_rows(result, "purchase_alternatives")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    table.add_column("", no_wrap=True)
    table.add_column("", overflow="fold")
    for key in dict.fromkeys((r["mineral"], r["form"]) for r in rows):
        listed = ", ".join(
            f"{short_place(result.places, r['country'])} {percent(r['share'])}"
            f"{' (yours)' if r['bought'] else ''}{' [' + r['measures'] + ']' if r['measures'] else ''}"
            for r in rows
            if (r["mineral"], r["form"]) == key
        )
        table.add_row(f"{form_text(key[0])}, {key[1]}", Text(listed))
    note = Text(
        "Share of the world's exports, re-exports taken out; measures on record in brackets.", style="dim"
    )
    return Group(table, note) if rows else None


def _cover(result: Document) -> RenderableType | None:
    rows = table_rows(result, "purchase_cover")
    table = _grid(("", "left"), ("weeks of use", "right"), ("", "left"))
    for r in rows:
        table.add_row(form_text(r["mineral"]), amount(r["weeks"]), r["what"])
    return table if rows else None


def _index(result: Document) -> RenderableType | None:
    rows = table_rows(result, "indicators")
    if not rows:
        return None
    parts: list[RenderableType] = []
    for mineral in dict.fromkeys(r["mineral"] for r in rows):
        of = [r for r in rows if r["mineral"] == mineral]
        known = [r for r in of if r["value"] is not None]
        parts += [Text(form_text(mineral)), *([values(result, known)] if known else []), gaps(result, of)]
    return Group(*parts)


def _lines(result: Document) -> RenderableType | None:
    """One line a remark, with the lines of the file that it is about."""
    found: dict[str, list[str]] = {}
    for r in table_rows(result, "purchases"):
        if r["status"] != "ok":
            remark = r["status"].partition(": ")[2]
            found.setdefault(remark, []).append(f"{r['line']:.0f}")
    table = _grid(("line", "left"), ("", "left"))
    for remark, lines in found.items():
        table.add_row(", ".join(lines), Text(remark, style="yellow"))
    return table if found else None


def _usd(x: float, digits: int) -> str:
    """Dollars with so many digits; what rounds to less than a dollar is told as that."""
    if 0 < abs(x) < 1:
        return "<1" if x > 0 else f">{MINUS}1"
    return amount(significant(x, digits))
