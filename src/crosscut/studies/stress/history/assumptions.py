"""Assumptions: every number of the risk engine that is not counted from the history, in one table.

Each has a low, a mid and a high value (10 %, 50 % and 90 % points), an evidence status and a source.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from crosscut.base.arrays import Array
from crosscut.base.bundled import bundled_text
from crosscut.base.errors import Problem, UserError, suggestion
from crosscut.results import Assumption
from crosscut.worlds.parameters import Z90

OF_A_MEASURE = ("coverage",)  # drawn anew for every measure; the others once a draw


@dataclass(frozen=True)
class UncertainNumber:
    """A number that is not known: 10 %, 50 % and 90 % points; `scale` is linear or log."""

    id: str
    what: str
    low: float
    mid: float
    high: float
    unit: str
    scale: str
    evidence_status: str
    source: str
    note: str = ""

    def at(self, z: Array) -> Array:
        """Values at standard normal scores: normal or lognormal on either side of the mid.

        Shares stay within 0 and 1.

        Parameters
        ----------
        z : Array
            Standard normal scores.

        Returns
        -------
        Array
            In the unit of the number, of the shape of `z`.

        Examples
        --------
        >>> a = assumptions()["licence-refused"]
        >>> [round(float(x), 6) for x in a.at(np.array([-Z90, 0.0, Z90]))]
        [0.2, 0.5, 0.8]
        """
        up = np.asarray(z) >= 0
        log = self.scale == "log"
        above = np.log(self.high / self.mid) if log else self.high - self.mid
        below = np.log(self.mid / self.low) if log else self.mid - self.low
        moved: Array = np.asarray(np.where(up, above, below) * z / Z90, dtype=np.float64)
        out: Array = self.mid * np.exp(moved) if log else np.maximum(self.mid + moved, 0.0)
        return np.minimum(out, 1.0) if self.unit == "fraction" else out

    def stated(self) -> Assumption:
        """As the document of a run lists it."""
        return Assumption(
            f"risk/{self.id}",
            self.what,
            self.mid,
            self.low,
            self.high,
            self.evidence_status,
            self.source,
            self.unit,
            self.note,
        )


@cache
def _table() -> tuple[UncertainNumber, ...]:
    text = bundled_text("stress", "assumptions.csv")
    return tuple(
        UncertainNumber(
            r["id"],
            r["what"],
            float(r["low"]),
            float(r["mid"]),
            float(r["high"]),
            r["unit"],
            r["scale"],
            r["evidence_status"],
            r["source"],
            r["note"],
        )
        for r in csv.DictReader(text.splitlines())
    )


def assumptions(fixed: Mapping[str, float] | None = None) -> dict[str, UncertainNumber]:
    """Every assumption by id.

    Parameters
    ----------
    fixed : Mapping[str, float] | None
        Sets some to one value, in the unit of each, without a spread.

    Returns
    -------
    dict[str, UncertainNumber]
        10 %, 50 % and 90 % points, evidence status and source of each.

    Raises
    ------
    UserError
        For an id that is not in the table, with the nearest one.

    Examples
    --------
    >>> assumptions({"bites": 1.0})["bites"].low
    1.0
    """
    out = {a.id: a for a in _table()}
    for key, value in (fixed or {}).items():
        if key not in out:
            raise UserError(Problem(f"no assumption {key!r}", "assumptions", suggestion(key, list(out))))
        out[key] = replace(out[key], low=value, mid=value, high=value)
    return out
