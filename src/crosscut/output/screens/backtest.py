"""Backtest: the screen, and one HTML page without script that lists every episode, good and bad."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from crosscut.base.files import write_file
from crosscut.output.screens.backtest_quantities import how_far_off
from crosscut.results import Document
from crosscut.results.rows import Row

MODEL = "crosscut"
SCORE_WORDS = {
    "price_abs_log_error": "price, absolute log error",
    "price_abs_log_error_without_largest": "the same without the largest price rise",
    "price_direction_right": "direction of the price right",
    "price_in_80_interval": "in the 80 % interval",
    "price_interval_score_80": "interval score (logs)",
    "importer_wmape": "importers' tonnes, weighted error",
    "importer_rank_correlation": "importers' ranking, correlation",
    "gap_fill_distance": "who fills the gap, distance",
    "flow_abs_error": "change of the hit flow, error",
}
GIVEN_IN_B = "flow_abs_error"  # track B is given it
BETTER_HIGH = ("price_direction_right", "importer_rank_correlation")
TICKS = (0.5, 1, 2, 5, 10, 20, 50)
SHOWN_ABOVE = ("how_far_off", "not_scored")  # statements that the screen has as a table, or on top
SIZED = ("price_in_80_interval",)  # neither high nor low is good


def _rows(result: Document, name: str, **wanted: Any) -> list[Row]:
    return [r for r in result.rows(name) if all(r[k] == v for k, v in wanted.items())]


def tracks(result: Document) -> list[str]:
    """Tracks of the document in its order."""
    return list(dict.fromkeys(r["track"] for r in result.rows("backtest_scores")))


def score_lines(result: Document, track: str) -> list[dict[str, Any]]:
    """The model's scores of a track, each with the best and the reference baseline of the same score."""
    out = []
    for r in _rows(result, "backtest_scores", track=track, method=MODEL):
        if r["score"] not in SCORE_WORDS or (track == "B" and r["score"] == GIVEN_IN_B):
            continue
        rivals = [
            x for x in _rows(result, "backtest_scores", track=track, score=r["score"]) if x["method"] != MODEL
        ]
        rivals = [x for x in rivals if track == "B" or x["method"] != "proportional_loss_realised_cut"]
        best = None
        if rivals and r["score"] not in SIZED:
            best = (max if r["score"] in BETTER_HIGH else min)(rivals, key=lambda x: x["mean"])
        out.append({**r, "words": SCORE_WORDS[r["score"]], "best": best})
    order = list(SCORE_WORDS)
    return sorted(out, key=lambda r: order.index(r["score"]))


def backtest_screen(
    result: Document, paths: Iterable[str] = (), seconds: float | None = None
) -> RenderableType:
    """Scores by track beside the best rival, then every episode in one line."""
    parts: list[RenderableType] = []
    n = len({r["episode"] for r in result.rows("backtest_episodes")})
    took = f", {seconds:.0f} s" if seconds is not None else ""
    parts.append(Text(f"{_title(result, n)}{took}", style="bold"))
    if result.status.failed_draws:
        parts.append(
            Text(
                f"{result.status.failed_draws} markets did not clear and count as far off.",
                "bold yellow",
            )
        )
    parts += [Text(s.text, "yellow") for s in result.statements if s.text_key == "not_scored"]
    for track in tracks(result):
        parts += [Text(""), how_far_off(result, track)]
    for track in tracks(result):
        parts += [Text(""), _scores_table(result, track)]
    for track in tracks(result)[:1]:
        parts += [Text(""), _episodes_table(result, track)]
    parts.append(Text(""))
    parts += [Text(s.text, style="dim") for s in result.statements if s.text_key not in SHOWN_ABOVE]
    parts.append(
        Text(
            "Rival: the baseline with the best mean of that score in hindsight. Beside the mean: its 90 %"
            " interval.",
            style="dim",
        )
    )
    parts += [Text(p, style="dim") for p in paths]
    return Group(*parts)


def _title(result: Document, n: int) -> str:
    frozen = any("frozen" in s.text for s in result.statements if s.text_key == "rule")
    how = "with frozen parameters" if frozen else "with what the others teach"
    return f"{n} real disruptions, each predicted {how}"


