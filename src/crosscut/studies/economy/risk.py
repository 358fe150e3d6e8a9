"""Risk: value added lost in a year when some industries cannot make a share of their output, by four
readings.

They answer different questions and are never added up; each says which way it errs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from crosscut.base.arrays import Array
from crosscut.base.progress import Progress
from crosscut.studies.economy.ario import IndustryResponse, ario_days, recovering
from crosscut.studies.economy.propagation import downstream, upstream
from crosscut.studies.economy.table import EconomyTable
from crosscut.studies.economy.uses import Shock

YEAR = 365
BIAS = {
    "direct": "as good as the shares you gave; says nothing of anyone else",
    "upstream": "too high: suppliers find no other buyer and nothing is substituted (Leontief)",
    "downstream": (
        "too high where buyers have stocks or other suppliers, too low where one part stops a line (Ghosh)"
    ),
    "day by day": (
        "too low where a scarce part has no like in its sector's pooled stock; too high in that final demand"
        " and prices do not move"
    ),
}
READINGS = {
    "direct": "the shocked industries themselves",
    "upstream": "and their suppliers, through orders no longer placed",
    "downstream": "and their buyers, in proportion to what they no longer get",
    "day by day": "everyone, with stocks, overtime and rationing (ARIO)",
}


@dataclass(frozen=True)
class IndustryLosses:
    """Value added lost in a year by industry, in table units, at the low, middle and high end of the
    shock."""

    name: str
    low: Array
    middle: Array
    high: Array


def readings(
    table: EconomyTable,
    shock: Shock,
    lasting: int = YEAR,
    recovery: int = 0,
    behaviour: IndustryResponse | None = None,
    dynamic: bool = True,
    progress: Progress | None = None,
) -> tuple[tuple[IndustryLosses, ...], Array | None]:
    """Every reading of a shock that lasts `lasting` days and then recovers in a straight line over
    `recovery` days, all counted over one year; and the daily share of all value added lost, day x (low,
    middle, high).

    The one-step readings scale the share by the part of the year that the shock covers. Rows where value
    added is below 0 (subsidised) count as they are. `progress` is called with (days done, days in all) of the
    three runs day by day.
    """
    per_output = np.divide(table.value_added, table.x, out=np.zeros_like(table.x), where=table.x > 0)
    ends = np.stack((shock.low, shock.middle, shock.high), axis=1)
    gone = recovering(np.ones(1), lasting, recovery, YEAR, start=0)[:, 0]
    part = float(gone.mean())
    one_step: tuple[tuple[str, Callable[[Array], Array]], ...] = (
        ("direct", lambda share: share * table.x[:, None]),
        ("upstream", lambda share: upstream(table, share)),
        ("downstream", lambda share: downstream(table, share)),
    )
    out = [
        IndustryLosses(name, *(per_output * output * part for output in loss(ends).T))
        for name, loss in one_step
    ]
    if not dynamic:
        return tuple(out), None
    whole = np.zeros((YEAR, len(table.x)))  # no plant is lost: what is missing is the material

    def days_of(run: int) -> Progress | None:
        return None if progress is None else lambda done, total: progress(run * total + done, 3 * total)

    runs = [
        ario_days(table, whole, behaviour, gone[:, None] * share, days_of(run)).output
        for run, share in enumerate(ends.T)
    ]
    lost = [(1.0 - run).sum(axis=0) * table.value_added / YEAR for run in runs]
    out.append(IndustryLosses("day by day", *lost))
    total = table.value_added.sum()
    daily = np.stack([(1.0 - run) @ table.value_added / total for run in runs], axis=1)
    return tuple(out), daily
