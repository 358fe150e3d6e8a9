"""Welfare (E19) adds up and equals its path integral; the money identity (E18) holds."""

from dataclasses import replace

import numpy as np
import pytest

from crosscut.market.events.compiled import Group, StockRule, no_events
from crosscut.market.events.events import RentTo
from crosscut.market.model.examples import example_params
from crosscut.market.read.welfare import ITEMS, welfare_change
from crosscut.market.solve.calibration import calibrate
from crosscut.market.solve.certificate import money_flows
from crosscut.market.solve.solver import solve
from tests.market.worlds import (
    export_cap,
    random_chain_world,
    random_events,
    random_levers,
    random_one_form_world,
)


def path_integral(world, params, events_at, steps=24):
    """Integral of sum (d - p - t) dq along a path of events: midpoint rule at two step widths, extrapolated.

    Returns the integral and how far the two widths are apart, which bounds its error.
    """

    def midpoints(n):
        total, before = 0.0, solve(world, params, events_at(0.0))
        for k in range(n):
            mid, after = (solve(world, params, events_at((k + x) / n)) for x in (0.5, 1.0))
            gap = np.nan_to_num(
                mid.delivered - np.nan_to_num(mid.price)[..., None] - events_at((k + 0.5) / n).freight
            )
            total += float((gap * (after.flows - before.flows)).sum())
            before = after
        return total

    coarse, fine = midpoints(steps), midpoints(2 * steps)
    return fine + (fine - coarse) / 3, abs(fine - coarse)


@pytest.mark.parametrize("owner", [RentTo.EXPORTERS, RentTo.IMPORTERS, RentTo.NOBODY])
@pytest.mark.parametrize("chain", [False, True])
def test_total_is_the_path_integral_with_a_quota_a_tariff_and_an_export_tax(chain, owner):
    """What nobody receives is the one part of the integral that is in no item."""
    rng = np.random.default_rng(1)
    world = random_chain_world(rng, 4) if chain else random_one_form_world(rng, 4, spread=2.0, sparse=0.0)
    params = example_params(world, sigma=3.0)
    last = len(world.chain.forms) - 1
    cap = export_cap(world, last, 0, 1.0, owner)

    def events_at(t):
        e = no_events(world)
        tariff, tax, specific = e.tariff.copy(), e.export_tax.copy(), e.specific.copy()
        tariff[last, 1, 2] = 0.3 * t
        tax[0, 3] = 0.1 * t
        specific[last, :, 3] = 20.0 * t
        specific[last, 3, 3] = 0.0
        caps = (replace(cap, limit=cap.limit * (1 - 0.3 * t)),) if t > 0 else ()
        return replace(e, tariff=tariff, export_tax=tax, specific=specific, caps=caps)

    before, after = solve(world, params, events_at(0.0)), solve(world, params, events_at(1.0))
    change = welfare_change(world, params, events_at(0.0), before, events_at(1.0), after)
    expected, width = path_integral(world, params, events_at)
    assert width < 5e-3 * abs(expected), "the quadrature is fine enough to say anything"
    lost = after.multipliers[cap.id] * after.flows[last][cap.routes].sum() if owner is RentTo.NOBODY else 0.0
    assert change["total"].sum() + lost == pytest.approx(expected, rel=2e-5)


def test_items_add_up_to_the_total():
    rng = np.random.default_rng(5)
    world = random_chain_world(rng, 6)
    params = example_params(world)
    e0, e1 = no_events(world), random_events(rng, world)
    change = welfare_change(world, params, e0, solve(world, params, e0), e1, solve(world, params, e1))
    assert np.sum([change[i] for i in ITEMS], axis=0) == pytest.approx(change["total"], rel=1e-12)


def test_nothing_happens_nothing_changes():
    world = random_chain_world(np.random.default_rng(1), 4)
    params = example_params(world)
    e = no_events(world)
    s = solve(world, params, e)
    change = welfare_change(world, params, e, s, e, s)
    assert all(np.abs(v).max() == 0 for v in change.values())


