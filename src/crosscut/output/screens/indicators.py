"""Indicators: the screen of `indicators`, and the files of `--out`."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from crosscut.base.files import write_file
from crosscut.output.screens.market.summary import table_rows
from crosscut.output.screens.market.words import DASH, amount, percent, short_place
from crosscut.results import Document, to_text
from crosscut.results.indicator_spec import SPECS
from crosscut.results.rows import RowStatus, row_status, told

FRACTION = "fraction"
LABEL = 26  # columns kept for the name of a line


def indicators_screen(result: Document, files: Iterable[str] = ()) -> RenderableType:
    """By mineral and place: concentration, control, reliance and risk, each value with its 80 % interval and
    source; then what is missing and why, and what to read with care."""
    rows = table_rows(result, "indicators")
    years = "-".join(dict.fromkeys(day[:4] for day in (result.horizon.start, result.horizon.end)))
    parts: list[RenderableType] = []
    for mineral in dict.fromkeys(r["mineral"] for r in rows):
        mine = [r for r in rows if r["mineral"] == mineral]
        parts += [
            Text(f"{mineral.capitalize()} {years}", style="bold"),
            *_blocks(result, mine),
            gaps(result, mine),
            Text(""),
        ]
    caveats = list(
        dict.fromkeys(told(r["status"]) for r in rows if row_status(r["status"]) is RowStatus.FLAGGED)
    )
    if caveats:
        parts.append(Text("Read with care (*)", style="bold"))
        parts += [Text(f"  {c}", style="dim") for c in caveats]
    parts.append(
        Text(
            "In brackets: 80 % interval from the evidence status of the facts, for control the bounds."
            " --json has every value, source and fact; docs/indicators/ the formulas and where they differ.",
            style="dim",
        )
    )
    parts += [Text(f, style="dim") for f in files]
    return Group(*parts)


def _blocks(result: Document, rows: list[dict[str, Any]]) -> list[RenderableType]:
    known = [r for r in rows if r["value"] is not None]
    out: list[RenderableType] = []
    for title, start, block in (
        ("Concentration", "concentration.", _concentration),
        ("Control of mine output", "control.", _control),
    ):
        part = [r for r in known if r["indicator"].startswith(start)]
        if part:
            out += [Text(title, style="dim bold"), block(result, part)]
    rest = [r for r in known if not r["indicator"].startswith(("concentration.", "control."))]
    if rest:
        out += [Text("Reliance and risk", style="dim bold"), values(result, rest)]
    return out


def _table(*columns: tuple[str, str]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for n, (title, side) in enumerate(columns):
        table.add_column(
            title,
            justify="right" if side == "right" else "left",
            header_style="dim",
            no_wrap=side == "right",
            overflow="fold",
            min_width=LABEL if n == 0 else None,
        )
    return table


def _concentration(result: Document, rows: list[dict[str, Any]]) -> RenderableType:
    """One line a table of output or trade: HHI, largest shares, entropy, governance-weighted."""
    table = _table(
        ("  of", "left"),
        ("HHI", "right"),
        ("largest", "right"),
        ("three", "right"),
        ("Shannon", "right"),
        ("governance-weighted", "right"),
    )
    for key in dict.fromkeys((r["place"], r["period"], r["variant"]) for r in rows):
        of = {r["indicator"].split(".")[1]: r for r in rows if (r["place"], r["period"], r["variant"]) == key}
        place, period, variant = key
        label = variant.replace("HS 1992 ", "HS ").replace("USGS Mineral Commodity Summaries", "USGS MCS")
        label = (
            f"{label}{'' if place == 'WLD' else ' ' + _who(result, place)}{_when(result, {'period': period})}"
        )
        table.add_row(
            f"  {label}",
            *(
                _with_interval(of.get(c)) if c == "hhi" else _value(of.get(c))
                for c in ("hhi", "top_1", "top_3", "shannon", "hhi_governance")
            ),
        )
    return table


def _control(result: Document, rows: list[dict[str, Any]]) -> RenderableType:
    """One line a rule: the largest holder with its bounds, the next ones, the unknown part."""
    table = _table(
        ("  rule", "left"), ("largest", "right"), ("bounds", "right"), ("next", "left"), ("unknown", "right")
    )
    for key in dict.fromkeys((r["variant"], r["period"]) for r in rows):
        part = [r for r in rows if (r["variant"], r["period"]) == key and r["indicator"] == "control.share"]
        first, *others = [r for r in part if r["place"] != "UNK"]
        blind = next((r for r in part if r["place"] == "UNK"), None)
        following = ", ".join(f"{_who(result, r['place'])} {percent(r['value'])}" for r in others)
        table.add_row(
            f"  {key[0]}{_when(result, first)}",
            f"{_who(result, first['place'])} {percent(first['value'])}",
            f"{percent(first['low'])} to {percent(first['high'])}",
            following,
            _value(blind),
        )
    return table


def _value(r: Mapping[str, Any] | None) -> str:
    if r is None or r["value"] is None:
        return DASH
    return _shown(r["value"], r["unit"]) + (
        "*" if row_status(r["status"]) is RowStatus.FLAGGED and r["place"] != "UNK" else ""
    )


def _with_interval(r: Mapping[str, Any] | None) -> str:
    if r is None or r["low"] is None:
        return _value(r)
    return f"{_value(r)} ({_shown(r['low'], r['unit'])} to {_shown(r['high'], r['unit'])})"


def values(result: Document, rows: list[dict[str, Any]]) -> RenderableType:
    """One line a value; the import sources of a period share one."""
    table = _table(("", "left"), ("", "right"), ("", "left"))
    table.show_header = False
    sources = [r for r in rows if r["indicator"] == "reliance.import_source"]
    said = set()
    for r in rows:
        of = f" of {_who(result, r['place'])}" if r["place"] != "COMPANY" else ""
        when = _when(result, r)
        if r in sources:
            if r["period"] not in said:
                listed = ", ".join(
                    f"{_reading(result, s)} {percent(s['value'])}"
                    for s in sources
                    if s["period"] == r["period"]
                )
                _, _, stage = r["source"].partition("; ")
                table.add_row(f"  Imports{of} {r['period']} from", "", f"{listed}{stage and f' ({stage})'}")
            said.add(r["period"])
            continue
        unit = (
            f", {r['unit']}"
            if not r["unit"].startswith(FRACTION) and r["unit"][0] not in "0123456789"
            else ""
        )
        label = f"  {SPECS[r['indicator']].title}{of}{unit}{when}"
        table.add_row(label, _with_interval(r), Text(_reading(result, r), style="dim"))
    return table


def _when(result: Document, r: Mapping[str, Any]) -> str:
    """The period of a row where the result holds others too."""
    only = result.horizon.start[:4] == result.horizon.end[:4] == r["period"]
    return "" if only else f", {r['period']}"


def _reading(result: Document, r: Mapping[str, Any]) -> str:
    """The variant, with a partner's name spelled out."""
    variant = r["variant"]
    return (
        short_place(result.places, variant)
        if r["indicator"] == "reliance.import_source" and len(variant) == 3
        else variant
    )


