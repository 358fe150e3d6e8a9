"""Params: behavioural parameters of one draw, and the distributions they are drawn from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class ParamDistribution:
    """A parameter that is not known: a lognormal whose 10 % and 90 % points are `low` and `high`.

    `name` is one of sigma, eta, eps, mu, zc; `scope` names the form, use or process it is for, or "all".
    `standing` is reported, estimated, derived, recalled or *assumed*; `source` says who says so.
    """

    name: str
    scope: str
    low: float
    mid: float
    high: float
    standing: str
    source: str
    note: str = ""


@dataclass(frozen=True, eq=False)
class Params:
    """Behavioural parameters of one draw.

    sigma[f]: substitution between origins at base prices; eta[f]: own-price elasticity of primary supply;
    eps[f, u]: own-price elasticity of final demand (positive number); mu[k]: base processing margin as a
    share of the value of output; zc: price ratio at which the backstop cuts demand; lo: ratio below which
    demand is linear; demand_k and supply_r: exponents of sections 5 and 6.
    """

    sigma: Array
    eta: Array
    eps: Array
    mu: Array
    zc: float = 20.0
    lo: float = 0.2
    demand_k: float = 8.0
    supply_r: float = 10.0
