"""Mineral registry: the minerals studied in depth, one entry each.

A mineral in depth is an entry here and a builder of its world, nothing else: no other file asks for a
mineral by name. The entry joins what the ledger holds (`ledger.own_tables`) with how its world is built and
how its trade quotes prices. Every other mineral has a world of one form from the shared tables
(`worlds.screening`). Tests: tests/worlds/test_mineral_registry.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from crosscut.base.units.tonnage import W_PER_WO3
from crosscut.ledger.own_tables import TUNGSTEN, OwnTables
from crosscut.ledger.store.ledger import Ledger
from crosscut.worlds.evidence import Evidence


@dataclass(frozen=True)
class TradeUnit:
    """The unit in which the trade quotes a form; a price in USD per t contained times `factor` is in it."""

    unit: str
    factor: float


CANONICAL = TradeUnit("USD/t contained", 1.0)


@dataclass(frozen=True)
class DeepMineral:
    """A mineral with a world of several forms.

    `tables` says what the ledger holds of it (mines, owners, claims, national statistics), `evidence` builds
    what is known of a year, `trade_units` are by form. Trade in its ore is under `ore_codes` (HS92), of
    `ore_content` t contained per t gross; `mined` gives its output by country (ISO3), in t contained of a
    year.
    """

    tables: OwnTables
    evidence: Callable[[Ledger, int], Evidence]
    trade_units: Mapping[str, TradeUnit] = field(default_factory=dict)
    ore_codes: tuple[str, ...] = ()
    ore_content: float = 1.0
    mined: Callable[[Ledger, int], Mapping[str, float]] = lambda ledger, year: {}


def _tungsten(ledger: Ledger, year: int) -> Evidence:
    from crosscut.worlds.tungsten import tungsten_evidence

    return tungsten_evidence(ledger, year)


def _tungsten_mined(ledger: Ledger, year: int) -> dict[str, float]:
    from crosscut.worlds.tungsten.ore import mine_output

    return {country: tonnes for country, tonnes, _, _ in mine_output(ledger, year)[0]}


_PER_MTU = TradeUnit("USD/mtu WO3", 0.01 * W_PER_WO3)  # 1 mtu WO3 is 10 kg of WO3
_PER_KG = TradeUnit("USD/kg W", 0.001)

DEEP_MINERALS: dict[str, DeepMineral] = {
    TUNGSTEN.mineral: DeepMineral(
        tables=TUNGSTEN,
        evidence=_tungsten,
        ore_codes=("261100",),
        ore_content=0.65 * W_PER_WO3,  # 65 % WO3, the usual concentrate
        mined=_tungsten_mined,
        trade_units={
            "concentrate": _PER_MTU,
            "oxide": _PER_MTU,
            "powder": _PER_KG,
            "ferro": _PER_KG,
            "scrap": _PER_KG,
        },
    )
}


def trade_unit(mineral: str, form: str) -> tuple[str, float]:
    """The unit in which the trade quotes a form, and how to get there.

    Parameters
    ----------
    mineral : str
        Name of the mineral.
    form : str
        Id of the form.

    Returns
    -------
    unit : str
        Such as USD/mtu WO3; USD per t contained where the trade has no unit of its own.
    factor : float
        A price in USD per t contained times this is in the unit.

    Examples
    --------
    >>> unit, factor = trade_unit("tungsten", "oxide")
    >>> unit, round(42_749 * factor)
    ('USD/mtu WO3', 339)
    >>> trade_unit("copper", "refined")
    ('USD/t contained', 1.0)
    """
    entry = DEEP_MINERALS.get(mineral)
    found = entry.trade_units.get(form, CANONICAL) if entry else CANONICAL
    return found.unit, found.factor
