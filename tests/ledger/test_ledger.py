"""Ledger: published figures are in it, and every fact says where it is from."""

from __future__ import annotations

import csv

import pytest

from crosscut.base.errors import UserError
from crosscut.base.places import place
from crosscut.ledger.ask.coverage import minerals
from crosscut.ledger.ask.ledger import fact_details, facts_of, known_minerals, query
from crosscut.ledger.store.declarations import TABLES
from crosscut.ledger.store.fact import EVIDENCE_STATUSES
from crosscut.ledger.store.tables import rows, sources
from tests.ledgers import BUNDLED
from tests.paths import TESTS

KNOWN = TESTS / "known_answers" / "usgs_mcs2026_tungsten_production.csv"
PUBLISHED = list(csv.DictReader(KNOWN.read_text(encoding="utf-8").splitlines()))


def _iso3(name: str) -> str:
    return {"World total": "WLD", "Other countries": "OTH"}.get(name) or place(name).code


@pytest.mark.parametrize("r", PUBLISHED, ids=lambda r: f"{r['country']} {r['year']}")
def test_usgs_2026_mine_production(r: dict[str, str]) -> None:
    """USGS Mineral Commodity Summaries 2026, Tungsten: World Mine Production, columns 2024 and 2025e; a dash
    is 0."""
    facts = facts_of(BUNDLED, "tungsten").where(
        subject=_iso3(r["country"]), attribute="mine production", period=r["year"]
    )
    usgs = [f for f in facts if sources(BUNDLED)[f.source_id].title.startswith("USGS MCS 2026")]
    assert {f.value for f in usgs} == {float(r["value_num"])}
    assert {f.unit for f in usgs} == {"t W content"}


def test_usgs_countries_sum_to_the_rounded_world_total() -> None:
    for year, total in (("2024", 82_000.0), ("2025", 85_000.0)):
        parts = [
            float(r["value_num"]) for r in PUBLISHED if r["year"] == year and r["country"] != "World total"
        ]
        assert sum(parts) == pytest.approx(total, abs=500)  # the total is printed rounded to the thousand


def test_every_fact_has_a_source_an_evidence_status_and_its_own_id() -> None:
    for mineral in known_minerals(BUNDLED):
        facts = facts_of(BUNDLED, mineral).facts
        assert len({f.id for f in facts}) == len(facts)
        for f in facts:
            assert f.mineral == mineral
            assert f.source_id in sources(BUNDLED)
            assert f.evidence_status in EVIDENCE_STATUSES
            assert f.subject
            assert f.attribute
            assert f.value is None or f.value == f.value
            assert f.low is None or f.high is None or f.low <= f.high, f


def test_no_row_with_a_value_is_lost() -> None:
    """Rows of the tables = rows of the facts: nothing is dropped on the way to the ledger but wholly blank
    rows."""
    store = BUNDLED.store
    seen = {f.supersedes or f.id.partition(".")[0] for m in store.minerals() for f in store.facts(m)}
    missing = [r for name in TABLES for r in rows(BUNDLED, name) if r["fact_id"] not in seen]
    # what is left names a facility, buyer, stage, outage, restriction or tender without a figure
    named = {"offtake_id", "stage", "chokepoint", "contest_id", "instrument", "holder"}
    assert all(r.get("row_kind") in ("main", "detail", "conflict") or named & set(r) for r in missing)
    assert len(missing) < 150


def test_about_finds_names_aliases_and_notes() -> None:
    found = facts_of(BUNDLED, "tungsten").about("Bakuta")
    assert {f.subject for f in found} >= {"Boguty tungsten mine"}
    assert facts_of(BUNDLED, "tungsten").about("巴库塔").facts
    assert not facts_of(BUNDLED, "tungsten").about("no such words in it").facts
    assert {
        f.subject_id
        for f in facts_of(BUNDLED, "tungsten").about("Viet nam reserves")
        if f.attribute == "reserves"
    } == {"VNM"}


