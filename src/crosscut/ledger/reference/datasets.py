"""Datasets: the tables that owners publish again every year, as this project keeps them.

A dataset is declared once: columns, keys, measures, the groups whose totals must survive every import, and
what no honest figure exceeds. Where it comes from is a matter of `ledger/sources`; which copy is read, of
`ledger/reference/data_versions`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import polars as pl


@dataclass(frozen=True)
class Dataset:
    """One table: `keys` name a row, `measures` are its figures, `totals` the groups whose sums are compared.

    `whole` measures are integers and their totals must be equal; others agree to 1e-9. `bounds` are the
    smallest and largest value that is believed. `providers` are sources, most direct first. `published` is
    (years, month): the figures of year Y are out by the first of that month, that many years later.
    `read_by` says which answers an accepted copy changes.
    """

    id: str
    title: str
    schema: Mapping[str, pl.DataType]
    keys: tuple[str, ...]
    measures: tuple[str, ...]
    totals: tuple[tuple[str, ...], ...]
    bounds: Mapping[str, tuple[float, float]]
    providers: tuple[str, ...]
    published: tuple[int, int]
    read_by: str
    whole: bool = False
    bundled: str = ""
    bundled_through: int | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns in order."""
        return tuple(self.schema)

    def due(self, through: int) -> date:
        """From when on newer figures than those to year `through` should be out.

        >>> DATASETS["governance"].due(2024)
        datetime.date(2026, 11, 1)
        """
        years, month = self.published
        return date(through + 1 + years, month, 1)


def _schema(**columns: type[pl.DataType]) -> Mapping[str, pl.DataType]:
    return MappingProxyType({name: kind() for name, kind in columns.items()})


_S, _I, _F = pl.String, pl.Int64, pl.Float64

DATASETS: Mapping[str, Dataset] = MappingProxyType(
    {
        d.id: d
        for d in (
            Dataset(
                id="trade",
                title="Bilateral trade by HS 1992 code",
                schema=_schema(
                    hs92=_S, exporter=pl.Int16, importer=pl.Int16, year=pl.Int16, value_usd=_I, quantity_kg=_I
                ),
                keys=("hs92", "year", "exporter", "importer"),
                measures=("value_usd", "quantity_kg"),
                totals=(("hs92", "year"), ("exporter", "year"), ("importer", "year")),
                # 1 trillion USD and 10 billion t: more than the world trades of any mineral in a year.
                bounds={"value_usd": (0, 1e12), "quantity_kg": (0, 1e13)},
                providers=("baci",),
                published=(2, 2),
                read_by="worlds, all that is solved on them, and trade in indicators and exposure",
                whole=True,
                bundled="trade.parquet",
                bundled_through=2024,
            ),
            Dataset(
                id="production",
                title="Mine production by mineral and country",
                schema=_schema(mineral=_S, country=_S, year=_I, value=_F, unit=_S, unit_stated=_S),
                keys=("mineral", "country", "year"),
                measures=("value",),
                totals=(("mineral", "year"), ("country",)),
                # Coal, 9 billion t, is the most that is dug; gas in million m3 and gems in carats stay below
                # as well.
                bounds={"value": (0, 2e10)},
                providers=("world-mining-data", "geopolrisk"),
                published=(2, 6),
                read_by="output by country in indicators, in exposure and in the score of purchases",
                bundled="production.parquet",
                bundled_through=2024,
            ),
            Dataset(
                id="governance",
                title="Political stability and absence of violence",
                schema=_schema(country=_S, year=_I, measure=_S, value=_F),
                keys=("country", "year", "measure"),
                measures=("value",),
                totals=(("measure", "year"), ("country",)),
                bounds={"value": (-10, 100)},
                providers=("wgi",),
                published=(1, 11),
                read_by="risk of countries in indicators, exposure, purchases and the odds of stress",
                bundled="governance.parquet",
                bundled_through=2024,
            ),
            Dataset(
                id="summaries",
                title="USGS Mineral Commodity Summaries, every figure of the data release",
                schema=_schema(
                    chapter=_S,
                    section=_S,
                    commodity=_S,
                    country=_S,
                    country_stated=_S,
                    statistic=_S,
                    detail=_S,
                    unit=_S,
                    period=_S,
                    year=_I,
                    value=_F,
                    value_stated=_S,
                    estimated=pl.Boolean,
                    note=_S,
                    repeat=_I,
                ),
                # Some series repeat under one name with other notes; `repeat` counts them.
                keys=(
                    "chapter",
                    "section",
                    "commodity",
                    "country_stated",
                    "statistic",
                    "detail",
                    "unit",
                    "period",
                    "repeat",
                ),
                measures=("value",),
                totals=(("chapter", "period"), ("country_stated",)),
                bounds={"value": (-1e12, 1e12)},
                providers=("usgs-mcs",),
                published=(1, 3),
                read_by="facts of each mineral it names, and with them worlds, indicators and exposure",
            ),
            Dataset(
                id="reported_trade",
                title="Trade as countries report it (UN Comtrade)",
                schema=_schema(
                    classification=_S,
                    code=_S,
                    reporter=_I,
                    partner=_I,
                    flow=_S,
                    year=_I,
                    value_usd=_F,
                    net_kg=_F,
                    net_estimated=pl.Boolean,
                    reported=pl.Boolean,
                ),
                keys=("classification", "code", "reporter", "partner", "flow", "year"),
                measures=("value_usd", "net_kg"),
                totals=(("code", "year"), ("reporter", "year")),
                bounds={"value_usd": (0, 1e12), "net_kg": (0, 1e13)},
                providers=("comtrade",),
                published=(1, 12),
                read_by="facts alone (`crosscut facts MINERAL`); worlds are built from BACI",
            ),
        )
    }
)
