"""Formats: what owners document is read to the last figure; what has changed is refused with file, line and
field."""

from __future__ import annotations

import json

import polars as pl
import pytest

from crosscut.base.errors import UserError
from crosscut.ledger.reference.datasets import DATASETS
from crosscut.ledger.reference.tables import manifest, mine_production, political_stability, trade_rows
from crosscut.ledger.sources.checks import check_frame
from crosscut.ledger.sources.owners.baci import Baci
from crosscut.ledger.sources.owners.comtrade import MOST_RECORDS, Comtrade
from crosscut.ledger.sources.owners.mcs import Mcs
from crosscut.ledger.sources.owners.totals import check_totals, totals_of
from crosscut.ledger.sources.owners.wgi import Wgi
from crosscut.ledger.sources.owners.world_mining_data import WorldMiningData
from tests.ledger.sources import samples
from tests.ledger.sources.samples import MCS_HEADER
from tests.ledgers import here

CODES = ("261100", "810110")


def written(tmp_path, name, body):
    path = tmp_path / name
    path.write_bytes(body)
    return path


def refused(connector, *paths):
    with pytest.raises(UserError) as e:
        connector.parsed(paths)
    return [str(p) for p in e.value.problems]


def checked(imported):
    """The one dataset of an import, its totals as its source had them."""
    ((name, before),) = imported.before.items()
    check_frame(imported.tables[name], DATASETS[name], name)
    check_totals(before, totals_of(imported.tables[name], DATASETS[name]), DATASETS[name], name)
    return imported.tables[name]


# CEPII BACI


def baci(tmp_path, body, **more):
    return Baci(CODES, **more), written(tmp_path, "BACI_HS92_V202601.zip", body)


def test_baci_is_the_bundled_data_again(tmp_path):
    """30 years of two codes, written as BACI writes them, give the bundled rows and the totals of its
    source."""
    rows = samples.trade_sample(CODES, tuple(range(1995, 2025)))
    connector, path = baci(tmp_path, samples.baci_zip(rows))
    imported = connector.parsed([path])
    frame = checked(imported)
    bundled = (
        trade_rows(here())
        .with_columns(pl.col("hs92").cast(pl.String))
        .filter(pl.col("hs92").is_in(CODES))
        .collect()
    )
    assert frame.equals(bundled.sort("hs92", "year", "exporter", "importer").select(frame.columns))
    stated = manifest()["trade_totals"]["by_code_year"]
    for key, found in imported.before["trade"]["hs92/year"].items():
        n, missing, value, quantity = stated[key]
        assert found == (n, 0, value, missing, quantity)
    assert imported.release == "V202601"
    assert imported.tables["trade_codes"].rows()[0] == ("261100", "Tungsten ores and concentrates")


def test_baci_in_small_blocks_is_the_same(tmp_path):
    rows = samples.trade_sample()
    connector, path = baci(tmp_path, samples.baci_zip(rows))
    small = Baci(CODES, block=997)
    assert small.parsed([path]).tables["trade"].equals(connector.parsed([path]).tables["trade"])
    assert small.parsed([path]).before == connector.parsed([path]).before


def test_baci_codes_outside_are_counted_not_kept(tmp_path):
    rows = [*samples.trade_sample(), (2024, 156, 842, 10121, "3.500", "1.000")]
    connector, path = baci(tmp_path, samples.baci_zip(rows))
    imported = connector.parsed([path])
    assert imported.tables["trade"].height == len(rows) - 1
    assert imported.facts == {"rows_outside": 1, "value_outside_kusd": 3.5}
    kept = Baci((*CODES, "010121")).parsed([path]).tables["trade"]
    assert kept.filter(pl.col("hs92") == "010121").height == 1


@pytest.mark.parametrize(
    ("row", "says"),
    [((2024, 156, 842, 10121, "lots", "1"), "v: 'lots'"), ((2024, 156, 842, "0x", "1", "1"), "k: '0x'")],
)
def test_baci_wrong_cells_outside_are_named_too(tmp_path, row, says):
    connector, path = baci(tmp_path, samples.baci_zip([(2024, 36, 842, 261100, "1", "1"), row]))
    assert says in refused(connector, path)[0]


