"""Stress screen: how bad it can get, from its document alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from crosscut.output.screens.market.words import DASH, amount, form_text, money, percent, tonnes
from crosscut.results import Document
from crosscut.results.rows import Row

FAMILIES, STOPS, SETS, MINERALS, LIMITS = 7, 8, 5, 40, 4
# units of the document as a column of 80 has room for them
SHORT_UNITS = {
    "million USD a year": "M USD a year",
    "t contained a year": "t a year",
    "ratio to the same year undisturbed": "x undisturbed",
    "ratio to the same year with what stands": "x what stands",
    "ratio to the calm base year": "x calm year",
    "ratio to the model with what stands": "x the model",
}
STOP_COLUMNS = (
    "Short, price, loss: of users in a full-year stop, at median behaviour. Chance: that a stop of any"
    " length begins within the year. Expected: chance times loss over all lengths, within the year"
)
CALM_STOPS = "; the same figures as in crosscut exposure."
STOPS_BEYOND = "; all beyond what stands, where crosscut exposure starts from the calm base year."
FIRST = ("group", "calm", "in_force")  # what the run starts from, before any number
SHOWN_YEARS = (5, 10, 20, 50, 100)


def stress_screen(
    result: Document, files: Iterable[str | Path] = (), seconds: float | None = None
) -> RenderableType:
    """The screen of one mineral or of the ranking. Nothing is computed that the document does not hold."""
    inputs, status = result.inputs, result.status
    what = f"{inputs.mineral} {inputs.world.year} · world grade {inputs.world.grade} · {inputs.draws:,} draws"
    parts: list[RenderableType] = [
        Text(result.title, style="bold"),
        Text(what + (f", {seconds:.1f} s" if seconds is not None else ""), style="dim"),
    ]
    if status.failed_draws:
        first = status.failed[0]
        parts.append(
            Text(
                f"{status.failed_draws:,} draws did not clear (first: {first.market.form} in "
                f"{first.market.place or 'one place'}); they are bounded, not averaged away.",
                style="bold yellow",
            )
        )
    parts += [
        Text(s.text, style="bold yellow" if "--in-force" in s.text else "bold")
        for s in result.statements
        if s.text_key in FIRST
    ]
    ranking = "stress_ranking" in result.tables
    parts += _ranking(result) if ranking else _one(result)
    notes = ("level", "left-out", "screening", "note", "redone") if not ranking else ("note",)
    parts += [Text(s.text, style="dim") for s in result.statements if s.text_key in notes]
    parts += [Text(f"Not in it: {x.what} ({x.bias})") for x in result.limits[:LIMITS]]
    more = len(result.limits) - LIMITS
    if more > 0:
        parts.append(
            Text(f"{more} more limits and every assumption are in the report and in --json.", style="dim")
        )
    if files:
        parts += [Text(""), Text(" · ".join(str(f) for f in files if str(f).endswith(("html", "json"))))]
    return Group(*parts)


def _rows(result: Document, name: str) -> list[Row]:
    return list(result.rows_if_any(name))


def _table(title: str, columns: Sequence[tuple[str, bool]]) -> Table:
    out = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for name, number in columns:
        out.add_column(name, justify="right" if number else "left", overflow="fold")
    return out


def _unit(unit: str) -> str:
    return SHORT_UNITS.get(unit, unit)


def _between(low: float | None, high: float | None, of: Any = money) -> str:
    return "" if low is None or high is None else f"{of(low)} to {of(high)}"


def _one(result: Document) -> list[RenderableType]:
    return [
        Text(""),
        *_in_force(result),
        _expected(result),
        _returns(result),
        _families(result),
        _chokepoints(result),
        *_reverse(result),
        _cover(result),
        *_importance(result),
        *_stability(result),
    ]


def _in_force(result: Document) -> list[RenderableType]:
    rows = _rows(result, "stress_in_force")
    if not rows:
        return []
    inside = any(s.text_key == "in_force" for s in result.statements)
    out = _table(
        "Taken already, by what stands" if inside else "Measures in force by themselves, not in what follows",
        [("", False), ("median", True), ("80 % interval", True), ("unit", False)],
    )
    for r in rows:
        of = money if "USD" in r["unit"] else amount
        label = f"{r['measure']} of {form_text(r['form'])}" if r["form"] else r["measure"]
        out.add_row(
            label,
            "unknown" if r["value"] is None else of(r["value"]),
            _between(r["low"], r["high"], of),
            _unit(r["unit"]),
        )
    return [out]


def _expected(result: Document) -> RenderableType:
    out = _table(
        "Expected, a year",
        [("", False), ("mean", True), ("90 % interval", True), ("unit", False), ("years with any", True)],
    )
    for r in _rows(result, "stress_summary"):
        of = money if "USD" in r["unit"] else amount
        label = f"price of {form_text(r['form'])}" if r["form"] else r["measure"]
        shown = of(r["value"]) if r["value"] is not None or "unknown" not in r["status"] else "unknown"
        out.add_row(label, shown, _between(r["low"], r["high"], of), _unit(r["unit"]), percent(r["chance"]))
        if r["failed_low"] is not None:
            out.add_row(
                "  with the failed draws",
                "",
                _between(r["failed_low"], r["failed_high"], of),
                _unit(r["unit"]),
                "",
            )
    return out


def _returns(result: Document) -> RenderableType:
    out = _table(
        "Once in so many years (loss and CVaR in M USD)",
        [
            ("years", True),
            ("loss", True),
            ("90 % interval", True),
            ("short, t", True),
            ("weeks of use", True),
            ("price x", True),
            ("CVaR", True),
        ],
    )
    tail = {
        round(1 / (1 - r["level"])): r["cvar"]
        for r in _rows(result, "stress_tail")
        if r["measure"] == "loss of users"
    }
    for r in _rows(result, "stress_returns"):
        if r["return_years"] in SHOWN_YEARS:
            out.add_row(
                f"{r['return_years']:.0f}",
                money(r["usd"]),
                _between(r["usd_low"], r["usd_high"]),
                tonnes(r["short"]),
                amount(r["short_weeks"]),
                amount(r["price"]),
                money(tail.get(round(r["return_years"]))),
            )
    return out


def _families(result: Document) -> RenderableType:
    out = _table(
        "What it comes from: parts of the expected loss (Shapley; they add to 100 %)",
        [
            ("", False),
            ("years with it", True),
            ("its part, M USD a year", True),
            ("share", True),
            ("90 % interval", True),
        ],
    )
    rows = _rows(result, "stress_families")
    for r in rows[:FAMILIES]:
        out.add_row(
            r["family"],
            percent(r["chance"]),
            money(r["part"]),
            percent(r["share"]),
            _between(r["share_low"], r["share_high"], percent),
        )
    left = [r["share"] for r in rows[FAMILIES:] if r["share"] is not None]
    if left:
        parts = [r["part"] for r in rows[FAMILIES:] if r["part"] is not None]
        out.add_row(
            f"{len(left)} more, in the report",
            "",
            money(sum(parts) if parts else None),
            percent(sum(left)),
            "",
        )
    return out


def _chokepoints(result: Document) -> RenderableType:
    out = _table(
        "If one country stops (M USD; counted shares and ranks are in the report)",
        [
            ("who", False),
            ("what", False),
            ("short, t", True),
            ("price x", True),
            ("loss", True),
            ("80 %", True),
            ("chance a year", True),
            ("expected a year", True),
        ],
    )
    for r in _rows(result, "stress_chokepoints")[:STOPS]:
        out.add_row(
            r["origin"] + (" *" if r["in_force"] else ""),
            r["form"],
            tonnes(r["short"]),
            amount(r["price"]),
            money(r["usd"]),
            _between(r["usd_low"], r["usd_high"]),
            percent(r["chance"]),
            money(r["expected_usd"]),
        )
    held = [f"{r['origin']}: {r['in_force']}" for r in _rows(result, "stress_chokepoints") if r["in_force"]]
    inside = any(s.text_key == "in_force" for s in result.statements)
    columns = STOP_COLUMNS + (STOPS_BEYOND if inside else CALM_STOPS)
    said = [columns, *(["* in force already: " + "; ".join(dict.fromkeys(held))] if held else [])]
    out.caption, out.caption_justify = "\n".join(said), "left"
    return out


def _reverse(result: Document) -> list[RenderableType]:
    rows = _rows(result, "stress_reverse")
    if not rows:
        return []
    out = _table(
        f"What would have to be true for {rows[0]['what']} ({percent(rows[0]['chance'])} of years)",
        [("", False), ("years", True), ("pass it, given this", True), ("status", False)],
    )
    for r in [r for r in rows if r["kind"] == "events"][:SETS]:
        out.add_row(r["what"], percent(r["chance"]), percent(r["given"]), "")
    for r in [r for r in rows if r["kind"] == "alone"][:SETS]:
        share = f": {percent(r['withheld'])} of a year's" if r["withheld"] is not None else ""
        out.add_row(r["what"] + share, percent(r["chance"]), DASH, r["status"])
    return [out]


def _cover(result: Document) -> RenderableType:
    out = _table(
        "Weeks of cover",
        [("", False), ("weeks", True), ("t", True), ("years that pass it", True), ("", False)],
    )
    for r in _rows(result, "stress_cover"):
        out.add_row(
            r["what"],
            amount(r["weeks"]),
            tonnes(r["tonnes"]),
            percent(r["passed"]),
            "" if r["status"] == "ok" else r["status"],
        )
    return out


def _importance(result: Document) -> list[RenderableType]:
    rows = _rows(result, "stress_importance")
    if not rows:
        return []
    out = _table(
        "What moves it (Sobol indices of a year's loss)",
        [("", False), ("alone", True), ("90 % interval", True), ("total", True), ("90 % interval", True)],
    )
    for r in rows:
        out.add_row(
            r["what"],
            _part(r["first"]),
            _between(r["first_low"], r["first_high"], _part),
            _part(r["total"]),
            _between(r["total_low"], r["total_high"], _part),
        )
    return [out]


def _part(x: float) -> str:
    return f"{x:.2f}"


def _stability(result: Document) -> list[RenderableType]:
    rows = sorted(_rows(result, "stress_stability"), key=lambda r: -abs((r["ratio"] or 1.0) - 1.0))[:8]
    if not rows:
        return []
    out = _table(
        "Assumptions that move the expected loss most", [("", False), ("at", True), ("expected loss x", True)]
    )
    for r in rows:
        out.add_row(r["what"], amount(r["value"]), amount(r["ratio"]))
    return [out]


def _rank(x: float | None) -> str:
    return DASH if x is None else f"{x:.0f}"


def _ranking(result: Document) -> list[RenderableType]:
    rows = _rows(result, "stress_ranking")
    in_force = any(r["starts_from"] and not r["starts_from"].startswith("the base year") for r in rows)
    moved = any(r["lowest_rank"] is not None for r in rows)
    columns = [
        ("rank", True),
        ("mineral", False),
        ("grade", False),
        ("expected, USD M a year", True),
        ("90 % interval", True),
        ("worst 5 % of years", True),
        ("short, of use", True),
        ("rank by that", True),
        ("largest part", False),
    ]
    out = _table(
        "By expected loss of users",
        [
            *columns,
            *([("ranks over assumptions", True)] if moved else []),
            *([("starts from", False)] if in_force else []),
        ],
    )
    for r in [r for r in rows if r["rank"] is not None][:MINERALS]:
        cells = [
            f"{r['rank']:.0f}",
            r["mineral"],
            r["grade"],
            money(r["usd"]),
            _between(r["usd_low"], r["usd_high"]),
            money(r["cvar"]),
            percent(r["short"]),
            _rank(r["rank_short"]),
            r["worst_origin"],
        ]
        if moved:
            cells.append(
                "" if r["lowest_rank"] is None else f"{r['lowest_rank']:.0f} to {r['highest_rank']:.0f}"
            )
        if in_force:
            cells.append("" if r["starts_from"].startswith("the base year") else r["starts_from"])
        out.add_row(*cells)
    left = _table("Not ranked by money", [("mineral", False), ("rank by share short", True), ("why", False)])
    for r in rows:
        if r["rank"] is None:
            left.add_row(r["mineral"], _rank(r["rank_short"]), r["status"].removeprefix("not ranked: "))
    return [out, left]


def part_screen(part: Mapping[str, str | int]) -> RenderableType:
    """What one part of an array job did, and what comes next."""
    return Text(
        f"Part {part['part']}: draws {part['from']:,} to {part['to']:,} are in {part['folder']}\n"
        "When all parts are there: the same command with --merge in place of --chunks."
    )
