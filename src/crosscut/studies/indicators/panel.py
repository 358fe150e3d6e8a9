"""Panel: output, trade and governance of many minerals and years as arrays that share their labels.

In: the bundled trade and governance, World Mining Data where it is at hand, else the ledger's USGS figures
(the source is named for every mineral and year). Out: one `Panel`. Nothing is filled: missing is NaN.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from crosscut.base.arrays import Array, Ints
from crosscut.base.errors import Problem, Refused
from crosscut.base.places import all_places, by_trade_code
from crosscut.ledger.minerals import Mineral
from crosscut.ledger.reference.tables import political_stability, production_rows, trade_codes, trade_rows
from crosscut.ledger.store.ledger import Ledger, per_ledger

WORLD_MINING_DATA = "World Mining Data"
TRADE_SOURCE = "CEPII BACI"
GOVERNANCE_SOURCE = "World Bank WGI"
FIRST_TRADE_YEAR, LAST_TRADE_YEAR = 1995, 2024
# t in the table's own unit: natural gas comes in million m3 at 0.8 kg per m3 (the density GeoPolRisk states)
TONNES_PER_UNIT = {"t": 1.0, "million m3": 800.0}
# Sums, lumps and unknown holders in place columns of the ledger: not countries.
NOT_COUNTRIES = ("WLD", "OTH", "TOP3", "TOT", "UNK", "EU27")
# Relative standard deviation of a figure by its evidence status; the intervals of all indicators rest on
# these.
PRINTED, ESTIMATE, IMPUTED = 0.05, 0.15, 0.5


@dataclass(frozen=True)
class Panel:
    """Arrays over minerals (M), years (Y) and places (P).

    output[M, Y, P]: t (World Mining Data in its content, see the table's name), 0 where the source lists no
    output, NaN where there is no table. lump[M, Y]: t the source prints as "other countries", not in
    `output`. output_source[M][Y]: who says so, empty where there is none; output_sd[M, Y]: its relative
    standard deviation. instability, instability_sd [Y, P]: political instability 0 to 1 (1 is worst), NaN
    where there is none. Trade, one element a row: position of mineral, year, exporter, importer; value
    (kUSD), tonnes (gross, NaN missing).
    """

    minerals: tuple[Mineral, ...]
    years: tuple[int, ...]
    places: tuple[str, ...]
    output: Array
    lump: Array
    output_source: tuple[tuple[str, ...], ...]
    output_sd: Array
    instability: Array
    instability_sd: Array
    mineral: Ints
    year: Ints
    exporter: Ints
    importer: Ints
    value: Array
    tonnes: Array

    def place_index(self, code: str) -> int | None:
        """Position of a place.

        Parameters
        ----------
        code : str
            Code of a country.

        Returns
        -------
        int | None
            None where it occurs in no source.
        """
        return self.places.index(code) if code in self.places else None


def instability_of(estimate: Array) -> Array:
    """Political instability 0 to 1 from the World Bank's estimate: (2.5 - x) / 5, held within 0 and 1.

    Parameters
    ----------
    estimate : Array
        Political stability, about -2.5 weak to 2.5 strong.

    Returns
    -------
    Array
        0 (best) to 1 (worst), of the same shape.

    Examples
    --------
    >>> instability_of(np.array([2.5, 0.0, -2.6])).tolist()
    [0.0, 0.5, 1.0]
    """
    return np.clip((2.5 - estimate) / 5.0, 0.0, 1.0)


def panel(ledger: Ledger, minerals: tuple[Mineral, ...], years: tuple[int, ...]) -> Panel:
    """Everything known about these minerals in these years.

    Parameters
    ----------
    ledger : Ledger
        Trade, output and governance.
    minerals : tuple[Mineral, ...]
        The first axis of the arrays.
    years : tuple[int, ...]
        Calendar years, the second axis.

    Returns
    -------
    Panel
        Missing is NaN; see `Panel` for shapes and units.

    Raises
    ------
    Refused
        For a year outside the trade data.
    """
    if wrong := [y for y in years if not FIRST_TRADE_YEAR <= y <= LAST_TRADE_YEAR]:
        raise Refused(
            [
                Problem(f"no trade data for {y}", "year", f"{FIRST_TRADE_YEAR} to {LAST_TRADE_YEAR}")
                for y in wrong
            ]
        )
    p = _without_ledger(ledger, minerals, years)
    if any(m.ledger[1] and not all(s) for m, s in zip(minerals, p.output_source, strict=True)):
        return _with_ledger(ledger, minerals, years)
    return p


@per_ledger
def _without_ledger(ledger: Ledger, minerals: tuple[Mineral, ...], years: tuple[int, ...]) -> Panel:
    places = tuple(all_places())
    index = {c: k for k, c in enumerate(places)}
    mineral, year, exporter, importer, value, tonnes = _trade(ledger, minerals, years, index)
    output, source = _output(ledger, minerals, years, index)
    g, g_sd = _governance(ledger, years, index)
    shape = output.shape[:2]
    return Panel(
        minerals,
        years,
        places,
        output,
        np.zeros(shape),
        source,
        np.full(shape, PRINTED),
        g,
        g_sd,
        mineral,
        year,
        exporter,
        importer,
        value,
        tonnes,
    )


@per_ledger
def _with_ledger(ledger: Ledger, minerals: tuple[Mineral, ...], years: tuple[int, ...]) -> Panel:
    """The same, with output that World Mining Data does not cover from the ledger as it is now read."""
    p = _without_ledger(ledger, minerals, years)
    output, lump, sd = p.output.copy(), p.lump.copy(), p.output_sd.copy()
    source = [list(s) for s in p.output_source]
    missing = [k for k, m in enumerate(minerals) if m.ledger[1] and not all(source[k])]
    index = {c: k for k, c in enumerate(p.places)}
    _from_ledger(
        ledger,
        minerals,
        missing,
        {y: k for k, y in enumerate(years)},
        index,
        (output, lump, sd),
        source,
    )
    return replace(p, output=output, lump=lump, output_sd=sd, output_source=tuple(map(tuple, source)))


def one_cell(p: Panel, mineral: Mineral, year: int) -> Panel:
    """The panel of one mineral and year cut out of a wider one, without reading anything.

    Parameters
    ----------
    p : Panel
        Holds the mineral and the year.
    mineral : Mineral
        The mineral.
    year : int
        Calendar year.

    Returns
    -------
    Panel
        Equal to a panel read for these alone.

    Examples
    --------
    >>> from crosscut.ledger.minerals import all_minerals
    >>> tungsten, tin = all_minerals()["tungsten"], all_minerals()["tin"]
    >>> ledger = Ledger.bundled()
    >>> cut = one_cell(panel(ledger, (tin, tungsten), (2021, 2022)), tungsten, 2022)
    >>> alone = panel(ledger, (tungsten,), (2022,))
    >>> float(cut.value.sum()) == float(alone.value.sum()), cut.output_source == alone.output_source
    (True, True)
    """
    m, y = p.minerals.index(mineral), p.years.index(year)
    rows = np.flatnonzero((p.mineral == m) & (p.year == y))
    zeros = np.zeros(len(rows), dtype=np.int64)
    return Panel(
        (mineral,),
        (year,),
        p.places,
        p.output[m : m + 1, y : y + 1],
        p.lump[m : m + 1, y : y + 1],
        ((p.output_source[m][y],),),
        p.output_sd[m : m + 1, y : y + 1],
        p.instability[y : y + 1],
        p.instability_sd[y : y + 1],
        zeros,
        zeros,
        p.exporter[rows],
        p.importer[rows],
        p.value[rows],
        p.tonnes[rows],
    )


def _trade(
    ledger: Ledger, minerals: tuple[Mineral, ...], years: tuple[int, ...], index: dict[str, int]
) -> tuple[Ints, Ints, Ints, Ints, Array, Array]:
    codes = sorted({c for m in minerals for c in m.hs92})
    rows = trade_rows(ledger).filter(pl.col("year").is_in(list(years)))
    if len(codes) < 40:  # reading everything is faster than looking for many codes
        rows = rows.filter(pl.col("hs92").cast(pl.String).is_in(codes))
    frame = rows.collect()
    number = {c: k for k, c in enumerate(codes)}
    listed = sorted(trade_codes(ledger))
    of_category = np.array([number.get(c, -1) for c in listed])
    code = of_category[frame["hs92"].cast(pl.Enum(listed)).to_physical().to_numpy()]
    place_of = np.full(1000, -1)
    for n in {*frame["exporter"].unique(), *frame["importer"].unique()}:
        place_of[n] = index[by_trade_code(str(n)).code]
    exporter, importer = place_of[frame["exporter"].to_numpy()], place_of[frame["importer"].to_numpy()]
    year_of = np.full(3000, -1)
    year_of[list(years)] = np.arange(len(years))
    year = year_of[frame["year"].to_numpy()]
    value = frame["value_usd"].to_numpy() / 1000.0
    tonnes = frame["quantity_kg"].cast(pl.Float64).fill_null(float("nan")).to_numpy() / 1000.0
    # A code may belong to two minerals (bituminous coal), so rows are taken mineral by mineral, sorted by
    # code.
    order = np.argsort(code, kind="stable")
    starts = np.searchsorted(code[order], np.arange(len(codes) + 1))
    taken = [
        (k, order[starts[number[c]] : starts[number[c] + 1]]) for k, m in enumerate(minerals) for c in m.hs92
    ]
    rows_taken = np.concatenate([r for _, r in taken]) if taken else np.array([], dtype=np.int64)
    which = np.concatenate([np.full(len(r), k) for k, r in taken]) if taken else np.array([], dtype=np.int64)
    return (
        which.astype(np.int64),
        year[rows_taken],
        exporter[rows_taken],
        importer[rows_taken],
        value[rows_taken],
        tonnes[rows_taken],
    )


def _output(
    ledger: Ledger, minerals: tuple[Mineral, ...], years: tuple[int, ...], index: dict[str, int]
) -> tuple[Array, tuple[tuple[str, ...], ...]]:
    output = np.full((len(minerals), len(years), len(index)), np.nan)
    source = [[""] * len(years) for _ in minerals]
    position, at = (
        {m.production_table: k for k, m in enumerate(minerals)},
        {y: k for k, y in enumerate(years)},
    )
    rows = production_rows(ledger).filter(
        pl.col("mineral").is_in(list(position)) & pl.col("year").is_in(list(years))
    )
    for title, place, y, value, unit in rows.select(
        "mineral", "country", "year", "value", "unit"
    ).iter_rows():
        if value is None or unit not in TONNES_PER_UNIT:
            continue
        m, t = position[title], at[y]
        if not source[m][t]:
            output[m, t], source[m][t] = 0.0, WORLD_MINING_DATA
        output[m, t, index[place]] += value * TONNES_PER_UNIT[unit]
    return output, tuple(map(tuple, source))


def _from_ledger(
    ledger: Ledger,
    minerals: Sequence[Mineral],
    missing: list[int],
    at: dict[int, int],
    index: dict[str, int],
    filled: tuple[Array, Array, Array],
    source: list[list[str]],
) -> None:
    """Fills minerals and years that World Mining Data does not cover from the ledger's USGS output tables."""
    from crosscut.ledger.store.tables import table

    output, lump, sd = filled
    rows = table(ledger, "minerals/stage_production").filter(
        (pl.col("unit") == "t")
        & pl.col("value").is_not_null()
        & pl.col("source_title").str.starts_with("USGS Mineral Commodity")
        & pl.col("year").is_in([str(y) for y in at])
    )
    for k in missing:
        name, form = minerals[k].ledger
        mine = rows.filter((pl.col("mineral") == name) & (pl.col("form") == form))
        for year, part in mine.group_by("year"):
            t = at[int(str(year[0]))]
            if source[k][t]:
                continue
            # One edition a year: the newest one that prints it, never a mixture.
            title = sorted(part["source_title"].unique().to_list())[-1]
            part = part.filter(pl.col("source_title") == title)
            countries = part.filter(~pl.col("country_iso3").is_in(NOT_COUNTRIES))
            if countries.is_empty():
                continue
            output[k, t], source[k][t] = 0.0, short_title(title)
            for place, value in countries.select("country_iso3", "value").iter_rows():
                output[k, t, index[place]] += value
            lump[k, t] = float(part.filter(pl.col("country_iso3") == "OTH")["value"].sum())
            sd[k, t] = ESTIMATE if set(countries["evidence_status"]) - {"reported"} else PRINTED


def _governance(ledger: Ledger, years: tuple[int, ...], index: dict[str, int]) -> tuple[Array, Array]:
    g, sd = np.full((len(years), len(index)), np.nan), np.full((len(years), len(index)), np.nan)
    at = {y: k for k, y in enumerate(years)}
    rows = political_stability(ledger).filter(
        pl.col("year").is_in(list(years)) & pl.col("measure").is_in(["estimate", "standard_error"])
    )
    for place, year, measure, value in rows.select("country", "year", "measure", "value").iter_rows():
        if place not in index or value is None:
            continue
        if measure == "estimate":
            g[at[year], index[place]] = instability_of(np.array(value))
        else:
            sd[at[year], index[place]] = value / 5.0
    return g, sd


def short_title(title: str) -> str:
    """Publisher and edition of a source.

    Parameters
    ----------
    title : str
        Title of the source in the ledger.

    Returns
    -------
    str
        For a Mineral Commodity Summary its edition, else the title up to the first comma.

    Examples
    --------
    >>> short_title("USGS MCS 2026 Tungsten; read via third-party extraction")
    'USGS Mineral Commodity Summaries 2026'
    """
    if edition := re.search(r"(?:Mineral Commodity Summaries|MCS) (\d{4})", title):
        return f"USGS Mineral Commodity Summaries {edition[1]}"
    return title.split(",")[0]
