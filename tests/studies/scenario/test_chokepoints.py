"""Chokepoints: routes both ways between two sides, groups on the side of their bloc, the rest left out and
said so."""

import pytest

from crosscut.base.errors import UserError
from crosscut.base.places import all_places, blocs
from crosscut.inputs.scenario.chokepoints import chokepoints, routes_through
from crosscut.inputs.scenario.places import WITHIN, on_world
from crosscut.market.events.compiler.compile_events import compile_events
from tests.studies.scenario.small_world import CHN, EUO, JPN, REFINED, event, small_world, year_of

WORLD = small_world()


def test_every_side_is_made_of_known_places_and_says_where_it_is_from():
    known = {*all_places(), *blocs()}
    for point in chokepoints().values():
        assert {*point.side_a, *point.side_b} <= known, point.id
        assert not {*point.side_a} & {*point.side_b}, point.id
        assert point.evidence_status == "assumed" and point.source and point.note


def test_routes_go_both_ways_between_the_sides_and_a_group_stands_with_its_bloc():
    routes = routes_through("suez", WORLD, WITHIN)
    assert set(routes) == {("CHN", "EUO"), ("EUO", "CHN"), ("JPN", "EUO"), ("EUO", "JPN")}
    assert routes_through("bosporus", WORLD, WITHIN) == ()


def test_an_event_through_a_chokepoint_moves_only_its_routes_and_states_the_bias():
    scenario = on_world(year_of(event("freight", size=500.0, unit="USD/t", via="suez")), WORLD)
    assert any("Suez Canal" in what and "assumed" in what for what, _ in scenario.limits)
    freight = compile_events(scenario, WORLD).freight[REFINED]
    assert freight[CHN, EUO] == freight[EUO, JPN] == 900.0
    assert freight.sum() == pytest.approx(30 * 400 + 4 * 500)


def test_origins_narrow_a_chokepoint_further():
    scenario = on_world(
        year_of(event("freight", size=500.0, unit="USD/t", via="suez", origins=("CHN",))), WORLD
    )
    freight = compile_events(scenario, WORLD).freight[REFINED]
    assert freight[CHN, EUO] == 900.0 and freight[JPN, EUO] == freight[EUO, CHN] == 400.0


def test_a_chokepoint_nobody_of_the_world_trades_through_is_refused():
    with pytest.raises(UserError, match="no two countries of this world trade through Turkish Straits"):
        on_world(year_of(event("freight", size=500.0, unit="USD/t", via="bosporus")), WORLD)
    with pytest.raises(UserError, match="no route through 'suez' is known"):
        compile_events(year_of(event("freight", size=500.0, unit="USD/t", via="suez")), WORLD)
