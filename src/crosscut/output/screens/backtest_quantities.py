"""Backtest quantities: how far off each quantity was, without logs, and which rivals it beats by more than
chance."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from crosscut.results import Document
from crosscut.results.rows import Row

MODEL, STACKED = "crosscut", "stacked"
WORDS = {
    "window_mean": "mean of 12 months",
    "end": "after about 12 months",
    "peak": "peak of 24 months",
    "inside": "inside the country",
    "month": "each month",
    "month_inside": "each month, inside",
    "flow": "flow that was hit",
    "importers": "importers' tonnes",
}
SHARES = ("flow", "importers")  # off by a share of the base year, not by a factor
FEW = 5  # episodes below which nothing is compared


def how_far_off(result: Document, track: str) -> RenderableType:
    """The table of a track: half of the episodes and nine of ten are within the two figures."""
    out = Table(
        title=f"Track {track}: right within, in half of the episodes | in nine of ten",
        title_justify="left",
        title_style="bold",
        box=None,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )
    for name, side in (
        ("", "left"),
        ("n", "right"),
        ("market", "left"),
        ("stacked", "left"),
        ("rival", "left"),
    ):
        out.add_column(name, justify=side, header_style="dim", no_wrap=True)  # type: ignore[arg-type]
    notes = []
    for quantity, words in WORDS.items():
        mine = {
            r["method"]: r
            for r in result.rows("backtest_quantities")
            if r["track"] == track and r["quantity"] == quantity
        }
        others = [r for m, r in mine.items() if m not in (MODEL, STACKED)]
        if STACKED not in mine or not others:
            continue
        best = min(others, key=lambda r: r["crps"])
        out.add_row(
            words,
            f"{mine[STACKED]['n']:.0f}",
            _within(mine.get(MODEL)),
            _within(mine[STACKED]),
            _within(best),
        )
        said = f"{words}: best rival {_plain(best['method'])}"
        if mine[STACKED]["n"] >= FEW:
            said += f"; {_beyond_chance(result, track, quantity)}"
        notes.append(Text(said, style="dim"))
    told = "Rival: the best in hindsight. Better or worse: by the whole distribution (CRPS), beyond chance."
    return Group(out, Text(told, style="dim"), *notes)


def _within(row: Row | None) -> str:
    if row is None:
        return "-"
    if row["quantity"] in SHARES:
        return f"{100 * row['half']:.0f} % | {100 * row['nine_tenths']:.0f} %"
    return f"x{row['half']:.2f} | x{row['nine_tenths']:.2f}"


def _beyond_chance(result: Document, track: str, quantity: str) -> str:
    """Which rivals the market, and the stacked answer, are better and worse than."""
    parts = []
    for method, name in ((MODEL, "market"), (STACKED, "stacked")):
        rows = [
            r
            for r in result.rows("backtest_differences")
            if (r["track"], r["quantity"], r["method"], r["score"]) == (track, quantity, method, "crps")
        ]
        said = []
        for verdict in ("better", "worse"):
            who = ", ".join(_plain(r["rival"]) for r in rows if r["verdict"] == verdict)
            said += [f"{verdict} than {who}"] if who else []
        parts.append(f"{name} {' and '.join(said) or 'differs from none'}")
    return "; ".join(parts)


def _plain(method: str) -> str:
    known = {MODEL: "the market", "elasticity_linear": "one line", "elasticity_log": "one line in logs"}
    return known.get(method, method.replace("_", " "))
