"""Exposure: key figures first, blocs, countries inside a group, and what is unknown stays unknown."""

from dataclasses import replace

import numpy as np
import pytest

from crosscut.app import api
from crosscut.base.errors import UserError
from crosscut.base.number_text import percent
from crosscut.studies.exposure.key_figures import COST, EXPECTED, LargestOrigin, key_figures
from crosscut.studies.exposure.request import ExposureRequest
from crosscut.studies.exposure.traced_origins import by_owner, last_origins, mine_origins, passed_through
from crosscut.studies.stress.history.onset_rate import onset_rate
from crosscut.studies.stress.stops.cost import STOP_DRAWS
from crosscut.worlds import minerals_with_worlds, world
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
    assert f["weeks of cover"]["value"] == pytest.approx(60 / 7)
    assert "JOGMEC" in f["weeks of cover"]["text"] and f["weeks of cover"]["facts"]


def stops(country, draws=5):
    """(key figures of `exposure` by name, rows of stops of `stress` by origin and forms)."""
    found = api.stress("tungsten", country, draws=draws)["tables"]
    rows = {(r["origin"], r["form"]): r for r in found["stress_chokepoints"]["rows"]}
    return figures(country), rows, found["stress_cover"]["rows"]


def test_exposure_and_stress_give_one_figure_for_one_question():
    """A stop of the largest origin: its cost, its chance and what is to be expected of it; and stocks."""
    assert ExposureRequest.model_fields["draws"].default == STOP_DRAWS
    for country in ("JPN", "USA", "EU27"):
        f, rows, cover = stops(country)
        china = rows["CHN", "all forms"]
        for name, columns in (
            (COST, ("usd", "usd_low", "usd_high")),
            (EXPECTED, ("expected_usd", "expected_low", "expected_high")),
        ):
            assert [f[name][k] for k in ("value", "low", "high")] == [china[c] for c in columns]
        assert percent(china["chance"]) in f[EXPECTED]["text"]
        held = [r["weeks"] for r in cover if "target" not in r["what"] and "enough" not in r["what"]]
        assert f["weeks of cover"]["value"] in held
        summary = api.exposure("tungsten", country, draws=5)["tables"]["concentration"]["rows"]
        for r in summary:
            if (stop := rows.get((r["largest"], r["form"]))) is not None:
                assert (r["short"], r["price"]) == (stop["short"], stop["price"])


def test_the_expected_loss_is_far_below_chance_times_a_full_year():
    """A stop begins on any day and most end or start late: the product of the two is not what to expect."""
    f = figures("Japan")
    chance = 0.04
    assert 0 < f[EXPECTED]["low"] <= f[EXPECTED]["value"] <= f[EXPECTED]["high"]
    assert f[COST]["low"] <= f[COST]["value"] <= f[COST]["high"]
    assert f[EXPECTED]["value"] < 0.5 * chance * f[COST]["value"]
    assert "too low" in f[EXPECTED]["status"] and "order of size (world grade C)" in f[EXPECTED]["status"]
    assert f[EXPECTED]["facts"] == onset_rate(BUNDLED, "CHN").fact


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
    alone = api.indicators("tungsten", "JPN")["tables"]["indicators"]["rows"]
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


def test_a_world_of_one_form_shows_one_digit_and_one_of_grade_d_no_money():
    rows = api.exposure("graphite", "Germany", draws=2)["tables"]["key_figures"]["rows"]
    for name in (COST, EXPECTED):
        value = next(r for r in rows if r["figure"] == name)["value"]
        assert value == float(f"{value:.0e}")
    built = next(world(BUNDLED, m) for m, why in minerals_with_worlds().items() if not why)
    figures = key_figures(BUNDLED, replace(built, grade="D"), [0], ["USA"], "", LargestOrigin(1, None, None))
    for row in figures[-2:]:
        assert row["value"] is None and "grade D" in row["status"]


def test_base_rates_are_the_published_ones_and_zero_events_are_not_zero():
    china = onset_rate(BUNDLED, "CHN")
    assert (round(100 * china.per_year, 1), round(100 * china.low, 1), round(100 * china.high, 1)) == (
        1.6,
        0.8,
        2.8,
    )
    low = onset_rate(BUNDLED, "COD")
    assert (round(100 * low.per_year, 1), round(100 * low.low, 1), round(100 * low.high, 1)) == (
        2.2,
        0.7,
        4.4,
    )
    calm = onset_rate(BUNDLED, "AUS")
    assert calm.per_year == pytest.approx(0.5 / 818.7)
    assert calm.high > calm.per_year
    assert onset_rate(BUNDLED, "FJI").group.startswith("all producers")


def test_an_unknown_place_is_refused():
    with pytest.raises(UserError, match="unknown country or bloc 'Atlantis'"):
        api.exposure("tungsten", "Atlantis")
