"""Coverage: what a world rests on, kind of figure by kind of figure, and what no source says."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from crosscut.base.arrays import Array
from crosscut.market.model.world import World
from crosscut.worlds.evidence import FACT_WEIGHT, CellKind, Evidence
from crosscut.worlds.snapshot import REMAINDER

EVIDENCE_STATUSES = tuple(FACT_WEIGHT)


@dataclass(frozen=True)
class EvidenceCoverage:
    """Tonnes of one kind of figure and form that stand on one kind of evidence; share is of that kind and
    form.

    `counts` says how much of such a tonne counts as fact when the world is graded; None where it is not
    graded.
    """

    kind: str
    form: str
    evidence_status: str
    figures: int
    tonnes: float
    share: float
    counts: float | None


_GRADED = (CellKind.MINE, CellKind.COLLECTION, CellKind.TRADE, CellKind.ACTIVITY)


def coverage(evidence: Evidence, tonnes: Array) -> list[EvidenceCoverage]:
    """Say what every kind of figure stands on.

    Parameters
    ----------
    evidence : Evidence
        What the world was built from.
    tonnes : Array, shape (cells,), t a year
        The balanced cells, in the order of the evidence.

    Returns
    -------
    list of EvidenceCoverage
        One entry for each kind, form (or process) and evidence status: number of figures, t a year, and
        share of that kind and form. In the order of the kinds, of the chain and of the statuses.
    """
    sums: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    total: dict[tuple[str, str], float] = defaultdict(float)
    for cell, t in zip(evidence.cells, tonnes, strict=True):
        form = cell.process or cell.form
        sums[str(cell.kind), form, cell.evidence_status].append(float(t))
        total[str(cell.kind), form] += float(t)
    kinds, forms = [str(k) for k in CellKind], [f.id for f in evidence.chain.forms]
    places = {name: k for k, name in enumerate([*forms, *(p.id for p in evidence.chain.processes)])}
    order = sorted(sums, key=lambda k: (kinds.index(k[0]), places[k[1]], EVIDENCE_STATUSES.index(k[2])))
    return [
        EvidenceCoverage(
            kind,
            form,
            evidence_status,
            len(found),
            sum(found),
            sum(found) / total[kind, form] if total[kind, form] > 0 else 0.0,
            FACT_WEIGHT[evidence_status] if CellKind(kind) in _GRADED else None,
        )
        for (kind, form, evidence_status) in order
        for found in (sums[kind, form, evidence_status],)
    ]


def evidence_status_shares(evidence: Evidence, tonnes: Array) -> dict[str, float]:
    """Split the graded tonnes by evidence status.

    Parameters
    ----------
    evidence : Evidence
        What the world was built from.
    tonnes : Array, shape (cells,), t a year
        The balanced cells, in the order of the evidence.

    Returns
    -------
    dict of str to float
        Evidence status: share of the tonnes of mines, collection, trade and processing. The shares add up
        to 1; statuses without tonnes are absent; empty where nothing is graded.
    """
    sums = dict.fromkeys(EVIDENCE_STATUSES, 0.0)
    for cell, t in zip(evidence.cells, tonnes, strict=True):
        if cell.kind in _GRADED:
            sums[cell.evidence_status] += float(t)
    whole = sum(sums.values())
    return {k: v / whole for k, v in sums.items() if v > 0} if whole > 0 else {}


@dataclass(frozen=True)
class Missing:
    """Something a better world would have, and which way its absence biases."""

    what: str
    bias: str


def missing(world: World, evidence: Evidence, tonnes: Array) -> list[Missing]:
    """List what is missing from a world, each with the direction in which that biases.

    Parameters
    ----------
    world : World
        The world; its split of final use is looked at.
    evidence : Evidence
        What it was built from.
    tonnes : Array, shape (cells,), t a year
        The balanced cells, in the order of the evidence.

    Returns
    -------
    list of Missing
        Computed from the arguments: absent stages, end uses, metal contents, prices, unrecorded supply and
        stock build. Capacities of single mines and the duties of the base year are always listed.
    """
    out = []
    chain = evidence.chain
    if not chain.processes:
        out.append(
            Missing(
                f"Every stage but one ({chain.forms[0].title.lower()}): what feeds it and what is made of it",
                "dependence hidden in other stages is not seen; effects on later stages too small",
            )
        )
    named = [u for u, use in enumerate(world.uses) if use != REMAINDER]
    if len(named) < 2:
        out.append(
            Missing("End uses by country: all use is one", "who gives way at a high price is averaged")
        )
    elif _one_split(world, named):
        out.append(Missing("End uses by country: one split for all", "differences between countries lost"))
    for f in chain.forms:
        unknown = [c.code for c in f.codes if c.content is None]
        if unknown:
            out.append(
                Missing(
                    f"Content of {f.id} traded under {', '.join(unknown)}",
                    "tonnes of trade may be off both ways",
                )
            )
    priced = {p.form: p for p in evidence.prices}
    for f in chain.forms:
        if f.id not in priced:
            out.append(Missing(f"A price of {f.id}", "levels not comparable"))
        elif not priced[f.id].differentials:
            out.append(
                Missing(
                    f"Prices of {f.id} by origin: one reference price for all",
                    "differences of price between origins lost",
                )
            )
    out.append(
        Missing(
            "Capacities of single mines and plants: utilisation is assumed by form and process",
            "room to expand too large where mines are full, too small where they stand idle",
        )
    )
    unknown_supply = _sum(evidence, tonnes, (CellKind.UNRECORDED, CellKind.STOCK_DRAW))
    if unknown_supply > 0:
        out.append(
            Missing(
                f"A source for {unknown_supply:,.0f} t that are shipped or used and in no record of output",
                "origins of these tonnes unknown: concentration may be off both ways",
            )
        )
    build = _sum(evidence, tonnes, (CellKind.STOCK_BUILD,))
    if build > 0:
        out.append(
            Missing(
                f"Whether {build:,.0f} t were put into stock or used in a way no record has",
                "use of those places too high",
            )
        )
    out.append(
        Missing("Duties of the base year (0 where none was found)", "price levels too low, changes right")
    )
    return out


def _one_split(world: World, uses: list[int]) -> bool:
    """Whether every country splits its final use of a form between end uses in the same way."""
    final = world.D0[:, :, uses]
    total = final.sum(axis=2, keepdims=True)
    shares = np.divide(final, total, out=np.zeros_like(final), where=total > 0)
    return all(
        np.ptp(shares[f][total[f, :, 0] > 0], axis=0).max(initial=0.0) < 1e-6
        for f in range(len(final))
        if (total[f] > 0).any()
    )


def _sum(evidence: Evidence, tonnes: Array, kinds: tuple[CellKind, ...]) -> float:
    return float(sum(t for c, t in zip(evidence.cells, tonnes, strict=True) if c.kind in kinds))
