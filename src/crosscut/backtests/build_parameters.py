"""Writes `bundled/parameters.csv`: what all bundled episodes teach, for forecasts of new cases. A test says it is current.

Run: python -m crosscut.backtests.build_parameters (about a minute).
"""

from __future__ import annotations

import csv
import io
from functools import cache
from pathlib import Path

from crosscut.backtests.folder import bundled_folder, episodes_in
from crosscut.backtests.leave_one_out import Folds
from crosscut.backtests.parameter_rows import parameter_rows

COLUMNS = ("market_class", "parameter", "value", "low", "high")


def parameters_path() -> Path:
    """Where the fitted parameters lie."""
    return bundled_folder() / "parameters.csv"


def parameters_text() -> str:
    """The parameters fitted on every bundled episode in track A, as CSV."""
    episodes = episodes_in()
    folds = Folds([e.inputs for e in episodes], {e.inputs.id: e.targets for e in episodes})
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n")
    write.writerow(COLUMNS)
    for r in parameter_rows("A", [], folds.fitted("A")):
        write.writerow([r[c] if c in COLUMNS[:2] else f"{r[c]:.6g}" for c in COLUMNS])
    return out.getvalue()


@cache
def bundled_parameters() -> dict[tuple[str, str], tuple[float, float, float]]:
    """(market class or all, parameter) -> median, 10 % and 90 % point.

    >>> from crosscut.backtests.build_parameters import bundled_parameters
    >>> 0.2 <= bundled_parameters()["quoted minor metal", "noise"][0] <= 0.95
    True
    """
    rows = csv.DictReader(parameters_path().read_text(encoding="utf-8").splitlines())
    return {(r["market_class"], r["parameter"]): (float(r["value"]), float(r["low"]), float(r["high"])) for r in rows}


if __name__ == "__main__":
    parameters_path().write_text(parameters_text(), encoding="utf-8")