@pytest.mark.parametrize("q", ["NA", "", "   NA", '"NA"'])
def test_baci_a_missing_quantity_is_null(tmp_path, q):
    """A weight of 0 beside a value is missing too."""
    connector, path = baci(
        tmp_path, samples.baci_zip([(2024, 156, 842, 261100, "1.5", q), (2024, 36, 842, 261100, "  2", "0")])
    )
    frame = checked(connector.parsed([path]))
    assert frame.select("exporter", "value_usd", "quantity_kg").rows() == [
        (36, 2000, None),
        (156, 1500, None),
    ]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ((2024, 156, 842, 261100, "abc", "1"), "BACI_HS92_Y2024_V202601.csv:3, v: 'abc'"),
        ((2024, 156, 842, 261100, "", "1"), ":3, v: ''"),
        ((2024, 156, 842, 261100, "-1", "1"), ":3, v: '-1'"),
        ((2024, 156, 842, 261100, "1e3", "1"), ":3, v: '1e3'"),
        ((2024, 156, 842, 261100, "inf", "1"), ":3, v: 'inf'"),
        ((2024, 156, 842, 261100, "1.2345", "1"), "up to three decimals"),
        ((2024, 156, 842, 261100, "1", "1000000000000000000"), ":3, q: '1000000000000000000'"),
        ((2024, 156, 842, 261100, "1000000001", "1"), ":3, v: '1000000001'"),
        ((2024, 156, 842, 261100, "1", "n/a"), ":3, q: 'n/a'"),
        ((2024, 0, 842, 261100, "1", "1"), ":3, i: '0'"),
        ((2024, 156, 99999, 261100, "1", "1"), ":3, j: '99999'"),
        ((2024, 156, 842, 2611001, "1", "1"), ":3, k: '2611001'"),
        ((2024, 156, 842, "26A100", "1", "1"), ":3, k: '26A100'"),
        ((2024, 156, 842, "=1+1", "1", "1"), ":3, k: '=1+1'"),
        ((2024, 156, 842, 261100, "1", "1,9"), ":3: 7 fields"),
        ((2024, 156, 842, 261100, "1"), ":3: 5 fields"),
    ],
)
def test_baci_wrong_cells_are_named(tmp_path, row, says):
    connector, path = baci(tmp_path, samples.baci_zip([(2024, 36, 842, 261100, "1", "1"), row]))
    assert any(says in p for p in refused(connector, path)), refused(connector, path)


def test_baci_a_year_in_the_wrong_file(tmp_path):
    connector, path = baci(tmp_path, samples.baci_zip([(2024, 36, 842, 261100, "1", "1")]))
    body = samples.baci_zip([], **{"BACI_HS92_Y2024_V202601.csv": b"t,i,j,k,v,q\n2023,36,842,261100,1,1\n"})
    path.write_bytes(body)
    assert "t: '2023'. Expected the year 2024" in refused(connector, path)[0]


@pytest.mark.parametrize("header", ["t,i,j,k,v", "year,i,j,k,v,q", "i,t,j,k,v,q", "t,i,j,k,v,q,w"])
def test_baci_changed_columns(tmp_path, header):
    connector, path = baci(tmp_path, samples.baci_zip(samples.trade_sample(), header=header))
    assert "the columns have changed" in refused(connector, path)[0]


def test_baci_unknown_country_codes_are_never_dropped(tmp_path):
    connector, path = baci(tmp_path, samples.baci_zip([(2024, 987, 842, 261100, "1", "1")]))
    assert "country code 987 (not in its country table) has no place" in refused(connector, path)[0]


def test_baci_repeated_rows_are_refused(tmp_path):
    row = (2024, 156, 842, 261100, "1", "1")
    connector, path = baci(tmp_path, samples.baci_zip([row, row]))
    with pytest.raises(UserError, match=r"1 rows repeat others, e.g. 261100, 2024, 156, 842"):
        checked(connector.parsed([path]))


def test_baci_parts_that_are_missing(tmp_path):
    connector, path = baci(tmp_path, samples.baci_zip([]))
    assert "holds no yearly file" in refused(connector, path)[0]
    path.write_bytes(samples.baci_zip([(2024, 156, 842, 10121, "1", "1")]))
    assert "no row under the codes asked for" in refused(connector, path)[0]
    path.write_bytes(samples.baci_zip([(2124, 156, 842, 261100, "1", "1")]))
    assert "year 2124" in refused(connector, path)[0]


