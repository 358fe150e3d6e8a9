"""What must hold in any project whatever: it adds up, its books balance, sources are uses, draws do not
touch.

Random projects, 100 of them in the fast tier and 1,000 in the soak.
"""

from dataclasses import fields, is_dataclass, replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crosscut.finance.answers.metrics import metrics
from crosscut.finance.answers.returns import irr, irrs, npv
from crosscut.finance.answers.valuation import lenders_terms, on_loans, valuation
from crosscut.finance.cash.statements import unaccounted
from crosscut.finance.lenders.financing import Finance
from tests.finance.random_projects import random_project

SEEDS = st.integers(0, 2**32 - 1)
THIRD = settings(max_examples=settings.default.max_examples // 3)  # of those of the profile, fast or soak


def one_draw(x, k):
    """The same project, its draw `k` alone."""
    if isinstance(x, np.ndarray):
        return x[..., k : k + 1] if x.ndim == 2 and x.shape[1] > 1 else x
    if is_dataclass(x) and not isinstance(x, type):
        return replace(x, **{f.name: one_draw(getattr(x, f.name), k) for f in fields(x)})
    if isinstance(x, tuple):
        return tuple(one_draw(y, k) for y in x)
    return x


def valued(seed):
    p = random_project(seed)
    middle = one_draw(p, 0)
    loans = tuple(replace(x, drawn=1.0) for x in middle.finance.loans)
    try:
        terms = lenders_terms(replace(middle, finance=replace(middle.finance, loans=loans)))
    except ValueError as stop:
        assert "do not settle" in str(stop)
        terms = lenders_terms(
            replace(
                middle,
                finance=replace(middle.finance, loans=tuple(replace(x, repayment="annuity") for x in loans)),
            )
        )
    return p, terms, valuation(p, terms)


def size(v):
    return max(float(np.abs(v.operations.all_capital).max()), float(np.abs(v.operations.revenue).max()), 1.0)


@given(SEEDS)
def test_everything_adds_up(seed):
    p, _terms, v = valued(seed)
    small = 1e-9 * size(v) * len(p.years)
    c, s = v.cash, v.operations.schedule

    # the waterfall: what all parties pay is what the company keeps, and it keeps nothing in the end
    assert np.abs(unaccounted(v.lines, c)).max() < small
    assert (c.cash > -small).all()
    assert (c.reserve > -small).all()
    assert np.abs(c.cash[-1] + c.reserve[-1]).max() < small
    # the books balance in every year and draw, though profit is computed apart from cash
    assert np.abs(v.statements.gap).max() < small
    # sources are uses until production: what comes in from finance and owners is what goes out and is kept
    t = p.production
    inflow = sum(x.money[:t].sum(axis=0) for x in v.lines if x.group in ("finance", "owners"))
    spent = -sum(x.money[:t].sum(axis=0) for x in v.lines if x.group not in ("finance", "owners"))
    kept = (c.cash + c.reserve)[t - 1]
    assert np.abs(inflow - spent - kept).max() < small
    # everything that was capital is written off, no more
    assert np.abs((c.additions + c.capitalised).sum(axis=0) - c.written_off.sum(axis=0)).max() < small
    # loans: what was drawn and added is repaid or still owed, and nothing is owed below nothing
    for loan in c.loans:
        assert (loan.owed > -small).all()
        assert (loan.principal > -small).all()
        assert (loan.interest > -small).all()
    # nobody pays dividends out of nothing, and tax is never negative
    assert (c.dividends > -small).all()
    assert (c.tax < small).all()
    # tonnes: what is in the ground is mined and milled, left, or on a stockpile
    total = sum(np.broadcast_to(np.ravel(o.tonnes), s.left.shape) for o in p.ore)
    assert np.abs(s.milled.sum(axis=0) + s.left + s.stock[-1] - total).max() < 1e-9 * total.max()
    # value added tax comes back whole
    assert np.abs(v.operations.vat.sum(axis=0)).max() < small
    # working capital is let go
    assert np.abs(v.operations.working_capital.sum(axis=0)).max() < small


@THIRD
@given(SEEDS)
@example(619762312)  # a state that receives what rounding leaves
def test_a_draw_does_not_depend_on_the_draws_beside_it(seed):
    p, terms, v = valued(seed)
    together = metrics(v)
    for k in (0, 2):
        alone_project = one_draw(p, k)
        alone = metrics(valuation(alone_project, on_loans(terms, alone_project)))
        for name, x in alone.items():
            a, b = float(x[0]), float(np.broadcast_to(together[name], (3,))[k])
            assert np.isclose(a, b, rtol=1e-9 if "irr" in name else 1e-11, atol=1e-5, equal_nan=True), name


@THIRD
@given(SEEDS)
def test_tax_of_a_single_owner_is_that_of_a_waterfall_without_finance(seed):
    p, _terms, v = valued(seed)
    alone = valuation(replace(p, finance=Finance(streams=p.finance.streams, offtakes=p.finance.offtakes)), ())
    assert np.abs(v.unlevered.tax - alone.cash.tax).max() <= 1e-9 * size(v)
    assert np.abs(v.unlevered.written_off - alone.cash.written_off).max() <= 1e-9 * size(v)
    withheld = sum((x.money for x in alone.lines if x.name.startswith("withheld")), np.zeros((1, 1)))
    kept = np.diff(alone.cash.cash, axis=0, prepend=np.zeros((1, alone.cash.cash.shape[1])))
    assert np.abs(alone.owners - withheld + kept - v.after_tax).max() <= 1e-9 * size(v) * len(p.years)


@THIRD
@given(SEEDS)
def test_a_higher_price_is_never_worse_for_the_project(seed):
    p, terms, v = valued(seed)
    if any(x.steps for x in p.fiscal.royalties):  # a step of the royalty may cost more than the price gives
        return
    up = valuation(replace(p, apt=np.asarray(p.apt) * 1.1), terms)
    assert (up.worth(up.after_tax) >= v.worth(v.after_tax) - 1e-6 * size(v)).all()


@given(st.lists(st.floats(-100, 100), min_size=2, max_size=40))
def test_every_rate_found_is_a_rate_of_return(flows):
    for r in irrs(flows):
        scale = float(npv(r, np.abs(flows)))
        assert abs(float(npv(r, flows))) <= 1e-6 * scale


@given(st.floats(-0.5, 3.0), st.floats(-0.5, 3.0), st.floats(1, 1e6))
def test_flows_made_to_have_two_rates_give_both_back(a, b, scale):
    if abs(a - b) < 1e-3:
        return
    qa, qb = 1 + a, 1 + b
    flows = [-scale, scale * (qa + qb), -scale * qa * qb]  # (x qa - 1)(1 - x qb), x the discount factor
    found = irrs(flows)
    assert len(found) == 2
    assert np.allclose(found, sorted((a, b)), rtol=1e-7, atol=1e-7)
    one = irr(np.array(flows).reshape((-1, 1)))[0]
    if min(a, b) > 0.01 and abs(a - b) > 0.1:
        assert np.isnan(one)  # two positive rates: none is given
    if min(a, b) < -0.01 and max(a, b) > 0.01 and sum(flows) > 0:
        assert one == pytest.approx(max(a, b), rel=1e-9)  # Norstrom: the positive one is meant


@given(st.integers(0, 10_000))
def test_one_rate_in_many_columns_is_the_one_of_the_single_flow(seed):
    r = np.random.default_rng(seed)
    x = r.normal(0, 1, (int(r.integers(3, 30)), 7))
    x[0] = -np.abs(x[0]) * 5
    many = irr(x)
    for k in range(7):
        roots = irrs(x[:, k])
        if np.isfinite(many[k]):
            assert min(abs(many[k] - q) for q in roots) < 1e-9 * (1 + abs(many[k]))


def test_the_two_methods_of_pyxirr_agree():
    pyxirr = pytest.importorskip("pyxirr")
    r = np.random.default_rng(5)
    for _ in range(200):
        flow = np.r_[-r.uniform(50, 200), r.uniform(-5, 60, 12)]
        theirs = pyxirr.irr(flow)
        roots = irrs(flow)
        if theirs is not None:
            assert min(abs(theirs - q) for q in roots) < 1e-8
