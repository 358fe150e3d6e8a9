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
        loss = np.maximum(-income, 0.0)
        used = np.minimum(self.cap * profit, self._pool)
        self._pool = self._pool - used + loss
        if self.years is not None:
            self._vintages.append(loss)
            left = used
            for k, vintage in enumerate(self._vintages[:-1]):
                from_it = np.minimum(vintage, left)
                left = left - from_it
                self._vintages[k] = vintage - from_it
            if len(self._vintages) > self.years:
                gone = self._vintages.pop(0)
                self.expired = self.expired + gone
                self._pool = self._pool - gone
        return profit - used
