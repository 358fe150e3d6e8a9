"""Rows by year of a project: cash, parties, tonnes, sources and uses, loans, balance, returns."""

from __future__ import annotations

from typing import Any

import numpy as np

from crosscut.base.arrays import Array
from crosscut.finance.answers.metrics import loan_life_cover
from crosscut.finance.answers.returns import irrs
from crosscut.finance.answers.valuation import Valuation
from crosscut.finance.cash.parties import BUILDERS, CUSTOMERS, SUPPLIERS
from crosscut.finance.numbers import MTU_PER_T
from crosscut.results.rows import Row
from crosscut.studies.project.ensemble import ProjectEnsemble
from crosscut.studies.project.rows import M, column, one


def cash_rows(case: str, v: Valuation, unit: str) -> list[Row]:
    """Every line of cash by year; lines that are nothing in every year are left out."""
    years = v.project.years
    out = []
    for line in v.lines:
        money = column(line.money, len(years)) / M
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
        for y, x in zip(years, column(flow, len(years)) / M, strict=True)
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
        ("sold", "mtu WO3", s.sold / p.unit.mtu),
        ("APT price", "USD/mtu WO3, nominal", np.asarray(p.apt) * p.unit.mtu),
        ("price of product before charges", f"{currency}/mtu WO3, nominal", v.operations.price * p.unit.mtu),
    )
    return [
        {
            "case": case,
            "year": y,
            "item": p.unit.said(name),
            "unit": p.unit.said(unit),
            "value": float(x),
        }
        for name, unit, values in items
        for y, x in zip(p.years, column(values, years), strict=True)
    ]


def sources_uses_rows(case: str, v: Valuation, unit: str) -> list[Row]:
    """Sources and uses of money until the year before production, interest and fees added to loans on both
    sides."""
    p, c, o = v.project, v.cash, v.operations
    t = p.production
    rows: list[tuple[str, str, str, float]] = []
    for line in v.lines:
        total = float(column(line.money, len(p.years))[:t].sum()) / M
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


def debt_rows(case: str, v: Valuation, e: ProjectEnsemble | None, unit: str) -> list[Row]:
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
        return float(sum(column(getattr(x, name), len(getattr(x, name)))[k] for x in paths)) / M

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
        for y, x in zip(years, column(money, len(years)) / M, strict=True)
    ]


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
        "worth": one(worth) / M,
        "rates": "; ".join(f"{r:.6g}" for r in found),
        "number": len(found),
    }
