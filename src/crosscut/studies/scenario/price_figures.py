"""Price figures: the one level and the one change of every price of a run, and how sure each is (E31).

A run answers two questions about a price. How much do the events change it? Before and after are solved in
the same future, so what no parameter explains is in both and cancels: the change is read draw by draw. How
high will it be? There the error that no parameter explains counts in full; it is added up, not drawn (E30).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crosscut.base.arrays import Array, Bools
from crosscut.studies.shared.ensemble import ScenarioEnsemble
from crosscut.studies.shared.price_error import level_points, sampling_error
from crosscut.studies.shared.readings import Readings

TOLD_APART = 2.0  # sampling errors from no change: what is nearer may be chance
UNMOVED = 1e-9  # of a price: what is left of a change that is none
MIDDLE = 0.1  # share of the draws on either side of the median that a price is taken apart in


@dataclass(frozen=True, eq=False)
class PriceFigures:
    """What is said of every price, in USD per t contained by place, NaN where there is none.

    base: before the events, at median parameters on the world itself. paired[draw, place]: after the events,
    in each draw the base moved by that draw's own change; where there is no price before, the price after.
    onto_base[draw, place]: what a draw's own price was multiplied by for that. median: of `paired`.
    effect_low and effect_high: its 10 and 90 % points. low and high: those of the level, the error of prices
    included. sampling: standard error of `median` from the number of draws.
    """

    base: Array
    paired: Array
    onto_base: Array
    median: Array
    effect_low: Array
    effect_high: Array
    low: Array
    high: Array
    sampling: Array

    @property
    def told_apart(self) -> Bools:
        """Whether the median differs from the base by more than two sampling errors."""
        with np.errstate(invalid="ignore"):
            return np.asarray(np.abs(self.median - self.base) > TOLD_APART * self.sampling)

    def middle_weights(self, at: int) -> Array:
        """Weights [draw] of the draws around the median price at a place; they add up to 1 and, times the
        prices, to the median."""
        return middle_weights(self.paired[:, at])


def price_figures(ensemble: ScenarioEnsemble, read: Readings) -> PriceFigures:
    """The figures of every place of the readings.

    Parameters
    ----------
    ensemble : ScenarioEnsemble
        Its job has the error of every form's price, its scenario the quotations that fix a price before the
        events.
    read : Readings
        Prices before and after of every draw and of the central case.

    Returns
    -------
    PriceFigures
        By place, in the order of `read.places`.
    """
    k = len(read.places)
    before, after = (np.array([r.prices[t] for r in read.draws]).reshape(-1, k) for t in (0, 1))
    base = read.central.prices[0]
    with np.errstate(invalid="ignore"):
        pair = (before > 0) & (after > 0) & (base > 0)
    onto_base = np.divide(np.broadcast_to(base, before.shape), before, out=np.ones_like(before), where=pair)
    paired = after * onto_base
    paired = np.where(np.abs(paired - base) < UNMOVED * np.abs(base), base, paired)
    middle, low, high = _points(paired, (0.5, 0.1, 0.9))
    # A quotation says what the price was before the events. Without one, what earlier measures had done to
    # it by then is itself uncertain, and part of the level.
    forms = [f.id for f in ensemble.world.chain.forms]
    quoted = {a.form for a in ensemble.scenario.anchors}
    fixed = np.array([forms[p.form] in quoted for p in read.places], dtype=bool)
    level = np.where(fixed, paired, after)
    ends = level_points(level, ensemble.job.noise[[p.form for p in read.places]])
    pairs = np.array([o.draw.number % len(ensemble.job.worlds) // 2 for o in ensemble.solved])
    sampling = sampling_error(paired, pairs)
    return PriceFigures(base, paired, onto_base, middle, low, high, ends[0], ends[1], sampling)


def _points(values: Array, points: tuple[float, ...]) -> Array:
    """Quantiles [point, k] over the draws that have a value."""
    out = np.full((len(points), values.shape[1]), np.nan)
    there = np.isfinite(values)
    whole = there.all(axis=0) & (len(values) > 0)
    if whole.any():
        out[:, whole] = np.quantile(values[:, whole], points, axis=0)
    for k in np.flatnonzero(~whole & there.any(axis=0)).tolist():
        out[:, k] = np.quantile(values[there[:, k], k], points)
    return out


def middle_weights(values: Array) -> Array:
    """Weights of the draws around the median; they add up to 1 and, times the values, to the median.

    Parameters
    ----------
    values : Array [draw]
        NaN where a draw has none; its weight is then 0.

    Returns
    -------
    Array [draw]
        A tenth of the draws on either side of the median, each side weighted alike within itself; all 0
        where no draw has a value.

    Examples
    --------
    >>> middle_weights(np.array([5.0, 1.0, 2.0, 9.0])).round(3).tolist()
    [0.5, 0.0, 0.5, 0.0]
    """
    out = np.zeros(len(values))
    order = np.argsort(np.where(np.isfinite(values), values, np.inf), kind="stable")
    order = order[: int(np.isfinite(values).sum())]
    n = len(order)
    if n == 0:
        return out
    size = max(1, round(MIDDLE * n))
    under, over = order[: (n + 1) // 2][-size:], order[n // 2 :][:size]
    median = np.median(values[order])
    one, other = values[under].mean(), values[over].mean()
    share = (other - median) / (other - one) if other > one else 0.5
    out[under] += share / len(under)
    out[over] += (1.0 - share) / len(over)
    return out
