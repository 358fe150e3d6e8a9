"""docs/second-forms.md: what it says is missing is missing in the bundled facts, and what it says is there
is there."""

import csv
import re

import pytest

from crosscut.base.bundled import bundled_text
from tests.paths import ROOT

TEXT = ROOT.joinpath("docs/second-forms.md").read_text(encoding="utf-8")
ROWS = [
    [c.strip() for c in line.strip("|").split("|")] for line in TEXT.splitlines() if line.startswith("| ")
][1:]
MANY = 5  # countries below which output by country is no table


def facts(name):
    text = bundled_text("facts", "minerals", f"{name}.csv")
    return list(csv.DictReader(text.splitlines()))


def countries(mineral, form, year="2024"):
    """Countries with an output in tonnes."""
    return {
        r["country_iso3"]
        for r in facts("stage_production")
        if (r["mineral"], r["form"], r["unit"], r["year"]) == (mineral, form, "t", year)
        and r["country_iso3"] not in ("WLD", "OTH", "EU27")
    }


def codes(mineral):
    """HS 1992 code -> whether bundled trade has it."""
    out = {}
    for r in facts("forms"):
        if r["mineral"] == mineral:
            for code in r["hs92"].split(";"):
                out[code] = out.get(code, False) or r["hs92_in_bundled_baci"] == "yes"
    return out


@pytest.mark.parametrize("row", ROWS, ids=lambda r: r[0])
def test_what_is_missing_is_missing(row):
    minerals, _, _, missing = row
    minerals = minerals.split(", ")
    known = {code: there for m in minerals for code, there in codes(m).items()}
    assert known, f"no forms of {minerals}"
    trade = " ".join(re.findall(r"trade in ((?:HS \d{6}[^;]*?))(?:;|$)", missing))
    for code in re.findall(r"HS (\d{6})", trade):
        assert known[code] is False, f"{code} is in the bundled trade"
    for form in re.findall(r"`([^`]+)`", missing):
        for m in minerals:
            assert len(countries(m, form)) < MANY, f"{form} of {m} is there by country"


@pytest.mark.parametrize(
    ("mineral", "form", "said"),
    [
        ("cobalt", "mine", 12),
        ("antimony", "mine", 15),
        ("rare earths", "mine", 12),
        ("copper", "refined", 17),
        ("gallium", "refined (primary low-purity)", 3),
        ("magnesium", "metal (primary)", 7),
    ],
)
def test_counts_of_countries_are_those_of_the_facts(mineral, form, said):
    row = next(r for r in ROWS if mineral in r[0].split(", "))
    assert len(countries(mineral, form)) == said
    assert re.search(rf"\b{said} countries", " ".join(row))


def test_no_candidate_has_output_and_trade_of_two_forms():
    """The rule behind the page: a refined form with output of many countries and a code of its own in the
    bundled trade."""
    refined = {
        "copper": ("refined", "740311"),
        "aluminium": ("alumina", "281820"),
        "magnesium": ("metal (primary)", "810411"),
    }
    for mineral, (form, code) in refined.items():
        assert len(countries(mineral, form)) >= MANY
        assert codes(mineral)[code] is False
