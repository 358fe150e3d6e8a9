"""Every tax and every way of writing off, worked out by hand on a mine that sells 10,000 mtu at 100 for 40 a
year."""

from dataclasses import replace

import numpy as np
import pytest

from crosscut.finance.answers.metrics import metrics
from crosscut.finance.answers.valuation import valuation
from crosscut.finance.cash.fiscal import Credit, Depreciation, Vat
from crosscut.finance.cash.writing_off import written_off
from crosscut.finance.mine.project import CapitalItem, WorkingCapital
from crosscut.finance.mine.technical import ByProduct
from crosscut.finance.numbers import shifted
from tests.finance.simple import column, mine, royalty, with_costs, with_income

SALES, COST = 1_000_000.0, 400_000.0


def duty(p):
    return column(valuation(p).cash.duties["r"])


@pytest.mark.parametrize(
    ("base", "rate", "by_hand"),
    [
        ("revenue", 0.05, 0.05 * SALES),
        ("product_revenue", 0.05, 0.05 * SALES),
        ("net_revenue", 0.05, 0.05 * (SALES - 10_000 * 2.0 - 1000 * 0.1 / 0.65 * 15.0)),
        ("ore_value", 0.078, 0.078 * SALES / 0.8),  # the metal in the ore, of which 80 % is recovered
        ("ore", 3.0, 3.0 * 1250.0),
        ("mtu", 2.5, 2.5 * 10_000),
        ("profit", 0.16, 0.16 * (SALES - 20_000 - 1000 * 0.1 / 0.65 * 15.0 - COST - 250_000)),
    ],
)
def test_royalty_by_base(base, rate, by_hand):
    p = mine(royalties=[royalty(base, rate)])
    ore = replace(p.ore[0], tonnes=5000.0, recovery=0.8)
    p = replace(p, ore=(ore,), mine=replace(p.mine, capacity=1250.0))
    p = replace(p, product=replace(p.product, treatment=2.0, freight=10.0, penalties=5.0))
    assert duty(p)[1:5] == pytest.approx([-by_hand] * 4, rel=1e-12)
    assert duty(p)[[0, 5, 6]].tolist() == [0, 0, 0]


def test_royalty_on_profit_is_never_below_nothing():
    assert duty(mine(price=50.0, royalties=[royalty("profit", 0.16)])).tolist() == [0.0] * 7


def test_royalty_steps_go_by_the_price():
    p = mine(royalties=[royalty("revenue", 0.0, steps=((0.0, 0.03), (100.0, 0.06), (150.0, 0.10)))])
    p = replace(p, apt=np.array([0, 99.0, 100.0, 149.0, 200.0, 0, 0]).reshape((-1, 1)))
    assert -duty(p)[1:5] == pytest.approx([0.03 * 990_000, 0.06 * 1e6, 0.06 * 1.49e6, 0.10 * 2e6])


def test_royalty_holiday_and_private_holder():
    due = np.array([0, 0, 0, 1.0, 1.0, 1.0, 1.0]).reshape((-1, 1))
    v = valuation(mine(royalties=[royalty("revenue", 0.05, due=due, private=True)]))
    assert column(v.cash.duties["r"])[1:5].tolist() == [0, 0, -50_000, -50_000]
    assert "royalty holders" in v.received
    assert not v.budget.any()


def test_what_is_not_deductible_is_not_deducted():
    kept = valuation(mine(tax=0.2, royalties=[royalty("revenue", 0.05)]))
    not_kept = valuation(mine(tax=0.2, royalties=[royalty("revenue", 0.05, deductible=False)]))
    assert -column(kept.cash.tax)[1] == pytest.approx(0.2 * (SALES - COST - 50_000 - 250_000))
    assert -column(not_kept.cash.tax)[1] == pytest.approx(0.2 * (SALES - COST - 250_000))


def off(how, spent=(1000.0, 0, 0, 0, 0, 0), first=1, last=4, milled=(0, 1, 2, 3, 4, 0)):
    added = np.array(spent, dtype=float).reshape((-1, 1))
    return written_off(
        added, how, first, np.array([float(last)]), np.array(milled, dtype=float).reshape((-1, 1))
    )[:, 0]


def test_straight_line():
    assert off(Depreciation("straight", years=4)).tolist() == [0, 250, 250, 250, 250, 0]


def test_straight_line_over_more_years_than_the_mine_lives_ends_with_it():
    assert off(Depreciation("straight", years=10)).tolist() == [0, 100, 100, 100, 700, 0]


