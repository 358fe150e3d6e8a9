"""Rows: the tables of a project's result, from its valuations."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from crosscut.base.arrays import Array
from crosscut.finance.answers.break_even import RefiningCase, TaxAtPrice
from crosscut.finance.answers.metrics import METRICS
from crosscut.finance.mine.product_unit import MTU_WO3, ProductUnit
from crosscut.finance.numbers import over_years
from crosscut.inputs.project.product_rules import product_unit
from crosscut.inputs.project.schema import ProjectFile
from crosscut.results.rows import Row
from crosscut.studies.project.ensemble import ProjectEnsemble
from crosscut.studies.project.tornado import Bar

M = 1e6
HEADLINE = (
    "npv_after_tax",
    "irr_after_tax",
    "owners_npv",
    "owners_irr",
    "payback",
    "break_even",
    "loss",
    "c1",
    "aisc",
    "state_npv",
    "state_first_year",
    "tax_rate",
    "least_cover",
    "default",
)
# Shares of draws: whether it happened in a draw. Their points over draws say nothing, the share does.
CHANCES = ("locked", "default", "unpaid", "thin")


def unit_of(unit: str, currency: str, year: int, product: ProductUnit = MTU_WO3) -> str:
    """The unit of a metric in words."""
    words = {
        "money": f"million {currency}, nominal",
        "real money": f"million {currency} of {year}",
        "money per mtu": f"{currency} of {year} per mtu WO3",
        "price": f"USD of {year} per mtu WO3",
        "mtu": "mtu WO3",
        "tonnes": "t",
        "share": "fraction",
    }
    return product.said(words.get(unit, unit))


def scale_of(unit: str, product: ProductUnit = MTU_WO3) -> float:
    """What a metric is divided by to be shown in its unit."""
    if unit in ("money per mtu", "price"):
        return 1.0 / product.mtu
    if unit == "mtu":
        return product.mtu
    return M if unit in ("money", "real money") else 1.0


def points(x: Array) -> dict[str, float | None]:
    """10 %, 50 % and 90 % points of the draws that have a value; None where none has."""
    held = x[np.isfinite(x)]
    if len(held) == 0:
        return {"p10": None, "median": None, "p90": None}
    low, mid, high = (float(q) for q in np.quantile(held, (0.1, 0.5, 0.9)))
    return {"p10": low, "median": mid, "p90": high}


def measure_rows(
    middle: Mapping[str, Array],
    low: Mapping[str, Array],
    e: ProjectEnsemble,
    even: Mapping[str, Array],
    file: ProjectFile,
) -> list[Row]:
    """One row a measure: at the low price, in the middle, over the draws; the headline first."""
    rows = []
    currency, year, study = file.money.currency, file.money.year, file.study
    product = product_unit(file.prices)
    per_price = scale_of("price", product)
    for m in METRICS:
        by = scale_of(m.unit, product)
        draws = e.metrics[m.id]
        row = {
            "measure": m.id,
            "what": product.said(m.what),
            "party": m.party,
            "unit": unit_of(m.unit, currency, year, product),
            "low_price": one(low[m.id]) / by,
            "middle": one(middle[m.id]) / by if study else None,
            **points(draws / by),
            "without": float(np.isnan(draws).mean()),
            "headline": m.id in HEADLINE,
        }
        if m.id in CHANCES:
            held = draws[np.isfinite(draws)]
            share = float(held.mean()) if len(held) else None
            row |= {
                "what": f"share of the draws with debt: {m.what}",
                "p10": None,
                "median": share,
                "p90": None,
            }
        rows.append(row)
    loses = float((e.metrics["npv_after_tax"] < 0).mean())
    rows.append(
        {
            "measure": "loss",
            "what": "share of the draws in which it is worth less than nothing after tax",
            "party": "project",
            "unit": "fraction",
            "low_price": None,
            "middle": None,
            "p10": None,
            "median": loses,
            "p90": None,
            "without": 0.0,
            "headline": True,
        }
    )
    for name, what, party in (
        (
            "break_even",
            "APT price, the same in real terms every year, at which it is worth nothing after tax",
            "project",
        ),
        ("break_even_owners", "APT price at which it is worth nothing to the owners at their rate", "owners"),
    ):
        rows.append(
            {
                "measure": name,
                "what": product.said(what),
                "party": party,
                "unit": unit_of("price", currency, year, product),
                "low_price": None,
                "middle": one(even[f"{name}_middle"]) / per_price if study else None,
                **points(even[name] / per_price),
                "without": float(np.isnan(even[name]).mean()),
                "headline": name in HEADLINE,
            }
        )
    return sorted(rows, key=lambda r: HEADLINE.index(r["measure"]) if r["headline"] else len(HEADLINE))


def one(x: Array) -> float:
    """The number of a valuation of one draw."""
    return float(np.ravel(x)[0])


def column(x: Array | float, years: int) -> Array:
    """The years of a valuation of one draw."""
    return over_years(x, years)[:, 0]


def tornado_rows(bars: list[Bar], unit: str, evidence_status: Mapping[str, str]) -> list[Row]:
    """Bars of the tornado, the longest first."""
    out = []
    for b in bars:
        middle = 1.0 if b.figure.mid is None else b.figure.mid
        out.append(
            {
                "figure": b.name,
                "low": b.figure.low,
                "middle": middle,
                "high": b.figure.high,
                "unit": unit,
                "at_low": b.at_low["npv_after_tax"] / M,
                "at_high": b.at_high["npv_after_tax"] / M,
                "owners_at_low": b.at_low["owners_npv"] / M,
                "owners_at_high": b.at_high["owners_npv"] / M,
                "evidence_status": evidence_status.get(b.name, b.figure.evidence_status),
                "fact": b.figure.fact,
            }
        )
    return out


def tax_rows(t: TaxAtPrice, product: ProductUnit) -> list[Row]:
    """Average effective tax rate over the price."""
    n = len(t.price)
    rate, before, after = (np.broadcast_to(x, (n,)) for x in (t.rate, t.before_take, t.after_tax))
    return [
        {
            "price": float(t.price[k]) * product.mtu,
            "unit": f"USD/{product.label}",
            "rate": float(rate[k]),
            "before": float(before[k]) / M,
            "after": float(after[k]) / M,
        }
        for k in range(n)
    ]


def refining_rows(
    middle: RefiningCase, draws: RefiningCase, currency: str, year: int, size: float
) -> list[Row]:
    """Does refining pay: worth both ways, margin and its parts, the payable share and size at which it
    starts to."""
    money, per_mtu = unit_of("real money", currency, year), unit_of("money per mtu", currency, year)
    listed = (
        ("worth selling concentrate", money, "as_concentrate", M),
        ("worth refining", money, "refined", M),
        ("gain from refining", money, "gain", M),
        ("margin: APT less concentrate given up", per_mtu, "margin", 1.0),
        ("conversion cost", per_mtu, "cost", 1.0),
        ("of which power", per_mtu, "power", 1.0),
        ("of which reagents", per_mtu, "reagents", 1.0),
        ("capital of the plant", per_mtu, "capital_charge", 1.0),
        ("payable share of concentrate at which both are equal", "fraction of APT", "even_payable", 1.0),
    )
    rows = [
        {
            "item": item,
            "unit": unit,
            "middle": one(getattr(middle, name)) / by,
            **points(np.ravel(getattr(draws, name)) / by),
        }
        for item, unit, name, by in listed
    ]
    pays = float((np.ravel(draws.gain) > 0).mean())
    rows.append(
        {
            "item": "share of the draws in which refining pays",
            "unit": "fraction",
            "middle": None,
            "p10": None,
            "median": pays,
            "p90": None,
        }
    )
    rows.append(
        {
            "item": "least size at which it pays",
            "unit": "t WO3 a year",
            "middle": middle.least_size * size,
            "p10": None,
            "median": None,
            "p90": None,
        }
    )
    return rows