def test_truncated_zips_are_refused(tmp_path):
    body = samples.baci_zip(samples.trade_sample())
    for cut in (10, len(body) // 2, len(body) - 5):
        connector, path = baci(tmp_path, body[:cut])
        assert "is no whole zip file" in refused(connector, path)[0]
    damaged = bytearray(body)
    damaged[200:260] = b"\x00" * 60
    connector, path = baci(tmp_path, bytes(damaged))
    assert "is damaged" in refused(connector, path)[0]


# World Bank


def wgi(tmp_path, pages):
    return Wgi(), [written(tmp_path, f"wgi-{n}.json", p) for n, p in enumerate(pages, 1)]


def test_wgi_is_the_bundled_data_again(tmp_path):
    connector, paths = wgi(tmp_path, samples.wgi_pages(samples.governance_sample()))
    imported = connector.parsed(paths)
    bundled = political_stability(here()).filter(pl.col("measure") == "estimate").sort("country", "year")
    assert checked(imported).equals(bundled.select(DATASETS["governance"].columns))
    assert imported.release == "2026-10-01"
    assert imported.notes[0] == "1 country-years have no estimate"


def test_wgi_bank_codes_become_iso(tmp_path):
    connector, paths = wgi(
        tmp_path, samples.wgi_pages([("ROM", 2024, 0.5), ("XKX", 2024, -0.1), ("ADO", 2024, 1)])
    )
    assert checked(connector.parsed(paths))["country"].to_list() == ["AND", "ROU", "XKX"]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (("CHN", 2024, "high"), "value 'high'"),
        (("CHN", 2024, 1e18), "value '1E+18'"),
        (("CHN", 2024, True), "value 'True'"),
        (("ZZZ", 2024, 0.1), "unknown country 'ZZZ'"),
        (("", 2024, 0.1), "country code ''"),
        (("CHN", "20Q4", 0.1), "date '20Q4'"),
        (("CHN", 2200, 0.1), "year 2200"),
    ],
)
def test_wgi_wrong_fields_are_named(tmp_path, row, says):
    connector, paths = wgi(tmp_path, samples.wgi_pages([("KAZ", 2024, 0.1), row]))
    assert says in refused(connector, *paths)[0]


def test_wgi_answers_that_are_none(tmp_path):
    said = json.dumps(
        [
            {
                "message": [
                    {
                        "id": "120",
                        "key": "Invalid value",
                        "value": "The provided parameter value is not valid",
                    }
                ]
            }
        ]
    )
    connector, paths = wgi(tmp_path, [said.encode()])
    assert (
        "the World Bank answers: The provided parameter value is not valid" in refused(connector, *paths)[0]
    )
    for body, says in (
        (b"[", "is neither JSON nor a table"),
        (b"{}", "is not [header, rows]"),
        (b"[" * 100_000, "is neither JSON nor a table"),
        (b"\xff\xfe", "is neither JSON nor a table"),
    ):
        connector, paths = wgi(tmp_path, [body])
        assert says in refused(connector, *paths)[0]


def test_wgi_pages_must_be_of_one_release_and_complete(tmp_path):
    pages = samples.wgi_pages(samples.governance_sample(), per_page=2000)
    connector, paths = wgi(tmp_path, [pages[0], pages[1].replace(b"2026-10-01", b"2026-10-02"), *pages[2:]])
    assert "lastupdated changed" in refused(connector, *paths)[0]
    connector, paths = wgi(tmp_path, [pages[0], pages[0], *pages[2:]])
    assert "is page 1. Expected page 2" in refused(connector, *paths)[0]
    connector, paths = wgi(tmp_path, pages[:-1])
    assert "rows on 2 pages" in refused(connector, *paths)[0]
    connector, paths = wgi(tmp_path, [p.replace(b'"countryiso3code"', b'"iso3"') for p in pages])
    assert "the fields have changed" in refused(connector, *paths)[0]


# USGS


def mcs(tmp_path, body):
    return Mcs(), written(tmp_path, "MCS2026_Commodities_Data.csv", body)


