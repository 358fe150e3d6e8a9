"""Parties: a bloc or several countries act as one; what they trade with each other is not trade."""

import csv
import gzip
import math

import pytest
from tools.build_months import months_path, months_text

from crosscut.base.errors import UserError
from crosscut.studies.backtest.fit.leave_one_out import Folds, prior_parameters
from crosscut.studies.backtest.folder import episodes_in, read_episodes
from tests.ledgers import BUNDLED
from tests.studies.backtest.folders import written_folder

KEY = "NI_IDN_2014"


def with_party(folder, **fields):
    def change(name, row):
        if name == "episodes" and row["episode_id"] == KEY:
            row.update(fields)

    return written_folder(folder, (KEY,), change)


def test_countries_together_sell_what_each_sold_to_others(tmp_path):
    (alone,) = episodes_in(BUNDLED, with_party(tmp_path / "a"))
    (both,) = episodes_in(BUNDLED, with_party(tmp_path / "b", restrictor="IDN+PHL"))
    one, two = alone.inputs.trade, both.inputs.trade
    at = {c: k for k, c in enumerate(one.countries)}
    pair = [at["IDN"], at["PHL"]]
    others = [k for c, k in at.items() if c not in ("IDN", "PHL")]
    sold = one.base()[pair][:, others].sum()
    assert {"IDN", "PHL"}.isdisjoint(two.countries)
    k = two.countries.index("IDN+PHL")
    assert two.base()[k].sum() == pytest.approx(sold)
    assert two.base()[k, k] == 0


@pytest.mark.parametrize("party", ["EU27", "IDN+PHL"])
def test_a_party_of_several_is_predicted(tmp_path, coarse, party):
    (e,) = episodes_in(BUNDLED, with_party(tmp_path / "x", restrictor=party))
    folds = Folds([e.inputs], {e.inputs.id: e.targets})
    found = {p.target: p.value for p in folds.at(KEY, "A", prior_parameters()).predicted}
    assert math.isfinite(found["price_ratio"])
    assert found["restrictor_flow_change"] < -0.5


def test_a_ban_by_a_bloc_hits_the_pair(tmp_path, coarse):
    (e,) = episodes_in(BUNDLED, with_party(tmp_path / "x", kind="import_ban", target="EU27"))
    folds = Folds([e.inputs], {e.inputs.id: e.targets})
    found = folds.at(KEY, "A", prior_parameters()).predicted
    change = next(p.value for p in found if p.target == "restrictor_flow_change")
    assert -1 < change < -0.5  # announced whole, carried out in part
    assert folds.cases[KEY].trade_base.world.countries[folds.cases[KEY].trade_base.target] == "EU27"


def test_a_party_that_is_none_is_refused_with_what_may_be_written(tmp_path):
    with pytest.raises(UserError, match=r"restrictor: 'Europe'\. Expected .*EU27.*RUS\+BLR"):
        episodes_in(BUNDLED, with_party(tmp_path / "x", restrictor="Europe"))


def test_one_bad_row_loses_its_episode_by_name_and_no_other(tmp_path):
    def change(name, row):
        if name == "episodes" and row["episode_id"] == "GA_CHN_2023":
            row["cut_mid"] = "half"
        if name == "trade_SB_CHN_2024":
            row["year"] = "soon"

    folder = written_folder(tmp_path / "few", ("GA_CHN_2023", "SB_CHN_2024", KEY), change)
    found = read_episodes(BUNDLED, folder)
    assert [e.inputs.id for e in found.episodes] == [KEY]
    said = {name: str(problems[0]) for name, problems in found.lost}
    assert "cut_mid: 'half'" in said["GA_CHN_2023"]
    assert "trade_SB_CHN_2024.csv:2, year: 'soon'" in said["SB_CHN_2024"]


def test_a_folder_without_a_good_row_is_refused_with_all_that_is_wrong(tmp_path):
    def change(name, row):
        if name == "episodes":
            row["base_year"] = "x"

    with pytest.raises(UserError) as e:
        read_episodes(BUNDLED, written_folder(tmp_path / "few", ("GA_CHN_2023", KEY), change))
    assert len(e.value.problems) == 2


def test_months_are_read_and_a_bad_one_is_named(tmp_path):
    folder = with_party(tmp_path / "x")
    head = ["episode_id", "place", "month", "price", "base", "kind"]

    def months(*rows):
        with (folder / "months.csv").open("w", newline="") as f:
            csv.writer(f).writerows([head, *rows])

    months([KEY, "outside", 1, 30, 20, "mean"], [KEY, "inside", 2, 10, 20, "point"])
    (e,) = episodes_in(BUNDLED, folder)
    assert [(m.place, m.month, m.ratio) for m in e.targets.months] == [
        ("outside", 1, 1.5),
        ("inside", 2, 0.5),
    ]
    months([KEY, "abroad", 0, 30, "", "mean"])
    with pytest.raises(UserError) as wrong:
        episodes_in(BUNDLED, folder)
    assert all(f"months.csv:2, {c}" in str(wrong.value) for c in ("month", "base", "place"))


def test_bundled_months_are_those_of_the_table():

    assert gzip.decompress(months_path().read_bytes()).decode() == months_text(), (
        "run python -m tools.build_months"
    )


def test_tungsten_has_months_on_both_sides_of_the_border():
    e = next(e for e in episodes_in(BUNDLED) if e.inputs.id == "W_CHN_2025")
    ratios = {(m.place, m.month): m.ratio for m in e.targets.months}
    assert ratios["outside", 11] == pytest.approx(1025 / 337.5)
    assert ratios["inside", 12] == pytest.approx(1_033_330 / 211_000)
