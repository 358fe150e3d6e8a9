"""Money: an amount in a currency that carries its year or says nominal, and dated exchange rates with a
source.

Tests: tests/base/test_units.py
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from functools import cache

from crosscut.base.bundled import bundled_text
from crosscut.base.errors import Problem, Refused, UserError, suggestion

CURRENCIES = (
    *("USD", "CNY", "EUR", "GBP", "JPY", "KRW", "KZT", "CAD", "AUD", "HKD", "VND", "CHF", "INR", "SEK"),
    *("NOK", "DKK", "PLN", "CZK", "HUF", "TRY", "RUB", "BRL", "MXN", "ZAR", "TWD", "SGD", "THB", "NZD"),
    *("ILS", "MAD", "SAR", "AED"),
)


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
        'USD 10.0153 nominal'
        """
        if money.currency != self.currency:
            raise UserError(Problem(f"a rate of {self.currency} does not convert {money}", "exchange rate"))
        return Money(money.amount / self.value, "USD", money.price_year)


@cache
def _annual_rates() -> dict[tuple[str, int], ExchangeRate]:
    text = bundled_text("finance", "exchange_rates.csv")
    return {
        (r["currency"], int(r["year"])): ExchangeRate(
            r["currency"], float(r["per_usd"]), r["year"], r["source"], r["evidence_status"]
        )
        for r in csv.DictReader(text.splitlines())
    }


def rated_currencies() -> tuple[str, ...]:
    """Currencies with a yearly average on record.

    Returns
    -------
    tuple of str
        Their codes, in alphabetical order.

    Examples
    --------
    >>> "EUR" in rated_currencies(), "KZT" in rated_currencies()
    (True, False)
    """
    return tuple(sorted({currency for currency, _ in _annual_rates()}))


def rated_years(currency: str) -> tuple[int, ...]:
    """Years with an average rate of a currency on record.

    Parameters
    ----------
    currency : str
        Its code.

    Returns
    -------
    tuple of int
        In their order; empty where there is none.

    Examples
    --------
    >>> rated_years("EUR")[-1], rated_years("KZT")
    (2025, ())
    """
    return tuple(sorted(year for code, year in _annual_rates() if code == currency))


def annual_rate(currency: str, year: int) -> ExchangeRate:
    """Average exchange rate of a calendar year.

    Parameters
    ----------
    currency : str
        Its code, such as EUR.
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

    Notes
    -----
    Source: US Internal Revenue Service, yearly average currency exchange rates 2019 to 2025; Federal Reserve
    Board, G.5A, 2017 and 2018. The two agree within 1 % where both print a year.

    Examples
    --------
    >>> annual_rate("CNY", 2024).value
    7.189
    """
    found = _annual_rates().get((currency, year))
    if found is None:
        years = [y for c, y in _annual_rates() if c == currency]
        held = f"{currency} in {min(years)} to {max(years)}" if years else ", ".join(rated_currencies())
        raise Refused(
            Problem(
                f"no average exchange rate of {currency} in {year}",
                "exchange rate",
                f"a rate that is on record ({held}), or the amount in USD",
            )
        )
    return found
