"""Uses in an economy (`crosscut economy --uses`): which sectors of an input-output table take which share of
a country's use of the mineral, and how much of each sector's output depends on it.

Columns it does not know are refused; a share is a fraction from 0 to 1 and never empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crosscut.base.errors import Problem
from crosscut.inputs.csv_table import CsvTable

ALL = "all"
COLUMNS = ("region", "sector", "share", "country", "use", "dependent")
NEEDED = COLUMNS[:3]
TEMPLATE = """region,sector,share,country,use,dependent
DEU,Machinery,0.6,DEU,hardmetal,0.3
DEU,Motor vehicles,0.4,DEU,hardmetal,0.5
DEU,Aerospace,1.0,DEU,mill products and heavy alloy,0.2
"""


@dataclass(frozen=True)
class SectorUse:
    """A sector that takes `share` of the country's use of the mineral; `dependent` of its output needs the
    mineral. `where` is the line it stands on."""

    region: str
    sector: str
    share: float
    country: str
    use: str
    dependent: float
    where: str


def sector_uses(text: str, where: str) -> tuple[SectorUse, ...]:
    """The rows of a file of uses in an economy.

    Parameters
    ----------
    text
        CSV with the columns region, sector, share; optional country, use, dependent. An empty country is the
        region, an empty use all uses, an empty dependent 1: all output of the sector stops without the
        mineral, which overstates the loss.
    where
        Its name, for messages.

    Returns
    -------
    tuple of SectorUse
        The rows in their order; `share` and `dependent` are fractions from 0 to 1.

    Raises
    ------
    UserError
        With every problem at once.

    Examples
    --------
    >>> [u.dependent for u in sector_uses(TEMPLATE, "uses.csv")]
    [0.3, 0.5, 0.2]
    """
    problems: list[Problem] = []
    table = CsvTable(text, where, NEEDED, problems, COLUMNS)
    table.refuse()
    uses = []
    for line, row in table:
        share = table.number(line, row, "share", low=0, high=1, needed=True)
        dependent = table.number(line, row, "dependent", low=0, high=1)
        uses.append(
            SectorUse(
                row["region"],
                row["sector"],
                share or 0.0,
                row.get("country") or row["region"],
                row.get("use") or ALL,
                1.0 if dependent is None else dependent,
                table.at(line),
            )
        )
    if uses and not problems and not any(u.share for u in uses):
        expected = "the part of the country's use that each sector takes, such as 0.25"
        problems.append(Problem("every share is 0", where, expected))
    problems += _sums(uses, where)
    if not uses and not problems:
        problems.append(Problem("no rows", where, "at least one sector that uses the mineral"))
    table.refuse()
    return tuple(uses)


def _sums(uses: Sequence[SectorUse], where: str) -> Iterator[Problem]:
    """Countries and uses of which more is taken than there is, or that are counted twice."""
    sums: dict[tuple[str, str], float] = {}
    for u in uses:
        sums[u.country, u.use] = sums.get((u.country, u.use), 0.0) + u.share
    for (country, use), total in sums.items():
        if total > 1 + 1e-9:
            what = f"shares of {country}, {use} add up to {total:g}"
            yield Problem(what, where, "at most 1; what is missing stays outside")
    for country in dict.fromkeys(c for c, _ in sums):
        if (country, ALL) in sums and sum(c == country for c, _ in sums) > 1:
            what = f"{country} has rows for all uses and for single ones"
            yield Problem(what, where, "one or the other")
