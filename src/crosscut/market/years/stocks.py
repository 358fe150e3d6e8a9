"""Stocks: closing = opening + build - draw - release, never below zero.

Tests: tests/market/years/test_known_paths.py, tests/market/years/test_year_rules.py
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp, isfinite, log

from crosscut.market.events.compiled import StockRule
from crosscut.market.years.draw import Release, Stock
from crosscut.market.years.facilities import share_of_year


@dataclass(frozen=True)
class StockYear:
    """The account of one stock in one year, t: draws are sold on a date, releases because the price was
    high."""

    id: str
    opening: float
    build: float
    draw: float
    release: float

    @property
    def closing(self) -> float:
        """Opening + build - draw - release."""
        return self.opening + self.build - self.draw - self.release


def logistic(x: float) -> float:
    """1 / (1 + e^-x), without overflow.

    Parameters
    ----------
    x : float
        Any number.

    Returns
    -------
    float
        0 to 1.
    """
    return 1.0 / (1.0 + exp(-x)) if x >= 0 else exp(x) / (1.0 + exp(x))


def released(rule: Release, ratio: float) -> float:
    """What a holder lets go at a price.

    Parameters
    ----------
    rule : Release
        Trigger and width as price ratios, and the most a year.
    ratio : float
        Price over that of the base.

    Returns
    -------
    float
        t a year; 0 at the base price and below.

    Examples
    --------
    >>> rule = Release(trigger=2.0, width=0.1, most=100.0)
    >>> released(rule, 1.0), round(released(rule, 2.0)), round(released(rule, 20.0))
    (0.0, 50, 100)
    """
    at = logistic(log(ratio / rule.trigger) / rule.width) - logistic(log(1.0 / rule.trigger) / rule.width)
    return rule.most * max(at, 0.0)


def carried_rules(rules: Sequence[StockRule], let_go: Mapping[str, float]) -> tuple[StockRule, ...]:
    """Stocks of events with what earlier years have left of them: a tonne is sold once.

    Parameters
    ----------
    rules : Sequence[StockRule]
        Stocks of the events of a year.
    let_go : Mapping[str, float]
        Stock -> t sold so far.

    Returns
    -------
    tuple of StockRule
        With what is left.
    """
    return tuple(replace(r, tonnes=max(r.tonnes - let_go.get(r.id, 0.0), 0.0)) for r in rules)


def let_go_by(rule: StockRule, price: float, base_price: float) -> float:
    """What a stock of an event sells in a year.

    Parameters
    ----------
    rule : StockRule
        The stock.
    price : float
        Price inside its country, USD per t contained.
    base_price : float
        The same at base.

    Returns
    -------
    float
        t; below 0 where it takes up.
    """
    if not isfinite(price):
        return 0.0
    at = logistic((price - rule.trigger) / rule.width) - logistic((base_price - rule.trigger) / rule.width)
    return rule.tonnes * at


def wanted(parts: tuple[tuple[float, float, float], ...], year: int) -> float:
    """What a dated programme buys in a calendar year.

    Parameters
    ----------
    parts : tuple[tuple[float, float, float], ...]
        (first, last, t) each, first and last as decimal years.
    year : int
        The calendar year.

    Returns
    -------
    float
        t.
    """
    return sum(tonnes * share_of_year(start, end, year) for start, end, tonnes in parts)


def sold_from(stock: Stock, opening: float, ratio: float, year: int) -> tuple[float, float]:
    """What a stock gives in a year, at last year's price.

    Parameters
    ----------
    stock : Stock
        Its dated sales and its rule of release.
    opening : float
        t in it at the start of the year.
    ratio : float
        Last year's price over that of the base.
    year : int
        The calendar year.

    Returns
    -------
    tuple of (float, float)
        Dated draw and release, t: together never more than the opening stock.
    """
    draw = min(wanted(stock.draws, year), opening)
    release = min(released(stock.release, ratio), opening - draw) if stock.release else 0.0
    return draw, release
