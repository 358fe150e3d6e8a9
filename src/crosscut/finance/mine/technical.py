"""Technical: the types of ore, mine, mill, refinery, product and by-product.

Tests: tests/finance/test_schedule_by_hand.py
"""

from __future__ import annotations

from dataclasses import dataclass

from crosscut.finance.numbers import Numbers


@dataclass(frozen=True, eq=False)
class Ore:
    """Ore of one type: t, t WO3 per t, share recovered, t of waste per t (these three the same every year,
    or (years, draws)); `surface` lies on a stockpile already."""

    id: str
    tonnes: Numbers
    grade: Numbers
    recovery: Numbers
    strip: Numbers = 0.0
    surface: bool = False


@dataclass(frozen=True, eq=False)
class Mine:
    """Mining: t of ore a year at full rate with a ramp from first production, or t by year (years, 1)."""

    capacity: Numbers | None = None
    ramp: tuple[float, ...] = (1.0,)
    by_year: Numbers | None = None


@dataclass(frozen=True, eq=False)
class Mill:
    """Milling: t of ore a year (None: all that is mined), its ramp and that of recovery."""

    capacity: Numbers | None = None
    ramp: tuple[float, ...] = (1.0,)
    recovery_ramp: tuple[float, ...] = (1.0,)


@dataclass(frozen=True, eq=False)
class ByProduct:
    """What is sold besides: t per t milled or t a year at full rate; nominal price per t by year; share
    paid."""

    id: str
    price: Numbers
    per_ore: Numbers | None = None
    a_year: Numbers | None = None
    payable: Numbers = 1.0


@dataclass(frozen=True, eq=False)
class Refinery:
    """A plant from concentrate to APT or oxide.

    `capex` is nominal money by year; `cost` nominal money per mtu produced by year, of which `power` and
    `reagents`; `fixed` nominal money a year; `freight` nominal money per t of product.
    """

    recovery: Numbers
    capex: Numbers
    cost: Numbers
    power: Numbers
    reagents: Numbers
    fixed: Numbers = 0.0
    payable: Numbers = 1.0
    freight: Numbers = 0.0
    scale_exponent: Numbers = 0.6


@dataclass(frozen=True, eq=False)
class Product:
    """What is sold: form (concentrate, apt, oxide), t WO3 per t of concentrate, share of the APT price;
    treatment per mtu, penalties and freight per t of concentrate in nominal money by year."""

    form: str
    content: Numbers
    payable: Numbers
    treatment: Numbers = 0.0
    penalties: Numbers = 0.0
    freight: Numbers = 0.0
    refinery: Refinery | None = None
