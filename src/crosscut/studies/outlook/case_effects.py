"""Effects: what the facilities looked at change, future by future: each case less the case without them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from crosscut.base.arrays import Array
from crosscut.results.rows import Row
from crosscut.studies.outlook.cases import WITHOUT
from crosscut.studies.outlook.ensemble import OutlookEnsemble
from crosscut.studies.outlook.measures import Label
from crosscut.studies.scenario.rows import interval

LEAST = {
    "dependence": 1e-3,
    "mined": 1.0,
}  # what moves by less in every year of a case is left out: shares, t


def effect_rows(e: OutlookEnsemble) -> list[Row]:
    """One row a case, figure and year; empty where nothing is looked at.

    A price is given as change over the price without (the residual error of a price is the same in both and
    cancels), tonnes and shares as difference. `rises`: share of the futures in which it is above what it is
    without.
    """
    if WITHOUT not in e.labels:
        return []
    rows = []
    for case in e.cases:
        if case.id == WITHOUT:
            continue
        for label in e.labels[case.id]:
            named = _named(label)
            if named is None or label not in e.labels[WITHOUT]:
                continue
            effect = _effect(label[0], e.over_draws(case.id, label), e.over_draws(WITHOUT, label))
            what, place, item, unit = named
            found: list[Row] = [
                {
                    "case": case.id,
                    "year": year,
                    "what": what,
                    "place": place,
                    "item": item,
                    "unit": unit,
                    **interval(effect[:, t]),
                    "rises": _share_above(effect[:, t]),
                }
                for t, year in enumerate(e.years)
            ]
            least = LEAST.get(what, 0.0)
            if any(abs(r[c] or 0.0) >= least for r in found for c in ("p10", "median", "p90")):
                rows += found
    return rows


def _named(label: Label) -> tuple[str, str, str, str] | None:
    """(what, place, item, unit) of a figure whose effect is shown."""
    kind = label[0]
    if kind == "price":
        _, form, place, basis, _ = label
        return "price", place, f"{form} {basis}", "change over the price without"
    if kind == "mined" and not label[2]:
        return "mined", label[1], "", "t contained"
    if kind == "collected":
        return "collected scrap", label[1], "", "t contained"
    if kind == "use":
        return "use", label[1], label[2], "t contained"
    if kind == "dependence":
        _, user, measure, of = label
        return "dependence", user, f"{measure} {of}", "difference of shares"
    return None


def _effect(kind: str, with_them: Array, without: Array) -> Array:
    if kind != "price":
        return with_them - without
    with np.errstate(invalid="ignore", divide="ignore"):
        out: Array = with_them / without - 1.0
    return out


def _share_above(effect: Array) -> float | None:
    finite = effect[np.isfinite(effect)]
    return float((finite > 0).mean()) if len(finite) else None


REPLACED = 4  # sources named
LEAST_REPLACED = 2e-3


def replaced_text(rows: Sequence[Row], names: Mapping[str, str], case: str, user: str, year: int) -> str:
    """What a user takes less of, and more of, in a year of a case than without: medians of the changes of
    its shares by where they were mined; '' where nothing moves."""
    moved = [
        (r["median"], r["item"].removeprefix("mined in "))
        for r in rows
        if (r["case"], r["what"], r["place"], r["year"]) == (case, "dependence", user, year)
        and r["item"].startswith("mined in ")
        and abs(r["median"] or 0.0) >= LEAST_REPLACED
    ]
    if not moved:
        return ""

    def said(parts: list[tuple[float, str]]) -> str:
        return ", ".join(f"{_source(of, names)} {100 * x:+.1f}".replace("-", "\u2212") for x, of in parts)

    more, less = sorted((m for m in moved if m[0] > 0), reverse=True), sorted(m for m in moved if m[0] < 0)
    named = " instead of ".join(t for t in (said(more[:REPLACED]), said(less[:REPLACED])) if t)
    return f"{names.get(user, user)} {year}, points of its use by where it was mined: {named}."


def _source(of: str, names: Mapping[str, str]) -> str:
    return {"other": "elsewhere", "scrap": "scrap", "stock": "stocks"}.get(of) or names.get(of, of)
