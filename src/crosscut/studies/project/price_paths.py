"""Price paths: the APT price by year and draw: the file's own with its range and swings, or that of an
outlook."""

from __future__ import annotations

import numpy as np

from crosscut.base.arrays import Array
from crosscut.studies.project.builder import Builder
from crosscut.studies.project.sampling import Draws, figure_at, scores


def drawn_prices(b: Builder, path: Array) -> Array:
    """The path with the swings of every draw: deviations of its log that last (first-order autoregression).

    The median of every year stays that of the path; in the middle case nothing swings.
    """
    p = b.file.prices
    if b.draws.numbers is None or p.volatility is None:
        return path
    sd = figure_at(p.volatility, 0.0)
    keeps = 0.0 if p.persistence is None else float(np.asarray(figure_at(p.persistence, 0.0)))
    factors = swings(b.draws, len(b.years), keeps)
    factors *= float(np.asarray(sd))
    out: Array = np.exp(factors, out=factors)
    out *= path
    return out


def swings(draws: Draws, years: int, keeps: float) -> Array:
    """Standard normal deviations by year and draw; a share `keeps` of each is left a year later."""
    assert draws.numbers is not None
    out = np.empty((years, len(draws.numbers)))
    for t in range(years):
        shock = scores(draws.seed, f"prices/{t}", draws.numbers)
        if t:
            shock *= np.sqrt(1.0 - keeps**2)
            shock += keeps * out[t - 1]
        out[t] = shock
    return out


def on_years(values: Array, first: int, years: range) -> Array:
    """Yearly values (years, draws) from `first` on, over other years: held at the ends."""
    at = np.clip(np.arange(years.start, years.stop) - first, 0, len(values) - 1)
    out: Array = values[at]
    return out
