"""Tables: what is bundled loads, and a broken table is refused with file, line and field."""

from __future__ import annotations

import csv

import polars as pl
import pytest

from crosscut.base.bundled import bundled_file, bundled_text
from crosscut.base.errors import UserError
from crosscut.ledger.store.declarations import TABLES
from crosscut.ledger.store.fact import EVIDENCE_STATUSES, TableSpec, ValueColumn
from crosscut.ledger.store.tables import checked_rows, checked_table, rows, sources, table, units
from tests.ledgers import BUNDLED

SPEC = TableSpec(
    "country",
    ("iso3",),
    "year",
    (ValueColumn("value", "output", "unit"),),
    ("value",),
    places=("iso3",),
    codes={"basis": ("reported", "estimated")},
)
CORRECTED = ("minerals/stage_production",)  # has rows that bundled/corrections.csv corrects
HEADER = "iso3,year,value,unit,basis,source_id,evidence_status\n"
SOURCE = "S9876ad4ed8"
GOOD = f"NAM,2024,10,t W,reported,{SOURCE},reported\n"


@pytest.mark.parametrize("name", sorted(TABLES))
def test_bundled_table_is_whole(name: str) -> None:
    text = bundled_text("facts", f"{name}.csv")
    listed = list(csv.DictReader(text.splitlines()))
    frame = table(BUNDLED, name)
    assert frame.height == len(listed) > 0
    assert frame["fact_id"].n_unique() == frame.height
    assert set(frame["evidence_status"]) <= set(EVIDENCE_STATUSES)
    assert frame["source_title"].null_count() == 0
    for column in frame.columns:
        if column in TABLES[name].numbers:
            assert frame.schema[column] == pl.Float64
            assert frame[column].null_count() == sum(not r[column] for r in listed)
            assert not frame[column].is_nan().any()
        else:
            assert frame.schema[column] == pl.String
            if column in listed[0] and not (column == "evidence_status" and name in CORRECTED):
                assert frame[column].to_list() == [r[column] for r in listed]


def test_bundled_tables_stay_small() -> None:
    folder = bundled_file("facts")
    size = sum(len(folder.joinpath(f"{n}.csv").read_bytes()) for n in (*TABLES, "sources", "units"))
    assert size < 2_000_000


def test_every_source_is_cited_and_every_unit_used() -> None:
    cited = {r["source_id"] for name in TABLES for r in rows(BUNDLED, name)}
    declared = {m.source[1:] for s in TABLES.values() for m in s.measures if m.source.startswith("=")}
    corrections = bundled_text("facts", "corrections.csv")
    cited |= {r["source_id"] for r in csv.DictReader(corrections.splitlines())}
    assert set(sources(BUNDLED)) - cited == declared - cited
    fixed = {m.unit[1:] for s in TABLES.values() for m in s.measures if m.unit.startswith("=")}
    used = {
        r[m.unit]
        for n, s in TABLES.items()
        for m in s.measures
        if m.unit and m.unit[0] != "="
        for r in rows(BUNDLED, n)
    } | fixed
    assert used - {""} == set(units(BUNDLED))


def test_a_withheld_value_is_null_and_a_zero_is_zero() -> None:
    t = table(BUNDLED, "tungsten/production")
    none = t.filter((pl.col("iso3") == "USA") & (pl.col("year") == "2024"))["mine_production"]
    assert none.to_list() == [0.0]
    withheld = (
        table(BUNDLED, "minerals/stage_production")
        .filter(
            (pl.col("mineral") == "lithium") & (pl.col("country_iso3") == "USA") & (pl.col("form") == "mine")
        )
        .filter(pl.col("unit") == "t")
    )
    assert withheld.height > 0
    assert withheld["value"].null_count() == withheld.height


def test_good_rows_pass_and_namibia_stays() -> None:
    got = checked_table("t", HEADER + GOOD + GOOD.replace("2024,10", "2023,"), SPEC)
    assert got["iso3"].to_list() == ["NAM", "NAM"]
    assert got["value"].to_list() == [10.0, None]
    notes = checked_rows("t", HEADER.strip() + ",note\n" + GOOD.strip() + ",NA\n", SPEC)
    assert notes[0]["note"] == "NA"


def test_the_id_of_a_row_is_its_content() -> None:
    one, two = (checked_rows("t", HEADER + GOOD, SPEC)[0]["fact_id"] for _ in range(2))
    other = checked_rows("t", HEADER + GOOD.replace(",10,", ",11,"), SPEC)[0]["fact_id"]
    assert one == two != other


@pytest.mark.parametrize(
    ("text", "where", "says"),
    [
        (HEADER.replace("value,", "") + GOOD, "t.csv:1", "column 'value' is missing"),
        (HEADER + GOOD.replace(",10,", ",ten,"), "t.csv:2, value", "'ten' is not a number"),
        (HEADER + GOOD.replace(",10,", ",nan,"), "t.csv:2, value", "'nan' is not a number"),
        (HEADER + GOOD.replace(",10,", ",inf,"), "t.csv:2, value", "'inf' is not a number"),
        (HEADER + GOOD.replace("t W", "T w"), "t.csv:2, unit", "Did you mean 't W'"),
        (HEADER + GOOD.replace("NAM", "NMB"), "t.csv:2, iso3", "unknown country code 'NMB'"),
        (HEADER + GOOD.replace("NAM", "NA"), "t.csv:2, iso3", "unknown country code 'NA'"),
        (HEADER + GOOD.replace(",reported,S", ",reportd,S"), "t.csv:2, basis", "Did you mean 'reported'"),
        (
            HEADER + GOOD.replace(",reported\n", ",rumoured\n"),
            "t.csv:2, evidence_status",
            "unknown evidence status 'rumoured'",
        ),
        (HEADER + GOOD.replace(SOURCE, "S0"), "t.csv:2, source_id", "an id in sources.csv"),
        (HEADER + GOOD.replace("\n", ",extra\n"), "t.csv:2", "more or fewer fields"),
        (HEADER + "NAM,2024\n", "t.csv:2", "more or fewer fields"),
        (HEADER + GOOD + GOOD, "t.csv:3", "repeats an earlier row"),
        (HEADER, "t.csv", "has no rows"),
        ("", "t.csv:1", "is missing"),
    ],
)
def test_a_broken_table_is_refused(text: str, where: str, says: str) -> None:
    with pytest.raises(UserError) as caught:
        checked_rows("t", text, SPEC)
    assert any(p.where == where and says in str(p) for p in caught.value.problems), str(caught.value)


def test_all_problems_are_told_at_once() -> None:
    text = HEADER + GOOD.replace(",10,", ",ten,") + GOOD.replace("NAM", "XXX").replace("t W", "furlong")
    with pytest.raises(UserError) as caught:
        checked_rows("t", text, SPEC)
    assert [p.where for p in caught.value.problems] == ["t.csv:2, value", "t.csv:3, iso3", "t.csv:3, unit"]


def test_an_unknown_table_names_the_nearest() -> None:
    with pytest.raises(UserError, match="Did you mean 'tungsten/prices'"):
        table(BUNDLED, "tungsten/price")
