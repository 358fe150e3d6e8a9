"""Reading a folder: everything wrong is named with file, line and field; packed and plain read the same."""

import numpy as np
import pytest

from crosscut.base.errors import UserError
from crosscut.studies.backtest.episode import PriceMetric, TradeHistory
from crosscut.studies.backtest.folder import episodes_in
from crosscut.studies.backtest.market_classes import BULK, EXCHANGE, MINOR, market_class
from tests.ledgers import BUNDLED
from tests.studies.backtest.folders import FEW, rows_of, write, written_folder


def test_bundled_episodes_are_the_twenty():
    episodes = episodes_in(BUNDLED)
    assert len(episodes) == 20
    assert sum(e.targets.core_price for e in episodes) == 15
    assert sum(e.targets.core_trade for e in episodes) == 11
    assert all(e.sources for e in episodes)


def test_plain_files_read_like_packed_ones(tmp_path):
    plain = episodes_in(BUNDLED, written_folder(tmp_path / "few"))
    packed = [e for e in episodes_in(BUNDLED) if e.inputs.id in FEW]
    assert {e.inputs.id for e in plain} == set(FEW)
    for a in plain:
        b = next(e for e in packed if e.inputs.id == a.inputs.id)
        assert a.targets == b.targets
        assert (a.inputs.trade is None) == (b.inputs.trade is None)
        if a.inputs.trade is not None:
            assert np.array_equal(a.inputs.trade.tonnes, b.inputs.trade.tonnes)


def test_trade_of_the_base_year_is_that_of_the_file():
    rows = rows_of("trade_NI_IDN_2014")
    total = sum(float(r["qty_t_clean"]) for r in rows if r["year"] == "2013")
    e = next(e for e in episodes_in(BUNDLED) if e.inputs.id == "NI_IDN_2014")
    assert e.inputs.trade.base().sum() == pytest.approx(total, rel=1e-12)


def broken(**fields):
    def change(table, row):
        if table == "episodes" and row["episode_id"] == FEW[0]:
            row.update(fields)

    return change


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"base_year": "20x3"}, "episodes.csv:3, base_year: '20x3'. Expected a number"),
        ({"base_year": "2025"}, "2025 is after the announcement (2024-03)"),
        ({"ex_ante_share": "1.4"}, "ex_ante_share: '1.4'. Expected a number of at least 0 and at most 1"),
        ({"ex_ante_share": ""}, "ex_ante_share: is empty"),
        ({"cut_mid": ""}, "cut_mid: is empty"),
        ({"kind": "embargo"}, "kind: 'embargo'. Expected one of"),
        ({"restrictor": "Australia"}, "restrictor: 'Australia'. Expected a country code"),
        ({"target": "XYZ"}, "target: XYZ is in no input row of trade_MN_AUS_2024"),
        ({"announced": "March"}, "announced: 'March'. Expected a month"),
        ({"price_ratio": "-1"}, "price_ratio: '-1'"),
        ({"core_price_set": "maybe"}, "core_price_set: 'maybe'. Expected yes or no"),
    ],
)
def test_a_bad_field_is_named(tmp_path, fields, said):
    with pytest.raises(UserError, match=r"episodes\.csv:") as e:
        episodes_in(BUNDLED, written_folder(tmp_path / "few", change=broken(**fields)))
    assert said in str(e.value)


def test_everything_wrong_is_said_at_once(tmp_path):
    with pytest.raises(UserError) as e:
        episodes_in(
            BUNDLED, written_folder(tmp_path / "few", change=broken(cut_mid="x", kind="y", announced="z"))
        )
    assert len(e.value.problems) == 3


def test_an_input_row_after_the_base_year_is_refused(tmp_path):
    def change(table, row):
        if table == "trade_MN_AUS_2024" and row["phase"] == "outcome":
            row["phase"] = "input"

    with pytest.raises(UserError, match="an input row of 2024 is after the base year 2023"):
        episodes_in(BUNDLED, written_folder(tmp_path / "few", change=change))


def test_missing_files_columns_and_folders_are_named(tmp_path):
    with pytest.raises(UserError, match="is not a folder"):
        episodes_in(BUNDLED, tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError, match=r"episodes.csv: is not there"):
        episodes_in(BUNDLED, tmp_path / "empty")
    folder = written_folder(tmp_path / "few")
    rows = rows_of("importers")
    for r in rows:
        r["q_t1"] = r.pop("q_t1_t")
    write(folder / "importers.csv", rows)
    with pytest.raises(UserError, match=r"importers.csv:1: no column 'q_t1_t'. Did you mean"):
        episodes_in(BUNDLED, folder)


def test_a_short_line_is_named(tmp_path):
    folder = written_folder(tmp_path / "few")
    path = folder / "trade_NI_IDN_2014.csv"
    lines = path.read_text().splitlines()
    lines[4] = "2009,input"
    path.write_text("\n".join(lines) + "\n")
    with pytest.raises(UserError, match=r"trade_NI_IDN_2014.csv:5: 2 fields"):
        episodes_in(BUNDLED, folder)


def test_a_trade_history_cannot_hold_a_later_year():
    with pytest.raises(ValueError, match="2014"):
        TradeHistory(2013, (2013, 2014), ("A",), np.zeros((2, 1, 1)), np.zeros((2, 1, 1)))


def test_classes_and_metrics_of_the_bundled_episodes():
    by = {e.inputs.id: e.inputs for e in episodes_in(BUNDLED)}
    assert by["BX_IDN_2014"].market_class == by["FE_IND_2010"].market_class == BULK
    assert by["PD_RUS_2000"].market_class == by["CU_PAN_2023"].market_class == EXCHANGE
    assert (
        by["W_CHN_2025"].market_class
        == by["REE_CHN_2010"].market_class
        == market_class(BUNDLED, "unheard of")
        == MINOR
    )
    assert by["REE_CHN_2010"].price_metric is PriceMetric.RESTRICTOR_UNIT_VALUE
    assert by["AL_RUS_2018"].price_metric is PriceMetric.EXCHANGE


def test_that_an_alarm_was_false_is_not_an_input():
    phl = next(e.inputs for e in episodes_in(BUNDLED) if e.inputs.id == "NI_PHL_2017")
    assert phl.kind == "supply_outage"
