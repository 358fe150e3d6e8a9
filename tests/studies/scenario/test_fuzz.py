"""Nothing a file can hold ends in anything but a Scenario or a UserError."""

from collections import Counter

import numpy as np
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crosscut.base.errors import UserError
from crosscut.inputs.scenario.loader import scenario_from_text
from crosscut.inputs.scenario.places import on_world
from crosscut.inputs.scenario.schema import EventEntry, ScenarioFile
from crosscut.market.events.compiled import no_events
from crosscut.market.events.compiler.compile_events import compile_events
from crosscut.market.events.event_rules import RULES
from crosscut.market.model.examples import example_params
from crosscut.market.read.welfare import welfare_change
from crosscut.market.solve.solver import solve
from crosscut.studies.shared.draws import draw_of
from tests.studies.scenario.malformed import GOOD
from tests.studies.scenario.random_scenarios import random_scenario
from tests.studies.scenario.small_world import small_world

QUICK = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats()
    | st.text(max_size=12)
    | st.dates()
    | st.sampled_from(
        ["CHN", "EU27", "all", "fraction", "t", "USD/t", "refined", "concentrate", "refining", "NO", "50%"]
    )
)
TREES = st.recursive(
    SCALARS, lambda t: st.lists(t, max_size=4) | st.dictionaries(st.text(max_size=8), t, max_size=4)
)
FIELDS = st.sampled_from([i.alias or n for n, i in ScenarioFile.model_fields.items()])
EVENT_FIELDS = st.sampled_from([i.alias or n for n, i in EventEntry.model_fields.items()])


def read(text):
    try:
        return scenario_from_text(text, "fuzz.yaml")
    except UserError as error:
        assert error.problems and all(p.what for p in error.problems)
        return None


@QUICK
@given(st.text(max_size=200))
def test_any_text(text):
    read(text)


@QUICK
@given(st.binary(max_size=200))
def test_any_bytes(content):
    read(content)


@QUICK
@given(TREES)
def test_any_tree(tree):
    read(yaml.safe_dump(tree, allow_unicode=True))


@QUICK
@given(st.dictionaries(FIELDS, TREES, max_size=5), st.dictionaries(EVENT_FIELDS, TREES, max_size=6))
def test_a_good_file_with_fields_replaced(top, inner):
    data = yaml.safe_load(GOOD)
    data["events"][0].update(inner)
    data.update(top)
    read(yaml.safe_dump(data, allow_unicode=True))


@QUICK
@given(
    st.sampled_from([k.value for k in RULES]),
    st.sampled_from(["concentrate", "scrap", "refined", "refining", "recycling", ""]),
    st.lists(
        st.sampled_from(["CHN", "USA", "JPN", "EU27", "FRA", "OTH", "KAZ", "HKG", "NOR"]),
        max_size=3,
        unique=True,
    ),
    st.lists(
        st.sampled_from(["CHN", "USA", "JPN", "EU27", "FRA", "OTH", "KAZ", "MAC", "G7"]),
        max_size=3,
        unique=True,
    ),
    st.floats(-1, 2000, allow_nan=False),
    st.sampled_from(["fraction", "t", "USD/t", "x", "weeks"]),
    st.floats(0, 1),
)
def test_whatever_loads_compiles_or_is_refused(kind, form, origins, destinations, size, unit, leakage):
    event = {"id": "e", "kind": kind, "size": size, "unit": unit, "leakage": leakage}
    event |= {k: v for k, v in (("form", form), ("origins", origins), ("destinations", destinations)) if v}
    data = {**yaml.safe_load(GOOD), "events": [event]}
    scenario = read(yaml.safe_dump(data))
    if scenario is None:
        return
    world = small_world()
    try:
        out = compile_events(on_world(scenario, world), world)
    except UserError:
        return
    assert_sound(out)


def assert_sound(out):
    """No NaN, no negative quantity, no limit or capacity of nothing."""
    for name, array in vars(out).items():
        if isinstance(array, np.ndarray) and name not in ("supply_ceiling", "open_routes"):
            assert np.isfinite(array).all() and np.abs(array).max(initial=0.0) < 1e10, name
    assert all(
        g.limit > 0 and g.routes.any() and g.toll > 0 and g.last >= g.limit for g in (*out.caps, *out.floors)
    )
    assert all(e.capacity > 0 for e in (*out.entrants, *out.plants))
    assert all(r.tonnes > 0 and r.trigger > 0 and r.width > 0 for r in out.releases)
    for name in (
        "supply_factor",
        "supply_ceiling",
        "process_factor",
        "subsidy",
        "price_floor",
        "purchases",
        "freight",
    ):
        assert (getattr(out, name) >= 0).all(), name
    for name in ("floor_share", "switch_share"):
        assert ((getattr(out, name) >= 0) & (getattr(out, name) <= 1)).all(), name
    assert (out.demand_factor > 0).all() and (out.switch_trigger > 1).all() and (out.switch_width > 0).all()
    assert (out.fx > -1).all() and (1 + out.tariff > 0).all()


def ends_of(seeds):
    """How each random scenario ends: refused, solved or failed by name. Anything else raises here."""
    world = small_world()
    params = example_params(world)
    base, before = no_events(world), solve(world, params, no_events(world))
    ends = Counter()
    for seed in seeds:
        rng = np.random.default_rng(seed)
        scenario = read(yaml.safe_dump(random_scenario(rng, sane=0.99 if seed % 2 else 0.9)))
        if scenario is None:
            ends["refused on reading"] += 1
            continue
        try:
            placed = on_world(scenario, world)
            draw = draw_of(world, placed.events, 1, seed)
            stated = compile_events(placed, world)
            drawn = compile_events(placed, world, sizes=draw.sizes, absent=draw.absent)
        except UserError as error:
            assert all(p.what and (p.where or p.expected) for p in error.problems), seed
            ends["refused on the world"] += 1
            continue
        assert_sound(stated)
        assert_sound(drawn)
        try:
            s = solve(world, params, drawn)
        except UserError as error:
            assert error.problems
            ends["refused before solving"] += 1
            continue
        if not s.ok:
            assert s.failed_market and s.notes, seed
            ends["failed by name"] += 1
            continue
        assert s.certificate.holds(), seed
        for name in ("flows", "supply", "activity", "use", "purchases", "wedge", "stocked", "released"):
            assert np.isfinite(getattr(s, name)).all(), (seed, name)
        assert (np.isfinite(s.price) == (s.origin_status == "active")).all(), seed
        change = welfare_change(world, params, base, before, drawn, s)
        assert all(np.isfinite(v).all() for v in change.values()), seed
        ends["solved"] += 1
    return ends


def test_1000_random_scenarios_end_in_a_solution_or_a_sentence():
    ends = ends_of(range(1000))
    assert ends["solved"] > 400 and ends["failed by name"] < 0.02 * ends["solved"], ends


@pytest.mark.soak
def test_10000_random_scenarios_end_in_a_solution_or_a_sentence():
    ends = ends_of(range(1000, 11_000))
    print("random scenarios:", dict(ends))
    assert ends["failed by name"] < 0.02 * ends["solved"], ends
