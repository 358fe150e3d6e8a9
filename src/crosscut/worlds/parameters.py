"""Parameters: the distributions behaviour is drawn from, each with its source or the word assumed."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from crosscut.base.arrays import Array
from crosscut.base.bundled import bundled_text
from crosscut.market.model.world import ParamDistribution, Params, World

Z90 = 1.2815515655446004  # 90 % point of the standard normal


@cache
def _rows() -> tuple[tuple[str, ParamDistribution], ...]:
    text = bundled_text("worlds", "parameters.csv")
    return tuple(
        (
            r["mineral"],
            ParamDistribution(
                r["name"],
                r["scope"],
                float(r["low"]),
                float(r["mid"]),
                float(r["high"]),
                r["evidence_status"],
                r["source"],
                r["note"],
            ),
        )
        for r in csv.DictReader(text.splitlines())
    )


def parameter_distributions(world: World) -> tuple[ParamDistribution, ...]:
    """One distribution for every parameter that the market of a world needs.

    Parameters
    ----------
    world : World
        The world; its mineral, forms, end uses and processes say which parameters.

    Returns
    -------
    tuple of ParamDistribution
        In a fixed order: sigma by form, eta by form, eps by use, mu by process, then zc. So draw number d
        of a seed means the same in every run of one world. The most specific row is chosen for each.
    """
    return _points_of(world).distributions


@dataclass(frozen=True, eq=False)
class _Points:
    """Distributions in their order, their three points [3, P], and the score each takes: that of the first
    of its row."""

    distributions: tuple[ParamDistribution, ...]
    points: Array
    score: NDArray[np.int64]


def _points_of(world: World) -> _Points:
    chain = world.chain
    return _named_points(
        world.mineral,
        tuple(f.id for f in chain.forms),
        tuple(world.uses),
        tuple(p.id for p in chain.processes),
    )


@cache
def _named_points(
    mineral: str, forms: tuple[str, ...], uses: tuple[str, ...], processes: tuple[str, ...]
) -> _Points:
    wanted = [("sigma", f) for f in forms]
    wanted += [("eta", f) for f in forms]
    wanted += [("eps", u) for u in uses]
    wanted += [("mu", p) for p in processes]
    wanted += [("zc", "all")]
    found = tuple(most_specific(mineral, name, scope) for name, scope in wanted)
    rows = [(d.name, d.low, d.mid, d.high, d.source) for d in found]
    return _Points(
        found, np.array([(d.low, d.mid, d.high) for d in found]).T, np.array([rows.index(r) for r in rows])
    )


@cache
def most_specific(mineral: str, name: str, scope: str) -> ParamDistribution:
    """Choose the row of a parameter that fits best.

    Parameters
    ----------
    mineral : str
        Name of the mineral.
    name : str
        Name of the parameter, such as sigma.
    scope : str
        The form, end use or process.

    Returns
    -------
    ParamDistribution
        The row for this mineral and scope; else for the mineral, for the scope, or for all.

    Raises
    ------
    LookupError
        When there is none.
    """
    for m, s in ((mineral, scope), (mineral, "all"), ("*", scope), ("*", "all")):
        for row_mineral, d in _rows():
            if (row_mineral, d.name, d.scope) == (m, name, s):
                return ParamDistribution(
                    name, scope, d.low, d.mid, d.high, d.evidence_status, d.source, d.note
                )
    raise LookupError(f"no distribution of {name} for {mineral}/{scope}")


def two_piece_lognormal(
    low: Array | float, mid: Array | float, high: Array | float, z: Array | float
) -> Array:
    """Value of a two-piece lognormal distribution at a standard-normal score.

    Parameters
    ----------
    low, mid, high : Array or float
        The 10 % point, the median and the 90 % point, all above 0, in the unit of the parameter.
    z : Array or float
        Scores; shapes must go together.

    Returns
    -------
    Array
        The values, in the unit of `mid`: the spread below the median follows `low`, above it `high`.

    Examples
    --------
    >>> [round(float(two_piece_lognormal(1, 2, 8, z)), 6) for z in (-Z90, 0, Z90)]
    [1.0, 2.0, 8.0]
    """
    side = np.where(np.less(z, 0), np.divide(mid, low), np.divide(high, mid))
    out: Array = mid * side ** (np.asarray(z) / Z90)
    return out


def params_at(world: World, z: Sequence[float] | Array) -> Params:
    """The parameters of a world at given standard-normal scores.

    Parameters
    ----------
    world : World
        The world whose market they are for.
    z : sequence of float or Array
        One score per entry of `parameter_distributions`, in that order.

    Returns
    -------
    Params
        sigma and eta by form, eps by form and use, mu by process (at most 0.9), zc; none has a unit.

    Raises
    ------
    ValueError
        When the number of scores is wrong.

    Notes
    -----
    Forms share one score for sigma and uses one for eps where the distribution is the same row: ignorance
    about a kind of behaviour is common to all of them, and independent draws would average it away.
    """
    known = _points_of(world)
    if len(z) != len(known.distributions):
        raise ValueError(f"{len(z)} scores for {len(known.distributions)} parameters")
    F, U, K = len(world.chain.forms), len(world.uses), len(world.chain.processes)
    low, mid, high = known.points
    value = two_piece_lognormal(low, mid, high, np.asarray(z, dtype=float)[known.score])
    eps, mu = value[2 * F : 2 * F + U], value[2 * F + U : 2 * F + U + K]
    return Params(value[:F], value[F : 2 * F], np.tile(eps, (F, 1)), np.minimum(mu, 0.9), zc=float(value[-1]))


def median_params(world: World) -> Params:
    """The parameters of a world at the median of every distribution.

    Parameters
    ----------
    world : World
        The world whose market they are for.

    Returns
    -------
    Params
        As `params_at` with all scores 0.
    """
    return params_at(world, np.zeros(len(parameter_distributions(world))))


def long_run_distribution(world: World, name: str, scope: str) -> ParamDistribution:
    """The distribution of a long-run parameter (`inputs.outlook.schema.LONG_RUN`).

    Parameters
    ----------
    world : World
        The world; its mineral counts.
    name : str
        Name of the parameter, such as eta_long.
    scope : str
        The form, end use or process; where it has no distribution of its own, that of "all" is taken.

    Returns
    -------
    ParamDistribution
        Low, mid and high point with evidence status and source.

    Raises
    ------
    LookupError
        When there is none.

    Examples
    --------
    >>> from crosscut.worlds import world as load
    >>> from crosscut.ledger.store.ledger import Ledger
    >>> ledger = Ledger.bundled()
    >>> long_run_distribution(load(ledger, "tungsten"), "eta_long", "concentrate").mid > 1
    True
    """
    return most_specific(world.mineral, name, scope)
