"""Cover: weeks of use that stocks hold, beside the weeks that go short in bad years.

A yearly model gives a year's tonnes and says nothing of the week in which a stock runs out: weeks here are
tonnes over a week's use. A stock that lasts the year's shortage can still be too late, in the wrong form or
in other hands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crosscut.ledger.ask.stockpile import stockpile
from crosscut.ledger.store.ledger import Ledger
from crosscut.ledger.store.tables import table
from crosscut.market.model.world import World
from crosscut.results.rows import Row
from crosscut.studies.stress.answers.statistics import value_at_risk
from crosscut.studies.stress.answers.summary import StressLosses

LEVELS = (0.9, 0.95, 0.99)
SYMBOLS = {
    "tungsten": "W",
    "cobalt": "Co",
    "nickel": "Ni",
    "chromium": "Cr",
    "molybdenum": "Mo",
    "manganese": "Mn",
    "vanadium": "V",
    "indium": "In",
    "gallium": "Ga",
    "copper": "Cu",
    "tin": "Sn",
    "antimony": "Sb",
}
TARGET = "target"
STOCK_KINDS = ("held", TARGET, "government stock", "consumer stock", "producer stock", "exchange stock")


@dataclass(frozen=True)
class StockCover:
    """A published stock, or one that is aimed at (not `held`): what and whose it is, weeks of the users' use
    and t contained (None where that is not known), and the facts."""

    what: str
    held: bool
    weeks: float | None
    tonnes: float | None
    status: str
    facts: tuple[str, ...]


def cover_rows(ledger: Ledger, losses: StressLosses, members: Sequence[str]) -> list[Row]:
    """Published stocks in weeks of use, and the weeks that would last in bad years.

    A stock has the chance that a year's shortage passes it; then come the stocks that last in 90, 95 and 99
    of a hundred years.

    Parameters
    ----------
    ledger : Ledger
        Has the stocks on record.
    losses : StressLosses
        Tonnes short by draw and year, and the use of a year.
    members : Sequence[str]
        Countries whose stocks count.

    Returns
    -------
    list[Row]
        Weeks, t contained, chance of a year; none where the places use nothing.
    """
    short, use = losses.known(losses.short), losses.use
    out: list[Row] = []
    if use <= 0:
        return out
    for s in stock_cover(ledger, losses.job.world, losses.job.places, members):
        out.append(
            {
                "what": s.what,
                "weeks": s.weeks,
                "tonnes": s.tonnes,
                "passed": None if s.tonnes is None else float((short > s.tonnes).mean()),
                "status": s.status,
                "facts": " ".join(s.facts),
            }
        )
    if not out:
        out.append(
            {
                "what": "published stocks",
                "weeks": None,
                "tonnes": None,
                "passed": None,
                "status": "missing: no stock of this mineral in weeks or tonnes in the ledger",
                "facts": "",
            }
        )
    for level in LEVELS:
        found = losses.figure(value_at_risk(short, level, losses.ensemble.draws))
        tonnes = None if found.value is None else max(found.value, 0.0)
        out.append(
            {
                "what": f"enough for {100 * level:.0f} of 100 years",
                "weeks": None if tonnes is None else 52 * tonnes / use,
                "tonnes": tonnes,
                "passed": 1 - level,
                "status": "ok" if tonnes is not None else "missing: too few draws",
                "facts": "",
            }
        )
    return out


def stock_cover(
    ledger: Ledger, world: World, places: Sequence[int], members: Sequence[str]
) -> list[StockCover]:
    """Every stock on record that names the mineral and one of the countries, in weeks of use of the places.

    A stock stated in weeks is that of its holder's country: its tonnes are weeks of that country's use.

    Parameters
    ----------
    ledger : Ledger
        Has the stocks on record.
    world : World
        Final use of the base year.
    places : Sequence[int]
        Positions of the places that stand for the countries.
    members : Sequence[str]
        ISO codes of the countries.

    Returns
    -------
    list[StockCover]
        Stocks that are held and those that are aimed at, in the order of the ledger, national stockpiles
        last.
    """
    use = float(world.D0[:, list(places)].sum())
    out = []
    for r in table(ledger, "hazards/stocks").iter_rows(named=True):
        if r["country_iso3"] not in members or r["kind"] not in STOCK_KINDS:
            continue
        kind = _names(r["mineral"] or "", world.mineral)
        stated = _weeks(r["days_or_weeks_cover"] or "")
        if not kind or stated is None:
            continue
        status = (
            f"flagged: {r['evidence_status']},"
            f" {r['as_of']}{'' if kind == 'itself' else '; stated for ' + r['mineral'] + ' together'}"
        )
        tonnes, own = None, r["country_iso3"] in world.countries
        if own:
            tonnes = stated * float(world.D0[:, world.country_index(r["country_iso3"])].sum()) / 52
        else:
            status += f"; in weeks of a use that this world counts with others ({r['country_iso3']})"
        weeks = 52 * tonnes / use if tonnes is not None and use > 0 else None
        what = f"{r['holder']}: {r['kind']}, {r['days_or_weeks_cover']}"
        out.append(StockCover(what, r["kind"] != TARGET, weeks, tonnes, status, (r["fact_id"],)))
    stock = stockpile(ledger, world.mineral, members)
    if stock is not None:
        out.append(
            StockCover(
                f"{stock.name}: {stock.tonnes:,.0f} {stock.unit} on {stock.day}, the last figure published",
                True,
                52 * stock.tonnes / use if use > 0 else None,
                stock.tonnes,
                f"flagged: of {stock.day}; bought or sold since is not published",
                stock.facts,
            )
        )
    return out


def _names(text: str, mineral: str) -> str:
    words = re.findall(r"[A-Za-z]+", text)
    if mineral in text.lower() or SYMBOLS.get(mineral, "-") in words:
        return "itself"
    return "a class" if "rare metals" in text else ""


def _weeks(text: str) -> float | None:
    """Weeks in a text such as '60 days' or '8 weeks of apparent use'; the first figure of a range.

    >>> _weeks("60 days (42 state, 18 private)"), _weeks("sixty")
    (8.571428571428571, None)
    """
    found = re.match(r"(?:about )?([\d.]+)(?:-[\d.]+)? (day|week|month)", text)
    if not found:
        return None
    return float(found[1]) * {"day": 1 / 7, "week": 1.0, "month": 52 / 12}[found[2]]
