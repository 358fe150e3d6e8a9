"""Figures: what a world was built from, each figure as read and as used, with its evidence status and who
says so.

A figure that rests on no single fact (customs rows added up, what closes a sum) is derived here: it has a
source or a note that says how, and its own before and after.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from crosscut.market.model.world import Figure
from crosscut.worlds.evidence import BasePrice, Cell, CellKind, Evidence, SoftFact

CUSTOMS = "Sa492327c8b"  # CEPII BACI
_CLOSES = {
    CellKind.UNRECORDED: "what the country sends beyond what any source records as coming in",
    CellKind.STOCK_BUILD: "what the country keeps beyond what any source records as used",
    CellKind.STOCK_DRAW: "what the country takes from stock to close its sum",
    CellKind.COLLECTION: "what recycling takes and exports carry, less imports",
    CellKind.USE: "output and imports less exports",
    CellKind.ACTIVITY: "output over yield",
}


def figures_of(evidence: Evidence, balanced: NDArray[np.float64]) -> tuple[Figure, ...]:
    """List every figure a world rests on: reference prices, published sums, then cells.

    Parameters
    ----------
    evidence : Evidence
        What the world was built from.
    balanced : ndarray, shape (cells,), t a year
        The cells as used, in the order of the evidence.

    Returns
    -------
    tuple of Figure
        Prices in USD per t contained, sums and cells in t a year, each with its relative error. Cells whose
        prior is 0 are left out.
    """
    return (
        *(_price(p, evidence.error(p.evidence_status)) for p in evidence.prices),
        *(_sum(s, balanced, evidence.error(s.evidence_status)) for s in evidence.soft_facts),
        *(
            _cell(c, float(t), evidence.error(c.evidence_status))
            for c, t in zip(evidence.cells, balanced, strict=True)
            if c.prior > 0
        ),
    )


def _price(p: BasePrice, error: float) -> Figure:
    return Figure(
        f"reference price {p.form}",
        "price",
        p.form,
        "",
        "",
        "USD per t contained",
        p.value,
        p.value,
        p.evidence_status,
        error,
        p.fact_ids,
        "",
        p.source,
    )


def _sum(s: SoftFact, balanced: NDArray[np.float64], error: float) -> Figure:
    used = float(sum(k * balanced[c] for c, k in s.terms.items()))
    return Figure(
        s.label,
        "published sum",
        "",
        "",
        "",
        "t contained",
        s.value,
        used,
        s.evidence_status,
        error,
        (s.fact_id,) if s.fact_id else (),
    )


def _cell(c: Cell, used: float, error: float) -> Figure:
    customs = c.kind is CellKind.TRADE and not c.fact_ids
    note = c.note or (
        "customs rows added up at the content of the form"
        if customs
        else ""
        if c.fact_ids
        else _CLOSES.get(c.kind, "")
    )
    return Figure(
        c.label,
        str(c.kind),
        c.form,
        c.place,
        c.other,
        "t contained",
        c.prior,
        used,
        c.evidence_status,
        error,
        c.fact_ids,
        CUSTOMS if customs else "",
        note,
    )
