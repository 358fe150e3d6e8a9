"""Answers: a question (minerals, a country or bloc, years) becomes rows; what cannot be answered becomes a
marked row.

One bad name or year does not stop the rest: its row says "missing: ..." and its problem is returned beside
the rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crosscut.base.errors import Problem, UserError
from crosscut.base.places import place_or_bloc
from crosscut.ledger.minerals import Mineral, sorted_out
from crosscut.ledger.store.ledger import Ledger
from crosscut.studies.indicators.answers import concentration, control, eu, geopolrisk, reliance, usgs
from crosscut.studies.indicators.answers.facts import Facts
from crosscut.studies.indicators.answers.uses import own_uses
from crosscut.studies.indicators.panel import FIRST_TRADE_YEAR, LAST_TRADE_YEAR, Panel, panel
from crosscut.studies.indicators.request import IMPORT_YEARS
from crosscut.studies.indicators.rows import IndicatorRow, missing

DEFAULT_YEAR = LAST_TRADE_YEAR
FIRST_YEAR, LAST_YEAR = 1995, 2025


@dataclass(frozen=True)
class IndicatorAnswer:
    """Rows in the order asked; `problems` are the user's mistakes, each of which also has a marked row."""

    rows: tuple[IndicatorRow, ...]
    problems: tuple[Problem, ...]
    place: str | None
    years: tuple[int, ...]


def answer(
    ledger: Ledger,
    minerals: Sequence[str],
    country: str | None = None,
    years: Sequence[int] = (DEFAULT_YEAR,),
    window: int = IMPORT_YEARS,
    *,
    uses: str | None = None,
    where: str = "",
) -> IndicatorAnswer:
    """Every indicator of the minerals, for the world and, where a country or bloc is given, for it.

    Parameters
    ----------
    ledger : Ledger
        Facts and reference data.
    minerals : Sequence[str]
        Names, or "all".
    country : str | None
        A country or bloc; None for the world alone.
    years : Sequence[int]
        Calendar years.
    window : int
        Years that end in the year, pooled for import sources.
    uses : str | None
        Text of a CSV of the region's own uses (see `own_uses`).
    where : str
        Where `uses` was read from, for errors.

    Returns
    -------
    IndicatorAnswer
        Rows in the order asked; a name or year that is not known is a marked row and a problem.

    Raises
    ------
    UserError
        When nothing can be answered: no mineral known, an unknown country, no year within reach, a window
        below one year.

    Examples
    --------
    >>> ledger = Ledger.bundled()
    >>> a = answer(ledger, ["tungsten", "unobtainium"], "Germany", [2022])
    >>> wanted = ("geopolrisk.cf", "conventions of release 2.0.1")
    >>> r = next(r for r in a.rows if (r.indicator, r.variant) == wanted)
    >>> round(r.value, 5)
    23.85244
    >>> a.rows[-1].mineral, a.rows[-1].status[:16], len(a.problems)
    ('unobtainium', 'missing: unknown', 1)
    """
    known, bad = sorted_out(minerals)
    problems = [p for _, p in bad]
    code = None if country is None else place_or_bloc(country, "--country")
    good_years = [y for y in years if FIRST_YEAR <= y <= LAST_YEAR]
    late = [y for y in years if y not in good_years]
    problems += [
        Problem(f"no data for {y}", f"year {n} of {len(years)}", f"{FIRST_YEAR} to {LAST_YEAR}")
        for n, y in enumerate(years, 1)
        if y in late
    ]
    if not minerals:
        raise UserError(Problem("no mineral given", "minerals", "a name such as tungsten, or all"))
    if window < 1:
        raise UserError(Problem(f"a window of {window} years", "--window", "1 or more"))
    if not known or not good_years:
        raise UserError(problems)
    own, wrong = own_uses(uses, where, known, code) if uses is not None else ([], [])
    problems += wrong
    rows: list[IndicatorRow] = list(own)
    wide = _wide(ledger, known, good_years, window)
    for m in known:
        for y in good_years:
            rows += _of(ledger, Facts(ledger, m, code, y, wide), window)
        rows += [
            missing(m.name, code or "WLD", str(y), "concentration.hhi", "output", f"no data for {y}")
            for y in late
        ]
    for name, problem in bad:
        rows.append(missing(name, code or "WLD", "", "concentration.hhi", "output", problem.what))
    return IndicatorAnswer(tuple(rows), tuple(problems), code, tuple(good_years))


def _wide(ledger: Ledger, minerals: Sequence[Mineral], years: Sequence[int], window: int) -> Panel | None:
    """One panel for all that is asked, so that trade is read once; None where no year has trade."""
    asked = {y - k for y in years for k in range(window)}
    held = sorted(y for y in asked if FIRST_TRADE_YEAR <= y <= LAST_TRADE_YEAR)
    return panel(ledger, tuple(minerals), tuple(held)) if held else None


def _of(ledger: Ledger, f: Facts, window: int) -> list[IndicatorRow]:
    reliant = reliance.rows(ledger, f, window)
    first = next((r for r in reliant if r.indicator == "reliance.net_import_reliance"), None)
    return [
        *concentration.rows(f),
        *control.rows(ledger, f),
        *reliant,
        *geopolrisk.rows(ledger, f),
        *eu.rows(f),
        *usgs.rows(f, first),
    ]
