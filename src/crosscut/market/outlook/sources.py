"""Sources: where the metal that reaches each user was mined or collected, followed through every form."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from crosscut.market.chain import Chain

Array = NDArray[np.float64]


def source_shares(chain: Chain, a: Array, b: Array, flows: Array, primary: Array, activity: Array) -> Array:
    """mix[f, j, g, i]: share of what country j buys of form f that was primary supply of form g in country i.

    Each node mixes what it takes in, in proportion to contained tonnes; flows[f, i, j], primary[f, i] and
    activity[k, i] of one solved year, a[k, f] and b[k, f] t per t of activity. Rows of buyers add up to 1, of others
    to 0.

    >>> from crosscut.market.examples import chain_world
    >>> w = chain_world(np.array([90.0, 10.0]), np.array([0.0, 50.0]), np.array([[0.5, 0.5], [0.0, 1.0]]))
    >>> mix = source_shares(w.chain, w.input_coefficients(), w.output_coefficients(), w.q0, w.M0, w.X0)
    >>> [round(float(x), 4) for x in (mix[2, 0, 0, 0], mix[2, 1, 0, 0], mix[2, 1, 1, 1], mix[2, 1].sum())]
    [1.0, 0.4396, 0.4627, 1.0]
    """
    F, n = primary.shape
    sold = np.zeros((F, n, F, n))
    bought = np.zeros((F, n, F, n))
    for f in chain.topological_order():
        tonnes = np.zeros((n, F, n))
        tonnes[np.arange(n), f, np.arange(n)] = primary[f]
        for k in np.flatnonzero(b[:, f] > 0):
            taken = np.tensordot(a[k] / a[k].sum(), bought, axes=(0, 0))  # mix of a tonne of input, by country
            tonnes += (b[k, f] * activity[k])[:, None, None] * taken
        total = tonnes.sum(axis=(1, 2), keepdims=True)
        sold[f] = np.divide(tonnes, total, out=np.zeros_like(tonnes), where=total > 0)
        into = flows[f].sum(axis=0)
        shares = np.divide(flows[f], into, out=np.zeros_like(flows[f]), where=into > 0)
        bought[f] = np.tensordot(shares, sold[f], axes=(0, 0))
    return bought
