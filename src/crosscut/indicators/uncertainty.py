"""Uncertainty: what a value may be, given how far the facts behind it are to be trusted.

Method: the delta method. Every figure has a relative standard deviation by its standing (printed .05, estimated .15,
imputed .5; a World Bank estimate its own standard error), errors are independent, and an indicator's standard deviation
is the root of the summed squares of slope times error. The interval is the central 80 % of a lognormal with that
coefficient of variation, so that it never reaches below 0. Errors shared by many figures are not in it: too narrow.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Z80 = 1.2815515655446004  # 90 % point of the standard normal


def interval(value: Any, sd: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(10 % point, 90 % point) of values >= 0 with standard deviation `sd`; for 0 they are 0 and Z80 sd.

    >>> low, high = interval(np.array([0.2]), np.array([0.02]))
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.176], [0.2273])
    """
    value, sd = np.asarray(value, dtype=float), np.asarray(sd, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.exp(Z80 * np.sqrt(np.log1p((sd / value) ** 2)))
    positive = value > 0
    return np.where(positive, value / spread, value), np.where(positive, value * spread, Z80 * sd)
