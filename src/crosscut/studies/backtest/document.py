"""Document: a backtest as one result document: every score beside every rival, every episode, good and
bad."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from crosscut.base.progress import Progress
from crosscut.base.version import __version__
from crosscut.results import Assumption, Document, Horizon, Inputs, Statement, Status, WorldUsed, tables_of
from crosscut.studies.backtest.cases import HOME, PASS_THROUGH
from crosscut.studies.backtest.episode import Episode
from crosscut.studies.backtest.episode_rows import episode_rows, prediction_rows
from crosscut.studies.backtest.fit.fitted_parameters import parameter_rows
from crosscut.studies.backtest.fit.leave_one_out import TRACKS, Folds
from crosscut.studies.backtest.quantity_rows import (
    compared_quantities,
    difference_rows,
    outcome_rows,
    quantity_rows,
    sentences,
    specifications,
    weight_rows,
)
from crosscut.studies.backtest.score.baselines import REFERENCE, baseline_scores
from crosscut.studies.backtest.score.scores import Score, scores
from crosscut.studies.backtest.score.summary import MODEL, ScoreLine, aim_text, lines
from crosscut.studies.backtest.selection import ChosenEpisodes
from crosscut.studies.backtest.worlds_at_base import SECONDARY
from crosscut.studies.shared.document_inputs import limits_of, notes

Progress = Progress


def backtest_result(
    chosen: ChosenEpisodes,
    tracks: Sequence[str] = TRACKS,
    *,
    data: str = "",
    progress: Progress | None = None,
) -> Document:
    """The result of a backtest in the tracks asked for: each episode left out of what predicts it, or the
    frozen parameters of `chosen.teaching` scored on all of them."""
    episodes, teaching = chosen.tested, chosen.teaching or chosen.tested
    teacher = None if chosen.teaching is None else _folds(chosen.teaching)
    folds = _folds(episodes, teacher)
    rivals = baseline_scores(episodes, teaching)
    tables: dict[str, list[dict[str, Any]]] = {name: [] for name in _TABLES}
    found: dict[str, Any] = {}
    claims: list[str] = []
    words: list[str] = []
    failed = solves = 0
    for n, track in enumerate(tracks):

        def tell(done: int, total: int, n: int = n) -> None:
            if progress is not None:
                progress(n * total + done, len(tracks) * total)

        done = folds.all(track, tell)
        scored = scores(episodes, [p for f in done for p in f.predicted])
        all_lines = lines(with_largest_apart(scored, episodes), _apart(rivals, episodes))
        tables["backtest_scores"] += [_score_row(track, x) for x in all_lines]
        tables["backtest_episodes"] += episode_rows(episodes, done, scored, rivals, track)
        tables["backtest_predictions"] += prediction_rows(episodes, done)
        tables["backtest_parameters"] += parameter_rows(track, done, folds.fitted(track))
        quantities = compared_quantities(episodes, teaching, folds, track)
        tables["backtest_quantities"] += quantity_rows(track, quantities)
        tables["backtest_differences"] += difference_rows(track, quantities)
        tables["backtest_weights"] += weight_rows(track, quantities)
        tables["backtest_outcomes"] += outcome_rows(track, quantities)
        words += sentences(track, quantities)
        found[track] = _score_keys(all_lines)
        claims.append(_claim_text(track, all_lines))
        failed, solves = failed + sum(f.failed for f in done), solves + sum(f.solves for f in done)
    tables["backtest_specifications"] = [
        {"number": float(r["number"]), "what": r["what"], "looked_at": r["looked_at"]}
        for r in specifications()
    ]
    said = [*notes(words, "how_far_off"), *notes(chosen.notes, "not_scored"), *notes(claims, "claim")]
    return _document(chosen, tables, found, said, (failed, solves), data)


_TABLES = (
    "backtest_scores",
    "backtest_quantities",
    "backtest_differences",
    "backtest_weights",
    "backtest_outcomes",
    "backtest_episodes",
    "backtest_predictions",
    "backtest_parameters",
)


def _folds(episodes: Sequence[Episode], taught_by: Folds | None = None) -> Folds:
    return Folds([e.inputs for e in episodes], {e.inputs.id: e.targets for e in episodes}, taught_by)


def _apart(rivals: Mapping[str, Sequence[Score]], episodes: Sequence[Episode]) -> dict[str, list[Score]]:
    return {k: with_largest_apart(v, episodes) for k, v in rivals.items()}


def with_largest_apart(rows: Sequence[Score], episodes: Sequence[Episode]) -> list[Score]:
    """The scores, and the price error once more without the episode of the largest price rise."""
    rises = {e.inputs.id: e.targets.price_ratio or 0.0 for e in episodes if e.targets.core_price}
    largest = max(rises, key=lambda k: rises[k], default="")
    out = list(rows)
    for r in rows:
        if r.name == "price_abs_log_error" and r.episode_id != largest:
            out.append(Score(r.episode_id, "price_abs_log_error_without_largest", r.value, r.core))
    return out


def _score_keys(all_lines: Sequence[ScoreLine]) -> dict[str, dict[str, float]]:
    """method -> {score_mean, score_median}: the numbers by one name each."""
    out: dict[str, dict[str, float]] = {}
    for x in all_lines:
        mine = out.setdefault(x.method, {})
        mine[f"{x.score}_mean"], mine[f"{x.score}_median"] = x.mean, x.median
    return out


_CLAIMED = {
    "price_abs_log_error": "price",
    "importer_wmape": "importers' tonnes",
    "importer_rank_correlation": "their ranking",
    "gap_fill_distance": "who fills the gap",
    "flow_abs_error": "change of the hit flow",
}


def _claim_text(track: str, all_lines: Sequence[ScoreLine]) -> str:
    """On which scores the model may claim to beat the reference, and on which it may not."""
    mine = [
        x
        for x in all_lines
        if x.method == MODEL and x.claim is not None and not (track == "B" and "flow" in x.score)
    ]
    yes = [_CLAIMED[x.score] for x in mine if x.claim]
    no = [_CLAIMED[x.score] for x in mine if not x.claim]
    return (
        f"Track {track}: better than the reference rival beyond chance (in 60 % of the episodes, and 90 % of"
        f" resampled means) on {', '.join(yes) or 'nothing'}; not on {', '.join(no) or 'nothing'}."
    )


def _score_row(track: str, x: ScoreLine) -> dict[str, Any]:
    row = asdict(x)
    return {
        "track": track,
        **row,
        "reference": REFERENCE.get(x.score, "") if x.difference is not None else "",
        "claim": x.claim,
        "aim": aim_text(track, x.score, x.mean, x.median) if x.method == MODEL else "",
    }


def _document(
    chosen: ChosenEpisodes,
    tables: Mapping[str, list[dict[str, Any]]],
    found: Mapping[str, Any],
    said: Sequence[Statement],
    markets: tuple[int, int],
    data: str,
) -> Document:
    episodes, (failed, solves) = chosen.tested, markets
    years = [e.inputs.base_year for e in episodes]
    return Document(
        kind="backtest",
        inputs=Inputs(
            mineral="all",
            world=WorldUsed(max(years), _hash((*episodes, *(chosen.teaching or ()))), "D"),
            scenario=None,
            seed=None,
            draws=0,
            code=__version__,
            data=data,
        ),
        status=Status(failed == 0, failed, (), {"markets_solved": float(solves)}),
        horizon=Horizon(
            min(e.inputs.announced for e in episodes),
            max(e.inputs.announced for e in episodes),
            "Announcements of the episodes; each is predicted one year ahead from data up to its base year.",
        ),
        tables=tables_of(tables),
        statements=(
            *said,
            *notes((_LEFT_OUT if chosen.teaching is None else _FROZEN, *_RULES), "rule"),
            Statement("specifications", f"{_TRIED.format(len(specifications()))}"),
        ),
        assumptions=tuple(_assumptions()),
        limits=limits_of(_LIMITS),
        scores=dict(found),
    )


def _hash(episodes: Sequence[Episode]) -> str:
    """sha256 over everything the predictions rest on and are scored against."""
    h = hashlib.sha256()
    for e in episodes:
        i, t = e.inputs, e.targets
        h.update(
            repr(
                (
                    i.id,
                    i.mineral,
                    i.kind,
                    i.instrument,
                    i.restrictor,
                    i.target,
                    i.announced,
                    i.base_year,
                    i.share,
                    i.share_of,
                    i.cut_low,
                    i.cut_mid,
                    i.cut_high,
                    i.price_text,
                    i.imports,
                )
            ).encode()
        )
        if i.trade is not None:
            h.update(repr((i.trade.years, i.trade.countries)).encode())
            h.update(i.trade.tonnes.tobytes())
            h.update(i.trade.value_kusd.tobytes())
        h.update(
            repr(
                (
                    t.price_ratio,
                    t.flow_change,
                    sorted(t.importers.items()),
                    sorted(t.gap_fill.items()),
                    t.peak,
                    t.inside,
                    t.months,
                )
            ).encode()
        )
    return h.hexdigest()


_LEFT_OUT = (
    "Every episode is predicted with parameters fitted on the other episodes; its own outcomes are not read."
)
_FROZEN = (
    "Every episode is predicted with the parameters of the bundled episodes, frozen. Its outcomes, and those"
    " of the others scored here, teach neither the model nor a rival nor a weight."
)
_TRIED = (
    "{} specifications were looked at on the first bundled set, by the table backtest_specifications. The"
    " best of many looks better than it is."
)
_RULES = (
    (
        "Track A knows what a reader of the policy text knew; track B is given the realised change of the hit"
        " flow where the trade data show it, and is scored on price and re-routing only."
    ),
    (
        "The mechanisms were chosen by people who knew how these episodes ended: leaving one out guards the"
        " numbers, not the ideas. Only forecasts made now (`crosscut forecast`) are free of that."
    ),
)

_LIMITS = (
    (
        "One form, trade only: ore, metal and products of a mineral are not told apart, nor grades of ore",
        "shares of ore traders too high",
    ),
    (
        "What countries use of their own output is left out, but for the restrictor, where it is assumed",
        "importers with mines of their own: losses too large",
    ),
    ("A year's mean: no path within the year, no peak", "peaks too low"),
    (
        "Of a demand shock the format gives no size, so nothing is predicted but no change",
        "prices of demand shocks too low",
    ),
    (
        "11 to 15 core episodes, most of them known for being dramatic",
        "price rises of ordinary measures too high",
    ),
)


def _assumptions() -> list[Assumption]:
    rows = [
        (f"home/{name}", f"Share of its output that the restrictor uses itself: {name}", value)
        for name, value in HOME.items()
    ]
    rows.append(
        ("secondary", "Secondary over primary supply where the share is one of production", SECONDARY)
    )
    rows.append(
        ("pass_through", "Log price change of a traded ore that reaches the quoted metal", PASS_THROUGH)
    )
    return [
        Assumption(id=key, what=what, value=value, low=None, high=None, evidence_status="assumed", source="")
        for key, what, value in rows
        if math.isfinite(value)
    ]
