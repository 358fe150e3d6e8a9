"""Sources: where the metal that reaches each user was mined or collected, followed through every form.

Tests: tests/market/years/test_year_rules.py, tests/studies/outlook/test_yearly.py
"""

from __future__ import annotations

import numpy as np

from crosscut.base.arrays import Array
from crosscut.market.model.chain import Chain


def sources_of(
    chain: Chain, a: Array, b: Array, flows: Array, primary: Array, activity: Array, bought: Array
) -> Array:
    """Where the metal that some buyers bought was mined or collected, followed from the user back, form by
    form.

    Parameters
    ----------
    chain : Chain
        For the order of the forms.
    a : Array, shape (K, F)
        t of a form taken per t of activity.
    b : Array, shape (K, F)
        t of a form made per t of activity.
    flows : Array, shape (F, n, n)
        Flows of one solved year, t contained.
    primary : Array, shape (F, n)
        Primary supply of that year, t contained.
    activity : Array, shape (K, n)
        Activity of that year, t.
    bought : Array, shape (R, F, n)
        Tonnes of a form bought in a country; a row for each question.

    Returns
    -------
    Array, shape (R, F, n)
        Tonnes of primary supply of a form in a country behind each row. A row adds up to its row of `bought`;
        what nobody sells to is left out.

    Notes
    -----
    Each node mixes what it takes in, in proportion to contained tonnes, as in E28.

    Examples
    --------
    >>> from crosscut.market.model.examples import chain_world
    >>> w = chain_world(np.array([90.0, 10.0]), np.array([0.0, 50.0]), np.array([[0.5, 0.5], [0.0, 1.0]]))
    >>> metal = np.zeros((2, 3, 2))
    >>> metal[0, 2, 0] = metal[1, 2, 1] = 1.0  # a tonne of metal bought by the one country, and by the other
    >>> mix = sources_of(w.chain, w.input_coefficients(), w.output_coefficients(), w.q0, w.M0, w.X0, metal)
    >>> [round(float(x), 4) for x in (mix[0, 0, 0], mix[1, 0, 0], mix[1, 1, 1], mix[1].sum())]
    [1.0, 0.4396, 0.4627, 1.0]
    """
    asked = np.array(bought, dtype=np.float64)
    source = np.zeros_like(asked)
    for f in reversed(chain.topological_order()):
        into = flows[f].sum(axis=0)
        shares = np.divide(flows[f], into, out=np.zeros_like(flows[f]), where=into > 0)
        sold = asked[:, f] @ shares.T
        made = b[:, f, None] * activity
        supplied = primary[f] + made.sum(axis=0)
        per_tonne = np.divide(sold, supplied, out=np.zeros_like(sold), where=supplied > 0)
        source[:, f] = per_tonne * primary[f]
        for k in np.flatnonzero(b[:, f] > 0):
            asked += (a[k] / a[k].sum())[None, :, None] * (per_tonne * made[k])[:, None, :]
    return source
