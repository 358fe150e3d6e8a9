"""Concentration: Herfindahl-Hirschman index, largest shares, Shannon entropy, with or without a weight by
country.

All take tonnes (or any amounts >= 0) by holder. `lump` is what a source prints as "other countries": counted
as one holder it bounds the index from above, left out of the squares (but not of the total) from below.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from crosscut.base.errors import Problem, UserError

ROUNDING = 0.005  # shares printed to one per cent


@dataclass(frozen=True)
class Concentration:
    """HHI 0 to 10,000 with the lump as one holder and with the lump left out of the squares; shares of the
    largest one and three named holders; Shannon entropy in nats (0: one holder; ln n: n equal holders), lump
    as one holder.
    """

    hhi: float
    hhi_lump_out: float
    top_1: float
    top_3: float
    shannon: float
    total: float


def concentration(amounts: ArrayLike, lump: float = 0.0) -> Concentration:
    """How concentrated amounts are.

    NaN everywhere where all is 0.

    Parameters
    ----------
    amounts : array [holder]
        t (or any amounts of one unit) of each named holder, not negative.
    lump : float
        What a source prints as "other countries", in the same unit.

    Returns
    -------
    Concentration
        HHI from 0 to 10,000, shares as fractions, entropy in nats, total in the unit of the amounts.

    Raises
    ------
    ValueError
        For a negative amount.

    Examples
    --------
    Tungsten mine output of 2024 as printed in USGS MCS 2026, "other countries" 1,700 t:

    >>> c = concentration([67000, 3400, 1900, 1700, 1500, 1300, 920, 840, 700, 650], lump=1700)
    >>> round(c.hhi), round(c.hhi_lump_out), f"{c.top_1:.1%}"
    (6781, 6777, '82.1%')
    """
    named = np.asarray(amounts, dtype=float)
    if (named < 0).any() or lump < 0:
        raise ValueError("amounts must not be negative")
    total = float(named.sum() + lump)
    if total <= 0:
        none = float("nan")
        return Concentration(none, none, none, none, none, 0.0)
    share = np.sort(named / total)[::-1]
    squares = float((share**2).sum())
    every = np.r_[share, lump / total]
    every = every[every > 0]
    return Concentration(
        1e4 * (squares + (lump / total) ** 2),
        1e4 * squares,
        float(share[:1].sum()),
        float(share[:3].sum()),
        float(-(every * np.log(every)).sum()) + 0.0,
        total,
    )


def weighted_hhi(shares: ArrayLike, *weights: ArrayLike) -> float:
    """Sum of squared shares times the weights of each holder (governance, trade restriction).

    Parameters
    ----------
    shares : array [holder]
        Fractions.
    *weights : array [holder]
        Any number of weights, multiplied.

    Returns
    -------
    float
        On the scale of the weights' product.

    Examples
    --------
    >>> weighted_hhi([0.5, 0.5], [2.0, 6.0])
    2.0
    """
    out = np.asarray(shares, dtype=float) ** 2
    for w in weights:
        out = out * np.asarray(w, dtype=float)
    return float(out.sum())


def checked_shares(shares: Mapping[str, float], where: str) -> dict[str, float]:
    """The shares, if none is negative and they do not add up to more than 1.

    Half a point a row is allowed for rounding.

    Parameters
    ----------
    shares : Mapping[str, float]
        Fractions by holder or sector.
    where : str
        Where they stand, for the error.

    Returns
    -------
    dict[str, float]
        The same shares.

    Raises
    ------
    UserError
        Naming `where` and the rows.

    Examples
    --------
    >>> checked_shares({"CHN": 0.7, "VNM": 0.4}, "shares.csv")
    Traceback (most recent call last):
    crosscut.base.errors.UserError: shares.csv: shares add up to 1.1 (CHN 0.7, VNM 0.4). Expected at most 1
    """
    if bad := [
        Problem(f"share of {k} is {v:g}", where, "0 to 1") for k, v in shares.items() if not 0 <= v <= 1
    ]:
        raise UserError(bad)
    total = sum(shares.values())
    if total > 1.0 + ROUNDING * len(shares) + 1e-9:
        listed = ", ".join(f"{k} {v:g}" for k, v in shares.items())
        raise UserError(Problem(f"shares add up to {total:g} ({listed})", where, "at most 1"))
    return dict(shares)
