"""Totals per table, mineral, year, code and country are equal before and after every import.

`known_answers/fact_totals.csv` was written from the collected tables before they were imported: rows,
numbers and their sum. What licences keep out is counted there as left out.
"""

from __future__ import annotations

import csv
import math
import random
from collections import defaultdict
from collections.abc import Iterable

import pytest

from crosscut.base.bundled import bundled_text
from crosscut.ledger.store.declarations import TABLES
from crosscut.ledger.store.tables import rows
from crosscut.ledger.store.validate_rows import as_number
from tests.ledgers import BUNDLED
from tests.paths import TESTS

KNOWN = TESTS / "known_answers" / "fact_totals.csv"
STATED = list(csv.DictReader(KNOWN.read_text(encoding="utf-8").splitlines()))
OURS = ("id", "row_id", "fact_id", "source_id", "evidence_status", "source_title")
IMPORTED = sorted({r["table"] for r in STATED})

Totals = dict[tuple[str, str], tuple[int, int, float]]


def totals(name: str, listed: Iterable[dict[str, str]]) -> Totals:
    """(by, key) -> rows, numbers, sum of all numbers, along the columns that the stated totals use."""
    listed = list(listed)
    by = {r["by"]: r["column"] for r in STATED if r["table"] == name and r["by"] != "left out"}
    keyed = {c for c in by.values() if c}
    columns = [
        c
        for c in listed[0]
        if c not in OURS and c not in keyed and any(as_number(r[c]) is not None for r in listed)
    ]
    groups: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for kind, column in by.items():
        for r in listed:
            groups[kind, r[column] if column else ""].append(r)
    out = {}
    for key, members in groups.items():
        numbers = [x for r in members for c in columns if (x := as_number(r[c])) is not None]
        out[key] = (len(members), len(numbers), math.fsum(numbers))
    return out


def stated(name: str) -> Totals:
    return {
        (r["by"], r["key"]): (int(r["rows"]), int(r["numbers"]), float(r["total"]))
        for r in STATED
        if r["table"] == name and r["by"] != "left out"
    }


def bundled(name: str) -> list[dict[str, str]]:
    text = bundled_text("facts", f"{name}.csv")
    return list(csv.DictReader(text.splitlines(keepends=True)))


def agree(got: Totals, wanted: Totals) -> bool:
    return set(got) == set(wanted) and all(
        g[:2] == w[:2] and g[2] == pytest.approx(w[2], rel=1e-12, abs=1e-9)
        for g, w in ((got[k], wanted[k]) for k in wanted)
    )


@pytest.mark.parametrize("name", IMPORTED)
def test_totals_before_and_after_import(name: str) -> None:
    assert agree(totals(name, bundled(name)), stated(name))


@pytest.mark.parametrize("name", IMPORTED)
def test_compiling_changes_nothing_but_what_a_correction_names(name: str) -> None:
    changed = {c.fact.id for c in BUNDLED.store.changes()}
    before = totals(name, [r for r in bundled_with_ids(name) if r["fact_id"] not in changed])
    after = totals(name, [dict(r) for r in rows(BUNDLED, name) if r["fact_id"] not in changed])
    assert agree(after, before)
    assert len(rows(BUNDLED, name)) == len(bundled(name))


def bundled_with_ids(name: str) -> list[dict[str, str]]:
    from crosscut.ledger.store.validate_rows import fact_id

    return [{**r, "fact_id": fact_id(name, r)} for r in bundled(name)]


@pytest.mark.parametrize("seed", range(10))
def test_one_dropped_row_is_noticed(seed: int) -> None:
    draw = random.Random(seed)
    name = draw.choice(IMPORTED)
    listed = bundled(name)
    listed.pop(draw.randrange(len(listed)))
    assert not agree(totals(name, listed), stated(name))


def test_every_collected_table_is_declared_and_what_is_left_out_is_counted() -> None:
    assert set(IMPORTED) <= set(TABLES)
    assert sum(int(r["rows"]) for r in STATED if r["by"] == "all") == 7843
    left = {r["table"]: int(r["rows"]) for r in STATED if r["by"] == "left out"}
    # 1,511 rows of World Mining Data and 764 of BGS (SOURCES.md); one row that stands twice in the end uses.
    assert left == {"minerals/stage_production": 1511 + 764, "minerals/uses": 1}


def test_world_sums_stand_for_what_is_left_out() -> None:
    """138 sums over countries: World Mining Data 2023-24 and BGS 2022-23, by mineral, stage and content."""
    sums = rows(BUNDLED, "minerals/world_totals")
    assert len(sums) == 138
    tin = [r for r in sums if (r["mineral"], r["form"], r["year"]) == ("tin", "mine", "2024")]
    assert [float(r["value"]) for r in tin] == [282_124.0]
