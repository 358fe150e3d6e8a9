"""A question becomes rows: every gap has a reason, one bad row does not stop the rest, sources are named."""

import json
import sys

import pytest
from tools.build_spec import spec_path, spec_text

from crosscut.app import api
from crosscut.app.cli import main as cli
from crosscut.base.errors import UserError
from crosscut.inputs.purchases.purchase import Purchase, ReadingChoices
from crosscut.inputs.purchases.read_purchases import TEMPLATE, read_purchases
from crosscut.ledger.minerals import all_minerals
from crosscut.results.indicator_spec import SPECS
from crosscut.studies.indicators.answers import answer
from crosscut.studies.indicators.answers.company import company_rows
from tests.ledgers import BUNDLED

HEAD = "supplier_country,mineral,tonnes,usd\n"


def read(text):
    return read_purchases(text.encode(), "my.csv", ReadingChoices(), BUNDLED)


def values(rows, indicator, variant=""):
    return [r for r in rows if r.indicator == indicator and r.variant.startswith(variant)]


def run(monkeypatch, capsys, *args):
    monkeypatch.setattr(sys, "argv", ["crosscut", *map(str, args)])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    out, err = capsys.readouterr()
    return stop.value.code, out, err


@pytest.mark.parametrize("mineral", ["tungsten", "cobalt", "gold", "potash", "titanium", "tin", "bauxite"])
@pytest.mark.parametrize("country", [None, "USA", "EU27", "KAZ"])
def test_every_row_has_a_value_with_an_interval_around_it_or_a_reason(mineral, country):
    for r in answer(BUNDLED, [mineral], country, [2024]).rows:
        assert r.indicator in SPECS
        if r.value is None:
            assert r.status.startswith("missing: "), r
            assert r.low is None
            assert r.high is None
        else:
            assert r.source, r
            assert r.status == "ok" or r.status.startswith("flagged: "), r
            assert r.low is None or r.low <= r.value + 0.02 * abs(r.value) + 1e-9, r
            assert r.high is None or r.high >= r.value - 0.02 * abs(r.value) - 1e-9, r
            assert r.coverage is None or 0 <= r.coverage <= 1 + 1e-9, r


def test_control_by_location_owner_and_offtake():
    """control_shares: China 81.7 % by location, 30.1 named, 81.7 strict, 87.9 to 90.0 by offtake."""
    rows = answer(BUNDLED, ["tungsten"], None, [2024]).rows
    china = {r.variant: r for r in rows if r.indicator == "control.share" and r.place == "CHN"}
    unknown = {r.variant: r for r in rows if r.indicator == "control.share" and r.place == "UNK"}
    assert round(100 * china["by location"].value, 1) == 81.7
    assert round(100 * china["by owner, named holders only"].value, 1) == 30.1
    assert round(100 * unknown["by owner, named holders only"].value, 1) == 61.2
    assert round(100 * china["by owner, foreign owners barred counted"].value, 1) == 81.7
    bought = china["by offtake, first buyer"]
    assert (round(100 * bought.low, 1), round(100 * bought.high, 1)) == (87.9, 90.0)
    assert all(r.status.startswith("flagged") for r in unknown.values())


def test_an_unknown_mineral_in_a_list_is_one_message_and_the_rest_is_answered():
    a = answer(BUNDLED, ["tungsten", "unobtanium", "cobalt"], "Japan", [2024])
    assert [str(p) for p in a.problems] == [
        "mineral 2 of 3: unknown mineral 'unobtanium'. Expected a mineral by name, symbol or product, such as"
        " tungsten, W or APT"
    ]
    assert {r.mineral for r in a.rows} == {"tungsten", "unobtanium", "cobalt"}
    marked = [r for r in a.rows if r.mineral == "unobtanium"]
    assert len(marked) == 1
    assert marked[0].status == "missing: unknown mineral 'unobtanium'"


def test_a_year_without_data_is_one_message_and_the_rest_is_answered():
    a = answer(BUNDLED, ["tungsten"], "Japan", [2024, 1899])
    assert [str(p) for p in a.problems] == ["year 2 of 2: no data for 1899. Expected 1995 to 2025"]
    assert [r.status for r in a.rows if r.period == "1899"] == ["missing: no data for 1899"]
    assert values(a.rows, "geopolrisk.score", "as reported")[0].value is not None


def test_a_year_after_the_trade_data_still_has_its_output():
    rows = answer(BUNDLED, ["tungsten"], "Japan", [2025]).rows
    assert values(rows, "concentration.hhi", "mine")[0].value == pytest.approx(6242, abs=1)
    assert values(rows, "geopolrisk.score")[0].status == "missing: no trade data for 2025 (1995 to 2024)"


def test_nothing_to_answer_is_refused():
    with pytest.raises(UserError, match="unknown mineral"):
        answer(BUNDLED, ["x1", "y2"])
    with pytest.raises(UserError, match="no mineral given"):
        answer(BUNDLED, [])
    with pytest.raises(UserError, match="unknown country or bloc 'Atlantis'"):
        answer(BUNDLED, ["tungsten"], "Atlantis")


