"""Money: how far an amount of a world may be shown.

The loss of users is told apart from what makers earn in every world, so it may be shown where the world is good enough: as
it is at grades A and B; as an order of size at grade C; not at all at grade D. In a one-form world the users are whoever buys
that form, and who bears the loss further down the chain is unknown: such amounts carry one digit.
"""

from __future__ import annotations

from math import floor, log10

from crosscut.market.world import World
from crosscut.scenarios.run import shows_money

MILLION = 1e6
SHOWN, ORDER, ONE_DIGIT, UNKNOWN = "shown", "sign and order of size", "order of size, one digit", "unknown"


def money_mark(world: World) -> str:
    """How an amount of this world is to be read."""
    if world.grade in ("A", "B"):
        return SHOWN
    if world.grade == "C":
        return ORDER if shows_money(world) else ONE_DIGIT
    return UNKNOWN


def millions(usd: float | None, mark: str) -> float | None:
    """Million USD as the mark allows; None where it is unknown.

    >>> millions(12_345_678.0, ONE_DIGIT), millions(1e6, UNKNOWN)
    (10.0, None)
    """
    if usd is None or mark == UNKNOWN or usd != usd:
        return None
    value = usd / MILLION
    if mark != ONE_DIGIT or value == 0:
        return value
    return round(value, -floor(log10(abs(value))))
