"""Company mode: GeoPolRisk and governance-weighted spend of a company's own purchases, and who stands behind
each supplier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from crosscut.base.arrays import Array
from crosscut.base.places import name
from crosscut.inputs.purchases.purchase import Purchase
from crosscut.ledger.store.ledger import Ledger
from crosscut.studies.indicators.answers.facts import Facts
from crosscut.studies.indicators.answers.traced import traced
from crosscut.studies.indicators.geopolrisk import COPPER_KG_EQ, concentration_of_output
from crosscut.studies.indicators.panel import (
    FIRST_TRADE_YEAR,
    GOVERNANCE_SOURCE,
    LAST_TRADE_YEAR,
    PRINTED,
    TRADE_SOURCE,
    panel,
)
from crosscut.studies.indicators.rows import IndicatorRow, missing
from crosscut.studies.indicators.uncertainty import interval

COMPANY = "COMPANY"
VARIANT = "own purchases"
WEIGHTED_SPEND = "company.governance_weighted_spend"
STANDS_IN = 3  # years after the last facts for which these still stand: governance changes slowly


@dataclass(frozen=True)
class Supplier:
    """One purchase with what is known about it; `behind` are (origin, share of what the supplier's country
    has). `facts_year` is the year of the trade and governance data used, None where there are none."""

    purchase: Purchase
    instability: float | None
    behind: tuple[tuple[str, float], ...]
    status: str
    facts_year: int | None


def company_rows(ledger: Ledger, purchases: Sequence[Purchase]) -> tuple[list[IndicatorRow], list[Supplier]]:
    """Indicators of a company's purchases, and what is known about each supplier.

    Purchases of one mineral and year of facts are taken together. Facts end some time before today: a
    purchase of the years just after them takes those of their last year, and says so.

    Parameters
    ----------
    ledger : Ledger
        Trade, output and governance.
    purchases : Sequence[Purchase]
        Tonnes and USD by country.

    Returns
    -------
    tuple[list[IndicatorRow], list[Supplier]]
        (rows by mineral and year: governance-weighted spend in USD, GeoPolRisk score from 0 to 1 and factor
        in kg Cu-eq per kg; one supplier a purchase, in their order).
    """
    suppliers = [_supplier(ledger, p) for p in purchases]
    groups: dict[tuple[str, int], list[Supplier]] = {}
    for s in suppliers:
        if s.facts_year is not None:
            groups.setdefault((s.purchase.mineral.name, s.facts_year), []).append(s)
    rows = [r for (_, year), part in groups.items() for r in _rows(ledger, part, year)]
    return rows, suppliers


def facts_year(year: int) -> int | None:
    """The year of the trade and governance data that stand for a purchase.

    Parameters
    ----------
    year : int
        Of the purchase.

    Returns
    -------
    int | None
        The year itself where there are data of it, their last year for the three years after it, else None.

    Examples
    --------
    >>> facts_year(2022), facts_year(LAST_TRADE_YEAR + 1) == LAST_TRADE_YEAR, facts_year(1994)
    (2022, True, None)
    """
    if FIRST_TRADE_YEAR <= year <= LAST_TRADE_YEAR:
        return year
    return LAST_TRADE_YEAR if 0 < year - LAST_TRADE_YEAR <= STANDS_IN else None


def _supplier(ledger: Ledger, p: Purchase) -> Supplier:
    year = facts_year(p.year)
    if year is None:
        return Supplier(p, None, (), f"missing: no trade and governance data for {p.year}", None)
    f = Facts(ledger, p.mineral, p.supplier, year)
    g, origins = f.instability.get(p.supplier), traced(ledger, f.panel)
    remarks = [f"facts of {year} stand for {p.year}"] if year != p.year else []
    if g is None:
        remarks.append(f"no governance data for {name(p.supplier)}")
    if origins is None:
        remarks.append("origins not traced (output not at hand, or output and trade of two stages)")
    status = f"flagged: {'; '.join(remarks)}" if remarks else "ok"
    return Supplier(p, g, origins.behind(p.supplier) if origins else (), status, year)


def _rows(ledger: Ledger, suppliers: list[Supplier], year: int) -> list[IndicatorRow]:
    mineral = suppliers[0].purchase.mineral
    p = panel(ledger, (mineral,), (year,))
    tonnes, basis = _tonnes(suppliers)
    usd = np.array([s.purchase.usd for s in suppliers])
    known = np.array([s.instability is not None for s in suppliers])
    g = np.array([s.instability if s.instability is not None else 0.0 for s in suppliers])
    covered = float(tonnes[known].sum() / tonnes.sum()) if len(tonnes) else 0.0
    source = f"your purchases; {GOVERNANCE_SOURCE}"
    place, period = COMPANY, str(year)
    later = sorted({s.purchase.year for s in suppliers if s.purchase.year != year})
    remarks = [f"facts of {year} stand for {', '.join(map(str, later))}"] if later else []
    if not known.any():
        why = "; ".join([*remarks, "no governance data for these suppliers"])
        return [
            missing(mineral.name, place, period, indicator, VARIANT, why, source)
            for indicator in (WEIGHTED_SPEND, "geopolrisk.score")
        ]
    if not known.all():
        remarks.append("suppliers without governance data are left out and widen the interval")
    flag = f"flagged: {'; '.join(remarks)}" if remarks else "ok"
    weighted, spent = float((usd * g).sum()), float(usd.sum())
    low, high = (float(x) for x in interval(weighted, float(np.sqrt((0.05**2 * (usd * known) ** 2).sum()))))
    out = [
        IndicatorRow(
            mineral.name,
            place,
            period,
            WEIGHTED_SPEND,
            VARIANT,
            weighted,
            low,
            min(spent, high + float(usd[~known].sum())),
            float(usd[known].sum() / spent) if spent else None,
            "reported",
            flag,
            source,
        )
    ]
    made = p.output_source[0][0]
    why = ""
    if not made:
        why = "no table of output by country; `crosscut data pull` fetches World Mining Data"
    elif not basis:
        why = "some lines state tonnes of product, others tonnes of metal; state the content of each"
    elif covered < 0.5:
        why = "more than half of the tonnes come from countries without governance data"
    if why:
        return [*out, missing(mineral.name, place, period, "geopolrisk.score", VARIANT, why, source)]
    hhi, hhi_sd, _ = concentration_of_output(p.output, p.output_sd)
    h = float(hhi[0, 0])
    wta = float((tonnes * g).sum() / tonnes[known].sum())
    sd = float(np.hypot(hhi_sd[0, 0] * wta, h * PRINTED * np.sqrt((tonnes**2).sum()) / tonnes.sum()))
    score = h * wta
    low, high = (float(x) for x in interval(score, sd))
    low, high = low * covered, min(1.0, high + h * (1 - covered))
    price = spent / float(tonnes.sum()) / 1000.0
    source = f"{made}; {source}"
    out.append(
        IndicatorRow(
            mineral.name,
            place,
            period,
            "geopolrisk.score",
            VARIANT,
            score,
            low,
            high,
            covered,
            "reported",
            flag,
            source,
        )
    )
    factor = price / COPPER_KG_EQ
    out.append(
        IndicatorRow(
            mineral.name,
            place,
            period,
            "geopolrisk.cf",
            VARIANT,
            score * factor,
            low * factor,
            high * factor,
            covered,
            "reported",
            flag,
            f"{source}; {TRADE_SOURCE} not used: your price per t {basis}",
        )
    )
    return out


def _tonnes(suppliers: Sequence[Supplier]) -> tuple[Array, str]:
    """Tonnes of each line on one basis, and the basis: of product where every line states it, else of metal;
    none where lines differ, since a tonne of ore does not weigh against a tonne of metal in it."""
    gross = [s.purchase.tonnes for s in suppliers]
    metal = [s.purchase.contained for s in suppliers]
    if None not in gross:
        return np.array(gross, dtype=float), "of product"
    if None not in metal:
        return np.array(metal, dtype=float), "of metal in it"
    return np.zeros(0), ""
