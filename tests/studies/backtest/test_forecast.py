"""Forecasts: sealed when written, refused when changed, scored by hand-checked arithmetic."""

import json
import math
from datetime import date

import numpy as np
import pytest

from crosscut.app import api
from crosscut.base.errors import UserError
from crosscut.results import to_text
from crosscut.studies.backtest.cases import case_of
from crosscut.studies.backtest.folder import episodes_in
from crosscut.studies.forecast import register
from crosscut.studies.forecast.scoring import scored_result
from crosscut.studies.shared.measures_in_force import named_in_force
from tests.ledgers import BUNDLED


@pytest.fixture(scope="module")
def sealed():
    return register.forecast_result(BUNDLED, date(2026, 4, 1), draws=3)


def written(sealed, tmp_path, change=lambda text: text):
    path = tmp_path / "forecast.json"
    path.write_text(change(to_text(sealed)))
    return path


def outcomes(tmp_path, *lines):
    path = tmp_path / "outcomes.csv"
    path.write_text("\n".join(["forecast,value,source", *lines]) + "\n")
    return path


PRICE = "as-of-2026/price_ratio/oxide/EU27/paid"


def test_measures_in_force_have_the_targets_of_the_backtest(sealed):
    rows = sealed["tables"]["forecasts"]["rows"]
    assert {r["target"] for r in rows} == {
        "price_ratio",
        "restrictor_flow_change",
        "importer_qty",
        "gap_fill_share",
    }
    assert len({r["forecast"] for r in rows}) == len(rows)
    assert all(r["lo80"] < r["value"] < r["hi80"] for r in rows if r["lo80"] is not None)
    assert {r["window"] for r in rows if r["scenario"] == "china-controls-2025"} == {"over"}
    assert {r["window"] for r in rows if r["scenario"] == "as-of-2026"} == {"running"}
    shares = [
        r["value"] for r in rows if r["target"] == "gap_fill_share" and r["scenario"] == "china-controls-2025"
    ]
    assert 0.8 < sum(shares) <= 1 + 1e-9
    price = next(r for r in rows if r["forecast"] == PRICE)
    assert price["base"] == pytest.approx(2250)


def test_the_id_is_over_rows_and_the_day_written(sealed):
    assert register.forecast_result(BUNDLED, date(2026, 4, 1), draws=3)["id"] == sealed["id"]
    assert register.forecast_result(BUNDLED, date(2026, 4, 2), draws=3)["id"] != sealed["id"]


@pytest.mark.parametrize(
    "change",
    [
        lambda t: t.replace("Written on 2026-04-01", "Written on 2026-03-01"),
        lambda t: json.dumps(moved(json.loads(t))),
    ],
)
def test_a_changed_file_is_refused(sealed, tmp_path, change):
    path = written(sealed, tmp_path, change)
    with pytest.raises(UserError, match="the file was changed after it was written"):
        api.score_forecast(path, outcomes(tmp_path, f"{PRICE},1.2,me"))


def moved(document):
    document["tables"]["forecasts"]["rows"][0]["value"] *= 1.01
    return document


def test_a_file_hashed_again_is_caught_by_the_published_id(sealed, tmp_path):
    from crosscut.results import result_id

    lie = moved(json.loads(to_text(sealed)))
    lie["id"] = result_id(lie)
    path = written(lie, tmp_path)
    with pytest.raises(UserError, match="the published id"):
        api.score_forecast(path, outcomes(tmp_path, f"{PRICE},1.2,me"), published=sealed["id"])


def test_scores_by_hand(sealed, tmp_path):
    path = written(sealed, tmp_path)
    flow = "as-of-2026/restrictor_flow_change/oxide/CHN"
    found = api.score_forecast(
        path, outcomes(tmp_path, f"{PRICE},1.5,a", f"{flow},-0.5,b"), published=sealed["id"][:12]
    )
    rows = {r["forecast"]: r for r in found["tables"]["forecast_scores"]["rows"]}
    said = {r["forecast"]: r["value"] for r in sealed["tables"]["forecasts"]["rows"]}
    assert rows[PRICE]["error"] == pytest.approx(abs(math.log(said[PRICE] / 1.5)))
    assert rows[PRICE]["no_change_error"] == pytest.approx(math.log(1.5))
    assert rows[flow]["error"] == pytest.approx(abs(said[flow] + 0.5))
    assert rows[flow]["no_change_error"] == pytest.approx(0.5)
    assert found["scores"]["running"]["price_abs_log_error_mean"] == rows[PRICE]["error"]


