"""Rivals: known centres, errors learned elsewhere, and nothing learned from what is left out."""

from dataclasses import replace

import numpy as np
import pytest

from crosscut.studies.backtest.episode import MonthPrice
from crosscut.studies.backtest.folder import episodes_in
from crosscut.studies.backtest.score.baselines import price_baselines
from crosscut.studies.backtest.score.lessons import Lessons
from crosscut.studies.backtest.score.quantities import Quantity
from crosscut.studies.backtest.score.rivals import RuleWithErrors, rivals
from tests.ledgers import BUNDLED

EPISODES = episodes_in(BUNDLED)
KEY = "SB_CHN_2024"


def members(quantity, episodes=EPISODES):
    evidence = Lessons(quantity, episodes, episodes)
    return evidence, {m.name: m for m in rivals(evidence)}


def median_of(member, key):
    return member.predicted(key, frozenset({key}))[0].quantile(0.5)


def changed(key, **targets):
    return [replace(e, targets=replace(e.targets, **targets)) if e.inputs.id == key else e for e in EPISODES]


def test_formulas_have_the_centres_of_the_baselines():
    _, found = members(Quantity.END)
    for name in ("no_change", "elasticity_linear", "elasticity_log"):
        assert median_of(found[name], KEY) == pytest.approx(np.log(price_baselines(EPISODES)[name][KEY]))


@pytest.mark.parametrize("quantity", [Quantity.END, Quantity.WINDOW_MEAN])
def test_no_rule_sees_the_outcome_of_what_it_predicts(quantity):
    key = KEY if quantity is Quantity.END else "AL_RUS_2018"
    _, before = members(quantity)
    _, after = members(quantity, changed(key, price_ratio=9.0))
    for name, m in before.items():
        ours, theirs = (x.predicted(key, frozenset({key}))[0] for x in (m, after[name]))
        assert ours.centre == pytest.approx(theirs.centre, abs=0)
        assert ours.weight == pytest.approx(theirs.weight, abs=0)


def test_a_rule_sees_the_outcome_of_another_unless_that_is_left_out():
    other = "W_CHN_2025"
    _, before = members(Quantity.END)
    _, after = members(Quantity.END, changed(other, price_ratio=90.0))
    two = frozenset({KEY, other})
    for name in ("class_median", "no_change"):
        kept = [x[name].predicted(KEY, frozenset({KEY}))[0] for x in (before, after)]
        gone = [x[name].predicted(KEY, two)[0] for x in (before, after)]
        assert abs(kept[0].weight - kept[1].weight).max() > 1e-3
        assert gone[0].weight == pytest.approx(gone[1].weight, abs=0)


def test_a_rule_that_errs_more_is_less_sure():
    evidence, _ = members(Quantity.END)
    sure = RuleWithErrors("right", evidence, lambda k, out: [o.value for o in evidence.seen[k]])
    wild = RuleWithErrors("wrong", evidence, lambda k, out: [o.value + 1.5 for o in evidence.seen[k]])
    one, two = (m.predicted(KEY, frozenset({KEY}))[0] for m in (sure, wild))
    assert two.quantile(0.9) - two.quantile(0.1) > 2 * (one.quantile(0.9) - one.quantile(0.1))


def test_the_common_curve_finds_the_curve_that_made_the_data():
    def months(height):
        return tuple(
            MonthPrice("outside", t, float(np.exp(height * (1 - np.exp(-t / 4.5)))), "mean")
            for t in range(1, 13)
        )

    ids = [e.inputs.id for e in EPISODES if e.targets.core_price and e.inputs.cut_mid and not e.inputs.target]
    made = [
        replace(e, targets=replace(e.targets, months=months(0.8))) for e in EPISODES if e.inputs.id in ids
    ]
    _, found = members(Quantity.MONTH, made)
    predicted = found["common_curve"].predicted(ids[0], frozenset({ids[0]}))
    centres = [p.quantile(0.5) for p in predicted]
    assert centres == pytest.approx([0.8 * (1 - np.exp(-t / 4.5)) for t in range(1, 13)], abs=1e-6)


def test_trade_rules_lose_what_the_measure_takes():
    evidence, found = members(Quantity.IMPORTERS)
    key = "NI_IDN_2014"
    of = {m.importer: m for m in evidence.episodes[key].inputs.imports}
    cut = evidence.episodes[key].inputs.cut_mid
    for o, full, half in zip(
        evidence.seen[key],
        found["proportional_loss"].predicted(key, frozenset({key})),
        found["half_refill"].predicted(key, frozenset({key})),
        strict=True,
    ):
        lost = cut * of[o.key].from_restrictor / of[o.key].tonnes
        assert full.quantile(0.5) == pytest.approx(1 - lost)
        assert half.quantile(0.5) == pytest.approx(1 - lost / 2)
    _, flows = members(Quantity.FLOW)
    assert median_of(flows["announced_cut"], key) == pytest.approx(-cut)
