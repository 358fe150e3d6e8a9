"""Many rows: the import of a large release keeps every total, within its memory, and answers by skipping row
groups."""

from __future__ import annotations

import subprocess
import sys

import polars as pl
import pytest
from benchmarks.trade_import import IMPORT, synthetic_zip

from crosscut.ledger.reference.tables import trade_rows
from tests.ledgers import data_here, here


@pytest.mark.soak
def test_a_million_rows(tmp_path):
    path = tmp_path / "BACI_HS92_V202601.zip"
    synthetic_zip(path, 999_990)
    done = subprocess.run(
        [sys.executable, "-c", IMPORT, str(path)], check=True, capture_output=True, text=True
    )
    _, _, peak_mb = map(float, done.stdout.split())
    assert peak_mb < 700
    assert trade_rows(here()).select(pl.len()).collect().item() == 999_990
    version = data_here().current_version("baci")
    manifest = data_here().version_manifest("baci", version)
    assert manifest["tables"]["trade"]["rows"] == 999_990
    assert manifest["tables"]["trade"]["through"] == 2024


def test_blocks_and_row_groups_do_not_change_the_figures(tmp_path):
    """A synthetic release of 30,000 rows: sums of the text, by Python's own decimals, equal those of the
    table."""
    import csv
    import io
    import zipfile
    from decimal import Decimal

    path = tmp_path / "BACI_HS92_V202601.zip"
    synthetic_zip(path, 30_000, seed=3)
    value, quantity, missing, rows = Decimal(0), Decimal(0), 0, 0
    with zipfile.ZipFile(path) as z:
        for name in z.namelist():
            if "_Y" in name:
                for r in csv.DictReader(io.StringIO(z.read(name).decode())):
                    rows += 1
                    value += Decimal(r["v"])
                    missing += r["q"] == "NA" or (Decimal(r["q"]) == 0 and Decimal(r["v"]) > 0)
                    quantity += Decimal(0 if r["q"] == "NA" else r["q"])
    done = subprocess.run(
        [sys.executable, "-c", IMPORT, str(path)], check=True, capture_output=True, text=True
    )
    assert done.stdout
    frame = trade_rows(here()).collect()
    assert frame.height == rows
    assert frame["value_usd"].sum() == value * 1000
    assert frame["quantity_kg"].sum() == quantity * 1000
    assert frame["quantity_kg"].null_count() == missing
