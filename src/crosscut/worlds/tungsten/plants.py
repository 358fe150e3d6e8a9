"""Plants: what conversion, smelting, recycling and reduction took in in 2024, by place."""

from __future__ import annotations

from collections import defaultdict

from crosscut.ledger.store.ledger import Ledger
from crosscut.worlds.evidence import ESTIMATE, IMPUTED, Cell, CellKind, SoftFact, weakest
from crosscut.worlds.tungsten.chain import (
    CONVERSION_YIELD,
    RECYCLING_YIELD,
    REDUCTION_YIELD,
    SMELTING_YIELD,
    ZINC_YIELD,
)
from crosscut.worlds.tungsten.mix import share
from crosscut.worlds.tungsten.refined import balance_2024

LEAST_REDUCED = 0.02  # of what a place needs of powder: every place that buys oxide has some plant for it
FROM_CONCENTRATE = (
    ("conversion", "concentrate", CONVERSION_YIELD),
    ("smelting", "concentrate", SMELTING_YIELD),
)
FROM_SCRAP = (("recycling", "scrap", RECYCLING_YIELD), ("zinc_process", "scrap", ZINC_YIELD))

Output = tuple[str, float, str, str]  # place, t W out, evidence status, fact id


def primary_plants(ledger: Ledger, cells: list[Cell]) -> tuple[list[Cell], list[SoftFact]]:
    """Activity of the plants that take concentrate or scrap, and the printed sums they add up to.

    Parameters
    ----------
    ledger : Ledger
        The facts on refined output.
    cells : list of Cell
        The cells so far, in t W a year; positions in the sums count on from their end.

    Returns
    -------
    plants : list of Cell
        Activity in t W of input a year.
    sums : list of SoftFact
        Refined output by place in t W a year, where two processes share it. A sum with one part is that part.

    Notes
    -----
    Where more residue arrives under ore codes than the balance counts as scrap, the excess is recycling: the
    balance counted it as concentrate feed.
    """
    ore, scrap = _outputs(ledger, cells)
    out: list[Cell] = []
    facts: list[SoftFact] = []
    for outputs, measure, ways, first in (
        (ore, "smelted", FROM_CONCENTRATE, len(cells)),
        (scrap, "direct", FROM_SCRAP, len(cells)),
    ):
        for place, tonnes, evidence_status, fact_id in outputs:
            second = share(place, measure)
            parts = []
            for (process, form, made), part in zip(ways, (1 - second.value, second.value), strict=True):
                if part <= 0:
                    continue
                parts.append((first + len(out), made))
                single = part == 1
                # The smaller part stands on the assumed share, the larger one mostly on the sum.
                weaker = evidence_status if part > 0.5 else weakest(evidence_status, second.evidence_status)
                out.append(
                    Cell(
                        CellKind.ACTIVITY,
                        form,
                        place,
                        tonnes * part / made,
                        ESTIMATE if single else IMPUTED,
                        weaker,
                        process=process,
                        fact_ids=(fact_id,),
                    )
                )
            if len(parts) > 1:
                facts.append(
                    SoftFact(
                        f"refined from {ways[0][1]}, {place}",
                        dict(parts),
                        tonnes,
                        None,
                        evidence_status,
                        fact_id,
                        ESTIMATE,
                    )
                )
    return out, facts


def _outputs(ledger: Ledger, cells: list[Cell]) -> tuple[list[Output], list[Output]]:
    """Refined output from concentrate and from scrap by place."""
    total = balance_2024(ledger, "refined_output", "all refined")
    recycled = balance_2024(ledger, "scrap_supply", "refined from scrap and residues")
    arriving: dict[str, float] = defaultdict(float)
    for c in cells:
        if c.kind is CellKind.TRADE and c.form == "scrap" and c.note.startswith("booked as concentrate"):
            arriving[c.other] += c.prior
    ore, scrap = [], []
    for place, (output, _, fact_id) in total.items():
        known = recycled.get(place, (0.0, "imputed", ""))
        from_scrap = min(max(known[0], arriving[place] * RECYCLING_YIELD), output)
        if from_scrap > 0:
            scrap.append((place, from_scrap, known[1], fact_id))
        if output > from_scrap:
            ore.append((place, output - from_scrap, "derived", fact_id))
    return ore, scrap


def reduction_cells(cells: list[Cell]) -> list[Cell]:
    """Reduction and carburisation, from the powder that each place needs.

    Parameters
    ----------
    cells : list of Cell
        Cells of use, trade and the zinc process, in t W a year.

    Returns
    -------
    list of Cell
        Activity in t W of oxide a year: powder used and exported, less imports and what scrap gives, over the
        yield; at least `LEAST_REDUCED` of what is used and exported. Derived where the use of powder there
        rests on a printed share, else imputed.
    """
    need: dict[str, float] = defaultdict(float)
    used: dict[str, float] = defaultdict(float)
    printed: dict[str, bool] = defaultdict(bool)
    for c in cells:
        if c.kind is CellKind.ACTIVITY and c.process == "zinc_process":
            need[c.place] -= ZINC_YIELD * c.prior
        if c.form != "powder":
            continue
        if c.kind is CellKind.USE:
            need[c.place] += c.prior
            used[c.place] += c.prior
            printed[c.place] |= c.evidence_status == "estimated"
        elif c.kind is CellKind.TRADE:
            need[c.place] += c.prior
            used[c.place] += c.prior
            need[c.other] -= c.prior
    return [
        Cell(
            CellKind.ACTIVITY,
            "oxide",
            place,
            max(need[place], LEAST_REDUCED * tonnes) / REDUCTION_YIELD,
            IMPUTED,
            "derived" if printed[place] else "imputed",
            process="reduction",
        )
        for place, tonnes in sorted(used.items())
    ]