def test_bad_outcomes_are_named(sealed, tmp_path):
    bad = outcomes(tmp_path, f"{PRICE}x,1,a", f"{PRICE},abc,a", f"{PRICE},1.1,")
    with pytest.raises(UserError) as e:
        scored_result(sealed, bad, "f")
    assert [p.where.rsplit("/", 1)[1] for p in e.value.problems] == [
        "outcomes.csv:2, forecast",
        "outcomes.csv:3, value",
        "outcomes.csv:4, source",
    ]
    with pytest.raises(UserError, match="is not there"):
        scored_result(sealed, tmp_path / "none.csv", "f")


BISMUTH = "in-force-bismuth/price_ratio/metal/"


def test_every_mineral_with_a_measure_in_force_is_forecast_or_has_its_reason(sealed):
    covered = {r["mineral"]: r for r in sealed["tables"]["forecast_coverage"]["rows"]}
    forecast = {r["mineral"] for r in sealed["tables"]["forecasts"]["rows"]}
    assert (
        forecast
        == {m for m, r in covered.items() if r["status"].startswith("forecast")}
        >= {"tungsten", "bismuth"}
    )
    assert "no world" in covered["gallium"]["status"]
    assert "in the flows of 2024 already" in covered["graphite"]["status"]
    known = {m for m in covered if named_in_force(BUNDLED, m)}
    assert known == set(covered)


def test_a_measure_read_off_the_history_is_forecast_from_the_day_after(sealed):
    rows = [r for r in sealed["tables"]["forecasts"]["rows"] if r["mineral"] == "bismuth"]
    assert {r["window"] for r in rows} == {"open"}
    assert {(r["from"], r["to"]) for r in rows} == {("2026-04-02", "2027-04-01")}
    price = next(r for r in rows if r["forecast"].startswith(BISMUTH) and r["forecast"].endswith("paid"))
    assert (
        "over the mean of 2024" in price["what"]
        and price["value"] > 1
        and price["lo80"] < price["value"] < price["hi80"]
    )
    assert price["market_class"] == "quoted minor metal"
    assert price["episodes"] == sum(
        case_of(e.inputs).price_class == "quoted minor metal" for e in episodes_in(BUNDLED)
    )
    flow = next(r for r in rows if r["target"] == "restrictor_flow_change")
    assert -0.75 < flow["value"] < 0


def test_a_pair_that_is_refused_alone_has_its_own_flow(sealed):
    row = next(
        r for r in sealed["tables"]["forecasts"]["rows"] if r["forecast"].endswith("compounds/CHN/JPN")
    )
    assert row["target"] == "restrictor_flow_change" and row["value"] < 0 and "to Japan" in row["what"]


def test_a_file_of_several_minerals_is_scored(sealed, tmp_path):
    path = written(sealed, tmp_path)
    rows = [r for r in sealed["tables"]["forecasts"]["rows"] if r["mineral"] == "bismuth"]
    price = next(r for r in rows if r["target"] == "price_ratio")
    buyer = next(r for r in rows if r["target"] == "importer_qty")
    outside = 2 * price["hi80"]
    found = api.score_forecast(
        path,
        outcomes(tmp_path, f"{price['forecast']},{outside},a", f"{buyer['forecast']},{buyer['value']},b"),
    )
    scored = {r["forecast"]: r for r in found["tables"]["forecast_scores"]["rows"]}
    assert scored[price["forecast"]]["error"] == pytest.approx(math.log(outside / price["value"]))
    assert (
        scored[price["forecast"]]["in_interval"] is False and scored[buyer["forecast"]]["in_interval"] is True
    )
    assert found["scores"]["open"]["in_80_interval_mean"] == 0.5
    assert found["scores"]["open"]["importer_abs_log_error_mean"] == pytest.approx(0, abs=1e-12)


def test_the_error_of_a_class_is_uncertain_too():
    """Half of the futures at no change, errors of scale 0.3 or 0.45: the interval lies between that of
    either scale alone."""
    from crosscut.studies.forecast.measures import _with_error

    def width(low, middle, high):
        points = _with_error(np.zeros(4), (low, middle, high))
        return points[2] - points[0]

    assert width(0.3, 0.3, 0.3) < width(0.3, 0.3, 0.45) < width(0.45, 0.45, 0.45)
