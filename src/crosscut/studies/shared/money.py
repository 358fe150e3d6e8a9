"""Money: which amounts a world may show, and with how many digits. One rule, for every command.

Two sides of one market are known unequally well:

- **What buyers of a form lose** is the area under their demand, from a price to a price. In a world of one
  form they stand for everyone behind them: the area under a derived demand is what all who live off the form
  lose together, smelter, maker and final user, wherever in the chain the loss ends (Just, Hueth and Schmitz
  2004, chapter 9). So it has a meaning in every world. How large it is hangs on figures that are half
  estimated at grade C: there it is an order of size, and one digit where there is one form, since who bears
  it further down, and in which country, is unknown. At grade D too little is fact.
- **Who gains beside them** (miners, processors, states, receivers of rents) can be told only where the
  stages are apart: in a one-form world of grade C or D what miners earn and what processors lose are one
  number. It is not shown there.

The rent of a limit is a price difference times tonnes of the form itself, so it is of the first kind: shown
with the same digits. Ranks and tonnes carry no digit of money and are shown wherever a world solves.
"""

from __future__ import annotations

from enum import StrEnum

from crosscut.base.number_text import significant
from crosscut.market.model.world import World

MILLION = 1e6


class MoneyMark(StrEnum):
    """How an amount is to be read; the text stands in the column `status` of tables of money."""

    SHOWN = "shown"
    ORDER = "sign and order of size"
    ONE_DIGIT = "order of size, one digit"
    UNKNOWN = "unknown"


def money_mark(world: World) -> MoneyMark:
    """How an amount that buyers lose is to be read.

    Parameters
    ----------
    world : World
        Its grade decides, and at grade C whether it has more than one stage.

    Returns
    -------
    MoneyMark
        Grades A and B show it, C gives an order of size, D nothing.
    """
    if world.grade in ("A", "B"):
        return MoneyMark.SHOWN
    if world.grade == "C":
        return MoneyMark.ORDER if world.chain.processes else MoneyMark.ONE_DIGIT
    return MoneyMark.UNKNOWN


def shows_parties(world: World) -> bool:
    """Whether it is shown who else gains and loses; see the module.

    Parameters
    ----------
    world : World
        Its grade and stages decide.

    Returns
    -------
    bool
        False in a world of one form at grade C, and at grade D.
    """
    return money_mark(world) in (MoneyMark.SHOWN, MoneyMark.ORDER)


def millions(usd: float | None, mark: MoneyMark) -> float | None:
    """Million USD as the mark allows.

    Parameters
    ----------
    usd : float | None
        USD; None or NaN where unknown.
    mark : MoneyMark
        How the amount is to be read.

    Returns
    -------
    float | None
        Million USD, to one digit where the mark says so; None where it is unknown.

    Examples
    --------
    >>> millions(12_345_678.0, MoneyMark.ONE_DIGIT), millions(1e6, MoneyMark.UNKNOWN)
    (10.0, None)
    """
    if usd is None or mark == MoneyMark.UNKNOWN or usd != usd:
        return None
    value = usd / MILLION
    if mark != MoneyMark.ONE_DIGIT or value == 0:
        return value
    return significant(value, 1)
