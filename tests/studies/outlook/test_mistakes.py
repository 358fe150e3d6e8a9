"""A mistake in an outlook file is said with file, line, field and what was expected; never a traceback."""

from pathlib import Path

import pytest

from crosscut.app import api
from crosscut.base.errors import UserError
from crosscut.inputs.outlook.loader import outlook, outlook_from_text
from crosscut.studies.outlook.nodes import outlook_on_world
from crosscut.worlds import world
from tests.ledgers import BUNDLED

GOOD = """\
version: 1
kind: outlook
id: mine
title: One mine
mineral: tungsten
years: {from: 2024, to: 2026}
facilities:
  - {id: m, name: M, country: KAZ, form: concentrate, output: 1000, start: 2025}
"""


def read(text):
    return outlook_from_text(text, "f.yaml", Path())


def test_the_good_file_is_read():
    assert read(GOOD).years == range(2024, 2027)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "output: 1000",
            "outputt: 1000",
            "f.yaml:8: facilities[m].outputt: unknown field 'outputt'. Did you mean 'output'?",
        ),
        ("output: 1000", "output: lots", "f.yaml:8: facilities[m].output: 'lots' is not a number"),
        ("output: 1000", "output: {mid: 5, low: 9, high: 9}", "9.0 <= 5.0 <= 9.0 does not hold"),
        ("country: KAZ", "country: Kazakstan", "Did you mean 'Kazakhstan'"),
        ("to: 2026", "to: 2020", "f.yaml:6: years: from 2024 to 2020"),
        ("to: 2026", "to: 2099", "a last year up to 59 after the first"),
        ("start: 2025}", "start: 2025, owners: {USA: 0.7, CHN: 0.7}}", "owners hold more than all"),
        ("start: 2025}", "start: 2025, probability: 1.5}", "is above 1"),
        ("start: 2025}", "start: 2025, evidence_status: certain}", "unknown evidence status 'certain'"),
        ("version: 1", "version: 1\nbehaviour: {eta_lng: 3}", "Did you mean 'eta_long'"),
        ("version: 1", "version: 1\ncompare: {facilities: [n]}", "no facility 'n'"),
        ("version: 1", "version: 1\ninvestment: [{id: i}]", "a form, or a process"),
        (
            "version: 1",
            "version: 1\ninvestment: [{id: i, form: concentrate, hurdle: 0.9}]",
            "a hurdle below the base price",
        ),
        ("version: 1", "version: 1\nevents: [{id: e, kind: tarif}]", "Did you mean 'tariff'"),
        ("kind: outlook\n", "", "kind is missing"),
    ],
)
def test_mistakes_in_the_file(old, new, said):
    assert old in GOOD
    with pytest.raises(UserError) as caught:
        read(GOOD.replace(old, new))
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("form: concentrate", "form: concentrat", "Did you mean 'concentrate'"),
        ("from: 2024", "from: 2023", "2024, the year of the world"),
        ("start: 2025}", "start: 2025, sells_first: {to: [KAZ], share: 1}}", "nobody there buys concentrate"),
        (
            "start: 2025}",
            "start: 2025, sells_first: {to: [FRA], share: 1}}",
            "France (FRA) is counted inside EUO",
        ),
        (
            "version: 1",
            "version: 1\ngrowth: [{id: g, uses: [hardmetall], rate: 0.01}]",
            "Did you mean 'hardmetal'",
        ),
        (
            "version: 1",
            "version: 1\nstocks: [{id: s, name: S, country: KAZ, form: concentrate, opening: 1}]",
            "nobody buys concentrate in KAZ",
        ),
    ],
)
def test_what_the_world_does_not_have(old, new, said):
    with pytest.raises(UserError) as caught:
        outlook_on_world(read(GOOD.replace(old, new)), world(BUNDLED, "tungsten"))
    assert said in str(caught.value)


def test_names_are_suggested_and_scenarios_of_one_year_are_pointed_to():
    with pytest.raises(UserError, match="Did you mean 'kazakhstan'"):
        outlook("kazakstan")
    with pytest.raises(UserError, match="crosscut run full-embargo"):
        outlook("full-embargo")
    with pytest.raises(UserError, match="no such file"):
        outlook("nowhere/else.yaml")


@pytest.mark.parametrize(
    ("given", "said"),
    [({"draws": 0}, "draws 0"), ({"to": 1999}, "1999"), ({"seed": -1}, "seed"), ({"workers": 0}, "workers")],
)
def test_numbers_out_of_range_are_refused(given, said):
    with pytest.raises(UserError, match=said):
        api.outlook("kazakhstan", **given)


def test_contradicting_events_are_refused_with_their_year(tmp_path):
    text = (
        GOOD
        + """\
events:
  - {id: a, kind: production_quota, form: concentrate, origins: [CHN], size: 0.1,
     unit: fraction, from: 2025-01-01}
  - {id: b, kind: production_quota, form: concentrate, origins: [CHN], size: 0.2,
     unit: fraction, from: 2025-06-01}
"""
    )
    file = tmp_path / "f.yaml"
    file.write_text(text)
    with pytest.raises(UserError, match="in 2025"):
        api.outlook(file, draws=1)


def test_an_outlook_without_anything_to_compare_has_one_case(tmp_path):
    file = tmp_path / "f.yaml"
    file.write_text(GOOD)
    result = api.outlook(file, draws=1)
    assert {r["case"] for r in result["tables"]["outlook_use"]["rows"]} == {"likely"}
    (row,) = [
        r for r in result["tables"]["outlook_supply"]["rows"] if r["facility"] == "m" and r["year"] == 2026
    ]
    assert row["median"] == pytest.approx(1000, rel=0.02)
    assert row["open"] == 1.0
