"""What holds in every market (E1, E22): 200 random markets each in CI, 1,000 in the soak."""

import os
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from crosscut.market.events.compiled import no_events
from crosscut.market.model.examples import example_params
from crosscut.market.solve.calibration import calibrate
from crosscut.market.solve.entry import entered
from crosscut.market.solve.newton import starting_point
from crosscut.market.solve.solver import solve, solve_calibrated
from crosscut.market.solve.state import market_after
from tests.market.worlds import (
    export_cap,
    random_chain_world,
    random_events,
    random_levers,
    random_one_form_world,
)

MANY = settings(
    max_examples=1000 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 200,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
SEEDS = st.integers(0, 2**32 - 1)


def market_of(seed, *, taxes=True, levers=True, countries=4):
    """(world, params, events, rng): chain or one form, with trade measures and, where asked for, every other
    lever."""
    rng = np.random.default_rng(seed)
    world = random_chain_world(rng, countries) if seed % 2 else random_one_form_world(rng, countries + 1)
    events = random_events(rng, world, taxes=taxes)
    if levers:
        events = random_levers(rng, world, events)
        # Mines that are paid whatever the market pays may leave no positive price: here they are paid a part
        # at most.
        events = replace(events, floor_share=0.5 * events.floor_share, subsidy=0.2 * events.subsidy)
    params = example_params(
        world,
        sigma=float(rng.uniform(0.7, 5)),
        eta=float(rng.uniform(0.1, 0.8)),
        eps=float(rng.uniform(0.1, 0.8)),
    )
    return world, params, events, rng


@MANY
@given(SEEDS)
def test_tonnes_are_conserved_at_every_node(seed):
    world, params, events, _ = market_of(seed)
    s = solve(world, params, events)
    assume(s.ok)
    b, a = world.output_coefficients(), world.input_coefficients()
    sold, bought = s.flows.sum(axis=2), s.flows.sum(axis=1)
    made = s.supply + b.T @ s.activity + s.released
    used = s.use.sum(axis=2) + a.T @ s.activity + s.stocked
    scale = np.maximum(sold.max(axis=1, keepdims=True), 1e-12)
    assert (np.abs(sold - made) <= 1e-7 * scale).all() and (np.abs(bought - used) <= 1e-7 * scale).all()
    assert s.certificate.money < 1e-12


@MANY
@given(SEEDS, st.floats(-6, 6))
def test_scaling_all_money_changes_no_tonne(seed, power):
    world, params, e, _ = market_of(seed)
    k = 10.0**power
    dear = replace(
        world,
        prices=k * world.prices,
        freight=k * world.freight,
        chain=replace(
            world.chain,
            forms=tuple(replace(f, reference_price=k * f.reference_price) for f in world.chain.forms),
        ),
    )
    dear_events = replace(
        e,
        specific=k * e.specific,
        freight=k * e.freight,
        subsidy=k * e.subsidy,
        process_subsidy=k * e.process_subsidy,
        price_floor=k * e.price_floor,
        releases=tuple(replace(r, trigger=k * r.trigger, width=k * r.width) for r in e.releases),
    )
    s, scaled = solve(world, params, e), solve(dear, params, dear_events)
    assume(s.ok)
    assert scaled.ok
    largest = s.flows.max(axis=(1, 2), keepdims=True)
    assert (np.abs(scaled.flows - s.flows) <= 1e-6 * largest).all()
    alive = np.isfinite(s.price)
    assert np.log(scaled.price[alive] / k) == pytest.approx(np.log(s.price[alive]), abs=1e-6)


@MANY
@given(SEEDS)
def test_prices_are_unique_with_wedges_in_usd_per_tonne(seed):
    """Random starts, with a cap, that arrive at all arrive at the same prices (with ad-valorem wedges too,
    so far)."""
    world, params, events, rng = market_of(seed, taxes=False)
    events = replace(
        events, caps=(export_cap(world, len(world.chain.forms) - 1, 0, float(rng.uniform(0.1, 1.2))),)
    )
    assume(events.caps[0].limit > 0)
    s = solve(world, params, events)
    assume(s.ok)
    c = calibrate(world, params)
    market = market_after(entered(c, events), events)
    start = starting_point(market)
    wild = start + np.concatenate(
        [rng.normal(0, 0.5, len(start) - len(market.groups)), rng.uniform(0, 1, len(market.groups))]
    )
    again = solve_calibrated(c, events, wild)
    assume(again.ok)
    alive = np.isfinite(s.price)
    assert np.log(again.price[alive]) == pytest.approx(np.log(s.price[alive]), abs=1e-6)


@MANY
@given(SEEDS, st.floats(0.02, 0.98))
def test_a_quota_is_a_specific_export_tax_is_an_import_duty_of_its_rent(seed, fraction):
    """All three in USD per tonne, without ad-valorem wedges: the same flows, only the party that earns it
    differs."""
    world, params, events, _ = market_of(seed, taxes=False)
    cap = export_cap(world, len(world.chain.forms) - 1, 0, fraction)
    assume(cap.limit > 0)
    quota = solve(world, params, replace(events, caps=(cap,)))
    assume(quota.ok)
    duty = events.specific.copy()
    duty[cap.form][cap.routes] += quota.multipliers[cap.id]
    tax = solve(world, params, replace(events, specific=duty))
    assert tax.ok
    largest = quota.flows.max(axis=(1, 2), keepdims=True)
    assert (np.abs(tax.flows - quota.flows) <= 1e-6 * largest).all()
    assert np.nan_to_num(tax.marginal) == pytest.approx(np.nan_to_num(quota.marginal), rel=1e-6)


@MANY
@given(SEEDS, st.floats(0.05, 1.0), st.floats(0.3, 0.95))
def test_a_tighter_cap_on_all_exports_never_makes_it_cheaper_abroad(seed, fraction, tighter):
    """One form, the capped country buys nothing abroad, no other event; in general it does not hold (see the
    false ones)."""
    rng = np.random.default_rng(seed)
    world = random_one_form_world(rng, 5)
    q0 = world.q0.copy()
    q0[0, 1:, 0] = 0.0
    M0, D0 = q0.sum(axis=2), q0.sum(axis=1)[..., None]
    world = replace(world, q0=q0, M0=M0, D0=D0, supply_capacity=M0 / 0.9)
    params = example_params(world, sigma=float(rng.uniform(0.7, 5)))
    cap = export_cap(world, 0, 0, fraction)
    assume(cap.limit > 0)
    loose = solve(world, params, replace(no_events(world), caps=(cap,)))
    tight = solve(world, params, replace(no_events(world), caps=(replace(cap, limit=tighter * cap.limit),)))
    assert loose.ok and tight.ok
    abroad = np.isfinite(loose.marginal[0, 1:])
    assert (tight.marginal[0, 1:][abroad] >= loose.marginal[0, 1:][abroad] * (1 - 1e-7)).all()


@MANY
@given(SEEDS)
def test_without_events_every_market_is_its_own_base(seed):
    world, params, _, _ = market_of(seed)
    s = solve(world, params, no_events(world))
    assert s.ok and s.iterations == 0
    assert (np.abs(s.flows - world.q0) <= 1e-11 * world.q0.max(axis=(1, 2), keepdims=True)).all()


def _moved(seed, change):
    """(before, after, world, j): a lever at country 0 of the last form, alone."""
    rng = np.random.default_rng(seed)
    world = random_one_form_world(rng, 5)
    params = example_params(world, sigma=float(rng.uniform(0.7, 5)))
    s = solve(world, params, change(world, no_events(world)))
    assert s.ok, s.failed_market
    return solve(world, params, no_events(world)), s


def _row0(world, value):
    out = np.zeros(world.M0.shape)
    out[0, 0] = value
    return out


@MANY
@given(SEEDS, st.floats(0.01, 0.5))
def test_bought_for_stock_it_gets_dearer_for_the_buyer_and_cheaper_for_nobody(seed, share):
    before, after = _moved(seed, lambda w, e: replace(e, purchases=_row0(w, share * w.use()[0, 0])))
    assert after.marginal[0, 0] > before.marginal[0, 0]
    assert (after.marginal[0] >= before.marginal[0] * (1 - 1e-9)).all()


@MANY
@given(SEEDS, st.floats(0.01, 0.4))
def test_a_subsidy_makes_it_cheaper_everywhere_and_more_is_mined_there(seed, share):
    before, after = _moved(seed, lambda w, e: replace(e, subsidy=_row0(w, share * w.prices[0, 0])))
    assert after.supply[0, 0] > before.supply[0, 0] and after.price[0, 0] < before.price[0, 0]
    assert (after.marginal[0] <= before.marginal[0] * (1 + 1e-9)).all()


@MANY
@given(SEEDS, st.floats(0.3, 0.9), st.floats(1.1, 2.0))
def test_a_switch_of_use_makes_a_shortage_less_dear(seed, lost, trigger):
    def short(w, e):
        return replace(e, supply_factor=1.0 - _row0(w, lost))

    def switched(w, e):
        D = w.D0.shape
        return replace(
            short(w, e),
            switch_share=np.full(D, 0.4),
            switch_trigger=np.full(D, trigger),
            switch_width=np.full(D, 0.1),
        )

    _, stay = _moved(seed, short)
    _, turn = _moved(seed, switched)
    dearer = turn.marginal[0] > stay.marginal[0] * (1 + 1e-9)
    assert not dearer.any()
