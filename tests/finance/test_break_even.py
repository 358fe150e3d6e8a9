"""Questions with answers that can be worked out: break-even price, tax over price, refining."""

from dataclasses import replace

import numpy as np
import pytest

from crosscut.finance.answers.break_even import break_even, refining_case, tax_over_price
from crosscut.finance.answers.metrics import metrics
from crosscut.finance.answers.valuation import unfinanced, valuation
from crosscut.finance.mine.technical import Refinery
from tests.finance.simple import mine, royalty, with_costs

ANNUITY = (1 - 1.1**-4) / 0.1


def project_worth(p):
    v = unfinanced(p)
    return v.worth(v.after_tax)


def test_break_even_price_before_tax():
    # 10,000 mtu a year for four years pay back a million at 10 % when the margin is a million over 10,000
    # annuities
    assert break_even(mine(), project_worth, 1)[0] == pytest.approx(40.0 + 1e6 / 1e4 / ANNUITY, rel=1e-9)
    assert np.isnan(break_even(with_costs(mine(), per_mtu=1e6), project_worth, 1)[0])


def test_break_even_of_many_draws_is_that_of_each():
    costs = np.array([[20.0, 40.0, 90.0]])
    found = break_even(with_costs(mine(), per_mtu=costs), project_worth, 3)
    assert found == pytest.approx(costs[0] + 1e6 / 1e4 / ANNUITY, rel=1e-9)


def test_average_effective_tax_rate():
    p = mine(tax=0.25, royalties=[royalty("revenue", 0.05)])
    t = tax_over_price(p, np.array([50.0, 100.0]))
    before = -1e6 + 600_000 * ANNUITY
    taken = (50_000 + 0.25 * (550_000 - 250_000)) * ANNUITY
    assert t.rate[1] == pytest.approx(taken / before)
    assert metrics(valuation(p))["tax_rate"][0] == pytest.approx(taken / before)
    assert np.isnan(t.rate[0])  # the flow before tax is worth nothing: no rate


def refined(payable=0.8, capital=200_000.0, cost=5.0, fixed=10_000.0, exponent=0.6):
    p = mine()
    spent = np.zeros((len(p.years), 1))
    spent[0] = capital
    plant = Refinery(0.96, spent, cost, 1.0, 2.0, fixed, 1.0, 0.0, exponent)
    return replace(p, product=replace(p.product, payable=payable, refinery=plant))


def test_refining_by_hand():
    r = refining_case(refined())
    sell, make = 10_000 * 100 * 0.8, 9_600 * 100 - 9_600 * 5 - 10_000
    # cost of mining is per mtu sold here, so it falls on 9,600 instead of 10,000
    gain = (make - 9_600 * 40 - (sell - 10_000 * 40)) * ANNUITY - 200_000
    assert r.gain[0] == pytest.approx(gain)
    assert r.margin[0] == pytest.approx(100 - 80 / 0.96)
    assert r.cost[0] == pytest.approx(5 + 10_000 / 9_600)
    assert r.capital_charge[0] == pytest.approx(200_000 / ANNUITY / 9_600)


def test_payable_share_at_which_both_are_equal():
    p = refined()
    even = refining_case(p).even_payable[0]
    again = refining_case(replace(p, product=replace(p.product, payable=even)))
    assert again.gain[0] == pytest.approx(0, abs=1.0)


def test_least_size_at_which_refining_pays():
    small = refining_case(refined())
    assert small.gain[0] < 0 or small.least_size <= 1.0
    # plant and fixed cost per unit fall with size to the power of 0.6 less 1: find the size by hand
    margin = (9_600 * 100 - 9_600 * 5 - 9_600 * 40 - 10_000 * 40) * ANNUITY
    burden = 200_000 + 10_000 * ANNUITY
    size = (burden / margin) ** (1 / 0.4)
    assert small.least_size == pytest.approx(size, rel=0.07)  # sizes are looked at 7 % apart
    assert np.isnan(refining_case(refined(payable=1.2)).least_size)
