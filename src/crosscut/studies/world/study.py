"""One page about a mineral in a year: chain, makers, users, trade, evidence; and the list of all minerals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from crosscut import worlds
from crosscut.market.model.chain import TradeCode
from crosscut.market.model.world import World
from crosscut.results import Document, Horizon, Limit, Statement, Status, tables_of
from crosscut.results.rows import Row
from crosscut.studies.context import Context
from crosscut.studies.shared.assumptions import parameter_assumptions
from crosscut.studies.shared.cited_facts import cited_facts
from crosscut.studies.shared.document_inputs import inputs_of
from crosscut.studies.world.request import MineralsRequest, WorldRequest
from crosscut.worlds.coverage import coverage, evidence_status_shares, missing
from crosscut.worlds.evidence import CellKind, Evidence
from crosscut.worlds.graded_minerals import grades
from crosscut.worlds.grades import FACT_SHARES, UNRECORDED_D, fact_share
from crosscut.worlds.minerals import trade_unit
from crosscut.worlds.snapshot import REMAINDER, balanced_tonnes

SMALL = 1e-9  # share of all tonnes of the form; below it a figure is rounding and is not listed
TOP = 3


def world_report(request: WorldRequest, context: Context) -> Document:
    """The page on a mineral in a year: kind "world" of the result schema, without draws and without
    events."""
    ledger = context.ledger
    world = worlds.world(ledger, request.mineral, request.year)
    evidence = worlds.evidence_of(ledger, request.mineral, request.year)
    tonnes = balanced_tonnes(evidence)
    return Document(
        kind="world",
        inputs=inputs_of(world, None, data=context.data.version),
        status=Status.of(),
        horizon=Horizon.of_years(
            world.year,
            world.year,
            "Tonnes of contained metal in the year, balanced from the figures on record and traced from"
            " origin to use. Nothing happens in it: it is what scenarios start from.",
        ),
        tables=tables_of(
            {
                "chain": chain_rows(world),
                "processes": process_rows(world),
                "makers": maker_rows(world, evidence, tonnes),
                "users": user_rows(world),
                "trade_balance": balance_rows(world),
                "flows": _flow_rows(world),
                "coverage": [vars(c) for c in coverage(evidence, tonnes)],
                "moves": [vars(m) for m in world.moves],
            }
        ),
        statements=tuple(_statements(world, evidence, tonnes)),
        assumptions=tuple(parameter_assumptions(world)),
        facts=cited_facts(ledger, world.fact_ids),
        limits=tuple([Limit(m.what, m.bias) for m in missing(world, evidence, tonnes)]),
        places=dict(world.place_names),
    )


def minerals(request: MineralsRequest, context: Context) -> list[dict[str, str]]:
    """Every mineral known, its grade, and why it has no market world."""
    return [
        {"mineral": g.mineral, "world": "yes" if g.grade else "no", "grade": g.grade, "why": g.why}
        for g in grades(context.ledger)
    ]


def chain_rows(world: World) -> list[Row]:
    """One row per form, in the order it is processed."""
    supply, use, final = world.supply(), world.use(), world.D0.sum(axis=2)
    rows = []
    for f in world.chain.topological_order():
        form = world.chain.forms[f]
        unit, factor = trade_unit(world.mineral, form.id)
        traded = world.q0[f].sum() - np.trace(world.q0[f])
        made_at = supply[f][supply[f] > SMALL * supply[f].sum()]
        shares = np.sort(made_at / made_at.sum())[::-1] if len(made_at) else np.zeros(0)
        rows.append(
            {
                "form": form.id,
                "title": form.title,
                "codes": _codes_text(form.codes),
                "made": float(supply[f].sum()),
                "primary": float(world.M0[f].sum()),
                "crossing": float(traded),
                "processed": float((use[f] - final[f]).sum()),
                "final_use": float(final[f].sum()),
                "makers": len(made_at),
                "three_largest": float(shares[:TOP].sum()) if len(shares) else None,
                "hhi": float((shares**2).sum() * 1e4) if len(shares) else None,
                "price": form.reference_price * factor,
                "unit": unit,
            }
        )
    return rows


def _codes_text(codes: Sequence[TradeCode]) -> str | None:
    systems = dict.fromkeys(c.system for c in codes)
    return "; ".join(f"{s} {', '.join(c.code for c in codes if c.system == s)}" for s in systems) or None


def process_rows(world: World) -> list[Row]:
    """One row per process that joins forms."""

    def listed(parts: Any) -> str:
        return ", ".join(f"{t:g} t {form}" for form, t in parts.items())

    return [
        {
            "process": p.id,
            "title": p.title,
            "takes": listed(p.inputs),
            "makes": listed(p.outputs),
            "activity": float(world.X0[k].sum()),
            "places": int((world.X0[k] > SMALL * world.X0[k].sum()).sum()),
            "margin": p.margin_share,
        }
        for k, p in enumerate(world.chain.processes)
    ]


def maker_rows(world: World, evidence: Evidence, tonnes: Any) -> list[Row]:
    """Who mines, collects and refines: primary supply and every process, by country, largest first.

    `unrecorded` is the part of primary supply that is in no record of output: it was shipped or used, so it
    was made.
    """
    unrecorded: dict[tuple[str, str], float] = {}
    for cell, t in zip(evidence.cells, tonnes, strict=True):
        if cell.kind in (CellKind.UNRECORDED, CellKind.STOCK_DRAW):
            unrecorded[cell.form, cell.place] = unrecorded.get((cell.form, cell.place), 0.0) + float(t)
    rows = [
        {**row, "unrecorded": min(unrecorded.get((form.id, row["country"]), 0.0), row["tonnes"])}
        for k, form in enumerate(world.chain.forms)
        for row in _ranked(world, world.M0[k], {"form": form.id, "source": "primary"})
    ]
    return rows + [
        {**row, "unrecorded": 0.0}
        for k, p in enumerate(world.chain.processes)
        for form_id, b in p.outputs.items()
        for row in _ranked(world, b * world.X0[k], {"form": form_id, "source": p.id})
    ]


def user_rows(world: World) -> list[Row]:
    """Who uses what, by country, largest first: final use, what plants take in, and what no record of use
    explains."""
    rest = world.uses.index(REMAINDER) if REMAINDER in world.uses else None
    unexplained = np.zeros(world.D0.shape[:2]) if rest is None else world.D0[:, :, rest]
    final = world.D0.sum(axis=2) - unexplained
    purposes = (
        ("final use", final),
        ("taken in by plants", world.use() - world.D0.sum(axis=2)),
        (REMAINDER, unexplained),
    )
    return [
        row
        for f, form in enumerate(world.chain.forms)
        for purpose, amounts in purposes
        for row in _ranked(world, amounts[f], {"form": form.id, "purpose": purpose})
    ]


def _ranked(world: World, tonnes: Any, labels: Row) -> list[Row]:
    order = [int(i) for i in np.argsort(-tonnes, kind="stable") if tonnes[i] > SMALL * tonnes.sum()]
    whole = float(tonnes.sum())
    return [
        {
            **labels,
            "country": world.countries[i],
            "tonnes": float(tonnes[i]),
            "share": float(tonnes[i] / whole),
        }
        for i in order
    ]


def balance_rows(world: World) -> list[Row]:
    """Made, bought abroad, sold abroad and used, by form and country; re-exports are seen through."""
    supply, use = world.supply(), world.use()
    rows = []
    for f, form in enumerate(world.chain.forms):
        sold = world.q0[f].sum(axis=1) - np.diag(world.q0[f])
        bought = world.q0[f].sum(axis=0) - np.diag(world.q0[f])
        net = sold - bought
        for i in np.argsort(net, kind="stable"):
            if max(supply[f, i], use[f, i]) > SMALL * supply[f].sum():
                rows.append(
                    {
                        "form": form.id,
                        "country": world.countries[i],
                        "made": float(supply[f, i]),
                        "bought_abroad": float(bought[i]),
                        "sold_abroad": float(sold[i]),
                        "used": float(use[f, i]),
                        "net": float(net[i]),
                        "import_share": (
                            float(bought[i] / use[f, i]) if use[f, i] > SMALL * use[f].sum() else None
                        ),
                    }
                )
    return rows


def _flow_rows(world: World) -> list[Row]:
    return [
        {
            "form": world.chain.forms[f].id,
            "origin": world.countries[i],
            "destination": world.countries[j],
            "base": float(world.q0[f, i, j]),
            "p10": None,
            "median": None,
            "p90": None,
        }
        for f, i, j in np.argwhere(world.q0 > SMALL * world.q0.sum(axis=(1, 2), keepdims=True))
    ]


def _statements(world: World, evidence: Evidence, tonnes: Any) -> list[Statement]:
    facts = fact_share(evidence.cells, tonnes)
    shares = ", ".join(
        f"{share:.0%} {evidence_status}"
        for evidence_status, share in evidence_status_shares(evidence, tonnes).items()
    )
    needed = ", ".join(f"{letter} from {least:.0%}" for letter, least in FACT_SHARES)
    grade = (
        f"Grade {world.grade}: counted by how far each figure is a fact, {facts:.0%} of the tonnes mined,"
        f" traded and processed are ({shares}); {needed}, D below or where more than {UNRECORDED_D:.0%} of"
        f" supply is in no record (here {world.unrecorded_share:.1%})."
    )
    if evidence.best_grade > "A":
        grade += f" It is never better than {evidence.best_grade}: one stage of a chain at a typical content."
    out = [Statement("grade", grade)]
    if world.grade in ("C", "D"):
        out.append(Statement("screening", "Screening only: use it to see where to look, not to decide."))
    return out + [Statement("note", note) for note in world.notes]
