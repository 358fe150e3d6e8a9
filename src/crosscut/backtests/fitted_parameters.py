"""Fitted parameters: what all bundled episodes teach together, for forecasts of new cases.

`tools/build_parameters.py` writes the table.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from crosscut.backtests.folder import bundled_folder

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
