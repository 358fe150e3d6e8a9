"""Uses of a mineral (`crosscut indicators --uses`): its application shares, with the value added of each
sector.

Columns it does not know are refused; a share is a fraction from 0 to 1 and no figure may be empty.
"""

from __future__ import annotations

from dataclasses import dataclass

from crosscut.base.errors import Problem
from crosscut.inputs.csv_table import CsvTable
from crosscut.ledger.minerals import known_or_problem

COLUMNS = ("mineral", "sector", "share", "value_added", "largest")


@dataclass(frozen=True)
class MineralUse:
    """A sector that takes `share` of the mineral; its value added and the largest of any sector, in one
    currency. A figure is None where the line cannot be read, and `problem` then says why."""

    mineral: str
    sector: str
    share: float | None
    value_added: float | None
    largest: float | None
    line: int
    problem: Problem | None = None


def mineral_uses(text: str, where: str) -> tuple[list[MineralUse], list[Problem]]:
    """Read a file of the uses of minerals by sectors.

    Parameters
    ----------
    text
        CSV with the columns mineral, sector, share (fraction), value_added, largest.
    where
        Its name, for messages.

    Returns
    -------
    uses : list of MineralUse
        The rows of known minerals; one that cannot be read carries its first problem.
    problems : list of Problem
        What is wrong with lines that name no mineral.

    Raises
    ------
    UserError
        Where a column is missing or unknown, or no row is there.

    Examples
    --------
    >>> rows, _ = mineral_uses("mineral,sector,share,value_added,largest\\ntin,C26,x,80,200\\n", "uses.csv")
    >>> rows[0].share, str(rows[0].problem)
    (None, "uses.csv:2, share: 'x'. Expected a number of at least 0 and at most 1")
    """
    problems: list[Problem] = []
    table = CsvTable(text, where, COLUMNS, problems, COLUMNS)
    if not table.rows and not problems:
        problems.append(Problem("no uses", where, "one row a mineral and sector"))
    if not table.rows:
        table.refuse()
    uses = []
    for line, row in table:
        found = known_or_problem(row["mineral"], table.at(line, "mineral"))
        if isinstance(found, Problem):
            problems.append(found)
            continue
        before = len(problems)
        share = table.number(line, row, "share", low=0, high=1, needed=True)
        added = table.number(line, row, "value_added", low=0, needed=True)
        largest = table.number(line, row, "largest", low=0, needed=True)
        own = problems[before:]
        del problems[before:]  # told with the mineral, whose other lines may be good
        uses.append(
            MineralUse(found.name, row["sector"], share, added, largest, line, own[0] if own else None)
        )
    return uses, problems
