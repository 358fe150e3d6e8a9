"""Trace: from shipments to origin-to-use flows, by proportional mixing in every country.

Kastner, Kastner and Nonhebel (2011), Tracing distant environmental impacts of agricultural products,
Ecological Economics 70, 1032-1040: a country ships on imports and own output in proportion.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from crosscut.base.arrays import Array
from crosscut.base.errors import Problem, Refused


def traced_flows(made: Array, shipped: Array, labels: Sequence[str]) -> Array:
    """Follow every tonne through the countries that re-export, from its maker to its user.

    Parameters
    ----------
    made : Array, shape (countries,), t a year
        Output of each country, 0 or more.
    shipped : Array, shape (countries, countries), t a year
        Reported flows [from, to], 0 or more; the diagonal must be 0.
    labels : sequence of str, length countries
        Names for messages.

    Returns
    -------
    Array, shape (countries, countries), t a year
        q0[i, j]: tonnes made in i and used in j. Row sums equal `made` and column sums equal use (made +
        imports - exports), to rounding.

    Raises
    ------
    ValueError
        When the diagonal of `shipped` is not 0.
    Refused
        Naming countries that ship more than they have, or that only re-export to each other.

    Examples
    --------
    >>> import numpy as np
    >>> made = np.array([10., 0., 0.]); shipped = np.array([[0., 8., 0.], [0., 0., 5.], [0., 0., 0.]])
    >>> traced_flows(made, shipped, ["mine", "hub", "user"]).round(6).tolist()
    [[2.0, 3.0, 5.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]
    """
    if np.diag(shipped).any():
        raise ValueError("self-flows must be removed before tracing")
    has = made + shipped.sum(axis=0)
    sent = shipped.sum(axis=1)
    slack = 1e-9 * max(float(has.max(initial=0.0)), 1e-300)
    short = np.flatnonzero(sent > has + slack)
    if len(short):
        raise Refused(
            [
                Problem(
                    f"{labels[i]} ships {sent[i]:.6g} t but has only {has[i]:.6g} t",
                    "trace",
                    "a balanced world",
                )
                for i in short[:10].tolist()
            ]
        )
    active = has > 0
    use = np.maximum(has - sent, 0.0)
    G = np.zeros_like(shipped)
    G[active] = shipped[active] / has[active, None]
    M = np.eye(int(active.sum())) - G[np.ix_(active, active)].T
    try:
        T = np.linalg.solve(M, np.diag(made[active]))
    except np.linalg.LinAlgError:
        T = np.full_like(M, np.nan)
    if not np.isfinite(T).all() or np.abs(M @ T - np.diag(made[active])).max(initial=0.0) > 1e-6 * has.max():
        closed = [labels[i] for i in np.flatnonzero(active & (use <= slack) & (made <= slack)).tolist()]
        raise Refused(Problem(f"these only re-export to each other: {', '.join(closed)}", "trace"))
    q = np.zeros_like(shipped)
    stays = use[active] / has[active]
    q[np.ix_(active, active)] = np.maximum((T * stays[:, None]).T, 0.0)
    return q
