"""Governance tables that people save by hand: CSV and xlsx, wide and long."""

from __future__ import annotations

import pytest

from crosscut.base.errors import UserError
from crosscut.ledger.sources.owners.wgi import Wgi

WIDE = [
    ["Country Name", "Country Code", "Series Name", "Series Code", "2022 [YR2022]", "2023 [YR2023]"],
    ["China", "CHN", "Political Stability", "PV.EST", "-0.5", "-0.44"],
    ["China", "CHN", "Government Effectiveness", "GE.EST", "0.5", "0.44"],
    ["Namibia", "NAM", "Political Stability", "PV.EST", "..", "0.5"],
    ["Romania", "ROM", "Political Stability", "PV.EST", "0.3", ""],
    [],
    ["Data from database: Worldwide Governance Indicators"],
]
LONG = [
    ["codeindyr", "code", "countryname", "year", "indicator", "estimate", "stddev"],
    ["CHNpv2023", "CHN", "China", "2023", "pv", "-0.44", "0.2"],
    ["CHNge2023", "CHN", "China", "2023", "ge", "0.5", "0.2"],
    ["NAMpv2022", "NAM", "Namibia", "2022", "pv", "..", "0.2"],
]


def csv_file(tmp_path, rows, separator=","):
    path = tmp_path / "wgi.csv"
    path.write_text("\n".join(separator.join(r) for r in rows), encoding="utf-8-sig")
    return path


def xlsx_file(tmp_path, rows):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for r in rows:
        book.active.append(
            [float(c) if c.replace(".", "").lstrip("-").isdigit() and "." in c else c for c in r]
        )
    path = tmp_path / "wgi.xlsx"
    book.save(path)
    return path


def cells(path):
    imported = Wgi().parsed([path])
    return imported.tables["governance"].select("country", "year", "value").rows(), imported.notes


@pytest.mark.parametrize("write", [csv_file, xlsx_file])
def test_wide_and_long(tmp_path, write):
    found, notes = cells(write(tmp_path, WIDE))
    assert found == [("CHN", 2022, -0.5), ("CHN", 2023, -0.44), ("NAM", 2023, 0.5), ("ROU", 2022, 0.3)]
    assert notes[0] == "2 country-years have no estimate"
    found, _ = cells(write(tmp_path, LONG))
    assert found == [("CHN", 2023, -0.44)]


def test_a_table_without_an_indicator_says_what_it_was_taken_for(tmp_path):
    rows = [["Country Name", "Country Code", "2022"], ["China", "CHN", "-0.5"]]
    found, notes = cells(csv_file(tmp_path, rows, ";"))
    assert found == [("CHN", 2022, -0.5)]
    assert "the table names no indicator" in notes[1]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a,b\n1,2\n", "neither JSON nor a table with the columns Country Code and years"),
        ("Country Code,2022\nCHN,45.2\n", "value '45.2'"),
        ("Country Code,2022\nCHN,abc\n", "value 'abc'"),
        ("Country Code,2022\nWLD,0.1\n", "'WLD' is every country together"),
        ("Country Code,2022\nCHN,..\n", "has no estimate"),
    ],
)
def test_what_is_refused(tmp_path, text, says):
    path = tmp_path / "wgi.csv"
    path.write_text(text)
    with pytest.raises(UserError) as error:
        Wgi().parsed([path])
    assert says in str(error.value)
    assert "pull it again" not in str(error.value), "the file was not pulled"
