"""Price error: quantiles of a price level whose residual error is added up over its sizes, not drawn (E30).

A draw of behaviour gives a price; what no parameter explains is a lognormal error around it. An error drawn
once a draw would move the median of 200 draws by two per cent of itself, which is more than many measures
do. So nothing is drawn: the level is a mixture of lognormals, one a draw, and its quantiles are solved for.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np

from crosscut.base.arrays import Array

LEVEL_POINTS = (0.1, 0.9)  # ends of the 80 % interval
_WIDEST = 8.0  # standard deviations: beyond it a normal error is nowhere
_CLOSE = 1e-12  # in logs: where the search for a quantile stops
_MOST_STEPS = 200


def level_points(values: Array, sd: Array, points: Sequence[float] = LEVEL_POINTS) -> Array:
    """Quantiles of every price with its residual error: x of mean over d of Phi((ln x - ln p_d) / sd) = q.

    Parameters
    ----------
    values : Array [draw, k]
        The price in every solved draw, without the error; NaN where a draw has none. A price paid under a
        guarantee may be below 0.
    sd : Array [k]
        Standard deviation of the log error of each price; with 0 the quantiles are those of the draws.
    points : Sequence of float
        Probabilities between 0 and 1.

    Returns
    -------
    Array [point, k]
        In the unit of `values`; NaN where no draw has a price.

    Examples
    --------
    One draw alone gives the lognormal itself, 100 exp(0.26 z):

    >>> level_points(np.array([[100.0]]), np.array([0.26]), (0.1, 0.5, 0.9)).round(1)[:, 0].tolist()
    [71.7, 100.0, 139.5]
    """
    out = np.full((len(points), values.shape[1]), np.nan)
    finite = np.isfinite(values)
    whole = finite.all(axis=0) & (values > 0).all(axis=0) & (sd > 0) & (len(values) > 0)
    if whole.any():
        logs = np.log(values[:, whole])
        for at, q in enumerate(points):
            out[at, whole] = np.exp(_log_quantiles(logs, sd[whole], q))
    for k in np.flatnonzero(~whole & finite.any(axis=0)).tolist():
        known = values[finite[:, k], k]
        if sd[k] <= 0:
            out[:, k] = np.quantile(known, points)
        elif (known > 0).all():
            out[:, k] = [
                float(np.exp(_log_quantiles(np.log(known)[:, None], sd[k : k + 1], q)[0])) for q in points
            ]
        else:
            out[:, k] = [_signed_quantile(known, float(sd[k]), q) for q in points]
    return out


def _log_quantiles(logs: Array, sd: Array, q: float) -> Array:
    """Quantile q of equally weighted normals at logs[draw, k] of sd[k], by Newton kept inside a bracket.

    Each price is worked out as if it stood alone, so that none depends on what else is asked.
    """
    from scipy.special import ndtr  # here, as it takes half a second to load

    at = np.ascontiguousarray(logs.T)
    low, high = at.min(axis=1) - _WIDEST * sd, at.max(axis=1) + _WIDEST * sd
    x = np.clip(np.quantile(at, q, axis=1) + NormalDist().inv_cdf(q) * sd, low, high)
    left = np.ones(len(x), dtype=bool)
    for _ in range(_MOST_STEPS):
        z = (x[left, None] - at[left]) / sd[left, None]
        gap = ndtr(z).mean(axis=1) - q
        low[left] = np.where(gap < 0, x[left], low[left])
        high[left] = np.where(gap < 0, high[left], x[left])
        slope = np.exp(-0.5 * z * z).mean(axis=1) / (sd[left] * np.sqrt(2.0 * np.pi))
        step = np.divide(gap, slope, out=np.full_like(gap, np.inf), where=slope > 0)
        moved = x[left] - step
        inside = (moved > low[left]) & (moved < high[left])
        following = np.where(inside, moved, 0.5 * (low[left] + high[left]))
        close = np.abs(following - x[left]) < _CLOSE
        x[left] = following
        left[left] = ~close
        if not left.any():
            break
    return np.asarray(x)


def _signed_quantile(known: Array, sd: float, q: float) -> float:
    """As above for prices of either sign, by bisection over the prices themselves."""
    from scipy.special import ndtr

    wide = float(np.exp(_WIDEST * sd))
    low, high = min(0.0, float(known.min())) * wide, max(0.0, float(known.max())) * wide
    above, below = known[known > 0], known[known < 0]

    def reached(x: float) -> float:
        """Share of the level that is at most x."""
        if x >= 0:
            up = ndtr(np.log(x / above) / sd).sum() if x > 0 else 0.0
            return float(up + len(known) - len(above)) / len(known)
        return float(ndtr(-np.log(x / below) / sd).sum()) / len(known)

    for _ in range(_MOST_STEPS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if reached(middle) < q else (low, middle)
    return 0.5 * (low + high)


def sampling_error(values: Array, turns: Array) -> Array:
    """Standard error of the median over draws that take turns on a few worlds.

    Half the distance between the draws that stand as many places below and above the middle one as the number
    of draws below the true median may err by: the root of n / 4, or more where the pairs of worlds differ
    (Woodruff 1952, Journal of the American Statistical Association 47, for samples in clusters).

    Parameters
    ----------
    values : Array [draw, k]
        NaN where a draw has no value.
    turns : Array [draw]
        Which mirrored pair of worlds each draw was solved on: the errors of two mirrored worlds offset each
        other, so the pair is what varies from one set of worlds to the next.

    Returns
    -------
    Array [k]
        In the unit of `values`; NaN with fewer than two draws.

    Examples
    --------
    Of a normal on one world it is 1.25 standard deviations over the root of n:

    >>> values = np.random.default_rng(1).normal(size=(40_000, 1))
    >>> error = sampling_error(values, np.zeros(40_000))[0]
    >>> round(float(error / np.sqrt(np.pi / 2 / 40_000)), 1)
    1.0
    """
    out = np.full(values.shape[1], np.nan)
    for k in range(values.shape[1]):
        there = np.isfinite(values[:, k])
        known, turn = values[there, k], turns[there]
        if len(known) < 2:
            continue
        below = (known < np.median(known)) + 0.5 * (known == np.median(known))
        of_pair = np.array([below[turn == t].mean() for t in np.unique(turn)])
        variance = 0.25 / len(known)
        if len(of_pair) > 1:
            variance = max(variance, float(of_pair.var(ddof=1)) / len(of_pair))
        half = min(0.5, float(np.sqrt(variance)))
        low, high = np.quantile(known, [0.5 - half, 0.5 + half])
        out[k] = 0.5 * (high - low)
    return out
