"""Rows: one indicator value with its interval, coverage, evidence status, source and, where there is none,
the reason."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from crosscut.results.indicator_spec import SPECS
from crosscut.studies.indicators.panel import ESTIMATE, IMPUTED, PRINTED

WORST_FIRST = ("assumed", "recalled", "claimed", "derived", "estimated", "reported")
SD_BY_EVIDENCE_STATUS = {
    "reported": PRINTED,
    "estimated": ESTIMATE,
    "derived": ESTIMATE,
    "claimed": IMPUTED,
    "recalled": IMPUTED,
    "assumed": IMPUTED,
}


@dataclass(frozen=True)
class IndicatorRow:
    """`place` is a country, a bloc or WLD; `variant` says which of several readings; `coverage` is the share
    of what was to be weighed that has the data (None where it cannot be said); `status` is "ok", or begins
    with "missing:" (no value) or "flagged:" (a value with a caveat)."""

    mineral: str
    place: str
    period: str
    indicator: str
    variant: str
    value: float | None
    low: float | None = None
    high: float | None = None
    coverage: float | None = None
    evidence_status: str = "derived"
    status: str = "ok"
    source: str = ""
    facts: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The row as the result table `indicators` has it: NaN becomes null, and a null value has a
        reason."""
        return {
            "mineral": self.mineral,
            "place": self.place,
            "period": self.period,
            "indicator": self.indicator,
            "variant": self.variant,
            "value": _finite(self.value),
            "low": _finite(self.low),
            "high": _finite(self.high),
            "unit": SPECS[self.indicator].unit,
            "coverage": _finite(self.coverage),
            "evidence_status": self.evidence_status,
            "status": self.status,
            "source": self.source,
            "facts": " ".join(self.facts),
        }


def _finite(x: float | None) -> float | None:
    return None if x is None or not math.isfinite(x) else float(x)


def missing(
    mineral: str, place: str, period: str, indicator: str, variant: str, why: str, source: str = ""
) -> IndicatorRow:
    """A row without a value and the reason.

    Parameters
    ----------
    mineral : str
        Its name.
    place : str
        Country, bloc or WLD.
    period : str
        Year or years, as text.
    indicator : str
        Id of the indicator in `spec.json`.
    variant : str
        Which of several readings.
    why : str
        The reason, a short clause.
    source : str
        What the reading would rest on.

    Returns
    -------
    IndicatorRow
        Its status begins with "missing:".
    """
    return IndicatorRow(
        mineral,
        place,
        period,
        indicator,
        variant,
        None,
        evidence_status="",
        status=f"missing: {why}",
        source=source,
    )


def worst(evidence_statuses: set[str]) -> str:
    """The least trusted of some evidence statuses.

    Parameters
    ----------
    evidence_statuses : set[str]
        Of the facts behind one value.

    Returns
    -------
    str
        One of them.

    Raises
    ------
    ValueError
        Where there is none, or one that is not known: nothing is reported by default.

    Examples
    --------
    >>> worst({"reported", "estimated"})
    'estimated'
    """
    return min(evidence_statuses, key=WORST_FIRST.index)
