"""Roots: where a rising function of one number a draw crosses zero, in all draws at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from crosscut.projects.numbers import Array

STEPS = 60


def rising_root(
    f: Callable[[Array], Array], low: float, high: float, draws: int, close: float = 1e-9
) -> Array:
    """x by draw with f(x) = 0, for f that rises in x: by chords, every third step by halving; NaN where f
    does not cross zero between `low` and `high`. f takes and returns (draws,); `close` is the width at which
    a bracket is done, relative to its upper end.

    >>> np.round(rising_root(lambda x: x**3 - np.array([8.0, 27.0, 1e9]), 0.1, 10.0, 3), 9)
    array([ 2.,  3., nan])
    """
    a, b = np.full(draws, low), np.full(draws, high)
    f_a, f_b = f(a), f(b)
    outside = (f_a > 0) | (f_b < 0)
    exact = 1e-12 * np.maximum(np.abs(f_a), np.abs(f_b))
    for step in range(STEPS):
        with np.errstate(divide="ignore", invalid="ignore"):
            chord = a - f_a * (b - a) / (f_b - f_a)
        x = np.clip(np.where(np.isfinite(chord) & (step % 3 < 2), chord, 0.5 * (a + b)), a, b)
        f_x = f(x)
        below = f_x < 0
        a, f_a = np.where(below, x, a), np.where(below, f_x, f_a)
        b, f_b = np.where(below, b, x), np.where(below, f_b, f_x)
        if (outside | (b - a < close * b) | (np.abs(f_x) < exact)).all():
            break
    out: Array = np.where(outside, np.nan, np.where(np.abs(f_a) < np.abs(f_b), a, b))
    return out
