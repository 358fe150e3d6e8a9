"""Every way of borrowing and being paid back, worked out by hand on a mine that makes 600,000 a year from
1,000,000."""

from dataclasses import replace

import numpy as np
import pytest

from crosscut.finance.answers.metrics import concession, loan_life_cover
from crosscut.finance.answers.valuation import on_loans, valuation
from crosscut.finance.cash.fiscal import Depreciation
from crosscut.finance.cash.parties import by_party, lines
from crosscut.finance.lenders.borrowing import repayment_shares, sculpted_shares
from crosscut.finance.lenders.financing import (
    Finance,
    Offtake,
    Owner,
    Payment,
    Prepayment,
    ProductStream,
    StateShare,
)
from crosscut.finance.numbers import over_years
from tests.finance.simple import column, loan, mine


def lent(finance=None, **kw):
    return mine(finance=finance or Finance(loans=(loan(**kw),)))


def path(v):
    return v.cash.loans[0]


# 500,000 drawn over the first year at 10 %: half a year of interest, 25,000, is added
OWED = 525_000.0


def test_interest_while_it_is_built_is_added():
    p = path(valuation(lent()))
    assert column(p.drawn)[0] == 500_000
    assert column(p.owed)[0] == pytest.approx(OWED)
    assert column(p.interest)[0] == 0


def test_interest_while_it_is_built_is_paid_by_the_owners():
    v = valuation(lent(interest_added=False))
    assert column(path(v).owed)[0] == 500_000
    assert column(path(v).interest)[0] == 25_000
    assert column(v.cash.contributed)[0] == pytest.approx(525_000)


def test_equal_repayments():
    p = path(valuation(lent()))
    assert column(p.principal)[1:5] == pytest.approx([OWED / 4] * 4)
    assert column(p.interest)[1:5] == pytest.approx([0.1 * OWED * k / 4 for k in (4, 3, 2, 1)])
    assert column(p.owed)[4:] == pytest.approx([0, 0, 0], abs=1e-6)


def test_annuity_is_level():
    p = path(valuation(lent(repayment="annuity")))
    level = OWED * 0.1 / (1 - 1.1**-4)
    assert column(p.principal + p.interest)[1:5] == pytest.approx([level] * 4)


def test_bullet_and_grace():
    p = path(valuation(lent(repayment="bullet", tenor=3, first=2)))
    assert column(p.principal)[1:5] == pytest.approx([0, 0, 0, OWED])
    assert column(p.interest)[1:5] == pytest.approx([0.1 * OWED] * 4)


def test_sculpted_to_cash_has_the_same_cover_every_year():
    apt = np.array([0, 80.0, 120.0, 100.0, 90.0, 0, 0]).reshape((-1, 1))
    v = valuation(replace(lent(repayment="sculpted"), apt=apt))
    cash = np.array([400, 800, 600, 500]) * 1e3
    cover = sum(c / 1.1 ** (k + 1) for k, c in enumerate(cash)) / OWED
    assert column(v.cash.cover)[1:5] == pytest.approx([cover] * 4)
    assert v.terms[0].cover == pytest.approx(cover)
    assert column(path(v).owed)[4] == pytest.approx(0, abs=1e-6)
    assert loan_life_cover(v)[1, 0] == pytest.approx(cover)


def test_sculpted_after_tax_that_depends_on_its_own_interest():
    p = lent(repayment="sculpted")
    p = replace(p, fiscal=mine(tax=0.3, how=Depreciation("pool", rate=0.25)).fiscal)
    v = valuation(p)
    covers = column(v.cash.cover)[1:5]
    assert covers == pytest.approx([covers[0]] * 4, rel=1e-9)


def test_loan_is_cut_to_the_cover_asked():
    v = valuation(lent(repayment="sculpted", dscr=5.0))
    assert v.terms[0].lent < 1
    assert column(v.cash.cover)[1:5] == pytest.approx([5.0] * 4)
    assert column(path(v).drawn)[0] == pytest.approx(500_000 * v.terms[0].lent)
    assert column(v.cash.contributed)[0] == pytest.approx(1e6 - 500_000 * v.terms[0].lent)


def test_sculpting_where_early_cash_is_short_still_repays_everything():
    shares, _ = sculpted_shares(np.array([0, 1.0, 1.0, 500.0, 500.0]), np.full(5, 0.1), 1, 4, 400.0)
    assert shares.sum() == pytest.approx(1.0)
    assert (shares >= 0).all()


