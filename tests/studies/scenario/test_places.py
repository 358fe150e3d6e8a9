"""Names of a scenario as nodes of a world: blocs, groups, and what cannot be moved alone."""

import pytest

from crosscut.base.errors import UserError
from crosscut.inputs.scenario.places import on_world, world_blocs
from tests.studies.scenario.small_world import event, small_world, year_of

WORLD = small_world()


def placed(*events):
    return on_world(year_of(*events), WORLD)


def test_eu27_is_its_nodes_and_the_group_wholly_within_it():
    s = placed(event("export_licence", origins=("CHN",), destinations=("EU27", "USA")))
    assert s.events[0].destinations == ("EUO", "USA") and s.limits == ()


def test_bloc_partly_inside_a_wider_group_is_named_with_its_bias():
    s = placed(event("export_licence", origins=("CHN",), destinations=("G7",)))
    assert set(s.events[0].destinations) == {"USA", "JPN"}
    ((what, bias),) = s.limits
    assert "CAN, DEU, FRA, GBR, ITA of G7" in what and bias == "measure too weak"


def test_eu_member_in_a_measure_of_trade_takes_the_group_and_says_so():
    s = placed(event("tariff", size=0.1, destinations=("FRA",)))
    assert s.events[0].destinations == ("EUO",)
    assert "France is counted inside EUO" in s.limits[0][0] and "too strong" in s.limits[0][1]


def test_new_mine_stands_in_the_group():
    s = placed(event("mine", form="concentrate", size=10.0, unit="t", origins=("GBR",)))
    assert s.events[0].origins == ("OTH",) and s.limits[0][1] == "none in tonnes"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (event("demand", size=0.1, destinations=("FRA",)), r"France \(FRA\) is counted inside EUO"),
        (event("outage", form="concentrate", origins=("GBR",)), r"counted inside OTH \(Rest of the world\)"),
        (event("export_ban", size=1.0, origins=("HKG",)), "counted inside CHN"),
        (event("tariff", size=0.1, destinations=("GBR",)), "cannot be moved alone"),
        (event("export_licence", origins=("CHN",), destinations=("C5", "EAEU", "GBR")), "GBR"),
    ],
)
def test_what_cannot_be_moved_alone_is_refused(wrong, says):
    with pytest.raises(UserError, match=says):
        placed(wrong)


def test_all_places_are_reported_together():
    with pytest.raises(UserError) as caught:
        placed(
            event("demand", id="a", size=0.1, destinations=("FRA",)),
            event("demand", id="b", size=0.1, destinations=("GBR",)),
        )
    assert len(caught.value.problems) == 2


def test_world_blocs():
    blocs = world_blocs(WORLD)
    assert blocs["EU27"] == ("EUO",) and blocs["C5"] == ("KAZ",) and blocs["FRA"] == ("EUO",)


def test_placed_twice_is_placed_once():
    s = placed(event("export_licence", origins=("CHN",), destinations=("EU27", "JPN")))
    assert on_world(s, WORLD) == s
