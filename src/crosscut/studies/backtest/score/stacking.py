"""Stacking: how much weight each of several predictive distributions deserves.

Weights maximise the log score of the mixture over episodes that were predicted unseen (Yao, Vehtari, Simpson
and Gelman 2018, equation 4). The problem is concave, so plain expectation and maximisation find the one
answer.

Tests: tests/studies/backtest/test_stacking.py
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from crosscut.base.arrays import Array
from crosscut.studies.backtest.score.mixture import Mixture, mixture

PSEUDO = 1.0  # episodes, spread evenly over the members: with no episode all weigh the same
STEPS = 2000
SETTLED = 1e-12


def stacking_weights(log_density: Array, counted: Array | None = None) -> Array:
    """Weights of members, which add up to 1.

    Parameters
    ----------
    log_density
        [observation, member], of what came, each predicted without its episode.
    counted
        What each observation counts, in episodes; 1 each if None.

    >>> import numpy as np
    >>> right, wrong = np.full(20, -0.5), np.full(20, -4.0)
    >>> stacking_weights(np.stack([right, wrong], axis=1)).round(2).tolist()
    [0.98, 0.02]
    """
    rows, members = log_density.shape
    weights = np.full(members, 1.0 / members)
    if rows == 0:
        return weights
    each = np.ones(rows) if counted is None else counted
    density = np.exp(log_density - log_density.max(axis=1, keepdims=True))
    for _ in range(STEPS):
        owed = density * weights
        owed /= owed.sum(axis=1, keepdims=True)
        new = (each @ owed + PSEUDO / members) / (each.sum() + PSEUDO)
        moved = float(np.abs(new - weights).max())
        weights = new
        if moved < SETTLED:
            break
    return weights


def mixed(members: Sequence[Mixture], weights: Sequence[float]) -> Mixture:
    """Several distributions as one, with a weight each."""
    return mixture(
        np.concatenate([m.centre for m in members]),
        np.concatenate([m.scale for m in members]),
        np.concatenate([w * m.weight for m, w in zip(members, weights, strict=True)]),
    )