def test_repayment_shares_add_up_whatever_the_rate():
    for how in ("annuity", "equal", "bullet"):
        for rate in (0.0, 0.03, 0.2):
            shares = repayment_shares(loan(rate=rate, repayment=how, first=3, tenor=7), 15)
            assert shares.sum() == pytest.approx(1.0)
            assert not shares[:3].any()


def test_fees():
    v = valuation(
        mine(
            capital=(500_000.0, 500_000.0),
            finance=Finance(loans=(loan(upfront_fee=0.02, commitment_fee=0.01, exposure_fee=0.10, first=2),)),
        )
    )
    p = path(v)
    # 2 % of the amount at first drawing; 1 % a year of what was not drawn at the start of the year
    assert column(p.fees)[:2] == pytest.approx([0.02 * 500e3 + 0.01 * 500e3, 0.01 * 250e3])
    first = 250e3 + 0.10 * 250e3 + 0.1 * 125e3
    assert column(p.owed)[:2] == pytest.approx([first, first + 250e3 + 25e3 + 0.1 * (first + 125e3)])


def test_interest_and_fees_before_production_are_capital_and_written_off():
    p = replace(lent(upfront_fee=0.02), fiscal=mine(tax=0.3).fiscal)
    v = valuation(p)
    taxable = 600_000 - (1_000_000 + 25_000 + 10_000) / 4 - 0.1 * OWED
    assert -column(v.cash.tax)[1] == pytest.approx(0.3 * taxable)


def test_letter_that_never_becomes_a_loan_is_paid_by_the_owners():
    p = lent()
    both = replace(
        p, finance=replace(p.finance, loans=(replace(p.finance.loans[0], drawn=np.array([[1.0, 0.0]])),))
    )
    v = valuation(both, on_loans(valuation(p).terms, both))
    assert v.cash.contributed[0].tolist() == pytest.approx([500_000, 1_000_000])
    assert path(v).owed[:, 1].tolist() == [0.0] * 7
    assert v.owners[:, 1] == pytest.approx(column(valuation(mine()).owners))


def test_equity_is_spent_before_a_loan_is_drawn():
    p = mine(capital=(400_000.0, 600_000.0), finance=Finance(loans=(loan(first=2),), equity_first=True))
    v = valuation(p)
    assert column(path(v).drawn)[:2] == pytest.approx([0.0, 500_000])
    assert column(v.cash.contributed)[:2] == pytest.approx([400_000, 100_000])


def test_a_tranche_of_equity_is_paid_in_its_year_and_waits_as_cash():
    """Capital 400,000 and 600,000; half lent as it is spent. A tranche of 450,000 at once covers the owners'
    200,000 and 250,000 of their 300,000 a year later; the missing 50,000 they pay then."""
    tranche = Payment("close", "owners", np.array([[450_000.0], *[[0.0]] * 7]))
    p = mine(capital=(400_000.0, 600_000.0), finance=Finance(loans=(loan(first=2),), tranches=(tranche,)))
    v = valuation(p)
    assert column(path(v).drawn)[:2] == pytest.approx([200_000, 300_000])
    assert column(v.cash.contributed)[:2] == pytest.approx([450_000, 50_000])
    assert column(v.cash.cash)[:2] == pytest.approx([250_000, 0])
    plain = valuation(mine(capital=(400_000.0, 600_000.0), finance=Finance(loans=(loan(first=2),))))
    assert column(v.cash.contributed).sum() == pytest.approx(column(plain.cash.contributed).sum())
    assert column(v.cash.dividends) == pytest.approx(column(plain.cash.dividends))


def test_a_tranche_nobody_needs_comes_back_as_dividends():
    tranche = Payment("close", "owners", np.array([[1_500_000.0], *[[0.0]] * 6]))
    with_it, plain = (valuation(mine(finance=Finance(tranches=x))) for x in ((tranche,), ()))
    more = column(with_it.cash.dividends) - column(plain.cash.dividends)
    paid = column(with_it.cash.contributed).sum() - column(plain.cash.contributed).sum()
    assert paid == pytest.approx(500_000) and more.sum() == pytest.approx(500_000)


def test_loans_never_exceed_what_is_spent():
    p = mine(finance=Finance(loans=(loan(amount=900_000.0), replace(loan(amount=600_000.0), id="second"))))
    v = valuation(p)
    assert sum(column(x.drawn)[0] for x in v.cash.loans) == pytest.approx(1e6)
    assert column(v.cash.loans[0].drawn)[0] == pytest.approx(600_000)