def test_mcs_holds_tungsten_as_printed(tmp_path):
    """USGS Mineral Commodity Summaries 2026, Tungsten: China 2025e 67,000 t; the United States withheld."""
    connector, path = mcs(tmp_path, samples.mcs_csv())
    imported = connector.parsed([path])
    frame = checked(imported)
    china = frame.filter((pl.col("country") == "CHN") & (pl.col("year") == 2025)).row(0, named=True)
    printed = next(
        line
        for line in samples.mcs_csv().decode("cp1252").splitlines()
        if ",China," in line and "2025" in line
    )
    assert f'"{china["value"]:,.0f}"' in printed
    assert china["estimated"]
    withheld = frame.filter(pl.col("value_stated") == "W").row(0, named=True)
    assert withheld["value"] is None
    assert withheld["note"] == "Withheld – company data"
    assert frame.filter(pl.col("country") == "WLD").height == 2
    assert imported.release == "2026"


@pytest.mark.parametrize(
    ("stated", "value", "estimated"),
    [
        ("1,050", 1050.0, False),
        ("e10,500", 10500.0, True),
        ("W", None, False),
        ("NA", None, False),
        ("—", None, False),
        (">95", None, False),
        ("-3.5", -3.5, False),
        ("", None, False),
        ("Less than ½ unit", None, False),
        ("E", None, False),
    ],
)
def test_mcs_values(tmp_path, stated, value, estimated):
    line = (
        "LITHIUM",
        "World",
        "Lithium",
        "Chile",
        "Production",
        "Mine production",
        "metric tons",
        "2024",
        stated,
        "",
        "Yes",
        "",
    )
    connector, path = mcs(tmp_path, samples.mcs_csv([line]))
    row = checked(connector.parsed([path])).filter(pl.col("chapter") == "LITHIUM").row(0, named=True)
    assert (row["value"], row["estimated"], row["value_stated"]) == (value, estimated, stated)


def test_mcs_labels_that_are_no_country_stay_as_text(tmp_path):
    line = (
        "HELIUM",
        "World",
        "Helium",
        "United States (extracted from natural gas)",
        "Production",
        "x",
        "t",
        "2021-24",
        "1",
        "",
        "",
        "",
    )
    connector, path = mcs(tmp_path, samples.mcs_csv([line, line]))
    imported = connector.parsed([path])
    rows = checked(imported).filter(pl.col("chapter") == "HELIUM")
    assert rows["country"].to_list() == [None, None]
    assert rows["year"].to_list() == [None, None]
    assert rows["repeat"].to_list() == [1, 2]
    assert "1 labels are no country" in imported.notes[0]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (("=cmd|' /C calc'!A0", *["x"] * 11), "would be run as a formula"),
        (("A", "S", "@SUM(1)", *["x"] * 9), "would be run as a formula"),
        (("A", "S", "C", "Chile", "P", "d", "t", "soon", "1", "", "", ""), None),
        (("A", "S", "C", "Chile", "P", "d", "t", "", "1", "", "", ""), "year ''"),
        (("A", "S", "C", "Chile", "P", "d", "t", "3024", "1", "", "", ""), "year '3024'"),
        (
            ("A", "S", "C", "Chile", "P", "d", "t", "2024", "1000000000000000000", "", "", ""),
            "1000000000000000000",
        ),
        (("A", "S", "C", "Chi\x07le", "P", "d", "t", "2024", "1", "", "", ""), "control characters"),
        (("A", "S", "C"), "3 fields"),
    ],
)
def test_mcs_wrong_lines_are_named(tmp_path, line, says):
    connector, path = mcs(tmp_path, samples.mcs_csv([line]))
    if says is None:
        checked(connector.parsed([path]))
    else:
        assert says in refused(connector, path)[0]
        assert path.name in refused(connector, path)[0]


def test_mcs_changed_columns_and_broken_csv(tmp_path):
    connector, path = mcs(tmp_path, samples.mcs_csv(header=MCS_HEADER.replace("Country", "Nation")))
    assert "missing: Country; not known: 'Nation'" in refused(connector, path)[0]
    path.write_bytes(samples.mcs_csv() + b'"TUNGSTEN,"broken"')
    assert "is broken CSV" in refused(connector, path)[0]
    path.write_bytes(samples.mcs_csv() + b"\x00")
    assert "zero bytes" in refused(connector, path)[0]


# UN Comtrade


def comtrade(tmp_path, body):
    return Comtrade(), written(tmp_path, "comtrade-2024.json", body)


