"""Outlook: the screen of the years to come, from its document alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from crosscut.output.screens.market.words import DASH, form_text, percent, short_place, unit_text
from crosscut.output.screens.outlook.cells import (
    KAZAKHSTAN,
    LIKELY,
    PLANS,
    WITHOUT,
    amounts,
    case_word,
    cases_of,
    one_row,
    points,
    shares,
    shown_years,
    some_rows,
    span_of,
)
from crosscut.results import Document
from crosscut.results.rows import Row

TURNS = 5  # years in tables that show some
LIMITS = 5
CHANGED = (("dependence", "mined in CHN"), ("dependence", "owned by CHN"))
WATCHED_USERS = ("USA", "EU27", "CHN")
LINES = (
    ("owned by", "UNK", "mine: owner unknown"),
    ("owned by", "CHN", "mine: Chinese owner"),
    ("owned by", "USA", "mine: US owner"),
    ("mined in", "CHN", "mined in China"),
    ("mined in", KAZAKHSTAN, "mined in Kazakhstan"),
    ("made in", "CHN", "last step in China"),
    ("mined in", "scrap", "scrap"),
)


def outlook_screen(
    result: Document, files: Iterable[str | Path] = (), seconds: float | None = None
) -> RenderableType:
    """The screen of an outlook: world supply, share and price by year, what each plan mines and what it
    changes, who depends on whom by place and by owner, what opens, and what is left out. Nothing is computed
    that the document does not hold."""
    cases = cases_of(result)
    parts: list[RenderableType] = [_heading(result, cases, seconds)]
    if result.status.failed_draws:
        failed, draws = result.status.failed_draws, result.inputs.draws
        parts.append(
            Text(
                f"{failed} of {draws} futures did not clear in some year and are in no figure.", "bold yellow"
            )
        )
    parts += [Text(""), _years_table(result, cases), Text("")]
    parts += [Text(s.text, style="yellow") for s in result.statements if s.text_key == "quotation"]
    parts += [Text(""), _facilities_table(result), Text("")]
    if WITHOUT in cases:
        parts.append(_effects_table(result, cases))
        parts += [Text(s.text) for s in result.statements if s.text_key == "replaced"]
        parts.append(Text(""))
    parts += [_dependence_table(result, cases), Text("")]
    parts += [Text(s.text, style="dim") for s in result.statements if s.text_key in ("case", "ownership")]
    parts.append(Text(""))
    parts += [Text(f"Not in it, or assumed: {x.what} ({x.bias})") for x in result.limits[:LIMITS]]
    more = len(result.limits) - LIMITS
    if more > 0:
        parts.append(
            Text(f"{more} more limits and every assumption are in the report and in --json.", style="dim")
        )
    parts += [Text(""), Text(_last_line(files), style="dim")]
    return Group(*parts)


def _last_line(files: Iterable[str | Path]) -> str:
    named = [str(f) for f in files if str(f).endswith(("html", "json"))]
    source = next((n for n in named if n.endswith(".json")), "result.json")
    return " · ".join([*named, f'ask further: crosscut why {source} "dependence/USA/mined in/CHN"'])


def _heading(result: Document, cases: Sequence[str], seconds: float | None) -> RenderableType:
    inputs, horizon = result.inputs, result.horizon
    solved = inputs.draws - result.status.failed_draws
    what = (
        f"{inputs.mineral} {horizon.start[:4]} to {horizon.end[:4]} · world grade"
        f" {inputs.world.grade} · {solved} futures in {len(cases)}"
        f" {'case' if len(cases) == 1 else 'cases'}" + (f", {seconds:.0f} s" if seconds is not None else "")
    )
    return Group(
        Text(result.title, style="bold"),
        Text(what, style="dim"),
        Text(
            "A projection under stated conditions, not a forecast: read the differences between cases before"
            " levels.",
            style="dim",
        ),
    )


def _table(title: str) -> Table:
    return Table(
        box=None, pad_edge=False, padding=(0, 2, 0, 0), title_justify="left", title_style="bold", title=title
    )


def _main_and_other(cases: Sequence[str]) -> tuple[str, str]:
    main = PLANS if PLANS in cases else cases[0]
    return main, (WITHOUT if WITHOUT in cases and main != WITHOUT else "")


def _years_table(result: Document, cases: Sequence[str]) -> RenderableType:
    """World mines, what Kazakhstan has of them, and the price, with and without."""
    main, other = _main_and_other(cases)
    price = next((r for r in result.rows("outlook_prices") if r["headline"]), None)
    out = _table("Year by year: median of the futures, 80 % of them in brackets")
    out.add_column("", header_style="dim")
    titles = [f"world mines, t, {case_word(result, main)}", "of it in Kazakhstan"]
    titles += ["world mines without"] if other else []
    if price is not None:
        where = short_place(result.places, price["place"])
        place = f"{form_text(price['form'])} {where}, {unit_text(price['unit'])}"
        titles += [f"{place}, {case_word(result, main)}", *(["changed by the plans"] if other else [])]
    for t in titles:
        out.add_column(t, justify="right", header_style="dim", overflow="fold")
    for year in shown_years(*span_of(result)):
        world = {"what": "mined", "country": "WLD", "year": year}
        line = [str(year), amounts(one_row(result, "outlook_supply", case=main, **world))]
        line.append(shares(one_row(result, "outlook_shares", case=main, year=year, country=KAZAKHSTAN)))
        if other:
            line.append(amounts(one_row(result, "outlook_supply", case=other, **world)))
        if price is not None:
            key = {k: price[k] for k in ("form", "place", "basis")}
            line.append(amounts(one_row(result, "outlook_prices", case=main, year=year, **key)))
            if other:
                item = f"{price['form']} {price['basis']}"
                change = one_row(
                    result,
                    "outlook_effects",
                    case=main,
                    year=year,
                    what="price",
                    place=price["place"],
                    item=item,
                )
                line.append(points(change))
        out.add_row(*line)
    return out


def _facilities_table(result: Document) -> RenderableType:
    """What each plan mines by year if it opens, how likely that is taken to be, who controls it and who is
    served first."""
    years = shown_years(*span_of(result), TURNS)[1:]
    out = _table("What each plan mines if it opens, t (10 % to 90 % point of the futures)")
    heads = [
        ("", "left"),
        *((str(y), "right") for y in years),
        ("from", "right"),
        ("opens in", "right"),
        ("owner", "left"),
        ("first to", "left"),
        ("evidence", "left"),
    ]
    for name, side in heads:
        out.add_column(name, justify=side, header_style="dim", overflow="fold")  # type: ignore[arg-type]
    rows = sorted(result.rows("outlook_facilities"), key=lambda r: not r["looked_at"])
    for r in rows:
        if not r["looked_at"] and r["country"] != KAZAKHSTAN and len(rows) > 12:
            continue
        case = (PLANS if r["looked_at"] else LIKELY) if r["case"] == "all" else r["case"]
        found = some_rows(result, "outlook_supply", facility=r["facility"])
        case = case if any(x["case"] == case for x in found) else (found[0]["case"] if found else case)
        mined = {x["year"]: x for x in found if x["case"] == case}
        opens = f"{int(r['start'])}" + (
            f" - {int(r['latest'])}" if int(r["latest"]) > int(r["start"]) else ""
        )
        out.add_row(
            r["name"] + ("" if r["case"] == "all" else f" ({case_word(result, r['case'])})"),
            *(amounts(mined[y]) if y in mined else DASH for y in years),
            opens,
            percent(r["probability"]) if r["case"] == "all" else "given",
            r["owners"],
            r["sells_first"] or DASH,
            r["evidence_status"],
        )
    hidden = len(rows) - out.row_count
    note = [Text(f"and {hidden} facilities elsewhere, in every case", style="dim")] if hidden else []
    return Group(out, *note)


def _effects_table(result: Document, cases: Sequence[str]) -> RenderableType:
    """What each case changes against none of the plans: world mines, price, dependence on China by place and
    by owner."""
    years = shown_years(*span_of(result), TURNS)[2:] or [span_of(result)[1]]
    price = next((r for r in result.rows("outlook_prices") if r["headline"]), None)
    out = _table(
        "What they change against none of them, future by future (tonnes, per cent of the price, points of a"
        " share)"
    )
    out.add_column("", header_style="dim", overflow="fold")
    columns: list[tuple[str, dict[str, str]]] = [
        ("world mines, t", {"what": "mined", "place": "WLD", "item": ""})
    ]
    if price is not None:
        key = {"what": "price", "place": price["place"], "item": f"{price['form']} {price['basis']}"}
        columns.append((f"{form_text(price['form'])} {short_place(result.places, price['place'])}", key))
    for user in WATCHED_USERS:
        for what, item in CHANGED:
            head = "mined in China" if item == "mined in CHN" else "Chinese owner"
            columns.append(
                (f"{short_place(result.places, user)}: {head}", {"what": what, "place": user, "item": item})
            )
    for head, _ in columns:
        out.add_column(head, justify="right", header_style="dim", overflow="fold", max_width=15)
    for case in (c for c in cases if c != WITHOUT):
        out.add_row(Text(case_word(result, case), style="bold"))
        for year in years:
            found = [one_row(result, "outlook_effects", case=case, year=year, **key) for _, key in columns]
            out.add_row(f"  {year}", *(_change(r) for r in found))
    return out


def _change(row: Row) -> str:
    """Median over its interval, in two lines."""
    if "unit" not in row:
        return "0"  # the document leaves out what does not move
    text = amounts(row, sign=True) if row.get("unit") == "t contained" else points(row)
    return text.replace(" (", "\n(")


def _dependence_table(result: Document, cases: Sequence[str]) -> RenderableType:
    """By user: what it uses that was mined in China and in Kazakhstan, and who controls the mines, unknown
    first."""
    first, last = span_of(result)
    years = shown_years(first, last, TURNS)
    main, other = _main_and_other(cases)
    readings = [c for c in cases if c in {r["case"] for r in result.rows("outlook_facilities")}]
    whole = f"all {result.inputs.mineral} used"
    out = _table(f"Who depends on whom: share of {whole}, scrap included, {case_word(result, main)}")
    out.add_column("", header_style="dim", no_wrap=True)
    for year in years:
        out.add_column(str(year), justify="right", header_style="dim", overflow="fold")
    columns = [c for c in (other, *readings) if c]
    for c in columns:
        out.add_column(
            f"{last}, {case_word(result, c)}",
            justify="right",
            header_style="dim",
            overflow="fold",
            max_width=20,
        )
    for user in dict.fromkeys(r["user"] for r in result.rows("outlook_dependence")):
        out.add_row(Text(short_place(result.places, user), style="bold"), *[""] * (len(years) + len(columns)))
        for measure, of, words in LINES:
            key = {"user": user, "measure": measure, "of": of}
            found = [one_row(result, "outlook_dependence", case=main, year=y, **key) for y in years]
            found += [one_row(result, "outlook_dependence", case=c, year=last, **key) for c in columns]
            if any(s["median"] is not None for s in found):
                out.add_row(f"  {words}", *(shares(s) for s in found))
    note = (
        "What falls from the first year on falls without the plans too: measures in force, growth, scrap."
        " Compare the cases."
    )
    return Group(out, *([Text(note, style="dim")] if other else []))
