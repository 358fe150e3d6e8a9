"""World screen: a mineral in a year on one page of the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from crosscut.output.screens.market.summary import table_rows
from crosscut.output.screens.market.words import (
    DASH,
    amount,
    form_text,
    percent,
    short_place,
    tonnes,
    unit_text,
)
from crosscut.results import Document
from crosscut.results.rows import Row

TOP = 3
LISTED = 5  # moves and parameters written out
NOTHING = 0.5  # t; a smaller balance of trade is not news


def world_screen(result: Document, files: Iterable[str | Path] = ()) -> RenderableType:
    """Chain, makers, users, trade, what it rests on, what was moved, how it behaves, what is missing."""
    inputs = result.inputs
    world = inputs.world
    heading = Text(f"{form_text(inputs.mineral)} in {world.year}", style="bold")
    grade, *notes = [s.text for s in result.statements if s.text_key != "screening"] or [""]
    warning = [Text(s.text, style="bold yellow") for s in result.statements if s.text_key == "screening"]
    parts: list[RenderableType] = [
        heading,
        Text(
            f"world grade {world.grade} · t a year of contained metal · origins traced through re-exports",
            "dim",
        ),
        *warning,
        Text(""),
        _forms(result),
        *_processes(result),
        Text(""),
        _trade(result),
        Text(""),
        _rests(result, grade),
        Text(""),
        _moved(result),
        Text(""),
        _behaviour(result),
        Text(""),
        _said("Missing", [f"{x.what} ({x.bias})" for x in result.limits]),
        _said("Notes", notes),
    ]
    named = [str(f) for f in files if not str(f).endswith((".csv", ".parquet"))]
    parts.append(
        Text("\n" + " · ".join([*named, f"ask further: crosscut facts {inputs.mineral}"]), style="dim")
    )
    return Group(*parts)


def _table(*heads: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for head in heads:
        numeric = head in ("made", "crosses borders", "final use", "share of use")
        table.add_column(head, header_style="dim", justify="right" if numeric else "left", overflow="fold")
    return table


def _ranked(result: Document, table: str, form: str, column: str = "tonnes") -> list[tuple[str, float]]:
    """Places by their sum over the rows of a form, largest first."""
    sums: dict[str, float] = {}
    for r in table_rows(result, table):
        if r["form"] == form:
            sums[r["country"]] = sums.get(r["country"], 0.0) + r[column]
    return sorted(sums.items(), key=lambda item: -item[1])


def _largest(result: Document, table: str, form: str) -> str:
    ranked = _ranked(result, table, form)
    whole = sum(t for _, t in ranked)
    if not whole:
        return DASH
    return ", ".join(f"{short_place(result.places, c)} {percent(t / whole)}" for c, t in ranked[:TOP])


def _forms(result: Document) -> RenderableType:
    table = _table("form", "made", "crosses borders", "final use", "price", "makers", "users")
    for r in table_rows(result, "chain"):
        table.add_row(
            Text(form_text(r["form"]), style="bold"),
            tonnes(r["made"]),
            tonnes(r["crossing"]),
            tonnes(r["final_use"]),
            f"{amount(r['price'])} {unit_text(r['unit'])}",
            _largest(result, "makers", r["form"]),
            _largest(result, "users", r["form"]),
        )
    return table


def _processes(result: Document) -> list[RenderableType]:
    return [
        Text(
            f"  {r['title']}: {r['takes']} -> {r['makes']}, {tonnes(r['activity'])} t a year in"
            f" {r['places']:g} places",
            "dim",
        )
        for r in table_rows(result, "processes")
    ]


def _trade(result: Document) -> RenderableType:
    table = _table("trade balance", "sell more than they buy", "buy more than they sell", "share of use")
    for form in dict.fromkeys(r["form"] for r in table_rows(result, "trade_balance")):
        rows = [
            r for r in table_rows(result, "trade_balance") if r["form"] == form and abs(r["net"]) > NOTHING
        ]
        if not rows:
            continue
        sellers = sorted((r for r in rows if r["net"] > 0), key=lambda r: -r["net"])[:TOP]
        buyers = sorted((r for r in rows if r["net"] < 0), key=lambda r: r["net"])[:TOP]
        table.add_row(
            form_text(form),
            ", ".join(f"{short_place(result.places, r['country'])} +{tonnes(r['net'])}" for r in sellers)
            or DASH,
            ", ".join(f"{short_place(result.places, r['country'])} {tonnes(r['net'])}" for r in buyers)
            or DASH,
            ", ".join(percent(r["import_share"]) for r in buyers) or DASH,
        )
    return Group(
        table, Text("share of use: of what the largest buyers use, the part made elsewhere", style="dim")
    )


def _rests(result: Document, grade: str) -> RenderableType:
    table = _table("rests on", "", "t", "evidence")
    found: dict[tuple[str, str], list[Row]] = {}
    for r in table_rows(result, "coverage"):
        found.setdefault((r["kind"], r["form"]), []).append(r)
    for (kind, form), rows in found.items():
        said = ", ".join(f"{percent(r['share'])} {r['evidence_status']} ({r['figures']:g})" for r in rows)
        table.add_row(kind, form_text(form).lower(), tonnes(sum(r["tonnes"] for r in rows)), said)
    return Group(Text(grade), table)


def _moved(result: Document) -> RenderableType:
    moves = table_rows(result, "moves")
    if not moves:
        return _said("Moved or repaired", ["nothing"])
    ranked = sorted(moves, key=lambda m: -max(m["before"] or 0.0, m["after"] or 0.0))
    said = [
        f"{m['cell']}: {tonnes(m['before'])} -> {tonnes(m['after'])} t, {m['reason']}"
        for m in ranked[:LISTED]
    ]
    more = [f"and {len(moves) - LISTED} more"] if len(moves) > LISTED else []
    return _said(f"Moved or repaired ({len(moves)})", said + more)


def _behaviour(result: Document) -> RenderableType:
    rows = result.assumptions
    counted = Counter(a.evidence_status for a in rows)
    title = f"Behaves by {len(rows)} parameters ({', '.join(f'{n} {s}' for s, n in counted.most_common())})"
    said = [
        f"{a.id.replace('/', ' ')} {amount(a.value)} ({amount(a.low)} - {amount(a.high)},"
        f" {a.evidence_status})"
        for a in rows
    ]
    return _said(title, said)


def _said(title: str, phrases: list[str]) -> RenderableType:
    return Text(title, style="bold") + Text("  " + " · ".join(phrases or [DASH]), style="not bold")
