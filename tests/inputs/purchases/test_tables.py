"""The table in a file: encodings, separators, lines, sheets; what is no table is named."""

import io
import zipfile
from datetime import date, datetime

import pytest

from crosscut.base.errors import UserError
from crosscut.inputs.purchases.table.grid import column_name, grid_of
from crosscut.inputs.purchases.table.workbook import grids_of
from crosscut.inputs.purchases.words.heading_words import headings_in
from tests.inputs.purchases.reading import read, refusals, told, workbook

HEAD = ["Country", "Material", "Quantity (t)", "Value (USD)", "Year"]
ROW = ["Türkiye", "antimony", "3", "90000", "2024"]
TABLE = "\n".join(",".join(r) for r in (HEAD, ["China", "tungsten", "12.5", "610000", "2024"], ROW)) + "\n"


@pytest.mark.parametrize(
    "encoding",
    [
        "utf-8",
        "utf-8-sig",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "utf-32",
        "cp1252",
        "mac_roman",
        "cp850",
        "cp437",
    ],
)
def test_encodings_of_one_text(encoding):
    found = read(TABLE.encode(encoding))
    assert [(c, m) for _, c, m, _, _ in told(found)] == [("CHN", "tungsten"), ("TUR", "antimony")]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp932", "原産国,品名,数量(kg),金額(円),年\nChina,タングステン,1000,6000000,2024\n"),
        ("gb18030", "原产国,品名,数量(吨),金额(元),年份\nChina,钨精矿,10,1200000,2024\n"),
        ("utf-8", "原产国,品名,数量(吨),金额(元),年份\nChina,钨精矿,10,1200000,2024\n"),
    ],
)
def test_encodings_of_asia_are_told_by_the_words_in_them(encoding, text):
    found = read(text.encode(encoding))
    assert [p.mineral.name for p in found.rows] == ["tungsten"]


def test_euro_signs_of_windows_and_mac():
    text = "Country;Material;Quantity (t);Value;Year\nChina;tungsten;12;€ 610000;2024\n"
    for encoding in ("cp1252", "mac_roman", "utf-8"):
        assert read(text.encode(encoding)).rows[0].currency == "EUR", encoding


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "is empty"),
        (b"  \n \n", "is empty"),
        (b"\xd0\xcf\x11\xe0rest", "old Excel file"),
        (b"%PDF-1.7", "is a PDF"),
        (b"\xff\xfeA", "begins as UTF-16"),
        (b"a\0b\0\0c", "bytes 0"),
        (b"PK\x03\x04broken", "broken zip"),
        (b"some words\nand others\n", "no row of headings"),
        (b'Country,Material\n"China,tungsten\nJapan,tin\n', "never closed"),
        (b'Country,Material\n"China"x,tungsten\n', "do not pair up"),
    ],
)
def test_what_is_no_table_is_refused_with_what_it_is(raw, message):
    with pytest.raises(UserError, match=message):
        read(raw)


def test_a_zip_that_is_no_workbook_says_so():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("content.xml", "<x/>")
    with pytest.raises(UserError, match="OpenDocument"):
        read(out.getvalue())


def test_lines_begin_where_they_begin():
    text = 'Country;Material\r\n\r\n"a\r\nb";x\r\n\r\nc;y\r\n'
    assert [r.line for r in grid_of(text, "f", headings_in).rows] == [1, 3, 6]
    assert [r.line for r in grid_of("sep=;\nCountry;Material\na;b\n", "f", headings_in).rows] == [2, 3]
    assert [r.line for r in grid_of("Country,Material\ra,b\r", "f", headings_in).rows] == [1, 2]


def test_a_quotation_mark_that_swallows_rows_is_refused():
    text = (
        'Country,Material,Quantity (t),Value (USD),Note\nChina,tungsten,12.5,610000,"see\n'
        'Japan,tungsten,3,150000,below"\nJapan,tungsten,3,150000,\n'
    )
    found = read(text)
    assert [t[0] for t in told(found)] == [4]
    assert "a cell of 2 lines holds what look like rows" in refusals(found)[0]


def test_a_row_cut_by_a_mark_inside_a_number_is_refused():
    head = "Country,Material,Quantity (t),Value (USD),,\n"
    text = head + "China,tungsten,1,250,50000000,\nChina,tungsten,12,610000,,\n"
    found = read(text)
    assert [t[0] for t in told(found)] == [3]
    assert "may have cut it in two" in refusals(found)[0]


