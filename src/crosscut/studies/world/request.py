"""What the questions about a mineral and its world are asked with."""

from __future__ import annotations

from typing import Annotated

from crosscut.ledger.mineral_names import MineralWord
from crosscut.studies.request import Request, Year, argument

DEFAULT_YEAR = 2024


class WorldRequest(Request):
    """A mineral in a year: who makes it, who uses it, who trades, and what that rests on.

    Returns
    -------
    World or document
        `world` gives the balanced world itself, `world_report` a page about it of kind ``world``.

    Raises
    ------
    UserError
        For an unknown mineral, with the nearest name; Refused where the facts do not carry a world.

    Examples
    --------
    >>> import crosscut
    >>> crosscut.world("tungsten", 2024).grade
    'C'
    """

    question = "world"
    mineral: Annotated[MineralWord, argument("A mineral; `crosscut minerals` lists them.")]
    year: Year = DEFAULT_YEAR


class MineralsRequest(Request):
    """Every mineral known: whether it has a market world, its grade (C and D are for screening) or the reason
    why not.

    Returns
    -------
    list of dict
        mineral, world, grade, why of each.

    Examples
    --------
    >>> import crosscut
    >>> found = {m["mineral"]: m for m in crosscut.minerals()}
    >>> [(found["tungsten"]["world"], found["tungsten"]["why"])]
    [('yes', '')]
    """

    question = "minerals"
