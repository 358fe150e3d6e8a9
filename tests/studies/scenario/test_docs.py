"""docs/scenarios.md: every kind has its section, its rule as the code has it, and an example that does what
is said."""

import re

import numpy as np
import pytest
import yaml

from crosscut.inputs.scenario.loader import scenario_from_text
from crosscut.inputs.scenario.places import on_world
from crosscut.inputs.scenario.schema import EventEntry, ScenarioFile
from crosscut.market.events.compiled import no_events
from crosscut.market.events.compiler.compile_events import compile_events
from crosscut.market.events.event_rules import RULES
from crosscut.market.events.events import EventKind
from crosscut.market.solve.solver import solve
from crosscut.worlds import world
from crosscut.worlds.parameters import median_params
from tests.ledgers import BUNDLED
from tests.paths import ROOT

TEXT = ROOT.joinpath("docs/scenarios.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^### (\w+)\n(.*?)(?=^### |\Z)", TEXT, re.MULTILINE | re.DOTALL))
BLOCKS = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
FRAME = """\
version: 1
id: example
title: Example of the manual
mineral: tungsten
year: 2024
window: {from: 2025-01-01, to: 2025-12-31}
events:
"""

# Where the price moves and which way, for the example of each kind: (form, country, sign). Sign 0: nothing
# moves at base prices; beside Chinese licences on half of the exports the price there is lower with it than
# without.
SIGNS = {
    "export_licence": [("oxide", "JPN", +1), ("oxide", "CHN", -1)],
    "export_quota": [("oxide", "JPN", +1), ("oxide", "CHN", -1)],
    "import_quota": [("oxide", "USA", +1), ("oxide", "JPN", -1)],
    "export_ban": [("concentrate", "CHN", +1)],
    "import_ban": [("oxide", "EUO", +1)],
    "sanction": [("oxide", "USA", +1), ("oxide", "JPN", -1)],
    "offtake": [("oxide", "USA", -1), ("oxide", "DEU", +1)],
    "tariff": [("oxide", "USA", +1), ("oxide", "CHN", -1)],
    "specific_duty": [("oxide", "EUO", +1), ("oxide", "CHN", -1)],
    "export_tax": [("concentrate", "USA", +1)],
    "freight": [("oxide", "EUO", +1), ("oxide", "CHN", -1)],
    "outage": [("concentrate", "CHN", +1), ("oxide", "JPN", +1)],
    "production_quota": [("concentrate", "CHN", +1), ("oxide", "JPN", +1)],
    "process_outage": [("oxide", "USA", +1)],
    "demand": [("powder", "JPN", +1), ("oxide", "CHN", +1)],
    "mine": [("concentrate", "USA", -1), ("oxide", "JPN", -1)],
    "plant": [("concentrate", "USA", +1), ("oxide", "CHN", -1)],
    "currency": [("oxide", "JPN", +1)],
    "closure": [("concentrate", "CHN", +1), ("oxide", "JPN", +1)],
    "process_closure": [("oxide", "USA", +1)],
    "subsidy": [("concentrate", "USA", -1), ("oxide", "JPN", -1)],
    "process_subsidy": [("oxide", "USA", -1), ("concentrate", "USA", +1)],
    "price_floor": [("concentrate", "USA", -1)],
    "stockpile_purchase": [("oxide", "USA", +1), ("oxide", "JPN", +1)],
    "stock_release": [("oxide", "USA", 0)],
    "commercial_stock": [("oxide", "USA", 0)],
    "precautionary_buying": [("oxide", "JPN", +1), ("oxide", "USA", +1)],
    "substitution": [("powder", "JPN", 0)],
    "recycling": [("scrap", "DEU", -1), ("oxide", "USA", -1)],
    "host_output": [("concentrate", "USA", +1)],
    "control": [("concentrate", "USA", -1), ("concentrate", "CHN", +1)],
    "take_or_pay": [("oxide", "JPN", -1), ("oxide", "DEU", +1)],
}


@pytest.fixture(scope="module")
def base():
    w = world(BUNDLED, "tungsten", 2024)
    params = median_params(w)
    return w, params, solve(w, params, no_events(w))


LICENCE = """\
- id: licence-on-half
  kind: export_licence
  form: oxide
  origins: [CHN]
  size: 0.5
"""


def in_frame(block, name):
    return scenario_from_text(FRAME + "".join(f"  {line}\n" for line in block.splitlines()), f"{name}.yaml")


def example_of(kind):
    return in_frame(re.findall(r"```yaml\n(.*?)```", SECTIONS[kind], re.DOTALL)[0], kind)


def test_every_kind_has_a_section_and_every_section_is_a_kind():
    assert set(SECTIONS) == {k.value for k in EventKind} == set(SIGNS)


@pytest.mark.parametrize("kind", [k.value for k in EventKind])
def test_section_says_what_the_code_does(kind):
    rule = RULES[EventKind(kind)]
    assert f"Size: {rule.counts}." in SECTIONS[kind] and f"    {rule.equation}\n" in SECTIONS[kind]
    assert ("no coverage or leakage" in SECTIONS[kind]) is not rule.partial
    assert all(f"`{unit}`" in SECTIONS[kind] for unit in rule.units)


def solved(w, params, scenario):
    s = solve(w, params, compile_events(on_world(scenario, w), w))
    assert s.ok and s.certificate.holds()
    return s


@pytest.mark.parametrize("kind", [k.value for k in EventKind])
def test_example_moves_prices_as_the_text_says(kind, base):
    w, params, before = base
    after = solved(w, params, example_of(kind))
    for form, country, sign in SIGNS[kind]:
        f, j = w.chain.form_index(form), w.country_index(country)
        change = np.log(after.marginal[f, j] / before.marginal[f, j])
        if sign:
            assert change * sign > 1e-6, f"{kind}: {form} in {country} moves by {change:.2e}"
            continue
        assert abs(change) < 1e-9, f"{kind}: moves by {change:.2e} at base prices"
        block = re.findall(r"```yaml\n(.*?)```", SECTIONS[kind], re.DOTALL)[0]
        alone, beside = (
            solved(w, params, in_frame(LICENCE, "alone")),
            solved(w, params, in_frame(LICENCE + block, kind)),
        )
        assert beside.marginal[f, j] < alone.marginal[f, j] * (1 - 1e-6)


@pytest.mark.parametrize("kind", ["export_ban", "export_tax"])
def test_scrap_export_rules_make_scrap_cheaper_at_home(kind, base):
    w, params, before = base
    s = solved(w, params, in_frame(re.findall(r"```yaml\n(.*?)```", SECTIONS[kind], re.DOTALL)[1], kind))
    f, home = w.chain.form_index("scrap"), w.country_index("DEU" if kind == "export_ban" else "USA")
    assert s.price[f, home] < before.price[f, home]


def test_whole_file_in_the_manual_is_read():
    (whole,) = [b for b in BLOCKS if b.startswith("version:")]
    s = scenario_from_text(whole, "manual.yaml")
    assert s.events[0].exempt_destinations == ("KOR",)


def test_every_field_is_in_the_manual():
    for model in (ScenarioFile, EventEntry):
        for name, info in model.model_fields.items():
            assert f"`{info.alias or name}`" in TEXT, name


def test_examples_are_yaml_without_tricks():
    assert len(BLOCKS) == len(EventKind) + 3 and all(yaml.safe_load(b) for b in BLOCKS)
