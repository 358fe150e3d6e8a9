"""No look-ahead: outcomes rewritten to noise change no prediction by one bit."""

import random
from dataclasses import fields, replace

import pytest

from crosscut.studies.backtest.episode import EpisodeInputs, Targets
from crosscut.studies.backtest.fit.leave_one_out import Folds, prior_parameters
from crosscut.studies.backtest.folder import episodes_in
from tests.ledgers import BUNDLED
from tests.studies.backtest.folders import FEW, written_folder

TARGET_COLUMNS = (
    "price_ratio",
    "price_base",
    "price_after",
    "price_peak",
    "price_ratio_peak",
    "inside_price_ratio",
    "hit_flow_change_t1",
    "hit_flow_change_t2",
    "net_replaced_share_t1",
    "uv_others_ratio_t1",
    "hit_flow_t_t1",
    "status",
    "inside_note",
)


def noise(seed):
    rng = random.Random(seed)

    def change(table, row):
        if table == "episodes":
            for c in TARGET_COLUMNS:
                row[c] = str(rng.uniform(0.1, 9.0)) if row[c] else row[c]
        elif table.startswith("trade_") and row["phase"] == "outcome":
            row.update(
                qty_t_clean=str(rng.uniform(0, 1e9)), value_kusd=str(rng.uniform(0, 1e9)), exporter="ZZZ"
            )
        elif table == "importers":
            row["q_t1_t"] = str(rng.uniform(1, 1e8))
        elif table == "exporters":
            row["share_of_gross_increase"] = str(rng.random())
        elif table == "months":
            row["price"] = str(rng.uniform(1, 1e4))

    return change


def predicted_at(folder, fitted):
    episodes = episodes_in(BUNDLED, folder)
    folds = Folds([e.inputs for e in episodes], {e.inputs.id: e.targets for e in episodes})
    return [folds.at(e.inputs.id, "A", fitted).predicted for e in episodes]


def test_outcomes_rewritten_to_noise_change_no_prediction_by_one_bit(tmp_path, coarse):
    fitted = prior_parameters()
    ids = ("NI_IDN_2014", "GA_CHN_2023")
    real = predicted_at(written_folder(tmp_path / "real", ids), fitted)
    noisy = predicted_at(written_folder(tmp_path / "noise", ids, noise(1)), fitted)
    assert real == noisy


def test_an_episode_does_not_see_its_own_outcome_when_parameters_are_fitted(tmp_path, coarse):
    episodes = episodes_in(BUNDLED, written_folder(tmp_path / "few"))
    inputs, targets = [e.inputs for e in episodes], {e.inputs.id: e.targets for e in episodes}
    real = {t: Folds(inputs, targets).all(t) for t in "AB"}
    key = FEW[0]
    mine = targets[key]
    lied = Targets(
        key,
        7.7,
        mine.flow_change,
        dict.fromkeys(mine.importers, 1000000.0),
        {"OTHER": 1.0},
        mine.core_price,
        True,
    )
    other = {t: Folds(inputs, {**targets, key: lied}).all(t) for t in "AB"}
    for track in "AB":
        mine_then, mine_now = (next(f for f in x[track] if f.episode_id == key) for x in (real, other))
        assert mine_then.predicted == mine_now.predicted
    # The guard can fail: the others do learn from this episode.
    then, now = ([f.predicted for f in x["A"] if f.episode_id == "NI_IDN_2014"] for x in (real, other))
    assert then != now


def test_track_a_does_not_know_the_realised_cut(tmp_path, coarse):
    episodes = episodes_in(BUNDLED, written_folder(tmp_path / "few", ("MN_AUS_2024",)))
    fitted = prior_parameters()
    inputs = [e.inputs for e in episodes]
    found = []
    for change in (-0.9, 0.4):
        targets = {e.inputs.id: replace(e.targets, flow_change=change) for e in episodes}
        folds = Folds(inputs, targets)
        found.append([folds.at("MN_AUS_2024", t, fitted) for t in "AB"])
    assert found[0][0].predicted == found[1][0].predicted
    for fold, change in ((found[0][1], -0.9), (found[1][1], 0.4)):
        flow = next(p.value for p in fold.predicted if p.target == "restrictor_flow_change")
        assert flow == pytest.approx(change, abs=1e-6)


def test_inputs_have_no_place_for_an_outcome():
    names = {f.name for f in fields(EpisodeInputs)}
    assert not names & {f.name for f in fields(Targets)}
    assert not {n for n in names if "t1" in n or "ratio" in n or "after" in n or "peak" in n or "status" in n}
