"""Nothing a file can hold ends in anything but a Scenario or a UserError."""

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crosscut.errors import UserError
from crosscut.market.compile import compile_events
from crosscut.market.event_rules import RULES
from crosscut.scenarios.loader import scenario_from_text
from crosscut.scenarios.places import on_world
from tests.scenarios.malformed import GOOD
from tests.scenarios.small_world import small_world

QUICK = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))

SCALARS = (
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.floats() | st.text(max_size=12) | st.dates()
    | st.sampled_from(["CHN", "EU27", "all", "fraction", "t", "USD/t", "refined", "concentrate", "refining", "NO", "50%"])
)  # fmt: skip
TREES = st.recursive(SCALARS, lambda t: st.lists(t, max_size=4) | st.dictionaries(st.text(max_size=8), t, max_size=4))
FIELDS = st.sampled_from(
    [
        "version",
        "id",
        "title",
        "mineral",
        "year",
        "window",
        "description",
        "after",
        "without",
        "seed",
        "draws",
        "events",
        "anchors",
        "observed",
        "limits",
        "tags",
    ]
)
EVENT_FIELDS = st.sampled_from(
    [
        "id",
        "kind",
        "form",
        "origins",
        "destinations",
        "except",
        "size",
        "unit",
        "coverage",
        "leakage",
        "surcharge",
        "rent_to",
        "pooled",
        "uses",
        "duty_basis",
        "from",
        "to",
        "source",
        "note",
    ]
)


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
        st.sampled_from(["CHN", "USA", "JPN", "EU27", "FRA", "OTH", "KAZ", "HKG", "NOR"]), max_size=3, unique=True
    ),
    st.lists(
        st.sampled_from(["CHN", "USA", "JPN", "EU27", "FRA", "OTH", "KAZ", "MAC", "G7"]), max_size=3, unique=True
    ),
    st.floats(-1, 2000, allow_nan=False),
    st.sampled_from(["fraction", "t", "USD/t"]),
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
    for array in (out.tariff, out.export_tax, out.specific, out.freight, out.supply_factor, out.process_factor,
                  out.demand_factor, out.fx):  # fmt: skip
        assert (array == array).all() and abs(array).max() < 1e6
    assert all(g.limit > 0 and g.routes.any() for g in (*out.caps, *out.floors))
    assert all(e.capacity > 0 for e in (*out.entrants, *out.plants))
    assert (out.supply_factor >= 0).all() and (out.supply_ceiling >= 0).all() and (out.demand_factor > 0).all()
