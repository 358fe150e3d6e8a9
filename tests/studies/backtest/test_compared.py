"""Compared: the mixture is nested, and is no worse than its best member but by chance."""

from dataclasses import replace

import numpy as np
import pytest

from crosscut.studies.backtest.fit.leave_one_out import Folds
from crosscut.studies.backtest.folder import episodes_in
from crosscut.studies.backtest.score.compared import STACKED, compared
from crosscut.studies.backtest.score.lessons import Lessons
from crosscut.studies.backtest.score.model import MODEL, model
from crosscut.studies.backtest.score.quantities import Quantity
from crosscut.studies.backtest.score.rivals import RuleWithErrors, rivals
from tests.ledgers import BUNDLED

EPISODES = episodes_in(BUNDLED)


def by_rules(quantity, episodes=EPISODES, tested=None):
    evidence = Lessons(quantity, episodes, episodes if tested is None else tested)
    return compared(evidence, rivals(evidence))


def test_a_member_that_knows_gets_the_weight_and_the_mixture_follows_it():
    evidence = Lessons(Quantity.END, EPISODES, EPISODES)
    knows = RuleWithErrors("knows", evidence, lambda k, out: [o.value for o in evidence.seen[k]])
    found = compared(evidence, [knows, *rivals(evidence)])
    assert max(found.overall, key=found.overall.get) == "knows"
    stacked = np.mean(list(found.by_episode(STACKED, "crps").values()))
    naive = np.mean(list(found.by_episode("no_change", "crps").values()))
    assert stacked < 0.7 * naive


def test_nothing_of_an_episode_reaches_its_own_prediction_or_weights():
    key = "SB_CHN_2024"
    lied = [
        replace(e, targets=replace(e.targets, price_ratio=40.0)) if e.inputs.id == key else e
        for e in EPISODES
    ]
    before, after = by_rules(Quantity.END), by_rules(Quantity.END, lied)
    assert before.weights[key] == pytest.approx(after.weights[key], abs=0)
    mine = {s.method: s.outcomes[0].median for s in before.scores if s.episode == key}
    theirs = {s.method: s.outcomes[0].median for s in after.scores if s.episode == key}
    assert mine == theirs
    others = [k for k in before.weights if k != key]
    assert any(before.weights[k] != after.weights[k] for k in others)


def test_a_frozen_answer_does_not_depend_on_any_tested_outcome():
    first = [e for e in EPISODES if e.inputs.id != "GA_CHN_2023"]
    tested = [e for e in EPISODES if e.inputs.id == "GA_CHN_2023"]
    lied = [replace(e, targets=replace(e.targets, price_ratio=77.0)) for e in tested]
    a, b = by_rules(Quantity.END, first, tested), by_rules(Quantity.END, first, lied)
    assert {s.method: s.outcomes[0].median for s in a.scores} == {
        s.method: s.outcomes[0].median for s in b.scores
    }
    assert a.weights == b.weights


def test_the_market_is_a_member_of_every_quantity(coarse):
    some = [
        e for e in EPISODES if e.inputs.id in ("NI_IDN_2014", "FE_IND_2010", "GA_CHN_2023", "SB_CHN_2024")
    ]
    folds = Folds([e.inputs for e in some], {e.inputs.id: e.targets for e in some})
    for quantity in (Quantity.END, Quantity.FLOW, Quantity.IMPORTERS):
        evidence = Lessons(quantity, some, some)
        found = compared(evidence, [model(evidence, folds, "A"), *rivals(evidence)])
        scored = {s.episode for s in found.scores if s.method == MODEL}
        assert scored == set(evidence.seen)
        assert all(np.isfinite([s.crps, s.log_score, s.error]).all() for s in found.scores)


def test_the_market_as_a_member_is_the_market_of_the_fold(coarse):
    some = [e for e in EPISODES if e.inputs.id in ("GA_CHN_2023", "SB_CHN_2024")]
    folds = Folds([e.inputs for e in some], {e.inputs.id: e.targets for e in some})
    evidence = Lessons(Quantity.END, some, some)
    member = model(evidence, folds, "A")
    for fold in folds.all("A"):
        price = next(p for p in fold.predicted if p.target == "price_ratio")
        mine = member.predicted(fold.episode_id, frozenset({fold.episode_id}))[0]
        assert np.exp(mine.quantile(0.5)) == pytest.approx(price.value)
