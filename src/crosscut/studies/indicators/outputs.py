"""Outputs: every table of output by country at hand for a mineral and year, each from one source and one
stage.

World Mining Data (pulled, tungsten bundled), USGS by stage (newest edition that prints the year), and the
shares of the EU study where no tonnes are printed. They are never mixed; each becomes a row of its own.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import polars as pl

from crosscut.ledger.minerals import Mineral
from crosscut.ledger.own_tables import own_tables
from crosscut.ledger.reference.tables import production_rows, provisional_years
from crosscut.ledger.store.ledger import Ledger
from crosscut.ledger.store.tables import sources, table
from crosscut.studies.indicators.panel import (
    NOT_COUNTRIES,
    PRINTED,
    TONNES_PER_UNIT,
    WORLD_MINING_DATA,
    short_title,
)
from crosscut.studies.indicators.rows import SD_BY_EVIDENCE_STATUS, worst

EU_SHARES = "2016-2020 average"


@dataclass(frozen=True)
class Output:
    """amounts: t (or per cent of the world) by country; lump: what is printed as other countries."""

    stage: str
    source: str
    period: str
    amounts: dict[str, float]
    lump: float
    evidence_status: str
    facts: tuple[str, ...]

    @property
    def sd(self) -> float:
        """Relative standard deviation of each amount."""
        return SD_BY_EVIDENCE_STATUS.get(self.evidence_status, PRINTED)


def outputs(ledger: Ledger, mineral: Mineral, year: int) -> list[Output]:
    """Tables of output of a mineral in a year, first the one that other indicators use.

    Parameters
    ----------
    ledger : Ledger
        World Mining Data and the tables of USGS.
    mineral : Mineral
        The mineral.
    year : int
        Calendar year.

    Returns
    -------
    list[Output]
        Each from one source and stage, in t a year or, for shares of the EU study, per cent of the world.

    Examples
    --------
    >>> from crosscut.ledger.minerals import all_minerals
    >>> ledger = Ledger.bundled()
    >>> [(o.stage, o.source) for o in outputs(ledger, all_minerals()["tungsten"], 2024)]
    [('output', 'World Mining Data'), ('mine', 'USGS Mineral Commodity Summaries 2026')]
    """
    return [*_world_mining_data(ledger, mineral, year), *_usgs(ledger, mineral, year)]


def _world_mining_data(ledger: Ledger, mineral: Mineral, year: int) -> list[Output]:
    rows = production_rows(ledger).filter(
        (pl.col("mineral") == mineral.production_table) & (pl.col("year") == year)
    )
    amounts: dict[str, float] = defaultdict(float)
    for place, value, unit in rows.select("country", "value", "unit").iter_rows():
        if value is not None:
            amounts[place] += value * TONNES_PER_UNIT.get(unit, 1.0)
    if not sum(amounts.values()):
        return []
    provisional = (mineral.production_table, year) in provisional_years(ledger)
    status = "estimated" if provisional else "reported"
    return [Output("output", WORLD_MINING_DATA, str(year), dict(amounts), 0.0, status, ())]


def _usgs(ledger: Ledger, mineral: Mineral, year: int) -> list[Output]:
    if own := own_tables(mineral.name):
        rows = table(ledger, own.output.name).filter(
            (pl.col("year") == str(year))
            & pl.col("source_title").str.contains("Mineral Commodity Summaries|MCS")
        )
        return _by_edition(ledger, rows, own.output.place, own.output.tonnes, "mine")
    name, own_form = mineral.ledger
    if not name:
        return []
    every = table(ledger, "minerals/stage_production").filter(
        (pl.col("mineral") == name)
        & pl.col("value").is_not_null()
        & ~pl.col("form").str.contains("capacity|quota|consumption|secondary")
    )
    # Bauxite and magnesite are forms of another name in the ledger.
    if name != mineral.name:
        every = every.filter(pl.col("form") == own_form)
    tonnes = every.filter(
        (pl.col("unit") == "t")
        & (pl.col("year") == str(year))
        & pl.col("source_title").str.starts_with("USGS")
    )
    out = []
    for form in sorted(tonnes["form"].unique().to_list(), key=lambda f: (f != own_form, f)):
        out += _by_edition(ledger, tonnes.filter(pl.col("form") == form), "country_iso3", "value", form)
    listed = {o.stage for o in out}
    shares = every.filter((pl.col("unit") == "% of world") & (pl.col("year") == EU_SHARES))
    for form in sorted(set(shares["form"].unique().to_list()) - listed):
        out += _by_edition(
            ledger, shares.filter(pl.col("form") == form), "country_iso3", "value", form, EU_SHARES
        )
    return [o for o in out if len(o.amounts) > 1 or o.lump > 0]


def _by_edition(
    ledger: Ledger, rows: pl.DataFrame, place: str, value: str, stage: str, period: str = ""
) -> list[Output]:
    """The newest edition that prints countries (never a mixture of editions), if there is one."""
    rows = rows.filter(pl.col(value).is_not_null())
    counted = rows.filter(~pl.col(place).is_in(NOT_COUNTRIES)).group_by("source_id").agg(pl.len())
    ids = counted.filter(pl.col("len") > 1)["source_id"].to_list()
    if not ids:
        return []
    chosen = max(ids, key=lambda i: (sources(ledger)[i].published[:4], sources(ledger)[i].title, i))
    part = rows.filter(pl.col("source_id") == chosen)
    countries = part.filter(~pl.col(place).is_in(NOT_COUNTRIES))
    amounts: dict[str, float] = defaultdict(float)
    for code, amount in countries.select(place, value).iter_rows():
        amounts[code] += amount
    lump = float(part.filter(pl.col(place) == "OTH")[value].sum())
    if period:  # shares of the world: what is not named is the lump
        lump = max(0.0, 100.0 - sum(amounts.values()))
    elif not lump:
        # The printed world total holds more than the named countries: rounding, or countries not named.
        world = part.filter(pl.col(place) == "WLD")[value]
        gap = float(world[0]) - sum(amounts.values()) if len(world) else 0.0
        lump = gap if gap > 0.02 * sum(amounts.values()) else 0.0
    if sum(amounts.values()) <= 0:
        return []
    title = short_title(sources(ledger)[chosen].title)
    year = period or str(countries["year"][0])
    return [
        Output(
            stage,
            title,
            year,
            dict(amounts),
            lump,
            worst(set(countries["evidence_status"])),
            tuple(countries["fact_id"]),
        )
    ]
