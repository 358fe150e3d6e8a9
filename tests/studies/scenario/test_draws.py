"""Draws: one stream per event, events that happen or not, whole."""

from dataclasses import replace

import numpy as np
import pytest

from crosscut.studies.scenario.run import run_result
from crosscut.studies.shared.draws import draw_of, event_size, happens, stream_of
from crosscut.studies.shared.ensemble import solved_ensemble
from tests.ledgers import IN_THIS_PROCESS
from tests.studies.scenario.small_world import CONCENTRATE, JPN, KAZ, REFINED, event, small_world, year_of

WORLD = small_world()


def mine(**fields):
    return event("mine", id="m", form="concentrate", size=200.0, unit="t", origins=("KAZ",), **fields)


def licence(**fields):
    return event("export_licence", id="l", size=0.5, low=0.2, high=0.8, origins=("CHN",), **fields)


@pytest.mark.parametrize("number", [0, 1, 17])
def test_adding_an_event_leaves_the_draws_of_the_others_as_they_were(number):
    alone = draw_of(WORLD, [licence(probability=0.5)], 1, number)
    for others in ([mine(probability=0.3)], [event("tariff", id="a", size=0.1), mine()]):
        beside = draw_of(WORLD, [*others, licence(probability=0.5)], 1, number)
        assert beside.sizes["l"] == alone.sizes["l"]
        assert ("l" in beside.absent) == ("l" in alone.absent)
        assert np.array_equal(beside.params.sigma, alone.params.sigma)


def test_probability_is_the_share_of_draws():
    """2,000 draws at 0.3: within four standard errors; and never in two draws by the same number."""
    share = np.mean([happens(mine(probability=0.3), 7, d) for d in range(2000)])
    assert abs(share - 0.3) < 4 * np.sqrt(0.3 * 0.7 / 2000)
    assert all(happens(mine(), 7, d) for d in range(50))


def test_a_measure_on_two_forms_happens_on_both_or_on_none_and_two_mines_each_for_themselves():
    ban = {"size": 1.0, "origins": ("CHN",), "probability": 0.5, "source": "gazette 7"}
    measure = [event("export_ban", id=i, form=f, **ban) for i, f in (("a", "refined"), ("b", "concentrate"))]
    assert {len(draw_of(WORLD, measure, 1, d).absent) for d in range(60)} == {0, 2}
    mines = [replace(mine(probability=0.5, source="plan"), id=i) for i in ("m1", "m2")]
    assert {len(draw_of(WORLD, mines, 1, d).absent) for d in range(60)} == {0, 1, 2}


def test_whether_it_happens_says_nothing_about_its_size():
    drawn = [draw_of(WORLD, [licence(probability=0.5)], 3, d) for d in range(1500)]
    sizes = np.array([d.sizes["l"] for d in drawn])
    gone = np.array(["l" in d.absent for d in drawn])
    assert abs(np.corrcoef(sizes, gone)[0, 1]) < 4 / np.sqrt(len(drawn))


def test_sizes_stay_within_the_limits_of_their_kind():
    demand = event("demand", size=-0.5, low=-0.9, high=0.2)
    assert event_size(demand, -8.0) == -0.99
    assert event_size(licence(), 8.0) == 1.0 and event_size(licence(), -8.0) == 0.0


def test_an_event_happens_whole_or_not_at_all():
    ensemble = solved_ensemble(WORLD, year_of(mine(probability=0.5)), 1, 40)
    made = np.array([o.after.supply[CONCENTRATE, KAZ] for o in ensemble.solved])
    assert (made == 0).any() and (made > 150).any() and not ((made > 0) & (made < 150)).any()
    for o in ensemble.solved:
        there = "m" not in o.draw.absent
        assert (o.after.supply[CONCENTRATE, KAZ] > 0) == there
        if not there:
            assert o.after.marginal[REFINED, JPN] == pytest.approx(o.before.marginal[REFINED, JPN], rel=1e-9)


@pytest.mark.parametrize(("probability", "taken"), [(0.4, False), (0.5, True), (0.9, True)])
def test_the_median_case_takes_what_is_likely_and_says_so(probability, taken):
    scenario = year_of(mine(probability=probability))
    ensemble = solved_ensemble(WORLD, scenario, 1, 3)
    assert (ensemble.central.after.supply[CONCENTRATE, KAZ] > 0) == taken
    said = [
        s["text"]
        for s in run_result(IN_THIS_PROCESS, scenario, WORLD, draws=10)["statements"]
        if s["text_key"] == "probability"
    ]
    assert len(said) == 1 and ("takes it" in said[0]) == taken and f"probability {probability:g}" in said[0]


def test_what_may_happen_before_may_be_missing_before_and_after():
    scenario = replace(year_of(mine(probability=0.5), licence()), prior_events=("m",))
    for o in solved_ensemble(WORLD, scenario, 1, 10).solved:
        there = "m" not in o.draw.absent
        assert (o.before.supply[CONCENTRATE, KAZ] > 0) == (o.after.supply[CONCENTRATE, KAZ] > 0) == there


def test_stocks_are_in_the_table_of_supply():
    scenario = year_of(
        event("stockpile_purchase", id="p", size=30.0, unit="t", destinations=("JPN",)),
        event("stock_release", id="r", size=40.0, unit="t", origins=("USA",), trigger=43_000.0),
    )
    rows = run_result(IN_THIS_PROCESS, scenario, WORLD, draws=5)["tables"]["supply"]["rows"]
    found = {(r["source"], r["country"]): r["median"] for r in rows if r["source"].startswith("stock")}
    assert (
        found["stock bought", "JPN"] == pytest.approx(-30.0, rel=1e-3) and found["stock released", "USA"] > 0
    )


def test_a_stream_set_to_a_draw_is_one_made_for_it():
    """Philox keyed by the seed, the draw in the highest word of the counter; whatever was drawn before."""
    stream = stream_of(5)
    for draw in (3, 0, 2**40, 3):
        fresh = np.random.Generator(np.random.Philox(key=5, counter=[0, 0, 0, draw]))
        again = stream.at(draw)
        assert np.array_equal(again.standard_normal(7), fresh.standard_normal(7))
        assert np.array_equal(
            again.integers(0, 9, 3, dtype=np.uint32), fresh.integers(0, 9, 3, dtype=np.uint32)
        )
