"""Quadrature: a few points that stand for many, with the same moments (Gauss).

A loss is smooth in the share of a year that is withheld, so that three or four solves give its mean over
thousands of lengths. Golub and Welsch 1969, by the Stieltjes recurrence of the weighted sample.
"""

from __future__ import annotations

import numpy as np

from crosscut.base.arrays import Array


def gauss_points(values: Array, weights: Array, count: int) -> tuple[Array, Array]:
    """Points and weights that give every weighted mean of a polynomial below degree 2 `count` as the sample
    does.

    Parameters
    ----------
    values : Array [n]
        The sample, of any unit.
    weights : Array [n]
        Not negative, not all 0.
    count : int
        How many points, 1 or more.

    Returns
    -------
    tuple of Array [k]
        Points in the unit of the sample, within its range, and weights that add to 1; fewer points where the
        sample has fewer distinct values.

    Examples
    --------
    >>> x, w = gauss_points(np.array([0.0, 1.0]), np.array([1.0, 3.0]), 2)
    >>> x.round(6).tolist(), w.round(6).tolist()
    ([0.0, 1.0], [0.25, 0.75])
    """
    w = weights / weights.sum()
    middle, spread = float(w @ values), float(np.ptp(values))
    if spread <= 0:
        return np.array([middle]), np.array([1.0])
    x = (values - middle) / spread
    before, now = np.zeros_like(x), np.ones_like(x)
    norm = 1.0
    diagonal: list[float] = []
    beside: list[float] = []
    for _ in range(count):
        a = float(w @ (x * now * now)) / norm
        diagonal.append(a)
        following = (x - a) * now - (beside[-1] if beside else 0.0) * before
        left = float(w @ (following * following))
        if left <= 1e-13 * norm:
            break
        beside.append(left / norm)
        before, now, norm = now, following, left
    k = len(diagonal)
    off = np.sqrt(np.array(beside[: k - 1]))
    points, vectors = np.linalg.eigh(np.diag(diagonal) + np.diag(off, 1) + np.diag(off, -1))
    return middle + spread * points, vectors[0] ** 2
