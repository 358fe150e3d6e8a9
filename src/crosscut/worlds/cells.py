"""Cells: helpers that complete a cell list so that every node can be closed."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence

from crosscut.ledger.reference.repair import Repair
from crosscut.market.model.chain import Chain
from crosscut.market.model.world import Move
from crosscut.worlds.evidence import IMPUTED, Cell, CellKind

SMALL_SHARE = 0.02  # a gap below this share of what passes a node is left to the recorded cells


def repair_move(repair: Repair) -> Move:
    """A repaired trade quantity as the world reports it (gross tonnes; before is NaN where it was
    missing)."""
    cell = f"trade {repair.hs92} {repair.exporter} -> {repair.importer} {repair.year}, gross"
    return Move(cell, math.nan if repair.before is None else repair.before, repair.after, repair.reason)


def node_totals(cells: Iterable[Cell], chain: Chain) -> dict[tuple[str, str], tuple[float, float]]:
    """Prior tonnes that come into and go out of every (form, place)."""
    processes = {p.id: p for p in chain.processes}
    into: dict[tuple[str, str], float] = defaultdict(float)
    out: dict[tuple[str, str], float] = defaultdict(float)
    for c in cells:
        match c.kind:
            case CellKind.USE | CellKind.STOCK_BUILD:
                out[c.form, c.place] += c.prior
            case CellKind.TRADE:
                out[c.form, c.place] += c.prior
                into[c.form, c.other] += c.prior
            case CellKind.ACTIVITY:
                for f, a in processes[c.process].inputs.items():
                    out[f, c.place] += a * c.prior
                for f, b in processes[c.process].outputs.items():
                    into[f, c.place] += b * c.prior
            case _:
                into[c.form, c.place] += c.prior
    return {node: (into[node], out[node]) for node in {*into, *out}}


def closing_cells(cells: Sequence[Cell], chain: Chain, forms: Iterable[str] = ()) -> list[Cell]:
    """Unrecorded supply where a node sends more than it has, stock build where it keeps more than it uses.

    The prior is the gap in the recorded figures; a node with both sides recorded and a small gap gets none.
    `forms` (default all) are those whose trade is recorded: where trade is itself inferred, a gap moves the
    inferred cells.
    """
    out = []
    wanted = set(forms) or {f.id for f in chain.forms}
    for (form, place), (into, sent) in sorted(node_totals(cells, chain).items()):
        passing = max(into, sent)
        if passing <= 0 or form not in wanted:
            continue
        if sent - into > SMALL_SHARE * passing:
            out.append(Cell(CellKind.UNRECORDED, form, place, sent - into, IMPUTED, "imputed"))
        elif into - sent > SMALL_SHARE * passing:
            out.append(Cell(CellKind.STOCK_BUILD, form, place, into - sent, IMPUTED, "imputed"))
    return out
