"""Losses: what one solved year costs the users of a country, measured against the same year without what
happens.

USD lost is the consumer surplus that final users in the country lose: what they pay more for what they still
get, and what the use they give up was worth to them. Extra spend is the first part alone. Both hold duties
and rents paid on the way, and leave out what the country's own miners and plants gain or lose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from crosscut.base.arrays import Array
from crosscut.market.model.curves import BackstopDemand, integral_between
from crosscut.market.model.solution import Solution
from crosscut.market.model.world import Params, World
from crosscut.market.read.solved_market import Bought, bought_of
from crosscut.market.solve.calibration import base_constants

CHOKE = 1e4  # price ratio that stands for no price at all, as in market.welfare
BELOW = 1e-3
AT_ONCE = 4_096  # demands measured together: 64 points of each fit a cache


@dataclass(frozen=True, eq=False)
class YearLosses:
    """One year: by form, price (ratio of the marginal price, NaN where there is none after), short (t of
    final use); usd lost and extra spend (both USD); beyond: part of the use lost lies above the backstop
    price or has no price at all.
    """

    price: Array
    short: Array
    usd: float
    spend: float
    beyond: bool


@dataclass(frozen=True, eq=False)
class DemandCase:
    """One year solved under one demand (`factor` on base use: one, or by form, place and use) without and
    with what happens."""

    params: Params
    before: Bought
    after: Bought
    factor: float | Array = 1.0


class Meter:
    """Measures what the users at `places` lose; constants of a world found once."""

    def __init__(self, world: World, places: Sequence[int]) -> None:
        self.world = world
        self.at = list(places)
        self.phi0 = np.nan_to_num(base_constants(world).phi0[:, self.at])
        self.d0 = world.D0[:, self.at]
        self.weight = world.use()[:, self.at]
        self.used = self.d0.sum(axis=2) > 0
        self._block = max(1, AT_ONCE // self.d0.size)

    def measured(
        self, params: Params, before: Solution, after: Solution, factor: float | Array = 1.0
    ) -> YearLosses:
        """What one year costs, solved without and with what happens under the same demand.

        Parameters
        ----------
        params : Params
            Behaviour.
        before : Solution
            The year without what happens.
        after : Solution
            The year with it.
        factor : float or Array [form, place, use]
            Demand over base use.

        Returns
        -------
        YearLosses
            USD, t of final use and price ratios.
        """
        case = DemandCase(params, bought_of(before, self.at), bought_of(after, self.at), factor)
        return self.all_measured([case])[0]

    def all_measured(self, cases: Sequence[DemandCase]) -> list[YearLosses]:
        """What every case costs; the same bits for a case whatever is beside it.

        Parameters
        ----------
        cases : Sequence[DemandCase]
            Of this world and these places.

        Returns
        -------
        list[YearLosses]
            In the order of the cases.
        """
        out = []
        for first in range(0, len(cases), self._block):
            block = cases[first : first + self._block]
            start, end = (
                np.stack([np.where(self.used, _price(b.marginal, self.phi0), 1.0) for b in side])
                for side in ([c.before for c in block], [c.after for c in block])
            )
            lost = self._surplus([c.params for c in block], start, end, [c.factor for c in block])
            out += [self._one(c, usd) for c, usd in zip(block, lost, strict=True)]
        return out

    def _one(self, case: DemandCase, usd: Array) -> YearLosses:
        before, after = case.before, case.after
        spend = float((np.nan_to_num(after.paid - before.paid) * after.use).sum())
        reached = np.isfinite(after.marginal[self.used])
        beyond = bool((self.used & (after.marginal > case.params.zc * self.phi0)).any()) or not bool(
            reached.all()
        )
        short = (before.use - after.use).sum(axis=1)
        return YearLosses(self._ratio(before, after), short, float(usd.sum()), spend, beyond)

    def _surplus(
        self, params: Sequence[Params], start: Array, end: Array, factors: Sequence[float | Array]
    ) -> Array:
        """USD of consumer surplus lost (draw, form, place) as marginal prices go from `start` to `end`."""
        demand = BackstopDemand(
            np.stack([self.d0 * f for f in factors]),
            self.phi0,
            np.stack([p.eps for p in params]),
            np.array([p.zc for p in params]).reshape(-1, 1, 1, 1),
            params[0].lo,
            params[0].demand_k,
        )

        def demanded(phi: Array) -> Array:
            out: Array = np.where(self.used, demand.value(phi).sum(axis=-1), 0.0)
            return out

        least = BELOW * np.where(self.used, self.phi0, 1.0)
        return integral_between(demanded, np.maximum(start, least), np.maximum(end, least))

    def most(self, params: Params) -> float:
        """USD that the places lose in a year if nothing reaches them at all: no loss is larger.

        Parameters
        ----------
        params : Params
            Behaviour, which decides the area under demand.

        Returns
        -------
        float
            USD a year.
        """
        start = np.where(self.phi0 > 0, self.phi0, 1.0)
        return self.surplus(params, start, start * CHOKE)

    def surplus(self, params: Params, start: Array, end: Array) -> float:
        """USD of consumer surplus lost as marginal prices go from one state to another.

        Parameters
        ----------
        params : Params
            Behaviour.
        start : Array [form, place]
            USD per t contained.
        end : Array [form, place]
            USD per t contained.

        Returns
        -------
        float
            USD a year at base-year demand; negative where prices fall.
        """
        return float(self._surplus([params], start[None], end[None], [1.0]).sum())

    def _ratio(self, before: Bought, after: Bought) -> Array:
        """Marginal price after over before by form, weighted over the places by base use; NaN where a place
        has none."""
        with np.errstate(invalid="ignore", divide="ignore"):
            ratio = after.marginal / before.marginal
            total = self.weight.sum(axis=1)
            out: Array = np.where(self.weight > 0, ratio * self.weight, 0.0).sum(axis=1) / total
        return out


def _price(marginal: Array, phi0: Array) -> Array:
    out: Array = np.where(np.isfinite(marginal), marginal, CHOKE * phi0)
    return out
