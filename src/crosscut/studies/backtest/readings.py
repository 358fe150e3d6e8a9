"""Readings: the predicted figures off one solved market, in the terms in which they are scored."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crosscut.base.arrays import Array
from crosscut.base.places import all_places
from crosscut.market.model.solution import Solution
from crosscut.studies.backtest.cases import Disruption, Hit
from crosscut.studies.backtest.episode import EpisodeInputs, PriceMetric
from crosscut.studies.backtest.episode_tables import members
from crosscut.studies.backtest.fit.mechanisms import hit_routes
from crosscut.studies.backtest.worlds_at_base import BaseWorld


def log_price_ratio(inputs: EpisodeInputs, base: BaseWorld, measure: Disruption, solution: Solution) -> float:
    """ln of the predicted price over the base price, as the metric of the episode defines it; NaN where
    there is none.

    The restrictor's own price at the border (what it asks at home plus the rent of the limit) where the
    metric is its unit value, or a quotation fob the restrictor of a pair-wise ban; the mean of everyone's
    for an exchange price after a pair-wise ban; else what the other exporters charge.
    """
    r = base.restrictor
    n = len(base.world.countries)
    abroad = ~np.eye(n, dtype=bool)
    pair = measure.hit is Hit.PAIR
    sellers_named = [
        f"fob {all_places()[c].name}".lower()
        for c in members(inputs.restrictor, inputs.base_year) or ()
        if c in all_places()
    ]
    fob_restrictor = pair and any(words in inputs.price_text.lower() for words in sellers_named)
    if inputs.price_metric is PriceMetric.RESTRICTOR_UNIT_VALUE or fob_restrictor:
        sellers = np.arange(n) == r
    elif pair or measure.hit is Hit.DEMAND:
        sellers = np.ones(n, dtype=bool)
    else:
        sellers = np.arange(n) != r
    routes = sellers[:, None] & (abroad | (n == 2))  # two places: the others' own use is their market
    if n == 2:
        routes[r, r] = False
    if pair:
        routes &= ~hit_routes(base, measure)  # what still passes there pays for the ban
    return _log_unit_value(base, solution, routes)


def log_inside_ratio(base: BaseWorld, solution: Solution) -> float:
    """ln of the price inside the restrictor after over before."""
    r = base.restrictor
    return float(np.log(solution.price[0, r] / base.world.prices[0, r]))


def _log_unit_value(base: BaseWorld, solution: Solution, routes: NDArray[np.bool_]) -> float:
    """Unit value over the routes at the border: producer price plus the wedge of limits, weighted by
    tonnes."""
    before, after = np.where(routes, base.world.q0[0], 0.0), np.where(routes, solution.flows[0], 0.0)
    border = np.nan_to_num(solution.price[0])[:, None] + np.nan_to_num(solution.wedge[0])
    was = np.nan_to_num(base.world.prices[0])[:, None]
    if before.sum() <= 0 or after.sum() <= 0:
        return float("nan")
    # Weights of the base: a change of mix between dear and cheap origins is no change of price.
    weight = before * (after > 0)
    return float(np.log((weight * border).sum() / (weight * was).sum()))


def flow_change(base: BaseWorld, measure: Disruption, solution: Solution) -> float:
    """Relative change of the hit flow."""
    routes = hit_routes(base, measure)
    was = float(base.world.q0[0][routes].sum())
    return float(solution.flows[0][routes].sum()) / was - 1.0 if was > 0 else float("nan")


def importer_tonnes(inputs: EpisodeInputs, base: BaseWorld, solution: Solution) -> dict[str, float]:
    """Predicted imports in t of every scored importer: its base-year figure times the modelled change."""
    before, after = _imports(base.world.q0[0]), _imports(solution.flows[0])
    at = {c: k for k, c in enumerate(base.world.countries)}
    out = {}
    for m in inputs.imports:
        k = at.get(m.importer)
        change = float(after[k] / before[k]) if k is not None and before[k] > 0 else 1.0
        out[m.importer] = m.tonnes * change
    return out


def _imports(q: Array) -> Array:
    out: Array = q.sum(axis=0) - np.diag(q)
    return out


@dataclass(frozen=True)
class Churn:
    """Ordinary year-to-year churn of an exporter: sd of the relative change, `at_5_percent` of world
    exports, falling with size to the power `falls`. Estimated from input rows alone (see `churn_of`)."""

    at_5_percent: float
    falls: float


CHURN = Churn(0.27, 0.27)


def gap_fill(
    base: BaseWorld, measure: Disruption, solution: Solution, churn: Churn = CHURN
) -> dict[str, float]:
    """Expected shares of the gross increase of the other exporters (to the hit importer after a pair-wise
    ban).

    A gross increase counts only those who rise, so ordinary churn belongs to it: for each exporter the mean
    of the positive part of a normal with the modelled change and the churn of its size.
    """
    before, after = base.world.q0[0], solution.flows[0]
    if measure.hit is Hit.PAIR and base.target is not None:
        was, now = before[:, base.target].copy(), after[:, base.target].copy()
        was[base.target] = now[base.target] = 0.0
    else:
        was, now = before.sum(axis=1) - np.diag(before), after.sum(axis=1) - np.diag(after)
    exports = before.sum(axis=1) - np.diag(before)
    share = exports / max(float(exports.sum()), 1e-300)
    sd = was * churn.at_5_percent * np.clip(share / 0.05, 1e-3, 50.0) ** -churn.falls
    change = now - was
    z = change / np.where(sd > 0, sd, 1.0)
    rises = np.where(sd > 0, sd * (_density(z) + z * _below(z)), np.maximum(change, 0.0))
    rises[base.restrictor] = 0.0
    total = float(rises.sum())
    return (
        {c: float(x / total) for c, x in zip(base.world.countries, rises, strict=True) if x > 0}
        if total
        else {}
    )


def _density(z: Array) -> Array:
    out: Array = np.exp(-0.5 * z * z) / np.sqrt(2 * np.pi)
    return out


def _below(z: Array) -> Array:
    from math import erf

    return np.array([0.5 * (1.0 + erf(x / np.sqrt(2))) for x in z.tolist()])
