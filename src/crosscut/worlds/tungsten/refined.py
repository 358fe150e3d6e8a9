"""Refined: the 2024 estimate of who ships APT, oxide, powder, carbide and ferrotungsten to whom."""

from __future__ import annotations

import polars as pl

from crosscut.facts.tables import table
from crosscut.worlds.evidence import ESTIMATE, IMPUTED, TRADE_ROW, Cell, CellKind

MATRIX_YEAR = 2024
BALANCE_SOURCE = "Derived here"

# How far a cell of the matrix may move and how much of a fact it is, by what stands behind it.
CELL_TYPES = {
    "reported": (TRADE_ROW, "reported"),
    "mixed": (ESTIMATE, "estimated"),
    "anchor_share": (0.3, "estimated"),
    "anchor_assumed": (0.6, "imputed"),
    "fill": (IMPUTED, "imputed"),
}
SCRAP_CONTENT = 0.7  # t W per t of metal rows whose unit value is that of scrap; assumed


def balance_2024(metric: str, product: str | None = None) -> dict[str, tuple[float, str, str]]:
    """place -> (t W, standing, fact id) of the one-value-a-country balance behind the matrix."""
    rows = table("tungsten/refined_balance").filter(
        (pl.col("year") == str(MATRIX_YEAR))
        & (pl.col("metric") == metric)
        & pl.col("source_title").str.starts_with(BALANCE_SOURCE)
        & ~pl.col("country").is_in(["WLD", "EU27"])
    )
    if product:
        rows = rows.filter(pl.col("product") == product)
    return {r["country"]: (float(r["value_t_w"]), r["standing"], r["fact_id"]) for r in rows.iter_rows(named=True)}


def shipment_cells() -> list[Cell]:
    """Cross-border refined shipments, each marked by what stands behind it."""
    rows = table("tungsten/refined_matrix_estimate").filter(
        (pl.col("basis") == "shipment") & pl.col("cell_type").is_in(list(CELL_TYPES))
    )
    return [
        Cell(CellKind.TRADE, "refined", r["origin_iso3"], float(r["value_t_w"]), *CELL_TYPES[r["cell_type"]],
             other=r["user_iso3"], fact_ids=(r["fact_id"],))
        for r in rows.iter_rows(named=True)
        if r["value_t_w"] and r["origin_iso3"] != r["user_iso3"]
    ]  # fmt: skip


def use_cells() -> list[Cell]:
    """Refined use by place."""
    return [
        Cell(CellKind.USE, "refined", place, tonnes, ESTIMATE, "estimated", fact_ids=(fact_id,))
        for place, (tonnes, _, fact_id) in balance_2024("refined_use").items()
        if tonnes > 0
    ]


def metal_scrap_cells(node: object) -> list[Cell]:
    """Trade under metal codes that its unit value shows to be scrap, kept as scrap."""
    rows = table("tungsten/refined_trade").filter(
        (pl.col("year") == str(MATRIX_YEAR)) & pl.col("note").str.starts_with("excluded")
    )
    sums: dict[tuple[str, str], float] = {}
    for r in rows.iter_rows(named=True):
        i, j = node(r["exporter_iso3"]), node(r["importer_iso3"])  # type: ignore[operator]
        if i != j and r["quantity"] is not None:
            sums[i, j] = sums.get((i, j), 0.0) + float(r["quantity"]) * SCRAP_CONTENT
    return [
        Cell(CellKind.TRADE, "scrap", i, t, IMPUTED, "derived", other=j,
             note="booked as metal at scrap's unit value; 0.7 t W per t assumed")
        for (i, j), t in sorted(sums.items())
    ]  # fmt: skip
