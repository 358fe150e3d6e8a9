"""Exposure screen: where a country's metal comes from and what it loses when the largest origin stops."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from crosscut.output.screens.market.summary import table_rows
from crosscut.output.screens.market.words import (
    DASH,
    amount,
    day_text,
    form_text,
    money,
    percent,
    short_place,
    tonnes,
)
from crosscut.results import Document

ORIGINS = 3  # named per form


def exposure_screen(result: Document) -> RenderableType:
    """One line per form: use, share made abroad, largest origins, concentration, loss if the largest
    stops."""
    inputs = result.inputs
    title = result.title
    what = (
        f"{inputs.mineral} {inputs.world.year} · world grade {inputs.world.grade} · "
        f"{inputs.draws} draws · as of {inputs.world.year}, solved {day_text(result.created_utc)}"
    )
    parts: list[RenderableType] = [Text(title, style="bold"), Text(what, style="dim")]
    if result.status.failed_draws:
        parts.append(
            Text(f"{result.status.failed_draws} solves failed and are left out.", style="bold yellow")
        )
    parts += [Text(""), *_key_figures(result), Text("")]
    parts += [Text(s.text, style="bold yellow") for s in result.statements if s.text_key == "group"]
    parts += [_forms(result), *_published(result), Text("")]
    parts += [Text(s.text) for s in result.statements if s.text_key != "group"]
    limits = [f"{x.what} ({x.bias})" for x in result.limits]
    parts.append(Text("Not in the model", style="bold") + Text("  " + " · ".join(limits), style="not bold"))
    return Group(*parts)


def _key_figures(result: Document) -> list[RenderableType]:
    """The numbers that matter, first; what each leaves out on the line below."""
    if "key_figures" not in result.tables:  # results of versions before this table
        return []
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    table.add_column("", justify="right", no_wrap=True)
    table.add_column("", overflow="fold")
    for r in table_rows(result, "key_figures"):
        words = Text(r["text"])
        kind, _, caveat = r["status"].partition(": ")
        if kind == "flagged":
            words.append(f"\n{caveat}", style="dim")
        table.add_row(Text(_figure(r), style="bold"), words)
    return [table]


ALONE = " alone, no stocks or scrap"  # after the stage that a reliance is of
_PUBLISHED = (
    ("geopolrisk.score", "as reported", "GeoPolRisk score"),
    ("eu.supply_risk", "combined", "EU supply risk"),
    ("reliance.net_import_reliance", ALONE, "net import reliance, "),
)


def _published(result: Document) -> list[RenderableType]:
    """The published indicators on one line, with the command for the rest."""
    if "indicators" not in result.tables:
        return []
    known = {
        (r["indicator"], r["variant"]): r for r in table_rows(result, "indicators") if r["value"] is not None
    }
    said = []
    for indicator, variant, title in _PUBLISHED:
        if variant == ALONE:
            variant = next((v for i, v in known if i == indicator and v.endswith(ALONE)), ALONE)
            title += variant.removesuffix(ALONE)
        if (r := known.get((indicator, variant))) is not None:
            show = percent if r["unit"].startswith("fraction") else amount
            said.append(f"{title} {show(r['value'])} ({show(r['low'])} to {show(r['high'])})")
    asked = result.inputs.scenario
    code = asked.id.removeprefix("exposure-") if asked else ""
    more = f"crosscut indicators {result.inputs.mineral} --country {code}"
    return [
        Text(""),
        Text("By the published methods  ", style="bold") + Text(" · ".join([*said, more]), style="not bold"),
    ]


def _figure(r: Mapping[str, Any]) -> str:
    if r["value"] is None:
        return "unknown"
    usd = r["unit"].startswith("million USD")
    show = percent if r["unit"] == "fraction" else money if usd else amount
    unit = "USD {} M" if usd else "{}"
    text = unit.format(show(r["value"]))
    if r["low"] is None or r["high"] is None or r["low"] == r["high"]:
        return text
    return f"{text} ({show(r['low'])} to {show(r['high'])})"


def _forms(result: Document) -> RenderableType:
    rows = table_rows(result, "concentration")
    if not rows:
        return Text("No form is used there.", style="dim")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("", no_wrap=True)
    table.add_column("uses t", justify="right", header_style="dim")
    table.add_column("imported", justify="right", header_style="dim")
    table.add_column("from (origin-traced)", header_style="dim", overflow="fold")
    table.add_column("HHI", justify="right", header_style="dim")
    table.add_column(
        "if the largest foreign origin stops: short t, cost of the marginal tonne",
        header_style="dim",
        overflow="fold",
    )
    for r in rows:
        table.add_row(
            Text(form_text(r["form"]), style="bold"),
            tonnes(r["use"]),
            percent(r["import_share"]),
            Text(_origins(result, r["form"])),
            amount(r["hhi"]),
            Text(_loss(result, r)),
        )
    return table


def _origins(result: Document, form: str) -> str:
    rows = [r for r in table_rows(result, "exposure") if r["form"] == form][:ORIGINS]
    return ", ".join(
        f"{'own' if r['domestic'] else short_place(result.places, r['origin'])} {percent(r['share'])}"
        for r in rows
    )


def _loss(result: Document, r: Mapping[str, Any]) -> str:
    if r["largest"] is None:
        return f"{DASH} no foreign origin"
    price = f"×{amount(r['price'])}" if r["price"] is not None else f"{DASH} (no price in most draws)"
    short = tonnes(r["short"]) if r["short"] is not None else f"{DASH} (no draw solved)"
    return f"{short_place(result.places, r['largest'])}: {short}, price {price}"
