"""Stockpile: the public stock of a mineral as the last figure that its country publishes states it.

One file, because two questions count the same stock in weeks of use: exposure (`weeks of cover`) and stress
(`cover`). Tests: tests/worlds/test_mineral_registry.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crosscut.ledger.own_tables import own_tables
from crosscut.ledger.store.ledger import Ledger
from crosscut.ledger.store.tables import table

METRIC = "stockpile_inventory"


@dataclass(frozen=True)
class Stockpile:
    """A public stock: the country that holds it, its name, t contained and their unit, the day of the count
    and the facts."""

    country: str
    name: str
    tonnes: float
    unit: str
    day: str
    facts: tuple[str, ...]


def stockpile(ledger: Ledger, mineral: str, members: Sequence[str]) -> Stockpile | None:
    """The stock that one of the countries `members` (ISO codes) publishes, None where none does.

    >>> ledger = Ledger.bundled()
    >>> stockpile(ledger, "tungsten", ["USA"]).name
    'National Defense Stockpile'
    >>> stockpile(ledger, "tungsten", ["JPN"]), stockpile(ledger, "tin", ["USA"])
    (None, None)
    """
    entry = own_tables(mineral)
    national = entry.national if entry else None
    if national is None or national.country not in members:
        return None
    rows = [
        r
        for r in table(ledger, national.name).iter_rows(named=True)
        if r["metric"] == METRIC and r["unit"] == national.unit
    ]
    if not rows:
        return None
    tonnes = sum(float(r["value"]) for r in rows)
    unit = national.unit.removesuffix(" content")
    facts = tuple(r["fact_id"] for r in rows)
    return Stockpile(national.country, national.stock, tonnes, unit, rows[0]["year"], facts)
