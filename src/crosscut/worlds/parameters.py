"""Parameters: the distributions behaviour is drawn from, each with its source or the word assumed."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from crosscut.market.params import ParamDistribution, Params
from crosscut.market.world import World

Array = NDArray[np.float64]

Z90 = 1.2815515655446004  # 90 % point of the standard normal


@cache
def _rows() -> tuple[tuple[str, ParamDistribution], ...]:
    text = files("crosscut.worlds").joinpath("parameters.csv").read_text(encoding="utf-8")
    return tuple(
        (
            r["mineral"],
            ParamDistribution(
                r["name"], r["scope"], float(r["low"]), float(r["mid"]), float(r["high"]), r["standing"], r["source"],
                r["note"],
            ),
        )
        for r in csv.DictReader(text.splitlines())
    )  # fmt: skip


def parameter_distributions(world: World) -> tuple[ParamDistribution, ...]:
    """One distribution for every parameter the market of this world needs, most specific row first chosen.

    Order is fixed (sigma and eta by form, eps by form and use, mu by process, zc), so draw number d of a seed means
    the same thing in every run of one world.
    """
    chain = world.chain
    return _distributions(
        world.mineral, tuple(f.id for f in chain.forms), tuple(world.uses), tuple(p.id for p in chain.processes)
    )


@cache
def _distributions(
    mineral: str, forms: tuple[str, ...], uses: tuple[str, ...], processes: tuple[str, ...]
) -> tuple[ParamDistribution, ...]:
    wanted = [("sigma", f) for f in forms]
    wanted += [("eta", f) for f in forms]
    wanted += [("eps", u) for u in uses]
    wanted += [("mu", p) for p in processes]
    wanted += [("zc", "all")]
    return tuple(most_specific(mineral, name, scope) for name, scope in wanted)


@cache
def most_specific(mineral: str, name: str, scope: str) -> ParamDistribution:
    """The row for this mineral and scope, else for the mineral, the scope or all; LookupError when there is none."""
    for m, s in ((mineral, scope), (mineral, "all"), ("*", scope), ("*", "all")):
        for row_mineral, d in _rows():
            if (row_mineral, d.name, d.scope) == (m, name, s):
                return ParamDistribution(name, scope, d.low, d.mid, d.high, d.standing, d.source, d.note)
    raise LookupError(f"no distribution of {name} for {mineral}/{scope}")


def two_piece_lognormal(low: float, mid: float, high: float, z: float) -> float:
    """The value at standard normal `z`: median `mid`, 10 % point `low`, 90 % point `high`.

    >>> [round(two_piece_lognormal(1, 2, 8, z), 6) for z in (-Z90, 0, Z90)]
    [1.0, 2.0, 8.0]
    """
    side = mid / low if z < 0 else high / mid
    return float(mid * side ** (z / Z90))


def params_at(world: World, z: Sequence[float] | Array) -> Params:
    """The parameters at standard-normal scores `z`, one per entry of `parameter_distributions`.

    Forms share one score for sigma and uses one for eps where the distribution is the same row: ignorance about a
    kind of behaviour is common to all of them, and independent draws would average it away.
    """
    distributions = parameter_distributions(world)
    if len(z) != len(distributions):
        raise ValueError(f"{len(z)} scores for {len(distributions)} parameters")
    value: dict[tuple[str, str], float] = {}
    first_score: dict[tuple[object, ...], float] = {}
    for d, score in zip(distributions, z, strict=True):
        same = (d.name, d.low, d.mid, d.high, d.source)
        value[d.name, d.scope] = two_piece_lognormal(d.low, d.mid, d.high, first_score.setdefault(same, float(score)))
    forms, uses = world.chain.forms, world.uses
    return Params(
        sigma=np.array([value["sigma", f.id] for f in forms]),
        eta=np.array([value["eta", f.id] for f in forms]),
        eps=np.array([[value["eps", u] for u in uses] for _ in forms]),
        mu=np.array([min(value["mu", p.id], 0.9) for p in world.chain.processes]),
        zc=value["zc", "all"],
    )


def median_params(world: World) -> Params:
    """The parameters at the median of every distribution."""
    return params_at(world, np.zeros(len(parameter_distributions(world))))
