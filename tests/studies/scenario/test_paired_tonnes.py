"""Tonnes move as the market does: worlds whose figures were redrawn decide no sign of a flow or an output."""

import numpy as np
import pytest

from crosscut.inputs.scenario.catalogue import scenario
from crosscut.inputs.scenario.places import on_world
from crosscut.studies.scenario.paired_tonnes import paired_points
from crosscut.studies.scenario.rows import flow_rows, supply_rows
from crosscut.studies.shared.ensemble import solved_ensemble
from crosscut.worlds import world
from tests.ledgers import BUNDLED

SHOWN = 0.5  # t: a change that a reader would see


@pytest.fixture(scope="module")
def duty():
    w = world(BUNDLED, "tungsten", 2024)
    return w, solved_ensemble(w, on_world(scenario("us-section-301-2025"), w), 1, 24)


def test_no_flow_turns_round_because_its_figures_were_read_again(duty):
    """Myanmar's concentrate once filled a gap of American powder by 21.9 t; solved, it falls by 0.25 t."""
    w, e = duty
    wrong, seen = [], 0
    for r in flow_rows(e):
        f, i, j = (
            w.chain.form_index(r["form"]),
            w.country_index(r["origin"]),
            w.country_index(r["destination"]),
        )
        solved = e.central.after.flows[f, i, j] - e.central.before.flows[f, i, j]
        if abs(solved) > SHOWN:
            seen += 1
            if np.sign(r["median"] - r["base"]) != np.sign(solved):
                wrong.append((r["form"], r["origin"], r["destination"], solved, r["median"] - r["base"]))
        assert r["p10"] <= r["median"] <= r["p90"]
    assert seen > 30 and wrong == []


def test_no_output_turns_round_either(duty):
    w, e = duty
    seen = 0
    for r in supply_rows(e):
        if r["source"] != "primary":
            continue
        f, i = w.chain.form_index(r["form"]), w.country_index(r["country"])
        solved = e.central.after.supply[f, i] - e.central.before.supply[f, i]
        if abs(solved) > SHOWN:
            seen += 1
            assert np.sign(r["median"] - r["base"]) == np.sign(solved), r
    assert seen >= 2


def test_by_hand():
    before, after = np.array([[10.0, 0.0], [30.0, 0.0]]), np.array([[5.0, 4.0], [15.0, 6.0]])
    low, median, high = paired_points(np.array([20.0, 0.0]), before, after)
    assert median.tolist() == [10.0, 5.0]
    assert (low[0], high[0]) == pytest.approx((6.0, 14.0))
    assert (low[1], high[1]) == pytest.approx((4.2, 5.8))


def test_a_closed_route_carries_nothing():
    points = paired_points(np.array([20.0]), np.array([[10.0], [30.0]]), np.zeros((2, 1)))
    assert [float(x[0]) for x in points] == [0.0, 0.0, 0.0]


def test_what_is_taken_up_stays_below_nothing():
    low, median, high = paired_points(
        np.array([-20.0]), np.array([[-10.0], [-30.0]]), np.array([[-5.0], [-15.0]])
    )
    assert median[0] == -10.0 and low[0] < median[0] < high[0] < 0
