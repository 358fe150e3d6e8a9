"""Forecast: the screen of forecasts and of their scores, and the dated file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from crosscut.base.files import write_file
from crosscut.output.files import write_tables
from crosscut.output.screens.market.words import amount, percent
from crosscut.results import Document, to_text

IMPORTERS = 3  # shown of every scenario; the file has all


def _written_on(result: Document) -> str:
    text: str = next(s.text for s in result.statements if s.text_key == "written")
    return text.removeprefix("Written on ").split(" ")[0]


def write_forecast(result: Document, folder: str | Path) -> list[Path]:
    """Writes forecast-DATE-ID.json (score-... when it is scored) beside the tables; the same document as
    result.json."""
    files = write_tables(result, folder)
    kind = "score" if "forecast_scores" in result.tables else "forecast"
    name = f"{kind}-{_written_on(result)}-{result.id[:12]}.json"
    return [write_file(Path(folder) / name, to_text(result)), *files]


def forecast_screen(result: Document, files: Iterable[str] = ()) -> RenderableType:
    """Every forecast with its interval and window; with outcomes, every score."""
    scored = "forecast_scores" in result.tables
    title = f"{'Scores of the forecasts' if scored else 'Forecasts'} written on {_written_on(result)}"
    parts: list[RenderableType] = [
        Text(title, style="bold"),
        Text(f"id of this document {result.id}"),
        Text(""),
    ]
    if scored:
        parts += [_scores(result), Text("")]
        for window, scores in (result.scores or {}).items():
            parts.append(Text(f"{window}: " + ", ".join(f"{k} {v:.3f}" for k, v in scores.items())))
    else:
        parts += [
            _rows(result),
            Text(""),
            Text("Minerals with a measure in force", style="bold"),
            *_coverage(result),
        ]
    if result.status.failed_draws:
        parts.append(
            Text(f"{result.status.failed_draws} futures did not clear and are in no row.", "bold yellow")
        )
    parts.append(Text(""))
    said = ("stand_in", "rule", "scored")
    parts += [Text(s.text, style="dim") for s in result.statements if s.text_key in said]
    parts += [Text(f"Not in it: {x.what} ({x.bias})", style="dim") for x in result.limits]
    parts += [Text(f, style="dim") for f in list(files)[:1]]
    return Group(*parts)


def _table(columns: tuple[tuple[str, str], ...]) -> Table:
    out = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name, side in columns:
        out.add_column(name, justify=side, header_style="dim", overflow="fold")  # type: ignore[arg-type]
    return out


def _rows(result: Document) -> Group:
    """Prices, what the restrictor sells and the largest importers of every scenario whose window is not
    over."""
    rows = result.rows("forecasts")
    open_now = [r for r in rows if r["window"] != "over"]
    parts: list[RenderableType] = []
    shown = 0
    for scenario in dict.fromkeys(r["scenario"] for r in open_now):
        own = [r for r in open_now if r["scenario"] == scenario]
        importers = [r["forecast"] for r in own if r["target"] == "importer_qty"][:IMPORTERS]
        listed = [
            r
            for r in own
            if r["target"] in ("price_ratio", "restrictor_flow_change") or r["forecast"] in importers
        ]
        first = own[0]
        parts.append(
            Text(
                f"{first['mineral']}: {scenario}, {first['from']} to {first['to']} ({first['window']})",
                style="bold",
            )
        )
        out = _table((("", "left"), ("median", "right"), ("80 %", "right"), ("against", "right")))
        for r in listed:
            of = _AS[r["target"]]
            span = "" if r["lo80"] is None else f"{of(r['lo80'])} to {of(r['hi80'])}"
            out.add_row(r["what"].partition(": mean")[0], of(r["value"]), span, _against(r))
        shown += len(listed)
        parts += [out, Text("")]
    over = sorted({r["scenario"] for r in rows if r["window"] == "over"})
    more = f"{len(rows) - shown} more rows are in the file: importers, who fills the gap"
    more += f", and measures whose window is over ({', '.join(over)})." if over else "."
    return Group(*parts, Text(more, style="dim"))


def _change(x: float) -> str:
    return ("+" if x > 0 else "") + percent(x)


_AS: dict[str, Callable[[float], str]] = {
    "price_ratio": lambda x: f"×{amount(x)}",
    "restrictor_flow_change": _change,
    "importer_qty": lambda x: f"{amount(x)} t",
}


def _against(row: Mapping[str, Any]) -> str:
    if row["base"] is None:
        return ""
    unit = row["base_unit"] if row["target"] == "price_ratio" else "t"
    return f"{amount(row['base'])} {unit}"


def _coverage(result: Document) -> list[Text]:
    """What is forecast by name, and how many minerals are not for which kind of reason; the table has
    each."""
    rows = result.rows_if_any("forecast_coverage")
    done = [r for r in rows if r["status"].startswith("forecast")]
    without = [r["mineral"] for r in rows if r["status"].startswith("no forecast: no world")]
    held = [r["mineral"] for r in rows if r not in done and r["mineral"] not in without]
    out = [
        Text(f"{r['mineral']}: {r['market_class']}, error found in {r['episodes']:.0f} episodes")
        for r in done
    ]
    if held:
        out.append(
            Text(
                f"No forecast, the measures hold in the base year or pass the world by: {', '.join(held)}.",
                style="dim",
            )
        )
    if without:
        out.append(
            Text(
                f"No forecast, no world: {', '.join(without)}. The table forecast_coverage has every reason.",
                style="dim",
            )
        )
    return out


def _scores(result: Document) -> Table:
    out = _table(
        (
            ("forecast", "left"),
            ("median", "right"),
            ("came", "right"),
            ("error", "right"),
            ("no change", "right"),
            ("80 %", "left"),
            ("window", "left"),
        )
    )
    for r in result.rows("forecast_scores"):
        naive = "" if r["no_change_error"] is None else f"{r['no_change_error']:.3f}"
        inside = {None: "", True: "inside", False: "outside"}[r["in_interval"]]
        out.add_row(
            r["forecast"],
            amount(r["value"]),
            amount(r["observed"]),
            f"{r['error']:.3f}",
            naive,
            inside,
            r["window"],
        )
    return out
