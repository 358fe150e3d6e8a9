"""The bundled outlook: what it says is what its sources say, and what it computes adds up."""

import numpy as np
import pytest

from crosscut.app import api
from crosscut.inputs.outlook.loader import outlook
from crosscut.ledger.ownership import controlled_output, controlling_country
from crosscut.studies.outlook.cases import cases_of
from crosscut.studies.outlook.nodes import outlook_on_world
from crosscut.studies.outlook.owners import base_owners
from crosscut.worlds import world
from tests.ledgers import BUNDLED, IN_THIS_PROCESS

W_PER_WO3 = 0.793


@pytest.fixture(scope="module")
def loaded():
    return outlook("kazakhstan")


@pytest.fixture(scope="module")
def entries(loaded):
    return {f.id: f for f in loaded.file.facilities}


@pytest.fixture(scope="module")
def result():
    return api.outlook("kazakhstan", to=2033, draws=1)


def rows(result, table, **wanted):
    return [r for r in result["tables"][table]["rows"] if all(r[k] == v for k, v in wanted.items())]


def test_boguty_is_ore_times_grade_times_recovery(entries):
    ore, grade, recovery = 3.3e6, 0.0021, 0.79
    assert entries["boguty"].output.mid == pytest.approx(ore * grade * recovery * W_PER_WO3, rel=0.002)
    assert entries["boguty-2"].output.mid == pytest.approx(1.65e6 * grade * recovery * W_PER_WO3, rel=0.002)
    assert entries["boguty"].reserve == pytest.approx(68.4e6 * 0.00206 * recovery * W_PER_WO3, rel=0.002)


def test_north_katpar_follows_the_mining_plan(entries):
    plan = entries["north-katpar"]
    assert plan.output.mid == pytest.approx(3e6 * 0.00199 * 0.70 * W_PER_WO3 * 0.97, rel=0.002)
    assert [round(3 * r, 2) for r in plan.ramp] == [
        0.3,
        1.0,
        2.0,
        3.0,
    ]  # Mt of ore in 2030, 2031, 2032, from 2033


def test_the_two_deposits_together_are_the_apt_plan_and_the_press_read_as_concentrate(entries):
    together = entries["north-katpar"].output.mid + entries["upper-kairakty"].output.mid
    assert together == pytest.approx(9300 * 0.885 * W_PER_WO3, rel=0.002)
    assert pytest.approx(together, rel=0.06) == 12000 * 0.65 * W_PER_WO3


def test_the_other_reading_is_the_same_number_as_metal(loaded):
    (alternative,) = loaded.file.alternatives
    assert sum(f.output.mid for f in alternative.facilities) == 12000


def test_nothing_is_counted_twice():
    w = world(BUNDLED, "tungsten")
    assert w.M0[:, w.country_index("KAZ")].sum() < 1.0  # no Kazakh mine in the base year


def test_the_first_year_of_boguty_is_what_usgs_prints(result):
    (row,) = rows(result, "outlook_supply", case="plans", year=2025, facility="boguty")
    assert row["median"] == pytest.approx(2400, rel=0.12)


def test_owners_of_the_base_are_those_of_the_ledger(loaded):
    w = world(BUNDLED, "tungsten")
    o = outlook_on_world(loaded, w)
    owners = base_owners(BUNDLED, o)
    strict = controlled_output(BUNDLED, "tungsten", 2024, "owner-strict")
    mined = controlled_output(BUNDLED, "tungsten", 2024, "location").tonnes
    named = {}
    for place, homes in owners.items():
        for home, share in homes.items():
            named[home] = named.get(home, 0.0) + share * mined[place]
    for home, tonnes in strict.tonnes.items():
        if home != "UNK":
            assert named[home] == pytest.approx(tonnes)
    assert "PRK" not in owners and "BOL" not in owners  # unknown, and not their own


def test_boguty_is_controlled_as_the_ledger_says(entries):
    found = controlling_country(BUNDLED, "KZ01", 2025)
    assert found.country == "CHN"
    assert entries["boguty"].owners["CHN"].low == pytest.approx(found.shares["CHN"].value)


def test_every_case_has_every_facility_it_should(loaded):
    cases = {c.id: c for c in cases_of(loaded.file)}
    assert list(cases) == [
        "plans",
        "likely",
        "without",
        "boguty-alone",
        "north-katpar-alone",
        "apt-9300",
        "press-12000-t-w",
    ]
    assert not set(loaded.file.compare.facilities) & set(cases["without"].facilities)
    assert cases["press-12000-t-w"].facilities["upper-kairakty"].output.mid == 7000


def test_mined_tonnes_add_up_to_the_world(result):
    for case in ("plans", "without"):
        for year in (2024, 2030, 2033):
            parts = rows(result, "outlook_supply", case=case, year=year, what="mined")
            world_row = next(r for r in parts if r["country"] == "WLD")
            others = sum(r["median"] for r in parts if r["country"] != "WLD")
            assert others == pytest.approx(world_row["median"], rel=1e-9)


def test_shares_of_a_user_add_up_draw_by_draw(loaded):
    from crosscut.studies.outlook.ensemble import solved_outlook

    o = outlook_on_world(loaded, world(BUNDLED, "tungsten"))
    e = solved_outlook(IN_THIS_PROCESS, o, range(2024, 2028), 1, 1)
    for case in e.cases:
        for user in ("USA", "EU27", "CHN", "JPN"):
            for measure in ("mined in", "owned by", "made in"):
                at = [k for k, x in enumerate(e.labels[case.id]) if x[:3] == ("dependence", user, measure)]
                np.testing.assert_allclose(e.values[case.id][:, :, at].sum(axis=2), 1.0, rtol=1e-9)
        mined = e.over_draws(case.id, ("mined", "WLD", ""))
        parts = [k for k, x in enumerate(e.labels[case.id]) if x[0] == "mined" and x[1] != "WLD"]
        np.testing.assert_allclose(e.values[case.id][:, :, parts].sum(axis=2), mined, rtol=1e-9)


def test_the_base_year_is_the_same_in_every_case(result):
    for table in ("outlook_prices", "outlook_use", "outlook_dependence"):
        first = [r for r in rows(result, table, year=2024) if r["case"] == "plans"]
        for case in ("likely", "without", "press-12000-t-w"):
            again = [r for r in rows(result, table, year=2024) if r["case"] == case]
            for a, b in zip(first, again, strict=True):
                assert a["median"] == pytest.approx(b["median"], rel=1e-9, abs=1e-12)


def test_more_kazakh_metal_lowers_the_price_and_what_china_mines_of_it(result):
    price = {
        c: rows(result, "outlook_prices", case=c, year=2033, form="oxide", place="EU27")[0]["median"]
        for c in ("plans", "without", "press-12000-t-w")
    }
    assert price["press-12000-t-w"] < price["plans"] < price["without"]
    china = {
        c: rows(result, "outlook_dependence", case=c, year=2033, user="USA", measure="mined in", of="CHN")[0][
            "median"
        ]
        for c in ("plans", "without")
    }
    assert china["plans"] < china["without"]
