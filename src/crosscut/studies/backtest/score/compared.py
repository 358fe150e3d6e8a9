"""Compared: the model, its rivals and the mixture of all, each scored on episodes that it did not see.

Nested: for episode i everything is learned without i, and the weights of the mixture rest on densities of j
that were learned without i and j.

Tests: tests/studies/backtest/test_compared.py
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from crosscut.base.arrays import Array
from crosscut.studies.backtest.score.lessons import Lessons
from crosscut.studies.backtest.score.mixture import Mixture
from crosscut.studies.backtest.score.quantities import Observation, Quantity
from crosscut.studies.backtest.score.rivals import Member
from crosscut.studies.backtest.score.stacking import mixed, stacking_weights

STACKED = "stacked"
NO_DENSITY = -20.0  # ln density of what a member has no prediction for


@dataclass(frozen=True)
class PredictedFigure:
    """One observation predicted by one method: median and 80 % interval, in the unit of the quantity."""

    key: str
    value: float
    median: float
    low: float
    high: float


@dataclass(frozen=True)
class EpisodeScore:
    """One episode predicted by one method. Scores are means over its observations by their weights: `crps`
    and `error` (of the median) in the unit of the quantity, lower is better; `log_score` higher is better;
    `covered`, share inside the 80 % interval."""

    quantity: Quantity
    method: str
    episode: str
    counts: bool
    crps: float
    log_score: float
    error: float
    covered: float
    outcomes: tuple[PredictedFigure, ...]


@dataclass(frozen=True, eq=False)
class Compared:
    """Every score of a quantity, and the weights of the members: by tested episode, and from all that
    teach."""

    quantity: Quantity
    scores: tuple[EpisodeScore, ...]
    weights: Mapping[str, Mapping[str, float]]
    overall: Mapping[str, float]

    def by_episode(self, method: str, score: str) -> dict[str, float]:
        """One score of one method by episode of the core; the log score with its sign turned, so that lower
        is better of all."""
        sign = -1.0 if score == "log_score" else 1.0
        return {s.episode: sign * getattr(s, score) for s in self.scores if s.method == method and s.counts}


class _Weights:
    """Weights of the mixture, learned without given episodes; each set of teachers once."""

    def __init__(self, evidence: Lessons, members: Sequence[Member]) -> None:
        self._evidence, self._members = evidence, members
        self._found: dict[frozenset[str], Array] = {}

    def without(self, left_out: frozenset[str]) -> Array:
        teachers = frozenset(self._evidence.learning((), core=True))
        which = left_out & teachers
        if which not in self._found:
            rows, counted = [], []
            for other in self._evidence.learning(which, core=True):
                seen = self._evidence.seen[other]
                found = [m.predicted(other, which | {other}) for m in self._members]
                for n, o in enumerate(seen):
                    rows.append([NO_DENSITY if f is None else f[n].log_density(o.value) for f in found])
                    counted.append(o.weight)
            table = np.array(rows).reshape(len(rows), len(self._members))
            self._found[which] = stacking_weights(table, np.array(counted))
        return self._found[which]


def compared(evidence: Lessons, members: Sequence[Member]) -> Compared:
    """Scores of every member and of their mixture, on every tested episode that has the quantity."""
    weigh = _Weights(evidence, members)
    names = [m.name for m in members]
    out: list[EpisodeScore] = []
    weights: dict[str, Mapping[str, float]] = {}
    for episode in evidence.tested:
        key = episode.inputs.id
        if key not in evidence.seen:
            continue
        mine = frozenset({key})
        found = {m.name: m.predicted(key, mine) for m in members}
        share = dict(zip(names, weigh.without(mine).tolist(), strict=True))
        weights[key] = share
        there = {n: f for n, f in found.items() if f is not None}
        together = [
            mixed([f[k] for f in there.values()], [share[n] for n in there])
            for k in range(len(evidence.seen[key]))
        ]
        for name, predicted in ({**there, STACKED: together} if there else {}).items():
            out.append(_scored(evidence, key, name, predicted))
    overall = dict(zip(names, weigh.without(frozenset()).tolist(), strict=True))
    return Compared(evidence.quantity, tuple(out), weights, overall)


def _scored(evidence: Lessons, key: str, method: str, predicted: Sequence[Mixture]) -> EpisodeScore:
    rows = [_one(o, p) for o, p in zip(evidence.seen[key], predicted, strict=True)]
    weights = [o.weight for o in evidence.seen[key]]

    def mean(values: Sequence[float]) -> float:
        return sum(w * v for w, v in zip(weights, values, strict=True))

    return EpisodeScore(
        evidence.quantity,
        method,
        key,
        evidence.counts(key),
        crps=mean([p.crps(o.value) for o, p in zip(evidence.seen[key], predicted, strict=True)]),
        log_score=mean([p.log_density(o.value) for o, p in zip(evidence.seen[key], predicted, strict=True)]),
        error=mean([abs(r.median - r.value) for r in rows]),
        covered=mean([float(r.low <= r.value <= r.high) for r in rows]),
        outcomes=tuple(rows),
    )


def _one(seen: Observation, predicted: Mixture) -> PredictedFigure:
    low, middle, high = (predicted.quantile(p) for p in (0.1, 0.5, 0.9))
    return PredictedFigure(seen.key, seen.value, middle, low, high)
