"""Money: an amount in a currency that carries its year or says nominal, and dated exchange rates with a
source.

Tests: tests/base/test_units.py
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from crosscut.base.errors import Problem, Refused, UserError, suggestion

CURRENCIES = ("USD", "CNY", "EUR", "GBP", "JPY", "KRW", "KZT", "CAD", "AUD", "HKD", "VND")


@dataclass(frozen=True)
class Money:
    """`amount` of `currency` in prices of `price_year`; None means nominal, money of the day it was paid.

    Adding money of another currency or another price year raises UserError: deflating and exchanging are
    decisions with a source, never silent.

    >>> Money(2.0, "USD", 2024) + Money(1.0, "USD", 2024)
    Money(amount=3.0, currency='USD', price_year=2024)
    >>> str(Money(2.5, "CNY"))
    'CNY 2.5 nominal'
    """

    amount: float
    currency: str
    price_year: int | None = None

    def __post_init__(self) -> None:
        if self.currency not in CURRENCIES:
            raise UserError(
                Problem(f"unknown currency {self.currency!r}", "money", suggestion(self.currency, CURRENCIES))
            )
        if not math.isfinite(self.amount):
            raise UserError(Problem(f"{self.amount} is not an amount", "money", "a finite number"))

    def __str__(self) -> str:
        return f"{self.currency} {self.amount:g} " + (
            f"of {self.price_year}" if self.price_year else "nominal"
        )

    def __add__(self, other: Money) -> Money:
        if type(other) is not Money:
            return NotImplemented
        if (other.currency, other.price_year) != (self.currency, self.price_year):
            raise UserError(
                Problem(
                    f"cannot add {other} to {self}", "money", "the same currency and price year on both sides"
                )
            )
        return Money(self.amount + other.amount, self.currency, self.price_year)

    def __mul__(self, factor: float) -> Money:
        return Money(self.amount * factor, self.currency, self.price_year)

    __rmul__ = __mul__


@dataclass(frozen=True)
class ExchangeRate:
    """`value` units of `currency` per US dollar in `period` (a year, a month or a day), with its source."""

    currency: str
    value: float
    period: str
    source: str
    evidence_status: str = "reported"

    def __post_init__(self) -> None:
        if self.currency not in CURRENCIES:
            raise UserError(
                Problem(
                    f"unknown currency {self.currency!r}",
                    "exchange rate",
                    suggestion(self.currency, CURRENCIES),
                )
            )
        if not (math.isfinite(self.value) and self.value > 0):
            raise UserError(
                Problem(f"{self.value} is not a rate", "exchange rate", "units per US dollar, above 0")
            )
        if not self.period or not self.source:
            raise UserError(Problem("an exchange rate needs its period and source", "exchange rate"))

    def to_usd(self, money: Money) -> Money:
        """`money` in US dollars; nominal stays nominal, real money keeps its price year.

        >>> str(annual_rate("CNY", 2024).to_usd(Money(72.0, "CNY")))
        'USD 10 nominal'
        """
        if money.currency != self.currency:
            raise UserError(Problem(f"a rate of {self.currency} does not convert {money}", "exchange rate"))
        return Money(money.amount / self.value, "USD", money.price_year)


# Annual averages per US dollar, from memory and rounded to a percent or so: a dated rate with a source is
# better.
_RECALLED = {
    "CNY": {
        2015: 6.23,
        2016: 6.64,
        2017: 6.76,
        2018: 6.62,
        2019: 6.91,
        2020: 6.90,
        2021: 6.45,
        2022: 6.73,
        2023: 7.08,
        2024: 7.20,
        2025: 7.19,
    },
    "EUR": {2019: 0.893, 2020: 0.876, 2021: 0.845, 2022: 0.950, 2023: 0.925, 2024: 0.924, 2025: 0.885},
}


def annual_rate(currency: str, year: int) -> ExchangeRate:
    """Annual average rate of CNY or EUR, evidence status *recalled*.

    Parameters
    ----------
    currency : str
        CNY or EUR.
    year : int
        The calendar year.

    Returns
    -------
    ExchangeRate
        Units of the currency per US dollar.

    Raises
    ------
    Refused
        The year or the currency is not held.

    Examples
    --------
    >>> annual_rate("CNY", 2024).evidence_status
    'recalled'
    """
    held = _RECALLED.get(currency, {})
    if year not in held:
        raise Refused(
            Problem(
                f"no annual exchange rate of {currency} in {year}",
                "exchange rate",
                f"an ExchangeRate with period and source (held, as recalled: {', '.join(_RECALLED)})",
            )
        )
    return ExchangeRate(currency, held[year], str(year), "annual average, from memory", "recalled")
