"""Trade: bilateral trade in 74 mineral codes (HS 1992), 1995-2024, by exporter, importer, value and quantity.

Source: CEPII BACI, as carried in `data/facts/reference/trade.parquet` or, where the user accepted a newer
release, as pulled (`crosscut data status`). Quantities are gross tonnes and null where the source has none;
codes of countries are mapped to ISO3, never dropped.

Production: World Mining Data by mineral, country and year (2018-2024), in the unit of the table.

The package carries the tungsten excerpt; the rest is fetched by `crosscut data pull` into the user's own
folder, because its owner permits excerpts with citation and not copies of the whole.

Governance: political stability and absence of violence (World Bank WGI), by country and year.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import polars as pl

from crosscut.base.errors import Problem, Refused, UserError, suggestion
from crosscut.base.places import by_trade_code, recorded_place
from crosscut.ledger.own_tables import ENTRIES, own_tables
from crosscut.ledger.reference.data_versions import bundled_manifest
from crosscut.ledger.store.ledger import Ledger, per_ledger


def manifest() -> dict[str, Any]:
    """The manifest of the bundled reference data.

    Returns
    -------
    dict
        Source, checksums and totals taken before conversion.
    """
    return bundled_manifest()


@per_ledger
def trade_codes(ledger: Ledger) -> dict[str, str]:
    """Every code with trade data.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.

    Returns
    -------
    dict of str to str
        HS92 code -> description.
    """
    frame = pl.read_parquet(ledger.data.table_path("trade", "trade_codes"))
    return dict(zip(frame["hs92"], frame["description"], strict=True))


def trade_rows(ledger: Ledger) -> pl.LazyFrame:
    """Every row of trade as stored, read only when collected.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.

    Returns
    -------
    polars.LazyFrame
        hs92, exporter and importer (trade codes), year, value_usd (USD), quantity_kg (kg gross; null where
        missing).
    """
    return pl.scan_parquet(ledger.data.table_path("trade"))


def country_sums(rows: pl.LazyFrame | pl.DataFrame) -> pl.LazyFrame:
    """Sums of trade rows by side, country, year and code.

    Parameters
    ----------
    rows : polars.LazyFrame or polars.DataFrame
        Rows as `trade_rows` gives them.

    Returns
    -------
    polars.LazyFrame
        side (exports, imports), country (trade code), year, hs92, value_usd (USD), quantity_kg (kg; null
        where no row has one), rows, missing (rows without a quantity); sorted by country, side, code and
        year.
    """
    known = pl.col("quantity_kg")
    sides = [
        rows.lazy()
        .group_by(pl.col(column).alias("country"), "year", pl.col("hs92").cast(pl.String))
        .agg(
            pl.col("value_usd").sum(),
            pl.when(known.count() > 0).then(known.sum()).alias("quantity_kg"),
            pl.len().cast(pl.Int64).alias("rows"),
            known.is_null().sum().cast(pl.Int64).alias("missing"),
        )
        .select(pl.lit(side).alias("side"), pl.all())
        for side, column in (("exports", "exporter"), ("imports", "importer"))
    ]
    return pl.concat(sides).sort("country", "side", "hs92", "year")


def country_trade(ledger: Ledger, country: str, hs92: str | Sequence[str] | None = None) -> pl.DataFrame:
    """What a place sold and bought over the years.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.
    country : str
        Name or code of a country.
    hs92 : str, sequence of str or None
        HS92 codes to keep; None keeps all.

    Returns
    -------
    polars.DataFrame
        side (exports, imports), year, hs92, value_kusd (kUSD), quantity_t (t gross), rows, missing.
        `quantity_t` leaves out the `missing` rows, so it reads low where there are any.

    Raises
    ------
    UserError
        For an unknown country or code.

    Notes
    -----
    Answers from sums made when the data were pulled, else from the rows.

    Examples
    --------
    >>> ledger = Ledger.bundled()
    >>> t = country_trade(ledger, "Kazakhstan", "261100")
    >>> t.filter((pl.col("year") == 2024) & (pl.col("side") == "exports"))["rows"].sum() >= 0
    True
    """
    codes = _known_codes(ledger, hs92) if hs92 is not None else None
    wanted = [int(c) for c in recorded_place(country).trade_codes]
    path = ledger.data.table_path("trade", "trade_by_country")
    if path.is_file():
        sums = pl.scan_parquet(path).filter(pl.col("country").is_in(wanted))
    else:
        mine = pl.col("exporter").is_in(wanted) | pl.col("importer").is_in(wanted)
        sums = country_sums(trade_rows(ledger).filter(mine)).filter(pl.col("country").is_in(wanted))
    if codes is not None:
        sums = sums.filter(pl.col("hs92").is_in(codes))
    return sums.select(
        "side",
        pl.col("year").cast(pl.Int32),
        "hs92",
        (pl.col("value_usd") / 1000).alias("value_kusd"),
        (pl.col("quantity_kg") / 1000).alias("quantity_t"),
        "rows",
        "missing",
    ).collect()


def _same_heading(code: str, known: Iterable[str]) -> str:
    """The codes of the same heading (four digits), for digits that look alike are of other goods."""
    near = [c for c in known if c[:4] == code[:4]]
    return f"one of heading {code[:4]}: {', '.join(near)}" if near else "one of the codes of trade_codes()"


def _known_codes(ledger: Ledger, hs92: str | Sequence[str]) -> list[str]:
    codes = [hs92] if isinstance(hs92, str) else list(hs92)
    unknown = [c for c in codes if c not in trade_codes(ledger)]
    if unknown:
        raise UserError(
            [
                Problem(f"no trade data under code {c!r}", "HS92", _same_heading(c, trade_codes(ledger)))
                for c in unknown
            ]
        )
    return codes


def trade(ledger: Ledger, hs92: str | Sequence[str], year: int | None = None) -> pl.DataFrame:
    """Trade under one or more codes, row by row, with countries by their ISO3 code.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.
    hs92 : str or sequence of str
        HS92 codes.
    year : int or None
        Calendar year; None gives all years.

    Returns
    -------
    polars.DataFrame
        hs92, year, exporter and importer (ISO3), exporter_code and importer_code (as in the source),
        value_kusd (kUSD), quantity_t (t gross; null where the source has none).

    Raises
    ------
    UserError
        For a code that is not in the data.

    Examples
    --------
    >>> ledger = Ledger.bundled()
    >>> t = trade(ledger, "261100", 2024)
    >>> us = t.filter((pl.col("importer") == "USA") & (pl.col("exporter") == "BOL"))
    >>> round(us["quantity_t"][0], 1)
    1139.6
    """
    codes = _known_codes(ledger, hs92)
    rows = trade_rows(ledger)
    code = pl.col("hs92")
    if (
        rows.collect_schema()["hs92"] != pl.String
    ):  # a cast would keep the row groups of plain text from being skipped
        code = code.cast(pl.String)
    rows = rows.filter(code.is_in(codes))
    if year is not None:
        rows = rows.filter(pl.col("year") == year)
    frame = rows.collect()
    labels = {
        c: by_trade_code(str(c)).code for c in {*frame["exporter"].unique(), *frame["importer"].unique()}
    }
    return frame.select(
        pl.col("hs92").cast(pl.String),
        pl.col("year").cast(pl.Int32),
        pl.col("exporter").replace_strict(labels, return_dtype=pl.String).alias("exporter"),
        pl.col("importer").replace_strict(labels, return_dtype=pl.String).alias("importer"),
        pl.col("exporter").alias("exporter_code"),
        pl.col("importer").alias("importer_code"),
        (pl.col("value_usd") / 1000).alias("value_kusd"),
        (pl.col("quantity_kg") / 1000).alias("quantity_t"),
    )


def production_rows(ledger: Ledger) -> pl.DataFrame:
    """World Mining Data as far as they are at hand: the bundled excerpt, or what was pulled.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.

    Returns
    -------
    polars.DataFrame
        mineral (title of World Mining Data), country (ISO3), year, value (in `unit`), unit, unit_stated.
    """
    return pl.read_parquet(ledger.data.table_path("production"))


@per_ledger
def provisional_years(ledger: Ledger) -> frozenset[tuple[str, int]]:
    """Tables and years of World Mining Data whose figures its owner marks as provisional.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.

    Returns
    -------
    frozenset of (str, int)
        Title of the mineral and year; empty for the bundled copy, which carries no marks.
    """
    path = ledger.data.table_path("production", "production_marks")
    if not path.is_file():
        return frozenset()
    return frozenset(pl.read_parquet(path).select("mineral", "year").iter_rows())


def mine_production(ledger: Ledger, mineral: str, year: int | None = None) -> pl.DataFrame:
    """Mine output of one mineral by country, from World Mining Data; without totals.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.
    mineral : str
        A mineral with own tables, such as "tungsten", or a title of World Mining Data.
    year : int or None
        Calendar year; None gives all years.

    Returns
    -------
    polars.DataFrame
        country (ISO3), year, value (in `unit`), unit.

    Raises
    ------
    Refused
        When the table has not been pulled.
    UserError
        When the pulled data have no such title; the nearest is given.

    Examples
    --------
    >>> ledger = Ledger.bundled()
    >>> t = mine_production(ledger, "tungsten", 2024)
    >>> float(t["value"].sum())
    75416.0
    """
    own = own_tables(mineral)
    title = own.title if own else mineral
    rows = production_rows(ledger)
    titles = rows["mineral"].unique().to_list()
    if title not in titles:
        if len(titles) <= len(ENTRIES):
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


def political_stability(ledger: Ledger, year: int | None = None) -> pl.DataFrame:
    """Political stability and absence of violence, by country and year (World Bank WGI).

    Parameters
    ----------
    ledger : Ledger
        The facts to read.
    year : int or None
        Calendar year; None gives all years.

    Returns
    -------
    polars.DataFrame
        country, year, measure (estimate, standard_error, sources, rank, rank_low, rank_high), value. The
        estimate runs from about -2.5 (weak) to 2.5 (strong).
    """
    rows = pl.read_parquet(ledger.data.table_path("governance"))
    return rows if year is None else rows.filter(pl.col("year") == year)
