"""Text: a run on the terminal, from its result document alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from crosscut.report.summary import (
    Amount,
    HeadlinePrice,
    gap_fillers,
    headline_prices,
    payers,
    reasons,
    short_places,
)
from crosscut.report.words import DASH, amount, form_text, month_text, percent, place_text, tonnes

Result = Mapping[str, Any]

SHOWN = 5  # lines in each of the three columns
SCREENING_GRADES = ("C", "D")


def run_screen(result: Result, files: Iterable[str | Path] = ()) -> RenderableType:
    """The screen of a run: prices, who runs short, who fills the gap, who pays, why, and what is left out.

    `files` are named on the last line. Nothing is computed that the document does not hold.
    """
    parts: list[RenderableType] = [_heading(result)]
    parts += [Text(line, style="bold yellow") for line in _warnings(result)]
    parts += [Text(""), _price_table(headline_prices(result)), Text(""), _three_columns(result), Text("")]
    parts += [_labelled("Why", reasons(result) or ["no event was added to this world"])]
    parts += [_labelled("Not in the model", _limits(result))]
    parts += [Text(""), _last_line(result, files)]
    return Group(*parts)


def _heading(result: Result) -> RenderableType:
    inputs, horizon = result["inputs"], result["horizon"]
    title = (inputs["scenario"] or {}).get("title") or f"{inputs['mineral']} {inputs['world']['year']}"
    what = (
        f"{inputs['mineral']} {inputs['world']['year']} -> {_window(horizon)} · world grade {inputs['world']['grade']} · "
        f"{inputs['draws']} draws"
    )
    return Group(Text(title, style="bold"), Text(what, style="dim"))


def _window(horizon: Mapping[str, str]) -> str:
    try:
        start, end = date.fromisoformat(horizon["from"]), date.fromisoformat(horizon["to"])
    except ValueError:
        return f"{horizon['from']} to {horizon['to']}"
    months = round((end - start).days / 30.44)
    return f"{months} {'month' if months == 1 else 'months'} from {month_text(horizon['from'])}"


def _warnings(result: Result) -> list[str]:
    out = []
    grade, status, draws = result["inputs"]["world"]["grade"], result["status"], result["inputs"]["draws"]
    if grade in SCREENING_GRADES:
        out.append(f"Screening only: world grade {grade}, too little of it is fact to decide on. No money table.")
    if status["failed_draws"]:
        out.append(f"{status['failed_draws']} of {draws} draws failed and are in no interval: intervals too narrow.")
    return out


def _price_table(prices: Sequence[HeadlinePrice]) -> RenderableType:
    if not prices:
        return Text("No headline price.", style="dim")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("", overflow="fold", ratio=None)
    table.add_column("")
    for title in ("before", "median", "80 % interval"):
        table.add_column(title, justify="right", header_style="dim", no_wrap=True)
    table.add_column("observed", header_style="dim", overflow="fold")
    for p in prices:
        seen = Text("\n").join(Text(o, style="green" if "inside" in o else "yellow") for o in p.observed)
        notes = [p.status] if p.status and p.median != DASH else []
        label = Text(p.label, style="bold") + Text("".join(f"\n{n}" for n in notes), style="yellow")
        table.add_row(label, p.unit, p.before, Text(p.median, style="bold"), p.interval, seen)
    return table


def _three_columns(result: Result) -> RenderableType:
    def who(a: Amount) -> str:
        many = len({r["form"] for r in result["tables"].get("flows", {"rows": []})["rows"]}) > 1
        return place_text(result, a.place) + (f", {form_text(a.form).lower()}" if a.form and many else "")

    short = [
        (who(a), f"{tonnes(a.value)} ({percent(a.share)})" if a.value is not None else f"{DASH} {a.status}")
        for a in short_places(result)
    ]
    fill = [(who(a), f"+{tonnes(a.value)}") for a in gap_fillers(result)]
    pay = [(who(a), amount(a.value)) for a in payers(result)]
    no_money = result["inputs"]["world"]["grade"] in SCREENING_GRADES
    grid = Table.grid(expand=True, padding=(0, 2, 0, 0))
    for _ in range(3):
        grid.add_column(ratio=1)
    grid.add_row(
        _list("Runs short", "t a year (share)", short, "nobody"),
        _list("Fills the gap", "t a year", fill, "nobody"),
        _list("Pays", "USD M a year", pay, "not shown: screening" if no_money else "nobody"),
    )
    return grid


def _list(title: str, unit: str, lines: list[tuple[str, str]], empty: str) -> RenderableType:
    table = Table.grid(expand=True, padding=(0, 1, 0, 0))
    table.add_column(ratio=1, overflow="fold")
    table.add_column(justify="right", overflow="fold")
    for name, value in lines[:SHOWN]:
        table.add_row(f"  {name}", value)
    if not lines:
        table.add_row(Text(f"  {empty}", style="dim"), "")
    if len(lines) > SHOWN:
        table.add_row(Text(f"  and {len(lines) - SHOWN} more", style="dim"), "")
    return Group(Text(title, style="bold") + Text(f"  {unit}", style="not bold dim"), table)


def _labelled(label: str, phrases: Sequence[str]) -> RenderableType:
    return Text(label, style="bold") + Text("  " + " · ".join(phrases), style="not bold")


def _limits(result: Result) -> list[str]:
    found = [f"{limit['what']} ({limit['bias']})" for limit in result["limits"]]
    return found or ["the result names no limit"]


def _last_line(result: Result, files: Iterable[str | Path]) -> RenderableType:
    names = [str(f) for f in files]
    first = next((r for r in result["tables"].get("prices", {"rows": []})["rows"] if r["headline"]), None)
    source = next((n for n in names if n.endswith(".json")), "result.json")
    ask = f"crosscut why {source} prices/{first['form']}/{first['place']}" if first else f"crosscut why {source}"
    return Padding(Text(" · ".join([*names, f"ask further: {ask}"]), style="dim", overflow="fold"), 0)