def poor(price_last=41.0, **finance):
    """A mine that cannot pay its debt from the second year on."""
    apt = np.array([0, 60.0, price_last, price_last, 100.0, 0, 0]).reshape((-1, 1))
    return replace(mine(finance=Finance(loans=(loan(),), **finance)), apt=apt)


def test_what_cannot_be_paid_stays_owed_and_is_an_event():
    v = valuation(poor())
    c = v.cash
    due = 0.1 * OWED * 0.75 + OWED / 4
    assert column(c.service)[2] == pytest.approx(due)
    assert column(c.unpaid)[2] == pytest.approx(due - 10_000)
    assert column(path(v).interest)[2] == pytest.approx(10_000)  # interest before principal
    assert column(path(v).owed)[2] == pytest.approx(OWED * 0.75 * 1.1 - 10_000)
    assert bool(c.locked[2, 0])
    assert column(c.dividends)[2] == 0
    assert column(path(v).owed)[4] == pytest.approx(0, abs=1e-6)  # paid in the good year, before any dividend


def test_reserve_is_filled_before_production_used_when_short_and_given_back():
    v = valuation(poor(reserve_months=6.0))
    c = v.cash
    first = OWED / 4 + 0.1 * OWED
    assert column(c.reserve)[0] == pytest.approx(first / 2)
    assert column(c.contributed)[0] == pytest.approx(500_000 + first / 2)
    due = 0.1 * OWED * 0.75 + OWED / 4
    held = column(c.reserve)[1]
    assert column(c.unpaid)[2] == pytest.approx(due - 10_000 - held)
    assert column(c.reserve)[2] == 0
    assert column(c.reserve)[-1] == 0


def test_completion_guarantee_pays_until_its_year_and_its_amount():
    v = valuation(poor(guarantor="Buyer", guarantee=120_000.0, guarantee_last=2))
    assert column(v.cash.guarantee) == pytest.approx([0, 0, 120_000, 0, 0, 0, 0])
    assert v.received["Buyer"].sum() == pytest.approx(-120_000)
    assert np.abs(v.statements.gap).max() < 1e-6


def test_lock_up_keeps_dividends_and_default_sends_all_cash_to_lenders():
    first = OWED / 4 + 0.1 * OWED  # cover 200 / 184 in the first year
    apt = np.array([0, 60.0, 100, 100, 100, 0, 0]).reshape((-1, 1))
    locked = valuation(replace(mine(finance=Finance(loans=(loan(),), lock_up=1.2)), apt=apt))
    assert column(locked.cash.dividends)[1] == 0
    assert column(locked.cash.cash)[1] == pytest.approx(200_000 - first)
    default = valuation(replace(mine(finance=Finance(loans=(loan(),), default=1.2)), apt=apt))
    assert column(path(default).principal)[1] == pytest.approx(OWED / 4 + 200_000 - first)


def test_sweep_repays_early_and_lowers_what_is_due_later():
    v = valuation(mine(finance=Finance(loans=(loan(),), sweep=0.5)))
    left = 600_000 - OWED / 4 - 0.1 * OWED
    swept = min(0.5 * left, OWED * 0.75)
    assert column(path(v).owed)[1] == pytest.approx(OWED * 0.75 - swept)
    assert column(path(v).principal)[2] >= (OWED * 0.75 - swept) / 3


def test_shareholder_loans_are_served_before_dividends():
    v = valuation(mine(finance=Finance(shareholder_share=0.6, shareholder_rate=0.08)))
    c = v.cash
    assert column(c.lent_by_owners)[0] == 600_000
    owed = 600_000 + 0.08 * 300_000
    assert column(c.shareholder_owed)[0] == pytest.approx(owed)
    assert column(c.shareholder_interest)[1] == pytest.approx(0.08 * owed)
    assert column(c.shareholder_principal)[1] == pytest.approx(600_000 - 0.08 * owed)
    assert column(c.dividends)[1] == pytest.approx(0, abs=1e-6)


