"""Uses: from tonnes of a mineral short to the share of output that its using sectors cannot make.

The user's file says which sectors use the mineral; a result says how much is short, in which country and end
use. A shortage of a use falls on its sectors in proportion to what they use, so a sector in several uses
loses their weighted mean.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from crosscut.base.arrays import Array
from crosscut.base.errors import Problem, UserError, suggestion
from crosscut.inputs.uses.sector_uses import ALL, COLUMNS, SectorUse
from crosscut.results import Document
from crosscut.studies.economy.table import EconomyTable


def template_for(table: EconomyTable, country: str) -> str:
    """A uses file to fill in for a table: the sectors of the region named like the country, else of the
    first region, each with share 0 (none of the country's use).

    >>> between, final = np.array([[150.0, 500], [200, 100]]), np.array([[350.0], [1700]])
    >>> t = EconomyTable((("A", "ore"), ("A", "tools")), between, final, np.array([1000.0, 2000]))
    >>> print(template_for(t, "JPN"))
    region,sector,share,country,use,dependent
    A,ore,0,JPN,,1
    A,tools,0,JPN,,1
    <BLANKLINE>
    """
    region = next((r for r in table.regions if r.casefold() == country.casefold()), table.regions[0])
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n")
    write.writerow(COLUMNS)
    write.writerows([r, s, 0, country or r, "", 1] for r, s in table.industries if r == region)
    return out.getvalue()


def country_of(result: Document) -> str:
    """The country a stress test is about; empty for a run, which has all countries."""
    name = result.inputs.scenario.id if result.inputs.scenario else ""
    return name.removeprefix("stress-") if result.kind == "stress" else ""


@dataclass(frozen=True)
class Shock:
    """Share of output lost by industry at the low, middle and high end; tonnes short (low, middle, high)
    where known."""

    low: Array
    middle: Array
    high: Array
    tonnes: tuple[float, float, float] | None = None
    notes: tuple[str, ...] = ()


def shock_from(
    result: Document,
    uses: Sequence[SectorUse],
    table: EconomyTable,
    once_in: float = 20,
    already: bool = False,
) -> Shock:
    """The share of output each using sector cannot make in a result: one of a run (table `shortages`), or of
    a stress test (`stress_returns`), where the shortage is that passed once in so many years, or with
    `already` the one that measures in force leave by themselves (`stress_in_force`).

    Bounds are the 10 % and 90 % points of each shortage taken together, which makes the interval too wide;
    of a stress test they are its sampling interval, too narrow for what may happen in such a year. More
    mineral than before counts as no loss.
    """
    rows = result.rows_if_any("shortages")
    notes: list[str] = []
    if not rows:
        rows, notes = _of_stress(result, once_in, already)
    if not rows:
        raise UserError(
            Problem(
                "no table of shortages",
                f"result ({result.kind})",
                "a result of `crosscut run` or `stress`",
            )
        )
    n = len(table.industries)
    short, used, dependent = np.zeros((3, n)), np.zeros(n), np.zeros(n)
    problems: list[Problem] = []
    for u in uses:
        try:
            k = table.index_of(u.region, u.sector, u.where)
        except UserError as e:
            problems += e.problems
            continue
        found = [r for r in rows if r["country"] == u.country and (r["use"] == u.use)]
        if not found:
            known = (
                {r["country"] for r in rows}
                if u.use == ALL
                else {r["use"] for r in rows if r["country"] == u.country}
            )
            what = (
                f"no use of {u.country} in the result"
                if u.use == ALL or not known
                else f"no use {u.use!r} of {u.country}"
            )
            hint = suggestion(u.country if u.use == ALL else u.use, known)
            if known == {ALL}:
                hint = "use left empty: a stress test counts all uses together"
            problems.append(Problem(what, u.where, hint))
            continue
        dead = [r for r in found if r["median"] is None]
        if dead:
            notes.append(f"{u.country}, {u.use}: no supply at all in the median future; all its use is short")
        for j, point in enumerate(("p10", "median", "p90")):
            short[j, k] += u.share * sum(
                r["base"] if r["median"] is None else min(max(r[point] or 0.0, 0.0), r["base"]) for r in found
            )
        base = u.share * sum(r["base"] for r in found)
        used[k] += base
        dependent[k] += base * u.dependent
    if problems:
        raise UserError(problems)
    whole = np.divide(dependent, used, out=np.zeros(n), where=used > 0)
    low, middle, high = np.divide(short, used, out=np.zeros((3, n)), where=used > 0) * whole
    if any(u.dependent == 1 for u in uses):
        notes.append("where dependent is 1 all output of the sector stops with the mineral: too high")
    return Shock(low, middle, high, tuple(float(s) for s in short.sum(axis=1)), tuple(notes))  # type: ignore[arg-type]


def _of_stress(result: Document, once_in: float, already: bool) -> tuple[list[dict[str, Any]], list[str]]:
    """The shortage of a stress test as that of a run (one country, all uses), and what it is in words."""
    listed = result.rows_if_any("stress_returns")
    if not listed:
        return [], []
    country, mineral = country_of(result), result.inputs.mineral
    used = next(
        (52.0 * r["short"] / r["short_weeks"] for r in listed if r["short"] and r["short_weeks"]), None
    )
    stands = next(
        (r for r in result.rows_if_any("stress_in_force") if r["measure"] == "short already"),
        None,
    )
    measures_held = any(s.text_key == "in_force" for s in result.statements)
    if already:
        if stands is None or stands["value"] is None:
            raise UserError(
                Problem(
                    "the result has no measures in force", "--already", "a stress test of a mineral that has"
                )
            )
        points = [stands["low"], stands["value"], stands["high"]]
        told = (
            f"{mineral} short in {country}: what measures in force leave by themselves, against the calm base"
            " year"
        )
    else:
        row = next((r for r in listed if r["return_years"] == once_in), None)
        if row is None or row["short"] is None:
            known = ", ".join(f"{r['return_years']:g}" for r in listed if r["short"] is not None)
            raise UserError(
                Problem(
                    f"no shortage of once in {once_in:g} years in the result",
                    "--once-in",
                    f"one of: {known} (more draws reach further)",
                )
            )
        points = [row["short"] if row[k] is None else row[k] for k in ("short_low", "short", "short_high")]
        told = f"{mineral} short in {country}: passed once in {once_in:g} years"
        if measures_held:
            told += ", beyond what the measures in force take already (--already)"
        elif stands is not None:
            told += ", from the calm base year; measures in force are not in it (--already)"
    low, middle, high = (max(float(x), 0.0) for x in points)
    used = max(used or 0.0, middle, 1.0)
    told += f": {middle:,.0f} t ({low:,.0f} to {high:,.0f}) of {used:,.0f} t used"
    return [{"country": country, "use": ALL, "base": used, "p10": low, "median": middle, "p90": high}], [told]


def shock_of(given: Sequence[str], table: EconomyTable) -> Shock:
    """A shock typed by the user: `region/sector=share`, or `=low..high`, or `=low..middle..high`; every
    problem at once.

    >>> between, final = np.array([[150.0, 500], [200, 100]]), np.array([[350.0], [1700]])
    >>> t = EconomyTable((("A", "ore"), ("A", "tools")), between, final, np.array([1000.0, 2000]))
    >>> shock_of(["A/ore=0.1..0.3"], t).middle.tolist()
    [0.2, 0.0]
    """
    out = np.zeros((3, len(table.industries)))
    problems = []
    for text in given:
        name, _, figure = text.rpartition("=")
        region, _, sector = name.partition("/")
        where = f"--shock {text}"
        try:
            parts = [float(p) for p in figure.split("..")]
            if not 1 <= len(parts) <= 3 or not all(0 <= p <= 1 for p in parts) or parts != sorted(parts):
                raise ValueError
        except ValueError:
            problems.append(
                Problem(f"{figure!r} is no share of output", where, "REGION/SECTOR=0.2 or =0.1..0.3")
            )
            continue
        try:
            k = table.index_of(region.strip(), sector.strip(), where)
        except UserError as e:
            problems += e.problems
            continue
        out[:, k] = (parts[0], float(np.median(parts)), parts[-1])
    if problems:
        raise UserError(problems)
    return Shock(out[0], out[1], out[2])
