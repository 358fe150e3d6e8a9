"""Every headline number reaches a named source in one step."""

from __future__ import annotations

import pytest

from crosscut.app import api
from crosscut.studies.explain.provenance import provenance
from crosscut.studies.shared.evidence_rows import age_in_years
from crosscut.worlds import world
from tests.ledgers import BUNDLED


@pytest.fixture(scope="module")
def result():
    return api.run("china-controls-2025", draws=3)


def headline_paths(result):
    """What the demo's screen shows first: prices, the largest shortages, gains of flow, supply, money and
    wedges."""
    t = {name: table["rows"] for name, table in result["tables"].items()}
    paths = [f"prices/{r['form']}/{r['place']}/{r['basis']}" for r in t["prices"] if r["headline"]]
    short = sorted(
        (r for r in t["shortages"] if r["use"] == "all" and r["median"]), key=lambda r: -r["median"]
    )
    paths += [f"shortages/{r['form']}/{r['country']}/all" for r in short[:3]]
    flows = sorted(t["flows"], key=lambda r: r["base"] - r["median"])
    paths += [f"flows/{r['form']}/{r['origin']}/{r['destination']}" for r in flows[:3]]
    supply = sorted(t["supply"], key=lambda r: -r["base"])
    paths += [f"supply/{r['form']}/{r['country']}/{r['source']}" for r in supply[:2]]
    money = sorted((r for r in t["welfare"] if r["item"] == "total"), key=lambda r: r["median"])
    paths += [f"welfare/{r['country']}/total" for r in (money[0], money[-1])]
    return paths


def test_ten_headline_numbers_of_the_demo_reach_a_named_source_in_one_step(result):
    paths = headline_paths(result)
    assert len(paths) >= 10
    for path in paths:
        found = provenance(BUNDLED, result, path)
        assert found["figures"], path
        assert found["evidence"], path
        for row in found["evidence"]:
            assert row["source"], (path, row)
            assert row["evidence_status"], (path, row)
            assert row["fact"][0] in "FD", row
        # at least one figure is a fact with a source outside this package, a date and so an age
        outside = [r for r in found["evidence"] if "erived here" not in r["source"] and r["age"] is not None]
        assert outside, path
        assert found["facts"], path
        assert all(f["source_title"] for f in found["facts"])


def test_a_price_leads_to_the_quotations_it_was_made_of(result):
    first = provenance(BUNDLED, result, "prices/oxide/EU27/paid")["evidence"][0]
    assert first["kind"] == "price"
    assert first["stated"] == "252 USD/dmtu WO3, 2024"
    assert first["source"].startswith("USGS MCS 2026 Tungsten")


def test_a_mine_leads_to_the_survey(result):
    rows = provenance(BUNDLED, result, "supply/concentrate/VNM/primary")["evidence"]
    mine = next(r for r in rows if r["kind"] == "mine")
    assert (mine["stated"], mine["before"], mine["evidence_status"], mine["error"]) == (
        "3,400 t W content, 2024",
        3400.0,
        "reported",
        0.05,
    )


def test_every_figure_of_the_world_is_evidence_with_before_and_after():
    w = world(BUNDLED, "tungsten")
    kinds = {f.kind for f in w.figures}
    assert kinds >= {
        "price",
        "published sum",
        "mine",
        "trade",
        "activity",
        "use",
        "collection",
        "unrecorded supply",
    }
    derived = [f for f in w.figures if not f.fact_ids]
    assert derived
    for f in derived:
        assert f.note or f.source_id or f.kind == "price", f
        assert f.before > 0
        assert f.after > 0
    assert {round(f.error, 2) for f in w.figures} == {0.05, 0.15, 0.5}


def test_derived_figures_have_an_id_of_their_own(result):
    rows = [r for r in result["tables"]["evidence"]["rows"] if r["fact"].startswith("D")]
    assert len({r["fact"] for r in rows}) == len(rows) > 20
    assert all("derived here" in r["source"] or r["source"].startswith("CEPII BACI") for r in rows)


def test_ages():
    assert age_in_years("2026-02", "2026-11-25T10:00:00+00:00") == 0.8
    assert age_in_years("undated (inferred)", "2026-11-25") is None


@pytest.mark.parametrize("mineral", ["copper", "gallium", "graphite"])
def test_screening_worlds_have_evidence(mineral):
    from crosscut.worlds import minerals_with_worlds

    if minerals_with_worlds().get(mineral):
        pytest.skip("no world")
    w = world(BUNDLED, mineral)
    assert any(f.kind == "price" and f.fact_ids for f in w.figures)
    assert any(f.kind == "mine" and f.fact_ids for f in w.figures)
