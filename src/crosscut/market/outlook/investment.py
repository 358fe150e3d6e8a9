"""Investment: capacity that answers price (or the margin of processing), years later and up to a ceiling."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from crosscut.market.outlook.draw import InvestmentRule

Array = NDArray[np.float64]


def decided_growth(rule: InvestmentRule, signals: Sequence[Array], under_way: Array) -> Array:
    """ln growth of capacity decided at the end of a year, by country; it opens `lag` years later.

    signals: by country, oldest first, the last of the year that ends (years before the first count as 0).
    `under_way` is ln growth decided earlier and not open yet: an investor sees it and takes it off the price.

    >>> rule = InvestmentRule("m", 0, -1, np.array([True]), 1.0, 0.5, 0.1, 1.5, lag=2, window=1)
    >>> float(decided_growth(rule, [np.array([0.1])], np.zeros(1))[0].round(4))
    0.0488
    >>> float(decided_growth(rule, [np.array([0.1])], np.array([0.1]))[0])
    0.0
    """
    seen = sum(signals[-rule.window :], np.zeros_like(under_way)) / rule.window
    excess = np.maximum(seen - np.log(rule.hurdle) - under_way, 0.0)
    growth = np.log1p(np.minimum(rule.response * excess, rule.most_a_year))
    return np.where(rule.countries, growth, 0.0)


def opened_growth(
    rule: InvestmentRule, queue: Sequence[Array], size: Array
) -> tuple[Array, tuple[Array, ...]]:
    """(ln growth that opens next year, what is still under way) of what was decided, oldest first; growth
    stops where ln capacity over base, `size`, reaches the ceiling."""
    if len(queue) < rule.lag:
        return np.zeros_like(size), tuple(queue)
    room = np.maximum(np.log(rule.most) - size, 0.0)
    return np.minimum(queue[0], room), tuple(queue[1:])
