"""Episode rows: every episode of a backtest as a row of its tables, with a verdict in words.

Tests: tests/studies/backtest/test_document.py
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crosscut.studies.backtest.episode import Episode
from crosscut.studies.backtest.fit.leave_one_out import Fold
from crosscut.studies.backtest.score.baselines import ELASTICITY
from crosscut.studies.backtest.score.scores import Score


def episode_rows(
    episodes: Sequence[Episode],
    folds: Sequence[Fold],
    scored: Sequence[Score],
    rivals: Mapping[str, Sequence[Score]],
    track: str,
) -> list[dict[str, Any]]:
    """Rows of `backtest_episodes`: every episode, good and bad, with what is wrong with its data."""
    mine = {(s.episode_id, s.name): s.value for s in scored}
    naive = "proportional_loss" if track == "A" else "proportional_loss_realised_cut"
    theirs = {(m, s.episode_id, s.name): s.value for m, rows in rivals.items() for s in rows}
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
            "price_linear": _one_line(e),
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


def prediction_rows(episodes: Sequence[Episode], folds: Sequence[Fold]) -> list[dict[str, Any]]:
    """Rows of `backtest_predictions`: every figure, in the format that any other scorer reads."""
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


def _one_line(episode: Episode) -> float:
    """The ratio of the one-line formula."""
    return 1.0 + episode.inputs.shock / ELASTICITY
