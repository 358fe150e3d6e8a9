"""Quantities: what is predicted, each with targets of its own.

The mean of a window, the price at its end, its peak, the price inside the restricting country and the price
of each month are different numbers. An episode has the ones that its sources give, and none stands in for
another.

Tests: tests/studies/backtest/test_quantities.py
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from crosscut.studies.backtest.episode import Episode, MonthPrice, PriceMetric

YEAR = 12  # months of the window after an announcement
ENOUGH = 6  # of them, for a mean
NEAR = 1  # months from the end that still are about 12 months after


class Quantity(StrEnum):
    """What is predicted. Prices in logs of a ratio; flow and importers in shares of the base year."""

    WINDOW_MEAN = "window_mean"
    END = "end"
    PEAK = "peak"
    INSIDE = "inside"
    MONTH = "month"
    MONTH_INSIDE = "month_inside"
    FLOW = "flow"
    IMPORTERS = "importers"


PRICES = (Quantity.WINDOW_MEAN, Quantity.END, Quantity.PEAK, Quantity.INSIDE)
MONTHS = (Quantity.MONTH, Quantity.MONTH_INSIDE)
TRADE = (Quantity.FLOW, Quantity.IMPORTERS)
AT_HOME = (Quantity.INSIDE, Quantity.MONTH_INSIDE)


@dataclass(frozen=True)
class Observation:
    """One figure that came: `key` (month or importer, else empty), `value`, and `weight` within its
    episode."""

    key: str
    value: float
    weight: float


def observed(episode: Episode, quantity: Quantity) -> tuple[Observation, ...]:
    """What came of a quantity in an episode; empty where its sources do not say."""
    t = episode.targets
    if quantity is Quantity.IMPORTERS:
        return _importers(episode)
    if quantity is Quantity.FLOW:
        return _one(t.flow_change if t.core_trade else None)
    if quantity in MONTHS:
        rows = _months(t.months, quantity is Quantity.MONTH_INSIDE)
        return tuple(Observation(str(m.month), math.log(m.ratio), 1 / len(rows)) for m in rows)
    return _one(_log(_price(episode, quantity)))


def _price(episode: Episode, quantity: Quantity) -> float | None:
    """The price ratio of a quantity."""
    t, metric = episode.targets, episode.inputs.price_metric
    outside = _months(t.months, inside=False)
    if quantity is Quantity.PEAK:
        return t.peak
    if quantity is Quantity.INSIDE:
        at_end = _at_end(_months(t.months, inside=True))
        return t.inside if at_end is None else at_end
    if quantity is Quantity.END:
        return t.price_ratio if metric is PriceMetric.QUOTATION else _at_end(outside)
    if metric is not PriceMetric.QUOTATION:
        return t.price_ratio
    return sum(m.ratio for m in outside) / len(outside) if len(outside) >= ENOUGH else None


def _months(rows: Sequence[MonthPrice], inside: bool) -> list[MonthPrice]:
    """Rows of the window on one side of the border, in order."""
    place = "inside" if inside else "outside"
    return sorted((m for m in rows if m.place == place and 1 <= m.month <= YEAR), key=lambda m: m.month)


def _at_end(rows: Sequence[MonthPrice]) -> float | None:
    """The last price of the window, if it is about its end."""
    return rows[-1].ratio if rows and rows[-1].month >= YEAR - NEAR else None


def _importers(episode: Episode) -> tuple[Observation, ...]:
    """Tonnes of each scored importer over those of its base year; weights are shares of base-year tonnes."""
    t = episode.targets
    rows = [m for m in episode.inputs.imports if m.tonnes > 0 and m.importer in t.importers]
    total = sum(m.tonnes for m in rows)
    if not t.core_trade or total <= 0:
        return ()
    return tuple(Observation(m.importer, t.importers[m.importer] / m.tonnes, m.tonnes / total) for m in rows)


def _log(ratio: float | None) -> float | None:
    return None if ratio is None else math.log(ratio)


def _one(value: float | None) -> tuple[Observation, ...]:
    return () if value is None else (Observation("", value, 1.0),)


def counts(episode: Episode, quantity: Quantity) -> bool:
    """Whether an episode counts in the means of a quantity."""
    return episode.targets.core_trade if quantity in TRADE else episode.targets.core_price
