"""Rebuilt: each published study as a project of this package, and how far apart the two are."""

from __future__ import annotations

from typing import Any

import numpy as np

from crosscut.base.arrays import Array
from crosscut.finance.answers.metrics import metrics
from crosscut.finance.answers.rates import rising_root
from crosscut.finance.answers.returns import payback
from crosscut.finance.answers.valuation import valuation
from crosscut.finance.cash.fiscal import Depreciation, Fiscal, IncomeTax
from crosscut.finance.mine.project import CapitalItem, Costs, Discounting, Project
from crosscut.finance.mine.technical import ByProduct, Mill, Mine, Ore, Product
from crosscut.studies.feasibility.studies import (
    IRR_BRACKET,
    NOT_REBUILT,
    NPV_BRACKET,
    PAYBACK_BRACKET,
    Check,
    Study,
    published,
    studies,
    study_rows,
)
from crosscut.studies.project.build_taxes import regime_fiscal

BUILD_YEARS = 2


def study_project(s: Study, price: float | None = None, cost: float | None = None) -> Project:
    """A study as a project; `price` or `cost` stands in for the figure it does not print."""
    whole = int(s.life)
    part = s.life - whole
    producing = whole + (1 if part > 1e-9 else 0)
    years = range(BUILD_YEARS + producing + 1)
    output = np.zeros((len(years), 1))
    for k in range(producing):
        output[BUILD_YEARS + k] = s.mtu[min(k, len(s.mtu) - 1)] * (part if k == whole else 1.0)
    active = (output > 0).astype(float)
    capital = np.zeros((len(years), 1))
    capital[:BUILD_YEARS] = s.capital * 1e6 / BUILD_YEARS
    later = active * s.later_capital * 1e6 / active.sum()
    one = np.ones((len(years), 1))
    fiscal = (
        regime_fiscal(s.regime, len(years))
        if s.regime
        else Fiscal(IncomeTax(0.0, {"plant": Depreciation("at_once")}))
    )
    weight = output / output.max()
    return Project(
        id=s.case,
        years=years,
        production=BUILD_YEARS,
        last=BUILD_YEARS + producing - 1,
        ore=(Ore("mtu as ore", float(output.sum()), 0.01, 1.0),),
        mine=Mine(by_year=output),
        mill=Mill(),
        product=Product("concentrate", 0.65, 1.0),
        apt=one * (s.price if price is None else price),  # type: ignore[operator]
        costs=Costs(per_mtu=s.cost if cost is None else cost),
        capital=(CapitalItem("initial", capital), CapitalItem("later", later, initial=False)),
        fiscal=fiscal,
        discounting=Discounting(s.rate, s.rate, s.rate, 0, 0.0),
        index=one,
        by_products=(
            (ByProduct("by-product", s.by_product * weight, per_ore=1.0 / float(output.max())),)
            if s.by_product
            else ()
        ),
    )


def study_metrics(p: Project) -> dict[str, float]:
    """What a rebuilt study comes to."""
    v = valuation(p)
    found = {k: float(np.ravel(x)[0]) for k, x in metrics(v).items()}
    o = v.operations
    found["payback_before_tax"] = float(payback(v.before_tax)[0]) + 1.0 - p.production
    found["ebitda"] = float((o.revenue + o.selling + o.operating).sum())
    found["after_tax_total"] = float(v.after_tax.sum())
    return found


def rebuilt(s: Study) -> tuple[dict[str, float], float | None]:
    """(metrics, the missing figure as found or None)."""
    if not s.missing:
        return study_metrics(study_project(s)), None
    check = next(c for c in s.checks if c.field == s.found_from)
    target = published()[s.case][check.field] / check.scale * (1e6 if check.kind == "npv" else 1.0)

    def gap(x: float) -> float:
        p = study_project(s, cost=x) if s.missing.startswith("operating cost") else study_project(s, price=x)
        return study_metrics(p)[check.metric] - target

    falls = s.missing.startswith("operating cost")

    def rising(x: Array) -> Array:
        value = gap(float(x[0]))
        # where a rate of return does not exist the project earns too little
        return np.array([-1.0 if not np.isfinite(value) else -value if falls else value])

    x = float(rising_root(rising, 1e-6, 5000.0, 1)[0])
    p = study_project(s, cost=x) if s.missing.startswith("operating cost") else study_project(s, price=x)
    return study_metrics(p), x


def result_rows() -> list[dict[str, Any]]:
    """Every published result beside the rebuilt one, with its bracket and verdict."""
    sources = {r["case"]: f"{r['source_title']} <{r['source_url']}>" for r in study_rows()}
    units = {(r["case"], r["field"]): r["unit"] for r in study_rows()}
    out = []
    for s in studies():
        found, missing = rebuilt(s)
        said = published()[s.case]
        for c in s.checks:
            low, high = said[c.field], said[c.field_high or c.field]
            value = found[c.metric] * (c.scale if c.kind in ("irr", "payback") else 1e-6)
            unit = units[(s.case, c.field)]
            difference, bracket = _difference(c, value, low, high)
            used = c.field == s.found_from
            verdict = (
                "used to find a missing figure"
                if used
                else "inside"
                if abs(difference) <= bracket
                else "outside"
            )
            name = c.field.removeprefix("RESULT_") + (f" to {high:g}" if high != low else "")
            note = (
                f"{s.missing} missing, found as {missing:,.4g} from {s.found_from}. {s.notes}"
                if s.missing
                else s.notes
            )
            out.append(
                {
                    "study": s.case,
                    "result": name,
                    "unit": unit,
                    "published": low if high == low else 0.5 * (low + high),
                    "rebuilt": value,
                    "difference": difference,
                    "bracket": bracket,
                    "verdict": verdict,
                    "note": note,
                    "source": sources[s.case],
                }
            )
    for case, why in NOT_REBUILT.items():
        results = {k: v for k, v in published()[case].items() if k.startswith("RESULT_")}
        if not results:
            out.append(
                {
                    "study": case,
                    "result": "none published",
                    "unit": "",
                    "published": None,
                    "rebuilt": None,
                    "difference": None,
                    "bracket": NPV_BRACKET,
                    "verdict": "not rebuilt",
                    "note": why,
                    "source": sources[case],
                }
            )
        out += [
            {
                "study": case,
                "result": k.removeprefix("RESULT_"),
                "unit": units[(case, k)],
                "published": v,
                "rebuilt": None,
                "difference": None,
                "bracket": _bracket(k),
                "verdict": "not rebuilt",
                "note": why,
                "source": sources[case],
            }
            for k, v in results.items()
        ]
    return out


def _bracket(field: str) -> float:
    if "irr" in field:
        return IRR_BRACKET
    return PAYBACK_BRACKET if "payback" in field or "breakeven" in field else NPV_BRACKET


def _difference(c: Check, value: float, low: float, high: float) -> tuple[float, float]:
    """How far a rebuilt result lies from a published one or range, and how far flat flows allow."""
    beyond = value - high if value > high else value - low if value < low else 0.0
    if c.kind in ("npv", "total"):
        return beyond / (high if value > high else low), NPV_BRACKET
    if c.kind == "irr":
        return beyond / 100.0, IRR_BRACKET
    return beyond / c.scale, PAYBACK_BRACKET
