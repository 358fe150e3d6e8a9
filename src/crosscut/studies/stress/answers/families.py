"""Families: the events of a year grouped by what they are and whose, and how much of the expected loss falls
in their years."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import numpy as np

from crosscut.results.rows import Row
from crosscut.studies.shared.money import millions
from crosscut.studies.stress.answers.summary import StressLosses
from crosscut.studies.stress.ensemble.ensemble import StressEnsemble

SHOWN = 25


def family_of(event: str) -> str:
    """What an event of a chunk belongs to: whose measures, an aimed measure, a route, an outage.

    Parameters
    ----------
    event : str
        As `described` writes it.

    Returns
    -------
    str
        Kind and country, pair or route.

    Examples
    --------
    >>> events = ("limit/oxide/CHN=0.43", "aimed/oxide/CHN/JPN=0.6", "route/suez/oxide=1.4")
    >>> tuple(family_of(e) for e in events)
    ('measures CHN', 'aimed CHN>JPN', 'route suez')
    """
    parts = event.partition("=")[0].split("/")
    if parts[0] in ("limit", "tax"):
        return f"measures {parts[2]}"
    if parts[0] == "aimed":
        return f"aimed {parts[2]}>{parts[3]}"
    return f"route {parts[1]}" if parts[0] == "route" else f"outage {parts[2]}"


def families_of(events: str) -> tuple[str, ...]:
    """The families of a year.

    Parameters
    ----------
    events : str
        What happens in it, as a chunk keeps it: separated by "; ".

    Returns
    -------
    tuple[str, ...]
        Sorted, each once.
    """
    return tuple(sorted({family_of(e) for e in events.split("; ") if e}))


def family_rows(losses: StressLosses) -> list[Row]:
    """By family: its chance and the loss of the years in which it happens.

    Families meet in one year, so the shares add to more than one.

    Parameters
    ----------
    losses : StressLosses
        Its ensemble is read chunk by chunk.

    Returns
    -------
    list[Row]
        Chance of a year, mean loss in million USD of the years it happens in and of those it happens in
        alone, share of the expected loss that falls in its years; the first 25 by that share.
    """
    count: Counter[str] = Counter()
    lost: dict[str, float] = defaultdict(float)
    alone: dict[str, list[float]] = defaultdict(list)
    total, n = 0.0, 0
    for found, usd in _years(losses.ensemble):
        total += usd
        n += 1
        for family in found:
            count[family] += 1
            lost[family] += usd
        if len(found) == 1:
            alone[found[0]].append(usd)
    rows: list[Row] = [
        {
            "family": family,
            "chance": k / n,
            "usd": millions(lost[family] / k, losses.mark),
            "alone": (
                millions(float(np.mean(alone[family])), losses.mark) if len(alone[family]) >= 5 else None
            ),
            "share": lost[family] / total if total > 0 else None,
            "status": losses.mark.value,
        }
        for family, k in count.items()
    ]
    return sorted(rows, key=lambda r: (-(r["share"] or 0.0), r["family"]))[:SHOWN]


def _years(ensemble: StressEnsemble) -> Any:
    """(families, USD lost) of every solved year."""
    for rows in ensemble.rows("events", "usd"):
        for events, usd in zip(rows["events"], rows["usd"], strict=True):
            if usd == usd:
                yield families_of(str(events)), float(usd)
