"""Forecast: the screen of forecasts and of their scores, and the dated file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from crosscut.report.html import written
from crosscut.report.tables import write_tables
from crosscut.results import to_text

Result = Mapping[str, Any]


def _written_on(result: Result) -> str:
    text: str = next(s["text"] for s in result["statements"] if s["text_key"] == "written")
    return text.removeprefix("Written on ").split(" ")[0]


def write_forecast(result: Result, folder: str | Path) -> list[Path]:
    """Writes forecast-DATE-ID.json (score-... when it is scored) beside the tables; the same document as result.json."""
    files = write_tables(result, folder)
    kind = "score" if "forecast_scores" in result["tables"] else "forecast"
    name = f"{kind}-{_written_on(result)}-{result['id'][:12]}.json"
    return [written(Path(folder) / name, lambda p: p.write_text(to_text(result), encoding="utf-8")), *files]


def forecast_screen(result: Result, files: Iterable[str] = ()) -> RenderableType:
    """Every forecast with its interval and window; with outcomes, every score."""
    scored = "forecast_scores" in result["tables"]
    title = f"{'Scores of the forecasts' if scored else 'Forecasts'} written on {_written_on(result)}"
    parts: list[RenderableType] = [Text(title, style="bold"), Text(f"id of this document {result['id']}"), Text("")]
    if scored:
        parts += [_scores(result), Text("")]
        for window, scores in result["scores"].items():
            parts.append(Text(f"{window}: " + ", ".join(f"{k} {v:.3f}" for k, v in scores.items())))
    else:
        parts.append(_rows(result))
    if result["status"]["failed_draws"]:
        parts.append(
            Text(f"{result['status']['failed_draws']} futures did not clear and are in no row.", "bold yellow")
        )
    parts.append(Text(""))
    parts += [Text(s["text"], style="dim") for s in result["statements"] if s["text_key"] in ("rule", "scored")]
    parts += [Text(f"Not in it: {x['what']} ({x['bias']})", style="dim") for x in result["limits"]]
    parts += [Text(f, style="dim") for f in list(files)[:1]]
    return Group(*parts)


def _table(columns: tuple[tuple[str, str], ...]) -> Table:
    out = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name, side in columns:
        out.add_column(name, justify=side, header_style="dim", overflow="fold")  # type: ignore[arg-type]
    return out


def _rows(result: Result) -> Table:
    out = _table((("forecast", "left"), ("median", "right"), ("80 %", "right"), ("unit", "left"), ("from", "right"),
                  ("window", "left")))  # fmt: skip
    for r in result["tables"]["forecasts"]["rows"]:
        span = "" if r["lo80"] is None else f"{r['lo80']:,.3g} to {r['hi80']:,.3g}"
        base = (
            "" if r["base"] is None else f"{r['base']:,.4g} {r['base_unit'] if r['target'] == 'price_ratio' else ''}"
        )
        out.add_row(r["forecast"], f"{r['value']:,.3g}", span, r["unit"], base, f"{r['window']} ({r['to']})")
    return out


def _scores(result: Result) -> Table:
    out = _table((("forecast", "left"), ("median", "right"), ("came", "right"), ("error", "right"), ("no change", "right"),
                  ("80 %", "left"), ("window", "left")))  # fmt: skip
    for r in result["tables"]["forecast_scores"]["rows"]:
        naive = "" if r["no_change_error"] is None else f"{r['no_change_error']:.3f}"
        inside = {None: "", True: "inside", False: "outside"}[r["in_interval"]]
        out.add_row(r["forecast"], f"{r['value']:,.3g}", f"{r['observed']:,.3g}", f"{r['error']:.3f}", naive, inside,
                    r["window"])  # fmt: skip
    return out
