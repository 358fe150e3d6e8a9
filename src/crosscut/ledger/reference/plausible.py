"""Plausible: trade whose quantity nothing else bears out, by the world's unit value, by the neighbouring
years, and by what the exporter is known to handle.

The limits come from all flows of all codes, 1995 to 2024, and not from any one of them; `docs/data.md` has
the counts.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

# Of the flows above 1 % of a code's trade that are this many times too cheap, half or fewer are cheap again
# in two of the three years on either side: 50 % at 32 times (bulk goods: 53 % at 64 times, 29 % at 128).
FAR = 32.0
FAR_BULK = 64.0
NEIGHBOURS = 3  # years on either side
SAME = 3.0  # a neighbouring year bears a unit value out where both are within this factor
ENOUGH = 2  # years that bear a unit value out
COMPARABLE = 0.1  # and whose quantity is at least this share of the one in question
# Nine in ten quantities that are filled in are below 1.3 times what the exporter sends or receives in one of
# the seven years around.
MOST_FILLED = 2.0


def typical_unit_values(frame: pl.DataFrame) -> dict[int, float]:
    """What a tonne of a code costs in each year: the median over the rows, weighted by the root of value.

    Parameters
    ----------
    frame : polars.DataFrame
        Trade of one code, with columns year, value_kusd (kUSD) and quantity_t (t).

    Returns
    -------
    dict of int to float
        kUSD/t by year; years without a quantity are absent.

    Examples
    --------
    >>> rows = {"year": [2024] * 3, "value_kusd": [4.0, 4.0, 4.0], "quantity_t": [1.0, 2.0, 400.0]}
    >>> typical_unit_values(pl.DataFrame(rows))
    {2024: 2.0}
    """
    known = frame.filter((pl.col("quantity_t") > 0) & (pl.col("value_kusd") > 0)).with_columns(
        (pl.col("value_kusd") / pl.col("quantity_t")).alias("uv"), pl.col("value_kusd").sqrt().alias("weight")
    )
    half = (
        known.sort("year", "uv")
        .with_columns(pl.col("weight").cum_sum().over("year").alias("running"))
        .filter(pl.col("running") >= 0.5 * pl.col("weight").sum().over("year"))
    )
    found = half.group_by("year", maintain_order=True).agg(pl.col("uv").first())
    return {int(y): float(uv) for y, uv in found.iter_rows()}


def borne_out(frame: pl.DataFrame, year: int) -> NDArray[np.int64]:
    """In how many neighbouring years the same pair trades a comparable quantity at a like unit value.

    Parameters
    ----------
    frame : polars.DataFrame
        Trade of one code over the years, with exporter, importer, year, value_kusd (kUSD), quantity_t (t).
    year : int
        The year in question.

    Returns
    -------
    array of int, shape (rows of the year,)
        Years out of `NEIGHBOURS` on either side, in the order of the rows of that year. Unit values are
        compared after division by what is typical of their year.
    """
    typical = typical_unit_values(frame)
    known = (
        frame.with_row_index("row")
        .filter((pl.col("quantity_t") > 0) & (pl.col("value_kusd") > 0) & pl.col("year").is_in(list(typical)))
        .with_columns(
            (
                pl.col("value_kusd")
                / pl.col("quantity_t")
                / pl.col("year").replace_strict(typical, return_dtype=pl.Float64)
            )
            .log()
            .alias("off")
        )
    )
    now = known.filter(pl.col("year") == year)
    others = known.filter((pl.col("year") != year) & ((pl.col("year") - year).abs() <= NEIGHBOURS))
    met = now.join(others, on=["exporter", "importer"], suffix="_then").filter(
        ((pl.col("off") - pl.col("off_then")).abs() < float(np.log(SAME)))
        & (pl.col("quantity_t_then") >= COMPARABLE * pl.col("quantity_t"))
    )
    years = dict(met.group_by("row").agg(pl.col("year_then").n_unique()).iter_rows())
    rows = np.flatnonzero((frame["year"] == year).to_numpy())
    return np.array([years.get(int(r), 0) for r in rows], dtype=np.int64)


def most_handled(frame: pl.DataFrame, year: int) -> dict[str, float]:
    """The most that each country sends or receives of a code in one of the years around.

    Parameters
    ----------
    frame : polars.DataFrame
        Trade of one code over the years, with exporter, importer, year and quantity_t (t, null where the
        source has none).
    year : int
        The year in question.

    Returns
    -------
    dict of str to float
        t gross by ISO3 code; countries without any stated quantity are absent.

    Examples
    --------
    >>> rows = {"exporter": ["PHL"], "importer": ["TWN"], "year": [2023], "quantity_t": [9.0]}
    >>> most_handled(pl.DataFrame(rows), 2024) == {"PHL": 9.0, "TWN": 9.0}
    True
    """
    near = frame.filter(((pl.col("year") - year).abs() <= NEIGHBOURS) & (pl.col("quantity_t") > 0))
    out: dict[str, float] = {}
    for side in ("exporter", "importer"):
        sums = near.group_by(side, "year").agg(pl.col("quantity_t").sum())
        for country, most in sums.group_by(side).agg(pl.col("quantity_t").max()).iter_rows():
            out[country] = max(out.get(country, 0.0), float(most))
    return out


__all__ = ["ENOUGH", "FAR", "FAR_BULK", "MOST_FILLED", "borne_out", "most_handled", "typical_unit_values"]