@pytest.mark.parametrize("seed", range(10))
def test_buyers_spending_is_somebodys_income(seed):
    """Money identity to 1e-12, with every wedge at once."""
    rng = np.random.default_rng(seed)
    world = random_chain_world(rng, 6) if seed % 2 else random_one_form_world(rng, 8)
    last = len(world.chain.forms) - 1
    events = replace(random_events(rng, world), caps=(export_cap(world, last, 0, 0.5),))
    s = solve(world, example_params(world), events)
    assert s.ok
    parts = money_flows(world, events, s.price, s.flows, s.wedge)
    paid = float((s.flows * np.nan_to_num(s.delivered)).sum())
    assert sum(parts.values()) == pytest.approx(paid, rel=1e-12)


@pytest.mark.parametrize("rent_to", list(RentTo))
def test_rent_goes_to_its_owner(rent_to):
    world = random_one_form_world(np.random.default_rng(2), 4, sparse=0.0)
    params = example_params(world)
    cap = export_cap(world, 0, 0, 0.5, rent_to)
    e0, e1 = no_events(world), replace(no_events(world), caps=(cap,))
    after = solve(world, params, e1)
    rents = welfare_change(world, params, e0, solve(world, params, e0), e1, after)["rents"]
    rent = after.multipliers[cap.id] * cap.limit
    assert rent > 0
    if rent_to is RentTo.NOBODY:
        assert not rents.any()
    else:
        assert rents.sum() == pytest.approx(rent, rel=1e-6)
        assert (rents[0] == pytest.approx(rents.sum())) == (rent_to is not RentTo.IMPORTERS)


def test_a_buyer_that_nothing_reaches_loses_its_surplus():
    world = random_one_form_world(np.random.default_rng(4), 4, sparse=0.0)
    params = example_params(world)
    e0 = no_events(world)
    routes = np.ones_like(e0.open_routes)
    routes[0, :, 1] = False
    e1 = replace(e0, open_routes=routes)
    change = welfare_change(world, params, e0, solve(world, params, e0), e1, solve(world, params, e1))
    assert np.isfinite(change["buyers"]).all()
    assert change["buyers"][1] < 0


@pytest.mark.parametrize("seed", range(3))
def test_total_is_the_path_integral_with_every_new_lever(seed):
    """Subsidy, guaranteed price, stocks bought and released, a limit passed at a price, beside a tariff off
    its basis."""
    rng = np.random.default_rng(seed)
    world = random_one_form_world(rng, 4, spread=2.0, sparse=0.0)
    params = example_params(world, sigma=3.0)
    cap = replace(export_cap(world, 0, 0, 0.7), toll=120.0)
    base_flow = cap.limit / 0.7
    p0, M0, U0 = world.prices, world.M0, world.use()
    tariff = np.zeros_like(world.tariff)
    tariff[0, 1, 2] = 0.3
    row = np.arange(4)[None]

    def events_at(t):
        e = no_events(world)
        return replace(
            e,
            tariff=t * tariff,
            cif_shift=-t * tariff,
            caps=(replace(cap, limit=base_flow * (1 - 0.3 * t)),),
            subsidy=np.where(row == 1, 80.0 * t, 0.0),
            price_floor=np.where(row == 2, 1.15 * p0, 0.0),
            floor_share=np.where(row == 2, 0.8 * t, 0.0),
            purchases=np.where(row == 3, 0.2 * t * U0, 0.0),
            releases=(StockRule("s", 0, 1, 0.2 * M0[0, 1] * t, 1.02 * p0[0, 1], 0.02 * p0[0, 1]),),
        )

    total, steps = 0.0, 400
    previous = solve(world, params, events_at(0.0))
    first = previous
    for k in range(steps):
        ev = events_at((k + 0.5) / steps)
        mid, following = solve(world, params, ev), solve(world, params, events_at((k + 1) / steps))
        gap = np.nan_to_num(mid.delivered - np.nan_to_num(mid.price)[..., None] - ev.freight)
        total += float((gap * (following.flows - previous.flows)).sum())
        total -= float(((mid.producer_price - mid.price) * (following.supply - previous.supply)).sum())
        total -= float(
            ((mid.marginal - world_phi0(world, params)) * (following.stocked - previous.stocked)).sum()
        )
        total += float(((mid.price - p0) * (following.released - previous.released)).sum())
        previous = following
    change = welfare_change(world, params, events_at(0.0), first, events_at(1.0), previous)
    leaked = previous.flows[0][cap.routes].sum() - 0.7 * base_flow
    assert leaked > 0 and previous.multipliers[cap.id] == pytest.approx(120.0)
    assert previous.stocked.sum() > 0 and previous.released.sum() > 0
    # What passes the limit pays 120 USD/t to nobody.
    assert change["total"].sum() == pytest.approx(total - 120.0 * leaked, rel=2e-3)
    assert (previous.producer_price - previous.price)[0, 2] > 0 and change["miners"][2] > 0


