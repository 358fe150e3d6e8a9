"""Cleaning: what is repaired, what is residue, and that nothing else is touched."""

import numpy as np
import polars as pl
import pytest

from crosscut.ledger.reference.repair import repaired_trade, weighted_median
from crosscut.ledger.reference.tables import trade
from tests.ledgers import BUNDLED


@pytest.mark.parametrize("year", [2010, 2013, 2015])
def test_years_with_absurd_tungsten_quantities_are_repaired(year):
    raw, (clean, repairs) = trade(BUNDLED, "261100", year), repaired_trade(BUNDLED, "261100", year)
    assert repairs
    assert raw.height == clean.height
    assert raw["value_kusd"].sum() == pytest.approx(clean["value_kusd"].sum())
    touched = {(r.exporter, r.importer) for r in repairs}
    joined = raw.join(clean, on=["exporter", "importer", "exporter_code", "importer_code"], suffix="_clean")
    same = joined.filter(
        pl.col("quantity_t").is_not_null() & (pl.col("quantity_t") == pl.col("quantity_t_clean"))
    )
    moved = {(r["exporter"], r["importer"]) for r in joined.iter_rows(named=True)} - {
        (r["exporter"], r["importer"]) for r in same.iter_rows(named=True)
    }
    assert moved == touched


def test_a_repair_says_before_after_and_why():
    _, repairs = repaired_trade(BUNDLED, "261100", 2010)
    worst = max(repairs, key=lambda r: r.after)
    assert worst.before is not None
    assert worst.after > 100 * worst.before
    assert "is off by more than 6x" in worst.reason


def test_missing_quantities_are_filled_from_the_expected_unit_value():
    _, repairs = repaired_trade(BUNDLED, "261100", 2024)
    filled = [r for r in repairs if r.before is None]
    assert {("CHN", "PER"), ("DEU", "ESP")} <= {(r.exporter, r.importer) for r in filled}
    assert all(r.after > 0 for r in filled)


def test_us_residue_to_viet_nam_is_flagged_and_left_alone():
    frame, repairs = repaired_trade(BUNDLED, "261100", 2024)
    row = frame.filter((pl.col("exporter") == "USA") & (pl.col("importer") == "VNM"))
    assert row["scrap_suspect"][0]
    assert row["quantity_t"][0] == pytest.approx(2611.868)
    assert ("USA", "VNM") not in {(r.exporter, r.importer) for r in repairs}


def test_low_grade_ore_is_not_taken_for_residue():
    """Mongolian and North Korean concentrate is cheap, but above a quarter of the usual unit value."""
    frame, _ = repaired_trade(BUNDLED, "261100", 2024)
    cheap = frame.filter((pl.col("importer") == "CHN") & pl.col("exporter").is_in(["MNG", "PRK"]))
    assert not cheap["scrap_suspect"].any()


def test_weighted_median_is_the_ordinary_one_with_equal_weights():
    rng = np.random.default_rng(0)
    x = rng.normal(size=101)
    assert weighted_median(x, np.ones(101)) == pytest.approx(np.median(x))
