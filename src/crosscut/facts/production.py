"""Production: World Mining Data by mineral, country and year (2018-2024), in the unit of the table.

The package carries the tungsten excerpt; the rest is fetched by `crosscut data pull` into the user's own
folder, because its owner permits excerpts with citation and not copies of the whole.
"""

from __future__ import annotations

import polars as pl

from crosscut.errors import Problem, Refused, UserError, suggestion
from crosscut.facts.copies import bundled_path, table_path

TITLES = {"tungsten": "Tungsten (W)"}


def production_rows() -> pl.DataFrame:
    """All rows at hand: mineral (World Mining Data title), country, year, value, unit, unit_stated."""
    return pl.read_parquet(table_path("production"))


def bundled_production_rows() -> pl.DataFrame:
    """The rows the package carries: tungsten, with the columns of `production_rows`."""
    return pl.read_parquet(bundled_path("production"))


def mine_production(mineral: str, year: int | None = None) -> pl.DataFrame:
    """country, year, value, unit of one mineral, without totals.

    `mineral` is "tungsten" or a title of World Mining Data. Raises Refused when the table has not been
    pulled.

    >>> t = mine_production("tungsten", 2024)
    >>> float(t["value"].sum())
    75416.0
    """
    title = TITLES.get(mineral, mineral)
    rows = production_rows()
    titles = rows["mineral"].unique().to_list()
    if title not in titles:
        if len(titles) <= len(TITLES):
            raise Refused(
                Problem(
                    f"World Mining Data of {mineral} is not in the package",
                    "production",
                    "`crosscut data pull world-mining-data`, then `crosscut data accept`",
                )
            )
        raise UserError(Problem(f"no table {mineral!r}", "World Mining Data", suggestion(mineral, titles)))
    rows = rows.filter(pl.col("mineral") == title)
    if year is not None:
        rows = rows.filter(pl.col("year") == year)
    return rows.select("country", "year", "value", "unit")
