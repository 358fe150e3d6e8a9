"""Governance: political stability and absence of violence (World Bank WGI), by country and year."""

from __future__ import annotations

import polars as pl

from crosscut.facts.copies import table_path


def political_stability(year: int | None = None) -> pl.DataFrame:
    """country, year, measure (estimate, standard_error, sources, rank, rank_low, rank_high), value.

    The estimate runs from about -2.5 (weak) to 2.5 (strong).
    """
    rows = pl.read_parquet(table_path("governance"))
    return rows if year is None else rows.filter(pl.col("year") == year)
