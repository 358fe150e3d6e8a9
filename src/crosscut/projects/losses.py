"""Losses: those kept from earlier years, used oldest first, within their years and within a share of the profit."""

from __future__ import annotations

import numpy as np

from crosscut.projects.numbers import Array


class Losses:
    """Losses of every draw by the year in which they arose.

    `years` None keeps them for ever; `cap` is the most of a year's taxable income that they may cover.
    """

    def __init__(self, draws: int, years: int | None, cap: float) -> None:
        self.years, self.cap = years, cap
        self._vintages: list[Array] = []
        self._pool = np.zeros(draws)
        self.expired = np.zeros(draws)

    @property
    def held(self) -> Array:
        """What may still be used."""
        return self._pool

    def taxable(self, income: Array) -> Array:
        """Taxable income of the next year after losses; a negative `income` is added to them.

        >>> kept = Losses(1, years=2, cap=0.5)
        >>> [float(kept.taxable(np.array([x]))[0]) for x in (-100.0, 60.0, 60.0, 60.0)]
        [0.0, 30.0, 30.0, 60.0]
        """
        profit = np.maximum(income, 0.0)
        loss = profit - income
        used = np.minimum(profit if self.cap == 1.0 else self.cap * profit, self._pool)
        self._pool -= used
        self._pool += loss
        if self.years is not None:
            self._use_oldest(used)
            self._vintages.append(loss)
            if len(self._vintages) > self.years:
                gone = self._vintages.pop(0)
                self.expired = self.expired + gone
                self._pool = self._pool - gone
        return profit - used

    def _use_oldest(self, used: Array) -> None:
        """Take what is used from the vintages; few draws use any in one year, and only those are looked at."""
        at = np.flatnonzero(used)
        left = used[at]
        for vintage in self._vintages:
            from_it = np.minimum(vintage[at], left)
            left -= from_it
            vintage[at] -= from_it
