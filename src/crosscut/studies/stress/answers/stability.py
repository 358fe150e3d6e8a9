"""Stability: the expected loss again with every assumption at either end of its range, on the same draws.

What is counted from the history keeps its own spread; here one assumption at a time is fixed at its low and
its high value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from crosscut.base.progress import Progress
from crosscut.results.rows import Row
from crosscut.studies.shared.money import MoneyMark, millions, money_mark
from crosscut.studies.stress.ensemble.chunk import chunk_solver
from crosscut.studies.stress.ensemble.job import StressJob
from crosscut.studies.stress.history.assumptions import UncertainNumber, assumptions


@dataclass(frozen=True)
class Setting:
    """One assumption at one value; `id` empty: the table as it is."""

    id: str
    value: float
    what: str


def settings() -> list[Setting]:
    """The table as it is, then every assumption at its low and at its high end."""
    ends = [(a, v) for a in assumptions().values() for v in _ends(a)]
    return [Setting("", 0.0, "the table as it is"), *(Setting(a.id, v, a.what) for a, v in ends)]


def _ends(a: UncertainNumber) -> list[float]:
    return [v for v in dict.fromkeys((a.low, a.high)) if v != a.mid or a.low == a.high]


def expected_losses(job: StressJob, draws: int) -> dict[tuple[str, float], float]:
    """The expected loss of the same draws with every assumption at either end of its range.

    Parameters
    ----------
    job : StressJob
        The run; its own fixed assumptions do not count.
    draws : int
        How many; draws 0 to draws - 1 are solved anew for every setting.

    Returns
    -------
    dict[tuple[str, float], float]
        (assumption, value) -> mean USD a year of the solved years; ("", 0.0) is the table as it is, NaN where
        no year was solved.
    """
    out = {}
    for s in settings():
        rows = chunk_solver(replace(job, fixed={s.id: s.value} if s.id else {}), apart=False)(range(draws))
        usd = np.asarray(rows["usd"], dtype=float)
        out[s.id, s.value] = float(np.nanmean(usd)) if np.isfinite(usd).any() else float("nan")
    return out


def stability_rows(
    found: Mapping[str, Mapping[tuple[str, float], float]], marks: Mapping[str, MoneyMark]
) -> list[Row]:
    """Rows of all minerals: loss, ratio to the table as it is, rank and rank correlation.

    Parameters
    ----------
    found : Mapping[str, Mapping[tuple[str, float], float]]
        Expected losses in USD a year by mineral, as `expected_losses` gives them.
    marks : Mapping[str, MoneyMark]
        How amounts of each mineral are to be read.

    Returns
    -------
    list[Row]
        One a setting and mineral; rank and correlation are null where there is one mineral alone.
    """
    base = {m: losses["", 0.0] for m, losses in found.items()}
    first = ranks(base)
    out = []
    for s in settings()[1:]:
        losses = {m: x[s.id, s.value] for m, x in found.items()}
        rank = ranks(losses)
        agreement = kendall([first[m] for m in losses], [rank[m] for m in losses])
        for m, usd in losses.items():
            out.append(
                {
                    "assumption": s.id,
                    "what": s.what,
                    "value": s.value,
                    "mineral": m,
                    "usd": millions(usd, marks[m]),
                    "ratio": usd / base[m] if base[m] > 0 else None,
                    "rank": rank[m] if len(losses) > 1 else None,
                    "correlation": agreement if len(losses) > 1 else None,
                }
            )
    return out


def ranks(values: Mapping[str, float]) -> dict[str, int]:
    """Ranks of values: 1 for the largest, ties in order of name.

    Parameters
    ----------
    values : Mapping[str, float]
        By name, of any one unit; NaN ranks as -1.

    Returns
    -------
    dict[str, int]
        By name.
    """
    order = sorted(values, key=lambda m: (-np.nan_to_num(values[m], nan=-1.0), m))
    return {m: k + 1 for k, m in enumerate(order)}


def kendall(a: Sequence[int], b: Sequence[int]) -> float | None:
    """Kendall's rank correlation of two orders without ties.

    Parameters
    ----------
    a : Sequence[int]
        Ranks.
    b : Sequence[int]
        Ranks of the same things, in the same order.

    Returns
    -------
    float | None
        -1 to 1; None for fewer than two.

    Examples
    --------
    >>> kendall([1, 2, 3], [1, 3, 2])
    0.3333333333333333
    """
    n = len(a)
    if n < 2:
        return None
    agree = sum(np.sign(a[i] - a[j]) * np.sign(b[i] - b[j]) for i in range(n) for j in range(i))
    return float(agree) / (n * (n - 1) / 2)


def one_stability(job: StressJob, draws: int, progress: Progress | None = None) -> list[Row]:
    """Rows of one mineral.

    Parameters
    ----------
    job : StressJob
        The run.
    draws : int
        How many draws each setting solves.
    progress : Progress | None
        Taken and not called.

    Returns
    -------
    list[Row]
        As `stability_rows`, without rank and correlation.
    """
    del progress
    mineral = job.world.mineral
    return stability_rows({mineral: expected_losses(job, draws)}, {mineral: money_mark(job.world)})
