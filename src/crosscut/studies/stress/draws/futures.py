"""Futures: from random numbers to what happens in each year of a draw: measures, outages, closed routes.

A measure belongs to a package: one government, one day, several minerals. What is drawn: the rate of every
government (its uncertainty too), China's regime year by year, number and size of packages, whether this
mineral is in one, instrument, target, notice, whether it bites, what part of a form it names, how much of
that it withholds, what leaks, how long it lasts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from crosscut.base.arrays import Array
from crosscut.market.model.world import World
from crosscut.studies.stress.draws.random_points import Points
from crosscut.studies.stress.draws.random_slots import Layout, packages_of
from crosscut.studies.stress.history.assumptions import OF_A_MEASURE, UncertainNumber
from crosscut.studies.stress.history.base_rates import (
    CHINA,
    INSTRUMENTS,
    LICENCES,
    ROUTE_YEARS,
    STOPS,
    TAXES,
    BaseRates,
    Government,
)
from crosscut.studies.stress.history.gamma import gamma_quantile, poisson_count

MEASURE, OUTAGE, ROUTE = "measure", "outage", "route"
CALM, CONTEST = 0, 1
PANEL_SHARE = 0.05
MOST_NOTICE_DAYS = 720.0


@dataclass(frozen=True)
class Happening:
    """One thing that happens in a draw, from `start` to `end` in years since the first day.

    kind measure: `origin` restricts by `instrument` (`withheld` share of exports, of what its list names and
    net of leakage, or the rate of a tax), of the first stage alone where `raw`, toward `target` where one is
    named. kind outage: `unit` (position in the layout) loses the share `withheld` of its capacity. kind
    route: `origin` is a chokepoint, `withheld` the share of its traffic.
    """

    kind: str
    origin: str
    instrument: str
    start: float
    end: float
    withheld: float
    target: str = ""
    raw: bool = False
    unit: int = -1

    def within(self, year: int) -> float:
        """Share of a year (0 is the first) in which it is in force.

        Parameters
        ----------
        year : int
            0 is the first.

        Returns
        -------
        float
            Fraction, 0 to 1.
        """
        return max(0.0, min(self.end, year + 1.0) - max(self.start, float(year)))


@dataclass(frozen=True, eq=False)
class Futures:
    """What happens in each draw of a chunk; demand (n, years): factor on final use; contest (n, years):
    China's regime."""

    happenings: tuple[tuple[Happening, ...], ...]
    demand: Array
    contest: NDArray[np.bool_]
    values: dict[str, Array]


class _Columns:
    """Columns of a chunk's points by slot name."""

    def __init__(self, names: tuple[str, ...], values: Array) -> None:
        self._at = {name: k for k, name in enumerate(names)}
        self._values = values

    def __getitem__(self, name: str) -> Array:
        column: Array = self._values[:, self._at[name]]
        return column


@dataclass(frozen=True)
class _Points:
    """What the futures of a chunk are made of: base rates, what is not counted, and the random numbers of
    every draw, those that all minerals share and those of this one."""

    layout: Layout
    rates: BaseRates
    value: Mapping[str, Array]
    coverage: UncertainNumber
    common: _Columns
    own: _Columns


def futures(
    world: World, layout: Layout, rates: BaseRates, table: Mapping[str, UncertainNumber], points: Points
) -> Futures:
    """What happens in each draw of a chunk of points.

    Parameters
    ----------
    world : World
        Gives the mineral.
    layout : Layout
        Names the columns of the points.
    rates : BaseRates
        Counts of the history.
    table : Mapping[str, UncertainNumber]
        The assumptions, by id.
    points : Points
        Random numbers, one row a draw.

    Returns
    -------
    Futures
        Measures, outages and closed routes of each draw; demand (draws, years) as a factor on final use;
        regime (draws, years).
    """
    common, own = _Columns(layout.common, points.common), _Columns(layout.own, points.own)
    scores = _Columns(layout.scores, points.scores)
    n = len(points.common)
    value = {key: a.at(scores[key]) for key, a in table.items() if key not in OF_A_MEASURE}
    out: list[list[Happening]] = [[] for _ in range(n)]
    contest = _regimes(layout.years, common, value, n)
    drawn = _Points(layout, rates, value, table["coverage"], common, own)
    for code in layout.governments:
        _add_measures(out, code, world.mineral, drawn, contest)
    _add_outages(out, layout, rates, value, common, own)
    _add_routes(out, layout, rates, common)
    demand = np.stack(
        [np.exp(value["demand-surprise"] * scores[f"demand/{y}"]) for y in range(layout.years)], axis=1
    )
    return Futures(tuple(tuple(h) for h in out), demand, contest, value)


