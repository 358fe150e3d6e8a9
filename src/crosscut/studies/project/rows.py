"""Rows: the tables of a project's result, from its valuations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from crosscut.finance.answers.break_even import RefiningCase, TaxAtPrice
from crosscut.finance.answers.metrics import METRICS, loan_life_cover
from crosscut.finance.answers.returns import irrs
from crosscut.finance.answers.valuation import Valuation
from crosscut.finance.cash.parties import BUILDERS, CUSTOMERS, SUPPLIERS
from crosscut.finance.numbers import MTU_PER_T, Array, over_years
from crosscut.studies.project.ensemble import Ensemble
from crosscut.studies.project.tornado import Bar

Row = dict[str, Any]
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


def unit_of(unit: str, currency: str, year: int) -> str:
    """The unit of a metric in words."""
    return {
        "money": f"million {currency}, nominal",
        "real money": f"million {currency} of {year}",
        "money per mtu": f"{currency} of {year} per mtu WO3",
        "price": f"USD of {year} per mtu WO3",
        "mtu": "mtu WO3",
        "tonnes": "t",
        "share": "fraction",
    }.get(unit, unit)


def scale_of(unit: str) -> float:
    """What a metric is divided by to be shown in its unit."""
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
    e: Ensemble,
    even: Mapping[str, Array],
    currency: str,
    year: int,
    study: bool,
) -> list[Row]:
    """One row a measure: at the low price, in the middle, over the draws; the headline first."""
    rows = []
    for m in METRICS:
        by = scale_of(m.unit)
        draws = e.metrics[m.id]
        row = {
            "measure": m.id,
            "what": m.what,
            "party": m.party,
            "unit": unit_of(m.unit, currency, year),
            "low_price": _one(low[m.id]) / by,
            "middle": _one(middle[m.id]) / by if study else None,
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
                "what": what,
                "party": party,
                "unit": unit_of("price", currency, year),
                "low_price": None,
                "middle": _one(even[f"{name}_middle"]) if study else None,
                **points(even[name]),
                "without": float(np.isnan(even[name]).mean()),
                "headline": name in HEADLINE,
            }
        )
    return sorted(rows, key=lambda r: HEADLINE.index(r["measure"]) if r["headline"] else len(HEADLINE))


def _one(x: Array) -> float:
    return float(np.ravel(x)[0])


def _column(x: Array | float, years: int) -> Array:
    return over_years(x, years)[:, 0]


def cash_rows(case: str, v: Valuation, unit: str) -> list[Row]:
    """Every line of cash by year; lines that are nothing in every year are left out."""
    years = v.project.years
    out = []
    for line in v.lines:
        money = _column(line.money, len(years)) / M
        if not np.any(money):
            continue
        out += [
            {
                "case": case,
                "year": y,
                "group": line.group,
                "line": line.name,
                "party": line.party,
                "unit": unit,
                "value": float(x),
            }
            for y, x in zip(years, money, strict=True)
        ]
    return out


def party_rows(case: str, v: Valuation, unit: str) -> list[Row]:
    """What every party receives by year, and what the company keeps."""
    years = v.project.years
    held = v.cash.cash + v.cash.reserve
    kept = np.diff(held, axis=0, prepend=np.zeros((1, held.shape[1])))
    received = {**v.received, "the company's cash": kept}
    return [
        {"case": case, "party": party, "year": y, "unit": unit, "value": float(x)}
        for party, flow in received.items()
        if np.any(flow)
        for y, x in zip(years, _column(flow, len(years)) / M, strict=True)
    ]


def tonnes_rows(case: str, v: Valuation, currency: str) -> list[Row]:
    """Ore, grade, WO3, product and price by year."""
    s, p = v.operations.schedule, v.project
    years = len(p.years)
    with np.errstate(divide="ignore", invalid="ignore"):
        grade = np.where(s.milled > 0, s.contained / np.maximum(s.milled, 1e-300), 0.0)
        recovered = np.where(s.contained > 0, s.sold / MTU_PER_T / np.maximum(s.contained, 1e-300), 0.0)
    items = (
        ("ore mined", "t", s.mined),
        ("waste moved", "t", s.waste),
        ("ore milled", "t", s.milled),
        ("ore in stockpiles", "t", s.stock),
        ("grade milled", "t WO3 per t", grade),
        ("recovery to product", "fraction", recovered),
        ("WO3 in concentrate", "t WO3", s.concentrate),
        ("sold", "mtu WO3", s.sold),
        ("APT price", "USD/mtu WO3, nominal", np.asarray(p.apt)),
        ("price of product before charges", f"{currency}/mtu WO3, nominal", v.operations.price),
    )
    return [
        {"case": case, "year": y, "item": name, "unit": unit, "value": float(x)}
        for name, unit, values in items
        for y, x in zip(p.years, _column(values, years), strict=True)
    ]


def sources_uses_rows(case: str, v: Valuation, unit: str) -> list[Row]:
    """Sources and uses of money until the year before production, interest and fees added to loans on both
    sides."""
    p, c, o = v.project, v.cash, v.operations
    t = p.production
    rows: list[tuple[str, str, str, float]] = []
    for line in v.lines:
        total = float(_column(line.money, len(p.years))[:t].sum()) / M
        if line.group in ("finance", "owners") and total > 0:
            rows.append(("source", line.name, line.party, total))
        elif total:
            rows.append(("use" if total < 0 else "source", line.name, line.party, abs(total)))
    for loan, path in zip(p.finance.loans, c.loans, strict=True):
        owed = float(path.owed[t - 1, 0]) / M if t else 0.0
        added = owed - float(path.drawn[:t, 0].sum()) / M
        if added > 1e-12:
            rows.append(("source", f"interest and premium added: {loan.id}", loan.lender, added))
            rows.append(("use", f"interest and premium: {loan.id}", loan.lender, added))
    held = float((c.cash + c.reserve)[t - 1, 0]) / M if t else 0.0
    if held > 1e-12:
        rows.append(("use", "reserve and cash at production", "company", held))
    del o
    return [{"case": case, "side": a, "item": b, "party": d, "unit": unit, "value": x} for a, b, d, x in rows]


def debt_rows(case: str, v: Valuation, e: Ensemble | None, unit: str) -> list[Row]:
    """Loans by year with cover, and the share of draws in which covenants break."""
    p, c = v.project, v.cash
    if not c.loans:
        return []
    years = len(p.years)
    out = []
    life = loan_life_cover(v)[:, 0]
    paths = {x.id: path for x, path in zip(p.finance.loans, c.loans, strict=True)}
    for k, y in enumerate(p.years):
        for id, path in paths.items():
            out.append(_debt_row(case, y, id, unit, [path], k))
        total = _debt_row(case, y, "all", unit, list(paths.values()), k)
        cover = float(c.cover[k, 0]) if c.cover.shape[0] == years else float("nan")
        total |= {"cover": cover, "loan_life_cover": float(life[k])}
        if e is not None:
            total |= {
                "locked_draws": float(e.locked[k]),
                "default_draws": float(e.below_default[k]),
                "unpaid_draws": float(e.unpaid[k]),
            }
        out.append(total)
    return out


def _debt_row(case: str, year: int, id: str, unit: str, paths: list[Any], k: int) -> Row:
    def total(name: str) -> float:
        return float(sum(_column(getattr(x, name), len(getattr(x, name)))[k] for x in paths)) / M

    return {
        "case": case,
        "year": year,
        "loan": id,
        "unit": unit,
        "drawn": total("drawn"),
        "interest": total("interest"),
        "repaid": total("principal"),
        "owed": total("owed"),
        "cover": None,
        "loan_life_cover": None,
        "locked_draws": None,
        "default_draws": None,
        "unpaid_draws": None,
    }


def balance_rows(case: str, v: Valuation, unit: str) -> list[Row]:
    """The balance sheet at the end of each year."""
    s, years = v.statements, v.project.years
    return [
        {"case": case, "year": y, "side": side, "item": item, "unit": unit, "value": float(x)}
        for side, items in (("assets", s.assets), ("owed", s.owed), ("equity", s.equity))
        for item, money in items.items()
        if np.any(money)
        for y, x in zip(years, _column(money, len(years)) / M, strict=True)
    ]


def tornado_rows(bars: list[Bar], unit: str, standing: Mapping[str, str]) -> list[Row]:
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
                "standing": standing.get(b.name, b.figure.standing),
                "fact": b.figure.fact,
            }
        )
    return out


def tax_rows(t: TaxAtPrice) -> list[Row]:
    """Average effective tax rate over the price."""
    n = len(t.price)
    rate, before, after = (np.broadcast_to(x, (n,)) for x in (t.rate, t.before_take, t.after_tax))
    return [
        {
            "price": float(t.price[k]),
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
            "middle": _one(getattr(middle, name)) / by,
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


def return_rows(case: str, v: Valuation, unit: str) -> list[Row]:
    """Worth and every internal rate of return of the project and of each party to it: two where there are
    two; none of a party that is paid before it pays, as the state is."""
    p, d = v.project, v.project.discounting
    state = {"state", *((p.finance.state.party,) if p.finance.state else ())}
    out = [
        _return_row(case, "project before tax", v.before_tax, v.worth(v.before_tax), unit),
        _return_row(case, "project after tax", v.after_tax, v.worth(v.after_tax), unit),
        _return_row(case, "owners", v.owners, v.worth(v.owners, d.equity), unit),
    ]
    for party, flow in v.received.items():
        if party in (CUSTOMERS, SUPPLIERS, BUILDERS) or not np.any(flow):
            continue
        rate = (
            d.state
            if party in state
            else d.equity
            if party in {o.party for o in p.finance.owners}
            else d.project
        )
        out.append(_return_row(case, party, flow, v.worth(flow, rate), unit))
    return out


def _return_row(case: str, party: str, flow: Array, worth: Array, unit: str) -> Row:
    paid = flow[np.nonzero(flow[:, 0])[0], 0]
    found = irrs(flow[:, 0]) if len(paid) and paid[0] < 0 else ()
    return {
        "case": case,
        "party": party,
        "unit": unit,
        "worth": _one(worth) / M,
        "rates": "; ".join(f"{r:.6g}" for r in found),
        "number": len(found),
    }