def _who(result: Document, place: str) -> str:
    return {"WLD": "world", "UNK": "unknown holder", "COMPANY": "you"}.get(place) or short_place(
        result, place
    )


def _shown(x: float | None, unit: str) -> str:
    return percent(x) if unit.startswith(FRACTION) else amount(x)


def gaps(result: Document, rows: list[dict[str, Any]]) -> RenderableType:
    """Why values are missing, one line a reason."""
    reasons: dict[str, list[str]] = {}
    for r in rows:
        if r["value"] is None:
            reasons.setdefault(r["status"].removeprefix("missing: "), []).append(SPECS[r["indicator"]].title)
    return Group(
        *(
            Text(f"Not known: {', '.join(dict.fromkeys(t))}: {why}", style="yellow")
            for why, t in reasons.items()
        )
    )


def files_of(result: Document, folder: Path, every_country: bytes | None = None) -> list[Path]:
    """Writes result.json, indicators.csv and, where given, geopolrisk.parquet (every country, the minerals
    and years of the result) into the folder; returns what was written."""
    rows = table_rows(result, "indicators")
    text = io.StringIO()
    out = csv.DictWriter(text, result.tables["indicators"].columns, lineterminator="\n")
    out.writeheader()
    out.writerows(rows)
    found = [
        write_file(folder / "result.json", to_text(result)),
        write_file(folder / "indicators.csv", text.getvalue()),
    ]
    if every_country is not None:
        found.append(write_file(folder / "geopolrisk.parquet", every_country))
    return found
