"""The result of a backtest: every episode and every rival are in it, and its numbers are those of its own
predictions."""

import json
import sys

import pytest
from tools.build_parameters import parameters_text

from crosscut.app import api
from crosscut.app.cli import main as cli
from crosscut.base.errors import UserError
from crosscut.output.screens.backtest import backtest_html
from crosscut.studies.backtest.document import backtest_result, with_largest_apart
from crosscut.studies.backtest.fit.fitted_parameters import parameters_path
from crosscut.studies.backtest.folder import episodes_in
from crosscut.studies.backtest.score.scores import Predicted, Score, scores
from crosscut.studies.backtest.selection import ChosenEpisodes
from tests.ledgers import BUNDLED
from tests.studies.backtest.folders import written_folder

IDS = ("NI_IDN_2014", "GA_CHN_2023", "LI_2021")


@pytest.fixture
def result(coarse):
    return backtest_result(
        ChosenEpisodes(tuple(e for e in episodes_in(BUNDLED) if e.inputs.id in IDS), None, ())
    )


def test_every_episode_and_rival_is_there(result):
    for track in "AB":
        rows = [r for r in result["tables"]["backtest_episodes"]["rows"] if r["track"] == track]
        assert {r["episode"] for r in rows} == set(IDS)
        assert all(r["verdict"] for r in rows)
        methods = {r["method"] for r in result["tables"]["backtest_scores"]["rows"] if r["track"] == track}
        assert {
            "crosscut",
            "no_change",
            "elasticity_linear",
            "class_median",
            "proportional_loss",
            "half_refill",
            "proportional_to_base_exports",
            "announced_cut",
        } <= methods
        assert 0 < result["scores"][track]["crosscut"]["price_abs_log_error_mean"] < 3
    page = backtest_html(result)
    assert all(f'id="A-{k}"' in page and f'id="B-{k}"' in page for k in IDS)
    assert "<script" not in page
    assert "outside the interval" in page or all(
        r["in_interval"] for r in result["tables"]["backtest_episodes"]["rows"]
    )


def test_every_quantity_is_compared_with_every_rival(result):
    rows = [r for r in result["tables"]["backtest_quantities"]["rows"] if r["track"] == "A"]
    methods = {r["method"] for r in rows if r["quantity"] == "end"}
    assert {
        "crosscut",
        "stacked",
        "no_change",
        "elasticity_linear",
        "elasticity_log",
        "class_median",
    } < methods
    assert {r["quantity"] for r in rows} >= {"end", "peak", "month", "flow", "importers"}
    assert all(r["half"] <= r["nine_tenths"] for r in rows if r["n"] > 1)
    differences = result["tables"]["backtest_differences"]["rows"]
    assert all(r["low"] <= r["difference"] <= r["high"] for r in differences)
    weights = [r for r in result["tables"]["backtest_weights"]["rows"] if r["track"] == "A"]
    for quantity in {r["quantity"] for r in weights}:
        assert sum(r["weight"] for r in weights if r["quantity"] == quantity) == pytest.approx(1)
    assert not any(r["track"] == "B" and r["quantity"] == "flow" for r in differences)
    tried = result["tables"]["backtest_specifications"]["rows"]
    assert [r["number"] for r in tried] == list(range(1, len(tried) + 1))
    assert any(f"{len(tried)} specifications" in s.text for s in result.statements)


def test_the_first_sentences_need_no_log(result):
    first = result.statements[0].text
    assert "right within a factor of" in first
    assert " log" not in first.partition("differs")[0].replace("in logs", "")


def test_the_largest_rise_is_found_and_not_named_beforehand():
    episodes = [e for e in episodes_in(BUNDLED) if e.targets.core_price]
    rows = [Score(e.inputs.id, "price_abs_log_error", 0.1, True) for e in episodes]
    apart = with_largest_apart(rows, episodes)
    without = {r.episode_id for r in apart if r.name.endswith("without_largest")}
    assert {r.episode_id for r in rows} - without == {"REE_CHN_2010"}
    rest = [e for e in episodes if e.inputs.id != "REE_CHN_2010"]
    apart = with_largest_apart(rows, rest)
    without = {r.episode_id for r in apart if r.name.endswith("without_largest")}
    assert {r.episode_id for r in rows} - without == {"W_CHN_2025"}


def test_scores_are_those_of_the_predictions_in_the_document(result):
    rows = [r for r in result["tables"]["backtest_predictions"]["rows"] if r["track"] == "A"]
    given = [
        Predicted(*(r[c] for c in ("episode_id", "target", "key", "value", "lo80", "hi80"))) for r in rows
    ]
    again = [
        s.value for s in scores(episodes_in(BUNDLED), given) if s.name == "price_abs_log_error" and s.core
    ]
    assert result["scores"]["A"]["crosscut"]["price_abs_log_error_mean"] == pytest.approx(
        sum(again) / len(again)
    )


def test_the_command_reads_a_folder_and_writes_files(coarse, tmp_path, monkeypatch, capsys):
    folder = written_folder(tmp_path / "few", ("GA_CHN_2023", "LI_2021"))
    monkeypatch.setattr(
        sys,
        "argv",
        [
            "crosscut",
            "backtest",
            "--episodes",
            str(folder),
            "--track",
            "A",
            "--out",
            str(tmp_path / "out"),
            "--json",
        ],
    )
    with pytest.raises(SystemExit) as stop:
        cli.main()
    printed = capsys.readouterr().out
    assert stop.value.code == 0
    assert json.loads(printed)["scores"]["A"]["crosscut"]["price_abs_log_error_mean"] > 0
    assert {p.name for p in (tmp_path / "out").iterdir()} == {"backtest.html", "result.json", "tables"}


def test_a_wrong_track_is_refused():
    with pytest.raises(UserError, match=r"track 'C'\. Expected A"):
        api.backtest(track="C")


@pytest.mark.soak
def test_the_whole_backtest_is_as_recorded_and_its_parameters_are_current():
    """Figures of docs/fidelity.md; a change of the model moves them, and must move the page."""
    found = api.backtest()["scores"]
    a, b = found["A"]["crosscut"], found["B"]["crosscut"]
    recorded = {
        "price_abs_log_error_mean": (0.332, 0.347),
        "importer_wmape_mean": (0.193, 0.164),
        "gap_fill_distance_mean": (0.475, 0.491),
        "importer_rank_correlation_mean": (0.261, 0.290),
    }
    for name, (in_a, in_b) in recorded.items():
        assert a[name] == pytest.approx(in_a, abs=0.003), name
        assert b[name] == pytest.approx(in_b, abs=0.003), name
    assert parameters_text() == parameters_path().read_text()
