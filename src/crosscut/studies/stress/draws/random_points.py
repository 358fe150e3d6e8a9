"""Points: the random numbers of a chunk of draws, from Philox streams or from a scrambled Sobol sequence.

Plain draws: streams keyed by seed and name, the draw in the highest word of the counter, so any worker in
any order gets the same numbers and one package hits several minerals at once. Behaviour is that of
`scenarios.draws`. Quasi-random draws: one sequence over all slots of one mineral, joined to nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from crosscut.base.arrays import Array
from crosscut.studies.shared.draws import event_stream, stream_of
from crosscut.studies.stress.draws.random_slots import Layout
from crosscut.studies.stress.history.base_rates import CHINA


class Sampler(StrEnum):
    """How the random numbers of a stress run are placed: one draw by itself, or a Sobol sequence."""

    PLAIN = "plain"
    QUASI = "quasi"


@dataclass(frozen=True, eq=False)
class Points:
    """Uniforms `common` (n, C) and `own` (n, O), normal scores of the assumptions (n, A) and of behaviour
    (n, B)."""

    common: Array
    own: Array
    scores: Array
    behaviour: Array

    def block(self, name: str) -> Array:
        """One of the four arrays by its name.

        Parameters
        ----------
        name : str
            common, own, scores or behaviour.

        Returns
        -------
        Array [draw, column]
            The array itself, not a copy.
        """
        out: Array = getattr(self, name)
        return out

    def with_columns(self, other: Points, columns: dict[str, NDArray[np.bool_]]) -> Points:
        """These points with some columns of others.

        Parameters
        ----------
        other : Points
            Points of the same shapes.
        columns : dict[str, NDArray[np.bool_]]
            Block name -> mask of the columns that come from `other`.

        Returns
        -------
        Points
            New points; blocks not named are shared with these.
        """
        return replace(self, **{b: np.where(m, other.block(b), self.block(b)) for b, m in columns.items()})


def plain_points(layout: Layout, mineral: str, behaviours: int, seed: int, numbers: range) -> Points:
    """Points of some draws, each from its own streams.

    Parameters
    ----------
    layout : Layout
        Names of the columns.
    mineral : str
        Keys the stream of what is the mineral's own.
    behaviours : int
        Number of parameters of behaviour.
    seed : int
        The key of the run.
    numbers : range
        Numbers of the draws.

    Returns
    -------
    Points
        One row a draw: uniforms from 0 to 1 and standard normal scores.
    """
    n = len(numbers)
    out = Points(
        np.empty((n, len(layout.common))),
        np.empty((n, len(layout.own))),
        np.empty((n, len(layout.scores))),
        np.empty((n, behaviours)),
    )
    everywhere, here, behaviour = (
        event_stream(seed, "stress/common"),
        event_stream(seed, f"stress/{mineral}"),
        stream_of(seed),
    )
    for row, draw in enumerate(numbers):
        common = everywhere.at(draw)
        out.scores[row] = common.standard_normal(len(layout.scores))
        out.common[row] = common.random(len(layout.everywhere))[layout.position]
        out.own[row] = here.at(draw).random(len(layout.own))
        out.behaviour[row] = behaviour.at(draw).standard_normal(behaviours)
    return out


def quasi_points(layout: Layout, mineral: str, behaviours: int, seed: int, numbers: range) -> Points:
    """Points of a scrambled Sobol sequence, the slots that matter most in the first dimensions.

    Parameters
    ----------
    layout : Layout
        Names of the columns.
    mineral : str
        The length of its name goes into the key of the sequence.
    behaviours : int
        Number of parameters of behaviour.
    seed : int
        The key of the run.
    numbers : range
        Places in the sequence: chunks of a run join up to one sequence.

    Returns
    -------
    Points
        One row a draw: uniforms from 0 to 1 and standard normal scores.

    Notes
    -----
    Scrambled after Owen, by `scipy.stats.qmc`.
    """
    from warnings import catch_warnings, simplefilter

    from scipy.special import ndtri  # here, as it takes half a second to load
    from scipy.stats import qmc

    sizes = [len(layout.scores), behaviours, len(layout.common), len(layout.own)]
    order = _dimensions(layout, behaviours)
    with catch_warnings():
        simplefilter("ignore")  # balance of the first points: the chunks of a run join up to one sequence
        engine = qmc.Sobol(sum(sizes), scramble=True, rng=np.random.default_rng([seed, len(mineral)]))
        if numbers.start:
            engine.fast_forward(numbers.start)
        u = np.empty((len(numbers), sum(sizes)))
        u[:, order] = np.clip(engine.random(len(numbers)), 1e-12, 1 - 1e-12)
    scores, behaviour, common, own = np.split(u, np.cumsum(sizes)[:-1], axis=1)
    return Points(common, own, ndtri(scores), ndtri(behaviour))


def _dimensions(layout: Layout, behaviours: int) -> NDArray[np.int64]:
    """Position of the column (scores, behaviour, common, own) that each dimension of the sequence fills: the
    first packages of China first, then what holds in every draw, then the rest."""

    def rank(slot: str) -> int:
        what, _, rest = slot.partition("/")
        china = rest.split("/")[0] == CHINA or what == "regime"
        later = rest.count("/") == 2 and not rest.endswith("/0")
        return 0 if china and not later else 2 if china else 3

    ranks = [1] * (len(layout.scores) + behaviours) + [rank(s) for s in (*layout.common, *layout.own)]
    return np.argsort(np.array(ranks), kind="stable")


def points(sampler: str, layout: Layout, mineral: str, behaviours: int, seed: int, numbers: range) -> Points:
    """Points of some draws by the named sampler.

    Parameters
    ----------
    sampler : str
        A `Sampler`: plain or quasi.
    layout : Layout
        Names of the columns.
    mineral : str
        The mineral of the run.
    behaviours : int
        Number of parameters of behaviour.
    seed : int
        The key of the run.
    numbers : range
        Numbers of the draws.

    Returns
    -------
    Points
        One row a draw.
    """
    make = quasi_points if sampler == Sampler.QUASI else plain_points
    return make(layout, mineral, behaviours, seed, numbers)
