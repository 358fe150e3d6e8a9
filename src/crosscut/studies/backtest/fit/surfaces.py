"""Surfaces: the modelled log price change of one episode over the grid of what a market class may be like.

Each is solved once, from inputs and the shared trading parameters; fitting and predicting only weigh its
points.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from crosscut.base.arrays import Array
from crosscut.studies.backtest.cases import BacktestCase
from crosscut.studies.backtest.fit.behaviour import FittedBehaviour, Pricing, Trading
from crosscut.studies.backtest.fit.mechanisms import solved
from crosscut.studies.backtest.readings import log_inside_ratio, log_price_ratio

ELASTICITY = np.array([0.2, 0.3, 0.45, 0.7, 1.0, 1.5])
PRECAUTION = np.array([0.0, 0.05, 0.1, 0.2, 0.4, 0.8])
CUSHION = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
CUT_WEIGHTS = np.array([0.25, 0.5, 0.25])  # low, mid and high reading of the policy text


@dataclass(frozen=True, eq=False)
class Surface:
    """log_price[e, h, c, k] and log_inside[e, h, c, k] over elasticity, precaution, cushion and reading of
    the cut (with `weights[k]`); NaN where the market did not clear, `failed` of `solves`."""

    log_price: Array
    log_inside: Array
    weights: Array
    failed: int
    solves: int


def surface(case: BacktestCase, trading: Trading, given: float | None = None) -> Surface:
    """The surface of a case; `given`: the realised relative change of the hit flow (track B) instead of the
    readings of the cut, which `trading.compliance` scales."""
    i, m = case.inputs, case.measure
    if given is not None:
        cuts, weights = np.array([-given]), np.ones(1)
    elif i.cut_low is None or i.cut_mid is None or i.cut_high is None:
        cuts, weights = np.array([i.cut_mid or 0.0]) * trading.compliance, np.ones(1)
    else:
        cuts = np.minimum(np.array([i.cut_low, i.cut_mid, i.cut_high]) * trading.compliance, 1.0)
        weights = CUT_WEIGHTS
    shape = (len(ELASTICITY), len(PRECAUTION), len(CUSHION), len(cuts))
    out, inside = np.full(shape, np.nan), np.full(shape, np.nan)
    # An axis that the measure does not know is solved once.
    hs = range(len(PRECAUTION)) if m.sudden else range(1)
    cs = range(len(CUSHION)) if m.foreseen else range(1)
    failed = solves = 0
    for e, elasticity in enumerate(ELASTICITY):
        for h in hs:
            for c in cs:
                pricing = Pricing(float(elasticity), float(PRECAUTION[h]), float(CUSHION[c]), 0.0)
                for k, cut in enumerate(cuts.tolist()):
                    found = solved(
                        case.price_base,
                        m,
                        FittedBehaviour(trading, pricing, case.home),
                        cut,
                        given is not None,
                    )
                    solves += 1
                    failed += not found.ok
                    if found.ok:
                        at = (e, slice(None) if not m.sudden else h, slice(None) if not m.foreseen else c, k)
                        out[at] = case.passes_on * log_price_ratio(i, case.price_base, m, found)
                        inside[at] = log_inside_ratio(case.price_base, found)
    return Surface(out, inside, weights, failed, solves)


Surfaces = Callable[[BacktestCase, Trading], Surface]
