"""Events found once by their id are compiled as events looked up anew."""

from dataclasses import replace

import numpy as np
import pytest

from crosscut.base.errors import UserError
from crosscut.market.events.compiled import arrays_of, no_events
from crosscut.market.events.compiler.compile_events import compile_events
from crosscut.market.events.compiler.event_cache import KnownEvents
from tests.studies.scenario.small_world import event, small_world, year_of

WORLD = small_world()
SETS = (
    [event("export_licence", id="l", size=0.4, origins=("CHN",))],
    [
        event("export_licence", id="l", size=0.9, origins=("CHN",)),
        event("export_tax", id="x", size=0.2, origins=("CHN",)),
    ],
    [
        event("outage", id="o", form="concentrate", size=0.5, origins=("CHN",)),
        event("tariff", id="t", size=0.1),
    ],
    [event("export_licence", id="l", size=1.0, origins=("CHN",))],
    [event("export_licence", id="l", size=0.4, origins=("USA",))],  # the id of another origin
    [],
)


def assert_same(one, two):
    for name, array in arrays_of(one).items():
        assert np.array_equal(array, getattr(two, name)), name
    assert [(g.id, g.kind, g.form, g.limit, g.routes.tolist()) for g in one.caps] == [
        (g.id, g.kind, g.form, g.limit, g.routes.tolist()) for g in two.caps
    ]
    assert (one.notes, one.entrants, one.plants, one.floors) == (
        two.notes,
        two.entrants,
        two.plants,
        two.floors,
    )


def test_known_events_compile_as_new_ones_in_any_order():
    year = year_of()
    known = KnownEvents(WORLD, year)
    for events in (*SETS, *reversed(SETS)):
        assert_same(known.compiled(events), compile_events(replace(year, events=tuple(events)), WORLD))


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ([event("export_licence", id="l", size=1.5, origins=("CHN",))], "outside 0 to 1"),
        ([event("export_licence", id="l", size=0.5, origins=("XXX",))], "XXX"),
        ([event("tariff", id="a", size=0.1), event("tariff", id="a", size=0.2)], "two events have the id"),
        (
            [
                event("export_licence", id="l", size=0.5, origins=("CHN",)),
                event("export_licence", id="m", size=0.6, origins=("CHN",)),
            ],
            "about the same routes",
        ),
    ],
)
def test_what_cannot_be_is_refused_as_ever(events, said):
    known = KnownEvents(WORLD, year_of())
    known.compiled(SETS[0])
    with pytest.raises(UserError, match=said):
        known.compiled(events)


def test_a_still_year_can_not_be_written_to():
    with pytest.raises(ValueError, match="read-only"):
        no_events(WORLD).tariff[0, 0, 0] = 1.0
    moved = compile_events(replace(year_of(), events=(event("tariff", id="t", size=0.1),)), WORLD)
    assert not np.array_equal(moved.tariff, no_events(WORLD).tariff)
