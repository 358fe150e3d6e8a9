"""Losses: those kept from earlier years, used oldest first, within their years and within a share of the
profit."""

from __future__ import annotations

from collections import deque

import numpy as np

from crosscut.projects.numbers import Array


class Losses:
    """Losses of every draw.

    `years` None keeps them for ever; `cap` is the most of a year's taxable income that they may cover. As
    the oldest go first, what is left of those up to some year is all that was lost until then less all that
    has been used or has expired.
    """

    def __init__(self, draws: int, years: int | None, cap: float) -> None:
        self.years, self.cap = years, cap
        self.held = np.zeros(draws)  # what may still be used
        self.expired = np.zeros(draws)
        self._gone, self._lost = np.zeros(draws), np.zeros(draws)  # used or expired so far; lost so far
        self._lost_until: deque[Array] = deque()  # each of the last years

    def taxable(self, income: Array) -> Array:
        """Taxable income of the next year after losses; a negative `income` is added to them.

        >>> kept = Losses(1, years=2, cap=0.5)
        >>> [float(kept.taxable(np.array([x]))[0]) for x in (-100.0, 60.0, 60.0, 60.0)]
        [0.0, 30.0, 30.0, 60.0]
        """
        profit = np.maximum(income, 0.0)
        loss = profit - income
        used = np.minimum(profit if self.cap == 1.0 else self.cap * profit, self.held)
        self.held = self.held - used + loss
        if self.years is not None:
            self._gone += used
            self._lost = self._lost + loss
            self._lost_until.append(self._lost)
            if len(self._lost_until) > self.years:
                left = np.maximum(self._lost_until.popleft() - self._gone, 0.0)
                self._gone += left
                self.expired += left
                self.held -= left
        return profit - used