def _regimes(years: int, common: _Columns, value: Mapping[str, Array], n: int) -> NDArray[np.bool_]:
    """Contest or calm by year; it is contest at the start, and can change before every year."""
    out = np.zeros((n, years), dtype=bool)
    now = np.ones(n, dtype=bool)
    for y in range(years):
        switch = common[f"regime/{y}"] < np.where(now, value["contest-ends"], value["calm-ends"])
        now = now ^ switch
        out[:, y] = now
    return out


def _add_measures(
    out: list[list[Happening]], code: str, mineral: str, drawn: _Points, contest: NDArray[np.bool_]
) -> None:
    layout, rates, value, common, own = drawn.layout, drawn.rates, drawn.value, drawn.common, drawn.own
    government = rates.government(code)
    listed = rates.listed(code, mineral)
    basket = government.basket if listed else max(government.basket, rates.other.basket)
    factor = np.ones(len(contest)) if listed else value["small-producer"]
    if code != CHINA:
        factor = factor * value["imitation"]
    rate = np.stack(
        [
            gamma_quantile(government.shape[g], common[f"rate/{code}"]) / government.years[g]
            for g in (CALM, CONTEST)
        ]
    )
    for y in range(layout.years):
        regime = contest[:, y].astype(int)
        mean = np.where(regime == CONTEST, rate[CONTEST], rate[CALM])
        count = poisson_count(mean, common[f"count/{code}/{y}"], packages_of(code))
        for p in range(int(count.max(initial=0))):
            slot = f"{code}/{y}/{p}"
            sizes = np.array(government.sizes)[(common[f"size/{slot}"] * len(government.sizes)).astype(int)]
            hit = (count > p) & (own[f"hits/{slot}"] < np.minimum(sizes / basket, 1.0) * factor)
            for d in np.flatnonzero(hit):
                made = _measure(drawn, government, int(regime[d]), slot, int(d), y)
                if made is not None:
                    out[d].append(made)


def _measure(
    drawn: _Points, government: Government, regime: int, slot: str, d: int, year: int
) -> Happening | None:
    """One measure, None where it never bites."""
    rates, value, common, own = drawn.rates, drawn.value, drawn.common, drawn.own
    if own[f"bites/{slot}"][d] >= value["bites"][d]:
        return None
    mix = np.cumsum(government.mix[regime])
    instrument = INSTRUMENTS[
        min(int(np.searchsorted(mix, own[f"instrument/{slot}"][d])), len(INSTRUMENTS) - 1)
    ]
    target = _target(
        government, regime, float(common[f"aim/{slot}"][d]), rates, float(value["aimed-elsewhere"][d])
    )
    start = year + float(common[f"when/{slot}"][d])
    if common[f"announced/{slot}"][d] < value["announced-first"][d]:
        notice = (
            value["notice-days"][d] * -np.log1p(-common[f"notice/{slot}"][d]) / np.log(2)
        )  # exponential, that median
        start += float(min(notice, MOST_NOTICE_DAYS)) / 365.25
    length = rates.lengths[instrument]
    days = -np.log1p(-common[f"lasts/{slot}"][d]) * length.days / length.ended
    if target:  # a country aimed at is refused outright, by licence or by ban
        withheld = 1.0 - value["aimed-leakage"][d]
    elif instrument == STOPS:
        withheld = 1.0 - value["stop-leakage"][d]
    elif instrument == LICENCES:
        withheld = value["licence-refused"][d] * (1.0 - value["licence-leakage"][d])
    elif instrument == TAXES:
        withheld = rates.taxes[int(own[f"size/{slot}"][d] * len(rates.taxes))]
    else:
        withheld = value["quota-cut"][d]
    named = min(max(float(own[f"coverage/{slot}"][d]), 1e-12), 1 - 1e-12)
    withheld *= float(drawn.coverage.at(np.array(NormalDist().inv_cdf(named))))
    raw = government.code != CHINA and bool(own[f"raw/{slot}"][d] < value["raw-only"][d])
    end = start + float(days) / 365.25
    return Happening(MEASURE, slot.split("/")[0], instrument, start, end, float(withheld), target, raw)


