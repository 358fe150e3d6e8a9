"""Stacking: the right member gets the weight; the answer is the best of all mixtures of its members."""

import numpy as np
import pytest

from crosscut.studies.backtest.score.stacking import PSEUDO, stacking_weights


def normal(x, mean, sd):
    return -0.5 * ((x - mean) / sd) ** 2 - np.log(sd * np.sqrt(2 * np.pi))


def test_the_right_one_of_two_is_found():
    x = np.random.default_rng(2).normal(0.0, 0.5, 300)
    weights = stacking_weights(np.stack([normal(x, 0.0, 0.5), normal(x, 1.5, 0.5)], axis=1))
    assert weights[0] > 0.97


def test_a_true_mixture_is_found_again():
    rng = np.random.default_rng(3)
    from_first = rng.random(4000) < 0.7
    x = np.where(from_first, rng.normal(0, 0.3, 4000), rng.normal(1, 0.3, 4000))
    weights = stacking_weights(np.stack([normal(x, 0, 0.3), normal(x, 1, 0.3)], axis=1))
    assert weights[0] == pytest.approx(0.7, abs=0.03)


def test_no_other_weights_have_a_better_score():
    rng = np.random.default_rng(4)
    table = rng.normal(0, 1, (12, 3))

    def goal(w):
        return np.log(np.exp(table) @ w).sum() + PSEUDO / 3 * np.log(w).sum()

    best = stacking_weights(table)
    assert best.sum() == pytest.approx(1)
    assert goal(best) >= max(goal(w) for w in rng.dirichlet(np.ones(3), 2000)) - 1e-9


def test_without_an_episode_all_weigh_the_same_and_one_cannot_throw_a_member_out():
    assert stacking_weights(np.zeros((0, 4))) == pytest.approx(0.25)
    assert stacking_weights(np.array([[0.0, -50.0]]))[1] == pytest.approx(0.25)


def test_an_observation_may_count_less_than_an_episode():
    table = np.array([[0.0, -1.0], [0.0, -1.0], [-1.0, 0.0]])
    once = stacking_weights(table[1:])
    assert stacking_weights(table, np.array([0.5, 0.5, 1.0])) == pytest.approx(once)
