"""Trade units: the unit in which the trade quotes a form, and its factor from USD per t contained."""

from __future__ import annotations

from crosscut.units.tonnage import W_PER_WO3

CANONICAL = "USD/t contained"

_T_W_PER_MTU = 0.01 * W_PER_WO3  # 1 mtu WO3 is 10 kg of WO3

_TRADE_UNITS: dict[tuple[str, str], tuple[str, float]] = {
    ("tungsten", "concentrate"): ("USD/mtu WO3", _T_W_PER_MTU),
    ("tungsten", "oxide"): ("USD/mtu WO3", _T_W_PER_MTU),
    ("tungsten", "powder"): ("USD/kg W", 0.001),
    ("tungsten", "ferro"): ("USD/kg W", 0.001),
    ("tungsten", "scrap"): ("USD/kg W", 0.001),
}


def trade_unit(mineral: str, form: str) -> tuple[str, float]:
    """(unit, factor): a price in USD per t contained times the factor is in the unit.

    >>> unit, factor = trade_unit("tungsten", "oxide")
    >>> unit, round(42_749 * factor)
    ('USD/mtu WO3', 339)
    """
    return _TRADE_UNITS.get((mineral, form), (CANONICAL, 1.0))
