"""Draw: everything that is fixed before the first year of one future is solved.

Tests: tests/market/years/test_year_rules.py, tests/studies/outlook/test_yearly.py
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from crosscut.base.arrays import Array
from crosscut.market.model.world import Params, World


@dataclass(frozen=True, eq=False)
class Behaviour:
    """How one year's behaviour becomes the long run's.

    supply_speed[f] is lambda = eta_S / eta_L of primary supply, demand_speed[f, u] the same of final use,
    both in (0, 1]; sigma_long[f] is sigma_L / sigma_S; half_life in years; drift is the share of a year's
    sourcing that becomes habit, in [0, 1].
    """

    supply_speed: Array
    demand_speed: Array
    sigma_long: Array
    half_life: float
    drift: float


@dataclass(frozen=True, eq=False)
class Facility:
    """A mine, or a mine with its own plant, of one draw.

    Sells `capacity` t contained a year of `form` from `country`; opens at `start` (decimal year, inf: never)
    with `ramp[k]` of its capacity in its (k+1)th year, the last value from then on; closes at `end` or when
    `reserve` t have been sold. reach[j] weighs the destinations (1: its share of world supply; 0: not sold
    there). `mined_per_sold` is t mined per t sold, above 1 where ore is refined on the spot.
    """

    id: str
    form: int
    country: int
    capacity: float
    start: float
    reach: Array
    ramp: tuple[float, ...] = (1.0,)
    end: float = inf
    reserve: float = inf
    mined_per_sold: float = 1.0


@dataclass(frozen=True, eq=False)
class InvestmentRule:
    """Capacity that no table names, added where price has stood above a hurdle.

    For primary supply of `form`, or for `process` (the other is -1), in the countries of the mask: `lag`
    years after the mean signal of `window` years stood e above ln(hurdle), capacity grows by min(response x
    e, most_a_year), up to `most` times the base. The signal is ln(price / base price), or for a process
    ln(margin / base margin).
    """

    id: str
    form: int
    process: int
    countries: NDArray[np.bool_]
    hurdle: float
    response: float
    most_a_year: float
    most: float
    lag: int
    window: int


@dataclass(frozen=True, eq=False)
class Recycling:
    """Old and new scrap: collected supply of `form` follows what was used before.

    New scrap arises in the year after, as the chain states it, else as `new_share` of what is collected in
    the base; the rest as goods of mean `lifetime` years wear out.
    """

    form: int
    new_share: float
    lifetime: float


@dataclass(frozen=True)
class Release:
    """What a stock sells when last year's price stood at `ratio` times the base price: `most` t a year times
    L(ln(ratio / trigger) / width) - L(ln(1 / trigger) / width), L the logistic; nothing at the base price or
    below.
    """

    trigger: float
    width: float
    most: float


@dataclass(frozen=True, eq=False)
class Stock:
    """A stock of one form in one country: opening t, purchases as (from, to, t a year) in decimal years, a
    rule of release, and sales of fixed amount `draws` in the same form as purchases."""

    id: str
    form: int
    country: int
    opening: float
    purchases: tuple[tuple[float, float, float], ...] = ()
    draws: tuple[tuple[float, float, float], ...] = ()
    release: Release | None = None


@dataclass(frozen=True, eq=False)
class OutlookDraw:
    """One future: parameters of a single year, how they become the long run's, and what grows, opens and is
    stored.

    growth[j, u] is the yearly growth of final use at unchanged prices.
    """

    params: Params
    behaviour: Behaviour
    growth: Array
    facilities: tuple[Facility, ...] = ()
    investment: tuple[InvestmentRule, ...] = ()
    recycling: Recycling | None = None
    stocks: tuple[Stock, ...] = ()


def static_behaviour(world: World) -> Behaviour:
    """A long run that is the short run: nothing adjusts, nothing drifts.

    Parameters
    ----------
    world : World
        For the numbers of forms, uses and processes.

    Returns
    -------
    Behaviour
        With which every year without events is the base.
    """
    forms = len(world.chain.forms)
    return Behaviour(np.ones(forms), np.ones((forms, len(world.uses))), np.ones(forms), 1.0, 0.0)
