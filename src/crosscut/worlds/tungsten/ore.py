"""Ore: mine output, concentrate trade in contained tonnes, and residues that customs book as concentrate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from crosscut.base.units.tonnage import content
from crosscut.ledger.ask.resolve_conflicts import picked_facts
from crosscut.ledger.reference.repair import repaired_trade
from crosscut.ledger.store.ledger import Ledger
from crosscut.market.model.world import Move
from crosscut.worlds.cells import repair_move
from crosscut.worlds.evidence import ESTIMATE, PRINTED, TRADE_ROW, Cell, CellKind

CONCENTRATE = "261100"
CONTENT = content("concentrate 65%").value
CONTENT_BY_ORIGIN = {
    "AUS": content("concentrate 50%").value
}  # the Australian producer sells 50 % concentrate
# US exports of "ore" 2024: 1,410 t W (USGS) over 2,612 t gross to Viet Nam (BACI), both residue.
RESIDUE_CONTENT = 1410.0 / 2611.868
LUMPED = "OTH"  # what USGS lumps together is split by World Mining Data


@dataclass(frozen=True)
class OreTrade:
    """Trade cells of concentrate and of residues booked as concentrate, unit values by origin, repairs."""

    cells: list[Cell]
    unit_value: dict[str, float]
    repairs: list[Move]


def mine_output(ledger: Ledger, year: int) -> tuple[list[tuple[str, float, str, str]], list[str]]:
    """Mine production by country, and how it was chosen between sources.

    Parameters
    ----------
    ledger : Ledger
        The facts; it picks one for every country (see `conflicts.RULE`).
    year : int
        The year of production.

    Returns
    -------
    rows : list of (str, float, str, str)
        ISO3 code, t W a year, evidence status, fact id. Countries without output are left out.
    notes : list of str
        The rule that chose, with the tonnes it decided.

    Notes
    -----
    USGS for the countries it prints, World Mining Data for the small ones that USGS lumps under "Other
    countries". A figure of World Mining Data counts as an estimate, for its sum is 8 % below that of USGS.
    Both world totals stay in the ledger.
    """
    picks = picked_facts(ledger, "tungsten", "mine production", str(year))
    lumped = picks.pop(LUMPED, None)
    picks.pop("WLD", None)
    rows = []
    split = 0.0
    for iso3, pick in picks.items():
        if pick.value:
            relayed = pick.fact.table == "reference/production" and pick.fact.evidence_status == "reported"
            split += pick.value if relayed and not pick.others else 0.0
            rows.append(
                (iso3, pick.value, "estimated" if relayed else pick.fact.evidence_status, pick.fact.id)
            )
    note = (
        f"Mine output {year}: USGS for the countries it prints, World Mining Data for the rest ({split:,.0f}"
        f" t W against {(lumped.value if lumped else None) or 0.0:,.0f} t W that USGS lumps together)."
    )
    return rows, [note]


def mine_cells(rows: list[tuple[str, float, str, str]]) -> list[Cell]:
    """Make one mine cell a country.

    Parameters
    ----------
    rows : list of (str, float, str, str)
        ISO3 code, t W a year, evidence status and fact id, as `mine_output` gives them.

    Returns
    -------
    list of Cell
        Concentrate in t W a year; a reported figure is as firm as a printed one, others are estimates.
    """
    return [
        Cell(
            CellKind.MINE,
            "concentrate",
            iso3,
            tonnes,
            PRINTED if evidence_status == "reported" else ESTIMATE,
            evidence_status,
            fact_ids=(fact_id,) if fact_id else (),
        )
        for iso3, tonnes, evidence_status, fact_id in rows
    ]


def ore_trade(ledger: Ledger, year: int, node: Callable[[str], str]) -> OreTrade:
    """Concentrate trade of a year between nodes.

    Parameters
    ----------
    ledger : Ledger
        The facts; its trade quantities are repaired first.
    year : int
        The year of trade.
    node : callable
        From an ISO3 code to the node that counts it, see `place_of`.

    Returns
    -------
    OreTrade
        Cells in t W a year, where rows with a residue's unit value go to the scrap form; unit values in USD
        per t W of origins that ship more than 50 t W; and the repairs.
    """
    frame, repairs = repaired_trade(ledger, CONCENTRATE, year)
    changed = {(r.exporter, r.importer) for r in repairs}
    tonnes: dict[tuple[str, bool, str, str], float] = defaultdict(float)
    value: dict[str, float] = defaultdict(float)
    contained: dict[str, float] = defaultdict(float)
    for r in frame.iter_rows(named=True):
        if r["quantity_t"] is None:
            continue
        form = "scrap" if r["scrap_suspect"] else "concentrate"
        share = RESIDUE_CONTENT if form == "scrap" else CONTENT_BY_ORIGIN.get(r["exporter"], CONTENT)
        origin, destination = node(r["exporter"]), node(r["importer"])
        if form == "concentrate":
            value[origin] += r["value_kusd"] * 1e3
            contained[origin] += r["quantity_t"] * share
        if origin != destination:
            repaired = (r["exporter"], r["importer"]) in changed
            tonnes[form, repaired, origin, destination] += r["quantity_t"] * share
    cells = [
        Cell(
            CellKind.TRADE,
            form,
            i,
            t,
            TRADE_ROW if form == "concentrate" and not repaired else ESTIMATE,
            "reported" if form == "concentrate" and not repaired else "derived",
            other=j,
            note=(
                "booked as concentrate at a residue's unit value"
                if form == "scrap"
                else "customs rows whose quantity was missing or impossible, added up as repaired"
                if repaired
                else ""
            ),
        )
        for (form, repaired, i, j), t in sorted(tonnes.items())
        if t > 0
    ]
    unit_value = {i: value[i] / contained[i] for i in value if contained[i] > 50}
    listed = [repair_move(r) for r in repairs]
    return OreTrade(cells, unit_value, listed)
