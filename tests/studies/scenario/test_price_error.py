"""The error of a level is added up, not drawn (E30); the error of a median is what repeated runs show."""

import numpy as np
import pytest
from scipy.stats import norm

from crosscut.studies.shared.price_error import level_points, sampling_error

POINTS = (0.1, 0.5, 0.9)


def test_of_one_price_it_is_the_lognormal():
    found = level_points(np.array([[331.0]]), np.array([0.26]), POINTS)[:, 0]
    assert found == pytest.approx(331.0 * np.exp(0.26 * norm.ppf(POINTS)), rel=1e-10)


@pytest.mark.parametrize("seed", range(3))
def test_the_quantiles_solve_the_equation_of_the_mixture(seed):
    rng = np.random.default_rng(seed)
    values = np.exp(rng.normal(5.0, 1.0, (40, 3)) + 3.0 * (rng.random((40, 3)) < 0.2))
    sd = np.array([0.02, 0.26, 1.5])
    found = level_points(values, sd, POINTS)
    for q, x in zip(POINTS, found, strict=True):
        assert norm.cdf((np.log(x) - np.log(values)) / sd).mean(axis=0) == pytest.approx(q, abs=1e-9)


def test_it_is_the_limit_of_drawing_many_errors():
    rng = np.random.default_rng(5)
    values = np.exp(rng.normal(5.0, 0.4, (200, 1)))
    drawn = values * np.exp(0.26 * rng.standard_normal((200, 20_000)))
    assert level_points(values, np.array([0.26]))[:, 0] == pytest.approx(
        np.quantile(drawn, (0.1, 0.9)), rel=2e-3
    )


def test_draws_without_a_price_count_for_nothing_and_none_at_all_is_missing():
    values = np.array([[100.0, np.nan], [np.nan, np.nan], [130.0, np.nan]])
    found = level_points(values, np.array([0.3, 0.3]))
    assert found[:, 0] == pytest.approx(level_points(values[[0, 2]], np.array([0.3, 0.3]))[:, 0])
    assert np.isnan(found[:, 1]).all()


def test_a_price_below_nothing_keeps_its_sign():
    """A guarantee can leave a price below 0: mirrored prices have mirrored quantiles."""
    values = np.array([[3.0], [5.0], [8.0], [-2.0]])
    up, down = (level_points(s * values, np.array([0.3]), (0.2, 0.8))[:, 0] for s in (1.0, -1.0))
    assert up == pytest.approx(-down[::-1], rel=1e-9)
    rng = np.random.default_rng(2)
    drawn = values * np.exp(0.3 * rng.standard_normal((4, 200_000)))
    assert up == pytest.approx(np.quantile(drawn, (0.2, 0.8)), abs=0.02)


def test_without_error_it_is_what_the_draws_say():
    values = np.array([[1.0], [2.0], [4.0]])
    assert level_points(values, np.zeros(1), (0.5,))[0, 0] == 2.0


def test_the_sampling_error_is_how_far_medians_of_repeated_samples_lie_apart():
    rng = np.random.default_rng(8)
    values = np.exp(rng.normal(0.0, 0.5, (100, 400)))
    found = np.sqrt(np.mean(sampling_error(values, np.arange(100) % 3) ** 2))
    assert found == pytest.approx(np.median(values, axis=0).std(), rel=0.25)


def test_worlds_that_differ_widen_the_sampling_error():
    """Draws that agree within a world and not between worlds are few readings, however many they are."""
    rng = np.random.default_rng(9)
    pairs = np.arange(300) % 3
    shift = rng.normal(0.0, 1.0, (3, 200))
    values = shift[pairs] + 0.1 * rng.standard_normal((300, 200))
    found = np.sqrt(np.mean(sampling_error(values, pairs) ** 2))
    assert found > 4 * np.sqrt(np.mean(sampling_error(values, np.zeros(300)) ** 2))
    assert found == pytest.approx(np.median(values, axis=0).std(), rel=0.5)


def test_one_draw_has_no_sampling_error():
    assert np.isnan(sampling_error(np.array([[1.0], [np.nan]]), np.arange(2))).all()
