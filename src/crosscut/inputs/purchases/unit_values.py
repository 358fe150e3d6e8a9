"""What the world pays for a tonne: a purchase more than 20 times off is refused with both numbers.

Unit values come from the trade data (BACI, USD per gross tonne of a code) and the annual prices of the
ledger. They catch kilograms in a column of tonnes, a dot read as a decimal mark and yen read as dollars,
whatever made them.

Tests: tests/inputs/purchases/test_row_checks.py
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from crosscut.base.errors import Problem
from crosscut.inputs.purchases.purchase import Purchase
from crosscut.ledger.minerals import Mineral
from crosscut.ledger.reference.tables import trade_rows
from crosscut.ledger.store.ledger import Ledger, per_ledger
from crosscut.ledger.store.tables import table

TIMES_OFF = 20.0
#: trade codes of a product of tungsten; other products are compared with every code of their mineral
_CODE_OF_FORM = {("tungsten", "concentrate"): "261100", ("tungsten", "powder"): "810110"}
_ARTICLES = "articles"  # wire, plates, parts: worth any multiple of their metal
_OTHER_UNITS = (("kg", 1e-3), ("lb", 0.45359237e-3), ("g", 1e-6), ("t", 1e3))


@dataclass(frozen=True)
class UnitValues:
    """The lowest and the highest value of a mineral's products in the world, USD per t, and where each is
    from; `high` is None where only ore is known of a metal that may
    have been bought refined, and of wire, plates and parts."""

    low: float
    low_from: str
    high: float | None
    high_from: str


@per_ledger
def _by_code(ledger: Ledger) -> dict[tuple[str, int], float]:
    rows = trade_rows(ledger).filter(pl.col("quantity_kg") > 0)
    sums = rows.group_by("hs92", "year").agg(pl.col("value_usd").sum(), pl.col("quantity_kg").sum()).collect()
    return {
        (str(code), int(year)): 1000.0 * value / kg
        for code, year, value, kg in sums.select("hs92", "year", "value_usd", "quantity_kg").iter_rows()
    }


@per_ledger
def _prices(ledger: Ledger) -> dict[str, list[tuple[int, float, str]]]:
    out: dict[str, list[tuple[int, float, str]]] = {}
    rows = table(ledger, "minerals/prices").select("mineral", "year", "usd_per_t_derived", "form")
    for mineral, year, usd, form in rows.iter_rows():
        text = str(usd or "")
        if str(year).isdigit() and text.replace(".", "", 1).isdigit() and float(text) > 0:
            out.setdefault(mineral, []).append((int(year), float(text), form))
    return out


@per_ledger
def world_unit_values(ledger: Ledger, mineral: Mineral, form: str, year: int) -> UnitValues | None:
    """What the world paid for the products of a mineral.

    Parameters
    ----------
    ledger : Ledger
        Trade and prices.
    mineral : Mineral
        What was bought.
    form : str
        Its product, "" where it is not known.
    year : int
        Calendar year; the nearest year on record stands in for one that is not.

    Returns
    -------
    UnitValues or None
        None where the ledger knows no price of it.

    Examples
    --------
    >>> from crosscut.ledger.minerals import all_minerals
    >>> found = world_unit_values(Ledger.bundled(), all_minerals()["tungsten"], "", 2024)
    >>> round(found.low, -2), round(found.high, -2)
    (9700.0, 35300.0)
    """
    by_code = _by_code(ledger)
    own = _CODE_OF_FORM.get((mineral.name, form))
    found: list[tuple[float, str]] = []
    for code in (own,) if own else mineral.hs92:
        years = [y for c, y in by_code if c == code]
        if years:
            nearest = min(years, key=lambda y: (abs(y - year), y))
            found.append((by_code[code, nearest], f"trade of HS {code} in {nearest}"))
    prices = [] if own else _prices(ledger).get(mineral.name, [])
    if prices:
        nearest = min((y for y, _, _ in prices), key=lambda y: (abs(y - year), y))
        found += [(usd, f"price of {what} in {y}") for y, usd, what in prices if y == nearest]
    if not found:
        return None
    low, high = min(found), max(found)
    refined = bool(own or prices) or any(code[:2] not in ("25", "26") for code in mineral.hs92)
    refined = refined and form != _ARTICLES
    return UnitValues(low[0], low[1], high[0] if refined else None, high[1])


def value_problem(ledger: Ledger, bought: Purchase, where: str) -> Problem | None:
    """What is wrong with the value of a tonne, where it is more than 20 times off the world's.

    Parameters
    ----------
    ledger : Ledger
        Trade and prices.
    bought : Purchase
        The row as read.
    where : str
        Where it stands, for messages.

    Returns
    -------
    Problem or None
        With both numbers, and with the reading that would fit where a wrong unit explains it.
    """
    world = world_unit_values(ledger, bought.mineral, bought.form, bought.year)
    tonnes = bought.tonnes if bought.tonnes is not None else bought.contained
    if world is None or not tonnes:
        return None
    value = bought.usd / tonnes
    if value < world.low / TIMES_OFF:
        side, near, source = "below", world.low, world.low_from
    elif world.high is not None and value > world.high * TIMES_OFF:
        side, near, source = "above", world.high, world.high_from
    else:
        return None
    times = near / value if side == "below" else value / near
    what = (
        f"USD {_rounded(bought.usd)} for {_rounded(tonnes)} t of {bought.mineral.name} is"
        f" USD {_rounded(value)} per t, {_rounded(times)} times {side} the world's {_rounded(near)}"
        f" ({source})"
    )
    return Problem(what, where, _what_fits(tonnes, value, world))


def _what_fits(tonnes: float, value: float, world: UnitValues) -> str:
    """The units that would explain the value, else its bounds."""
    low = world.low / TIMES_OFF
    high = world.high * TIMES_OFF if world.high is not None else None
    bounds = f"USD {_rounded(low)}" + (f" to {_rounded(high)}" if high is not None else " or more") + " per t"
    top = world.high or world.low
    fits = [(unit, factor) for unit, factor in _OTHER_UNITS if world.low / 3 <= value / factor <= top * 3]
    if not fits:
        return f"{bounds}: look at unit, currency and decimal mark"
    unit, factor = fits[0]
    if factor > 1:
        return f"{bounds}; {_rounded(tonnes * factor)} t would fit, so 1,000 may have been read as 1"
    return f"{bounds}; it would fit if the figure were in {unit} ({_rounded(tonnes * factor)} t)"


def _rounded(value: float) -> str:
    """Three digits, in English.

    >>> _rounded(61234.5), _rounded(0.0123456)
    ('61,200', '0.0123')
    """
    if value == 0 or abs(value) >= 1000:
        return f"{float(f'{value:.3g}'):,.0f}"
    return f"{value:.3g}"