def test_claims_of_the_article_are_the_articles() -> None:
    claims = [
        f
        for f in facts_of(BUNDLED, "tungsten").where(table="tungsten/article_claims")
        if f.evidence_status == "claimed"
    ]
    assert len(claims) > 100
    assert {sources(BUNDLED)[f.source_id].title.split()[0] for f in claims} == {"SunSirs"}
    checked = [f for f in facts_of(BUNDLED, "tungsten") if f.attribute.startswith("as checked")]
    assert "claimed" not in {f.evidence_status for f in checked}


def test_recalled_columns_stay_recalled() -> None:
    yields = [
        f
        for m in known_minerals(BUNDLED)[1:]
        for f in facts_of(BUNDLED, m).where(attribute="yield to next form")
    ]
    assert {f.evidence_status for f in yields} == {"recalled"}


def test_capacity_is_never_output() -> None:
    facts = [
        f
        for m in known_minerals(BUNDLED)
        for f in facts_of(BUNDLED, m).where(table="minerals/stage_production")
    ]
    assert not [f for f in facts if f.attribute.startswith("output") and "capacity" in f.attribute]
    assert [f for f in facts if f.attribute.startswith("capacity: ")]


def test_a_range_is_kept_as_low_and_high() -> None:
    f = next(f for f in facts_of(BUNDLED, "tungsten") if f.value == "3000-3300")
    assert (f.low, f.high) == (3000.0, 3300.0)


def test_an_unknown_mineral_names_the_nearest() -> None:
    with pytest.raises(UserError, match="Did you mean 'tungsten'"):
        facts_of(BUNDLED, "tungstn")
    with pytest.raises(UserError, match="Did you mean 'gallium'"):
        query(BUNDLED, "galium")


def test_fact_lookup() -> None:
    one = facts_of(BUNDLED, "tungsten").facts[0]
    assert facts_of(BUNDLED, "tungsten").fact(one.id) == one
    with pytest.raises(UserError, match="no fact 'F0'"):
        facts_of(BUNDLED, "tungsten").fact("F0")


def test_query_rows() -> None:
    found = query(BUNDLED, "tungsten", about="North Katpar")
    assert found
    assert all(r["source"] and r["evidence_status"] for r in found)
    assert len(query(BUNDLED, "tungsten")) == len(facts_of(BUNDLED, "tungsten"))
    in_conflict = query(BUNDLED, "tungsten", about="Boguty", conflicts=True)
    assert {260.0, 300.0, 350.0, 450.0} <= {
        r["value"] for r in in_conflict if r["attribute"] == "capital cost"
    }
    assert all(r["rule"] and r["conflict"] for r in in_conflict)
    grades = [r for r in in_conflict if r["attribute"] == "grade"]
    assert [r["value"] for r in grades] == [0.211, 0.211, 0.206]
    assert [r["conflict"].split(",")[0] for r in grades[1:]] == ["agrees with the pick", "picked: 0.211"]
    assert grades[0]["conflict"].startswith("picked by table order; others say 0.206")


def test_details_of_cited_rows() -> None:
    for name in (
        "tungsten/prices",
        "tungsten/control_shares",
        "minerals/prices",
        "minerals/stage_production",
    ):
        ids = [r["fact_id"] for r in rows(BUNDLED, name)]
        got = fact_details(BUNDLED, ids)
        assert set(got) == set(ids)
        assert all(d["source_title"] and d["subject"] for d in got.values())
    assert fact_details(BUNDLED, ["F000000000000"]) == {}


def test_coverage_lists_every_mineral_once() -> None:
    t = minerals(BUNDLED)
    assert t["mineral"].to_list() == list(known_minerals(BUNDLED))
    assert t["mineral"].n_unique() == t.height >= 60
    of = {r["mineral"]: r for r in t.iter_rows(named=True)}
    assert of["cobalt"]["trade_codes"] == ["282200", "810510"]
    assert "2024" in of["gallium"]["production_years"]
    assert of["lithium"]["market_class"] == "quoted minor metal"
    assert "base metals aggregate" not in of
