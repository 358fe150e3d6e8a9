"""Facility screens: the list behind the map, and the sheet of one facility."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from crosscut.output.page.facility_map import Sheet
from crosscut.output.screens.market.words import DASH


def facilities_screen(
    mineral: str, sheets: Sequence[Sheet], control: Sequence[Mapping[str, Any]], files: Sequence[str] = ()
) -> RenderableType:
    """Control by rule, unknown first; then one line a facility: who, where, what, controlled from where."""
    placed = [s for s in sheets if s["lat"] is not None]
    published = sum(s["placed"] == "published" for s in placed)
    rules = Table(
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        title="Controlled mine output: rules, never added",
        title_justify="left",
    )
    for c, right in (
        ("rule", False),
        ("unknown", True),
        ("largest known", False),
        ("counts a tonne for", False),
    ):
        rules.add_column(c, justify="right" if right else "left", overflow="fold")
    for r in control:
        top = ", ".join(f"{c} {v:.1%}" for c, v in list(r["countries"].items())[:3])
        rules.add_row(r["rule"], f"{r['unknown']:.1%}", top, r["means"])
    out = Table(
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        expand=True,
        title_justify="left",
        title=(
            f"{len(sheets)} mines, deposits and plants of {mineral}; {len(placed)} with coordinates "
            f"({published} published, the others recalled and marked ~)"
        ),
    )
    out.add_column("facility", overflow="fold", ratio=1)
    for c, width in (("lat, lon", 15), ("capacity", 18), ("grade", 12), ("controlled from", 26)):
        out.add_column(c, overflow="fold", max_width=width)
    for s in sheets:
        what = Text(f"{s['id']} {s['name']}, {s['country']}")
        what.append(f"\n  {s['type']}, {_first(s, 'status')}", style="dim")
        where = (
            DASH
            if s["lat"] is None
            else f"{'' if s['placed'] == 'published' else '~'}{s['lat']:.2f}, {s['lon']:.2f}"
        )
        who = Text(s["control"]["country"] or "unknown")
        who.append(f" ({s['control']['share_known']:.0%} known)\n", style="dim").append(
            _short(s), style="dim"
        )
        out.add_row(what, where, _first(s, "capacity"), _first(s, "grade"), who)
    written = (
        [Text(f"Written: {' · '.join(files)}")]
        if files
        else [Text("--out DIR writes map.html and facilities.geojson", "dim")]
    )
    return Group(rules, out, *written)


def facility_screen(sheet: Sheet, how: str, matched: str) -> RenderableType:
    """One facility: how the name was read, its names, place, control, values with sources, stakes and
    offtakes."""
    head = Text(f"{sheet['name']} ({sheet['id']}, {sheet['country']}), {sheet['type']}", style="bold")
    if how not in ("as written", "id"):
        head.append(f"\nread as {matched!r}: {how}", style="yellow")
    point = (
        "no coordinates found"
        if sheet["lat"] is None
        else (
            f"{sheet['lat']}, {sheet['lon']}"
            f" ({'published' if sheet['placed'] == 'published' else 'recalled, not checked'})"
        )
    )
    control = sheet["control"]
    shares = ", ".join(
        f"{'unknown' if c == 'UNK' else c} {_span(s)}" for c, s in control["shares"].items() if s["high"]
    )
    lines = [
        head,
        Text("also  " + "; ".join(sheet["names"][1:]), style="dim"),
        Text(f"at    {point}"),
        Text(
            f"held  from {control['country'] or 'unknown'} at the end of {control['year']}: {control['rule']}"
            + (f" (by way of {', '.join(control['chain'])})" if control["chain"] else "")
            + f"\n      {shares}"
        ),
    ]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
    for c in ("what", "value", "evidence", "source"):
        table.add_column(c, overflow="fold", ratio=2 if c in ("value", "source") else None)
    for v in sheet["values"]:
        value = f"{v['value']} {v['unit']}".strip() + (f" ({v['of']})" if v["of"] else "")
        if v["said"] == "conflict":
            value = f"others say {value}" + (f", of {v['about']}" if "+" in v["about"] else "")
        style = "yellow" if v["said"] == "conflict" else ""
        table.add_row(
            v["attribute"], Text(value, style=style), v["evidence_status"], Text(v["source"], style="dim")
        )
    for t in sheet["stakes"]:
        held = f"{t['holder']} ({t['holder_country_iso3']}) {_percent(t)} {_years(t)}".strip()
        table.add_row(t["kind"], held, t["evidence_status"], Text(t["source"], style="dim"))
    for t in sheet["offtakes"]:
        much = f"{t['quantity']} {t['quantity_unit']}".strip() or "quantity not disclosed"
        table.add_row(
            "sold to",
            f"{t['buyer']} ({t['buyer_home_iso3']}): {much}, {t['status']} {_years(t)}".strip(),
            t["evidence_status"],
            Text(t["source"], style="dim"),
        )
    notes = dict.fromkeys(v["note"] for v in sheet["values"] if v["note"])
    return Group(*lines, table, *(Text(f"note  {n}", style="dim") for n in notes))


def _first(s: Sheet, attribute: str) -> str:
    for v in s["values"]:
        if v["attribute"] == attribute and v["said"] != "conflict":
            return f"{v['value']} {v['unit']}".strip()
    return DASH


def _short(s: Sheet) -> str:
    return str(s["control"]["rule"]).split(":")[0]


def _span(share: Mapping[str, float]) -> str:
    if abs(share["high"] - share["low"]) < 0.005:
        return f"{share['value']:.1%}"
    return f"{share['value']:.1%} ({share['low']:.0%} to {share['high']:.0%})"


def _percent(t: Mapping[str, str]) -> str:
    if t["share_percent"]:
        return f"{t['share_percent']} %"
    if t["share_low"] or t["share_high"]:
        return f"{t['share_low'] or '?'} to {t['share_high'] or '?'} %"
    return ""


def _years(t: Mapping[str, str]) -> str:
    return f"{t['from']}-{t['to']}" if t["from"] or t["to"] else ""
