"""Writes `bundled/parameters.csv`: what all bundled episodes teach, for forecasts of new cases. A test says
it is current.

Run: python -m tools.build_parameters (about a minute).
"""

from __future__ import annotations

import csv
import io

from tests.ledgers import BUNDLED

from crosscut.studies.backtest.fit.fitted_parameters import COLUMNS, parameter_rows, parameters_path
from crosscut.studies.backtest.fit.leave_one_out import Folds
from crosscut.studies.backtest.folder import episodes_in


def parameters_text() -> str:
    """The parameters fitted on every bundled episode in track A, as CSV."""
    episodes = episodes_in(BUNDLED)
    folds = Folds([e.inputs for e in episodes], {e.inputs.id: e.targets for e in episodes})
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n")
    write.writerow(COLUMNS)
    for r in parameter_rows("A", [], folds.fitted("A")):
        write.writerow([r[c] if c in COLUMNS[:2] else f"{r[c]:.6g}" for c in COLUMNS])
    return out.getvalue()


if __name__ == "__main__":
    parameters_path().write_text(parameters_text(), encoding="utf-8")
