"""The loader: good files read, malformed ones refused with file, line, field and what was expected."""

from datetime import date

import pytest
import yaml

from crosscut.base.bundled import bundled_text
from crosscut.base.errors import UserError
from crosscut.inputs.scenario.catalogue import scenario
from crosscut.inputs.scenario.loader import scenario_from_text
from crosscut.inputs.scenario.schema import json_schema, written_schema
from crosscut.market.events.events import EventKind, RentTo
from tests.studies.scenario.malformed import GOOD, MALFORMED, OTHER


def test_good_file():
    s = scenario_from_text(GOOD, "good.yaml")
    assert (s.id, s.mineral, s.year, s.seed, s.draws) == ("my-licences", "tungsten", 2024, 1, 200)
    assert (s.window_start, s.window_end) == (date(2025, 1, 1), date(2025, 12, 31))
    (e,) = s.events
    assert (e.kind, e.size, e.low, e.high, e.unit) == (EventKind.EXPORT_LICENCE, 0.5, 0.2, 0.8, "fraction")
    assert e.origins == ("CHN",) and e.destinations == () and e.leakage == 0.1
    assert e.start == date(2025, 2, 4) and e.end is None and e.rent_to is RentTo.EXPORTERS


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_file(name, tmp_path):
    content, line, says = MALFORMED[name]
    path = tmp_path / f"{name}.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(UserError) as caught:
        scenario(path)
    problems = caught.value.problems
    assert len(problems) == 1, f"one mistake, one problem:\n{caught.value}"
    assert problems[0].where.startswith(f"{path}:{line}" if line else str(path)), problems[0]
    assert says in str(caught.value)
    assert problems[0].expected


def test_there_are_enough_malformed_files():
    assert len(MALFORMED) >= 35


def test_all_mistakes_of_a_file_are_reported_together_in_order():
    text = GOOD.replace("title:", "titel:").replace("[CHN]", "[Chian]").replace("0.2", "0.9").replace(
        "2025-02-04", "x"
    ) + OTHER.replace("0.7", "-1")
    with pytest.raises(UserError) as caught:
        scenario_from_text(text, "f.yaml")
    where = [p.where for p in caught.value.problems]
    assert where == [
        "f.yaml:3: titel",
        "f.yaml:11: events[licence].origins[1]",
        "f.yaml:15: events[licence].from",
        "f.yaml:21: events[second].size",
    ]


def test_names_become_codes_and_no_is_norway():
    text = GOOD.replace("[CHN]", "[China, NO, Viet nam, EU, euo]").replace(
        "destinations: all", "destinations: Japan"
    )
    (e,) = scenario_from_text(text, "f.yaml").events
    assert e.origins == ("CHN", "NOR", "VNM", "EU27", "EUO") and e.destinations == ("JPN",)


def test_defaults_that_follow_from_the_kind():
    text = GOOD.replace("kind: export_licence", "kind: export_ban").replace(
        "    size: {mid: 0.5, low: 0.2, high: 0.8}\n", ""
    )
    (ban,) = scenario_from_text(text, "f.yaml").events
    assert (ban.size, ban.unit, ban.low) == (1.0, "fraction", None)
    text = GOOD.replace("kind: export_licence", "kind: sanction").replace(
        "destinations: all", "destinations: [USA]"
    )
    assert scenario_from_text(text, "f.yaml").events[0].rent_to is RentTo.NOBODY
    text = GOOD.replace("kind: export_licence", "kind: import_quota").replace(
        "leakage: 0.1", "unit: fraction"
    )
    assert scenario_from_text(text, "f.yaml").events[0].rent_to is RentTo.IMPORTERS


def test_byte_order_mark_and_crlf_are_read():
    windows = b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()
    assert scenario_from_text(windows, "f.yaml") == scenario_from_text(GOOD, "f.yaml")


def test_shipped_schema_is_current_and_accepts_what_the_loader_accepts():

    import jsonschema

    shipped = bundled_text("schemas", "scenario.schema.json")
    assert shipped == written_schema(), "run: python -m crosscut.inputs.scenario.schema"
    validator = jsonschema.Draft202012Validator(json_schema())
    assert not list(validator.iter_errors(_json_like(GOOD)))
    assert list(validator.iter_errors(_json_like(GOOD.replace("title:", "titel:"))))


def _json_like(text):
    import json

    return json.loads(json.dumps(yaml.safe_load(text), default=str))


@pytest.mark.parametrize("what", ["folder", "missing", "unreadable name"])
def test_paths_that_are_not_files(what, tmp_path):
    path = {
        "folder": tmp_path,
        "missing": tmp_path / "no.yaml",
        "unreadable name": tmp_path / ("x" * 300 + ".yaml"),
    }[what]
    with pytest.raises(UserError) as caught:
        scenario(path)
    assert str(path) in str(caught.value) and caught.value.problems[0].expected