def test_prepayment_earns_interest_until_production_and_is_repaid_in_parts():
    given = np.zeros((7, 1))
    given[0] = 300_000.0
    v = valuation(mine(finance=Finance(prepayments=(Prepayment("p", "Buyer", given, 0.06, 1, 3),))))
    owed = 300_000 * 1.03
    assert column(v.cash.prepayment_principal)[1:4] == pytest.approx([owed / 3] * 3)
    assert column(v.cash.prepayment_interest)[1:4] == pytest.approx([0.06 * owed * k / 3 for k in (3, 2, 1)])


def test_stream_takes_its_share_up_to_its_limit():
    given = np.zeros((7, 1))
    given[0] = 200_000.0
    v = valuation(
        mine(finance=Finance(streams=(ProductStream("s", "Royalty Co", given, 0.1, 0.2, 2_500.0),)))
    )
    taken = np.array([0, 1000, 1000, 500, 0, 0, 0]) * 100 * 0.8
    assert column(v.operations.stream["s"]) == pytest.approx(-taken)
    assert column(v.received["Royalty Co"]) == pytest.approx(taken - np.array([200_000.0, 0, 0, 0, 0, 0, 0]))


def test_floor_and_cap_are_paid_by_the_buyer():
    apt = np.array([0, 80.0, 100, 130, 100, 0, 0]).reshape((-1, 1))
    v = valuation(
        replace(mine(finance=Finance(offtakes=(Offtake("o", "Buyer", 0.5, 90.0, 120.0),))), apt=apt)
    )
    assert column(v.operations.support["o"])[1:5] == pytest.approx([50_000, 0, -50_000, 0])
    assert v.received["Buyer"].sum() == pytest.approx(0, abs=1e-9)


def test_grant_lowers_what_owners_pay():
    given = over_years(0.0, 7) * 1.0
    given[0] = 150_000.0
    v = valuation(mine(finance=Finance(grants=(Payment("g", "Giver", given),))))
    assert column(v.cash.contributed)[0] == 850_000
    assert column(v.received["Giver"])[0] == -150_000


def owned(carried, rate=0.0):
    owners = (Owner("A", 0.5, False), Owner("B", 0.2, True))
    return mine(finance=Finance(owners=owners, state=StateShare("National Co", 0.3, carried, rate)))


def test_free_carry():
    v = valuation(owned("free"))
    assert column(v.received["A"])[:2] == pytest.approx([-1e6 * 5 / 7, 300_000])
    assert column(v.received["National Co"])[:2] == pytest.approx([0, 180_000])


def test_state_that_pays_its_part():
    v = valuation(owned("pays"))
    assert column(v.received["A"])[:2] == pytest.approx([-500_000, 300_000])
    assert column(v.received["National Co"])[:2] == pytest.approx([-300_000, 180_000])


def test_carry_by_loan_is_paid_back_out_of_dividends():
    v = valuation(owned("loan", 0.10))
    owed = 300_000.0
    back = []
    for _ in range(4):
        owed *= 1.10
        back.append(min(owed, 180_000.0))
        owed -= back[-1]
    assert column(v.received["National Co"])[1:5] == pytest.approx([180_000 - x for x in back])
    assert column(v.received["A"])[1:5] == pytest.approx([300_000 + x * 5 / 7 for x in back])


def test_worth_of_a_cheap_public_loan_is_not_its_amount():
    v = valuation(lent(public=True, rate=0.04, market_rate=0.10))
    p = path(v)
    net = column(p.drawn - p.interest - p.fees - p.principal)
    by_hand = sum(x / 1.1**t for t, x in enumerate(net))
    assert concession(v)[0] == pytest.approx(by_hand)
    assert 0 < by_hand < 0.2 * 500_000
    assert concession(valuation(lent(public=False, rate=0.04, market_rate=0.10))).tolist() == [0.0]
    # at the rate of the market itself the subsidy is the half year of interest on what is drawn in mid year,
    # no more
    same = concession(valuation(lent(public=True, rate=0.10, market_rate=0.10)))[0]
    assert abs(same) <= 0.5 * 0.1 * 500_000 / 1.0


def test_interest_withheld_on_commercial_loans():
    p = mine(finance=Finance(loans=(replace(loan(), kind="commercial"),)))
    p = replace(p, fiscal=replace(p.fiscal, interest=0.10))
    v = valuation(p)
    paid = 0.1 * OWED
    received = by_party(lines(p, v.operations, v.cash))
    assert column(received["bank"])[1] == pytest.approx(0.9 * paid + OWED / 4)
    assert column(v.budget)[1] == pytest.approx(0.1 * paid)
