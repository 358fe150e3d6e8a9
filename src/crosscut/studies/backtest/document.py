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
from crosscut.results import Assumption, Document, Horizon, Inputs, Status, WorldUsed, tables_of
from crosscut.studies.backtest.cases import HOME, PASS_THROUGH
from crosscut.studies.backtest.episode import Episode
from crosscut.studies.backtest.fit.fitted_parameters import parameter_rows
from crosscut.studies.backtest.fit.leave_one_out import TRACKS, Fold, Folds
from crosscut.studies.backtest.score.baselines import REFERENCE, baseline_scores, price_baselines
from crosscut.studies.backtest.score.scores import Score, scores
from crosscut.studies.backtest.score.summary import MODEL, WITHOUT, ScoreLine, aim_text, lines
from crosscut.studies.backtest.worlds_at_base import SECONDARY
from crosscut.studies.shared.document_inputs import limits_of, notes

Progress = Progress


def backtest_result(
    episodes: Sequence[Episode],
    tracks: Sequence[str] = TRACKS,
    *,
    data: str = "",
    progress: Progress | None = None,
) -> Document:
    """The result of a backtest, leave one episode out, in the tracks asked for."""
    folds = Folds([e.inputs for e in episodes], {e.inputs.id: e.targets for e in episodes})
    rivals = baseline_scores(episodes)
    tables: dict[str, list[dict[str, Any]]] = {
        "backtest_scores": [],
        "backtest_episodes": [],
        "backtest_predictions": [],
        "backtest_parameters": [],
    }
    found: dict[str, Any] = {}
    claims: list[str] = []
    failed = solves = 0
    for n, track in enumerate(tracks):

        def tell(done: int, total: int, n: int = n) -> None:
            if progress is not None:
                progress(n * total + done, len(tracks) * total)

        done = folds.all(track, tell)
        scored = scores(episodes, [p for f in done for p in f.predicted])
        all_lines = lines(with_largest_apart(scored), {k: with_largest_apart(v) for k, v in rivals.items()})
        tables["backtest_scores"] += [_score_row(track, x) for x in all_lines]
        tables["backtest_episodes"] += _episode_rows(episodes, done, scored, rivals, track)
        tables["backtest_predictions"] += _prediction_rows(episodes, done)
        tables["backtest_parameters"] += parameter_rows(track, done, folds.fitted(track))
        found[track] = _score_keys(all_lines)
        claims.append(_claim_text(track, all_lines))
        failed, solves = failed + sum(f.failed for f in done), solves + sum(f.solves for f in done)
    return _document(episodes, tables, found, claims, failed, solves, data)


def with_largest_apart(rows: Sequence[Score]) -> list[Score]:
    """The scores, and the price error once more without the episode of the largest price rise."""
    out = list(rows)
    for r in rows:
        if r.name == "price_abs_log_error" and r.episode_id != WITHOUT:
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


