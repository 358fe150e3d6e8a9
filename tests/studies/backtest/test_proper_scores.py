"""Proper scores: equal to closed forms and to samples; differences vary as a mean of their episodes does."""

import math

import numpy as np
import pytest

from crosscut.studies.backtest.score.mixture import Mixture, crps
from crosscut.studies.backtest.score.resampling import difference, resampled_mean
from crosscut.studies.backtest.score.stacking import mixed


def normal_cdf(x):
    return np.array([0.5 * (1 + math.erf(v / math.sqrt(2))) for v in x])


def student_crps(z):
    """Closed form for 3 degrees of freedom (Jordan, Krueger and Lerch 2019, table 1)."""
    density = 2 / (math.pi * math.sqrt(3)) * (1 + z * z / 3) ** -2
    t = z / math.sqrt(3)
    below = 0.5 + (t / (1 + t * t) + math.atan(t)) / math.pi

    def beta(a, b):
        return math.gamma(a) * math.gamma(b) / math.gamma(a + b)

    constant = 2 * math.sqrt(3) / 2 * beta(0.5, 2.5) / beta(0.5, 1.5) ** 2
    return z * (2 * below - 1) + 2 * density * (3 + z * z) / 2 - constant


@pytest.mark.parametrize("y", [0.0, 0.7, -1.3, 4.0])
def test_crps_of_a_normal_is_the_closed_form(y):
    density = math.exp(-y * y / 2) / math.sqrt(2 * math.pi)
    below = 0.5 * (1 + math.erf(y / math.sqrt(2)))
    closed = y * (2 * below - 1) + 2 * density - 1 / math.sqrt(math.pi)  # Gneiting and Raftery 2007, eq. 21
    assert crps(normal_cdf, y, -8.0, 8.0, 1.0) == pytest.approx(closed, abs=1e-10)


@pytest.mark.parametrize(("centre", "scale", "y"), [(0.0, 1.0, 0.4), (1.0, 0.2, -3.0), (-2.0, 0.05, 2.5)])
def test_crps_of_one_student_is_the_closed_form(centre, scale, y):
    m = Mixture(np.array([centre]), np.array([scale]), np.ones(1))
    assert m.crps(y) == pytest.approx(scale * student_crps((y - centre) / scale), rel=1e-10)


def test_crps_of_a_mixture_is_that_of_a_sample_of_it():
    m = Mixture(np.array([0.0, 1.5]), np.array([0.2, 0.45]), np.array([0.3, 0.7]))
    rng = np.random.default_rng(1)
    at = rng.choice(2, 200_000, p=m.weight)
    x = np.sort(m.centre[at] + m.scale[at] * rng.standard_t(3, 200_000))
    n = len(x)
    spread = 2 * ((2 * np.arange(1, n + 1) - n - 1) @ x) / n**2  # mean absolute difference of all pairs
    for y in (-0.5, 0.8, 3.0):
        assert m.crps(y) == pytest.approx(np.abs(x - y).mean() - spread / 2, abs=0.004)


def test_a_sharp_prediction_scores_its_absolute_error():
    m = Mixture(np.zeros(1), np.full(1, 1e-4), np.ones(1))
    assert m.crps(0.8) == pytest.approx(0.8, abs=2e-4)


def test_densities_and_probabilities_belong_together():
    m = Mixture(np.array([0.0, 1.0]), np.array([0.3, 0.6]), np.array([0.4, 0.6]))
    x = np.linspace(-2, 3, 5001)
    slope = np.diff(m.below(x)) / np.diff(x)
    middle = (x[1:] + x[:-1]) / 2
    assert np.exp([m.log_density(v) for v in middle[::500]]) == pytest.approx(slope[::500], rel=1e-4)
    assert m.below(np.array([m.quantile(0.3)]))[0] == pytest.approx(0.3, abs=1e-9)


def test_a_mixture_of_mixtures_is_the_sum_of_its_parts():
    a = Mixture(np.zeros(1), np.ones(1), np.ones(1))
    b = Mixture(np.ones(1), np.full(1, 0.5), np.ones(1))
    both = mixed([a, b], [0.25, 0.75])
    x = np.array([-1.0, 0.3, 2.0])
    assert both.below(x) == pytest.approx(0.25 * a.below(x) + 0.75 * b.below(x))


def test_resampling_finds_the_error_of_a_mean():
    """Half ones, half zeros: the mean of 400 has a standard error of 0.5 / 20, and 90 % lie within 1.645 of
    it."""
    low, high = resampled_mean(np.tile([0.0, 1.0], 200))
    assert high - low == pytest.approx(2 * 1.645 * 0.025, rel=0.05)
    assert low < 0.5 < high


def test_a_difference_is_called_better_only_where_chance_is_excluded():
    mine, theirs = {str(k): 0.1 for k in range(10)}, {str(k): 0.3 + 0.01 * k for k in range(10)}
    found = difference(mine, theirs)
    assert (found.verdict, found.better_in, found.n) == ("better", 1.0, 10)
    assert difference(theirs, mine).verdict == "worse"
    mixed_signs = {k: v + (0.4 if int(k) % 2 else -0.4) for k, v in mine.items()}
    assert difference(mine, mixed_signs).verdict == "no difference beyond chance"
    assert difference(mine, {}) is None