def test_straight_line_over_a_part_year():
    assert off(Depreciation("straight", years=2.5)) == pytest.approx([0, 400, 400, 200, 0, 0])


def test_straight_line_of_what_is_added_later():
    assert off(Depreciation("straight", years=2), spent=(1000, 0, 600, 0, 0, 0)) == pytest.approx(
        [0, 500, 800, 300, 0, 0]
    )


def test_declining_balance_and_pool():
    by_hand = [0, 250, 187.5, 140.625, 421.875, 0]  # 25 % of the balance, the rest in the last year
    assert off(Depreciation("declining", rate=0.25)) == pytest.approx(by_hand)
    assert off(Depreciation("pool", rate=0.25)) == pytest.approx(by_hand)


def test_declining_balance_that_changes_to_a_straight_line():
    # 30 % of 1000, then a third of the 700 left, which is more than 30 % of it
    third = 700 / 3
    assert off(Depreciation("declining", rate=0.3, years=4)) == pytest.approx(
        [0, 300, third, third, third, 0]
    )


def test_units_of_production():
    assert off(Depreciation("units")) == pytest.approx([0, 100, 200, 300, 400, 0])


def test_at_once():
    assert off(Depreciation("at_once"), spent=(1000, 0, 60, 0, 0, 0)) == pytest.approx([0, 1000, 60, 0, 0, 0])


def test_income_tax_by_hand():
    v = valuation(mine(tax=0.30, how=Depreciation("pool", rate=0.25)))
    assert -column(v.cash.tax)[1:5] == pytest.approx(
        [0.3 * (600_000 - d) for d in (250_000, 187_500, 140_625, 421_875)]
    )


def test_asset_classes_have_their_own_method():
    p = mine(tax=0.30)
    spent = np.zeros((7, 1))
    spent[0] = 400_000.0
    p = replace(p, capital=(*p.capital, CapitalItem("pit", spent, "preparation")))
    p = with_income(
        p, depreciation={"plant": Depreciation("straight", years=4), "preparation": Depreciation("at_once")}
    )
    assert -column(valuation(p).cash.tax)[1:3] == pytest.approx([0.0, 0.3 * (350_000 - 50_000)])


def test_losses_are_carried_forward_capped_and_lost():
    p = mine(producing=5, tax=0.25, how=Depreciation("at_once"))
    apt = np.array([0, 90.0, 70, 60, 60, 60, 0, 0]).reshape(
        (-1, 1)
    )  # profit 500, 300, 200, 200, 200 thousand
    capped = valuation(with_income(replace(p, apt=apt), loss_cap=0.5))
    # loss of 500 in the first year; half of 300, 200, 200 may be covered, then the last 25 + ...
    assert -column(capped.cash.tax)[1:6] == pytest.approx(
        [0, 0.25 * 150e3, 0.25 * 100e3, 0.25 * 100e3, 0.25 * 100e3]
    )
    short = valuation(with_income(replace(p, apt=apt), loss_years=1))
    assert -column(short.cash.tax)[1:6] == pytest.approx([0, 0, 0.25 * 200e3, 0.25 * 200e3, 0.25 * 200e3])
    assert short.cash.losses_expired.tolist() == [200e3]
    ever = valuation(replace(p, apt=apt))
    assert -column(ever.cash.tax)[1:6] == pytest.approx([0, 0, 0, 0.25 * 200e3, 0.25 * 200e3])


def test_holiday_of_income_tax():
    due = np.array([1.0, 0, 0, 1, 1, 1, 1]).reshape((-1, 1))
    assert -column(valuation(with_income(mine(tax=0.2), due=due)).cash.tax)[1:5] == pytest.approx(
        [0, 0, 70e3, 70e3]
    )


def test_depletion_within_its_cap():
    p = with_income(mine(tax=0.2), depletion=0.22, depletion_cap=0.5)
    # profit 350: 22 % of sales is 220, half of profit 175
    assert -column(valuation(p).cash.tax)[1] == pytest.approx(0.2 * (350_000 - 175_000))
    p = with_income(mine(tax=0.2), depletion=0.15, depletion_cap=0.5)
    assert -column(valuation(p).cash.tax)[1] == pytest.approx(0.2 * (350_000 - 150_000))


def test_export_duty_and_credit():
    p = mine(tax=0.2)
    p = replace(p, fiscal=replace(p.fiscal, export_duty=0.05, credits=(Credit("c", "operating", 0.10),)))
    v = valuation(p)
    assert column(v.operations.export_duty)[1] == -50_000
    assert column(v.operations.credits)[1] == pytest.approx(40_000)
    # the duty is deducted, the credit not taxed
    assert -column(v.cash.tax)[1] == pytest.approx(0.2 * (350_000 - 50_000))


