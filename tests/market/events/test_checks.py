"""Every refusal of compile, by name; all problems of a scenario in one error."""

from datetime import date

import numpy as np
import pytest

from crosscut.base.errors import UserError
from crosscut.market.events.compiler.compile_events import compile_events
from tests.studies.scenario.small_world import event, small_world, year_of

WORLD = small_world()
NAN = float("nan")
CN = {"origins": ("CHN",)}
JP = {"destinations": ("JPN",)}
DAY = date(2025, 3, 1)

REFUSED = [
    # what is wrong, what the message must say
    (event("export_licence", form="refind", **CN), "unknown form 'refind'"),
    (event("export_licence", form="refind", **CN), "Did you mean 'refined'?"),
    (event("export_licence", form="refining", **CN), "acts on a form; 'refining' is not one"),
    (event("process_outage", form="refined", **CN), "acts on a process; 'refined' is not one"),
    (event("plant", form="smelting", size=10.0, unit="t", **CN), "unknown process 'smelting'"),
    (event("outage", form="refined", **CN), "made by processes only"),
    (event("mine", form="refined", size=5.0, unit="t", **CN), "made by processes only"),
    (event("currency", form="refined", size=0.1, **CN), "acts on no form"),
    (event("export_licence", origins=("CHM",)), "no country or bloc 'CHM' in this world"),
    (event("export_licence", origins=("CNH",)), "Did you mean 'CHN'?"),
    (event("export_licence", destinations=("EU27",), **CN), "no country or bloc 'EU27'"),
    (
        event("mine", form="concentrate", size=5.0, unit="t", origins=("KAZ",), exempt_destinations=("XXX",)),
        "'XXX'",
    ),
    (event("mine", form="concentrate", size=5.0, unit="t"), "exactly one country"),
    (event("mine", form="concentrate", size=5.0, unit="t", origins=("KAZ", "CHN")), "exactly one country"),
    (event("sanction", **CN), "needs its destinations by name"),
    (event("sanction", **JP), "needs its origins by name"),
    (event("outage", form="concentrate", **CN, **JP), "takes no destinations"),
    (event("demand", size=0.1, **CN), "takes no origins"),
    (event("export_licence", origins=("CHN", "CHN")), "given twice"),
    (event("export_licence", **CN, **JP, exempt_destinations=("JPN",)), "every destination is exempt"),
    (event("outage", form="scrap", **CN, exempt_destinations=("JPN",)), "no destinations to exempt"),
    (event("export_licence", size=-0.1, **CN), "-0.1 is outside 0 to 1"),
    (event("export_licence", size=1.2, **CN), "1.2 is outside 0 to 1"),
    (event("export_licence", size=NAN, **CN), "nan is not a number"),
    (event("export_licence", size=float("inf"), **CN), "inf is not a number"),
    (event("export_quota", size=-5.0, unit="t", **CN), "-5 is outside 0 or more"),
    (event("export_licence", size=0.5, low=0.6, high=0.8, **CN), "low <= size <= high"),
    (event("export_licence", size=0.5, low=0.2, **CN), "low and high come together"),
    (event("export_licence", size=0.5, low=0.2, high=NAN, **CN), "nan is not a number"),
    (event("export_licence", size=5.0, unit="t", **CN), "export_licence in 't'"),
    (event("tariff", size=5.0, unit="USD/t", **JP), "tariff in 'USD/t'"),
    (event("export_ban", size=0.5, **CN), "0.5 is outside 1 to 1"),
    (event("export_licence", coverage=1.1, **CN), "coverage 1.1 is not a share"),
    (event("export_licence", leakage=NAN, **CN), "leakage nan is not a share"),
    (event("offtake", size=0.5, leakage=0.1, **CN, **JP), "offtake has no leakage"),
    (event("mine", form="scrap", size=5.0, unit="t", coverage=0.5, **CN), "mine has no coverage"),
    (event("export_licence", surcharge=100.0, **CN), "surcharge without leakage"),
    (event("export_licence", surcharge=-1.0, leakage=0.1, **CN), "surcharge -1"),
    (event("tariff", surcharge=10.0, leakage=0.1, **JP), "tariff has no surcharge"),
    (event("export_licence", start=DAY, end=date(2025, 2, 1), **CN), "before it starts"),
    (event("export_licence", start=date(2026, 1, 1), **CN), "wholly outside the window"),
    (event("tariff", duty_basis="fas", **JP), "duty basis 'fas'"),
    (event("demand", size=0.1, uses=("hard metal",), **JP), "unknown use 'hard metal'"),
    (event("tariff", size=0.1, uses=("hardmetal",), **JP), "cannot be narrowed to uses"),
    (event("export_quota", size=50.0, unit="t", origins=("CHN", "OTH")), "ambiguous: each, or together?"),
    (event("export_quota", size=50.0, unit="t"), "for every country is ambiguous"),
    (event("production_quota", form="scrap", size=50.0, unit="t", origins=("CHN", "OTH")), "ambiguous"),
    (event("tariff", pooled=True, **JP), "nothing to pool"),
    (event("offtake", size=1300.0, unit="t", **CN, **JP), "above the 1,"),
]


@pytest.mark.parametrize(
    ("wrong", "says"), REFUSED, ids=[f"{i}-{e.kind}" for i, (e, _) in enumerate(REFUSED)]
)
def test_refused_by_name(wrong, says):
    with pytest.raises(UserError) as caught:
        compile_events(year_of(wrong), WORLD)
    assert says in str(caught.value)
    assert "test, event 'e'" in str(caught.value)


