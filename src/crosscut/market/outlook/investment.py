"""Investment: capacity that answers price (or the margin of processing), years later and up to a ceiling."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from crosscut.market.outlook.draw import InvestmentRule

Array = NDArray[np.float64]


def growth_of_capacity(rule: InvestmentRule, signals: list[Array], size: Array) -> Array:
    """ln(capacity of the coming year / capacity of the last) by country.

    signals[t] is the signal of every past year by country, oldest first (years before the first count as 0);
    `size` is ln(capacity / base capacity) now.

    >>> rule = InvestmentRule("m", 0, -1, np.array([True]), 1.0, 0.5, 0.1, 1.5, lag=2, window=1)
    >>> quiet, dear = np.zeros(1), np.array([0.1])
    >>> [float(growth_of_capacity(rule, s, quiet)[0].round(4)) for s in ([dear], [dear, quiet], [quiet, dear])]
    [0.0, 0.0488, 0.0]
    """
    newest = len(signals) - rule.lag
    seen = [signals[t] if t >= 0 else np.zeros_like(size) for t in range(newest - rule.window + 1, newest + 1)]
    excess = np.mean(seen, axis=0) - np.log(rule.hurdle) if newest >= 0 else np.full_like(size, -np.inf)
    growth = np.log1p(np.clip(rule.response * np.maximum(excess, 0.0), 0.0, rule.most_a_year))
    room = np.maximum(np.log(rule.most) - size, 0.0)
    return np.where(rule.countries, np.minimum(growth, room), 0.0)