# Importers that a package can be aimed at; those nobody aimed at so far get the weight of `aimed-elsewhere`.
AIMED_AT = ("USA", "JPN", "KOR", "TWN", "DEU", "GBR", "IND", "AUS", "CAN", "EUO")


def _target(government: Government, regime: int, u: float, rates: BaseRates, elsewhere: float) -> str:
    if regime != CONTEST or u >= government.aimed:
        return ""
    weight = np.cumsum([rates.targets.get(c, 0) + elsewhere for c in AIMED_AT])
    return AIMED_AT[int(np.searchsorted(weight, u / government.aimed * weight[-1]))]


def _add_outages(
    out: list[list[Happening]],
    layout: Layout,
    rates: BaseRates,
    value: Mapping[str, Array],
    common: _Columns,
    own: _Columns,
) -> None:
    """A rate per producer and year, drawn once a draw; below 5 per cent of world output in proportion to the
    share."""
    from crosscut.studies.stress.history.base_rates import OUTAGE_PAIR_YEARS

    shape = value["outage-clusters"]
    spread = _gamma_by_shape(shape, common["outage-rate"])
    rate = (rates.outage_events + 0.5) / OUTAGE_PAIR_YEARS * spread * value["outages-unseen"]
    for k, unit in enumerate(layout.units):
        by_size = min(1.0, unit.share / PANEL_SHARE)
        factor = value["plant-outages"] if unit.kind == "plant" else 1.0
        for y in range(layout.years):
            slot = f"{unit.kind}/{unit.at}/{unit.country}/{y}"
            happens = own[f"outage-happens/{slot}"] < -np.expm1(-rate * by_size * factor)
            for d in np.flatnonzero(happens):
                row = rates.outages[int(own[f"outage-which/{slot}"][d] * len(rates.outages))]
                length = row.days if np.isfinite(row.days) else float(value["outage-length"][d])
                start = y + float(own[f"outage-when/{slot}"][d])
                lost = min(1.0, row.share / 100 / unit.share)
                out[d].append(
                    Happening(
                        OUTAGE, str(unit.country), unit.kind, start, start + length / 365.25, lost, unit=k
                    )
                )


def _gamma_by_shape(shape: Array, u: Array) -> Array:
    """Gamma of mean 1 at probabilities `u` with a shape of its own a draw (Wilson and Hilferty, close for
    shapes above 5)."""
    z = np.array([NormalDist().inv_cdf(min(max(float(x), 1e-12), 1 - 1e-12)) for x in u])
    out: Array = np.maximum(1 - 1 / (9 * shape) + z / (3 * np.sqrt(shape)), 0.0) ** 3
    return out


def _add_routes(out: list[list[Happening]], layout: Layout, rates: BaseRates, common: _Columns) -> None:
    """Closures of chokepoints: a Jeffreys rate each; a closure is one of those on record anywhere, half as
    long to twice."""
    seen = [c for r in rates.routes for c in r.closures]
    for route in rates.routes:
        rate = gamma_quantile(route.events + 0.5, common[f"route-rate/{route.id}"]) / ROUTE_YEARS
        for y in range(layout.years):
            for d in np.flatnonzero(common[f"route-happens/{route.id}/{y}"] < -np.expm1(-rate)):
                days, loss = seen[int(common[f"route-which/{route.id}/{y}"][d] * len(seen))]
                start = y + float(common[f"route-when/{route.id}/{y}"][d])
                length = days * 2.0 ** (2 * float(common[f"route-lasts/{route.id}/{y}"][d]) - 1)
                out[d].append(Happening(ROUTE, route.id, "closure", start, start + length / 365.25, loss))
