"""Chance: how likely a government is to stop a country's supply within a year, and how much of the year's
exports that withholds.

The same counts and assumptions as the draws of `stress` (`draws.futures`), summed over their distributions
on a fixed set of points instead of drawn: a test holds the two together. So the chance is that of a year,
and what is withheld is the part of that year's exports that a stop of drawn notice, length, reach and
leakage takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from crosscut.base.arrays import Array
from crosscut.studies.shared.draws import event_stream
from crosscut.studies.stress.draws.futures import AIMED_AT, CONTEST, MOST_NOTICE_DAYS
from crosscut.studies.stress.history.assumptions import assumptions
from crosscut.studies.stress.history.base_rates import CHINA, INSTRUMENTS, STOPS, BaseRates
from crosscut.studies.stress.history.gamma import gamma_quantile
from crosscut.studies.stress.stops.quadrature import gauss_points

POINTS = 8192
UNIFORMS = ("rate", "when", "announced", "notice", "lasts", "instrument")
NORMALS = (
    "contest-ends",
    "bites",
    "small-producer",
    "imitation",
    "aimed-elsewhere",
    "stop-leakage",
    "aimed-leakage",
    "coverage",
    "raw-only",
    "announced-first",
    "notice-days",
)
LEAST = 1e-4  # of a year's exports: a stop that takes less within the year takes nothing
PARTS, DEPTHS = (
    4,
    2,
)  # points over the part of the year a stop holds, and over what it withholds while it does


@dataclass(frozen=True, eq=False)
class Way:
    """One way in which a stop reaches a country: aimed at `target` ("" for everyone abroad), of the first
    stage alone where `raw`. `chance` (n) of a year by point; `part` of the year in which it holds and share
    `withheld` of exports while it does (n)."""

    target: str
    raw: bool
    chance: Array
    part: Array
    withheld: Array

    def nodes(self) -> list[tuple[float, float, float]]:
        """(weight, part of the year, share withheld while it holds): a few cases that stand for all.

        Weights are chances of a year; they add to less than the chance of the way where a stop that is
        announced within the year can begin after it.
        """
        takes = self.part * self.withheld >= LEAST
        weight = np.where(takes, self.chance, 0.0)
        if weight.sum() <= 0:
            return []
        total = float(weight.mean())
        parts = gauss_points(self.part[takes], weight[takes], PARTS)
        depths = gauss_points(self.withheld[takes], weight[takes], DEPTHS)
        return [
            (total * float(a) * float(b), float(p), float(min(d, 1.0)))
            for p, a in zip(*parts, strict=True)
            for d, b in zip(*depths, strict=True)
        ]


@dataclass(frozen=True, eq=False)
class StopChance:
    """The chance of a year that a government begins a stop that reaches a country; `low` and `high` are its
    5 % and 95 % points by what is not known of the rates. `by_point` (n) has its distribution."""

    chance: float
    low: float
    high: float
    by_point: Array
    ways: tuple[Way, ...]


def stop_chance(
    rates: BaseRates,
    code: str,
    mineral: str,
    reached: Sequence[str],
    stages: tuple[bool, bool] = (True, True),
) -> StopChance:
    """The chance of a stop, over what is not known of today's rates.

    Packages a year, times this mineral in one, times the share of stops toward everyone or of any measure
    aimed at the country, times the chance that it bites.

    Parameters
    ----------
    rates : BaseRates
        Counts of the history.
    code : str
        The government.
    mineral : str
        Its name.
    reached : Sequence[str]
        Codes of the places whose supply counts; a stop toward everyone reaches each of them.
    stages : tuple[bool, bool]
        Whether the government's country sells the first stage abroad, and whether it sells anything but
        scrap: a stop of what it does not sell is none.

    Returns
    -------
    StopChance
        Fractions of a year; ways that have no chance are left out.
    """
    u, value = _points()
    government = rates.government(code)
    listed = rates.listed(code, mineral)
    basket = government.basket if listed else max(government.basket, rates.other.basket)
    factor = np.ones(POINTS) if listed else value["small-producer"]
    if code != CHINA:
        factor = factor * value["imitation"]
    of_size = np.minimum(np.array(government.sizes)[:, None] / basket, 1.0)
    hit = np.minimum(of_size * factor, 1.0).mean(axis=0) * value["bites"]
    ends = value["contest-ends"]
    packages = [
        weight * gamma_quantile(government.shape[g], u["rate"]) / government.years[g]
        for g, weight in ((0, ends), (CONTEST, 1 - ends))
    ]
    stops = INSTRUMENTS.index(STOPS)
    toward_all = packages[0] * government.mix[0][stops]
    toward_all = toward_all + packages[CONTEST] * (1 - government.aimed) * government.mix[CONTEST][stops]
    raw = np.zeros(POINTS) if code == CHINA else value["raw-only"]
    part = _part_of_year(rates, u, value, STOPS)
    withheld = (1 - value["stop-leakage"]) * value["coverage"]
    counts = [("", False, toward_all * (1 - raw) * hit * stages[1], part, withheld)]
    counts.append(("", True, toward_all * raw * hit * stages[0], part, withheld))
    if government.aimed > 0 and stages[1]:
        weight_of = {c: rates.targets.get(c, 0) + value["aimed-elsewhere"] for c in AIMED_AT}
        everyone = np.sum(list(weight_of.values()), axis=0)
        lengths = _part_of_any(rates, u, value, government.mix[CONTEST])
        for target in (c for c in AIMED_AT if c in reached):
            count = packages[CONTEST] * government.aimed * weight_of[target] / everyone * hit
            counts.append((target, False, count, lengths, (1 - value["aimed-leakage"]) * value["coverage"]))
    ways = tuple(Way(t, r, -np.expm1(-c), p, w) for t, r, c, p, w in counts if c.sum() > 0)
    total: Array = -np.expm1(-np.sum([c for _, _, c, _, _ in counts], axis=0))
    low, high = np.quantile(total, [0.05, 0.95])
    return StopChance(float(total.mean()), float(low), float(high), total, ways)


def _part_of_year(rates: BaseRates, u: dict[str, Array], value: dict[str, Array], instrument: str) -> Array:
    """Part of the year in which a measure of the instrument holds: begun on any day, after its notice."""
    length = rates.lengths[instrument]
    notice = value["notice-days"] * -np.log1p(-u["notice"]) / np.log(2)
    announced = u["announced"] < value["announced-first"]
    start = u["when"] + np.where(announced, np.minimum(notice, MOST_NOTICE_DAYS) / 365.25, 0.0)
    lasts = -np.log1p(-u["lasts"]) * length.days / length.ended / 365.25
    out: Array = np.maximum(0.0, np.minimum(start + lasts, 1.0) - start)
    return out


def _part_of_any(
    rates: BaseRates, u: dict[str, Array], value: dict[str, Array], mix: Sequence[float]
) -> Array:
    """As `_part_of_year`, of a measure whose instrument is drawn from a mix."""
    which = np.minimum(np.searchsorted(np.cumsum(mix), u["instrument"]), len(INSTRUMENTS) - 1)
    of_each = np.stack([_part_of_year(rates, u, value, i) for i in INSTRUMENTS])
    out: Array = of_each[which, np.arange(POINTS)]
    return out


@lru_cache(maxsize=1)
def _points() -> tuple[dict[str, Array], dict[str, Array]]:
    """(uniforms, assumptions) at a Latin hypercube that is always the same: no command draws its own."""
    from scipy.special import ndtri  # here, as it takes half a second to load

    rng = event_stream(0, "stress/stops").at(0)
    names = (*UNIFORMS, *NORMALS)
    cells = [(rng.permutation(POINTS) + rng.random(POINTS)) / POINTS for _ in names]
    u = dict(zip(names, cells, strict=True))
    table = assumptions()
    value = {k: table[k].at(ndtri(np.clip(u[k], 1e-12, 1 - 1e-12))) for k in NORMALS}
    return {k: u[k] for k in UNIFORMS}, value
