"""Mix: which products the refined totals of a place consist of, from facts where there are any, else assumed.

The balance of 2024 knows refined tungsten as one sum per country and pair. Its parts are recorded only for
metal powder and unwrought metal (pair by pair), tungstates (by exporter) and Chinese exports of 2011 and
early 2014 (by product).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

import polars as pl

from crosscut.base.bundled import bundled_text
from crosscut.ledger.store.ledger import Ledger, per_ledger
from crosscut.ledger.store.tables import table

YEAR = "2024"
TUNGSTATES = "tungstates incl. APT (HS 284180)"
CHINESE_YEARS = ("2011", "2014 H1")
CHINESE_TOTAL = "all tungsten products excl. hardmetal"
CHINESE_OXIDES = ("APT", "AMT", "blue oxide", "yellow oxide")
COUNTED = {"NLD": "EUO", "ESP": "EUO", "LAO": "OTH"}


@dataclass(frozen=True)
class FactShare:
    """A fraction with the facts behind it."""

    value: float
    evidence_status: str
    fact_ids: tuple[str, ...] = ()


@cache
def assumed_shares() -> dict[tuple[str, str], FactShare]:
    """Read the shares of products by place, with how each is known.

    Returns
    -------
    dict of (str, str) to FactShare
        By (place, measure): a share from 0 to 1 with its evidence status. Place * stands for every other.
    """
    text = bundled_text("worlds", "tungsten_product_mix.csv")
    return {
        (r["place"], r["measure"]): FactShare(float(r["value"]), r["evidence_status"])
        for r in csv.DictReader(text.splitlines())
    }


def share(place: str, measure: str) -> FactShare:
    """The share of a place, or that of places about which nothing is known.

    Parameters
    ----------
    place : str
        Code of the place.
    measure : str
        What is shared, such as oxide_exports.

    Returns
    -------
    FactShare
        A share from 0 to 1 with its evidence status.
    """
    shares = assumed_shares()
    return shares.get((place, measure)) or shares["*", measure]


@per_ledger
def tungstate_exports(ledger: Ledger) -> dict[str, tuple[float, tuple[str, ...]]]:
    """Add up the recorded exports of APT and other tungstates.

    Parameters
    ----------
    ledger : Ledger
        The facts; those without a figure in W are left out.

    Returns
    -------
    dict of str to (float, tuple of str)
        By place: t W a year and ids of the facts. China is absent: its exports are part of its product mix.
    """
    rows = table(ledger, "tungsten/refined_trade").filter(
        (pl.col("year") == YEAR)
        & (pl.col("product") == TUNGSTATES)
        & pl.col("value_t_w").is_not_null()
        & ~pl.col("exporter_iso3").is_in(["WLD", "CHN"])
    )
    out: dict[str, tuple[float, tuple[str, ...]]] = {}
    for r in rows.iter_rows(named=True):
        place = COUNTED.get(r["exporter_iso3"], r["exporter_iso3"])
        had, ids = out.get(place, (0.0, ()))
        out[place] = (had + float(r["value_t_w"]), (*ids, str(r["fact_id"])))
    return out


@per_ledger
def chinese_mix(ledger: Ledger) -> tuple[FactShare, FactShare]:
    """Shares of oxide and ferrotungsten in the refined exports of China.

    Parameters
    ----------
    ledger : Ledger
        The facts.

    Returns
    -------
    oxide, ferro : FactShare
        Shares of exports in W, 0 to 1, with the ids of the facts.

    Notes
    -----
    Mean of 2011 and the first half of 2014, the last years printed by product.
    """
    rows = table(ledger, "tungsten/refined_trade").filter(
        pl.col("year").is_in(CHINESE_YEARS)
        & (pl.col("exporter_iso3") == "CHN")
        & (pl.col("importer_iso3") == "WLD")
    )
    tonnes = {(r["year"], r["product"]): float(r["value_t_w"]) for r in rows.iter_rows(named=True)}
    ids = tuple(str(i) for i in rows["fact_id"])

    def mean(products: tuple[str, ...]) -> FactShare:
        shares = [
            sum(tonnes.get((y, p), 0.0) for p in products) / tonnes[y, CHINESE_TOTAL] for y in CHINESE_YEARS
        ]
        return FactShare(sum(shares) / len(shares), "derived", ids)

    return mean(CHINESE_OXIDES), mean(("ferrotungsten",))


def export_mix(ledger: Ledger, place: str, exports: float) -> tuple[FactShare, FactShare]:
    """Shares of oxide and ferrotungsten in the refined exports of a place; the rest is powder and metal.

    Parameters
    ----------
    ledger : Ledger
        The facts.
    place : str
        Code of the place.
    exports : float
        Its refined exports, in t W a year.

    Returns
    -------
    oxide, ferro : FactShare
        Shares of exports in W, 0 to 1. Where no oxide share of the place is listed and its exports of
        tungstates are recorded, these over `exports`, at most 1.
    """
    if place == "CHN":
        return chinese_mix(ledger)
    oxide, ferro = share(place, "oxide_exports"), share(place, "ferro_exports")
    if (
        (place, "oxide_exports") not in assumed_shares()
        and place in tungstate_exports(ledger)
        and exports > 0
    ):
        tonnes, ids = tungstate_exports(ledger)[place]
        oxide = FactShare(min(tonnes / exports, 1.0), "derived", ids)
    return oxide, ferro
