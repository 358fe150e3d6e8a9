"""Clock: what time it is, by UTC; the one place that asks.

The time stands beside a result (when it was made, whether newer figures should be out) and decides none
of its numbers.
"""

from __future__ import annotations

from datetime import UTC, date, datetime


def now() -> datetime:
    """The moment, with its time zone."""
    return datetime.now(UTC)


def today() -> date:
    """The day."""
    return now().date()


def stamp() -> str:
    """The moment to the second, as written in results and manifests.

    >>> stamp()[-6:], len(stamp())
    ('+00:00', 25)
    """
    return now().isoformat(timespec="seconds")
