"""Refined: the one-value-a-country balance of 2024, and scrap that customs book as metal."""

from __future__ import annotations

import polars as pl

from crosscut.ledger.store.ledger import Ledger
from crosscut.ledger.store.tables import table
from crosscut.worlds.evidence import IMPUTED, Cell, CellKind

MATRIX_YEAR = 2024
BALANCE_SOURCE = "Derived here"

SCRAP_CONTENT = 0.7  # t W per t of metal rows whose unit value is that of scrap; assumed


def balance_2024(
    ledger: Ledger, metric: str, product: str | None = None
) -> dict[str, tuple[float, str, str]]:
    """Read the balance of refined tungsten behind the matrix, one value a country.

    Parameters
    ----------
    ledger : Ledger
        The facts.
    metric : str
        What is counted, such as refined_exports or refined_use.
    product : str, optional
        One product only; any by default.

    Returns
    -------
    dict of str to (float, str, str)
        By place: t W in the year, evidence status, fact id. The world and the EU as a whole are left out.
    """
    rows = table(ledger, "tungsten/refined_balance").filter(
        (pl.col("year") == str(MATRIX_YEAR))
        & (pl.col("metric") == metric)
        & pl.col("source_title").str.starts_with(BALANCE_SOURCE)
        & ~pl.col("country").is_in(["WLD", "EU27"])
    )
    if product:
        rows = rows.filter(pl.col("product") == product)
    return {
        r["country"]: (float(r["value_t_w"]), r["evidence_status"], r["fact_id"])
        for r in rows.iter_rows(named=True)
    }


def metal_scrap_cells(ledger: Ledger, node: object) -> list[Cell]:
    """Trade under metal codes that its unit value shows to be scrap, kept as scrap.

    Parameters
    ----------
    ledger : Ledger
        The facts on refined trade; rows excluded from it are taken.
    node : callable
        From an ISO3 code to the node that counts it, see `place_of`.

    Returns
    -------
    list of Cell
        In t W a year between different nodes: gross tonnes times `SCRAP_CONTENT`, which is assumed.
    """
    rows = table(ledger, "tungsten/refined_trade").filter(
        (pl.col("year") == str(MATRIX_YEAR)) & pl.col("note").str.starts_with("excluded")
    )
    sums: dict[tuple[str, str], float] = {}
    for r in rows.iter_rows(named=True):
        i, j = node(r["exporter_iso3"]), node(r["importer_iso3"])  # type: ignore[operator]
        if i != j and r["quantity"] is not None:
            sums[i, j] = sums.get((i, j), 0.0) + float(r["quantity"]) * SCRAP_CONTENT
    return [
        Cell(
            CellKind.TRADE,
            "scrap",
            i,
            t,
            IMPUTED,
            "derived",
            other=j,
            note="booked as metal at scrap's unit value; 0.7 t W per t assumed",
        )
        for (i, j), t in sorted(sums.items())
    ]
