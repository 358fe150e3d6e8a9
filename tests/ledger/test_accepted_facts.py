"""Accepted releases are facts: what USGS and UN Comtrade say, once it is accepted, is read."""

from __future__ import annotations

import csv
import io

import pytest

from crosscut.ledger.ask.resolve_conflicts import conflicts_of, picked_facts
from crosscut.ledger.minerals import all_minerals
from crosscut.ledger.reference import data_versions as copies
from crosscut.ledger.sources.owners.comtrade import Comtrade
from crosscut.ledger.sources.owners.mcs import Mcs
from crosscut.ledger.sources.pull import accept, pull, revert
from crosscut.ledger.store.compile_store import store_of
from crosscut.ledger.store.ledger import Ledger
from crosscut.ledger.store.tables import rows
from crosscut.studies.indicators.outputs import outputs
from crosscut.worlds.tungsten.ore import mine_output
from tests.ledger.sources import samples
from tests.ledgers import BUNDLED, data_here, here
from tests.ledgers import here as opened

COBALT = {
    r["country_iso3"]: r["value"]
    for r in rows(BUNDLED, "minerals/stage_production")
    if (r["mineral"], r["form"], r["year"]) == ("cobalt", "mine", "2024") and r["unit"] == "t"
    if BUNDLED.store.sources()[r["source_id"]].title.startswith("USGS Mineral Commodity Summaries 2026")
}
NAMES = {"WLD": "World total", "OTH": "Other countries", "COD": "Congo (Kinshasa)", "MDG": "Madagascar"}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("CROSSCUT_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("CROSSCUT_DATA_USE", raising=False)


def line(country, value, year="2024", note="Estimated.", detail="Mine production", **other):
    """One line of the release, of cobalt unless `other` says more."""
    plain = {
        "chapter": "COBALT",
        "section": "World Mine Production and Reserves",
        "commodity": "Cobalt",
        "statistic": "Production",
        "unit": "metric tons",
        **other,
    }
    return (
        plain["chapter"],
        plain["section"],
        plain["commodity"],
        country,
        plain["statistic"],
        detail,
        plain["unit"],
        year,
        value,
        note,
        "Yes",
        "",
    )


def cobalt(**changed):
    """The cobalt table of 2024 as bundled, with other figures for some countries."""
    from crosscut.base.places import all_places

    out = []
    for code, value in {**COBALT, **changed}.items():
        name = NAMES.get(code) or all_places()[code].name
        detail = "Mine production: rounded" if code == "WLD" else "Mine production"
        out.append(
            line(name, f"{float(value):,.0f}" if value.replace(".", "").isdigit() else value, detail=detail)
        )
    return out


def accepted(tmp_path, lines, edition=2026):
    """A release with these lines, pulled and accepted."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(samples.MCS_HEADER.split(","))
    writer.writerows(lines)
    path = tmp_path / f"MCS{edition}_Commodities_Data.csv"
    path.write_text(out.getvalue(), encoding="utf-8")
    pull(data_here(), Mcs(), [path])
    accept(data_here(), "usgs-mcs")
    return here()


def of_cobalt(ledger):
    return next(o for o in outputs(ledger, all_minerals()["cobalt"], 2024) if o.stage == "mine")


def test_the_bundled_table_is_what_the_case_says():
    assert COBALT["CHN"] == "2000"
    assert COBALT["WLD"] == "302000"


def test_a_changed_figure_moves_the_indicators_and_both_facts_stay(tmp_path):
    ledger = accepted(tmp_path, cobalt(CHN="200000"))
    before, after = of_cobalt(BUNDLED), of_cobalt(ledger)
    assert (before.amounts["CHN"], after.amounts["CHN"]) == (2000.0, 200000.0)
    assert {k: v for k, v in after.amounts.items() if k != "CHN"} == {
        k: v for k, v in before.amounts.items() if k != "CHN"
    }
    found = [
        f
        for f in ledger.store.facts("cobalt")
        if f.subject_id == "CHN" and f.attribute == "output: mine, contained Co" and f.period == "2024"
    ]
    assert sorted(f.value for f in found) == [2000.0, 200000.0]
    assert {f.evidence_status for f in found} == {"estimated"}
    (conflict,) = [
        c
        for c in conflicts_of(ledger, "cobalt")
        if c.about.startswith("China, output: mine") and c.picked.period == "2024"
    ]
    assert (conflict.picked.value, conflict.decided_by) == (200000.0, "directness")
    source = ledger.store.sources()[conflict.picked.source_id]
    assert source.title == "USGS Mineral Commodity Summaries 2026 data release, as pulled"
    assert (source.published, source.directness) == ("2026", "original")


def test_the_same_figures_change_no_sum(tmp_path):
    """The copy in the package and the release are one edition: no table holds both."""
    ledger = accepted(tmp_path, cobalt())
    assert of_cobalt(ledger).amounts == of_cobalt(BUNDLED).amounts
    table = [
        r
        for r in rows(ledger, "minerals/stage_production")
        if (r["mineral"], r["form"], r["year"], r["unit"]) == ("cobalt", "mine", "2024", "t")
        and ledger.store.sources()[r["source_id"]].title.startswith("USGS")
    ]
    assert len({r["source_id"] for r in table}) == 1
    assert len(table) == len(COBALT)
    others = [r for r in rows(BUNDLED, "minerals/stage_production") if r["mineral"] != "cobalt"]
    assert others == [r for r in rows(ledger, "minerals/stage_production") if r["mineral"] != "cobalt"]


def test_marks_of_the_owner(tmp_path):
    """Withheld is no zero, a dash is one; estimates are told from reports by year, figure and note."""
    lines = [
        *cobalt(CAN="W", CUB="—"),
        line("Australia", "3,700", "2025_estimated", ""),
        line("China", "e2,100", "2025", ""),
        line("Cuba", "2,000", "2025", "Reported."),
        line("World total", "310,000", "2025", "", "Mine production: rounded"),
    ]
    ledger = accepted(tmp_path, lines)
    facts = {
        (f.subject_id, f.period): f
        for f in ledger.store.facts("cobalt")
        if f.source_id.startswith("usgs-mcs") and f.attribute.startswith("output: mine")
    }
    assert facts["CAN", "2024"].value is None
    assert facts["CAN", "2024"].note.startswith("W: withheld")
    assert facts["CUB", "2024"].value == 0.0
    assert "CAN" not in of_cobalt(ledger).amounts
    statuses = {c: facts[c, "2025"].evidence_status for c in ("AUS", "CHN", "CUB")}
    assert statuses == {"AUS": "estimated", "CHN": "estimated", "CUB": "reported"}


@pytest.mark.parametrize(
    "lines",
    [
        [x for x in cobalt(CHN="200000") if x[3] != "World total"],
        [*cobalt(CHN="200000"), line("China", "1", note="again")],
    ],
    ids=["no world total", "a country twice"],
)
def test_a_table_that_is_not_whole_is_facts_only(tmp_path, lines):
    ledger = accepted(tmp_path, lines)
    assert of_cobalt(ledger).amounts == of_cobalt(BUNDLED).amounts
    assert any(f.value == 200000.0 for f in ledger.store.facts("cobalt"))


def test_an_older_edition_does_not_take_the_place_of_a_newer_one(tmp_path):
    ledger = accepted(tmp_path, cobalt(CHN="200000"), edition=2025)
    assert of_cobalt(ledger).amounts["CHN"] == 2000.0


def test_a_newer_edition_takes_the_place_of_the_bundled_one(tmp_path):
    ledger = accepted(tmp_path, cobalt(CHN="200000"), edition=2027)
    assert of_cobalt(ledger).amounts["CHN"] == 200000.0
    assert of_cobalt(ledger).source == "USGS Mineral Commodity Summaries 2027"


def test_units_are_read_as_printed(tmp_path):
    lines = [(*x[:6], "thousand metric tons", *x[7:]) for x in cobalt()]
    assert of_cobalt(accepted(tmp_path, lines)).amounts["CHN"] == 2_000_000.0


def test_other_lines_of_a_chapter_are_facts_under_their_own_name(tmp_path):
    salient = {"section": "Salient Statistics-United States", "statistic": "Net import reliance"}
    ledger = accepted(
        tmp_path,
        [
            *cobalt(),
            line(
                "United States", "76", "2025_estimated", "", "Net import reliance", unit="percent", **salient
            ),
            line("Australia", "1,700,000", "2025", "", "Reserves", statistic="Reserves"),
        ],
    )
    found = {f.attribute: f for f in ledger.store.facts("cobalt") if f.attribute.startswith("USGS: ")}
    reliance, reserves = found["USGS: Net import reliance"], found["USGS: Reserves"]
    assert (reliance.value, reliance.unit, reliance.evidence_status) == (76.0, "percent", "estimated")
    assert (reserves.value, reserves.unit, reserves.period) == (1_700_000.0, "t", "2025")


def test_the_tungsten_world_reads_it(tmp_path):
    body = samples.mcs_csv().decode("cp1252").replace('"67,000"', '"70,000"')
    path = tmp_path / "MCS2026_Commodities_Data.csv"
    path.write_bytes(body.encode("cp1252"))
    pull(data_here(), Mcs(), [path])
    accept(data_here(), "usgs-mcs")
    ledger = here()
    china = picked_facts(ledger, "tungsten", "mine production", "2024")["CHN"]
    assert (china.value, china.decided_by) == (70000.0, "directness")
    assert {r[0]: r[1] for r in mine_output(ledger, 2024)[0]}["CHN"] == 70000.0
    assert {r[0]: r[1] for r in mine_output(BUNDLED, 2024)[0]}["CHN"] == 67000.0


def test_a_result_says_which_release_it_read_and_going_back_is_going_back(tmp_path):
    ledger = accepted(tmp_path, cobalt(CHN="200000"))
    assert [d["dataset"] for d in ledger.data.sources()] == ["production", "trade", "summaries"]
    assert ledger.data.version() != copies.bundled_version()
    assert not ledger.plain
    revert(data_here(), "usgs-mcs")
    assert here().store.key == store_of().key
    assert here().data.version() == copies.bundled_version()


def test_a_staged_release_is_not_read(tmp_path, monkeypatch):
    accepted(tmp_path, cobalt(CHN="200000"))
    revert(data_here(), "usgs-mcs")
    assert here().plain
    pull(data_here(), Mcs(), [tmp_path / "MCS2026_Commodities_Data.csv"])
    assert here().plain
    monkeypatch.setenv("CROSSCUT_DATA_USE", "usgs-mcs=staged")
    assert of_cobalt(opened()).amounts["CHN"] == 200000.0


def test_reported_trade_is_facts_and_the_two_reports_of_a_shipment_are_one_thing(tmp_path):
    common = {
        "classificationCode": "H6",
        "cmdCode": "810194",
        "period": "2024",
        "motCode": 0,
        "customsCode": "C00",
        "partner2Code": 0,
        "isNetWgtEstimated": False,
    }
    records = [
        {
            **common,
            "reporterCode": 842,
            "partnerCode": 156,
            "flowCode": "M",
            "primaryValue": 900.0,
            "netWgt": 20.0,
        },
        {
            **common,
            "reporterCode": 156,
            "partnerCode": 842,
            "flowCode": "X",
            "primaryValue": 700.0,
            "netWgt": 0,
        },
    ]
    path = tmp_path / "comtrade-2024.json"
    path.write_bytes(samples.comtrade_answer(2024, records))
    pull(data_here(), Comtrade(), [path])
    accept(data_here(), "comtrade")
    ledger = here()
    mine = [f for f in ledger.store.facts("tungsten") if f.source_id.startswith("comtrade")]
    assert {(f.subject_id, f.period) for f in mine} == {("CHN / USA", "2024")}
    weights = [f for f in mine if f.unit == "t gross"]
    assert sorted((f.value is None, f.value or 0.0) for f in weights) == [(False, 0.02), (True, 0.0)]
    (conflict,) = [c for c in conflicts_of(ledger, "tungsten") if c.picked.source_id.startswith("comtrade")]
    assert sorted(f.value for f in conflict.facts) == [700.0, 900.0]
    assert conflict.picked.value == 900.0, "the importer's report"
    # No world is built from it, so the version of results stays that of the bundled copy.
    assert ledger.data.version() == copies.bundled_version()


def test_two_ledgers_in_one_process_do_not_see_each_other(tmp_path):
    ledger = accepted(tmp_path, cobalt(CHN="200000"))
    assert of_cobalt(Ledger.bundled()).amounts["CHN"] == 2000.0
    assert of_cobalt(ledger).amounts["CHN"] == 200000.0