def test_the_source_of_output_is_named_and_differs_by_mineral():
    tungsten, cobalt = (answer(BUNDLED, [m], "USA", [2024]).rows for m in ("tungsten", "cobalt"))
    assert "World Mining Data" in values(tungsten, "geopolrisk.score", "as reported")[0].source
    assert values(cobalt, "geopolrisk.score", "as reported")[0].source.startswith(
        ("USGS", "World Mining Data")
    )


def test_the_united_states_is_not_given_more_than_usgs_prints():
    """USGS withholds old scrap and prints ">50"; so does the row."""
    r = values(answer(BUNDLED, ["tungsten"], "USA", [2024]).rows, "reliance.net_import_reliance", "USGS")[0]
    assert (r.low, r.high) == (0.5, 1.0)
    assert "5,390 t W" in r.status


def test_the_spec_that_is_shipped_is_the_one_in_the_code():
    assert spec_path().read_text(encoding="utf-8") == spec_text(), "run python -m tools.build_spec"
    document = json.loads(spec_text())
    assert {i["id"] for i in document["indicators"]} == set(SPECS)
    assert all(set(c["minerals"]) for c in document["coverage"].values())


def test_every_indicator_of_the_spec_is_answered_somewhere():
    purchases = company_rows(BUNDLED, read(TEMPLATE).rows)[0]
    asked = [*answer(BUNDLED, ["tungsten"], "EU27", [2024]).rows, *purchases]
    lump = answer(BUNDLED, ["tungsten"], None, [2025]).rows
    assert {r.indicator for r in (*asked, *lump)} == set(SPECS)


def test_codes_of_the_map_are_in_the_trade_data():
    from crosscut.ledger.reference.tables import trade_codes

    assert all(c in trade_codes(BUNDLED) for m in all_minerals().values() for c in m.hs92)
    assert sum(bool(m.hs92) for m in all_minerals().values()) == 53


# -- a company's purchases
# -------------------------------------------------------------------------------------------


def test_bad_rows_are_named_with_line_and_field_and_the_good_ones_answered():
    text = (
        HEAD + "China,tungsten,2,90000\nChian,tungsten,1,9\n"
        "Brazil,niobum,1,9\nBrazil,niobium,x,9\nBrazil,niobium,1,-9\n"
    )
    bought = read(text)
    assert [str(p) for r in bought.refused for p in r.problems] == [
        ("my.csv:3, supplier_country: unknown country 'Chian'. Did you mean 'China'?"),
        ("my.csv:4, mineral: unknown mineral 'niobum'. Did you mean 'niobium'?"),
        "my.csv:5, tonnes: 'x' is no number. Expected a number such as 12.5, with nothing but its unit"
        " beside it",
        "my.csv:6, usd: '-9' is negative: a return or a credit is no purchase. Expected a number above 0",
    ]
    rows, suppliers = company_rows(BUNDLED, bought.rows)
    assert [s.status for s in suppliers] == ["ok"]
    assert {r.mineral for r in rows} == {"tungsten"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        (HEAD, "no purchases"),
        ("supplier_country,tonnes,usd\nChina,1,1\n", "no column of the mineral, nor of customs codes"),
        (HEAD + "Chian,tungsten,1,1\n", "unknown country 'Chian'"),
        (HEAD + "China,tungsten,0,1\n", "'0' is no amount"),
    ],
)
def test_a_file_that_holds_nothing_to_answer_is_refused(text, message):
    with pytest.raises(UserError, match=message):
        read(text)


def test_semicolons_are_read_too():
    text = (HEAD + "China,tungsten,2,90000\n").replace(",", ";")
    assert read(text).rows[0].usd == 90000


def test_a_company_that_buys_as_germany_does_has_the_risk_of_germany_without_mines():
    """Company mode is the country formula with own output 0: Germany mines no tungsten, so its scores are
    equal."""
    from crosscut.studies.indicators.answers.facts import Facts

    flow = Facts(BUNDLED, all_minerals()["tungsten"], "DEU", 2022).flow(into=True)
    tungsten = all_minerals()["tungsten"]
    bought = [
        Purchase(k, c, tungsten, "", t, None, 1000 * flow.value[c], 2022, 1000 * flow.value[c], "USD")
        for k, (c, t) in enumerate(flow.tonnes.items())
    ]
    rows, _ = company_rows(BUNDLED, bought)
    country = values(
        answer(BUNDLED, ["tungsten"], "Germany", [2022]).rows, "geopolrisk.score", "as reported"
    )[0]
    assert values(rows, "geopolrisk.score")[0].value == pytest.approx(country.value, rel=1e-9)


def test_governance_weighted_spend_by_hand():
    """USD 100,000 from China and 300,000 from Japan: 100,000 g_CHN + 300,000 g_JPN."""
    from crosscut.studies.indicators.answers.facts import Facts

    g = Facts(BUNDLED, all_minerals()["tungsten"], None, 2024).instability
    rows, _ = company_rows(BUNDLED, read(HEAD + "China,tungsten,3,100000\nJapan,tungsten,9,300000\n").rows)
    expected = 100_000 * g["CHN"] + 300_000 * g["JPN"]
    assert values(rows, "company.governance_weighted_spend")[0].value == pytest.approx(expected)


