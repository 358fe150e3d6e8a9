"""Assembly: all that is known about tungsten in 2024, as evidence for one world."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from crosscut.errors import Problem, Refused
from crosscut.facts.tables import table
from crosscut.market.chain import Chain, Form, Process, TradeCode
from crosscut.units.tonnage import content
from crosscut.worlds.cells import closing_cells
from crosscut.worlds.evidence import ESTIMATE, IMPUTED, BasePrice, Cell, CellKind, Evidence, SoftFact
from crosscut.worlds.tungsten.nodes import REFINED_PLACES, place_names, place_of
from crosscut.worlds.tungsten.ore import CONTENT, mine_cells, mine_output, ore_trade
from crosscut.worlds.tungsten.price_facts import tungsten_prices
from crosscut.worlds.tungsten.refined import (
    MATRIX_YEAR,
    balance_2024,
    metal_scrap_cells,
    shipment_cells,
    use_cells,
)

REFINING_YIELD = 0.95  # 0.93 to 0.96 t W out per t W in
RECYCLING_YIELD = 0.90
# Freight and insurance between countries, USD per t W contained; assumed (about 250 USD per t gross).
FREIGHT = {"concentrate": 500.0, "scrap": 300.0, "refined": 400.0}
# Chinese APT capacity 196,000 t product (2021) x 0.7018 t W against 80,260 t W refined in 2024.
UTILISATION = {
    "concentrate": 0.90, "scrap": 0.80, "refined": 0.90,
    "refining": 0.80, "recycling": 0.80, "refining/CHN": 0.58, "recycling/CHN": 0.58,
}  # fmt: skip
OTHER_USES = {"steel and superalloys": 14.0, "mill products, chemicals and other": 21.0}
HARDMETAL = {"*": 65.0, "CHN": 59.0, "USA": 60.0, "JPN": 66.0}
HARDMETAL_EU = 72.0


def tungsten_evidence(year: int) -> Evidence:
    """Evidence for the tungsten world; only 2024 has a refined balance."""
    if year != MATRIX_YEAR:
        raise Refused(
            Problem(
                f"no tungsten world for {year}: the balance of refined output, trade and use exists for "
                f"{MATRIX_YEAR} only",
                "year",
                str(MATRIX_YEAR),
            )
        )
    mines, notes = mine_output(year)
    node = place_of([iso3 for iso3, _, _, _ in mines], year)
    trade = ore_trade(year, node)
    cells = mine_cells(mines) + trade.cells + shipment_cells() + use_cells() + metal_scrap_cells(node)
    cells = _merged(cells)
    cells += _processing_cells(cells)
    cells += _collection_cells(cells)
    prices = tungsten_prices(year, trade.unit_value)
    chain = _chain(prices)
    cells += closing_cells(cells, chain)
    countries = tuple(sorted({c.place for c in cells} | {c.other for c in cells if c.other} | {"KAZ"}))
    return Evidence(
        mineral="tungsten",
        year=year,
        chain=chain,
        countries=countries,
        place_names=place_names(countries),
        cells=tuple(cells),
        soft_facts=tuple(_soft_facts(cells)),
        prices=prices,
        freight=FREIGHT,
        use_shares=_use_shares(countries),
        utilisation=UTILISATION,
        repairs=tuple(trade.repairs),
        notes=(
            *notes,
            "Refined use and output of Spain, Portugal and the smaller EU members are counted in EUO.",
            "Only a sixth of the cross-border refined tonnes is reported pair by pair; the rest is fitted.",
            "Base-year import duties were not found and stand at 0: changes of duty are exact, levels are not.",
        ),
        fact_ids=tuple(sorted({i for c in cells for i in c.fact_ids} | {i for p in prices for i in p.fact_ids})),
    )


def _chain(prices: tuple[BasePrice, ...]) -> Chain:
    usd = {p.form: p.value for p in prices}
    return Chain(
        "tungsten",
        (
            Form("concentrate", "Concentrate", usd["concentrate"], (TradeCode("HS92", "261100", CONTENT),)),
            Form("scrap", "Old scrap and residue", usd["scrap"], (TradeCode("HS92", "810191", None),)),
            Form(
                "refined",
                "Refined: APT, oxide, powder, carbide, ferrotungsten",
                usd["refined"],
                (
                    TradeCode("HS92", "284180", content("APT").value),
                    TradeCode("HS92", "282590", content("WO3").value),
                    TradeCode("HS92", "810110", content("powder").value),
                    TradeCode("HS92", "284990", content("WC").value),
                    TradeCode("HS92", "720280", content("FeW").value),
                ),
                primary=False,
            ),
        ),
        (
            Process("refining", "Refining of concentrate", {"concentrate": 1.0}, {"refined": REFINING_YIELD}, 0.1),
            Process("recycling", "Recycling of scrap", {"scrap": 1.0}, {"refined": RECYCLING_YIELD}, 0.1),
        ),
    )


def _merged(cells: list[Cell]) -> list[Cell]:
    """Cells of the same kind and place added up, with the larger distrust and the standing of the larger part."""
    out: dict[tuple[object, ...], Cell] = {}
    for c in cells:
        key = (c.kind, c.form, c.place, c.other, c.process)
        if key in out:
            had = out[key]
            main = had if had.prior >= c.prior else c
            c = replace(main, prior=had.prior + c.prior, distrust=max(had.distrust, c.distrust),
                        fact_ids=(*had.fact_ids, *c.fact_ids))  # fmt: skip
        out[key] = c
    return list(out.values())


def _processing_cells(cells: list[Cell]) -> list[Cell]:
    """Activity of refining and recycling (t W taken in), from the 2024 balance of refined output.

    Where more residue arrives under ore codes than the balance counts as scrap, the excess is recycling, not
    refining: the balance counted it as concentrate feed.
    """
    total = balance_2024("refined_output", "all refined")
    recycled = balance_2024("scrap_supply", "refined from scrap and residues")
    arriving: dict[str, float] = {}
    for c in cells:
        if c.kind is CellKind.TRADE and c.form == "scrap" and c.note.startswith("booked as concentrate"):
            arriving[c.other] = arriving.get(c.other, 0.0) + c.prior
    out = []
    for place, (output, _, fact_id) in total.items():
        from_scrap = max(recycled.get(place, (0.0, "", ""))[0], arriving.get(place, 0.0) * RECYCLING_YIELD)
        from_scrap = min(from_scrap, output)
        standing = recycled[place][1] if place in recycled else "imputed"
        if from_scrap > 0:
            out.append(Cell(CellKind.ACTIVITY, "scrap", place, from_scrap / RECYCLING_YIELD, ESTIMATE, standing,
                            process="recycling", fact_ids=(fact_id,)))  # fmt: skip
        if output > from_scrap:
            out.append(Cell(CellKind.ACTIVITY, "concentrate", place, (output - from_scrap) / REFINING_YIELD, ESTIMATE,
                            "derived", process="refining", fact_ids=(fact_id,)))  # fmt: skip
    return out


def _collection_cells(cells: list[Cell]) -> list[Cell]:
    """Old scrap collected at home: what recycling takes and exports carry, less imports; never below a tenth."""
    need: dict[str, float] = {}
    for c in cells:
        if c.form != "scrap":
            continue
        if c.kind is CellKind.ACTIVITY:
            need[c.place] = need.get(c.place, 0.0) + c.prior
        elif c.kind is CellKind.TRADE:
            need[c.place] = need.get(c.place, 0.0) + c.prior
            need[c.other] = need.get(c.other, 0.0) - c.prior
    used = {c.place: c.prior for c in cells if c.kind is CellKind.ACTIVITY and c.form == "scrap"}
    return [
        Cell(CellKind.COLLECTION, "scrap", place, max(tonnes, 0.1 * used.get(place, 0.0)), IMPUTED, "estimated")
        for place, tonnes in sorted(need.items())
        if max(tonnes, 0.1 * used.get(place, 0.0)) > 0
    ]


def _soft_facts(cells: list[Cell]) -> list[SoftFact]:
    """Published sums over cells: Chinese refined exports and US imports."""
    exports = balance_2024("refined_exports")["CHN"]
    imports = balance_2024("refined_imports")["USA"]
    ore = table("tungsten/us_salient").filter(
        (pl.col("metric") == "imports_for_consumption")
        & (pl.col("form_or_detail") == "ores_and_concentrates")
        & (pl.col("year") == str(MATRIX_YEAR))
    )
    us_ore = float(ore["value"][0])

    def over(form: str, origin: str = "", destination: str = "") -> dict[int, float]:
        return {
            k: 1.0
            for k, c in enumerate(cells)
            if c.kind is CellKind.TRADE
            and c.form == form
            and (not origin or c.place == origin)
            and (not destination or c.other == destination)
        }

    return [
        SoftFact("Chinese refined exports", over("refined", origin="CHN"), exports[0], 0.10 * exports[0],
                 exports[1], exports[2]),
        SoftFact("US refined imports", over("refined", destination="USA"), imports[0], 0.15 * imports[0],
                 imports[1], imports[2]),
        SoftFact("US concentrate imports", over("concentrate", destination="USA"), us_ore, 0.05 * us_ore,
                 "reported", str(ore["fact_id"][0])),
    ]  # fmt: skip


def _use_shares(countries: tuple[str, ...]) -> dict[str, dict[str, float]]:
    """First use by country: the published share of hardmetal, the rest split as in the world (ITIA)."""
    rest = sum(OTHER_USES.values())
    shares = {}
    for place in ("*", *countries):
        hardmetal = HARDMETAL_EU if place in ("AUT", "DEU", "EUO") else HARDMETAL.get(place, HARDMETAL["*"])
        shares[place] = {
            "hardmetal": hardmetal / 100,
            **{use: (1 - hardmetal / 100) * v / rest for use, v in OTHER_USES.items()},
        }
    return shares


__all__ = ["REFINED_PLACES", "tungsten_evidence"]