def world_phi0(world, params):
    return calibrate(world, params).phi0


def test_a_passed_limit_leaves_its_rent_on_what_is_licensed_only():
    world = random_one_form_world(np.random.default_rng(2), 4, sparse=0.0)
    params = example_params(world)
    cap = replace(export_cap(world, 0, 0, 0.3, RentTo.IMPORTERS), toll=30.0)
    e0, e1 = no_events(world), replace(no_events(world), caps=(cap,))
    after = solve(world, params, e1)
    rents = welfare_change(world, params, e0, solve(world, params, e0), e1, after)["rents"]
    assert after.flows[0][cap.routes].sum() > cap.limit
    assert rents.sum() == pytest.approx(30.0 * cap.limit, rel=1e-8)


@pytest.mark.parametrize("seed", range(6))
def test_money_adds_up_with_every_lever(seed):
    rng = np.random.default_rng(seed)
    world = random_chain_world(rng, 6) if seed % 2 else random_one_form_world(rng, 8)
    events = random_levers(rng, world, random_events(rng, world))
    params = example_params(world)
    e0 = no_events(world)
    s = solve(world, params, events)
    assert s.ok and s.certificate.holds() and s.certificate.money < 1e-12
    change = welfare_change(world, params, e0, solve(world, params, e0), events, s)
    assert np.sum([change[i] for i in ITEMS], axis=0) == pytest.approx(change["total"], rel=1e-12)
    assert all(np.isfinite(v).all() for v in change.values())


def test_a_buyer_whose_price_turns_negative_gains_the_area_under_the_line():
    """A promise far beyond use clears at a negative price only; demand is a straight line down there."""
    world = random_one_form_world(np.random.default_rng(3), 4, sparse=0.0)
    params = example_params(world)
    routes = np.zeros((4, 4), dtype=bool)
    i, j = int(np.argmax(world.M0[0])), int(np.argmin(world.use()[0]))
    routes[i, j] = True
    e0 = no_events(world)
    e1 = replace(e0, floors=(Group("promise", "floor", 0, routes, 0.9 * float(world.M0[0, i])),))
    before, after = solve(world, params, e0), solve(world, params, e1)
    assert after.ok and after.marginal[0, j] < 0
    gain = welfare_change(world, params, e0, before, e1, after)["buyers"][j]
    demand = calibrate(world, params).demand
    grid = np.linspace(after.marginal[0, j], before.marginal[0, j], 20001)
    used = np.array(
        [demand.value(np.where(np.arange(4)[None] == j, x, before.marginal))[0, j, 0] for x in grid]
    )
    assert gain == pytest.approx(np.trapezoid(used, grid), rel=1e-6)
