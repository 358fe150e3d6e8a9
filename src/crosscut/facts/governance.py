"""Governance: political stability and absence of violence (World Bank WGI), by country and year."""

from __future__ import annotations

from importlib.resources import as_file, files

import polars as pl


def political_stability(year: int | None = None) -> pl.DataFrame:
    """country, year, measure (estimate, standard_error, sources, rank, rank_low, rank_high), value.

    The estimate runs from about -2.5 (weak) to 2.5 (strong).
    """
    with as_file(files("crosscut.facts").joinpath("bundled/reference/governance.parquet")) as path:
        rows = pl.read_parquet(path)
    return rows if year is None else rows.filter(pl.col("year") == year)
