"""Scenarios by name and path; `after`, `without`, circles; hashes."""

from dataclasses import replace
from datetime import date

import pytest

from crosscut.base.errors import UserError
from crosscut.inputs.catalogue import SCENARIO, bundled_names
from crosscut.inputs.scenario.catalogue import bundled_scenarios, scenario, scenario_hash
from tests.studies.scenario.malformed import GOOD


def written(folder, name, after="[]", **swaps):
    text = GOOD.replace("my-licences", name).replace("events:", f"after: {after}\nevents:")
    for old, new in swaps.items():
        text = text.replace(old, new)
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_bundled_list_names_every_file_once_with_title_and_window():
    rows = bundled_scenarios()
    assert [r["id"] for r in rows] == list(bundled_names(SCENARIO))
    assert {
        "china-controls-2025",
        "us-section-301-2025",
        "china-quota-cut",
        "kazakhstan-2030",
        "full-embargo",
        "as-of-2026",
    } <= set(bundled_names(SCENARIO))
    assert all(r["title"] and r["description"] and " to " in r["window"] for r in rows)


def test_unknown_name_says_the_nearest():
    with pytest.raises(UserError, match=r"unknown scenario 'china-control-2025'.*'china-controls-2025'"):
        scenario("china-control-2025")


@pytest.mark.parametrize(
    "bad", ["no/such/file.yaml", "nothing.yaml", "x\0y", "x" * 400, "x" * 400 + ".yaml", "", "."]
)
def test_names_that_are_nothing(bad):
    with pytest.raises(UserError) as caught:
        scenario(bad)
    assert str(caught.value)


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(UserError, match="folder"):
        scenario(tmp_path)


def test_after_puts_the_earlier_events_first_and_remembers_which_they_are(tmp_path):
    first = written(tmp_path, "first")
    second = written(tmp_path, "second", "[first.yaml]", **{"refined\n    origins": "scrap\n    origins"})
    s = scenario(second)
    assert [e.id for e in s.events] == ["first/licence", "licence"] and s.prior_events == ("first/licence",)
    third = written(tmp_path, "third", "[second.yaml, first.yaml]", **{"form: refined": "form: concentrate"})
    assert scenario(third).prior_events == ("first/licence", "second/licence")
    assert scenario(first).prior_events == ()


def test_an_earlier_event_without_dates_begins_with_its_own_window(tmp_path):
    text = GOOD.replace("    from: 2025-02-04\n", "")
    (tmp_path / "first.yaml").write_text(text.replace("my-licences", "first"), encoding="utf-8")
    later = (
        text.replace("my-licences", "later")
        .replace("2025-01-01", "2026-01-01")
        .replace("2025-12-31", "2026-12-31")
    )
    (tmp_path / "later.yaml").write_text(
        later.replace("events:", "after: [first.yaml]\nevents:").replace("refined\n", "scrap\n"),
        encoding="utf-8",
    )
    prior, own = scenario(tmp_path / "later.yaml").events
    assert (prior.start, prior.end) == (date(2025, 1, 1), None) and own.start is None


def test_without_leaves_an_earlier_event_out(tmp_path):
    written(tmp_path, "first")
    path = written(tmp_path, "second", "[first.yaml]\nwithout: [first/licence]")
    assert scenario(path).prior_events == ()
    wrong = written(tmp_path, "third", "[first.yaml]\nwithout: [first/licenc]")
    with pytest.raises(UserError, match="Did you mean 'first/licence'"):
        scenario(wrong)


def test_circles_are_refused(tmp_path):
    written(tmp_path, "a", "[b.yaml]")
    written(tmp_path, "b", "[c.yaml]")
    written(tmp_path, "c", "[a.yaml]")
    with pytest.raises(UserError, match="comes after itself"):
        scenario(tmp_path / "a.yaml")
    written(tmp_path, "self", "[self.yaml]")
    with pytest.raises(UserError, match="comes after itself"):
        scenario(tmp_path / "self.yaml")


def test_after_another_mineral_or_an_unknown_one(tmp_path):
    written(tmp_path, "copper", "[]", **{"mineral: tungsten": "mineral: copper"})
    with pytest.raises(UserError, match="is for copper 2024"):
        scenario(written(tmp_path, "x", "[copper.yaml]"))
    with pytest.raises(UserError, match=r"unknown scenario 'full-embarg'.*'full-embargo'"):
        scenario(written(tmp_path, "y", "[full-embarg]"))


def test_own_anchor_before_the_anchor_of_what_came_before(tmp_path):
    path = written(tmp_path, "x", "[as-of-2026]", **{"form: refined": "form: scrap"})
    assert [q.value for q in scenario(path).anchors] == [2250]
    assert [q.value for q in scenario("as-of-2026").anchors] == [2250]
    assert [q.value for q in scenario("china-japan-ban-2026").anchors] == [339]


def test_hash_is_of_content_not_layout(tmp_path):
    s = scenario(written(tmp_path, "x"))
    spaced = tmp_path / "spaced.yaml"
    spaced.write_text(
        "# a comment\n" + (tmp_path / "x.yaml").read_text().replace("[CHN]", "[ China ]"), encoding="utf-8"
    )
    assert scenario_hash(scenario(spaced)) == scenario_hash(s)
    assert scenario_hash(replace(s, seed=2)) != scenario_hash(s)
    louder = replace(s, events=(replace(s.events[0], size=0.6),))
    assert scenario_hash(louder) != scenario_hash(s) and len(scenario_hash(s)) == 64
