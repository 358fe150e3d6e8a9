"""Economic importance of any region from its own table of uses."""

from __future__ import annotations

from collections.abc import Sequence

from crosscut.base.errors import Problem, UserError
from crosscut.inputs.uses.mineral_uses import MineralUse, mineral_uses
from crosscut.ledger.minerals import Mineral
from crosscut.studies.indicators.eu_criticality import assessed_2017, economic_importance
from crosscut.studies.indicators.panel import PRINTED
from crosscut.studies.indicators.rows import IndicatorRow, missing
from crosscut.studies.indicators.uncertainty import interval

INDICATOR, VARIANT = "eu.economic_importance", "own uses"


def own_uses(
    text: str, where: str, minerals: Sequence[Mineral], place: str | None
) -> tuple[list[IndicatorRow], list[Problem]]:
    """Economic importance of the minerals that a file of uses names, and what is wrong with the file.

    A mineral whose shares add up to more than 1 is a marked row; the others are still answered.

    Parameters
    ----------
    text : str
        CSV with columns mineral, sector, share (fraction), value_added of the sector, largest value added of
        any sector (one currency).
    where : str
        Where the text was read from, for errors.
    minerals : Sequence[Mineral]
        Those asked for; others in the file are passed over.
    place : str | None
        Whose uses they are; None for the world.

    Returns
    -------
    tuple[list[IndicatorRow], list[Problem]]
        (rows of economic importance from 0 to 10, problems by row of the file).

    Examples
    --------
    >>> from crosscut.ledger.minerals import all_minerals
    >>> text = "mineral,sector,share,value_added,largest\\ntin,C26,0.7,80,200\\ntin,C25,0.6,60,200\\n"
    >>> rows, problems = own_uses(text, "uses.csv", [all_minerals()["tin"]], "JPN")
    >>> rows[0].value, str(problems[0])
    (None, 'uses.csv:2-3, tin: shares add up to 1.3 (C26 0.7, C25 0.6). Expected at most 1')
    """
    found, problems = mineral_uses(text, where)
    by_mineral: dict[str, list[MineralUse]] = {}
    for use in found:
        by_mineral.setdefault(use.mineral, []).append(use)
    rows = []
    for m in minerals:
        if m.name not in by_mineral:
            continue
        listed = by_mineral[m.name]
        lines = f"{where}:{listed[0].line}-{listed[-1].line}, {m.name}"
        try:
            rows.append(_row(m, place or "WLD", listed, lines))
        except UserError as e:
            problems += e.problems
            rows.append(missing(m.name, place or "WLD", "", INDICATOR, VARIANT, e.problems[0].what, where))
    return rows, problems


def _row(m: Mineral, place: str, uses: Sequence[MineralUse], where: str) -> IndicatorRow:
    if wrong := [u.problem for u in uses if u.problem]:
        raise UserError(wrong)
    shares = {u.sector: u.share or 0.0 for u in uses}
    added = {u.sector: u.value_added or 0.0 for u in uses}
    largest = max(u.largest or 0.0 for u in uses)
    if len(shares) < len(uses):
        raise UserError(Problem("a sector is listed twice", where, "each sector once"))
    if not largest > 0 or max(added.values()) > largest:
        raise UserError(
            Problem("a sector has more value added than the largest", where, "largest of all sectors")
        )
    printed = assessed_2017().get(m.name)
    si = printed.si_ei if printed else 1.0
    value = economic_importance(shares, added, largest, si, where)
    low, high = interval(value, PRINTED * value)
    status = (
        "flagged: substitution index of the EU, 2017"
        if printed
        else "flagged: substitution taken as 1 (too high)"
    )
    return IndicatorRow(
        m.name,
        place,
        "own",
        INDICATOR,
        VARIANT,
        value,
        float(low),
        float(high),
        min(1.0, sum(shares.values())),
        "claimed",
        status,
        where.split(":")[0],
    )
