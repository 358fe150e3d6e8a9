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
    """Put a repaired trade quantity in the form in which a world reports its moves.

    Parameters
    ----------
    repair : Repair
        A trade quantity in gross tonnes before and after repair, with the reason.

    Returns
    -------
    Move
        The same in gross tonnes; `before` is NaN where the quantity was missing.
    """
    cell = f"trade {repair.hs92} {repair.exporter} -> {repair.importer} {repair.year}, gross"
    return Move(cell, math.nan if repair.before is None else repair.before, repair.after, repair.reason)


def node_totals(cells: Iterable[Cell], chain: Chain) -> dict[tuple[str, str], tuple[float, float]]:
    """Add up what the priors bring to and take from every node.

    Parameters
    ----------
    cells : iterable of Cell
        Cells with priors in t a year (for a process, t of activity).
    chain : Chain
        The chain that holds the input and output coefficients of the processes.

    Returns
    -------
    dict of (str, str) to (float, float)
        By (form, place): what comes in and what goes out, in t a year. Nodes that no cell touches are absent.
    """
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
    """Propose cells that let every open node close.

    Parameters
    ----------
    cells : sequence of Cell
        The recorded cells, priors in t a year.
    chain : Chain
        The chain they belong to.
    forms : iterable of str, optional
        Forms whose trade is recorded; all by default. Where trade is itself inferred, a gap moves the
        inferred cells instead.

    Returns
    -------
    list of Cell
        Unrecorded supply where a node sends more than it has, stock build where it keeps more than it uses.
        The prior is the gap in t a year, imputed. A gap below `SMALL_SHARE` of what passes gets none.
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
