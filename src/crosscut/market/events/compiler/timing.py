"""Timing: the share of a scenario's window during which an event is in force.

Tests: tests/market/events/test_levers.py
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from math import ceil

from crosscut.market.events.events import Event, Scenario


def in_force(event: Event, scenario: Scenario) -> float:
    """Days in force within the window over days of the window, both ends included.

    Parameters
    ----------
    event : Event
        The event.
    scenario : Scenario
        For the window.

    Returns
    -------
    float
        0 to 1.

    Examples
    --------
    >>> from crosscut.market.events.events import EventKind
    >>> year = Scenario("s", "s", "tungsten", 2024, date(2025, 1, 1), date(2025, 12, 31), ())
    >>> half = Event("e", EventKind.TARIFF, "ore", 0.1, "fraction", start=date(2025, 7, 3))
    >>> round(in_force(half, year), 3)
    0.499
    """
    first, last = scenario.window_start, scenario.window_end
    start = max(event.start or first, first)
    end = min(event.end or last, last)
    return max(0, (end - start).days + 1) / ((last - first).days + 1)


DAYS_A_MONTH = 365.25 / 12


def weight(event: Event, scenario: Scenario) -> float:
    """Share of a full year's size that the window holds: `in_force`, less what the phase-in or the ramp
    leaves out.

    The size grows evenly over the first `phase_in` days, or along the points of `ramp` (from nothing at the
    start where its first point lies later; constant after its last), and is averaged over the window exactly.

    Parameters
    ----------
    event : Event
        The event.
    scenario : Scenario
        For the window.

    Returns
    -------
    float
        The size averaged over the window, as a part of the full size.

    Examples
    --------
    >>> from crosscut.market.events.events import EventKind
    >>> year = Scenario("s", "s", "tungsten", 2024, date(2025, 1, 1), date(2025, 12, 31), ())
    >>> weight(Event("e", EventKind.TARIFF, "ore", 0.1, "fraction", phase_in=365), year)
    0.5
    """
    first, last = scenario.window_start, scenario.window_end
    began = event.start or first
    start, end = max(began, first), min(event.end or last, last)
    if end < start:
        return 0.0
    points = _points(event)
    if not points:
        return in_force(event, scenario)
    a, b = (start - began).days, (end - began).days + 1
    knots = sorted({float(a), float(b), *(d for d, _ in points if a < d < b)})
    area = sum((_level(points, x) + _level(points, y)) / 2 * (y - x) for x, y in pairwise(knots))
    return area / ((last - first).days + 1)


def _points(event: Event) -> list[tuple[float, float]]:
    """(days since the start, share of the size), rising in days; empty when the whole size holds at once."""
    if event.ramp:
        points = [(months * DAYS_A_MONTH, share) for months, share in event.ramp]
        return points if points[0][0] <= 0 else [(0.0, 0.0), *points]
    return [(0.0, 0.0), (float(event.phase_in), 1.0)] if event.phase_in > 0 else []


def settled_after(event: Event) -> int:
    """Whole days from its start after which an event no longer changes.

    Parameters
    ----------
    event : Event
        The event.

    Returns
    -------
    int
        0 where it is in full force from its first day.

    Examples
    --------
    >>> from crosscut.market.events.events import EventKind
    >>> settled_after(Event("e", EventKind.TARIFF, "ore", 0.1, "fraction", phase_in=365))
    365
    """
    points = _points(event)
    return ceil(points[-1][0]) if points else 0


def _level(points: list[tuple[float, float]], day: float) -> float:
    if day <= points[0][0]:
        return points[0][1]
    for (x0, y0), (x1, y1) in pairwise(points):
        if day <= x1:
            return y0 + (y1 - y0) * (day - x0) / (x1 - x0)
    return points[-1][1]


def overlap(one: Event, other: Event, scenario: Scenario) -> bool:
    """Whether two events are in force on the same day of the window.

    Parameters
    ----------
    one : Event
        An event.
    other : Event
        Another one.
    scenario : Scenario
        For the window.

    Returns
    -------
    bool
        True when they share a day.
    """
    start: date = max(
        one.start or scenario.window_start, other.start or scenario.window_start, scenario.window_start
    )
    end: date = min(one.end or scenario.window_end, other.end or scenario.window_end, scenario.window_end)
    return start <= end
