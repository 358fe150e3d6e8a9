"""Outlook why: the screen of what stands behind a figure of an outlook: plans, years, measures, assumptions,
evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from crosscut.output.screens.market.words import (
    DASH,
    amount,
    day_text,
    interval_text,
    percent,
    signed,
    unit_text,
)
from crosscut.results.rows import Row

MOST_FIGURES = 6
MOST_PLANS = 14
SHARES = (
    "share of what the user uses",
    "share of what is mined in the world",
    "difference of shares",
    "change over the price without",
)


def figure_screen(found: Mapping[str, Any]) -> RenderableType:
    """Figures by case and year, their change by the plans, the plans behind them, the measures in force."""
    years, world = found["years"], found["world"]
    parts: list[RenderableType] = [
        Text(
            f"Result {found['result'][:12]}, world {world['year']} grade {world['grade']}"
            f" {world['hash'][:12]}",
            "dim",
        )
    ]
    groups = _by_label(found["figures"], found["labels"])
    for label, rows in list(groups.items())[:MOST_FIGURES]:
        parts.append(_by_case(label, rows, years))
    if len(groups) > MOST_FIGURES:
        parts.append(
            Text(f"and {len(groups) - MOST_FIGURES} more figures: name more of the row to see one", "dim")
        )
    parts += _effects(found["effects"], years)
    parts += [_plans(found["plans"], years), _measures(found["measures"])]
    return Group(*(x for part in parts for x in (part, Text(""))))


def _by_label(rows: Sequence[Row], labels: Sequence[str]) -> dict[str, list[Row]]:
    out: dict[str, list[Row]] = {}
    for r in rows:
        text = ", ".join(str(r[c]) for c in labels if r[c])
        out.setdefault(f"{text}, {unit_text(r['unit'])}", []).append(r)
    return out


def _table(title: str, heads: Sequence[str]) -> Table:
    table = Table(
        box=None, pad_edge=False, padding=(0, 2, 0, 0), title=title, title_justify="left", title_style="bold"
    )
    for k, head in enumerate(heads):
        table.add_column(head, header_style="dim", overflow="fold", justify="left" if k == 0 else "right")
    return table


def _text(row: Row | None) -> str:
    """Median with the interval in brackets, shares as per cent."""
    if row is None or row["median"] is None:
        return DASH
    if row["unit"] in SHARES:
        low, mid, high = (percent(row[c]) for c in ("p10", "median", "p90"))
        return mid if low == high else f"{mid} ({low} - {high})"
    return amount(row["median"]) + ("" if row["p10"] == row["p90"] else f" ({interval_text(row)})")


def _by_case(label: str, rows: Sequence[Row], years: Sequence[int]) -> RenderableType:
    table = _table(label, ("case", *(str(y) for y in years)))
    for case in dict.fromkeys(r["case"] for r in rows):
        by_year = {r["year"]: r for r in rows if r["case"] == case}
        table.add_row(case, *(_text(by_year.get(y)) for y in years))
    return table


def _effects(rows: Sequence[Row], years: Sequence[int]) -> list[RenderableType]:
    """The same figures against the case without, future by future."""
    out: list[RenderableType] = []
    keys = list(dict.fromkeys((r["what"], r["place"], r["item"], r["unit"]) for r in rows))
    for key in keys[:MOST_FIGURES]:
        mine = [r for r in rows if (r["what"], r["place"], r["item"], r["unit"]) == key]
        table = _table(
            f"What the plans change of it, future by future: {key[3]}", ("case", *(str(y) for y in years))
        )
        for case in dict.fromkeys(r["case"] for r in mine):
            by_year = {r["year"]: r for r in mine if r["case"] == case}
            table.add_row(case, *(_change(by_year.get(y)) for y in years))
        out.append(table)
    return out


def _change(row: Row | None) -> str:
    text = _text(row)
    if row is None or row["median"] is None:
        return text
    return signed(text, row["median"]) + (
        f", up in {percent(row['rises'])}" if 0 < (row["rises"] or 0) < 1 else ""
    )


def _plans(plans: Sequence[Row], years: Sequence[int]) -> RenderableType:
    heads = (
        "plan",
        *(f"mined {y}, t" for y in years),
        "opens",
        "chance",
        "owner",
        "first to",
        "evidence",
        "how it bears",
    )
    table = _table(
        "Plans behind it (tonnes mined: median of the futures; drawn, so 0 where fewer than half have it"
        " open)",
        heads,
    )
    for p in plans[:MOST_PLANS]:
        name = p["name"] + ("" if p["case"] == "all" else f" [{p['case']}]")
        opens = f"{int(p['start'])}" + (f" - {int(p['latest'])}" if p["latest"] > p["start"] else "")
        table.add_row(
            *(
                Text(x)
                for x in (
                    name,
                    *(amount(m) for m in p["mined"]),
                    opens,
                    percent(p["probability"]),
                    p["owners"],
                    p["sells_first"] or DASH,
                    p["evidence_status"],
                    p["bears"],
                )
            )
        )
    more = (
        [Text(f"and {len(plans) - MOST_PLANS} more (--json shows all)", "dim")]
        if len(plans) > MOST_PLANS
        else []
    )
    said = [
        Text(f"  {p['name']}: {p['source']}. {p['note']}", "dim")
        for p in plans[:3]
        if p["bears"] != plans[-1]["bears"] or len(plans) <= 3
    ]
    return Group(table, *more, *said)


def _measures(rows: Sequence[Row]) -> RenderableType:
    table = _table("Measures in force in these years", ("measure", "from", "to", "size", "source"))
    for r in rows:
        size = f"{amount(r['size'])} {r['unit']}" + (
            "" if r["low"] is None else f" ({amount(r['low'])} - {amount(r['high'])})"
        )
        table.add_row(
            *(
                Text(x)
                for x in (
                    r["title"],
                    day_text(r["begins"]) if r["begins"] else "first year",
                    day_text(r["ends"]) if r["ends"] else "until further notice",
                    size,
                    r["source"] or "assumed",
                )
            )
        )
    return table if rows else Text("No measure is in force in these years.", "dim")
