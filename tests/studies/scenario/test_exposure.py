"""Exposure: key figures first, blocs, countries inside a group, and what is unknown stays unknown."""

from dataclasses import replace

import numpy as np
import pytest

from crosscut.app import api
from crosscut.base.errors import UserError
from crosscut.studies.exposure.key_figures import (
    by_owner,
    key_figures,
    last_origins,
    mine_origins,
    passed_through,
    stop_rate,
)
from crosscut.studies.exposure.stops import Stop, losses
from crosscut.worlds import world
from crosscut.worlds.node import nodes_for
from tests.ledgers import BUNDLED


@pytest.fixture(scope="module")
def w():
    return world(BUNDLED, "tungsten")


def figures(country):
    rows = api.exposure("tungsten", country, draws=5)["tables"]["key_figures"]["rows"]
    return {r["figure"]: r for r in rows}


def test_origins_by_last_process_and_by_mine_add_up(w):
    for code in ("JPN", "USA", "CHN", "DEU"):
        j = w.country_index(code)
        assert last_origins(w, [j]).sum() == pytest.approx(1.0)
        mined, scrap = mine_origins(w, [j])
        assert mined.sum() + scrap == pytest.approx(1.0)
        assert (mined >= 0).all()
        mines = w.M0[w.chain.form_index("concentrate")] > 0
        assert mined[~mines].max() < 1e-12
        assert sum(by_owner(BUNDLED, w, mined).values()) == pytest.approx(mined.sum())


def test_what_passes_through_a_country_is_at_least_what_it_mined_or_processed_last(w):
    for code in ("JPN", "USA", "DEU", "CHN"):
        j = w.country_index(code)
        passed = passed_through(w, [j])
        assert (passed <= 1).all()
        assert (passed >= last_origins(w, [j]) - 1e-9).all()
        assert (passed >= mine_origins(w, [j])[0] - 1e-9).all()
        silent = w.supply().sum(axis=0) == 0
        assert passed[silent].max(initial=0.0) < 1e-9


def test_the_whole_world_uses_what_its_mines_and_scrap_yield(w):
    """Summed over all users, the mix of mines is the mix of mine output that reaches final use."""
    everywhere = list(range(len(w.countries)))
    mined, _ = mine_origins(w, everywhere)
    china = w.country_index("CHN")
    output = w.M0[w.chain.form_index("concentrate")]
    assert mined[china] / mined.sum() == pytest.approx(output[china] / output.sum(), abs=0.03)


def test_a_bloc_pools_its_members_and_counts_them_as_home(w):
    eu = nodes_for(w, "EU27")
    assert {w.countries[k] for k in eu.places} >= {"DEU", "AUT", "EUO"}
    result = api.exposure("tungsten", "eu27", draws=3)
    shares = {(r["form"], r["origin"]): r for r in result["tables"]["exposure"]["rows"]}
    f = int(np.argmax(w.D0.sum(axis=(1, 2))))  # the form most used
    form = w.chain.forms[f].id
    assert shares[form, "EU27"]["domestic"]
    assert (form, "DEU") not in shares
    use = next(r for r in result["tables"]["concentration"]["rows"] if r["form"] == form)["use"]
    assert use == pytest.approx(sum(w.use()[f, k] for k in eu.places))


def test_japan(w):
    f = figures("Japan")
    j = w.country_index("JPN")
    abroad = passed_through(w, [j])
    abroad[j] = 0.0
    first = f["from one country"]
    assert first["value"] == pytest.approx(abroad.max())
    assert w.place_names[w.countries[int(np.argmax(abroad))]] in first["text"]
    owner = f["from one owner"]
    assert owner["low"] <= owner["value"] <= owner["high"]
    assert f["weeks of cover"]["value"] is None
    assert f["weeks of cover"]["status"].startswith("missing")


