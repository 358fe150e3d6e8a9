"""Quantities: each has targets of its own, and none stands in for another."""

import math
from dataclasses import replace

import pytest

from crosscut.studies.backtest.episode import MonthPrice, PriceMetric
from crosscut.studies.backtest.folder import episodes_in
from crosscut.studies.backtest.score.quantities import Quantity, counts, observed
from tests.ledgers import BUNDLED

EPISODES = {e.inputs.id: e for e in episodes_in(BUNDLED)}


def with_months(key, months, place="outside", metric=None):
    e = EPISODES[key]
    rows = tuple(MonthPrice(place, m, r, "mean") for m, r in months.items())
    inputs = e.inputs if metric is None else replace(e.inputs, price_metric=metric)
    return replace(e, inputs=inputs, targets=replace(e.targets, months=rows))


def value(episode, quantity):
    rows = observed(episode, quantity)
    return math.exp(rows[0].value) if rows else None


def test_a_quotation_is_a_price_at_the_end_and_no_mean():
    e = with_months("SB_CHN_2024", {})
    assert value(e, Quantity.END) == pytest.approx(e.targets.price_ratio)
    assert observed(e, Quantity.WINDOW_MEAN) == ()


def test_a_mean_of_twelve_months_is_no_price_at_the_end():
    e = with_months("AL_RUS_2018", {})
    assert value(e, Quantity.WINDOW_MEAN) == pytest.approx(e.targets.price_ratio)
    assert observed(e, Quantity.END) == ()
    assert value(with_months("AL_RUS_2018", {12: 1.1}), Quantity.END) == pytest.approx(1.1)


def test_half_a_year_of_quotations_makes_a_mean_and_less_does_not():
    six = dict.fromkeys(range(1, 6), 1.0) | {12: 2.0}
    e = with_months("SB_CHN_2024", six, metric=PriceMetric.QUOTATION)
    assert value(e, Quantity.WINDOW_MEAN) == pytest.approx(7 / 6)
    assert observed(with_months("SB_CHN_2024", {1: 1.0, 12: 2.0}), Quantity.WINDOW_MEAN) == ()


def test_months_outside_and_inside_are_apart_and_an_episode_counts_once():
    e = with_months("SB_CHN_2024", {1: 1.2, 2: 1.5, 14: 9.0})
    rows = observed(e, Quantity.MONTH)
    assert [(o.key, round(math.exp(o.value), 6)) for o in rows] == [("1", 1.2), ("2", 1.5)]
    assert sum(o.weight for o in rows) == pytest.approx(1)
    assert observed(e, Quantity.MONTH_INSIDE) == ()
    assert len(observed(with_months("SB_CHN_2024", {3: 0.9}, "inside"), Quantity.MONTH_INSIDE)) == 1


def test_importers_weigh_what_they_bought():
    rows = observed(EPISODES["NI_IDN_2014"], Quantity.IMPORTERS)
    assert sum(o.weight for o in rows) == pytest.approx(1)
    assert max(rows, key=lambda o: o.weight).key == "CHN"


def test_prices_and_trade_count_by_marks_of_their_own():
    e = EPISODES["SB_CHN_2024"]
    assert counts(e, Quantity.END)
    assert not counts(e, Quantity.FLOW)
