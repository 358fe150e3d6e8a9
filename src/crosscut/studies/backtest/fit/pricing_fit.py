"""Pricing fit: what a market class is like, learned from other episodes: a posterior on the grid of surfaces.

Prior, in words: together supply and demand answer with an elasticity of about 0.5 within a year (the round
value of the naive formula); buying ahead is small unless shown otherwise; residual errors are of 25 per
cent, with fat tails. Classes are drawn around common means (mu of the log elasticity, m of precaution), so
that a class with few episodes leans on the others. Everything is a weighted sum over a grid: no sampling, no
optimiser, the same bits every time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from crosscut.base.arrays import Array
from crosscut.studies.backtest.fit.behaviour import Pricing
from crosscut.studies.backtest.fit.surfaces import CUSHION, ELASTICITY, PRECAUTION, Surface
from crosscut.studies.backtest.score.mixture import Mixture, mixture

# Scale of a Student t with three degrees of freedom; not below what a year does to a price with no event at
# all (mean absolute log change 0.21 over sixteen minerals, 1996-2026).
NOISE = np.array([0.2, 0.3, 0.45, 0.65, 0.95])
USUAL_ELASTICITY, CLASSES_DIFFER = 0.5, 0.5  # median, and sd of the log between classes
MEAN_ELASTICITY = np.array([0.25, 0.35, 0.5, 0.7, 1.0])
MEAN_UNSURE = 0.3  # sd of the log of the common mean
MEAN_PRECAUTION = np.array([0.05, 0.1, 0.2, 0.4, 0.8])
USUAL_NOISE, NOISE_UNSURE = 0.25, 0.5
FAR = 5.0  # log error that a point counts with where the market did not clear


@dataclass(frozen=True, eq=False)
class Posterior:
    """weights[e, h, c, b] over elasticity, precaution, cushion and noise; they add up to 1."""

    weights: Array

    def median(self, axis: int) -> float:
        """Median of the marginal of one axis: 0 elasticity, 1 precaution, 2 cushion, 3 noise."""
        return self.quantile(axis, 0.5)

    def medians(self) -> Pricing:
        """Medians of the four marginals."""
        return Pricing(*(self.median(axis) for axis in range(4)))

    def quantile(self, axis: int, p: float) -> float:
        """Grid value at which the marginal of an axis passes p."""
        marginal = self.weights.sum(axis=tuple(a for a in range(4) if a != axis))
        values = (ELASTICITY, PRECAUTION, CUSHION, NOISE)[axis]
        return float(values[int(np.searchsorted(np.cumsum(marginal), p * (1 - 1e-12)))])


def log_likelihood(surface: Surface, observed: float) -> Array:
    """ln p(observed log price ratio | e, h, c, b), the reading of the cut summed out."""
    miss = np.where(np.isnan(surface.log_price), FAR, observed - surface.log_price)
    z = miss[..., None] / NOISE
    density = (1.0 + z * z / 3.0) ** -2.0 * (2.0 / (np.pi * np.sqrt(3.0))) / NOISE
    out: Array = np.log(np.einsum("ehckb,k->ehcb", density, surface.weights))
    return out


def posteriors(
    classes: Iterable[str], seen: Mapping[str, list[tuple[Surface, float]]]
) -> dict[str, Posterior]:
    """The posterior of every class, from what was `seen` in each: surface and observed log price ratio."""
    names = list(classes)
    likelihood = {c: _summed(seen.get(c, [])) for c in names}
    hyper = np.zeros((len(MEAN_ELASTICITY), len(MEAN_PRECAUTION)))
    hyper -= 0.5 * (np.log(MEAN_ELASTICITY / USUAL_ELASTICITY)[:, None] / MEAN_UNSURE) ** 2
    joint: dict[str, list[list[Array]]] = {c: [] for c in names}
    for u, mean in enumerate(MEAN_ELASTICITY):
        for c in names:
            joint[c].append([])
        for v, usual in enumerate(MEAN_PRECAUTION):
            prior = _prior(float(mean), float(usual))
            for c in names:
                log_joint = prior + likelihood[c]
                joint[c][u].append(log_joint)
                hyper[u, v] += _log_sum(log_joint)
    weight = np.exp(hyper - hyper.max())
    weight /= weight.sum()
    out = {}
    for c in names:
        total = np.zeros_like(likelihood[c])
        for u in range(len(MEAN_ELASTICITY)):
            for v in range(len(MEAN_PRECAUTION)):
                x = joint[c][u][v]
                total += weight[u, v] * np.exp(x - _log_sum(x))
        out[c] = Posterior(total / total.sum())
    return out


def _summed(seen: list[tuple[Surface, float]]) -> Array:
    out = np.zeros((len(ELASTICITY), len(PRECAUTION), len(CUSHION), len(NOISE)))
    for surface, observed in seen:
        out = out + log_likelihood(surface, observed)
    return out


def _log_sum(x: Array) -> float:
    top = float(x.max())
    return top + float(np.log(np.exp(x - top).sum()))


def _prior(mean_elasticity: float, mean_precaution: float) -> Array:
    """ln prior on the grid: lognormal elasticity, exponential precaution, flat cushion, lognormal noise."""
    e = _normalised(
        np.exp(-0.5 * (np.log(ELASTICITY / mean_elasticity) / CLASSES_DIFFER) ** 2)
        * _width(np.log(ELASTICITY))
    )
    h = _normalised(np.exp(-PRECAUTION / mean_precaution) * _width(PRECAUTION))
    c = _normalised(_width(CUSHION))
    b = _normalised(np.exp(-0.5 * (np.log(NOISE / USUAL_NOISE) / NOISE_UNSURE) ** 2) * _width(np.log(NOISE)))
    out: Array = np.log(np.einsum("e,h,c,b->ehcb", e, h, c, b))
    return out


def _width(points: Array) -> Array:
    """Half the distance between the neighbours of each grid point: what a density at it stands for."""
    edges = np.concatenate([points[:1], (points[1:] + points[:-1]) / 2, points[-1:]])
    out: Array = np.diff(edges)
    return out


def _normalised(x: Array) -> Array:
    out: Array = x / x.sum()
    return out


def predictive(surface: Surface, posterior: Posterior, inside: bool = False) -> Mixture:
    """The predictive distribution of the log price ratio, outside the restrictor or inside it: parameters,
    reading of the cut and residual error mixed, exactly.

    Raises ValueError where the market cleared at no point of the grid.
    """
    values = surface.log_inside if inside else surface.log_price
    w = np.einsum("ehcb,k->ehckb", posterior.weights, surface.weights)
    solved = ~np.isnan(values)
    if not solved.any():
        raise ValueError("the market cleared at no point of the grid")
    scales = NOISE.tolist()
    return mixture(
        np.concatenate([values[solved] for _ in scales]),
        np.concatenate([np.full(int(solved.sum()), s) for s in scales]),
        np.concatenate([w[..., b][solved] for b in range(len(scales))]),
    )


def predictive_quantiles(surface: Surface, posterior: Posterior, points: tuple[float, ...]) -> list[float]:
    """Quantiles of the predicted log price ratio."""
    whole = predictive(surface, posterior)
    return [whole.quantile(q) for q in points]


def mean_of(values: Array, surface: Surface, posterior: Posterior) -> float:
    """Mean over the posterior of a value given on the surface's grid; NaN points left out."""
    w = np.einsum("ehcb,k->ehck", posterior.weights, surface.weights)
    known = ~np.isnan(values)
    return float((w[known] * values[known]).sum() / w[known].sum()) if known.any() else float("nan")
