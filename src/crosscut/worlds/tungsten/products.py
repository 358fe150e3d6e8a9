"""Products: the shipments of the 2024 refined matrix, split into oxide, powder and ferrotungsten.

The matrix is an estimate of the sum; it stays a soft fact on the sum of the parts. Of the parts only metal
powder and unwrought metal are recorded pair by pair: these are cells of their own. The rest takes the
product mix of its exporter.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from crosscut.ledger.store.ledger import Ledger
from crosscut.ledger.store.tables import table
from crosscut.worlds.evidence import ESTIMATE, IMPUTED, TRADE_ROW, Cell, CellKind, SoftFact, weakest
from crosscut.worlds.tungsten.mix import export_mix
from crosscut.worlds.tungsten.refined import balance_2024

PRODUCTS = ("oxide", "powder", "ferro")

# How far a pair of the matrix may move and how much of a fact it is, by what stands behind it.
CELL_TYPES = {
    # Most of such a pair is recorded, but its total is fitted: the recorded tonnes alone are reported.
    "reported": (TRADE_ROW, "derived"),
    "mixed": (ESTIMATE, "estimated"),
    "anchor_share": (0.3, "estimated"),
    "anchor_assumed": (0.6, "imputed"),
    "fill": (IMPUTED, "imputed"),
}
# None since January 2019 because of tariffs (Argus 2022).
NEVER = {("ferro", "CHN", "USA")}


@dataclass(frozen=True)
class Pair:
    """One pair of the matrix: total and recorded part in t W, what stands behind the total."""

    origin: str
    user: str
    total: float
    recorded: float
    distrust: float
    evidence_status: str
    fact_id: str


def matrix_pairs(ledger: Ledger) -> list[Pair]:
    """Read the cross-border pairs of the shipment matrix.

    Parameters
    ----------
    ledger : Ledger
        The facts.

    Returns
    -------
    list of Pair
        Total and recorded part of each pair in t W a year, with what stands behind the total.
    """
    rows = table(ledger, "tungsten/refined_matrix_estimate").filter(
        (pl.col("basis") == "shipment") & pl.col("cell_type").is_in(list(CELL_TYPES))
    )
    return [
        Pair(
            r["origin_iso3"],
            r["user_iso3"],
            float(r["value_t_w"]),
            float(r["reported_t_w"] or 0.0),
            *CELL_TYPES[r["cell_type"]],
            r["fact_id"],
        )
        for r in rows.iter_rows(named=True)
        if r["value_t_w"] and r["origin_iso3"] != r["user_iso3"]
    ]


def product_cells(ledger: Ledger, pairs: list[Pair]) -> list[Cell]:
    """Trade cells of oxide, ferrotungsten and powder, from the pairs of the matrix.

    Parameters
    ----------
    ledger : Ledger
        The facts on refined exports and their mix.
    pairs : list of Pair
        The pairs, in t W a year.

    Returns
    -------
    list of Cell
        In t W a year. A recorded tonne is a fact, and powder; the rest is split by the exporter's mix and is
        no better than the weaker of the pair's total and that mix.
    """
    exports = balance_2024(ledger, "refined_exports")
    cells = []
    for origin in dict.fromkeys(p.origin for p in pairs):
        own = [p for p in pairs if p.origin == origin]
        open_part = sum(max(p.total - p.recorded, 0.0) for p in own)
        oxide, ferro = export_mix(ledger, origin, exports[origin][0])
        total = sum(p.total for p in own)
        oxide_share = min(oxide.value * total / open_part, 1.0) if open_part > 0 else 0.0
        ferro_share = min(ferro.value * total / open_part, 1.0 - oxide_share) if open_part > 0 else 0.0
        for p in own:
            rest = max(p.total - p.recorded, 0.0)
            if p.recorded > 0:
                cells.append(
                    Cell(
                        CellKind.TRADE,
                        "powder",
                        p.origin,
                        p.recorded,
                        TRADE_ROW,
                        "reported",
                        other=p.user,
                        fact_ids=(p.fact_id,),
                    )
                )
            for form, part, mix in (
                ("oxide", oxide_share, oxide),
                ("ferro", ferro_share, ferro),
                ("powder", 1 - oxide_share - ferro_share, oxide),
            ):
                if rest * part > 0 and (form, p.origin, p.user) not in NEVER:
                    weaker = weakest(p.evidence_status, mix.evidence_status)
                    cells.append(
                        Cell(
                            CellKind.TRADE,
                            form,
                            p.origin,
                            rest * part,
                            IMPUTED,
                            weaker,
                            other=p.user,
                            fact_ids=(p.fact_id, *mix.fact_ids),
                        )
                    )
    return cells


def pair_sums(pairs: list[Pair], cells: list[Cell]) -> list[SoftFact]:
    """Keep the matrix as soft facts: the products of a pair add up to its total.

    Parameters
    ----------
    pairs : list of Pair
        The pairs, in t W a year.
    cells : list of Cell
        All cells; the sums name their positions.

    Returns
    -------
    list of SoftFact
        In t W a year, each as firm as the total of its pair. Pairs without a cell are left out.
    """
    terms: dict[tuple[str, str], dict[int, float]] = {}
    for k, c in enumerate(cells):
        if c.kind is CellKind.TRADE and c.form in PRODUCTS:
            terms.setdefault((c.place, c.other), {})[k] = 1.0
    return [
        SoftFact(
            f"refined {p.origin} -> {p.user}",
            terms[p.origin, p.user],
            p.total,
            None,
            p.evidence_status,
            p.fact_id,
            p.distrust,
        )
        for p in pairs
        if (p.origin, p.user) in terms
    ]