# -- own uses
# --------------------------------------------------------------------------------------------------------


def test_shares_above_one_are_one_message_that_names_the_rows(tmp_path):
    uses = tmp_path / "uses.csv"
    uses.write_text(
        "mineral,sector,share,value_added,largest\ntungsten,C25,0.5,100,200\ntungsten,C28,0.5,200,200\n"
        "tin,C26,0.7,80,200\ntin,C25,0.6,60,200\n"
    )
    result = api.indicators(["tungsten", "tin"], "JPN", uses=uses)
    said = [s["text"] for s in result["statements"]]
    assert said == [f"{uses}:4-5, tin: shares add up to 1.3 (C26 0.7, C25 0.6). Expected at most 1"]
    own = {r["mineral"]: r for r in result["tables"]["indicators"]["rows"] if r["variant"] == "own uses"}
    assert own["tungsten"]["value"] == pytest.approx(10 * (0.5 * 100 + 0.5 * 200) / 200 * 0.9)
    assert own["tin"]["value"] is None


# -- commands
# --------------------------------------------------------------------------------------------------------


def test_the_command_answers_the_rest_and_ends_with_2(monkeypatch, capsys):
    code, out, err = run(monkeypatch, capsys, "indicators", "tungsten", "tni", "--country", "Japan", "--json")
    assert code == 2
    assert err.splitlines() == ["crosscut: mineral 2 of 2: unknown mineral 'tni'. Did you mean 'tin'?"]
    document = json.loads(out)
    assert document["kind"] == "indicators"
    assert not document["status"]["ok"]
    assert {r["mineral"] for r in document["tables"]["indicators"]["rows"]} == {"tungsten", "tni"}


def test_the_screen_and_the_files(monkeypatch, capsys, tmp_path):
    import polars as pl

    monkeypatch.setenv("COLUMNS", "140")
    code, out, _ = run(
        monkeypatch, capsys, "indicators", "tungsten", "--country", "EU27", "--out", tmp_path / "o"
    )
    assert code == 0
    for words in (
        "Concentration",
        "by owner, named holders only",
        "GeoPolRisk score",
        "Not known",
        "80 % interval",
    ):
        assert words in out, words
    assert sorted(p.name for p in (tmp_path / "o").iterdir()) == [
        "geopolrisk.parquet",
        "indicators.csv",
        "result.json",
    ]
    assert api.read_result(tmp_path / "o" / "result.json")["kind"] == "indicators"
    cells = pl.read_parquet(tmp_path / "o" / "geopolrisk.parquet")
    assert {"EU27", "JPN", "G7"} <= set(cells["place"])


def test_purchases_from_the_template(monkeypatch, capsys, tmp_path):
    code, out, _ = run(monkeypatch, capsys, "exposure", "--template")
    assert code == 0
    mine = tmp_path / "my.csv"
    mine.write_text(out)
    code, out, _ = run(monkeypatch, capsys, "exposure", "--purchases", mine)
    assert code == 0
    assert "governance-weighted spend" in out
    code, _, err = run(monkeypatch, capsys, "exposure", "--purchases", tmp_path / "none.csv")
    assert code == 2
    assert "cannot be read" in err
    code, _, err = run(monkeypatch, capsys, "exposure", "tungsten")
    assert code == 2
    assert "no country" in err


def test_results_of_indicators_are_not_compared_as_if_they_were_runs(tmp_path):
    from crosscut.results import to_text

    (tmp_path / "a.json").write_text(to_text(api.indicators("tungsten")))
    with pytest.raises(UserError, match="indicators are not compared"):
        api.compare(tmp_path / "a.json", tmp_path / "a.json")


def test_the_same_question_gives_the_same_document():
    a, b = (api.indicators("tungsten", "Japan")["id"] for _ in range(2))
    assert a == b


def test_reliance_and_import_sources_say_which_stage_they_are_of():
    """Antimony of the EU in 2024 "from Türkiye 89 %" is ore alone: the metal of Tajikistan is under another
    code. Tungsten "EU import reliance 0 %" is true for ore, of which the EU sells more than it buys."""
    rows = answer(BUNDLED, ["antimony", "tungsten", "aluminium"], "EU27", [2024], 1).rows
    reliance = {(r.mineral, r.indicator): r for r in rows if r.indicator.startswith("reliance.")}
    assert reliance["antimony", "reliance.self_sufficiency"].variant.startswith("ore (HS 261710) alone")
    assert reliance["antimony", "reliance.import_source"].source == "CEPII BACI; ore (HS 261710) alone"
    assert reliance["aluminium", "reliance.self_sufficiency"].variant.startswith("metal (HS 760110) alone")
    eu = reliance["tungsten", "reliance.eu_import_reliance"]
    assert eu.variant.startswith("ore (HS 261100) alone")
    assert eu.value == 0.0
    assert eu.status.startswith("flagged: sells more of this stage than it buys")
    assert reliance["tungsten", "reliance.import_source"].source.endswith("metal (HS 810110) alone")