def test_all_problems_are_reported_together():
    events = [
        event("export_licence", id="a", form="refind", origins=("CHM",), size=1.5),
        event("tariff", id="b", size=-0.1, destinations=("USA",)),
    ]
    with pytest.raises(UserError) as caught:
        compile_events(year_of(*events), WORLD)
    assert len(caught.value.problems) == 4


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (event("export_licence", id="a", **CN), event("export_licence", id="b", size=0.7, **CN, **JP)),
        (event("outage", id="a", form="scrap", **CN), event("outage", id="b", form="scrap", size=0.1)),
        (event("demand", id="a", size=0.1), event("demand", id="b", size=0.2, **JP)),
        (event("demand", id="a", size=0.1), event("demand", id="b", size=0.1, **JP)),
        (
            event("currency", id="a", form="", size=0.1, **CN),
            event("currency", id="b", form="", size=0.2, **CN),
        ),
        (event("offtake", id="a", size=0.5, **CN, **JP), event("offtake", id="b", size=0.6, **CN, **JP)),
        (event("export_licence", id="a", **CN), event("export_licence", id="b", **CN)),
    ],
)
def test_contradictory_events_on_one_date(a, b):
    with pytest.raises(UserError, match="'a' and 'b'"):
        compile_events(year_of(a, b), WORLD)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (
            event("export_licence", id="a", **CN, exempt_destinations=("JPN",)),
            event("export_licence", id="b", size=0.7, **CN, **JP),
        ),
        (
            event("export_licence", id="a", end=date(2025, 3, 1), **CN),
            event("export_licence", id="b", size=0.7, start=date(2025, 3, 2), **CN),
        ),
        (
            event("demand", id="a", size=0.1, uses=("hardmetal",)),
            event("demand", id="b", size=0.2, uses=("other",)),
        ),
        (event("export_licence", id="a", **CN), event("export_quota", id="b", size=0.7, **CN)),
        (
            event("mine", id="a", form="scrap", size=5.0, unit="t", **CN),
            event("mine", id="b", form="scrap", size=6.0, unit="t", **CN),
        ),
    ],
)
def test_what_does_not_contradict(a, b):
    compile_events(year_of(a, b), WORLD)


def test_cap_below_floor_on_the_same_routes():
    cap = event("export_licence", id="cap", size=0.9, **CN)
    floor = event("offtake", id="floor", size=100.0, unit="t", **CN, **JP)
    with pytest.raises(UserError, match="floor 'floor' of 100 t is above the cap 'cap' of 35 t"):
        compile_events(year_of(cap, floor), WORLD)
    compile_events(year_of(cap, event("offtake", id="floor", size=30.0, unit="t", **CN, **JP)), WORLD)


def test_two_floors_share_one_cap():
    cap = event("export_licence", id="cap", size=0.9, **CN)
    floors = [
        event("offtake", id=i, size=20.0, unit="t", destinations=(d,), **CN)
        for i, d in (("f", "JPN"), ("g", "USA"))
    ]
    with pytest.raises(UserError, match="floor 'g' of 20 t is above the cap"):
        compile_events(year_of(cap, *floors), WORLD)


def test_floor_on_closed_routes():
    ban = event("export_ban", id="ban", size=1.0, **CN)
    with pytest.raises(UserError, match="stands on routes that are closed"):
        compile_events(year_of(ban, event("offtake", id="f", size=0.5, **CN, **JP)), WORLD)


def test_drawn_floor_is_lowered_not_refused_and_says_so():
    floor = event("offtake", size=100.0, unit="t", low=50.0, high=200.0, **CN, **JP)
    out = compile_events(year_of(floor), WORLD, sizes={"e": 5000.0})
    assert out.floors[0].limit < 1300 and "is lowered to what is possible" in out.notes[0]


def test_drawn_sizes_are_checked():
    scenario = year_of(event("export_licence", **CN))
    for sizes, says in (({"e": NAN}, "nan"), ({"e": 1.5}, "outside 0 to 1"), ({"f": 0.5}, "no event 'f'")):
        with pytest.raises(UserError, match=says):
            compile_events(scenario, WORLD, sizes=sizes)


def test_prior_event_that_has_ended_is_left_out_with_a_note():
    old = event("export_licence", start=date(2023, 1, 1), end=date(2024, 12, 31), **CN)
    out = compile_events(year_of(old, prior_events=("e",)), WORLD)
    assert out.caps == () and "left out" in out.notes[0]


def test_wrong_world_and_window_and_ids():
    scenario = year_of(
        event("export_licence", **CN), event("export_licence", **CN), window_end=date(2024, 1, 1)
    )
    world = small_world(year=2023)
    with pytest.raises(UserError) as caught:
        compile_events(scenario, world)
    text = str(caught.value)
    assert (
        "the world is tungsten 2023" in text
        and "window ends" in text
        and "two events have the id 'e'" in text
    )


def test_bloc_naming_a_node_the_world_does_not_have():
    with pytest.raises(UserError, match="names 'FRA'"):
        compile_events(year_of(event("export_licence", origins=("B",))), WORLD, blocs={"B": ("FRA",)})


def test_import_side_tonnes_for_two_countries_need_pooling():
    two = {"destinations": ("USA", "CHN"), "form": "concentrate", "size": 10.0, "unit": "t"}
    with pytest.raises(UserError, match="pooled"):
        compile_events(year_of(event("import_quota", **two)), WORLD)
    (cap,) = compile_events(year_of(event("import_quota", pooled=True, **two)), WORLD).caps
    assert cap.limit == 10.0 and np.flatnonzero(cap.routes.any(axis=0)).tolist() == [0, 1]