def test_the_expected_loss_is_the_base_rate_times_the_solved_loss_and_says_what_it_leaves_out(w):
    japan = w.country_index("JPN")
    abroad = passed_through(w, [japan])
    abroad[japan] = 0.0
    top = int(np.argmax(abroad))
    loss = losses(w, [japan], [Stop(top, tuple(range(len(w.chain.forms))))], 1, 5)[0]
    rate = stop_rate(BUNDLED, w.countries[top])
    row = key_figures(BUNDLED, replace(w, grade="B"), [japan], ["JPN"], "Japan", top, loss)[-1]
    assert row["value"] == pytest.approx(rate.per_year * np.nanmedian(loss.usd) / 1e6)
    assert 0 <= row["low"] <= row["value"] <= row["high"]
    assert "too low" in row["status"]
    assert row["facts"] == rate.fact
    rough = key_figures(BUNDLED, replace(w, grade="C"), [japan], ["JPN"], "Japan", top, loss)[-1]
    assert rough["value"] == row["value"]
    assert "order of size (world grade C)" in rough["status"]
    graded = key_figures(BUNDLED, replace(w, grade="D"), [japan], ["JPN"], "Japan", top, loss)[-1]
    assert graded["value"] is None
    assert "grade D" in graded["status"]


def test_the_stockpile_of_the_united_states_is_dated():
    cover = figures("USA")["weeks of cover"]
    assert cover["value"] > 0
    assert "2020-09-30" in cover["text"]


def test_a_country_inside_a_group_gets_its_own_records_not_those_of_the_group():
    result = api.exposure("tungsten", "KAZ", draws=3)
    f = {r["figure"]: r for r in result["tables"]["key_figures"]["rows"]}
    assert "recorded imports" in f["from one country"]["text"]
    assert f["weeks of cover"]["value"] is None
    assert f["expected loss a year"]["value"] is None
    assert [s["text_key"] for s in result["statements"]].count("group") == 1


def test_the_published_indicators_are_in_it():
    rows = api.exposure("tungsten", "JPN", draws=2)["tables"]["indicators"]["rows"]
    alone = api.indicators("tungsten", "JPN", window=1)["tables"]["indicators"]["rows"]
    assert rows == alone


def test_every_exposure_says_as_of_when():
    for code in ("JPN", "KAZ"):
        said = [
            s["text"]
            for s in api.exposure("tungsten", code, draws=2)["statements"]
            if s["text_key"] == "as_of"
        ]
        assert said
        assert said[0].startswith("As of 2024")


def test_a_screening_world_has_no_money():
    rows = api.exposure("graphite", "Germany", draws=2)["tables"]["key_figures"]["rows"]
    loss = next(r for r in rows if r["figure"] == "expected loss a year")
    assert loss["value"] is None
    assert "grade" in loss["status"]


def test_base_rates_are_the_published_ones_and_zero_events_are_not_zero():
    china = stop_rate(BUNDLED, "CHN")
    assert (round(100 * china.per_year, 1), round(100 * china.low, 1), round(100 * china.high, 1)) == (
        1.6,
        0.8,
        2.8,
    )
    low = stop_rate(BUNDLED, "COD")
    assert (round(100 * low.per_year, 1), round(100 * low.low, 1), round(100 * low.high, 1)) == (
        2.2,
        0.7,
        4.4,
    )
    calm = stop_rate(BUNDLED, "AUS")
    assert calm.per_year == pytest.approx(0.5 / 818.7)
    assert calm.high > calm.per_year
    assert stop_rate(BUNDLED, "FJI").group.startswith("all producers")


def test_a_stop_by_who_sells_nothing_abroad_costs_nothing_and_by_the_largest_much(w):
    forms = tuple(range(len(w.chain.forms)))
    abroad = w.q0.sum(axis=(0, 2)) - w.q0.diagonal(axis1=1, axis2=2).sum(axis=0)
    silent, china = int(np.argmin(abroad)), w.country_index("CHN")
    assert abroad[silent] == pytest.approx(0.0, abs=1e-9)
    none, much = losses(w, [w.country_index("JPN")], [Stop(silent, forms), Stop(china, forms)], 1, 4)
    assert not none.failed
    assert np.abs(none.usd).max() < 1e-6 * much.usd.min()
    assert none.price == pytest.approx(np.ones(4))
    assert (much.usd > 0).all()
    assert (much.short > 0).all()


def test_an_unknown_place_is_refused():
    with pytest.raises(UserError, match="unknown country 'Atlantis'"):
        api.exposure("tungsten", "Atlantis")
