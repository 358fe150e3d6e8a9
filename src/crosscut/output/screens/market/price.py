"""Price screen: why one price moved, by event, by part and by limit, on one screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from crosscut.output.screens.market.words import (
    DASH,
    MINUS,
    amount,
    basis_text,
    effect_text,
    event_text,
    form_text,
    interval_text,
    percent,
    short_place,
    signed,
    tonnes,
    unit_text,
)
from crosscut.results.rows import Row

CANCELLING = 2.0  # times the net change: parts that add up to more than this work against each other


def price_screen(found: Mapping[str, Any]) -> RenderableType:
    """The screen of `crosscut why RESULT prices/FORM/PLACE`, from the document that call returns."""
    price = found["price"]
    unit = unit_text(price["unit"])
    heading = Text(f"{form_text(price['form'])} {short_place(found['places'], price['place'])}", style="bold")
    heading.append(f", {basis_text(price['basis'])}, {unit}", style="not bold dim")
    parts: list[RenderableType] = [heading, _levels(price)]
    if price["status"]:
        parts.append(Text(f"Not shared out: {price['status']}.", style="yellow"))
    if price["events"]:
        parts += [Text(""), _by_event(price["events"], price, unit)]
    if price["parts"]:
        parts += [Text(""), _by_part(price["parts"], price, unit)]
    parts += [Text(""), _by_limit(price["limits"], unit), Text(""), _behind(found, price)]
    return Group(*parts)


def _levels(price: Row) -> Text:
    out = Text(f"{amount(price['before'])} -> {amount(price['after'])}")
    if price["change"] is not None:
        out.append(f" ({log_text(price['change'])} in logs)")
    if price["median"] is None:
        return out
    said = f"; 80 % interval of the effect {effect_text(price)}, of the level {interval_text(price)}"
    return out.append(said, style="dim")


def log_text(x: float | None) -> str:
    """A log change with three decimals and its sign.

    >>> log_text(0.2341), log_text(-0.00004), log_text(None)
    ('+0.234', '0', '–')
    """
    if x is None:
        return DASH
    text = f"{x:+.3f}"
    return "0" if abs(x) < 5e-4 else text.replace("-", MINUS)


def error_text(x: float | None) -> str:
    """A standard error with one significant digit.

    >>> error_text(0.00234), error_text(0.0), error_text(None)
    ('0.002', '0', '–')
    """
    if x is None:
        return DASH
    return f"{x:.1g}" if x >= 1e-4 else "0" if x == 0 else "<0.0001"


def _table(*heads: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for k, head in enumerate(heads):
        table.add_column(
            head,
            header_style="dim" if k else "bold",
            justify="right" if k else "left",
            overflow="fold",
            no_wrap=bool(k),
        )
    return table


def _by_event(events: Sequence[Row], price: Row, unit: str) -> RenderableType:
    errors = [e["error"] for e in events if e["error"]]
    cancel = sum(abs(e["part"] or 0.0) for e in events) > CANCELLING * abs(price["change"] or 0.0)
    table = _table("By event", "log", "share", unit, *(["standard error"] if errors else []))
    for e in sorted(events, key=lambda e: -abs(e["part"] or 0.0)):
        cells = [
            log_text(e["part"]),
            DASH if cancel else percent(e["share"]),
            signed(amount(e["amount"]), e["amount"]),
        ]
        table.add_row(
            f"{event_text(e['event'])}: {e['title']}", *cells, *([error_text(e["error"])] if errors else [])
        )
    how = "sampled orders of adding them" if errors else "all orders of adding them, every combination solved"
    text = f"Average over {how}; the parts add up to {log_text(price['change'])}."
    if cancel:
        text += " They work against each other: shares of the small net change would mislead."
    return Group(table, Text(text, style="dim"))


def _by_part(parts: Sequence[Row], price: Row, unit: str) -> RenderableType:
    table = _table("By what it is made of", "before", "after", unit, "log")
    for p in parts:
        name = Text(str(p["name"]))
        inside = [event_text(p["limit"])] if p["limit"] else []
        inside += [f"to {p['goes_to']}"] if p["goes_to"] else []
        if inside:
            name.append(f" ({', '.join(inside)})", style="dim")
        table.add_row(
            name,
            amount(p["before"]),
            amount(p["after"]),
            signed(amount(p["change"]), p["change"]),
            log_text(p["part"]),
        )
    difference = None if price["change"] is None else price["after"] - price["before"]
    table.add_row(
        Text(f"= {price['basis']}", style="bold"),
        amount(price["before"]),
        amount(price["after"]),
        signed(amount(difference), difference),
        log_text(price["change"]),
    )
    return table


def _by_limit(limits: Sequence[Row], unit: str) -> RenderableType:
    if not limits:
        return Text("No limit binds.", style="dim")
    table = _table("By limit that binds", "t passing", "USD a t more", "rent USD M", unit, "log")
    for r in sorted(limits, key=lambda r: (r["part"] is None, -r["rent"])):
        name = Text(event_text(r["limit"]))
        beyond = (
            f"; beyond it USD {amount(r['toll'])} a t, {tonnes(r['last'])} t in all"
            if r["toll"] is not None
            else ""
        )
        name.append(f"\n  {r['kind']} on {r['form']}, {r['where']}; to {r['rent_to']}{beyond}", style="dim")
        table.add_row(
            name,
            tonnes(r["passed"]),
            amount(r["worth"]),
            amount(r["rent"]),
            signed(amount(r["amount"]), r["amount"]),
            log_text(r["part"]),
        )
    note = (
        "The last two columns: what stands in this very price. Other limits move it through the prices of"
        " origins."
    )
    return Group(table, Text(note, style="dim"))


def _behind(found: Mapping[str, Any], price: Row) -> Text:
    counts = f"{len(found['assumptions'])} assumptions, {len(found['facts'])} facts"
    assumed = sum(a["evidence_status"] == "assumed" for a in found["assumptions"])
    text = f"Behind it: {counts} ({assumed} of the assumptions have no source but judgement); "
    others = [f"{r['basis']} {amount(r['median'])}" for r in found["figures"] if r["basis"] != price["basis"]]
    if others:
        text += f"other prices there: {', '.join(others)}; "
    return Text(
        f"{text}with --json they are listed, and `why RESULT {price['form']}` prints those of the form.",
        "dim",
    )
