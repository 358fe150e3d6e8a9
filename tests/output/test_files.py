"""The folder of a run: every table as CSV and Parquet equal to the document, each file whole or absent."""

import csv
import json
import os
from pathlib import Path

import polars as pl
import pytest

from crosscut.output.page.report import write_report
from crosscut.results import TABLES, Document
from tests.output.sample import sample_result, sample_tables, table

TYPES = {"text": pl.String, "number": pl.Float64, "flag": pl.Boolean}
NAMES = list(sample_tables())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("run") / "not" / "there"
    write_report(sample_result(), out)
    return out


def test_paths_are_returned_and_nothing_else_is_left(folder: Path) -> None:
    names = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    tables = {f"tables/{t}.{kind}" for t in NAMES for kind in ("csv", "parquet")}
    assert names == {"report.html", "result.json", *tables}


def test_the_json_is_a_valid_result(folder: Path) -> None:
    assert Document.load(folder / "result.json") == sample_result()


@pytest.mark.parametrize("name", NAMES)
def test_parquet_and_csv_equal_the_document(folder: Path, name: str) -> None:
    rows = sample_result()["tables"][name]["rows"]
    assert rows, "the sample fills every table"
    schema = {column: TYPES[kind.removesuffix("?")] for column, (kind, _, _) in TABLES[name].items()}
    parquet = pl.read_parquet(folder / "tables" / f"{name}.parquet")
    assert dict(parquet.schema) == schema
    assert parquet.to_dicts() == rows
    with (folder / "tables" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        assert [
            {c: _read(TABLES[name][c][0], text) for c, text in row.items()} for row in csv.DictReader(file)
        ] == rows


def _read(kind: str, text: str) -> object:
    """A CSV cell by its declared type; an empty cell is missing where that is allowed."""
    if text == "" and kind.endswith("?"):
        return None
    return {"text": str, "number": float, "flag": {"true": True, "false": False}.get}[kind.removesuffix("?")](
        text
    )


def test_missing_is_null_in_the_files(folder: Path) -> None:
    prices = pl.read_parquet(folder / "tables" / "prices.parquet")
    assert prices.filter(pl.col("status") == "no_supply")["median"].to_list() == [None]
    assert not prices["median"].is_nan().any()


def test_empty_tables_keep_their_columns() -> None:
    result = sample_result(tables={**sample_tables(), "welfare": table("welfare", [])})
    frame = result.table("welfare")
    assert frame.height == 0
    assert frame.columns == list(TABLES["welfare"])


def test_undeclared_tables_are_written_with_the_types_they_hold() -> None:
    extra = {
        "columns": ["who", "n", "yes", "none"],
        "units": {},
        "rows": [
            {"who": "A", "n": 1, "yes": True, "none": None},
            {"who": "B", "n": None, "yes": None, "none": None},
        ],
    }
    frame = sample_result(tables={"reliance": extra}).table("reliance")
    assert list(frame.dtypes) == [pl.String, pl.Float64, pl.Boolean, pl.String]
    assert frame.to_dicts()[1] == {"who": "B", "n": None, "yes": None, "none": None}


def test_a_write_that_fails_leaves_the_old_file_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_report(sample_result(), tmp_path)
    before = {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}

    def fails(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", fails)
    with pytest.raises(OSError, match="disk full"):
        write_report(sample_result(statements=[]), tmp_path)
    assert {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()} == before


def test_json_keeps_what_html_escapes(tmp_path: Path) -> None:
    note = "a < b & c > d </script>"
    write_report(sample_result(statements=[{"text_key": "note", "text": note, "refs": []}]), tmp_path)
    assert json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))["statements"][0]["text"] == note


def test_a_formula_in_a_text_cell_is_not_run_by_a_spreadsheet(tmp_path):
    tables = sample_tables()
    tables["moves"]["rows"] = [
        {
            "cell": "=cmd|' /C calc'!A0",
            "before": 1.0,
            "after": -2.0,
            "reason": "@SUM(1)",
            **{
                c: "-1+1"
                for c in tables["moves"]["columns"]
                if c not in ("cell", "before", "after", "reason")
            },
        }
    ]
    write_report(sample_result(tables=tables), tmp_path)
    text = (tmp_path / "tables" / "moves.csv").read_text()
    assert "'=cmd" in text
    assert "'@SUM" in text
    assert "-2.0" in text
    assert "'-2.0" not in text
    assert pl.read_parquet(tmp_path / "tables" / "moves.parquet")["cell"][0].startswith("=cmd")
