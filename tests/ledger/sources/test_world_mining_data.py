"""World Mining Data: a year with a mark, a country in two parts, and what stands twice."""

from __future__ import annotations

import pytest

from crosscut.base.errors import UserError
from crosscut.ledger.minerals import all_minerals
from crosscut.ledger.reference.tables import provisional_years
from crosscut.ledger.sources.owners.world_mining_data import WorldMiningData
from crosscut.ledger.sources.pull import accept, pull
from crosscut.studies.indicators.outputs import outputs
from tests.ledger.sources import samples
from tests.ledgers import BUNDLED, data_here, here

pytest.importorskip("openpyxl")
YEARS = (2022, 2023, 2024)


def workbook(tmp_path, *rows, years=YEARS):
    head = ["Country", "unit", *years, "data source"]
    sheet = [["World production"], head, *([r[0], "metr. t", *r[1:], "r"] for r in rows)]
    return samples.wmd_workbook(tmp_path / "wmd.xlsx", {"Tungsten (W)": sheet})


def parsed(tmp_path, *rows, years=YEARS):
    return WorldMiningData().parsed([workbook(tmp_path, *rows, years=years)])


def refused(tmp_path, *rows, years=YEARS):
    with pytest.raises(UserError) as error:
        parsed(tmp_path, *rows, years=years)
    return [str(p) for p in error.value.problems]


CHINA = ("China", 66000, 66100, 67000)


@pytest.mark.parametrize("mark", ["*", " *", " (p)", "p", " prov.", " (e)", " preliminary"])
def test_a_marked_year_is_read_and_is_provisional(tmp_path, mark):
    imported = parsed(tmp_path, CHINA, years=(2022, 2023, f"2024{mark}"))
    frame = imported.tables["production"]
    assert frame["year"].to_list() == [2022, 2023, 2024]
    assert imported.tables["production_marks"].select("mineral", "year").rows() == [("Tungsten (W)", 2024)]
    assert "provisional" in imported.notes[0]


@pytest.mark.parametrize("year", ["2024 revised", "2024r", "2024.0", " 2024 "])
def test_a_year_that_is_final(tmp_path, year):
    imported = parsed(tmp_path, CHINA, years=(2022, 2023, year))
    assert imported.tables["production"]["year"].max() == 2024
    assert imported.tables["production_marks"].is_empty()


@pytest.mark.parametrize("year", ["2024 (planned)", "2024/25", "2024 Q1", "2023"])
def test_a_column_of_figures_that_cannot_be_read_is_refused_by_name(tmp_path, year):
    (said,) = refused(tmp_path, CHINA, years=(2022, 2023, year))
    assert year in said


def test_a_provisional_figure_is_an_estimate_in_the_indicators(tmp_path):
    path = workbook(tmp_path, CHINA, ("Vietnam", 1, 2, 3), years=(2022, "2023*", "2024 (p)"))
    pull(data_here(), WorldMiningData(), [path])
    accept(data_here(), "world-mining-data")
    ledger = here()
    tungsten = all_minerals()["tungsten"]
    statuses = {y: outputs(ledger, tungsten, y)[0].evidence_status for y in YEARS}
    assert statuses == {2022: "reported", 2023: "estimated", 2024: "estimated"}
    assert outputs(BUNDLED, tungsten, 2024)[0].evidence_status == "reported"
    assert provisional_years(BUNDLED) == frozenset()


def test_the_parts_of_a_country_are_added_up(tmp_path):
    rows = (
        CHINA,
        ("Russia, Asia", 2000, None, 1900),
        ("Russia, Europe", 10, 20, None),
        ("Total", 68010, 66120, 68900),
    )
    imported = parsed(tmp_path, *rows)
    russia = [r for r in imported.tables["production"].iter_rows(named=True) if r["country"] == "RUS"]
    assert [r["value"] for r in russia] == [2010.0, 20.0, 1900.0]
    assert list(imported.notes) == []


@pytest.mark.parametrize(
    "rows",
    [
        (("Russia", 1, 1, 1), ("Russia, Asia", 1, 1, 1)),
        (("Russia, Asia", 1, 1, 1), ("Russia, Asia", 1, 1, 1)),
        (("Burma", 1, 1, 1), ("Myanmar", 1, 1, 1)),
        (CHINA, CHINA),
    ],
)
def test_a_country_that_stands_twice_is_refused(tmp_path, rows):
    (said,) = refused(tmp_path, *rows)
    assert "again" in said
    assert "row 4" in said
