"""Cover: weeks of use that stocks hold, beside the weeks that go short in bad years.

A yearly model gives a year's tonnes and says nothing of the week in which a stock runs out: weeks here are
tonnes over a week's use. A stock that lasts the year's shortage can still be too late, in the wrong form or
in other hands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from crosscut.ledger.ask.stockpile import stockpile
from crosscut.ledger.store.ledger import Ledger
from crosscut.ledger.store.tables import table
from crosscut.results.rows import Row
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
STOCK_KINDS = ("held", "target", "government stock", "consumer stock", "producer stock", "exchange stock")


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
    from crosscut.studies.stress.answers.statistics import value_at_risk

    short, use = losses.known(losses.short), losses.use
    out: list[Row] = []
    if use <= 0:
        return out
    for weeks, text, status, fact in published(ledger, losses.job.world.mineral, members):
        out.append(
            {
                "what": text,
                "weeks": weeks,
                "tonnes": weeks * use / 52,
                "passed": float((short > weeks * use / 52).mean()),
                "status": status,
                "facts": fact,
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


def published(ledger: Ledger, mineral: str, members: Sequence[str]) -> list[tuple[float, str, str, str]]:
    """Every stock on record that names the mineral and one of the countries.

    Parameters
    ----------
    ledger : Ledger
        Has the stocks on record.
    mineral : str
        Its name.
    members : Sequence[str]
        Codes of countries.

    Returns
    -------
    list[tuple[float, str, str, str]]
        (weeks of use, what and whose it is, status, fact id) of each.
    """
    out = []
    for r in table(ledger, "hazards/stocks").iter_rows(named=True):
        if r["country_iso3"] not in members or r["kind"] not in STOCK_KINDS:
            continue
        kind = _names(r["mineral"] or "", mineral)
        weeks = _weeks(r["days_or_weeks_cover"] or "")
        if not kind or weeks is None:
            continue
        evidence_status = (
            f"flagged: {r['evidence_status']},"
            f" {r['as_of']}{'' if kind == 'itself' else '; stated for ' + r['mineral'] + ' together'}"
        )
        out.append(
            (weeks, f"{r['holder']}: {r['kind']}, {r['days_or_weeks_cover']}", evidence_status, r["fact_id"])
        )
    return [*out, *_national_stockpile(ledger, mineral, members)]


def _national_stockpile(
    ledger: Ledger, mineral: str, members: Sequence[str]
) -> list[tuple[float, str, str, str]]:
    stock = stockpile(ledger, mineral, members)
    if stock is None:
        return []
    from crosscut.worlds import world

    built = world(ledger, mineral)
    use = float(built.D0[:, built.country_index(stock.country)].sum())
    return [
        (
            52 * stock.tonnes / use,
            f"{stock.name}: {stock.tonnes:,.0f} {stock.unit} on {stock.day}",
            f"flagged: of {stock.day}; bought or sold since is not published",
            " ".join(stock.facts),
        )
    ]


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
