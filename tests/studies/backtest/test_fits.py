"""Fits: what is put in comes out; classes lean on each other; quantiles are those of the mixture."""

import numpy as np
import pytest

from crosscut.studies.backtest.fit.pricing_fit import (
    NOISE,
    posteriors,
    predictive_quantiles,
)
from crosscut.studies.backtest.fit.surfaces import CUSHION, ELASTICITY, PRECAUTION, Surface
from crosscut.studies.backtest.fit.trading_fit import CANDIDATES, TradingFits, candidates
from crosscut.studies.backtest.score.mixture import mixture_quantile
from tests.ledgers import BUNDLED


def synthetic(shock):
    """ln price = (shock + precaution) / elasticity, whatever the cushion."""
    logs = (shock + PRECAUTION[None, :, None, None]) / ELASTICITY[:, None, None, None]
    shape = (len(ELASTICITY), len(PRECAUTION), len(CUSHION), 1)
    return Surface(np.broadcast_to(logs, shape).copy(), np.zeros(shape), np.ones(1), 0, 1)


def test_the_fit_finds_what_made_the_data():
    rng = np.random.default_rng(3)
    shocks = rng.uniform(0.05, 0.5, 60)
    seen = [(synthetic(s), (s + 0.1) / 0.7 + 0.2 * rng.standard_t(3)) for s in shocks]
    p = posteriors(["a"], {"a": seen})["a"]
    assert p.median(0) == 0.7
    assert p.median(1) == pytest.approx(0.1, abs=0.1)
    assert p.median(3) <= 0.3


def test_a_class_without_episodes_leans_on_the_others():
    seen = {"a": [(synthetic(s), s / 1.5) for s in np.linspace(0.1, 0.6, 30)]}
    p = posteriors(["a", "b"], seen)
    alone = posteriors(["b"], {})["b"]

    def mean(x):
        return float((x.weights.sum(axis=(1, 2, 3)) * np.log(ELASTICITY)).sum())

    assert mean(p["a"]) > mean(p["b"]) > mean(alone)


def test_an_unsolved_point_counts_as_far_off_and_predicts_nothing():
    s = synthetic(0.2)
    s.log_price[0] = np.nan
    p = posteriors(["a"], {"a": [(s, 0.4)]})["a"]
    assert p.weights[0].sum() < 0.02
    assert all(np.isfinite(predictive_quantiles(s, p, (0.1, 0.5, 0.9))))


def test_quantiles_of_a_mixture():
    mu, sd, w = np.array([-3.0, 3.0]), np.array([0.01, 0.01]), np.array([0.25, 0.75])
    assert mixture_quantile(mu, sd, w, 0.1) == pytest.approx(-3, abs=0.05)
    assert mixture_quantile(mu, sd, w, 0.5) == pytest.approx(3, abs=0.05)
    low, mid, high = (
        mixture_quantile(np.zeros(1), np.full(1, NOISE[0]), np.ones(1), q) for q in (0.1, 0.5, 0.9)
    )
    assert low == pytest.approx(-high)
    assert mid == pytest.approx(0, abs=1e-9)


def test_candidates_fill_their_ranges_and_weigh_the_same_without_episodes():
    sigma = np.log([c.sigma for c in candidates()])
    assert np.histogram(sigma, 4, (np.log(0.4), np.log(1.8)))[0].min() >= CANDIDATES // 8
    assert len(set(candidates())) == CANDIDATES
    assert TradingFits([], {}).weighted().weights == pytest.approx(1 / CANDIDATES)


def test_a_market_that_never_clears_has_no_price():
    from dataclasses import replace

    from crosscut.studies.backtest.cases import case_of
    from crosscut.studies.backtest.episode_rows import verdict
    from crosscut.studies.backtest.fit.leave_one_out import predicted, prior_parameters
    from crosscut.studies.backtest.folder import episodes_in

    case = next(case_of(e.inputs) for e in episodes_in(BUNDLED) if e.inputs.id == "GA_CHN_2023")
    nothing = replace(synthetic(0.2), failed=1)
    nothing.log_price[:] = np.nan
    fold = predicted(case, prior_parameters(), "A", None, nothing)
    assert fold.predicted == ()
    assert verdict({"price": None}) == "the market did not clear: no price"
