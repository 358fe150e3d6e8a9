"""The first prices of a run are those that are quoted, and those of the places a measure is about."""

import pytest

from crosscut.market.events.events import EventKind
from crosscut.studies.scenario.headline import MOST_MORE, headline_places, places_shown
from crosscut.studies.shared.quantities import price_places
from tests.studies.scenario.small_world import event, small_world, year_of

WORLD = small_world()
QUOTED = [(p.form, p.place, p.basis) for p in headline_places(WORLD)]
CONCENTRATE, SCRAP, REFINED = range(3)


def more(*events, world=WORLD, **fields):
    """What is shown beyond the quoted prices."""
    shown = places_shown(year_of(*events, **fields), world, price_places(world))
    found = [(p.form, p.place, p.basis) for p in shown]
    quoted = [(p.form, p.place, p.basis) for p in headline_places(world)]
    assert found[: len(quoted)] == quoted
    return found[len(quoted) :]


@pytest.mark.parametrize("kind", ["tariff", "specific_duty", "import_quota", "import_ban"])
def test_a_measure_of_an_importer_shows_what_the_importer_pays_and_not_whom_it_singles_out(kind):
    unit = "USD/t" if kind == "specific_duty" else "fraction"
    assert more(event(kind, "refined", 0.2, unit, origins=("CHN",), destinations=("USA",))) == [
        (REFINED, "USA", "paid")
    ]


@pytest.mark.parametrize("kind", ["export_licence", "export_quota", "export_tax", "export_ban"])
def test_a_measure_of_an_exporter_shows_the_exporter_and_the_buyers_it_names(kind):
    assert (CONCENTRATE, "CHN", "inside") in more(event(kind, "concentrate", 0.2, origins=("CHN",)))
    both = more(event(kind, "refined", 0.2, origins=("CHN",), destinations=("USA",)))
    assert (REFINED, "USA", "paid") in both


@pytest.mark.parametrize("kind", ["outage", "production_quota", "closure", "subsidy", "host_output"])
def test_a_mine_that_is_cut_or_paid_shows_its_country(kind):
    assert more(event(kind, "concentrate", 0.2, origins=("USA",))) == [(CONCENTRATE, "USA", "inside")]


def test_a_plant_shows_what_it_makes():
    assert more(event("process_outage", "refining", 0.5, origins=("USA",))) == [(REFINED, "USA", "inside")]


def test_a_country_that_uses_more_is_shown_as_a_buyer():
    assert more(event("demand", "refined", 0.2, destinations=("USA",))) == [(REFINED, "USA", "paid")]


def test_what_is_quoted_already_is_not_shown_twice():
    form, place, basis = QUOTED[-1]
    assert basis == "inside"
    assert more(event("export_tax", WORLD.chain.forms[form].id, 0.2, origins=(place,))) == []


def test_of_several_forms_of_one_place_the_one_with_most_turnover_is_shown():
    duties = [
        event("tariff", form, 0.2, id=form, destinations=("USA",)) for form in ("concentrate", "refined")
    ]
    assert more(*duties) == more(*duties[::-1]) == [(REFINED, "USA", "paid")]


def test_measures_in_force_before_are_not_what_a_scenario_is_about():
    duty = event("tariff", "refined", 0.2, id="before", destinations=("USA",))
    assert more(duty, prior_events=("before",)) == []


def test_many_places_are_a_few_with_most_turnover_first():
    cut = event("outage", "concentrate", 0.2, origins=("KAZ", "OTH", "CHN", "USA"))
    assert [p for _, p, _ in more(cut)] == ["CHN", "USA", "OTH"], "Kazakhstan sells nothing and has no price"
    assert len(more(cut)) <= MOST_MORE


def test_a_measure_without_a_place_adds_none():
    assert more(event("tariff", "refined", 0.2)) == []


def test_every_kind_of_event_finds_its_places():
    """No kind is forgotten: each with a place named gives prices of this world or none, and never fails."""
    for kind in EventKind:
        form = "refining" if kind in PROCESSES else "concentrate"
        for fields in ({"origins": ("CHN",)}, {"destinations": ("USA",)}):
            assert all(p in ("CHN", "USA") for _, p, _ in more(event(kind, form, 0.1, **fields)))


PROCESSES = (
    EventKind.PROCESS_OUTAGE,
    EventKind.PROCESS_CLOSURE,
    EventKind.PROCESS_SUBSIDY,
    EventKind.PLANT,
)
