"""A workspace adds, corrects and retracts, and touches nothing below; what is broken or hostile is refused
whole."""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path

import pytest

from crosscut.app import api
from crosscut.base.bundled import bundled_file
from crosscut.base.errors import UserError
from crosscut.base.machine import cache_folder
from crosscut.ledger.ask.ledger import fact_details, facts_of
from crosscut.ledger.store import compile_store
from crosscut.ledger.store.compile_store import store_of
from crosscut.ledger.store.ledger import Ledger
from crosscut.ledger.store.overlay import FIELDS
from crosscut.ledger.store.tables import rows, table
from tests.ledgers import BUNDLED

USGS = "tungsten/production"
ADD = {
    "action": "add",
    "mineral": "tungsten",
    "subject_kind": "country",
    "subject_id": "VNM",
    "attribute": "mine production",
    "value": "3600",
    "unit": "t W",
    "period": "2024",
    "source_id": "MINE",
    "evidence_status": "reported",
    "note": "our visit",
}
SOURCES = (
    "source_id,title,url,published,accessed,directness,licence\nMINE,Site"
    " visit,,2026-10,2026-10,original,own\n"
)


def fact_of(country: str, year: str = "2024") -> str:
    return next(
        r["fact_id"]
        for r in rows(BUNDLED, USGS)
        if (r["iso3"], r["year"]) == (country, year) and r["note"].startswith("MCS 2026")
    )


def workspace(folder: Path, *entries: dict[str, str], sources: str = SOURCES) -> Path:
    text = io.StringIO()
    writer = csv.DictWriter(text, FIELDS, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(entries)
    folder.mkdir(exist_ok=True)
    (folder / "facts.csv").write_text(text.getvalue(), encoding="utf-8")
    if sources:
        (folder / "sources.csv").write_text(sources, encoding="utf-8")
    return folder


def correction(country: str, value: str, **more: str) -> dict[str, str]:
    return {
        **ADD,
        "action": "correct",
        "fact": fact_of(country),
        "value": value,
        "unit": "t W content",
        "reason": "metal lost in tailings was counted",
        **more,
    }


def test_an_added_fact_is_in_the_ledger_and_the_bundled_ones_stay(tmp_path: Path) -> None:
    n = len(facts_of(BUNDLED, "tungsten"))
    mine = Ledger.opened(workspace(tmp_path / "w", ADD))
    facts = facts_of(mine, "tungsten").where(subject="VNM", attribute="mine production", period="2024")
    assert 3600.0 in [f.value for f in facts]
    assert len(facts_of(mine, "tungsten")) == n + 1
    conflict = next(
        c for c in facts_of(mine, "tungsten").conflicts() if any(f.value == 3600.0 for f in c.facts)
    )
    assert (conflict.low, conflict.high) == (3400.0, 5390.0)
    assert len(facts_of(BUNDLED, "tungsten")) == n


def test_a_correction_keeps_before_and_after(tmp_path: Path) -> None:
    old = fact_of("RWA")
    mine = Ledger.opened(workspace(tmp_path / "w", correction("RWA", "1250")))
    row = table(mine, USGS).filter(table(mine, USGS)["fact_id"] == old)
    assert row["mine_production"].to_list() == [1250.0]
    new = next(f for f in facts_of(mine, "tungsten") if f.supersedes == old)
    assert (new.value, new.evidence_status) == (1250.0, "reported")
    assert "tailings" in new.note
    (change,) = [c for c in mine.store.changes("tungsten") if c.action == "correct"]
    assert (change.fact.value, change.after, change.where) == (1300.0, new.id, "workspace facts.csv:2")
    assert fact_details(mine, [old])[old]["value"] == 1250.0
    assert fact_details(BUNDLED, [old])[old]["value"] == 1300.0


def test_a_retracted_fact_is_gone_and_on_record(tmp_path: Path) -> None:
    old = fact_of("RWA")
    entry = {"action": "retract", "fact": old, "reason": "the mine was shut"}
    mine = Ledger.opened(workspace(tmp_path / "w", entry))
    assert old not in {f.id for f in facts_of(mine, "tungsten")}
    assert old not in {r["fact_id"] for r in rows(mine, USGS)}
    assert [(c.action, c.reason) for c in mine.store.changes("tungsten")] == [
        ("retract", "the mine was shut")
    ]
    assert old in {f.id for f in facts_of(BUNDLED, "tungsten")}


def test_the_variable_names_a_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSCUT_WORKSPACE", str(workspace(tmp_path / "w", ADD)))
    assert any(r["value"] == 3600.0 and r["overlay"] for r in api.facts("tungsten", about="our visit"))


@pytest.mark.parametrize(
    ("entry", "where", "says"),
    [
        ({**ADD, "action": "ad"}, "facts.csv:2, action", "unknown action 'ad'"),
        ({**ADD, "value": "many"}, "facts.csv:2, value", "'many' is not a number"),
        ({**ADD, "value": "1e18"}, "facts.csv:2, value", "1e+18 is no tonnage that can be meant"),
        ({**ADD, "value": "-5"}, "facts.csv:2, value", "-5 is below zero"),
        ({**ADD, "value": "nan"}, "facts.csv:2, value", "'nan' is not a number"),
        ({**ADD, "unit": "t WW"}, "facts.csv:2, unit", "unknown unit 't WW'"),
        ({**ADD, "subject_id": "VTN"}, "facts.csv:2, subject_id", "unknown country code 'VTN'"),
        ({**ADD, "subject_id": "../../etc"}, "facts.csv:2, subject_id", "unknown country code"),
        (
            {**ADD, "evidence_status": "sure"},
            "facts.csv:2, evidence_status",
            "unknown evidence status 'sure'",
        ),
        ({**ADD, "source_id": "ME"}, "facts.csv:2, source_id", "unknown source 'ME'"),
        ({**ADD, "low": "9", "high": "5"}, "facts.csv:2, low", "low 9 is above high 5"),
        ({**ADD, "note": '=HYPERLINK("http://x")'}, "facts.csv:2, note", "would run as a formula"),
        ({**ADD, "note": "+cmd|' /C calc'!A0"}, "facts.csv:2, note", "would run as a formula"),
        ({**ADD, "note": "@SUM(A1)"}, "facts.csv:2, note", "would run as a formula"),
        ({**ADD, "note": "x" * 5000}, "facts.csv:2, note", "has 5,000 characters"),
        ({**ADD, "action": "correct", "fact": "F0", "reason": "r"}, "facts.csv:2, fact", "no fact 'F0'"),
        ({"action": "retract", "fact": ""}, "facts.csv:2, reason", "has no reason"),
        ({**ADD, "attribute": ""}, "facts.csv:2, attribute", "is blank"),
    ],
)
def test_a_broken_line_is_refused_by_file_line_and_field(
    tmp_path: Path, entry: dict[str, str], where: str, says: str
) -> None:
    before = _cache()
    with pytest.raises(UserError) as caught:
        store_of(workspace(tmp_path / "w", entry))
    assert any(p.where == where and says in str(p) for p in caught.value.problems), str(caught.value)
    assert _cache() == before


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        store_of(workspace(tmp_path / "w", ADD, {**ADD, "value": "x"}, {**ADD, "unit": "u"}))
    assert [p.where for p in caught.value.problems] == ["facts.csv:3, value", "facts.csv:4, unit"]


def test_a_unit_may_not_change_under_a_correction(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="unit 't WO3' is not that of the fact"):
        store_of(workspace(tmp_path / "w", correction("RWA", "1250", unit="t WO3")))


def test_a_file_that_leads_out_of_the_workspace_is_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a,b\n", encoding="utf-8")
    folder = workspace(tmp_path / "w", ADD)
    (folder / "facts").mkdir()
    (folder / "facts" / "more.csv").symlink_to(secret)
    with pytest.raises(UserError, match=r"facts/more.csv: leads out of the workspace"):
        store_of(folder)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\xff\xfe\x00", "is not UTF-8 text"),
        (b"PK\x03\x04\0\0", "zero byte"),
        (b"", "column 'action' is missing"),
        ((",".join(FIELDS) + "\nadd,1\n").encode(), "more or fewer fields"),
        (b'"' + b"x" * 200_000, "cannot be read as CSV"),
    ],
)
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, data: bytes, says: str) -> None:
    folder = workspace(tmp_path / "w", ADD)
    (folder / "facts.csv").write_bytes(data)
    with pytest.raises(UserError, match=says):
        store_of(folder)


