"""Project: the screen of a project's result, from its document alone, for 80 columns. The downside comes
first.

One figure a line with its range; who is asked about it (project, owners, lenders, state) heads its block;
then what moves it. Tables by year, every figure with its source and all limits are `project_details`, the
report and the result document.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from crosscut.output.screens.market.words import DASH, amount, percent
from crosscut.output.screens.project.details import choices_table
from crosscut.output.screens.project.words import (
    figure_words,
    mostly_none,
    plain_table,
    ranged,
    rates_words,
    short,
    shown,
)
from crosscut.results import Document
from crosscut.results.rows import Row

LIMITS = 3
MOST_BARS = 7
WARNINGS = ("range", "letter", "cut", "several_rates", "left", "recalled")
BLOCKS = (
    (
        "Project, before loans",
        ("npv_after_tax", "loss", "irr_after_tax", "payback", "break_even", "c1", "aisc"),
    ),
    ("Owners", ("owners_npv", "owners_irr", "owners_paid_in", "break_even_owners")),
    ("Lenders", ("debt", "least_cover", "loan_life_cover", "locked", "default", "unpaid", "concession")),
    ("State", ("state_npv", "state_first_year", "tax_rate")),
)
APT_UNIT = "USD/mtu WO3"
TAX_PRICES = (200, 300, 400, 600, 1000, 2000)


def project_screen(
    result: Document,
    files: Iterable[str | Path] = (),
    seconds: float | None = None,
    *,
    everything: bool = False,
) -> RenderableType:
    """What it is worth when prices stay low and over the draws, to whom; what drives it; `everything` adds
    the tables of `project_details`. Nothing is computed that the document does not hold."""
    parts: list[RenderableType] = [_heading(result, seconds), Text("")]
    parts += [Text(s.text, style="yellow") for s in result.statements if s.text_key in WARNINGS]
    parts += [Text(s.text, style="dim") for s in result.statements if s.text_key in ("price", "coupling")]
    parts += [Text(""), _measures(result), Text(""), _tornado(result), Text(""), _parties(result), Text("")]
    for table, build in (
        ("project_alternatives", _alternatives),
        ("project_choices", choices_table),
        ("project_debt", _debt),
        ("project_tax", _tax),
        ("project_refining", _refining),
    ):
        if _rows(result, table) and (built := build(result)) is not None:
            parts += [built, Text("")]
    wanted = ("cost_place", "cost_curve") if everything else ("cost_place",)
    place = [s.text for key in wanted for s in result.statements if s.text_key == key]
    if place:
        parts += [
            Text("On the cost curve (crosscut project costs)", style="bold"),
            *(Text(t) for t in place),
            Text(""),
        ]
    if everything:
        from crosscut.output.screens.project.details import details

        parts += details(result)
    parts += _limits(result, everything)
    if files:
        parts += [
            Text(""),
            Text(" · ".join(str(f) for f in files if str(f).endswith(("html", "json", "xlsx")))),
        ]
    return Group(*parts)


def _rows(result: Document, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = result.rows_if_any(table)
    return found


def _heading(result: Document, seconds: float | None) -> RenderableType:
    inputs, horizon = result.inputs, result.horizon
    what = (
        f"{inputs.mineral} {horizon.start[:4]} to {horizon.end[:4]} · {inputs.world.grade}"
        f" behind it · {inputs.draws:,} draws" + (f", {seconds:.1f} s" if seconds is not None else "")
    )
    return Group(Text(result.title, style="bold"), Text(what, style="dim"))


def _limits(result: Document, everything: bool) -> list[RenderableType]:
    shown_limits = result.limits if everything else result.limits[:LIMITS]
    out: list[RenderableType] = [Text("Not in it", style="bold")]
    out += [Text(f"- {x.what} ({x.bias})") for x in shown_limits]
    more = len(result.limits) - len(shown_limits)
    if not everything:
        out.append(
            Text(
                f"{more} more limits, years, loans and every figure with its source: --assumptions, the"
                " report of --out, or --json.",
                style="dim",
            )
        )
    return out


def _measures(result: Document) -> RenderableType:
    rows = {r["measure"]: r for r in _rows(result, "project_measures")}
    study = any(r["middle"] is not None for r in rows.values())
    money = rows["npv_after_tax"]["unit"].split(",")[0].removeprefix("million ")
    cost, price = (short(rows[m]["unit"]) for m in ("c1", "break_even"))
    per_mtu = f"costs and prices in {cost}" if cost == price else f"costs in {cost}, prices in {price}"
    out = plain_table(f"What it is worth, downside first. Money in million {money}, nominal; {per_mtu}.")
    out.add_column("")
    out.add_column("price low*", justify="right", header_style="dim")
    if study:
        out.add_column("middle", justify="right", header_style="dim")
    out.add_column("median (10 % to 90 % of draws)", header_style="dim", no_wrap=True)
    for title, names in BLOCKS:
        known = [rows[n] for n in names if n in rows and _holds(rows[n])]
        if known:
            out.add_row(Text(title, style="bold"))
        for r in known:
            none = (
                f", {percent(r['without'])} none"
                if (r["without"] or 0) > 0.005 and r["p10"] is not None
                else ""
            )
            spread = f"none in {percent(r['without'])} of draws" if mostly_none(r) else f"{ranged(r)}{none}"
            cells = [shown(r["low_price"], r), *([shown(r["middle"], r)] if study else []), spread]
            out.add_row(f"  {figure_words(r)}", *cells)
    notes = ["* In every year the price that nine draws in ten exceed, all else in the middle."]
    if any((r["without"] or 0) > 0.005 and r["p10"] is not None for r in rows.values()):
        notes.append("None: share of the draws in which there is no such figure; they are not in its range.")
    return Group(out, *(Text(n, style="dim") for n in notes))


def _holds(r: Row) -> bool:
    return any(r[k] is not None for k in ("low_price", "middle", "p10", "median", "p90"))


def _parties(result: Document) -> RenderableType:
    """Worth and rates of return by party: at the low price, and in the middle where a study stands behind
    it. A lender is paid its own rate: only that is shown."""
    rows = _rows(result, "project_returns")
    lenders = {r["party"] for r in _rows(result, "project_sources_uses") if r["item"].startswith("drawn: ")}
    cases = ["low-price", *(["middle"] if result.inputs.world.grade == "study" else [])]
    out = plain_table(f"For whom: worth in {rows[0]['unit']}, and rate of return")
    out.add_column("", overflow="fold")
    for case in cases:
        out.add_column("price low" if case == "low-price" else case, justify="right", header_style="dim")
        out.add_column("rate", justify="right", header_style="dim")
    for party in dict.fromkeys(r["party"] for r in rows):
        cells: list[str] = []
        for case in cases:
            r = next((x for x in rows if x["party"] == party and x["case"] == case), None)
            cells += [DASH if r is None or party in lenders else amount(r["worth"]), rates_words(r)]
        out.add_row(party, *cells)
    return out


def _tornado(result: Document) -> RenderableType:
    rows = _rows(result, "project_tornado")[:MOST_BARS]
    factors = {a.id for a in result.assumptions if a.value is None}  # low and high are factors on every year
    out = plain_table("What drives it: worth after tax with one figure at its 10 % and at its 90 % point")
    for name, side in (
        ("", "left"),
        ("from", "right"),
        ("to", "right"),
        ("worth", "right"),
        ("to", "right"),
        ("known as", "left"),
    ):
        out.add_column(name, justify=side, header_style="dim", overflow="fold")  # type: ignore[arg-type]
    for r in rows:
        sign = "×" if r["figure"] in factors else ""
        ends = [
            f"{amount(x / 1e6)} M" if abs(x) >= 1e6 else f"{sign}{amount(x)}" for x in (r["low"], r["high"])
        ]
        out.add_row(
            Text(figure_words({"measure": r["figure"]})),
            *ends,
            amount(r["at_low"]),
            amount(r["at_high"]),
            r["evidence_status"],
        )
    return out


def _alternatives(result: Document) -> RenderableType:
    rows = _rows(result, "project_alternatives")
    out = plain_table(
        "Other readings of the facts: worth after tax, and to the owners, median (10 % to 90 %)"
    )
    out.add_column("", overflow="fold", ratio=1)
    measures = [m for m in ("npv_after_tax", "owners_npv") if any(r["measure"] == m for r in rows)]
    for m in measures:
        out.add_column(
            {"npv_after_tax": "project", "owners_npv": "owners"}[m],
            justify="right",
            header_style="dim",
            no_wrap=True,
        )
    for id in dict.fromkeys(r["alternative"] for r in rows):
        mine = {r["measure"]: r for r in rows if r["alternative"] == id}
        out.add_row(next(iter(mine.values()))["title"], *(ranged(mine[m]) for m in measures))
    return out


def _debt(result: Document) -> RenderableType | None:
    """What a lender asks first: when it is least safe, and how often in the draws."""
    rows = [r for r in _rows(result, "project_debt") if r["loan"] == "all" and r["case"] == "middle"]
    due = [r for r in rows if r["repaid"] + r["interest"] > 0.05 and r["default_draws"] is not None]
    if not due:
        return None
    low = [
        r
        for r in _rows(result, "project_debt")
        if r["loan"] == "all" and r["case"] == "low-price" and r["cover"] is not None
    ]
    owed = max(rows, key=lambda r: r["owed"])
    worst = max(due, key=lambda r: r["default_draws"])
    unpaid = max(due, key=lambda r: r["unpaid_draws"])
    text = [
        f"Debt in the middle case: at most {amount(owed['owed'])} {owed['unit']} (end of {owed['year']}),"
        f" last payment {due[-1]['year']}."
    ]
    covers = [r for r in due if r["cover"] is not None]
    if covers:
        least = min(covers, key=lambda r: r["cover"])
        text.append(
            f"Cover of debt service is least in {least['year']}: {amount(least['cover'])}"
            + (
                f" ({amount(min(r['cover'] for r in low))} in the worst year when the price stays low)."
                if low
                else "."
            )
        )
    text.append(
        f"Of all draws most are below default cover in {worst['year']}: {percent(worst['default_draws'])};"
        f" not paid in full: {percent(unpaid['unpaid_draws'])} in {unpaid['year']}."
    )
    return Group(Text("When the loans are least safe", style="bold"), *(Text(t) for t in text))


def _tax(result: Document) -> RenderableType:
    listed = _rows(result, "project_tax")
    apt = all(r.get("unit", APT_UNIT) == APT_UNIT for r in listed)
    rows = [r for r in listed if r["price"] in TAX_PRICES] if apt else listed[::2]
    of = "APT price (USD per mtu, real)" if apt else f"price (real {listed[0]['unit']})"
    out = plain_table(f"Share of the worth before taxes that the budget takes, by {of}")
    for r in rows:
        out.add_column(amount(r["price"]), justify="right", header_style="dim")
    out.add_row(*("all" if r["rate"] is not None and r["rate"] > 1 else percent(r["rate"]) for r in rows))
    taken = any(r["rate"] is not None and r["rate"] > 1 for r in rows)
    words = (
        [f"{DASH}: nothing is earned that could be taken."] if any(r["rate"] is None for r in rows) else []
    )
    words += ["All: taxes on output take more than the mine is worth."] if taken else []
    return Group(out, *(Text(w, style="dim") for w in words))


def _refining(result: Document) -> RenderableType:
    rows = {r["item"]: r for r in _rows(result, "project_refining")}
    gain, pays = rows["gain from refining"], rows["share of the draws in which refining pays"]
    even, size = (
        rows["payable share of concentrate at which both are equal"],
        rows["least size at which it pays"],
    )
    text = (
        f"Does refining in the country pay? In {percent(pays['median'])} of the draws; gain {ranged(gain)}"
        f" {gain['unit']}. It starts to where concentrate is paid at"
        f" {shown(even['median'], {'unit': 'fraction'})} of APT or less"
        + (f", and from {amount(size['middle'])} {size['unit']} on." if size["middle"] is not None else ".")
    )
    return Text(text)
