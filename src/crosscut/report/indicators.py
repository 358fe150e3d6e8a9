"""Indicators: the screens of `indicators` and of a company's purchases, and the files of `--out`."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from crosscut.facts.sources.write import written
from crosscut.indicators.spec import SPECS
from crosscut.report.summary import table_rows
from crosscut.report.words import DASH, amount, percent, short_place
from crosscut.results import to_text

Result = Mapping[str, Any]
FRACTION = "fraction"


def indicators_screen(result: Result, files: Iterable[str] = ()) -> RenderableType:
    """One line a value, by mineral: what, for whom, value, 80 % interval, source; then what is missing, and why."""
    rows = table_rows(result, "indicators")
    parts: list[RenderableType] = []
    for mineral in dict.fromkeys(r["mineral"] for r in rows):
        mine = [r for r in rows if r["mineral"] == mineral]
        parts += [
            Text(mineral.capitalize(), style="bold"),
            _values(result, [r for r in mine if r["value"] is not None]),
        ]
        parts += [_gaps(result, mine), Text("")]
    caveats = list(
        dict.fromkeys(r["status"].removeprefix("flagged: ") for r in rows if r["status"].startswith("flagged"))
    )
    if caveats:
        parts.append(Text("Read with care (*)", style="bold"))
        parts += [Text(f"  {c}", style="dim") for c in caveats]
    parts.append(Text(f"Interval: 80 %, from the standing of the facts. Data {result['inputs']['data'][:12]}; "
                      "formulas and differences: docs/indicators/.", style="dim"))  # fmt: skip
    parts += [Text(f, style="dim") for f in files]
    return Group(*parts)


def _values(result: Result, rows: list[Mapping[str, Any]]) -> RenderableType:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("", overflow="fold", ratio=2)
    table.add_column("for", header_style="dim", no_wrap=True)
    table.add_column("year", header_style="dim")
    table.add_column("value", justify="right", header_style="dim", no_wrap=True)
    table.add_column("interval", justify="right", header_style="dim", no_wrap=True)
    table.add_column("reading", header_style="dim", overflow="fold", ratio=3)
    before = ""
    for r in rows:
        title = SPECS[r["indicator"]].title
        mark = " *" if r["status"].startswith("flagged") else ""
        unit = "" if r["unit"] in (FRACTION, "fraction of apparent consumption") else f", {r['unit']}"
        table.add_row(
            Text(f"{title}{unit}" if title != before else ""),
            _who(result, r["place"]),
            r["period"],
            _shown(r["value"], r["unit"]) + mark,
            DASH if r["low"] is None else f"{_shown(r['low'], r['unit'])} to {_shown(r['high'], r['unit'])}",
            Text(_reading(result, r), style="dim"),
        )
        before = title
    return table


def _reading(result: Result, r: Mapping[str, Any]) -> str:
    """The variant, with a partner's name spelled out."""
    variant = r["variant"]
    return (
        short_place(result, variant) if r["indicator"] == "reliance.import_source" and len(variant) == 3 else variant
    )


def _who(result: Result, place: str) -> str:
    return {"WLD": "world", "UNK": "unknown holder", "COMPANY": "you"}.get(place) or short_place(result, place)


def _shown(x: float | None, unit: str) -> str:
    return percent(x) if unit.startswith(FRACTION) else amount(x)


def _gaps(result: Result, rows: list[Mapping[str, Any]]) -> RenderableType:
    """Why values are missing, one line a reason."""
    reasons: dict[str, list[str]] = {}
    for r in rows:
        if r["value"] is None:
            reasons.setdefault(r["status"].removeprefix("missing: "), []).append(SPECS[r["indicator"]].title)
    return Group(
        *(Text(f"Not known: {', '.join(dict.fromkeys(t))}: {why}", style="yellow") for why, t in reasons.items())
    )


def purchases_screen(result: Result) -> RenderableType:
    """Spend at risk and GeoPolRisk by mineral, then each purchase with who stands behind the supplier."""
    rows = table_rows(result, "purchases")
    spent = sum(r["usd"] for r in rows)
    at_risk = [r for r in table_rows(result, "indicators") if r["indicator"] == "company.spend_at_risk"]
    risk = sum(r["value"] for r in at_risk if r["value"] is not None)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for title, side in (("line", "right"), ("supplier", "left"), ("mineral", "left"), ("t", "right"), ("USD", "right"),
                        ("instability", "right"), ("has it from", "left"), ("", "left")):  # fmt: skip
        table.add_column(title, justify="right" if side == "right" else "left", header_style="dim", overflow="fold")
    for r in rows:
        table.add_row(
            f"{r['line']:.0f}", short_place(result, r["supplier"]), r["mineral"] or DASH, amount(r["tonnes"] or None),
            amount(r["usd"] or None), amount(r["instability"]), r["behind"] or DASH,
            Text("" if r["status"] == "ok" else r["status"], style="yellow"),
        )  # fmt: skip
    share = f" ({percent(risk / spent)})" if spent else ""
    year = result["horizon"]["to"][:4]
    return Group(
        Text(f"Your purchases: USD {amount(spent)}, of which USD {amount(risk)}{share} at risk", style="bold"),
        Text(f"Spend weighted by political instability of the supplier's country · facts of {year}", style="dim"),
        Text(""),
        table,
        Text(""),
        _values(result, [r for r in table_rows(result, "indicators") if r["value"] is not None]),
        _gaps(result, list(table_rows(result, "indicators"))),
    )


def files_of(result: Result, folder: Path) -> list[Path]:
    """Writes result.json, indicators.csv and geopolrisk.parquet (every country, the minerals and years of the result) into
    the folder; returns what was written."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = table_rows(result, "indicators")
    text = io.StringIO()
    out = csv.DictWriter(text, result["tables"]["indicators"]["columns"], lineterminator="\n")
    out.writeheader()
    out.writerows(rows)
    found = [
        written(folder / "result.json", to_text(result).encode()),
        written(folder / "indicators.csv", text.getvalue().encode()),
    ]
    from crosscut.indicators.geopolrisk import geopolrisk
    from crosscut.indicators.minerals import sorted_out
    from crosscut.indicators.panel import FIRST_TRADE_YEAR, LAST_TRADE_YEAR
    from crosscut.places import blocs

    known, _ = sorted_out(list(dict.fromkeys(r["mineral"] for r in rows)))
    chosen = [m for m in known if m.hs92]
    years = [y for y in range(int(result["horizon"]["from"][:4]), int(result["horizon"]["to"][:4]) + 1)
             if FIRST_TRADE_YEAR <= y <= LAST_TRADE_YEAR]  # fmt: skip
    if chosen and years:
        buffer = io.BytesIO()
        geopolrisk(chosen, years, blocs()).write_parquet(buffer)
        found.append(written(folder / "geopolrisk.parquet", buffer.getvalue()))
    return found
