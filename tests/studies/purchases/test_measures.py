"""Measures in force on what is bought: the rows of the history, by stage and by whom they are aimed at."""

import pytest

from crosscut.ledger.store.tables import table
from crosscut.studies.purchases.measures import Measure, covers, last_entry, measures_on
from crosscut.studies.shared.measures_in_force import named_in_force, restricts_goods
from tests.ledgers import BUNDLED


def measure(forms, toward=()):
    return Measure("licence", forms, "", toward, "2025-01-01", "somebody", "reported", "F1")


def test_every_measure_of_the_history_on_the_country_is_there():
    for mineral in ("tungsten", "antimony", "rare earths", "gallium", "nickel"):
        rows = [r for r in named_in_force(BUNDLED, mineral) if restricts_goods(r)]
        for code in {r["country_iso3"] for r in rows}:
            found = [m for m in measures_on(BUNDLED, mineral, code) if m.instrument != "tariff"]
            assert [m.instrument for m in found] == [
                r["instrument"] for r in rows if r["country_iso3"] == code
            ]


def test_measures_on_technology_are_no_measures_on_goods():
    assert all("technology" not in m.forms for m in measures_on(BUNDLED, "gallium", "CHN"))


def test_each_measure_names_its_fact_and_how_its_source_was_read():
    known = {r["fact_id"] for r in table(BUNDLED, "hazards/export_restrictions").iter_rows(named=True)}
    for m in measures_on(BUNDLED, "antimony", "CHN"):
        assert m.id in known
        assert m.evidence_status in ("reported", "estimated", "recalled", "derived")


@pytest.mark.parametrize(
    ("forms", "form", "found"),
    [
        ("ore, metal, oxide", "concentrate", True),
        ("metal", "concentrate", False),
        ("raw", "oxide", False),
        ("metal", "", None),
        ("dual-use items", "oxide", None),
        ("whole chain", "metal", None),
        ("metal, oxide, compounds", "metal (regulus)", True),
    ],
)
def test_a_measure_on_one_stage_does_not_cover_another(forms, form, found):
    assert covers(measure(forms), form) is found


def test_a_measure_aimed_at_somebody_reaches_no_unknown_buyer():
    aimed = measure("oxide", ("JPN",))
    assert not aimed.reaches(frozenset())
    assert not aimed.reaches(frozenset({"KOR"}))
    assert aimed.reaches(frozenset({"JPN"}))
    assert measure("oxide").reaches(frozenset())


def test_a_measure_on_military_users_does_not_reach_a_civil_buyer():
    banned = next(m for m in measures_on(BUNDLED, "tungsten", "CHN") if m.instrument == "ban")
    assert banned.military
    assert banned.toward == ("JPN",)
    assert not banned.reaches(frozenset({"JPN"}))


def test_the_last_entry_is_no_proposal():
    """Measures announced for later years are no measures in force."""
    assert "2026-01-01" <= last_entry(BUNDLED) < "2027"
