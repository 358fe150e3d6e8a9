"""The same seed gives the same numbers: on any number of workers, with more years, with other facilities
beside."""

import numpy as np
import pytest

from crosscut.app import api
from crosscut.inputs.outlook.loader import outlook
from crosscut.market.solvers import kernel_installed
from crosscut.studies.explain.comparison import comparison_result
from crosscut.studies.outlook import ensemble
from crosscut.studies.outlook.cases import cases_of
from crosscut.studies.outlook.draws import named_generator, outlook_draw, score
from crosscut.studies.outlook.nodes import outlook_on_world
from crosscut.worlds import world
from tests.ledgers import BUNDLED


@pytest.fixture(scope="module")
def short():
    return api.outlook("kazakhstan", to=2025, draws=3, seed=11)


def test_workers_change_nothing(short):
    again = api.outlook("kazakhstan", to=2025, draws=3, seed=11, workers=2)
    assert again["id"] == short["id"]


def test_more_years_leave_the_earlier_ones_as_they_were(short):
    long = api.outlook("kazakhstan", to=2026, draws=3, seed=11)
    for name in ("outlook_prices", "outlook_supply", "outlook_use", "outlook_stocks"):
        earlier = [r for r in long["tables"][name]["rows"] if r["year"] <= 2025]
        assert earlier == short["tables"][name]["rows"]


@pytest.mark.skipif(not kernel_installed(), reason="the extra fast is not installed")
def test_numpy_and_the_compiled_kernel_differ_in_last_digits_only(monkeypatch):
    found = []
    for compiled in (False, True):
        monkeypatch.setattr(ensemble, "worth_compiling", lambda solves, compiled=compiled: compiled)
        found.append(api.outlook("kazakhstan", to=2025, draws=2, seed=11))
    tables = comparison_result(*found)["tables"]
    assert len(tables) == 7
    assert {name: t["rows"] for name, t in tables.items() if t["rows"]} == {}


def test_another_seed_gives_other_numbers(short):
    assert api.outlook("kazakhstan", to=2025, draws=3, seed=12)["tables"] != short["tables"]


def test_a_draw_without_some_facilities_is_the_same_draw():
    o = outlook_on_world(outlook("kazakhstan"), world(BUNDLED, "tungsten"))
    cases = {c.id: c for c in cases_of(o.file)}
    with_all, without = (
        outlook_draw(o, cases[c].facilities, cases[c].certain, 1, 5) for c in ("plans", "without")
    )
    kept = {f.id: f for f in with_all.facilities}
    for f in without.facilities:
        assert (f.capacity, f.start) == (kept[f.id].capacity, kept[f.id].start)
        assert np.array_equal(f.reach, kept[f.id].reach)
    assert np.array_equal(with_all.growth, without.growth)
    assert with_all.behaviour.drift == without.behaviour.drift


def test_what_opens_with_a_probability_opens_in_that_share_of_draws():
    o = outlook_on_world(outlook("kazakhstan"), world(BUNDLED, "tungsten"))
    likely = next(c for c in cases_of(o.file) if c.id == "likely")
    n = 400
    opened = sum(
        any(
            f.id == "upper-kairakty"
            for f in outlook_draw(o, likely.facilities, likely.certain, 3, d).facilities
        )
        for d in range(n)
    )
    assert abs(opened / n - 0.35) < 4 * np.sqrt(0.35 * 0.65 / n)


def test_named_streams_are_apart():
    seen = {score(1, d, name, year) for d in range(5) for name in ("a", "b") for year in (2024, 2025)}
    assert len(seen) == 20
    assert named_generator(1, 2, "a").random() != named_generator(2, 2, "a").random()