def test_no_folder_and_no_facts_are_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is not a folder"):
        store_of(tmp_path / "none")
    with pytest.raises(UserError, match=r"has no facts.csv"):
        store_of(tmp_path)


def test_a_broken_workspace_leaves_the_working_one(tmp_path: Path) -> None:
    good = store_of(workspace(tmp_path / "w", ADD))
    (tmp_path / "w" / "facts.csv").write_text("nonsense", encoding="utf-8")
    with pytest.raises(UserError):
        store_of(tmp_path / "w")
    assert 3600.0 in [f.value for f in good.facts("tungsten")]
    assert store_of().facts("tungsten")


def test_the_packages_own_corrections_show_before_and_after() -> None:
    """Titanium 2023 is printed in thousand tonnes: 22 figures are a thousand times larger than the copy
    says."""
    changes = store_of().changes("titanium")
    assert len(changes) == 22
    for c in changes:
        after = fact_details(BUNDLED, [c.after])[c.after]
        assert after["value"] == 1000 * c.fact.value  # type: ignore[operator]
        assert after["evidence_status"] == "derived"
        assert "thousand tonnes" in after["note"]


def _cache() -> tuple[str, str]:
    """Name and content of the store of the bundled facts, made again where stores of other tests took its
    place."""
    compile_store._store.cache_clear()
    path = cache_folder("ledger") / f"{store_of().key}.sqlite"
    return path.name, hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_bundled_files_are_never_written(tmp_path: Path) -> None:
    folder = bundled_file("facts")
    before = hashlib.sha256(folder.joinpath(f"{USGS}.csv").read_bytes()).hexdigest()
    mine = Ledger.opened(workspace(tmp_path / "w", correction("RWA", "1250")))
    rows(mine, USGS)
    assert hashlib.sha256(folder.joinpath(f"{USGS}.csv").read_bytes()).hexdigest() == before
