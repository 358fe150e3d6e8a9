"""Fitted parameters: what all bundled episodes teach together, for forecasts of new cases.

`tools/build_parameters.py` writes the table.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from crosscut.studies.backtest.fit.leave_one_out import Fitted, Fold
from crosscut.studies.backtest.folder import bundled_folder
from crosscut.studies.backtest.market_classes import CLASSES

COLUMNS = ("market_class", "parameter", "value", "low", "high")


def parameters_path() -> Path:
    """Where the fitted parameters lie."""
    return bundled_folder() / "parameters.csv"


@cache
def bundled_parameters() -> dict[tuple[str, str], tuple[float, float, float]]:
    """(market class or all, parameter) -> median, 10 % and 90 % point.

    >>> 0.2 <= bundled_parameters()["quoted minor metal", "noise"][0] <= 0.95
    True
    """
    rows = csv.DictReader(parameters_path().read_text(encoding="utf-8").splitlines())
    return {
        (r["market_class"], r["parameter"]): (float(r["value"]), float(r["low"]), float(r["high"]))
        for r in rows
    }


TRADING = ("sigma", "supply_part", "reversion", "idle", "newcomers", "compliance")
PRICING = ("elasticity", "precaution", "cushion", "noise")
SPAN = (0.5, 0.1, 0.9)


def parameter_rows(track: str, folds: Sequence[Fold], everything: Fitted) -> list[dict[str, Any]]:
    """Rows of the table: each fold's own class, and all classes fitted on every episode."""
    out = [r for f in folds for r in _rows(track, f.episode_id, f.fitted, (f.price_class,))]
    return out + _rows(track, "", everything, CLASSES)


def _rows(track: str, left_out: str, fitted: Fitted, classes: Sequence[str]) -> list[dict[str, Any]]:
    spans = [("all", name, [fitted.trading.quantile(name, p) for p in SPAN]) for name in TRADING]
    for c in classes:
        spans += [
            (c, name, [fitted.pricing[c].quantile(axis, p) for p in SPAN])
            for axis, name in enumerate(PRICING)
        ]
    return [
        {
            "track": track,
            "left_out": left_out,
            "market_class": c,
            "parameter": name,
            "value": v[0],
            "low": v[1],
            "high": v[2],
        }
        for c, name, v in spans
    ]
