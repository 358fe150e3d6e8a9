"""Rivals: naive rules as whole predictive distributions.

A rule gives a centre. Round it lies a Student t whose scale is learned from the errors of the same rule on
other episodes of the market class, each predicted without itself, with the prior that the noise of the model
has. So a rival knows as much about its own errors as the model does about its.

Tests: tests/studies/backtest/test_rivals.py
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from statistics import median
from typing import Protocol

import numpy as np

from crosscut.base.arrays import Array
from crosscut.studies.backtest.fit.pricing_fit import NOISE, NOISE_UNSURE, USUAL_NOISE
from crosscut.studies.backtest.score.baselines import ELASTICITY, slope
from crosscut.studies.backtest.score.lessons import Lessons
from crosscut.studies.backtest.score.mixture import Mixture
from crosscut.studies.backtest.score.quantities import MONTHS, TRADE, Quantity

# Scales of errors in shares of the base year; prices use those of the model's noise, with its floor.
SHARE_SCALES = np.array([0.05, 0.1, 0.2, 0.3, 0.45, 0.65, 0.95])
TAUS = np.array([0.5, 1.0, 2.0, 3.0, 4.5, 6.0, 9.0, 12.0, 18.0, 24.0])  # months of the common curve

Centre = Callable[[str, frozenset[str]], list[float]]


class Member(Protocol):
    """One predictive distribution among those that are compared and stacked."""

    @property
    def name(self) -> str:
        """As tables show it."""

    def predicted(self, key: str, left_out: frozenset[str]) -> list[Mixture] | None:
        """One distribution for each observation of an episode, learned without `left_out`, which holds `key`;
        None where there is no prediction."""


class RuleWithErrors:
    """A rule and the errors that it made elsewhere.

    Parameters
    ----------
    name
        As tables show it.
    evidence
        What came of the quantity.
    centre
        The rule: the centre of each observation of an episode, learned without the ids that are given with
        it.
    """

    def __init__(self, name: str, evidence: Lessons, centre: Centre) -> None:
        self.name = name
        self._evidence = evidence
        self._centre = centre
        self._scales = SHARE_SCALES if evidence.quantity in TRADE else NOISE
        self._found: dict[tuple[str, frozenset[str]], list[float]] = {}
        self._errors: dict[tuple[str, frozenset[str]], Array] = {}

    def predicted(self, key: str, left_out: frozenset[str]) -> list[Mixture] | None:
        """One distribution for each observation of an episode."""
        weight = self._scale_weights(self._evidence.classes[key], left_out | {key})
        return [
            Mixture(np.full(len(weight), c), self._scales, weight) for c in self._at(key, left_out | {key})
        ]

    def _at(self, key: str, left_out: frozenset[str]) -> list[float]:
        if (key, left_out) not in self._found:
            self._found[key, left_out] = self._centre(key, left_out)
        return self._found[key, left_out]

    def _scale_weights(self, market_class: str, left_out: frozenset[str]) -> Array:
        """Posterior of the scale: the prior of the model's noise, and the errors made on others of the
        class."""
        log_weight = -0.5 * (np.log(self._scales / USUAL_NOISE) / NOISE_UNSURE) ** 2
        for other in self._evidence.learning(left_out):
            if self._evidence.classes[other] == market_class:
                log_weight = log_weight + self._likelihood(other, left_out | {other})
        weight = np.exp(log_weight - log_weight.max())
        out: Array = weight / weight.sum()
        return out

    def _likelihood(self, key: str, left_out: frozenset[str]) -> Array:
        """ln of the density of what came in an episode, at each scale; an episode counts once, however many
        months or importers it has."""
        if (key, left_out) not in self._errors:
            total = np.zeros(len(self._scales))
            for o, c in zip(self._evidence.seen[key], self._at(key, left_out), strict=True):
                z = (o.value - c) / self._scales
                total += o.weight * (-2.0 * np.log1p(z * z / 3.0) - np.log(self._scales))
            self._errors[key, left_out] = total
        return self._errors[key, left_out]


def rivals(evidence: Lessons) -> list[Member]:
    """The rivals that the protocol names for a quantity."""
    q = evidence.quantity
    rules: Mapping[str, Centre]
    if q is Quantity.FLOW:
        rules = _flow_rules(evidence)
    elif q is Quantity.IMPORTERS:
        rules = _importer_rules(evidence)
    else:
        rules = _price_rules(evidence)
        if q in MONTHS:
            rules = {**rules, "common_curve": _common_curve(evidence)}
    return [RuleWithErrors(name, evidence, centre) for name, centre in rules.items()]


def _price_rules(evidence: Lessons) -> dict[str, Centre]:
    """Rules that give one log price whatever the month."""
    shock = {k: e.inputs.shock for k, e in evidence.episodes.items()}

    def class_median(key: str, left_out: frozenset[str]) -> float:
        others = evidence.learning(left_out, core=True)
        same = [evidence.mean(k) for k in others if evidence.classes[k] == evidence.classes[key]]
        return median(same or [evidence.mean(k) for k in others] or [0.0])

    def calibrated(key: str, left_out: frozenset[str]) -> float:
        points = [(shock[k], evidence.mean(k)) for k in evidence.learning(left_out, core=True)]
        return shock[key] * slope(points)

    def flat(rule: Callable[[str, frozenset[str]], float]) -> Centre:
        return lambda key, left_out: [rule(key, left_out)] * len(evidence.seen[key])

    return {
        "no_change": flat(lambda key, left_out: 0.0),
        "elasticity_linear": flat(lambda key, left_out: math.log1p(shock[key] / ELASTICITY)),
        "elasticity_log": flat(lambda key, left_out: -math.log1p(-min(shock[key], 1 - 1e-9)) / ELASTICITY),
        "class_median": flat(class_median),
        "calibrated_slope": flat(calibrated),
    }


def _common_curve(evidence: Lessons) -> Centre:
    """A (1 - exp(-t / tau)) in months t: one tau, A by market class, least squares over others."""

    def fitted(left_out: frozenset[str]) -> tuple[float, dict[str, float], float]:
        others = evidence.learning(left_out, core=True)
        best: tuple[float, float, dict[str, float], float] | None = None
        for tau in TAUS.tolist():
            sums: dict[str, list[float]] = {}
            square = 0.0
            for k in others:
                for o in evidence.seen[k]:
                    g = 1.0 - math.exp(-float(o.key) / tau)
                    for group in (evidence.classes[k], ""):
                        mine = sums.setdefault(group, [0.0, 0.0])
                        mine[0] += o.weight * g * o.value
                        mine[1] += o.weight * g * g
                    square += o.weight * o.value**2
            height = {c: a / b for c, (a, b) in sums.items() if b > 0}
            missed = square - sum(height[c] * sums[c][0] for c in height if c)
            if best is None or missed < best[0]:
                best = (missed, tau, height, height.get("", 0.0))
        assert best is not None
        return best[1], best[2], best[3]

    known: dict[frozenset[str], tuple[float, dict[str, float], float]] = {}

    def centre(key: str, left_out: frozenset[str]) -> list[float]:
        if left_out not in known:
            known[left_out] = fitted(left_out)
        tau, height, usual = known[left_out]
        a = height.get(evidence.classes[key], usual)
        return [a * (1.0 - math.exp(-float(o.key) / tau)) for o in evidence.seen[key]]

    return centre


def _flow_rules(evidence: Lessons) -> dict[str, Centre]:
    """Rules for the relative change of the hit flow."""
    cut = {k: e.inputs.cut_mid or 0.0 for k, e in evidence.episodes.items()}
    return {
        "no_change": lambda key, left_out: [0.0],
        "announced_cut": lambda key, left_out: [-cut[key]],
    }


def _importer_rules(evidence: Lessons) -> dict[str, Centre]:
    """Rules for an importer's tonnes over those of its base year."""

    def losing(part: float) -> Centre:
        def centre(key: str, left_out: frozenset[str]) -> list[float]:
            inputs = evidence.episodes[key].inputs
            cut = part * (inputs.cut_mid or 0.0)
            of = {m.importer: m for m in inputs.imports}
            return [
                1.0 - cut * of[o.key].from_restrictor / of[o.key].tonnes
                if inputs.target in ("", o.key)
                else 1.0
                for o in evidence.seen[key]
            ]

        return centre

    return {"no_change": losing(0.0), "proportional_loss": losing(1.0), "half_refill": losing(0.5)}
