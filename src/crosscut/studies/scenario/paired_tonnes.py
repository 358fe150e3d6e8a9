"""Paired tonnes: a flow or an output after the events, read within each draw against the base year (E31).

Draws take turns on worlds whose figures were read with drawn errors. The tonnes of such a world differ from
those of the base world without any event, by more than many measures do; so a median of tonnes after the
events less the tonnes of the base world can have the wrong sign. The change is read within a draw instead.
"""

from __future__ import annotations

import numpy as np

from crosscut.base.arrays import Array


def paired_points(base: Array, before: Array, after: Array) -> tuple[Array, Array, Array]:
    """10, 50 and 90 % points of tonnes after the events.

    Parameters
    ----------
    base : Array [...]
        Tonnes before the events as the base world has them.
    before, after : Array [draw, ...]
        Tonnes of each draw before and after the events.

    Returns
    -------
    tuple of Array [...]
        The median of the base moved by the change within a draw (after the events where a draw or the base
        had nothing before), between the ends of the 80 % interval of the draws, which hold the errors of
        figures and stand about that median as about their own.

    Examples
    --------
    Two readings of a flow, 80 and 120 t, both cut by a tenth:

    >>> before = np.array([[80.0], [120.0]])
    >>> [round(float(x[0]), 1) for x in paired_points(np.array([90.0]), before, 0.9 * before)]
    [68.0, 81.0, 94.0]
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        own = np.where((before != 0) & (base != 0), base / before, 1.0)
    median = np.median(after * own, axis=0)
    low, middle, high = np.quantile(after, [0.1, 0.5, 0.9], axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        moved = np.where((middle != 0) & (median * middle > 0), median / middle, 1.0)
    return np.minimum(low * moved, median), median, np.maximum(high * moved, median)
