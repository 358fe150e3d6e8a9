"""Outlook: the screen of the years to come, from its document alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from crosscut.report.words import DASH, amount, form_text, interval_text, percent, short_place, unit_text

Result = Mapping[str, Any]
Row = Mapping[str, Any]

MOST_YEARS = 9  # rows of the table of years
TURNS = 4  # years in the table of dependence
LIMITS = 5
PLANS, LIKELY, WITHOUT = "plans", "likely", "without"
KAZAKHSTAN = "KAZ"


def outlook_screen(result: Result, files: Iterable[str | Path] = (), seconds: float | None = None) -> RenderableType:
    """The screen of an outlook: a table by year (world supply, share, price), who depends on whom by place and by
    owner, what opens, and what is left out. Nothing is computed that the document does not hold."""
    cases = _cases(result)
    parts: list[RenderableType] = [_heading(result, cases, seconds)]
    if result["status"]["failed_draws"]:
        failed, draws = result["status"]["failed_draws"], result["inputs"]["draws"]
        parts.append(
            Text(f"{failed} of {draws} futures did not clear in some year and are in no figure.", "bold yellow")
        )
    parts += [Text(""), _years_table(result, cases), Text("")]
    parts += [Text(s["text"], style="yellow") for s in result["statements"] if s["text_key"] == "quotation"]
    parts += [Text(""), _dependence_table(result, cases), Text("")]
    parts += [_facilities_table(result), Text("")]
    parts += [Text(s["text"], style="dim") for s in result["statements"] if s["text_key"] in ("case", "ownership")]
    parts.append(Text(""))
    parts += [Text(f"Not in it: {x['what']} ({x['bias']})") for x in result["limits"][:LIMITS]]
    more = len(result["limits"]) - LIMITS
    if more > 0:
        parts.append(Text(f"{more} more limits and every assumption are in the report and in --json.", style="dim"))
    if files:
        parts += [Text(""), Text(" · ".join(str(f) for f in files if str(f).endswith(("html", "json"))))]
    return Group(*parts)


def _cases(result: Result) -> list[str]:
    """Cases in the order of the document."""
    return list(dict.fromkeys(r["case"] for r in result["tables"]["outlook_shares"]["rows"])) or list(
        dict.fromkeys(r["case"] for r in result["tables"]["outlook_use"]["rows"])
    )


def _heading(result: Result, cases: Sequence[str], seconds: float | None) -> RenderableType:
    inputs, horizon = result["inputs"], result["horizon"]
    solved = inputs["draws"] - result["status"]["failed_draws"]
    what = (
        f"{inputs['mineral']} {horizon['from'][:4]} to {horizon['to'][:4]} · world grade {inputs['world']['grade']} · "
        f"{solved} futures in {len(cases)} {'case' if len(cases) == 1 else 'cases'}"
    ) + (f", {seconds:.0f} s" if seconds is not None else "")
    return Group(
        Text(inputs["scenario"]["title"], style="bold"),
        Text(what, style="dim"),
        Text("A projection under stated conditions, not a forecast: read the differences between cases before levels.",
             style="dim"),
    )  # fmt: skip


def _rows(result: Result, table: str, **wanted: Any) -> list[Row]:
    return [r for r in result["tables"][table]["rows"] if all(r[k] == v for k, v in wanted.items())]


def _row(result: Result, table: str, **wanted: Any) -> Row:
    found = _rows(result, table, **wanted)
    return found[0] if found else {"p10": None, "median": None, "p90": None}


def shown_years(first: int, last: int, most: int = MOST_YEARS) -> list[int]:
    """At most `most` years from the first to the last, both among them, evenly apart.

    >>> shown_years(2024, 2040), shown_years(2024, 2026)
    ([2024, 2026, 2028, 2030, 2032, 2034, 2036, 2038, 2040], [2024, 2025, 2026])
    """
    step = -(-(last - first) // (most - 1)) or 1
    years = list(range(last, first - 1, -step))[::-1]
    return years if years[0] == first else [first, *years][: most + 1]


def _span(result: Result) -> tuple[int, int]:
    return int(result["horizon"]["from"][:4]), int(result["horizon"]["to"][:4])


def _years_table(result: Result, cases: Sequence[str]) -> RenderableType:
    main, other = _main_and_other(cases)
    price = next((r for r in result["tables"]["outlook_prices"]["rows"] if r["headline"]), None)
    out = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), title_justify="left", title_style="bold",
                title="Year by year: median of the futures, 80 % of them in brackets")  # fmt: skip
    out.add_column("", header_style="dim")
    titles = [f"world mines, t {_case_word(main)}"]
    titles += [_case_word(other)] if other else []
    titles.append("in Kazakhstan")
    if price is not None:
        titles.append(f"{form_text(price['form'])} {short_place(result, price['place'])}, {unit_text(price['unit'])}")
        titles += [_case_word(other)] if other else []
    for t in titles:
        out.add_column(t, justify="right", header_style="dim", overflow="fold")
    for year in shown_years(*_span(result)):
        line = [str(year)]
        line += [amount(_row(result, "outlook_supply", case=c, year=year, what="mined", country="WLD")["median"])
                 for c in (main, other) if c]  # fmt: skip
        share = _row(result, "outlook_shares", case=main, year=year, country=KAZAKHSTAN)
        line.append(_share_text(share))
        if price is not None:
            key = {k: price[k] for k in ("form", "place", "basis")}
            mine = _row(result, "outlook_prices", case=main, year=year, **key)
            same = amount(mine["p10"]) == amount(mine["p90"])
            line.append(amount(mine["median"]) + ("" if same else f" ({interval_text(mine)})"))
            if other:
                line.append(amount(_row(result, "outlook_prices", case=other, year=year, **key)["median"]))
        out.add_row(*line)
    return out


def _main_and_other(cases: Sequence[str]) -> tuple[str, str]:
    main = PLANS if PLANS in cases else cases[0]
    return main, (WITHOUT if WITHOUT in cases and main != WITHOUT else "")


def _case_word(case: str) -> str:
    return {PLANS: "with the plans", LIKELY: "plans as likely", WITHOUT: "without"}.get(case, case)


def _share_text(row: Row) -> str:
    if row["median"] is None:
        return DASH
    low, high = percent(row["p10"]), percent(row["p90"])
    return percent(row["median"]) + (f" ({low} - {high})" if low != high else "")


def _dependence_table(result: Result, cases: Sequence[str]) -> RenderableType:
    """By user: what it uses that was mined in China and in Kazakhstan, and who controls the mines, unknown first."""
    first, last = _span(result)
    years = shown_years(first, last, TURNS)
    main, other = _main_and_other(cases)
    alternatives = [c for c in cases if c not in (PLANS, LIKELY, WITHOUT)]
    out = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), title_justify="left", title_style="bold",
                title="Who depends on whom: share of all tungsten used, scrap included"
                if result["inputs"]["mineral"] == "tungsten" else "Who depends on whom: share of all that is used")  # fmt: skip
    out.add_column("", header_style="dim", no_wrap=True)
    for year in years:
        out.add_column(str(year), justify="right", header_style="dim")
    columns = [c for c in (other, *alternatives) if c]
    for c in columns:
        out.add_column(f"{last}, {_case_word(c)}", justify="right", header_style="dim", overflow="fold", max_width=18)
    users = list(dict.fromkeys(r["user"] for r in result["tables"]["outlook_dependence"]["rows"]))
    lines = (
        ("owned by", "UNK", "mine: owner unknown"),
        ("owned by", "CHN", "mine: Chinese owner"),
        ("owned by", "USA", "mine: US owner"),
        ("mined in", "CHN", "mined in China"),
        ("mined in", KAZAKHSTAN, "mined in Kazakhstan"),
        ("made in", "CHN", "last step in China"),
        ("mined in", "scrap", "scrap"),
    )
    for user in users:
        out.add_row(Text(short_place(result, user), style="bold"), *[""] * (len(years) + len(columns)))
        for measure, of, words in lines:
            key = {"user": user, "measure": measure, "of": of}
            shares = [_row(result, "outlook_dependence", case=main, year=y, **key) for y in years]
            shares += [_row(result, "outlook_dependence", case=c, year=last, **key) for c in columns]
            if all(s["median"] is None for s in shares):
                continue
            out.add_row(f"  {words}", *(percent(s["median"]) for s in shares))
    return out


def _facilities_table(result: Result) -> RenderableType:
    """What opens: the facilities looked at with their plan, standing and how often they are open at the end."""
    last = _span(result)[1]
    out = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), title_justify="left", title_style="bold",
                title="What opens: tonnes a year at base prices (10 % to 90 % point)")  # fmt: skip
    for name, side in (("", "left"), ("t a year", "right"), ("from", "right"), ("opens in", "right"),
                       (f"open {last}", "right"), ("owner", "left"), ("standing", "left")):  # fmt: skip
        out.add_column(name, justify=side, header_style="dim", overflow="fold")  # type: ignore[arg-type]
    rows = sorted(result["tables"]["outlook_facilities"]["rows"], key=lambda r: not r["looked_at"])
    for r in rows:
        if not r["looked_at"] and r["country"] != KAZAKHSTAN and len(rows) > 12:
            continue
        case = LIKELY if r["case"] == "all" else r["case"]
        now = next((x for x in _rows(result, "outlook_supply", case=case, year=last, facility=r["facility"])), None)
        alternative = "" if r["case"] == "all" else f" ({r['case']})"
        out.add_row(
            r["name"] + alternative,
            f"{amount(r['output'])} ({amount(r['low'])} - {amount(r['high'])})",
            f"{r['start']:.0f} - {r['latest']:.0f}" if r["latest"] > r["start"] else f"{r['start']:.0f}",
            percent(r["probability"]),
            percent(now["open"]) if now else DASH,
            r["owners"],
            r["standing"],
        )
    hidden = len(rows) - out.row_count
    note = [Text(f"and {hidden} facilities elsewhere, in every case", style="dim")] if hidden else []
    return Group(out, *note)