def test_comtrade_records(tmp_path):
    connector, path = comtrade(tmp_path, samples.comtrade_answer(2024))
    imported = connector.parsed([path])
    frame = checked(imported)
    assert frame.select("reporter", "partner", "flow", "value_usd", "net_kg").rows() == [
        (156, 392, "X", 1250.5, 40.25),
        (156, 410, "X", 300.25, None),
    ]
    assert list(imported.notes) == ["records without a weight: 1"]


def test_comtrade_world_totals_that_do_not_fit_are_told(tmp_path):
    body = samples.comtrade_answer(2024).replace(b"1550.75", b"9999.75")
    connector, path = comtrade(tmp_path, body)
    assert "1 reported world totals differ" in connector.parsed([path]).notes[1]


def test_comtrade_answers_that_are_none(tmp_path):
    for body, says in (
        (samples.comtrade_answer(2024, error="Out of quota"), "Comtrade answers: Out of quota"),
        (b'{"statusCode": 403, "message": "Out of call volume quota"}', "Out of call volume quota"),
        (samples.comtrade_answer(2024, count=7), "3 records, 7 announced"),
        (samples.comtrade_answer(2024, [{"cmdCode": "261100"}]), "the fields have changed: flowCode"),
        (samples.comtrade_answer(2024, []), "no record"),
        (b"<html>", "is not JSON"),
        (samples.comtrade_answer(2024).replace(b"1250.5", b"1e18"), "primaryValue"),
        (samples.comtrade_answer(2024).replace(b"1250.5", b'"=1+1"'), "primaryValue"),
        (samples.comtrade_answer(2024).replace(b'"X"', b'"=X"'), "flowCode"),
    ):
        connector, path = comtrade(tmp_path, body)
        assert says in refused(connector, path)[0]
    connector, path = comtrade(tmp_path, samples.comtrade_answer(2024, [{}] * MOST_RECORDS))
    assert "the answer is cut off" in refused(connector, path)[0]


# World Mining Data


def test_wmd_is_the_bundled_data_again(tmp_path):
    path = samples.wmd_workbook(tmp_path / "w.xlsx")
    imported = WorldMiningData().parsed([path])
    frame = checked(imported)
    own = frame.filter(pl.col("mineral") == "Tungsten (W)").select("country", "year", "value", "unit")
    assert own.equals(mine_production(here(), "tungsten").sort("country", "year"))
    gold = {
        (r["country"], r["year"]): (r["value"], r["unit_stated"])
        for r in frame.iter_rows(named=True)
        if r["mineral"] == "Gold"
    }
    assert gold[("CIV", 2023)] == (58.0, "kg")
    assert ("XKX", 2024) not in gold
    assert gold[("NAM", 2024)][0] == pytest.approx(9.1)
    assert "Gold 2024: its countries add up to 69.6" in " ".join(imported.notes)
    assert "Tungsten (W) 2022" not in " ".join(imported.notes)  # 10 t of 79,000 are within 0.1 %


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([["Tin"], ["Country", "units", 2024]], "the columns have changed"),
        ([["Tin"], ["Country", "unit", "metal"]], "the columns have changed"),
        ([["Tin"], ["Country", "unit", 2024], ["Peru", "tons", 1]], "unit 'tons'. Expected one of: metr. t"),
        ([["Tin"], ["Country", "unit", 2024], ["Peruu", "metr. t", 1]], "unknown country 'Peruu'"),
        ([["Tin"], ["Country", "unit", 2024], ["Peru", "metr. t", "many"]], "'many' is no number"),
        ([["Tin"], ["Country", "unit", 2024], ["Peru", "metr. t", 10**18]], "row 3, 2024: 1e+18"),
        ([["Tin"], ["Country", "unit", 2024], ["Peru", "metr. t", -1]], "row 3, 2024: -1"),
        ([["Tin"], ["Country", "unit", 2024], ["@Peru", "metr. t", 1]], "would be run as a formula"),
        ([["Tin"], ["Land", "unit", 2024]], "no sheet with a column Country"),
        ([["Tin"], ["Country", "unit", 2124], ["Peru", "metr. t", 1]], "year 2124"),
    ],
)
def test_wmd_wrong_cells_are_named(tmp_path, rows, says):
    path = samples.wmd_workbook(tmp_path / "w.xlsx", {"Tin": rows})
    assert says in refused(WorldMiningData(), path)[0]
