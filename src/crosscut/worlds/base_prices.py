"""Base prices: reference price of the form times a shrunk origin differential, never a raw unit value."""

from __future__ import annotations

import numpy as np

from crosscut.base.arrays import Array
from crosscut.base.errors import Problem, Refused
from crosscut.worlds.evidence import Evidence

CLIP = (0.7, 1.4)


def shrunk_differential(ratio: float) -> float:
    """A unit-value or quotation ratio, half-way to 1 in logs and clipped to [0.7, 1.4].

    >>> shrunk_differential(1.0), round(shrunk_differential(0.81), 3), shrunk_differential(9.0)
    (1.0, 0.9, 1.4)
    """
    return float(np.clip(np.sqrt(ratio), *CLIP))


def base_prices(evidence: Evidence, made: Array, q0: Array) -> Array:
    """p0[f, i] in USD per t contained; NaN where a country neither makes nor uses the form.

    Raises Refused where the prices fall along the chain, so that a process would lose money in the base.
    """
    by_form = {p.form: p for p in evidence.prices}
    prices = np.full(made.shape, np.nan)
    for f, form in enumerate(evidence.chain.forms):
        if form.id not in by_form:
            raise Refused(
                Problem(f"no price of {form.id} in {evidence.year}", f"world of {evidence.mineral}")
            )
        p = by_form[form.id]
        present = (made[f] > 0) | (q0[f].sum(axis=0) > 0)
        for i in np.flatnonzero(present):
            prices[f, i] = p.value * p.differentials.get(evidence.countries[i], 1.0)
    reference = {p.form: p.value for p in evidence.prices}
    for process in evidence.chain.processes:
        value = sum(b * reference[f] for f, b in process.outputs.items())
        cost = sum(a * reference[f] for f, a in process.inputs.items())
        if value <= cost:
            raise Refused(
                Problem(
                    f"{process.id} would sell for {value:,.0f} what costs {cost:,.0f} USD per t",
                    f"world of {evidence.mineral}",
                    "reference prices that rise along the chain",
                )
            )
    return prices
