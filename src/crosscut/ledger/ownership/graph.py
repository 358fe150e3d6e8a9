"""Graph: what a web of shareholdings comes to, pure.

A holder's *integrated* share of a company counts every path: X = A + A X, so X = (I - A)^-1 A with A[i, j]
the share of j that i holds (Brioschi, Buzzacchi and Colombo 1989, Journal of Banking and Finance 13). Where
companies hold each other the paths go round and the sum still converges, as long as some part of every ring
is held from outside it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from crosscut.base.errors import Problem, UserError

Edge = tuple[str, str]  # (holder, held)


def ultimate_shares(direct: Mapping[Edge, float], target: str) -> dict[str, float]:
    """The share of a target that each holder at the top has, over all paths of shareholdings.

    Parameters
    ----------
    direct : mapping of (str, str) to float
        (holder, held) -> direct share, a fraction.
    target : str
        Name of what is held. One that nobody holds is its own.

    Returns
    -------
    dict of str to float
        Holder that nobody holds -> its share (fraction). What is missing to 1 is undisclosed.

    Raises
    ------
    UserError
        For shares of one company that sum above 1, and for a ring of companies that hold each other whole:
        nobody owns it.

    Notes
    -----
    Solves (I - A) x = e for the column of the target, with A[i, j] the share of j that i holds.

    References
    ----------
    Brioschi, Buzzacchi and Colombo (1989), Journal of Banking and Finance 13.

    Examples
    --------
    >>> ultimate_shares({("a", "b"): 0.5, ("c", "b"): 0.5, ("b", "mine"): 0.6}, "mine")
    {'a': 0.3, 'c': 0.3}
    >>> ring = {("a", "b"): 0.8, ("c", "b"): 0.2, ("b", "c"): 0.5, ("d", "c"): 0.5}  # b and c hold each other
    >>> {k: round(v, 4) for k, v in ultimate_shares(ring, "b").items()}
    {'a': 0.8889, 'd': 0.1111}
    """
    names = list(dict.fromkeys([n for edge in direct for n in edge] + [target]))
    at = {n: k for k, n in enumerate(names)}
    a = np.zeros((len(names), len(names)))
    for (owner, owned), share in direct.items():
        a[at[owner], at[owned]] += share
    over = [n for n in names if a[:, at[n]].sum() > 1 + 1e-9]
    if over:
        raise UserError(
            Problem(f"shares of {over[0]!r} sum to {a[:, at[over[0]]].sum():.3f}", "stakes", "at most 1")
        )
    column = np.zeros(len(names))
    column[at[target]] = 1.0
    try:
        paths = np.linalg.solve(np.eye(len(names)) - a, column)
    except np.linalg.LinAlgError:
        paths = np.full(len(names), np.inf)
    if not np.isfinite(paths).all() or (paths < -1e-9).any() or paths.max(initial=0.0) > 1e9:
        raise UserError(
            Problem(f"companies hold each other whole behind {target!r}", "stakes", "an owner from outside")
        )
    return {n: float(paths[at[n]]) for n in names if a[:, at[n]].sum() == 0 and paths[at[n]] > 0}


def controlled_by(direct: Mapping[Edge, float], holder: str) -> set[str]:
    """What a holder controls: more than half of the votes, counting as its own the votes of what it
    controls.

    Parameters
    ----------
    direct : mapping of (str, str) to float
        (holder, held) -> direct share of the votes, a fraction.
    holder : str
        Name of the holder.

    Returns
    -------
    set of str
        The least set closed under that rule; it is unique and leaves out the holder itself. Two holders
        never control one company.

    Examples
    --------
    >>> sorted(controlled_by({("x", "a"): 0.6, ("a", "m"): 0.3, ("x", "m"): 0.25, ("y", "m"): 0.45}, "x"))
    ['a', 'm']
    """
    group, held = {holder}, {owned for _, owned in direct}
    while True:
        votes = {c: sum(s for (o, d), s in direct.items() if d == c and o in group) for c in held - group}
        won = {c for c, v in votes.items() if v > 0.5 + 1e-12}
        if not won:
            return group - {holder}
        group |= won
