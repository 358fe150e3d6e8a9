"""Families: what a year's loss comes from: how often each family of events happens, and its part of the
expected loss.

The part is the Shapley value of the family in every year (`ensemble.attribution`): what it adds, averaged
over the orders in which the families of that year could have come. So the parts of all families, with what
could not be shared out, add up to the expected loss; that a family is there in a bad year is not enough to
have a part of it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from math import sqrt

import numpy as np

from crosscut.base.arrays import Array
from crosscut.results.rows import Row
from crosscut.studies.shared.money import millions
from crosscut.studies.stress.answers.statistics import Z95
from crosscut.studies.stress.answers.summary import StressLosses
from crosscut.studies.stress.draws.event_families import families_of
from crosscut.studies.stress.draws.random_points import Sampler
from crosscut.studies.stress.ensemble.attribution import parts_of
from crosscut.studies.stress.ensemble.ensemble import StressEnsemble

SHOWN = 25
OTHERS, UNSHARED = "all others", "not shared out"


def family_rows(losses: StressLosses) -> list[Row]:
    """By family: its chance, and its part of the expected loss.

    Parameters
    ----------
    losses : StressLosses
        Its ensemble is read chunk by chunk.

    Returns
    -------
    list[Row]
        Chance of a year; part of the expected loss in million USD a year and as a share, which add to the
        expected loss and to 1, with their 90 % sampling interval; mean loss of the years it happens in, and
        of those it happens in alone. The 25 with the largest part, then all others as one row, then what
        could not be shared out, where there is any.
    """
    years = list(_years(losses.ensemble))
    total = np.array([usd for _, usd, _ in years])
    count = Counter(f for found, _, _ in years for f in found)
    part: dict[str, Array] = defaultdict(lambda: np.zeros(len(total)))
    noise: dict[str, float] = defaultdict(float)  # variance of the sum by sampled orders
    for k, (_, usd, parts) in enumerate(years):
        if usd and not parts:
            part[UNSHARED][k] = usd
        for family, (own, error) in parts.items():
            part[family][k] = own
            noise[family] += error**2
    named = sorted(count, key=lambda f: (-float(part[f].sum()), f))
    rows = [_row(losses, [f], years, total, part, noise) for f in named[:SHOWN]]
    if len(named) > SHOWN:
        rows.append(_row(losses, named[SHOWN:], years, total, part, noise, OTHERS))
    if UNSHARED in part:
        rows.append(_row(losses, [UNSHARED], years, total, part, noise, UNSHARED))
    return rows


_Year = tuple[tuple[str, ...], float, dict[str, tuple[float, float]]]


def _row(
    losses: StressLosses,
    families: list[str],
    years: list[_Year],
    total: Array,
    part: dict[str, Array],
    noise: dict[str, float],
    name: str = "",
) -> Row:
    """One family, or several as one."""
    wanted, n = set(families), len(total)
    own: Array = np.sum([part[f] for f in families], axis=0)
    there = np.array([bool(wanted & set(found)) for found, _, _ in years])
    alone = np.array([bool(found) and set(found) <= wanted for found, _, _ in years])
    if name == UNSHARED:
        there, alone = own != 0, np.zeros(n, dtype=bool)
    mean, all_of_it = float(own.mean()), float(total.mean())
    share = low = high = None
    if all_of_it > 0:
        share = mean / all_of_it
        spread = float(np.var(own - share * total)) / n + sum(noise[f] for f in families) / n**2
        half = Z95 * sqrt(spread) / all_of_it
        if losses.job.sampler != Sampler.QUASI:
            low, high = share - half, share + half
    mark = losses.mark
    return {
        "family": name or families[0],
        "chance": float(there.mean()),
        "part": millions(mean, mark),
        "share": share,
        "share_low": low,
        "share_high": high,
        "usd": millions(float(total[there].mean()), mark) if there.any() else None,
        "alone": millions(float(total[alone].mean()), mark) if alone.sum() >= 5 else None,
        "status": mark.value,
    }


def _years(ensemble: StressEnsemble) -> Iterator[_Year]:
    """(families, USD lost, part of each with its sampling error) of every solved year."""
    for rows in ensemble.rows("events", "usd", "parts"):
        for events, usd, parts in zip(rows["events"], rows["usd"], rows["parts"], strict=True):
            if usd == usd:
                yield families_of(str(events)), float(usd), parts_of(str(parts))
