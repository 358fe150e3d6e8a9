"""Project: the screen of a project's result, from its document alone. The downside comes first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from crosscut.report.choices import choices_table
from crosscut.report.words import DASH, amount, percent

Result = Mapping[str, Any]
Row = Mapping[str, Any]

LIMITS = 5
MOST_BARS = 10
WARNINGS = ("range", "letter", "cut", "several_rates", "left", "recalled")


def project_screen(result: Result, files: Iterable[str | Path] = (), seconds: float | None = None) -> RenderableType:
    """What it is worth at a low price, in the middle and over the draws; what drives it; tax, refining, lenders,
    alternatives. Nothing is computed that the document does not hold."""
    parts: list[RenderableType] = [_heading(result, seconds), Text("")]
    parts += [Text(s["text"], style="yellow") for s in result["statements"] if s["text_key"] in WARNINGS]
    parts += [Text(s["text"], style="dim") for s in result["statements"] if s["text_key"] in ("price", "coupling")]
    parts += [Text(""), _measures(result), Text(""), _parties(result), Text(""), _tornado(result), Text("")]
    for table, build in (
        ("project_alternatives", _alternatives),
        ("project_choices", choices_table),
        ("project_sources_uses", _sources),
        ("project_debt", _debt),
        ("project_tax", _tax),
        ("project_refining", _refining),
        ("project_costs", _costs),
    ):
        if result["tables"].get(table, {"rows": []})["rows"]:
            parts += [build(result), Text("")]
    parts += [Text(f"Not in it: {x['what']} ({x['bias']})") for x in result["limits"][:LIMITS]]
    more = len(result["limits"]) - LIMITS
    if more > 0:
        parts.append(
            Text(f"{more} more limits and every figure with its source are in the report and in --json.", "dim")
        )
    if files:
        parts += [Text(""), Text(" · ".join(str(f) for f in files if str(f).endswith(("html", "json", "xlsx"))))]
    return Group(*parts)


def _heading(result: Result, seconds: float | None) -> RenderableType:
    inputs, horizon = result["inputs"], result["horizon"]
    what = (
        f"{inputs['mineral']} {horizon['from'][:4]} to {horizon['to'][:4]} · {inputs['world']['grade']} behind it · "
        f"{inputs['draws']:,} draws"
    ) + (f", {seconds:.1f} s" if seconds is not None else "")
    return Group(Text(inputs["scenario"]["title"], style="bold"), Text(what, style="dim"))


def _plain(title: str) -> Table:
    return Table(
        box=None, pad_edge=False, padding=(0, 2, 0, 0), title_justify="left", title_style="bold", title=title
    )


def shown(x: float | None, unit: str) -> str:
    """A value in its unit as the screen shows it.

    >>> shown(0.163, "fraction"), shown(2031.0, "year"), shown(None, "years"), shown(1234.5, "million USD, nominal")
    ('16 %', '2031', '–', '1,230')
    """
    if x is None:
        return DASH
    if unit == "fraction":
        return percent(x)
    return f"{x:.0f}" if unit == "year" else amount(x)


def _measures(result: Result) -> RenderableType:
    out = _plain("What it is worth: at a price that nine draws in ten exceed, then over all draws")
    out.add_column("", overflow="fold", max_width=64)
    rows = [r for r in result["tables"]["project_measures"]["rows"] if r["headline"]]
    middle = any(r["middle"] is not None for r in rows)
    for name in ("low price", *(("middle",) if middle else ()), "10 % point", "median", "90 % point", "unit"):
        out.add_column(name, justify="left" if name == "unit" else "right", header_style="dim")
    for r in rows:
        if r["median"] is None and r["low_price"] is None and r["p10"] is None and r["middle"] is None:
            continue
        none = f" (none in {percent(r['without'])} of draws)" if r["without"] and r["without"] > 0.005 else ""
        cells = [shown(r["low_price"], r["unit"])]
        cells += [shown(r["middle"], r["unit"])] if middle else []
        cells += [shown(r[k], r["unit"]) for k in ("p10", "median", "p90")]
        unit = "" if r["unit"] in ("fraction", "year") else r["unit"]
        out.add_row(f"{r['party']}: {r['what']}{none}", *cells, unit)
    return out


def _parties(result: Result) -> RenderableType:
    """Worth and rates of return by party: at the low price, and in the middle where a study stands behind it."""
    rows = result["tables"]["project_returns"]["rows"]
    cases = ["low-price", *(["middle"] if result["inputs"]["world"]["grade"] == "study" else [])]
    out = _plain(f"For whom: worth, {rows[0]['unit']}, and every rate of return")
    out.add_column("", overflow="fold")
    for case in cases:
        out.add_column(f"{case.replace('-', ' ')}", justify="right", header_style="dim")
        out.add_column("rates", justify="right", header_style="dim", overflow="fold")
    for party in dict.fromkeys(r["party"] for r in rows):
        cells: list[str] = []
        for case in cases:
            r = next((x for x in rows if x["party"] == party and x["case"] == case), None)
            rates = [percent(float(x)) for x in r["rates"].split("; ") if x] if r else []
            cells += [amount(r["worth"]) if r else DASH, " and ".join(rates) or DASH]
        out.add_row(party, *cells)
    return out


def _tornado(result: Result) -> RenderableType:
    out = _plain(
        "What drives it: present value after tax with one figure at its 10 % and 90 % point, the others in the middle"
    )
    for name, side in (("", "left"), ("low", "right"), ("high", "right"), ("worth at low", "right"),
                       ("at high", "right"), ("standing", "left")):  # fmt: skip
        out.add_column(name, justify=side, header_style="dim", overflow="fold")  # type: ignore[arg-type]
    for r in result["tables"]["project_tornado"]["rows"][:MOST_BARS]:
        out.add_row(
            Text(r["figure"]),
            amount(r["low"]),
            amount(r["high"]),
            amount(r["at_low"]),
            amount(r["at_high"]),
            r["standing"],
        )
    return out


def _alternatives(result: Result) -> RenderableType:
    rows = result["tables"]["project_alternatives"]["rows"]
    out = _plain("Other readings of the facts: median over the draws (10 % to 90 % point)")
    measures = list(dict.fromkeys(r["measure"] for r in rows))
    out.add_column("", overflow="fold", max_width=48)
    for m in measures:
        out.add_column(m.replace("_", " "), justify="right", header_style="dim")
    for id in dict.fromkeys(r["alternative"] for r in rows):
        mine = {r["measure"]: r for r in rows if r["alternative"] == id}
        cells = [
            f"{shown(mine[m]['median'], mine[m]['unit'])} ({shown(mine[m]['p10'], mine[m]['unit'])} to "
            f"{shown(mine[m]['p90'], mine[m]['unit'])})"
            for m in measures
        ]
        out.add_row(next(iter(mine.values()))["title"], *cells)
    return out


def _sources(result: Result) -> RenderableType:
    rows = result["tables"]["project_sources_uses"]["rows"]
    out = _plain(f"Who pays until production, {rows[0]['unit']}")
    for name in ("source", "", "use", " "):
        out.add_column(name, justify="right" if not name.strip() else "left", header_style="dim", overflow="fold")
    sides = {s: [r for r in rows if r["side"] == s] for s in ("source", "use")}
    for k in range(max(map(len, sides.values()))):
        cells: list[str] = []
        for s in ("source", "use"):
            r = sides[s][k] if k < len(sides[s]) else None
            cells += [f"{r['item']} ({r['party']})", amount(r["value"])] if r else ["", ""]
        out.add_row(*cells)
    totals = [amount(sum(r["value"] for r in sides[s])) for s in ("source", "use")]
    out.add_row("in all", totals[0], "in all", totals[1], style="bold")
    return out


def _debt(result: Result) -> RenderableType:
    rows = [r for r in result["tables"]["project_debt"]["rows"] if r["loan"] == "all" and r["case"] == "middle"]
    rows = [r for r in rows if r["owed"] > 0.05 or r["repaid"] > 0.05]
    out = _plain(f"Debt in the middle case, {rows[0]['unit'] if rows else ''}, and covenants over the draws")
    names = (
        "",
        "drawn",
        "interest",
        "repaid",
        "owed",
        "cover",
        "loan life",
        "stops dividends",
        "default",
        "not paid",
    )
    for name in names:
        out.add_column(name, justify="right", header_style="dim")
    for r in rows:
        out.add_row(
            str(r["year"]), *(amount(r[k]) for k in ("drawn", "interest", "repaid", "owed", "cover", "loan_life_cover")),
            *(percent(r[k]) for k in ("locked_draws", "default_draws", "unpaid_draws")),
        )  # fmt: skip
    return out


def _tax(result: Result) -> RenderableType:
    rows = result["tables"]["project_tax"]["rows"]
    out = _plain("What the budget takes at each APT price (real, USD/mtu): share of the worth before it")
    for r in rows:
        out.add_column(amount(r["price"]), justify="right", header_style="dim")
    out.add_row(*(percent(r["rate"]) for r in rows))
    return out


def _refining(result: Result) -> RenderableType:
    out = _plain("Does refining in the country pay?")
    out.add_column("", overflow="fold")
    rows = result["tables"]["project_refining"]["rows"]
    for name in ("middle", "10 % point", "median", "90 % point", "unit"):
        out.add_column(name, justify="left" if name == "unit" else "right", header_style="dim")
    for r in rows:
        cells = [shown(r[k], r["unit"]) for k in ("middle", "p10", "median", "p90")]
        out.add_row(r["item"], *cells, "" if r["unit"] == "fraction" else r["unit"])
    return out


def _costs(result: Result) -> RenderableType:
    out = _plain("Its cost beside what others state (years and coverage differ: an order of size)")
    for name, side in (("", "left"), ("cost", "right"), ("unit", "left"), ("what", "left"), ("standing", "left")):
        out.add_column(name, justify=side, header_style="dim", overflow="fold")  # type: ignore[arg-type]
    for r in result["tables"]["project_costs"]["rows"]:
        out.add_row(r["project"], amount(r["cost"]), r["unit"], r["what"], r["standing"])
    return out
