"""Events of a calendar year: compiled once for years in which the same hold in full, with the numbers of
compiling anew."""

from dataclasses import fields
from datetime import date

import numpy as np
import pytest

from crosscut.market.events.events import Event, EventKind, Scenario
from crosscut.studies.outlook.yearly import YearlyEvents, events_of_year
from crosscut.worlds import world as load
from tests.ledgers import BUNDLED

ARRAYS = ("tariff", "export_tax", "specific", "freight", "supply_factor", "demand_factor", "purchases")


def scenario(*events):
    return Scenario("s", "s", "tungsten", 2024, date(2024, 1, 1), date(2040, 12, 31), events)


def tariff(name, **changes):
    return Event(
        name, EventKind.TARIFF, "oxide", 0.2, "fraction", origins=("CHN",), destinations=("USA",), **changes
    )


@pytest.fixture(scope="module")
def world():
    return load(BUNDLED, "tungsten")


def rate(world, compiled):
    f = world.chain.form_index("oxide")
    i, j = world.country_index("CHN"), world.country_index("USA")
    return float(compiled.tariff[f, i, j] - world.tariff[f, i, j])


def test_years_alike_are_compiled_once_and_are_what_compiling_gives(world):
    s = scenario(
        tariff("a", start=date(2026, 7, 1), phase_in=365),
        tariff("b", start=date(2025, 1, 1), end=date(2030, 6, 30)),
    )
    sizes = {"a": 0.2, "b": 0.1}
    yearly = YearlyEvents(s, world, sizes)
    for year in range(2024, 2041):
        mine, fresh = yearly(year), events_of_year(s, world, year, sizes)
        for name in ARRAYS:
            assert np.array_equal(getattr(mine, name), getattr(fresh, name)), (name, year)
        assert [g.id for g in mine.caps] == [g.id for g in fresh.caps]
    assert len({id(yearly(y)) for y in range(2031, 2041)}) == 1
    assert len({id(yearly(y)) for y in (2024, 2025, 2026, 2027, 2028, 2030, 2031)}) == 7
    assert {f.name for f in fields(yearly(2030))} >= set(ARRAYS)


def test_an_event_without_a_first_day_grows_in_once_and_not_every_year(world):
    yearly = YearlyEvents(scenario(tariff("a", phase_in=730)), world, {"a": 0.2})
    assert 0.04 < rate(world, yearly(2024)) < 0.06
    assert 0.14 < rate(world, yearly(2025)) < 0.16
    assert rate(world, yearly(2026)) == pytest.approx(0.2)
    assert rate(world, yearly(2035)) == pytest.approx(0.2)
