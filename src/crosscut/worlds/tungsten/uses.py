"""Uses: who buys which form in 2024, from refined use by place and the published shares of first use."""

from __future__ import annotations

import polars as pl

from crosscut.base.errors import Problem, Refused
from crosscut.ledger.store.ledger import Ledger
from crosscut.ledger.store.tables import table
from crosscut.worlds.evidence import ESTIMATE, IMPUTED, Cell, CellKind
from crosscut.worlds.tungsten.mix import share
from crosscut.worlds.tungsten.refined import balance_2024

HARDMETAL = "hardmetal"
STEEL = "steel and superalloys"
MILL = "mill products and heavy alloy"
CHEMICALS = "chemicals"

# (region, year, metric, product) of the share of cemented carbide in first use, percent.
CARBIDE_ROWS = {
    "*": ("World", "latest", "first_use_share", "tungsten carbide (hardmetal) first use"),
    "CHN": ("China", "2012-2021", "end_use_share", "cemented carbide"),
    "USA": ("USA", "2025", "end_use_share", "cemented carbide parts"),
    "JPN": ("Japan", "2013", "end_use_share", "cemented carbide"),
    **dict.fromkeys(("AUT", "DEU", "EUO"), ("EU", "2013", "end_use_share", "cemented carbide")),
}
STEEL_ROW = ("World", "latest", "first_use_share", "steels and superalloys")
US_ROWS = {
    use: ("USA", "2014", "reported_consumption", use)
    for use in ("steels", "superalloys", "chemical", "total")
}

Row = tuple[float, str]


def use_cells(ledger: Ledger) -> list[Cell]:
    """Final use by place and end use.

    Parameters
    ----------
    ledger : Ledger
        The facts on refined use and its shares.

    Returns
    -------
    list of Cell
        In t W a year. Where no share of a country is printed the world's is taken, and the cell is imputed.

    Notes
    -----
    Hardmetal and mill products buy powder, steel buys ferrotungsten, chemicals buy oxide. United States
    superalloys buy powder: USGS prints them apart from steel.
    """
    cells = []
    world_carbide, steel = _row(ledger, *CARBIDE_ROWS["*"]), _row(ledger, *STEEL_ROW)
    for place, (tonnes, _, fact_id) in balance_2024(ledger, "refined_use").items():
        if tonnes <= 0:
            continue
        own = place in CARBIDE_ROWS
        carbide = _row(ledger, *CARBIDE_ROWS[place]) if own else world_carbide
        rest = 100 - carbide[0]
        other = rest * (1 - steel[0] / (100 - world_carbide[0]))
        parts = {
            ("powder", HARDMETAL): (carbide[0], "estimated" if own else "imputed", carbide[1]),
            ("ferro", STEEL): (rest - other, "imputed", steel[1]),
            ("powder", MILL): (other * (1 - share(place, "chemicals").value), "imputed", ""),
            ("oxide", CHEMICALS): (other * share(place, "chemicals").value, "imputed", ""),
        }
        if place == "USA":
            parts |= _american_parts(ledger, rest)
        cells += [
            Cell(
                CellKind.USE,
                form,
                place,
                tonnes * percent / 100,
                ESTIMATE if use == HARDMETAL else IMPUTED,
                evidence_status,
                use=use,
                fact_ids=tuple(i for i in (fact_id, row_id) if i),
            )
            for (form, use), (percent, evidence_status, row_id) in parts.items()
        ]
    return cells


def _american_parts(ledger: Ledger, rest: float) -> dict[tuple[str, str], tuple[float, str, str]]:
    tonnes = {use: _row(ledger, *at) for use, at in US_ROWS.items()}
    percent = {use: 100 * t / tonnes["total"][0] for use, (t, _) in tonnes.items()}
    named = percent["steels"] + percent["superalloys"] + percent["chemical"]
    return {
        ("ferro", STEEL): (percent["steels"], "estimated", tonnes["steels"][1]),
        ("powder", STEEL): (percent["superalloys"], "estimated", tonnes["superalloys"][1]),
        ("powder", MILL): (rest - named, "derived", ""),
        ("oxide", CHEMICALS): (percent["chemical"], "estimated", tonnes["chemical"][1]),
    }


def _row(ledger: Ledger, region: str, year: str, metric: str, product: str) -> Row:
    rows = table(ledger, "tungsten/demand").filter(
        (pl.col("region") == region)
        & (pl.col("year") == year)
        & (pl.col("metric") == metric)
        & (pl.col("product_or_use") == product)
    )
    if rows.is_empty():
        raise Refused(Problem(f"no {metric} of {product} ({region}, {year})", "tungsten use"))
    return float(rows["value"][0]), str(rows["fact_id"][0])