def _scores_table(result: Document, track: str) -> Group:
    """The scores, and under them the aims and whose each best rival is: lines that hold in 80 columns."""
    title = (
        "Track A: what was known before"
        if track == "A"
        else "Track B: the realised change of the hit flow is given"
    )
    out = Table(
        title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0)
    )
    for name, side in (
        ("core episodes", "left"),
        ("n", "right"),
        ("mean", "right"),
        ("", "left"),
        ("median", "right"),
        ("rival", "right"),
    ):
        out.add_column(name, justify=side, header_style="dim", no_wrap=True)  # type: ignore[arg-type]
    notes: list[RenderableType] = []
    for r in score_lines(result, track):
        best = r["best"]
        out.add_row(
            r["words"],
            f"{r['n']:.0f}",
            f"{r['mean']:.3f}",
            f"{r['low']:.2f} to {r['high']:.2f}",
            f"{r['median']:.3f}",
            f"{best['mean']:.3f}" if best else "",
        )
        said = [r["aim"], f"rival {best['method']}" if best else ""]
        notes.append(Text(f"{r['words']}: {'; '.join(x for x in said if x)}", style="dim"))
    return Group(out, *notes)


def _episodes_table(result: Document, track: str) -> Table:
    out = Table(
        title=f"Every episode, track {track}: price after over before",
        title_justify="left",
        title_style="bold",
        box=None,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )
    for name, side in (
        ("", "left"),
        ("seen", "right"),
        ("ours", "right"),
        ("80 %", "left"),
        ("formula", "right"),
        ("tonnes", "right"),
        ("gap", "right"),
        ("", "left"),
    ):
        out.add_column(name, justify=side, header_style="dim", no_wrap=True)  # type: ignore[arg-type]
    for r in _rows(result, "backtest_episodes", track=track):
        star = "" if r["core_price"] else " *"
        hit = "" if r["in_interval"] is not False else "outside"
        out.add_row(
            r["episode"] + star,
            _two(r["price_observed"]),
            _two(r["price"]),
            f"{_two(r['price_low'])} - {_two(r['price_high'])}",
            _two(r["price_linear"]),
            _two(r["importers_error"]),
            _two(r["gap_fill"]),
            hit,
        )
    out.caption = (
        "formula: the one-line one; tonnes: importers' weighted error; gap: who fills it. * not in the means"
        " of the price\n(demand shocks, weak data)"
    )
    out.caption_justify = "left"
    return out


def _two(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def write_backtest_page(result: Document, folder: str | Path) -> Path:
    """Writes backtest.html into a folder: every score, every episode, what was missed; no script, no
    request."""
    return write_file(Path(folder) / "backtest.html", backtest_html(result))


def backtest_html(result: Document) -> str:
    """The page as text."""
    rows = result.rows("backtest_episodes")
    shown = [v for r in rows for v in (r["price_low"], r["price_high"], r["price_observed"]) if v]
    span = (math.log(min(shown, default=0.5)), math.log(max(shown, default=2.0)))
    html: str = _page().render(
        result=result,
        tracks=[
            {
                "id": t,
                "scores": score_lines(result, t),
                "all": _rows(result, "backtest_scores", track=t),
                "episodes": [
                    {**r, "bar": _bar(r, span)} for r in _rows(result, "backtest_episodes", track=t)
                ],
            }
            for t in tracks(result)
        ],
        words=SCORE_WORDS,
        parameters=_rows(result, "backtest_parameters", left_out=""),
        one=_place(1.0, span),
        axis=[{"at": _place(x, span), "text": f"{x:g}"} for x in TICKS if span[0] <= math.log(x) <= span[1]],
    )
    return html


def _place(value: float, span: tuple[float, float]) -> float:
    """Place in per cent of a log axis."""
    return round(100 * (math.log(value) - span[0]) / (span[1] - span[0]), 2)


def _bar(r: Row, span: tuple[float, float]) -> dict[str, float | None]:
    """Places in per cent of a log axis: interval, median, observed."""

    def at(value: float | None) -> float | None:
        return None if not value else _place(value, span)

    return {
        "low": at(r["price_low"]),
        "high": at(r["price_high"]),
        "mid": at(r["price"]),
        "seen": at(r["price_observed"]),
    }


@cache
def _page() -> Any:
    import jinja2

    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, keep_trailing_newline=True
    )
    environment.filters["two"] = _two
    environment.filters["plain"] = lambda name: name.replace("_", " ")
    environment.filters["urls"] = _urls
    return environment.from_string(
        files("crosscut.output.page").joinpath("backtest.html.j2").read_text(encoding="utf-8")
    )


def _urls(text: str) -> Sequence[str]:
    """Web addresses in a text; anything else is no link."""
    return [u for u in text.split() if u.startswith(("https://", "http://"))]