def test_value_added_tax_comes_back_later_and_adds_up_to_nothing():
    p = mine()
    p = replace(p, fiscal=replace(p.fiscal, vat=Vat(0.16, 0.5, 1.0, 1.5)))
    v = valuation(p)
    paid = np.array([160_000.0, *[32_000.0] * 4, 0, 0])
    back = 0.5 * shifted(paid, 1) + 0.5 * shifted(paid, 2)
    assert column(v.operations.vat) == pytest.approx(back - paid)
    assert v.operations.vat.sum() == pytest.approx(0, abs=1e-9)
    assert column(v.operations.vat_owed)[:2] == pytest.approx([160_000, 160_000 - 80_000 + 32_000])


def test_withholding_on_dividends_of_owners_abroad():
    p = mine(tax=0.2)
    v = valuation(replace(p, fiscal=replace(p.fiscal, dividends=0.15)))
    paid = column(v.cash.dividends)[1]
    assert paid == pytest.approx(600_000 - 0.2 * 350_000)
    assert column(v.received["Owners"])[1] == pytest.approx(0.85 * paid)
    assert column(v.budget)[1] == pytest.approx(0.15 * paid + 0.2 * 350_000)


def test_working_capital_is_tied_up_and_let_go():
    p = replace(mine(), working_capital=WorkingCapital(36.5, 73.0, 36.5))
    v = valuation(p)
    tied = 0.1 * SALES + 0.2 * COST - 0.1 * COST
    assert column(v.operations.working_capital) == pytest.approx([0, -tied, 0, 0, 0, tied, 0])


def test_closure_and_salvage_fall_after_the_last_ore_and_are_deducted():
    p = with_costs(mine(tax=0.5), closure=80_000.0, closure_years=2, salvage=30_000.0)
    v = valuation(p)
    assert column(v.operations.closure) == pytest.approx([0, 0, 0, 0, 0, -40_000, -10_000])
    assert not v.cash.tax[5:].any()  # nothing left to deduct them from


def test_by_products_levies_and_sustaining_capital():
    p = with_costs(mine(tax=0.2), levies=0.02, sustaining_per_ore=7.0, overhead=1000.0)
    p = replace(p, by_products=(ByProduct("mo", price=30_000.0, per_ore=0.001, payable=0.9),))
    v = valuation(p)
    assert column(v.operations.by_products)[1] == pytest.approx(27_000)
    assert column(v.operations.levies)[1] == pytest.approx(-0.02 * 401_000)
    assert column(v.operations.sustaining)[1] == pytest.approx(-7000)
    # the first year: 250,000 of the plant, and a quarter of the year's sustaining capital
    taxable = SALES + 27_000 - 401_000 * 1.02 - 250_000 - 7000 / 4
    assert -column(v.cash.tax)[1] == pytest.approx(0.2 * taxable)


def test_worth_and_rate_of_return_by_hand():
    v = valuation(mine(tax=0.2))
    kept = 600_000 - 0.2 * 350_000
    assert v.worth(v.after_tax)[0] == pytest.approx(-1e6 + sum(kept / 1.1**t for t in range(1, 5)))
    r = v.rate_of_return(v.after_tax)[0]
    assert -1e6 + sum(kept / (1 + r) ** t for t in range(1, 5)) == pytest.approx(0, abs=1e-6)
    mid = replace(v.project, discounting=replace(v.project.discounting, early=0.5))
    assert valuation(mid).worth(v.after_tax)[0] == pytest.approx(v.worth(v.after_tax)[0] * 1.1**0.5)


def test_payback_from_first_spending_and_from_production():
    m = metrics(
        valuation(mine(price=80.0))
    )  # 400,000 a year: the million is back half way through the third year
    assert m["payback"][0] == pytest.approx(1 + 2.5)
    assert m["payback_production"][0] == pytest.approx(2.5)


def test_real_and_nominal_worth_are_the_same_thing_in_other_money():
    index = 1.03 ** np.arange(7).reshape((-1, 1))
    p = mine(price=100.0 * index, cost=40.0 * index, rate=1.10 * 1.03 - 1)
    v = valuation(replace(p, index=index))
    real = valuation(mine())
    assert v.real_worth(v.after_tax)[0] == pytest.approx(real.worth(real.after_tax)[0], rel=1e-12)
    assert v.worth(v.after_tax)[0] == pytest.approx(real.worth(real.after_tax)[0], rel=1e-12)
