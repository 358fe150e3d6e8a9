"""Validate and why know outlooks: what stands behind a figure, in which years, and what is refused before
any is solved."""

from io import StringIO

import numpy as np
import pytest
from rich.console import Console

from crosscut.app import api
from crosscut.base.errors import UserError
from crosscut.inputs.outlook.loader import outlook
from crosscut.output.screens.market.provenance import provenance_screen
from crosscut.studies.outlook.cases import cases_of
from tests.ledgers import BUNDLED, IN_THIS_PROCESS

FILE = """version: 1
kind: outlook
id: one-mine
title: One mine more
mineral: tungsten
years: {from: 2024, to: 2026}
facilities:
  - {id: my-mine, name: My mine, country: CAN, form: concentrate, output: 2000, start: 2025, owners: {CAN: 1}}
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    result = api.outlook("kazakhstan", to=2033, draws=2)
    file = tmp_path_factory.mktemp("why") / "result.json"
    file.write_text(result.to_json())
    return file


def screen(found):
    console = Console(width=160, record=True, file=StringIO())
    console.print(provenance_screen(found))
    return console.export_text()


def test_a_share_leads_to_the_plans_that_lie_there(path):
    found = api.why(path, "dependence/USA/mined in/KAZ/2033")
    assert found["years"] == [2033]
    assert {(r["user"], r["measure"], r["of"]) for r in found["figures"]} == {("USA", "mined in", "KAZ")}
    there = {p["facility"] for p in found["plans"] if p["bears"] == "lies there"}
    assert there == {"boguty", "boguty-2", "north-katpar", "upper-kairakty"}
    sangdong = next(p for p in found["plans"] if p["facility"] == "sangdong")
    assert sangdong["bears"] == "sells there first"
    north = next(p for p in found["plans"] if p["facility"] == "north-katpar" and p["case"] == "all")
    supply = api.read_result(path)["tables"]["outlook_supply"]["rows"]
    row = next(r for r in supply if (r["facility"], r["case"], r["year"]) == ("north-katpar", "plans", 2033))
    assert north["mined"] == [row["median"]]
    names = {a["id"] for a in found["assumptions"]}
    assert {
        "facility/north-katpar",
        "facility/north-katpar/probability",
        "facility/north-katpar/first",
    } <= names
    assert "facility/hemerdon" not in names
    assert {m["measure"] for m in found["measures"]} >= {"as-of-2026/china-controls-2025/licence"} or found[
        "measures"
    ]
    assert all(m["begins"] <= "2033-12-31" for m in found["measures"])


def test_the_order_of_words_is_that_of_the_columns(path):
    """USA/owned by/CHN is what the United States use of Chinese-owned mines, not the other way round."""
    found = api.why(path, "dependence/USA/owned by/CHN")
    assert {r["user"] for r in found["figures"]} == {"USA"}


def test_a_price_leads_to_everything_that_sells_the_form(path):
    found = api.why(path, "prices/oxide/EU27/2030")
    assert {(r["form"], r["place"]) for r in found["figures"]} == {("oxide", "EU27")}
    assert len(found["plans"]) == len(api.read_result(path)["tables"]["outlook_facilities"]["rows"])
    assert {e["what"] for e in found["effects"]} == {"price"}
    assert not any(a["id"].startswith("sigma/") and a["id"] != "sigma/oxide" for a in found["assumptions"])


def test_the_screen_says_which_plans_and_which_years(path):
    text = screen(api.why(path, "dependence/USA/mined in/KAZ"))
    for words in (
        "North Katpar",
        "Boguty",
        "lies there",
        "2033",
        "What the plans change of it",
        "Measures in force",
        "that it opens at all",
        "Not in the model",
    ):
        assert words in text
    assert screen(api.why(path)).count("Assumptions") == 1


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        ("dependence/USA/mined in/KAZX", "KAZ"),
        ("dependence/USA/2050", "2024 to 2033"),
        ("prices/oxid", "oxide"),
    ],
)
def test_what_leads_nowhere_names_the_nearest(path, about, expected):
    with pytest.raises(UserError, match=expected):
        api.why(path, about)


def test_validate_says_what_an_outlook_holds(tmp_path):
    file = tmp_path / "one-mine.yaml"
    file.write_text(FILE)
    assert api.validate(file)[0] == "facilities: 1, measures: 0, years: 2024 to 2026, cases: likely"


def test_validate_refuses_what_the_world_does_not_have(tmp_path):
    file = tmp_path / "bad.yaml"
    file.write_text(FILE.replace("form: concentrate", "form: ore"))
    with pytest.raises(UserError, match="no form 'ore'"):
        api.validate(file)


def test_each_command_sends_the_other_kind_of_file_on(tmp_path):
    file = tmp_path / "one-mine.yaml"
    file.write_text(FILE)
    with pytest.raises(UserError, match="crosscut outlook"):
        api.run(file)
    other = tmp_path / "year.yaml"
    other.write_text(
        "version: 1\nid: a\ntitle: a\nmineral: tungsten\nyear: 2024\nwindow: {from: 2025-01-01, to:"
        " 2025-12-31}\n"
    )
    with pytest.raises(UserError, match="crosscut run"):
        api.outlook(other)


def test_parts_alone_hold_their_facilities_and_nothing_else_that_is_looked_at():
    cases = {c.id: c for c in cases_of(outlook("kazakhstan").file)}
    looked_at = {"boguty", "boguty-2", "north-katpar", "upper-kairakty"}
    for name, held in (
        ("boguty-alone", {"boguty", "boguty-2"}),
        ("north-katpar-alone", {"north-katpar"}),
        ("apt-9300", {"north-katpar", "upper-kairakty"}),
    ):
        assert looked_at & set(cases[name].facilities) == held == set(cases[name].certain)
        assert set(cases["without"].facilities) < set(cases[name].facilities)


def test_a_part_must_be_looked_at(tmp_path):
    file = tmp_path / "bad.yaml"
    file.write_text(
        FILE
        + "compare:\n  facilities: [my-mine]\n  apart:\n    - {id: plans, title: x, facilities: [other]}\n"
    )
    with pytest.raises(UserError) as caught:
        api.validate(file)
    text = str(caught.value)
    assert "'plans' is taken" in text and "'other' is not looked at" in text


def test_effects_are_differences_future_by_future():
    from crosscut.studies.outlook.case_effects import effect_rows
    from crosscut.studies.outlook.ensemble import solved_outlook
    from crosscut.studies.outlook.nodes import outlook_on_world
    from crosscut.worlds import world

    o = outlook_on_world(outlook("kazakhstan"), world(BUNDLED, "tungsten"))
    e = solved_outlook(IN_THIS_PROCESS, o, range(2024, 2028), 3, 3)
    rows = {(r["case"], r["year"], r["what"], r["place"], r["item"]): r for r in effect_rows(e)}
    label = next(x for x in e.labels["plans"] if x[:4] == ("price", "oxide", "EU27", "paid"))
    ratio = e.over_draws("plans", label)[:, -1] / e.over_draws("without", label)[:, -1] - 1.0
    assert rows["plans", 2027, "price", "EU27", "oxide paid"]["median"] == pytest.approx(np.median(ratio))
    assert rows["plans", 2027, "price", "EU27", "oxide paid"]["rises"] == (ratio > 0).mean()
    mined = ("mined", "WLD", "")
    more = e.over_draws("boguty-alone", mined)[:, -1] - e.over_draws("without", mined)[:, -1]
    assert rows["boguty-alone", 2027, "mined", "WLD", ""]["p90"] == pytest.approx(np.quantile(more, 0.9))
    assert rows["plans", 2024, "mined", "WLD", ""]["median"] == 0.0
    assert not any(case == "without" for case, *_ in rows)


def test_every_assumption_that_makes_a_plan_is_listed():
    loaded = outlook("kazakhstan")
    names = {a["id"] for a in api.outlook("kazakhstan", to=2024, draws=1)["assumptions"]}
    for f in loaded.file.facilities:
        assert {f"facility/{f.id}", f"facility/{f.id}/start"} <= names
        assert (f"facility/{f.id}/probability" in names) == (f.probability < 1)
        assert (f"facility/{f.id}/first" in names) == (f.sells_first is not None)
    assert "investment/mines-in-china/most_a_year" in names
    assert "error/reported" in names and "level/oxide" in names
