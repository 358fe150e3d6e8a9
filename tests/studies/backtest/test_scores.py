"""Scores and baselines: equal to the reference figures that came with the format."""

import csv
import math

import pytest

from crosscut.studies.backtest.folder import episodes_in
from crosscut.studies.backtest.score.baselines import baseline_scores
from crosscut.studies.backtest.score.scores import Predicted, Score, gap_fill_distance, scores, spearman
from crosscut.studies.backtest.score.summary import lines
from tests.ledgers import BUNDLED
from tests.paths import TESTS

ANSWERS = TESTS / "known_answers"
NAMES = {
    "price_ratio": "price_abs_log_error",
    "importer_quantities": "importer_wmape",
    "importer_ranking": "importer_rank_correlation",
    "gap_fill_allocation": "gap_fill_distance",
    "restrictor_flow_change": "flow_abs_error",
}
# The reference fits the slope on a grid; its placebo counts small flows that the trade files leave out.
TOLERANCE = {"calibrated_slope": 2e-3, "placebo_no_change_previous_year": 0.017}


def read(name):
    with (ANSWERS / name).open(newline="") as f:
        return list(csv.DictReader(f))


def test_every_published_baseline_score_is_met():
    mine = {
        (method, s.episode_id, s.name): s.value
        for method, rows in baseline_scores(episodes_in(BUNDLED)).items()
        for s in rows
    }
    published = read("backtest_baseline_scores.csv")
    assert len(published) > 200
    for r in published:
        key = (r["baseline"], r["episode_id"], NAMES[r["target"]])
        assert mine[key] == pytest.approx(float(r["score"]), abs=TOLERANCE.get(r["baseline"], 1.01e-4)), key


def test_scores_equal_the_reference_scorer_on_the_same_predictions():
    """Predictions drawn at random (missing importers, unlisted exporters among them), scored by the format's
    own scorer."""
    given = [
        Predicted(
            r["episode_id"],
            r["target"],
            r["key"],
            float(r["value"]),
            *(float(r[c]) if r[c] else None for c in ("lo80", "hi80")),
        )
        for r in read("backtest_random_predictions.csv")
    ]
    mine = {(s.episode_id, s.name): s for s in scores(episodes_in(BUNDLED), given)}
    reference = read("backtest_random_scores.csv")
    assert len(reference) == len(mine) > 100
    for r in reference:
        s = mine[r["episode_id"], r["score"]]
        assert s.value == pytest.approx(float(r["value"]), abs=1e-12)
        assert s.core == (r["core"] == "True")


def test_hand_worked_cases():
    assert spearman([1, 2, 3], [3, 2, 1]) == pytest.approx(-1.0)
    assert spearman([1, 1, 1], [1, 2, 3]) is None
    assert gap_fill_distance({"A": 2.0, "B": 2.0}, {"A": 0.5, "B": 0.5}) == 0
    assert gap_fill_distance({"A": 1.0}, {"B": 1.0}) == 1


def test_intervals_of_means_come_from_the_episodes():
    same = [Score(str(k), "importer_wmape", 0.2, True) for k in range(8)]
    rival = [Score(str(k), "importer_wmape", 0.3 if k else 0.1, True) for k in range(8)]
    line = lines(same, {"proportional_loss": rival})[0]
    assert line.low == line.high == pytest.approx(0.2)
    assert line.difference == pytest.approx((-0.1 * 7 + 0.1) / 8)
    assert line.better_in == pytest.approx(7 / 8)
    assert line.difference_low < line.difference < line.difference_high


def test_scores_that_are_not_core_are_in_no_mean():
    rows = [Score("a", "price_abs_log_error", 1.0, True), Score("b", "price_abs_log_error", 9.0, False)]
    assert [x.mean for x in lines(rows, {})] == [1.0]
    assert math.isfinite(lines(rows, {})[0].low)
