"""Losses: what one solved year costs the users of a country, measured against the same year without what happens.

USD lost is the consumer surplus that final users in the country lose: what they pay more for what they still get, and what
the use they give up was worth to them. Extra spend is the first part alone. Both hold duties and rents paid on the way, and
leave out what the country's own miners and plants gain or lose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crosscut.market.calibration import base_constants
from crosscut.market.curves import BackstopDemand, integral_between
from crosscut.market.params import Params
from crosscut.market.solution import Solution
from crosscut.market.world import World

Array = NDArray[np.float64]

CHOKE = 1e4  # price ratio that stands for no price at all, as in market.welfare
BELOW = 1e-3


@dataclass(frozen=True, eq=False)
class Measured:
    """One year: by form, price (ratio of the marginal price, NaN where there is none after), short (t of final use); usd lost
    and extra spend (both USD); beyond: part of the use lost lies above the backstop price or has no price at all."""

    price: Array
    short: Array
    usd: float
    spend: float
    beyond: bool


class Meter:
    """Measures what the users at `places` lose; constants of a world found once."""

    def __init__(self, world: World, places: Sequence[int]) -> None:
        self.world = world
        self.at = list(places)
        self.phi0 = np.nan_to_num(base_constants(world).phi0[:, self.at])
        self.d0 = world.D0[:, self.at]
        self.weight = world.use()[:, self.at]

    def demand(self, params: Params, factor: float | Array = 1.0) -> BackstopDemand:
        """Final demand of the places under one draw of behaviour."""
        return BackstopDemand(self.d0 * factor, self.phi0, params.eps, params.zc, params.lo, params.demand_k)

    def measured(self, params: Params, before: Solution, after: Solution, factor: float | Array = 1.0) -> Measured:
        """One year with `before` and `after` solved under the same demand (`factor` on base use, one or by form, place and use)."""
        at = self.at
        used = self.d0.sum(axis=2) > 0
        start = np.where(used, _price(before.marginal[:, at], self.phi0), 1.0)
        end = np.where(used, _price(after.marginal[:, at], self.phi0), 1.0)
        short = (before.use[:, at] - after.use[:, at]).sum(axis=(1, 2))
        paid = [_paid(s, at) for s in (before, after)]
        bought = after.use[:, at].sum(axis=2)
        spend = float((np.nan_to_num(paid[1] - paid[0]) * bought).sum())
        beyond = bool((used & (after.marginal[:, at] > params.zc * self.phi0)).any()) or not bool(
            np.isfinite(after.marginal[:, at][used]).all()
        )
        usd = self.surplus(params, start, end, factor)
        return Measured(self._ratio(before, after), short, usd, spend, beyond)

    def surplus(self, params: Params, start: Array, end: Array, factor: float | Array = 1.0) -> float:
        """USD of consumer surplus lost as marginal prices (form, place) go from `start` to `end`."""
        demand = self.demand(params, factor)
        used = self.d0.sum(axis=2) > 0

        def demanded(phi: Array) -> Array:
            out: Array = np.where(used, demand.value(phi).sum(axis=-1), 0.0)
            return out

        least = BELOW * np.where(used, self.phi0, 1.0)
        return float(integral_between(demanded, np.maximum(start, least), np.maximum(end, least)).sum())

    def most(self, params: Params) -> float:
        """USD that the places lose in a year if nothing reaches them at all: no loss is larger."""
        start = np.where(self.phi0 > 0, self.phi0, 1.0)
        return self.surplus(params, start, start * CHOKE)

    def _ratio(self, before: Solution, after: Solution) -> Array:
        """Marginal price after over before by form, weighted over the places by base use; NaN where a place has none."""
        with np.errstate(invalid="ignore", divide="ignore"):
            ratio = after.marginal[:, self.at] / before.marginal[:, self.at]
            total = self.weight.sum(axis=1)
            out: Array = np.where(self.weight > 0, ratio * self.weight, 0.0).sum(axis=1) / total
        return out


def _price(marginal: Array, phi0: Array) -> Array:
    out: Array = np.where(np.isfinite(marginal), marginal, CHOKE * phi0)
    return out


def _paid(solution: Solution, at: list[int]) -> Array:
    """Average delivered price of what the nodes `at` buy, USD per t (form, place); NaN where one buys nothing."""
    flows, delivered = solution.flows[:, :, at], solution.delivered[:, :, at]
    spent = np.where(flows > 0, flows * np.nan_to_num(delivered), 0.0).sum(axis=1)
    bought = flows.sum(axis=1)
    out: Array = np.divide(spent, bought, out=np.full(spent.shape, np.nan), where=bought > 0)
    return out
