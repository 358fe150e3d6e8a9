"""Text: the screens of the terminal, each from its document alone. The screen of a run is here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from crosscut.output.files import named_files
from crosscut.output.screens.market.comparison import comparison_screen
from crosscut.output.screens.market.exposure import exposure_screen
from crosscut.output.screens.market.provenance import provenance_screen
from crosscut.output.screens.market.summary import (
    Amount,
    HeadlinePrice,
    gap_fillers,
    headline_prices,
    parts_of_headline,
    payers,
    plants,
    reasons,
    short_places,
    table_rows,
    world_account,
)
from crosscut.output.screens.market.words import (
    DASH,
    amount,
    form_text,
    month_text,
    percent,
    short_place,
    tonnes,
)
from crosscut.results import Document, Horizon

__all__ = ["comparison_screen", "exposure_screen", "provenance_screen", "run_screen"]


SHOWN = 5  # lines in each of the three lists
LIMITS = 4  # limits written out
WIDE = 100  # columns from which things stand beside each other
SCREENING_GRADES = ("C", "D")


def run_screen(
    result: Document, files: Iterable[str | Path] = (), seconds: float | None = None
) -> RenderableType:
    """The screen of a run: prices, who runs short, who fills the gap, who pays, why, and what is left out.

    `files` are named on the last line, `seconds` is how long the run took. Nothing is computed that the
    document does not hold. From 100 columns on, quotations stand beside their price and the three lists
    beside each other; below that, under each other.
    """
    return _RunScreen(result, tuple(str(f) for f in files), seconds)


@dataclass(frozen=True)
class _RunScreen:
    result: Document
    files: tuple[str, ...]
    seconds: float | None

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        result, wide = self.result, options.max_width >= WIDE
        yield _heading(result, self.seconds)
        for line in _warnings(result):
            yield Text(line, style="bold yellow")
        yield Text("")
        yield _price_table(headline_prices(result), wide)
        yield Text(_how_read(result), style="dim")
        yield Text("")
        yield _lists(result, wide)
        yield Text("")
        yield _labelled("Why", reasons(result) or ["no event was added to this world"])
        if parts := parts_of_headline(result):
            yield _labelled("Made of", parts)
        if used := plants(result):
            yield _labelled("Plants used, of capacity", used)
        if account := world_account(result):
            yield _labelled("World, USD M a year", account)
        yield _labelled("Not in the model", _limits(result))
        yield Text("")
        yield _last_line(result, self.files)


def _heading(result: Document, seconds: float | None) -> RenderableType:
    inputs, horizon = result.inputs, result.horizon
    title = result.title
    what = (
        f"{inputs.mineral} {inputs.world.year} -> {_window(horizon)} · world grade"
        f" {inputs.world.grade} · {inputs.draws} draws"
        + (f", {seconds:.1f} s" if seconds is not None else "")
    )
    return Group(Text(title, style="bold"), Text(what, style="dim"))


def _window(horizon: Horizon) -> str:
    try:
        start, end = date.fromisoformat(horizon.start), date.fromisoformat(horizon.end)
    except ValueError:
        return f"{horizon.start} to {horizon.end}"
    months = round((end - start).days / 30.44)
    return f"{months} {'month' if months == 1 else 'months'} from {month_text(horizon.start)}"


def _warnings(result: Document) -> list[str]:
    out = []
    grade, status, draws = result.inputs.world.grade, result.status, result.inputs.draws
    for d in result.inputs.data_sources or ():
        if d.newer_due and d.newer_due <= result.created_utc[:10]:
            out.append(
                f"Stale data: {d.dataset} to {d.through} ({d.source}); newer figures should be out"
                f" since {d.newer_due}: crosscut data status"
            )
    if grade in SCREENING_GRADES:
        money = _money_text(result)
        out.append(f"Screening only: world grade {grade}, too little of it is fact to decide on. {money}")
    if status.failed_draws:
        out.append(
            f"{status.failed_draws} of {draws} draws failed and are in no interval: intervals too narrow."
        )
    return out


def _money_text(result: Document) -> str:
    rows = table_rows(result, "welfare")
    if not rows:
        return "No money table."
    all_parties = any(r["item"] == "total" for r in rows)
    return (
        "Money shows sign and order of size."
        if all_parties
        else "Money shows what buyers lose alone, with one digit."
    )


def _price_table(prices: Sequence[HeadlinePrice], wide: bool) -> RenderableType:
    if not prices:
        return Text("No headline price.", style="dim")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("", overflow="fold")
    if wide:
        table.add_column("", no_wrap=True)
    for title in ("before", "after", "change", "80 % effect", "80 % level"):
        table.add_column(title, justify="right", header_style="dim", no_wrap=title != "80 % effect")
    if wide:
        table.add_column("observed", header_style="dim", overflow="fold")
    for p in prices:
        seen = [Text(o, style=_tone(o)) for o in p.observed]
        named = [Text(p.label), Text(p.unit)] if wide else [Text(f"{p.label}\n  {p.unit}")]
        row = [*named, Text(p.before), Text(p.median, style="bold")]
        row += [Text(p.change), Text(p.effect), Text(p.level)]
        table.add_row(*row, *([Text("\n").join(seen)] if wide else []))
        if p.status and p.median != DASH:
            table.add_row(Text(f"  {p.status}", style="yellow"))
    if wide:
        return table
    under = [Text(f"  {p.label}: ") + Text(o, style=_tone(o)) for p in prices for o in p.observed]
    return Group(table, *([Text("observed", style="dim"), *under] if under else []))


def _how_read(result: Document) -> str:
    n = result.inputs.draws
    error = f", ± its standard error from {n} draws" if n > 1 else " of one draw"
    return (
        f"after: median; change: before and after in the same draw{error}; effect: what the events do;"
        " level: with the error of prices that no draw holds."
    )


def _tone(observed: str) -> str:
    return (
        "green"
        if " inside" in observed
        else "yellow"
        if " above" in observed or " below" in observed
        else "dim"
    )


def _lists(result: Document, wide: bool) -> RenderableType:
    no_money = result.inputs.world.grade in SCREENING_GRADES and not payers(result)
    lists = (
        _list(
            result, wide, "Runs short", "t a year (share of use)", short_places(result), _short_text, "nobody"
        ),
        _list(
            result,
            wide,
            "Fills the gap",
            "t a year",
            gap_fillers(result),
            lambda a: f"+{tonnes(a.value)}",
            "nobody",
        ),
        _list(
            result,
            wide,
            "Pays",
            "USD M a year",
            payers(result),
            lambda a: amount(a.value),
            "not shown: screening" if no_money else "nobody",
        ),
    )
    if not wide:
        return Group(*lists)
    grid = Table.grid(expand=True, padding=(0, 3, 0, 0))
    for ratio in (5, 4, 4):
        grid.add_column(ratio=ratio)
    grid.add_row(*lists)
    return grid


def _short_text(a: Amount) -> str:
    return (
        f"{DASH} {a.status or 'not computed'}"
        if a.value is None
        else f"{tonnes(a.value)} ({percent(a.share)})"
    )


def _list(
    result: Document,
    wide: bool,
    title: str,
    unit: str,
    found: Sequence[Amount],
    value: Callable[[Amount], str],
    empty: str,
) -> RenderableType:
    forms = {a.form for a in found}
    table = Table.grid(expand=wide, padding=(0, 1, 0, 0))
    table.add_column(ratio=1 if wide else None, min_width=None if wide else 30, overflow="fold")
    table.add_column(justify="right", no_wrap=True)
    for a in found[:SHOWN]:
        name = short_place(result.places, a.place) + (
            f", {form_text(a.form).lower()}" if len(forms) > 1 else ""
        )
        table.add_row(Text(f"  {name}"), Text(value(a)))
    if not found:
        table.add_row(Text(f"  {empty}", style="dim"), "")
    if len(found) > SHOWN:
        table.add_row(Text(f"  and {len(found) - SHOWN} more", style="dim"), "")
    heading = Text(title, style="bold") + Text(f"  {unit}", style="not bold dim")
    return Group(heading, table)


def _labelled(label: str, phrases: Sequence[str]) -> RenderableType:
    return Text(label, style="bold") + Text("  " + " · ".join(phrases), style="not bold")


def _limits(result: Document) -> list[str]:
    found = [f"{limit.what} ({limit.bias})" for limit in result.limits]
    more = [f"and {len(found) - LIMITS} more, in the result"] if len(found) > LIMITS else []
    return found[:LIMITS] + more or ["the result names no limit"]


def _last_line(result: Document, files: Sequence[str]) -> RenderableType:
    first = next((r for r in result.rows_if_any("prices") if r["headline"]), None)
    source = next((n for n in files if n.endswith(".json")), "result.json")
    ask = f"crosscut why {source}" + (f" prices/{first['form']}/{first['place']}" if first else "")
    return Text(" · ".join([*named_files(files), f"ask further: {ask}"]), style="dim")
