"""Project details: what the screen leaves out: money at the start, loans and taxes by year and price,
refining, costs, every figure; and what it is worth to be free to wait, phase or abandon."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from crosscut.output.screens.market.words import DASH, amount, percent
from crosscut.output.screens.project.costs import figures_table
from crosscut.output.screens.project.words import plain_table, ranged, shown
from crosscut.results import Document


def details(result: Document) -> list[RenderableType]:
    """Every table that the result holds of these, one below the other."""
    out: list[RenderableType] = []
    for table, build in (
        ("project_sources_uses", _sources),
        ("project_debt", _debt),
        ("project_tax", _tax),
        ("project_refining", _refining),
        ("project_costs", figures_table),
    ):
        if result.rows_if_any(table):
            out += [build(result), Text("")]
    return [*out, _figures(result), Text("")]


def _sources(result: Document) -> RenderableType:
    rows = result.rows("project_sources_uses")
    out = plain_table(f"Who pays until production, {rows[0]['unit']}")
    for name in ("source", "", "use", " "):
        out.add_column(
            name, justify="right" if not name.strip() else "left", header_style="dim", overflow="fold"
        )
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


def _debt(result: Document) -> RenderableType:
    rows = [r for r in result.rows("project_debt") if r["loan"] == "all" and r["case"] == "middle"]
    rows = [r for r in rows if r["owed"] > 0.05 or r["repaid"] > 0.05]
    unit = rows[0]["unit"] if rows else ""
    out = plain_table(
        f"Loans in the middle case, {unit}, and over the draws: dividends stopped, in default, not paid"
    )
    for name in ("", "drawn", "interest", "repaid", "owed", "DSCR", "LLCR", "stopped", "default", "unpaid"):
        out.add_column(name, justify="right", header_style="dim")
    for r in rows:
        out.add_row(
            str(r["year"]),
            *(amount(r[k]) for k in ("drawn", "interest", "repaid", "owed", "cover", "loan_life_cover")),
            *(percent(r[k]) for k in ("locked_draws", "default_draws", "unpaid_draws")),
        )
    return out


def _tax(result: Document) -> RenderableType:
    rows = result.rows("project_tax")
    unit = str(rows[0].get("unit", "USD/mtu WO3")) if rows else "USD/mtu WO3"
    of = "APT price" if unit == "USD/mtu WO3" else "price"
    real = "real USD per mtu" if of == "APT price" else f"real {unit}"
    out = plain_table(f"By {of}, {real}: worth before and after what the budget takes, million")
    for name in (of, "before", "after", "share taken"):
        out.add_column(name, justify="right", header_style="dim")
    for r in rows:
        out.add_row(amount(r["price"]), amount(r["before"]), amount(r["after"]), percent(r["rate"]))
    return out


def _refining(result: Document) -> RenderableType:
    rows = result.rows("project_refining")
    out = plain_table("Does refining in the country pay?")
    for name, side in (
        ("", "left"),
        ("middle", "right"),
        ("median (10 % to 90 %)", "right"),
        ("unit", "left"),
    ):
        out.add_column(name, justify=side, header_style="dim", overflow="fold")  # type: ignore[arg-type]
    for r in rows:
        out.add_row(r["item"], shown(r["middle"], r), ranged(r), "" if r["unit"] == "fraction" else r["unit"])
    return out


def _figures(result: Document) -> RenderableType:
    lines = [Text("Every figure with its range, its evidence status and who says so", style="bold")]
    for a in result.assumptions:
        value, low, high = (DASH if x is None else amount(x) for x in (a.value, a.low, a.high))
        spread = (
            "" if a.low is None else f" ({low} to {high})" if a.value is not None else f" (×{low} to ×{high})"
        )
        value = "by year" if a.value is None else value
        lines.append(Text(f"{a.id}: {value}{spread}, {a.evidence_status}"))
        said = "; ".join(t for t in (a.source, a.note) if t)
        if said:
            lines.append(Text(f"  {said}", style="dim"))
    return Group(*lines)


CHOICES = {"wait": "wait", "phase": "build in two halves", "abandon": "abandon"}


def choices_table(result: Document) -> Table:
    """What each choice is worth beside deciding today, with its error; how often and when it is taken."""
    rows = result.rows("project_choices")
    out = Table(
        box=None,
        pad_edge=False,
        padding=(0, 2, 0, 0),
        title_justify="left",
        title_style="bold",
        title=(
            f"What it is worth to be free: mean over {rows[0]['draws']:,} draws, {rows[0]['unit']}, after tax"
        ),
    )
    for name in ("may", "decided now", "with the choice", "gain", "never taken", "else in"):
        out.add_column(name, justify="left" if name == "may" else "right")
    for r in rows:
        out.add_row(
            CHOICES.get(r["choice"], r["choice"]),
            amount(r["now"]),
            f"{amount(r['value'])} ± {amount(r['error'])}",
            amount(round(r["gain"], 6)),
            percent(r["never"]),
            "–" if r["median_year"] is None else f"{r['median_year']:.0f}",
        )
    return out
