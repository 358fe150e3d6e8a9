"""Unit costs: the cash cost of a project beside those that studies state, for an order of size.

A cost curve proper needs the cost and output of every mine in one year; the facts hold neither, so the place is given
among the studies that print a cost per mtu, in USD at the rate each study prints, and in the money of its year.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from crosscut.projects.numbers import Array
from crosscut.ventures.studies import published, study_rows

# case, field of the cost, field of USD per unit of its currency (empty: stated in USD)
_STATED = (
    ("Barruecopardo 2012 DFS", "opex_cash", "fx"),
    ("Dolphin 2019 FS (open pit)", "opex", "fx"),
    ("Hemerdon 2011 DFS (Wolf)", "c1_cash_cost", ""),
    ("Mt Carbine 2021 BFS", "c1_cash_cost", ""),
    ("Mactung 2009 FS", "opex_first5", "none printed"),
    ("Hemerdon 2023 FS (Tungsten West)", "c1_cash_cost", "none printed"),
)


def unit_cost_rows(project: str, c1: Array, currency: str, year: int) -> list[dict[str, Any]]:
    """The project's own cost, then those of studies, the cheapest first; those without a rate in USD last."""
    held = c1[np.isfinite(c1)]
    low, mid, high = (float(q) for q in np.quantile(held, (0.1, 0.5, 0.9))) if len(held) else (float("nan"),) * 3
    out: list[dict[str, Any]] = [
        {"project": project, "what": "cash cost after by-products, median over the draws",
         "unit": f"{currency} of {year} per mtu WO3", "cost": mid, "low": low, "high": high, "source": "this result",
         "standing": "derived"}
    ] if len(held) else []  # fmt: skip
    said = {(r["case"], r["field"]): r for r in study_rows()}
    stated = []
    for case, field, rate in _STATED:
        row, value = said[(case, field)], published()[case][field]
        unit = row["unit"]
        if rate == "fx":
            value, unit = value * published()[case]["fx"], "USD/mtu"
        stated.append({"project": case, "what": field.replace("_", " "), "unit": unit, "cost": value, "low": None,
                       "high": None, "source": f"{row['source_title']} <{row['source_url']}>",
                       "standing": "derived" if rate == "fx" else "reported"})  # fmt: skip
    stated.sort(key=lambda r: (not str(r["unit"]).startswith("USD"), r["cost"]))
    return out + stated
