"""Assembly: all that is known about tungsten in 2024, as evidence for one world."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import polars as pl

from crosscut.base.errors import Problem, Refused
from crosscut.ledger.store.ledger import Ledger
from crosscut.ledger.store.tables import relative_errors, table
from crosscut.worlds.cells import closing_cells
from crosscut.worlds.evidence import IMPUTED, Cell, CellKind, Evidence, SoftFact
from crosscut.worlds.tungsten.chain import REDUCTION_YIELD, tungsten_chain
from crosscut.worlds.tungsten.mix import chinese_mix, tungstate_exports
from crosscut.worlds.tungsten.nodes import ALWAYS, REFINED_PLACES, place_names, place_of
from crosscut.worlds.tungsten.ore import mine_cells, mine_output, ore_trade
from crosscut.worlds.tungsten.plants import primary_plants, reduction_cells
from crosscut.worlds.tungsten.price_facts import tungsten_prices
from crosscut.worlds.tungsten.products import PRODUCTS, matrix_pairs, pair_sums, product_cells
from crosscut.worlds.tungsten.refined import MATRIX_YEAR, balance_2024, metal_scrap_cells
from crosscut.worlds.tungsten.uses import use_cells

# Freight and insurance between countries, USD per t W contained; assumed (about 250 USD per t gross).
FREIGHT = {"concentrate": 500.0, "scrap": 300.0, "oxide": 400.0, "powder": 400.0, "ferro": 400.0}
# Chinese capacity of 2021 (CTIA) against what this world has China make: APT 137,600 t W, carbide powder
# 84,500, ferrotungsten 21,000. Used to about half; the curve of a spread of plants starts at 0.55.
UTILISATION = {
    "concentrate": 0.90,
    "scrap": 0.80,
    **dict.fromkeys(("conversion", "recycling", "zinc_process", "reduction", "smelting"), 0.80),
    **dict.fromkeys(("conversion/CHN", "recycling/CHN", "reduction/CHN", "smelting/CHN"), 0.55),
    "conversion/VNM": 0.57,
    "smelting/VNM": 0.57,
}


# Places whose oxide exports are tungstates and nothing else: oxide proper is not recorded anywhere.
RECYCLERS = ("TWN", "PHL", "IND", "KOR")


def tungsten_evidence(ledger: Ledger, year: int) -> Evidence:
    """Gather the evidence for the tungsten world of five forms.

    Parameters
    ----------
    ledger : Ledger
        The facts to build from.
    year : int
        Only 2024 has a balance of refined output, trade and use.

    Returns
    -------
    Evidence
        Cells in t W a year, published sums, prices in USD per t W, and notes.

    Raises
    ------
    Refused
        For another year.
    """
    if year != MATRIX_YEAR:
        raise Refused(
            Problem(
                f"no tungsten world for {year}: the balance of refined output, trade and use exists for "
                f"{MATRIX_YEAR} only",
                "year",
                str(MATRIX_YEAR),
            )
        )
    mines, notes = mine_output(ledger, year)
    node = place_of([iso3 for iso3, _, _, _ in mines], year)
    trade = ore_trade(ledger, year, node)
    pairs = matrix_pairs(ledger)
    cells = (
        _merged(mine_cells(mines) + trade.cells + metal_scrap_cells(ledger, node))
        + product_cells(ledger, pairs)
        + use_cells(ledger)
    )
    plants, plant_sums = primary_plants(ledger, cells)
    cells += plants
    cells += reduction_cells(cells)
    cells += _collection_cells(cells)
    prices = tungsten_prices(ledger, year, trade.unit_value)
    chain = tungsten_chain(prices)
    soft_facts = (
        *plant_sums,
        *pair_sums(pairs, cells),
        *_use_sums(ledger, cells),
        *_published_sums(ledger, cells),
    )
    cells += closing_cells(cells, chain, ("concentrate", "scrap"))
    countries = tuple(sorted({c.place for c in cells} | {c.other for c in cells if c.other} | {*ALWAYS}))
    return Evidence(
        mineral="tungsten",
        year=year,
        chain=chain,
        countries=countries,
        place_names=place_names(countries),
        cells=tuple(cells),
        soft_facts=soft_facts,
        prices=prices,
        freight=FREIGHT,
        utilisation=UTILISATION,
        errors=relative_errors(ledger),
        repairs=tuple(trade.repairs),
        notes=(
            *notes,
            "Refined use and output of Spain, Portugal and the smaller EU members are counted in EUO.",
            (
                "Only a sixth of the cross-border refined tonnes is reported pair by pair (metal powder and"
                " unwrought metal); the rest is fitted, and its split into oxide, powder and ferrotungsten"
                " follows exporters' product mixes, most of them old or assumed."
            ),
            (
                "Here the facts stop: trade in carbide tools and wrought metal is not in the data, so makers"
                " of hardmetal, mill products and heavy alloy are end users of powder; scrap melted directly"
                " by steel makers is in no record (ferrotungsten use too large, collection too small)."
            ),
            (
                "Base-year import duties were not found and stand at 0: changes of duty are exact, levels are"
                " not."
            ),
        ),
        fact_ids=tuple(
            sorted(
                {i for c in cells for i in c.fact_ids}
                | {i for p in prices for i in p.fact_ids}
                | {s.fact_id for s in soft_facts if s.fact_id}
            )
        ),
    )


def _merged(cells: list[Cell]) -> list[Cell]:
    """Cells of the same kind and place added up, with the larger distrust and the evidence status of the
    larger part."""
    out: dict[tuple[object, ...], Cell] = {}
    for c in cells:
        key = (c.kind, c.form, c.place, c.other)
        if key in out:
            had = out[key]
            main = had if had.prior >= c.prior else c
            c = replace(
                main,
                prior=had.prior + c.prior,
                distrust=max(had.distrust, c.distrust),
                fact_ids=(*had.fact_ids, *c.fact_ids),
            )
        out[key] = c
    return list(out.values())


def _collection_cells(cells: list[Cell]) -> list[Cell]:
    """Old scrap collected at home: what recycling takes and exports carry, less imports; never below a
    tenth."""
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
        Cell(
            CellKind.COLLECTION, "scrap", place, max(tonnes, 0.1 * used.get(place, 0.0)), IMPUTED, "estimated"
        )
        for place, tonnes in sorted(need.items())
        if max(tonnes, 0.1 * used.get(place, 0.0)) > 0
    ]


def _use_sums(ledger: Ledger, cells: list[Cell]) -> list[SoftFact]:
    """Refined use of a place: what its end users buy and what reduction loses."""
    out = []
    for place, (tonnes, evidence_status, fact_id) in balance_2024(ledger, "refined_use").items():
        terms = {k: 1.0 for k, c in enumerate(cells) if c.kind is CellKind.USE and c.place == place}
        terms |= {
            k: 1 - REDUCTION_YIELD
            for k, c in enumerate(cells)
            if c.kind is CellKind.ACTIVITY and c.process == "reduction" and c.place == place
        }
        if tonnes > 0:
            out.append(SoftFact(f"refined use of {place}", terms, tonnes, None, evidence_status, fact_id))
    return out


def _published_sums(ledger: Ledger, cells: list[Cell]) -> list[SoftFact]:
    """Published sums over cells: exports of China and of tungstates, imports of the United States,
    ferrotungsten."""
    exports = balance_2024(ledger, "refined_exports")["CHN"]
    imports = balance_2024(ledger, "refined_imports")["USA"]
    ore = _single(
        ledger,
        "tungsten/us_salient",
        metric="imports_for_consumption",
        form_or_detail="ores_and_concentrates",
        year=str(MATRIX_YEAR),
    )
    ferro = _single(
        ledger, "tungsten/refined_balance", country="EU+JPN", year="2012", product="ferrotungsten"
    )

    def over(forms: Iterable[str], origin: str = "", destination: str = "") -> dict[int, float]:
        return {
            k: 1.0
            for k, c in enumerate(cells)
            if c.kind is CellKind.TRADE
            and c.form in forms
            and (not origin or c.place == origin)
            and (not destination or c.other == destination)
        }

    oxide, ferro_mix = chinese_mix(ledger)
    steel = {
        k: 1.0
        for k, c in enumerate(cells)
        if c.kind is CellKind.USE and c.form == "ferro" and c.place in ("AUT", "DEU", "EUO", "JPN")
    }
    facts = [
        SoftFact(
            "Chinese refined exports",
            over(PRODUCTS, origin="CHN"),
            exports[0],
            0.10 * exports[0],
            exports[1],
            exports[2],
        ),
        SoftFact(
            "Chinese exports of APT, tungstates and oxide",
            over(("oxide",), origin="CHN"),
            oxide.value * exports[0],
            0.15 * oxide.value * exports[0],
            oxide.evidence_status,
            oxide.fact_ids[0],
        ),
        SoftFact(
            "Chinese exports of ferrotungsten",
            over(("ferro",), origin="CHN"),
            ferro_mix.value * exports[0],
            0.3 * ferro_mix.value * exports[0],
            ferro_mix.evidence_status,
            ferro_mix.fact_ids[0],
        ),
        SoftFact(
            "US refined imports",
            over(PRODUCTS, destination="USA"),
            imports[0],
            0.15 * imports[0],
            imports[1],
            imports[2],
        ),
        SoftFact(
            "US concentrate imports",
            over(("concentrate",), destination="USA"),
            ore[0],
            0.05 * ore[0],
            "reported",
            ore[1],
        ),
        # Twelve years old and from before the sanctions on Russia: no firmer than an imputed cell.
        SoftFact(
            "Ferrotungsten use of the EU and Japan, 2012",
            steel,
            ferro[0],
            None,
            "reported",
            ferro[1],
            IMPUTED,
        ),
    ]
    facts.append(_korean_oxide(ledger, cells))
    for place, (tonnes, ids) in tungstate_exports(ledger).items():
        if place in RECYCLERS and (terms := over(("oxide",), origin=place)):
            facts.append(
                SoftFact(f"tungstate exports of {place}", terms, tonnes, 0.2 * tonnes, "derived", ids[0])
            )
    return facts


def _korean_oxide(ledger: Ledger, cells: list[Cell]) -> SoftFact:
    """China's share of Korean imports of oxide, 95 % in 2023: what China ships less the share of what
    arrives is 0."""
    percent, fact_id = _single(
        ledger,
        "tungsten/refined_trade",
        column="quantity",
        year="2023",
        product="tungsten oxide",
        exporter_iso3="CHN",
        importer_iso3="KOR",
    )
    arriving = {
        k: c
        for k, c in enumerate(cells)
        if c.kind is CellKind.TRADE and c.form == "oxide" and c.other == "KOR"
    }
    terms = {k: (1.0 if c.place == "CHN" else 0.0) - percent / 100 for k, c in arriving.items()}
    total = sum(c.prior for c in arriving.values())
    return SoftFact("Korean oxide imports from China", terms, 0.0, 0.05 * total, "reported", fact_id)


def _single(ledger: Ledger, name: str, column: str = "", **where: str) -> tuple[float, str]:
    """(figure, fact id) of the one row with these labels: t W where the table has it, else its value."""
    rows = table(ledger, name)
    for label, value in where.items():
        rows = rows.filter(pl.col(label) == value)
    if rows.height != 1:
        raise Refused(Problem(f"{rows.height} rows of {name} with {where}", "tungsten facts", "exactly one"))
    column = column or ("value_t_w" if "value_t_w" in rows.columns else "value")
    return float(rows[column][0]), str(rows["fact_id"][0])


__all__ = ["REFINED_PLACES", "tungsten_evidence"]
