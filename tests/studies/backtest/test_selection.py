"""Selection: what is left out is said, and a frozen score depends on no outcome that it scores."""

import csv
import gzip

import pytest
from tools.build_later_episodes import files, later_folder

from crosscut.app import api
from crosscut.base.errors import UserError
from crosscut.studies.backtest.document import backtest_result
from crosscut.studies.backtest.folder import episodes_in
from crosscut.studies.backtest.selection import is_named, selected
from tests.ledgers import BUNDLED
from tests.studies.backtest.folders import write, written_folder

EPISODES = {e.inputs.id: e for e in episodes_in(BUNDLED)}


def chosen(folder=None, later=False, frozen=False, without=()):
    return selected(BUNDLED, folder, later=later, frozen=frozen, without=without)


@pytest.mark.parametrize(
    ("name", "gone"),
    [
        ("rare-earths", {"REE_CHN_2010"}),
        ("Rare Earths", {"REE_CHN_2010"}),
        ("tungsten", {"W_CHN_2005", "W_CHN_2025"}),
        ("ni_idn_2014", {"NI_IDN_2014"}),
        ("bulk ore", {k for k, e in EPISODES.items() if is_named("bulk-ore", e)}),
    ],
)
def test_episodes_minerals_and_classes_are_left_out_by_name(name, gone):
    found = chosen(without=(name,))
    assert set(EPISODES) - {e.inputs.id for e in found.tested} == gone
    assert all(k in found.notes[0] for k in gone)


def test_a_name_that_means_nothing_is_refused_with_the_nearest():
    with pytest.raises(UserError, match=r"'tungstn'.*tungsten"):
        chosen(without=("tungstn",))
    with pytest.raises(UserError, match="no episode is left to score"):
        chosen(without=("bulk ore", "exchange-traded", "quoted minor metal"))


def renamed(folder, key="GA_CHN_2023", new="MINE_2023", **fields):
    """A folder of one's own: an episode under another name, so that no parameter was fitted on it."""
    written_folder(folder, (key,))

    def rename(name, change):
        path = folder / f"{name}.csv"
        if path.exists():
            with path.open(encoding="utf-8", newline="") as f:
                rows = list(csv.DictReader(f))
            for r in rows:
                r["episode_id"] = new
                r.update(change)
            if rows:
                write(path, rows)

    for name in ("importers", "exporters", "months"):
        rename(name, {})
    rename("episodes", fields)
    return folder


def test_a_frozen_score_does_not_depend_on_the_outcomes_of_the_folder(tmp_path, coarse):
    def outcomes(name, **fields):
        folder = renamed(tmp_path / name, **fields)
        result = backtest_result(chosen(folder, frozen=True), ("A",))
        predicted = [(r["target"], r["key"], r["value"]) for r in result.rows("backtest_predictions")]
        figures = {(r["quantity"], r["method"]): r["median"] for r in result.rows("backtest_outcomes")}
        return predicted, figures, result.rows("backtest_weights")

    true, lied = outcomes("a"), outcomes("b", price_ratio="40", price_ratio_peak="50")
    assert true == lied
    assert true[0] != []


def test_what_the_frozen_parameters_were_fitted_on_is_not_scored(tmp_path):
    folder = written_folder(tmp_path / "x", ("GA_CHN_2023",))
    with pytest.raises(UserError, match="were fitted on them: GA_CHN_2023"):
        chosen(folder, frozen=True)


def test_a_lost_episode_is_named_in_the_result(tmp_path, coarse):
    def change(name, row):
        if name == "episodes" and row["episode_id"] == "GA_CHN_2023":
            row["kind"] = "riot"

    folder = written_folder(tmp_path / "x", ("GA_CHN_2023", "LI_2021"), change)
    result = backtest_result(chosen(folder), ("A",))
    assert any("GA_CHN_2023" in s.text and "'riot'" in s.text for s in result.statements)
    assert {r["episode"] for r in result.rows("backtest_episodes")} == {"LI_2021"}


def test_the_second_set_is_what_the_rule_chooses():
    for name, text in files().items():
        packed = (later_folder() / name).read_bytes()
        assert gzip.decompress(packed).decode() == text, "run python -m tools.build_later_episodes"


def test_the_second_set_is_scored_frozen_and_shares_no_episode_with_the_first():
    found = chosen(later=True, frozen=True)
    assert len(found.tested) == 31
    assert {e.inputs.id for e in found.teaching} == set(EPISODES)
    assert {e.inputs.kind for e in found.tested} == {"export_restriction", "supply_outage"}
    assert found.notes == ()
    kept = chosen(later=True, frozen=True, without=("supply-outage",)).tested
    assert {e.inputs.kind for e in kept} == {"export_restriction"}


def test_two_sets_at_once_are_refused():
    with pytest.raises(UserError, match="later with episodes"):
        api.backtest(episodes="mine", later=True)
