"""Timing: the share of a scenario's window during which an event is in force."""

from __future__ import annotations

from datetime import date

from crosscut.market.events import Event, Scenario


def in_force(event: Event, scenario: Scenario) -> float:
    """Days in force within the window over days of the window, both ends included; 0 to 1.

    >>> from crosscut.market.events import EventKind
    >>> year = Scenario("s", "s", "tungsten", 2024, date(2025, 1, 1), date(2025, 12, 31), ())
    >>> half = Event("e", EventKind.TARIFF, "ore", 0.1, "fraction", start=date(2025, 7, 3))
    >>> round(in_force(half, year), 3)
    0.499
    """
    first, last = scenario.window_start, scenario.window_end
    start = max(event.start or first, first)
    end = min(event.end or last, last)
    return max(0, (end - start).days + 1) / ((last - first).days + 1)


def overlap(one: Event, other: Event, scenario: Scenario) -> bool:
    """True when both are in force on some day of the window."""
    start: date = max(one.start or scenario.window_start, other.start or scenario.window_start, scenario.window_start)
    end: date = min(one.end or scenario.window_end, other.end or scenario.window_end, scenario.window_end)
    return start <= end
