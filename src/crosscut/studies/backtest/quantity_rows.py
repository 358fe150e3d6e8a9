"""Quantity rows: the comparison of the model with its rivals as tables, and as sentences that need no log.

Tests: tests/studies/backtest/test_document.py
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from crosscut.studies.backtest.episode import Episode
from crosscut.studies.backtest.fit.leave_one_out import Folds
from crosscut.studies.backtest.folder import bundled_folder
from crosscut.studies.backtest.score.compared import STACKED, Compared, EpisodeScore, compared
from crosscut.studies.backtest.score.lessons import Lessons
from crosscut.studies.backtest.score.model import MODEL, model
from crosscut.studies.backtest.score.quantities import TRADE, Quantity
from crosscut.studies.backtest.score.resampling import difference, share_interval
from crosscut.studies.backtest.score.rivals import rivals

SCORES = ("crps", "log_score", "error")
WORDS = {
    Quantity.WINDOW_MEAN: "Mean price of the 12 months after",
    Quantity.END: "Price about 12 months after",
    Quantity.PEAK: "Highest price within 24 months",
    Quantity.INSIDE: "Price inside the restricting country",
    Quantity.MONTH: "Price of each month",
    Quantity.MONTH_INSIDE: "Price of each month, inside",
    Quantity.FLOW: "Change of the flow that was hit",
    Quantity.IMPORTERS: "Tonnes of each importer",
}
FEW = 5  # episodes below which nothing is compared in words


def compared_quantities(
    tested: Sequence[Episode], teaching: Sequence[Episode], folds: Folds, track: str
) -> list[Compared]:
    """Every quantity that some tested episode has. Track B is given the flow, which is not scored there."""
    out = []
    for quantity in Quantity:
        if track == "B" and quantity is Quantity.FLOW:
            continue
        lessons = Lessons(quantity, teaching, tested)
        if any(e.inputs.id in lessons.seen for e in tested):
            out.append(compared(lessons, [model(lessons, folds, track), *rivals(lessons)]))
    return out


def methods_of(c: Compared) -> list[str]:
    """The model, the mixture of all, and the rivals, in that order."""
    there = list(dict.fromkeys(s.method for s in c.scores if s.counts))
    first = [m for m in (MODEL, STACKED) if m in there]
    return first + [m for m in there if m not in first]


def quantity_rows(track: str, found: Sequence[Compared]) -> list[dict[str, Any]]:
    """Rows of `backtest_quantities`: one a quantity and method."""
    return [_quantity_row(track, c, method) for c in found for method in methods_of(c)]


def _quantity_row(track: str, c: Compared, method: str) -> dict[str, Any]:
    mine = [s for s in c.scores if s.method == method and s.counts]
    errors = [s.error for s in mine]
    covered = sum(s.covered for s in mine)
    low, high = share_interval(round(covered), len(mine))
    return {
        "track": track,
        "quantity": c.quantity.value,
        "method": method,
        "n": len(mine),
        "half": off_by(c.quantity, errors, 0.5),
        "nine_tenths": off_by(c.quantity, errors, 0.9),
        **{score: float(np.mean([getattr(s, score) for s in mine])) for score in SCORES},
        "covered": covered / len(mine),
        "covered_low": low,
        "covered_high": high,
    }


def off_by(quantity: Quantity, errors: Sequence[float], share: float) -> float:
    """The error that a share of the episodes stays within: a factor of a price, else a share of the base
    year."""
    at = float(np.quantile(errors, share, method="linear" if share == 0.5 else "inverted_cdf"))
    return at if quantity in TRADE else math.exp(at)


def difference_rows(track: str, found: Sequence[Compared]) -> list[dict[str, Any]]:
    """Rows of `backtest_differences`: the model and the mixture, each less every rival."""
    out = []
    for c in found:
        methods = methods_of(c)
        for mine in (m for m in (MODEL, STACKED) if m in methods):
            for rival in (m for m in methods if m not in (mine, STACKED)):
                for score in SCORES:
                    d = difference(c.by_episode(mine, score), c.by_episode(rival, score))
                    if d is not None:
                        out.append(
                            {
                                "track": track,
                                "quantity": c.quantity.value,
                                "method": mine,
                                "rival": rival,
                                "score": score,
                                "n": d.n,
                                "difference": d.mean,
                                "low": d.low,
                                "high": d.high,
                                "better_in": d.better_in,
                                "verdict": d.verdict,
                            }
                        )
    return out


def weight_rows(track: str, found: Sequence[Compared]) -> list[dict[str, Any]]:
    """Rows of `backtest_weights`: what each member weighs in the mixture, learned from all that teach."""
    return [
        {"track": track, "quantity": c.quantity.value, "member": member, "weight": weight}
        for c in found
        for member, weight in c.overall.items()
    ]


def outcome_rows(track: str, found: Sequence[Compared]) -> list[dict[str, Any]]:
    """Rows of `backtest_outcomes`: each figure that came and what each method said; importers are left to
    `backtest_predictions`."""
    return [
        r for c in found if c.quantity is not Quantity.IMPORTERS for s in c.scores for r in _figures(track, s)
    ]


def _figures(track: str, s: EpisodeScore) -> list[dict[str, Any]]:
    read = (lambda x: x) if s.quantity in TRADE else math.exp
    return [
        {
            "track": track,
            "quantity": s.quantity.value,
            "episode": s.episode,
            "month": float(o.key) if o.key else None,
            "method": s.method,
            "counts": s.counts,
            "observed": read(o.value),
            "median": read(o.median),
            "low": read(o.low),
            "high": read(o.high),
        }
        for o in s.outcomes
    ]


def sentences(track: str, found: Sequence[Compared]) -> list[str]:
    """How far off, in words: one sentence or two a quantity."""
    return [_sentence(track, c) for c in found if methods_of(c)]


def _sentence(track: str, c: Compared) -> str:
    rows = {r["method"]: r for r in quantity_rows(track, [c])}
    n = rows[STACKED]["n"]
    said = f"{WORDS[c.quantity]} (track {track}, {n} episode{'s' * (n > 1)}): "
    if MODEL in rows:
        said += f"right within {_off(c.quantity, rows[MODEL])}"
    said += f"; stacked with its rivals {_off(c.quantity, rows[STACKED], short=True)}"
    rivals_of = {m: r for m, r in rows.items() if m not in (MODEL, STACKED)}
    best = min(rivals_of, key=lambda m: rivals_of[m]["crps"])
    said += f"; best rival in hindsight ({plain(best)}) {_off(c.quantity, rivals_of[best], short=True)}. "
    if n < FEW:
        return said + "Too few episodes to compare."
    return said + " ".join(_compared(c, mine) for mine in (MODEL, STACKED) if mine in rows)


def _off(quantity: Quantity, row: Mapping[str, Any], short: bool = False) -> str:
    """ "a factor of 1.3 in half of them and of 2.1 in nine of ten", or the same in per cent of the base."""
    if quantity in TRADE:
        half, most = f"{100 * row['half']:.0f} %", f"{100 * row['nine_tenths']:.0f} %"
        return (
            f"{half} and {most}"
            if short
            else f"{half} of the base year in half of them, {most} in nine of ten"
        )
    half, most = f"{row['half']:.2f}", f"{row['nine_tenths']:.2f}"
    return f"{half} and {most}" if short else f"a factor of {half} in half of them, {most} in nine of ten"


def _compared(c: Compared, mine: str) -> str:
    """Against which rivals the whole distribution (CRPS) is better or worse beyond chance."""
    rows = [r for r in difference_rows("", [c]) if r["method"] == mine and r["score"] == "crps"]
    named = {v: [plain(r["rival"]) for r in rows if r["verdict"] == v] for v in ("better", "worse")}
    who = "The model" if mine == MODEL else "Stacked, it"
    parts = [f"{v} than {', '.join(named[v])}" for v in ("better", "worse") if named[v]]
    if not parts:
        return f"{who} differs from no rival beyond chance."
    return f"{who} is {' and '.join(parts)} beyond chance; from the others it does not differ."


def plain(method: str) -> str:
    """A method as people say it.

    >>> plain("elasticity_linear"), plain("half_refill")
    ('the one-line formula', 'half refill')
    """
    known = {
        MODEL: "the model",
        "elasticity_linear": "the one-line formula",
        "elasticity_log": "the one-line formula in logs",
    }
    return known.get(method, method.replace("_", " "))


@cache
def specifications() -> tuple[Mapping[str, str], ...]:
    """Every set of mechanisms or priors whose score on the first set was looked at: what, when, and on
    what."""
    text = (bundled_folder() / "specifications.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