def test_a_row_too_short_is_refused_and_an_index_column_is_listed():
    text = ",Country,Material,Quantity (t),Value (USD)\n0,China,tungsten,12,610000\n1,Japan,tungsten,3\n"
    found = read(text)
    assert [t[0] for t in told(found)] == [2]
    assert refusals(found) == ["my.csv:3: 4 cells. Expected 5 as in the headings"]
    assert [x.what for x in found.unused] == ["A: (no heading)"]


def test_columns_have_the_letters_of_a_spreadsheet():
    assert [column_name(k) for k in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


# -- workbooks


def test_a_workbook_has_numbers_days_and_signs():
    rows = [
        ["Country", "Material", "Quantity", "Value", "Date"],
        ["China", "APT", (12500, '#,##0 "kg"'), (610000, "[$€-407] #,##0.00"), date(2024, 6, 30)],
        ["Japan", "APT", ("3.000,5", None), (150000, "[$€-407] #,##0.00"), datetime(2023, 1, 2, 3)],
    ]
    found = read(workbook(("Buys", rows)), unit="kg")
    assert [(p.tonnes, p.currency, p.year) for p in found.rows] == [
        (12.5, "EUR", 2024),
        (3.0005, "EUR", 2023),
    ]
    assert ("sheet", "Buys") in found.reading


def test_the_sheet_of_purchases_is_found_and_two_are_asked_about():
    table = [HEAD, ["China", "tungsten", 12.5, 610000, 2024]]
    other = [["Notes"], ["nothing here"]]
    assert len(read(workbook(("Notes", other), ("2024", table))).rows) == 1
    both = workbook(("2023", table), ("2024", table))
    with pytest.raises(UserError, match="2 sheets hold purchases: '2023', '2024'"):
        read(both)
    assert dict(read(both, sheet="2024").reading)["sheet"] == "2024"
    with pytest.raises(UserError, match="no sheet '2025'"):
        read(both, sheet="2025")
    with pytest.raises(UserError, match="a CSV has no sheets"):
        read(TABLE, sheet="2024")


def test_a_formula_without_its_result_is_refused_and_hidden_rows_are_said():
    table = [HEAD, ["China", "tungsten", "=10+2.5", 610000, 2024], ["Japan", "tungsten", 3, 150000, 2024]]
    found = read(workbook(("Buys", table)))
    assert "a formula without a stored result" in refusals(found)[0]
    assert [t[0] for t in told(found)] == [3]


def test_a_code_and_a_percentage_in_a_number_cell():
    rows = [
        ["Country", "HS code", "Quantity (t)", "Value (USD)", "Year", "Content"],
        ["China", 81011000, 3, 100000, 2024, "65 % WO3"],
        ["China", 8101.1, 3, 100000, 2024, None],
        ["China", 261100, 3, 30000, 2024, (0.65, "0.0%")],
    ]
    found = read(workbook(("Buys", rows)))
    assert [t[0] for t in told(found)] == [2, 4]
    assert "has 5 digits; a spreadsheet drops a 0" in refusals(found)[0]
    assert any("content '65 %' does not say of what" in a for a in found.assumptions)


def test_cells_that_were_merged_over_lines_are_refused_not_guessed():
    from openpyxl import load_workbook

    table = [HEAD, ["China", "tungsten", 12.5, 610000, 2023], ["Japan", "tungsten", 3, 150000, None]]
    made = load_workbook(io.BytesIO(workbook(("Buys", table))))
    made["Buys"].merge_cells("E2:E3")
    out = io.BytesIO()
    made.save(out)
    found = read(out.getvalue())
    assert [(p.line, p.year) for p in found.rows] == [(2, 2023)]
    assert "merged with line 2" in refusals(found)[0]


def test_a_hidden_row_and_a_hidden_sheet_are_told():
    from openpyxl import load_workbook

    made = load_workbook(
        io.BytesIO(workbook(("Buys", [HEAD, ["China", "tungsten", 12.5, 610000, 2024]]), ("B", [["x"]])))
    )
    made["Buys"].row_dimensions[2].hidden = True
    out = io.BytesIO()
    made.save(out)
    grid = grids_of(out.getvalue(), "f.xlsx")[0]
    assert grid.notes == ("1 hidden rows of the sheet are read like the others.",)