def _episode_rows(
    episodes: Sequence[Episode],
    folds: Sequence[Fold],
    scored: Sequence[Score],
    rivals: Mapping[str, Sequence[Score]],
    track: str,
) -> list[dict[str, Any]]:
    mine = {(s.episode_id, s.name): s.value for s in scored}
    naive = "proportional_loss" if track == "A" else "proportional_loss_realised_cut"
    theirs = {(m, s.episode_id, s.name): s.value for m, rows in rivals.items() for s in rows}
    linear = price_baselines(episodes)["elasticity_linear"]
    by_id = {f.episode_id: f for f in folds}
    out = []
    for e in episodes:
        key, f = e.inputs.id, by_id[e.inputs.id]
        price = next((p for p in f.predicted if p.target == "price_ratio"), None)
        flow = next((p.value for p in f.predicted if p.target == "restrictor_flow_change"), None)
        row = {
            "track": track,
            "episode": key,
            "mineral": e.inputs.mineral,
            "measure": e.inputs.instrument,
            "restrictor": e.inputs.restrictor,
            "announced": e.inputs.announced,
            "price_class": f.price_class,
            "core_price": e.targets.core_price,
            "core_trade": e.targets.core_trade,
            "shock": e.inputs.shock,
            "price": price and price.value,
            "price_low": price and price.lo80,
            "price_high": price and price.hi80,
            "price_observed": e.targets.price_ratio,
            "price_error": mine.get((key, "price_abs_log_error")),
            "price_linear": linear[key],
            "price_linear_error": theirs.get(("elasticity_linear", key, "price_abs_log_error")),
            "in_interval": _flag(mine.get((key, "price_in_80_interval"))),
            "inside": f.inside if e.inputs.kind == "export_restriction" else None,
            "flow": flow,
            "flow_observed": e.targets.flow_change if e.targets.core_trade else None,
            "importers_error": mine.get((key, "importer_wmape")),
            "importers_naive": theirs.get((naive, key, "importer_wmape")),
            "rank": mine.get((key, "importer_rank_correlation")),
            "gap_fill": mine.get((key, "gap_fill_distance")),
            "gap_fill_naive": theirs.get(("proportional_to_base_exports", key, "gap_fill_distance")),
            "data_problems": e.data_problems,
            "confounders": e.confounders,
            "sources": " ".join(url for _, url in e.sources),
        }
        out.append({**row, "verdict": verdict(row)})
    return out


def _flag(value: float | None) -> bool | None:
    return None if value is None else value > 0


def verdict(row: Mapping[str, Any]) -> str:
    """What an episode says of the model, in words."""
    if row["price"] is None:
        return "the market did not clear: no price"
    out = []
    if row["in_interval"] is False:
        side = "too low" if row["price_observed"] > row["price_high"] else "too high"
        out.append(
            f"price {side}: {row['price']:.2f} against {row['price_observed']:.2f}, outside the interval"
        )
    for mine, naive, what in (
        ("price_error", "price_linear_error", "price worse than the one-line formula"),
        ("importers_error", "importers_naive", "importers worse than proportional loss"),
        ("gap_fill", "gap_fill_naive", "gap filling worse than in proportion"),
    ):
        if row[mine] is not None and row[naive] is not None and row[mine] > row[naive] + 0.005:
            out.append(f"{what} ({row[mine]:.2f} against {row[naive]:.2f})")
    return "; ".join(out) or "no score worse than its naive rival"


def _prediction_rows(episodes: Sequence[Episode], folds: Sequence[Fold]) -> list[dict[str, Any]]:
    targets = {e.inputs.id: e.targets for e in episodes}

    def observed(key: str, target: str, of: str) -> float | None:
        t = targets[key]
        if target == "price_ratio":
            return t.price_ratio
        if not t.core_trade:
            return None
        if target == "restrictor_flow_change":
            return t.flow_change
        return t.importers.get(of) if target == "importer_qty" else t.gap_fill.get(of)

    return [
        {
            "track": f.track,
            "episode_id": p.episode_id,
            "target": p.target,
            "key": p.key,
            "value": p.value,
            "lo80": p.lo80,
            "hi80": p.hi80,
            "observed": observed(p.episode_id, p.target, p.key),
        }
        for f in folds
        for p in f.predicted
    ]


def _document(
    episodes: Sequence[Episode],
    tables: Mapping[str, list[dict[str, Any]]],
    found: Mapping[str, Any],
    claims: Sequence[str],
    failed: int,
    solves: int,
    data: str,
) -> Document:
    years = [e.inputs.base_year for e in episodes]
    return Document(
        kind="backtest",
        inputs=Inputs(
            mineral="all",
            world=WorldUsed(max(years), _hash(episodes), "D"),
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
            *notes(claims, "claim"),
            *notes(_RULES, "rule"),
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
                (t.price_ratio, t.flow_change, sorted(t.importers.items()), sorted(t.gap_fill.items()))
            ).encode()
        )
    return h.hexdigest()


_RULES = (
    "Every episode is predicted with parameters fitted on the other episodes; its own outcomes are not read.",
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
