"""Balance: move every cell as little as its distrust asks, so that all nodes close and soft facts are met.

Comes in: cells with prior and distrust, node balances, soft facts. Goes out: balanced cells.

Minimise sum_c (1/rho_c) [y ln(y/y0) - y + y0] + sum_s (L y - z)^2 / (2 sd^2) subject to B y = 0, solved in
the dual: y = y0 exp(-rho A'lam), with A the stack of B and L; the dual is concave, Newton with back-tracking
finds it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crosscut.base.arrays import Array
from crosscut.base.errors import Problem, Refused

MOVE_WORTH_LISTING = np.log(3.0)
BALANCE_ACCURACY = 1e-12  # largest imbalance over total throughput
ITERATIONS = 200


@dataclass(frozen=True, eq=False)
class Balanced:
    """y[c] balanced cells; multipliers[r] of every row (node balances first, then soft facts); iterations."""

    y: Array
    multipliers: Array
    iterations: int
    imbalance: float


def balanced_cells(
    prior: Array,
    distrust: Array,
    balances: Array,
    balance_labels: Sequence[str],
    soft: Array | None = None,
    soft_values: Array | None = None,
    soft_sd: Array | None = None,
) -> Balanced:
    """Move every cell as little as its distrust asks, so that all nodes close.

    Parameters
    ----------
    prior : Array, shape (cells,), t a year
        Recorded figure of each cell, 0 or more; a cell of 0 stays 0.
    distrust : Array, shape (cells,)
        How easily each cell moves (a relative error, without unit), above 0.
    balances : Array, shape (nodes, cells)
        Coefficient of each cell in each node: what comes in is positive, what goes out negative.
    balance_labels : sequence of str, length nodes
        Name of each node, for messages.
    soft : Array, shape (soft facts, cells), optional
        Coefficient of each cell in each published sum; none by default.
    soft_values : Array, shape (soft facts,), t a year, optional
        The published sums.
    soft_sd : Array, shape (soft facts,), t a year, optional
        Standard error of each sum, above 0.

    Returns
    -------
    Balanced
        Cells `y` in t a year; the multipliers of all rows (nodes, then sums); Newton steps taken; and the
        largest imbalance of a node as a share of the sum of all priors.

    Raises
    ------
    Refused
        Where a node has one side only, or stays open by more than 1e-9 of the sum of all priors; the nodes
        are named.

    Notes
    -----
    A cell pays its relative entropy over its distrust, a sum its squared miss over its variance. The dual
    is solved by Newton steps with back-tracking; see the head of this module for the formula.

    Examples
    --------
    >>> import numpy as np
    >>> b = balanced_cells(np.array([10., 8.]), np.array([.05, .25]), np.array([[1., -1.]]), ["node"])
    >>> [round(float(y), 6) for y in b.y]
    [9.634925, 9.634925]
    """
    m = len(prior)
    soft = np.zeros((0, m)) if soft is None else soft
    z_soft = np.zeros(0) if soft_values is None else soft_values
    sd = np.zeros(0) if soft_sd is None else soft_sd
    live = (prior > 0).astype(float)
    _refuse_one_sided_nodes(balances * live, balance_labels)

    scale = max(float(prior.sum()), 1e-300)
    y0 = prior / scale
    # Rows in which no live cell appears carry no information; the rest are scaled to comparable size.
    rows = np.vstack([balances, soft]) * live
    informative = np.abs(rows).sum(axis=1) > 0
    A = rows[informative]
    z = np.concatenate([np.zeros(len(balances)), z_soft / scale])[informative]
    variance = np.concatenate([np.zeros(len(balances)), (sd / scale) ** 2])[informative]

    lam = np.zeros(len(A))
    y = y0.copy()
    n_balances = int(informative[: len(balances)].sum())
    iterations = 0
    weighted = _Gram(A)
    for iterations in range(1, ITERATIONS + 1):  # noqa: B007
        gradient = A @ y - z - variance * lam
        if (
            np.abs(gradient[:n_balances]).max(initial=0.0) <= BALANCE_ACCURACY
            and np.abs(gradient).max() <= 1e-11
        ):
            break
        hessian = weighted.at(distrust * y) + np.diag(variance)
        step = _newton_step(hessian, gradient)
        lam, y = _line_search(lam, step, A, z, variance, distrust, y0)
    out_lam = np.zeros(len(rows))
    out_lam[informative] = lam
    imbalance = float(np.abs(balances @ y).max(initial=0.0))
    if imbalance > 1e-9:
        worst = np.argsort(-np.abs(out_lam[: len(balances)]))[:3]
        raise Refused(
            [
                Problem(
                    f"the figures cannot be balanced: {balance_labels[r]} does not close "
                    f"(open by {abs(float(balances[r] @ y)) * scale:.3g} t)",
                    "balance",
                    "a cell that may supply or absorb the difference",
                )
                for r in worst.tolist()
            ]
        )
    return Balanced(y * scale, out_lam, iterations, imbalance)


class _Gram:
    """A diag(w) A' for many w. A cell stands in a few rows only, so the products of its coefficients are
    listed once: some ten thousand terms instead of half a billion."""

    def __init__(self, A: Array) -> None:
        self.size = len(A)
        cell, row = np.nonzero(A.T)
        coefficient = A[row, cell]
        count = np.bincount(cell, minlength=A.shape[1])
        # every entry of a cell, beside every entry of the same cell: `first` of the pair, then `second`
        pairs = count[cell]
        first = np.repeat(np.arange(len(cell)), pairs)
        start = (np.cumsum(count) - count)[cell]
        second = np.arange(len(first)) - np.repeat(np.cumsum(pairs) - pairs, pairs) + start[first]
        self.at_entry: NDArray[np.intp] = row[first] * self.size + row[second]
        self.term: Array = coefficient[first] * coefficient[second]
        self.cell: NDArray[np.intp] = cell[first]

    def at(self, w: Array) -> Array:
        flat = np.asarray(
            np.bincount(self.at_entry, self.term * w[self.cell], self.size**2), dtype=np.float64
        )
        out: Array = flat.reshape(self.size, self.size)
        return out


def _newton_step(hessian: Array, gradient: Array) -> Array:
    """Solution of H step = g for a symmetric H >= 0; rows that follow from others leave it singular, then
    the least norm. Scaled to a unit diagonal first: rows differ by many powers of ten."""
    d = np.sqrt(np.maximum(np.diag(hessian), 1e-300))
    scaled = hessian / d / d[:, None]
    try:
        step: Array = np.linalg.solve(scaled + 1e-14 * np.eye(len(d)), gradient / d) / d
        if np.abs(hessian @ step - gradient).max() <= 1e-6 * np.abs(gradient).max():
            return step
    except np.linalg.LinAlgError:
        pass
    out: Array = np.linalg.lstsq(scaled, gradient / d, rcond=1e-13)[0] / d
    return out


def _line_search(
    lam: Array, step: Array, A: Array, z: Array, variance: Array, distrust: Array, y0: Array
) -> tuple[Array, Array]:
    def cells(at: Array) -> Array:
        exponent = np.clip(-distrust * (A.T @ at), -700.0, 60.0)
        out: Array = y0 * np.exp(exponent)
        return out

    def dual(at: Array, y: Array) -> float:
        return float((y / distrust).sum() + z @ at + 0.5 * (variance * at * at).sum())

    start = dual(lam, cells(lam))
    slope = float((A @ cells(lam) - z - variance * lam) @ step)
    t = 1.0
    while t > 1e-10:
        at = lam + t * step
        y = cells(at)
        value = dual(at, y)
        # Minimising the negative dual; its slope along the step is -slope.
        if np.isfinite(value) and value <= start - 1e-4 * t * slope + 1e-14 * abs(start):
            return at, y
        t *= 0.5
    return lam, cells(lam)


def _refuse_one_sided_nodes(live: Array, labels: Sequence[str]) -> None:
    has_in = (live > 0).any(axis=1)
    has_out = (live < 0).any(axis=1)
    bad = [labels[r] for r in np.flatnonzero(has_in != has_out).tolist()]
    if bad:
        raise Refused(
            [
                Problem(f"{node} has only one side (nothing can absorb or supply its tonnes)", "balance")
                for node in bad[:10]
            ]
        )
