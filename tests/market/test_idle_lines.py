"""Idle lines (E17): a plant cut off from its buyers runs a share of its lines.

The market clears at the lowest price a plant sells at.
"""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import brentq

from crosscut.inputs.scenario.catalogue import scenario
from crosscut.inputs.scenario.places import on_world
from crosscut.market.events.compiled import no_events
from crosscut.market.events.compiler.compile_events import compile_events
from crosscut.market.model.chain import Chain, Form, Process
from crosscut.market.model.examples import chain_world, example_params
from crosscut.market.read.welfare import ITEMS, welfare_change
from crosscut.market.solve.calibration import calibrate
from crosscut.market.solve.continuation import start_near
from crosscut.market.solve.idle_lines import GLUT, NO_BUYER
from crosscut.market.solve.jacobian import jacobian
from crosscut.market.solve.newton import starting_point, unpacked
from crosscut.market.solve.root import root
from crosscut.market.solve.solver import shocked_market, solve
from crosscut.market.solve.state import residuals, state_at
from crosscut.market.solvers import kernel_installed
from crosscut.worlds import world as load
from crosscut.worlds.parameters import median_params, parameter_distributions, params_at
from tests.ledgers import BUNDLED
from tests.market.worlds import export_cap

WORLD = load(BUNDLED, "tungsten")
PARAMS = median_params(WORLD)
OXIDE, FERRO = WORLD.chain.form_index("oxide"), WORLD.chain.form_index("ferro")
VNM = WORLD.countries.index("VNM")
STOPS = {"oxide": (OXIDE,), "ferro": (FERRO,), "oxide and ferro": (OXIDE, FERRO)}


def stop(form, country, world=WORLD):
    routes = no_events(world).open_routes.copy()
    routes[form, country, :] = False
    routes[form, country, country] = True
    return replace(no_events(world), open_routes=routes)


def drawn(seed):
    """Behaviour of one draw."""
    return params_at(WORLD, np.random.default_rng(seed).standard_normal(len(parameter_distributions(WORLD))))


def share_of_lines(world, params, solution):
    """[k, i] activity over what the plants would do with all lines at these prices; 1 where they do next to
    nothing."""
    a, b, c = world.input_coefficients(), world.output_coefficients(), calibrate(world, params)
    margin = b @ np.nan_to_num(solution.price) - a @ np.nan_to_num(solution.marginal) - c.processing.cost
    whole = c.processing.value(margin)
    return np.divide(solution.activity, whole, out=np.ones_like(whole), where=whole > 0)


@pytest.fixture(scope="module")
def stopped():
    return solve(WORLD, PARAMS, stop(OXIDE, VNM))


def test_the_second_exporter_of_oxide_can_stop_selling_abroad(stopped):
    c = calibrate(WORLD, PARAMS)
    assert stopped.ok and stopped.certificate.holds()
    assert stopped.price[OXIDE, VNM] == pytest.approx(GLUT * c.reference[OXIDE], rel=1e-3)
    assert stopped.flows[OXIDE, VNM].sum() == pytest.approx(stopped.flows[OXIDE, VNM, VNM])
    assert any("oxide/VNM: no buyer at any price" in n for n in stopped.notes)


def test_what_the_plant_makes_is_what_the_home_market_takes(stopped):
    a, b = WORLD.input_coefficients(), WORLD.output_coefficients()
    made = stopped.supply + b.T @ stopped.activity + stopped.released
    used = stopped.use.sum(axis=2) + a.T @ stopped.activity + stopped.stocked
    assert stopped.flows.sum(axis=2) == pytest.approx(made, rel=1e-7, abs=1e-6)
    assert stopped.flows.sum(axis=1) == pytest.approx(used, rel=1e-7, abs=1e-6)
    c = calibrate(WORLD, PARAMS)
    margin = b @ np.nan_to_num(stopped.price) - a @ np.nan_to_num(stopped.marginal) - c.processing.cost
    makes = b[:, OXIDE] > 0
    whole = c.processing.value(margin)[makes, VNM]
    assert (stopped.activity[makes, VNM] < 0.9 * whole)[whole > 1].all()


def test_everybody_else_pays_as_much_as_when_next_to_nothing_may_leave(stopped):
    """The rule begins where the price reaches its lowest point: a cap that lets a sliver out ends in nearly
    the same."""
    sliver = export_cap(WORLD, OXIDE, VNM, 1e-4)
    nearly = solve(WORLD, PARAMS, replace(no_events(WORLD), caps=(sliver,)))
    assert nearly.ok
    others = np.arange(len(WORLD.countries)) != VNM
    assert np.allclose(
        nearly.marginal[OXIDE, others], stopped.marginal[OXIDE, others], rtol=2e-3, equal_nan=True
    )


def test_gains_and_losses_still_add_up_and_idle_lines_earn_nothing(stopped):
    base = no_events(WORLD)
    change = welfare_change(WORLD, PARAMS, base, solve(WORLD, PARAMS, base), stop(OXIDE, VNM), stopped)
    assert np.sum([change[item] for item in ITEMS], axis=0) == pytest.approx(
        change["total"], rel=1e-9, abs=1e-6
    )
    assert change["processors"][VNM] < 0 and change["total"].sum() < 0


def test_a_market_that_clears_is_untouched():
    s = on_world(scenario("china-quota-cut"), WORLD)
    solution = solve(WORLD, PARAMS, compile_events(s, WORLD))
    assert solution.ok and not any("no buyer at any price" in n for n in solution.notes)


def closed_chain(home, seed=0):
    """A chain in which the first country sells abroad what its own buyers, who buy nothing else, leave:
    `home` of it."""
    rng = np.random.default_rng(seed)
    shares = np.array([[home, (1 - home) / 2, (1 - home) / 2], [0.0, 0.6, 0.4], [0.0, 0.3, 0.7]])
    return chain_world(rng.uniform(50, 150, 3), rng.uniform(20, 60, 3), shares)


@pytest.mark.parametrize("home", [0.4, 0.1, 0.01])
@pytest.mark.parametrize("seed", range(3))
def test_the_share_of_lines_by_hand(home, seed):
    """Cut off, the first country is an economy of its own: metal at the lowest price, its use there on the
    straight line of the demand curve, and two plants that together make that."""
    world = closed_chain(home, seed)
    params = replace(example_params(world), supply_r=10.0)
    got = solve(world, params, stop(2, 0, world))
    assert got.ok

    low, mu, eta, eps, r = GLUT * 1500.0, 0.1, 0.2, 0.3, params.supply_r
    used, phi0 = world.D0[2, 0, 0], world.prices[2, 0]
    zc, lo, k = params.zc, params.lo, params.demand_k
    g = lo**-eps * (1 + zc**-k) / (1 + (lo / zc) ** k)
    slope = g * (-eps / lo - k * (lo / zc) ** k / (lo * (1 + (lo / zc) ** k)))
    use = used * (g + slope * (low / phi0 - lo))

    def feed(form, plant, share):
        """Tonnes that the plant takes with this share of its lines, and the price of its feed that brings
        them about."""
        m0, p0, x0, yield_ = world.M0[form, 0], world.prices[form, 0], world.X0[plant, 0], (0.95, 0.9)[plant]
        used_share = m0 / world.supply_capacity[form, 0]
        local = eta / (1 - used_share**r)
        free = m0 * (1 - used_share**r) ** (-1 / r)
        base_margin = mu * yield_ * 1500.0
        kappa, cost = np.log(0.8 / 0.2) / base_margin, yield_ * 1500.0 - p0 - base_margin

        def mined(p):
            uncapped = free * (p / p0) ** local
            return uncapped * (1 + (uncapped / world.supply_capacity[form, 0]) ** r) ** (-1 / r)

        def runs(p):
            return share * x0 / 0.8 / (1 + np.exp(-kappa * (yield_ * low - p - cost)))

        p = np.exp(
            brentq(lambda log_p: np.log(mined(np.exp(log_p)) / runs(np.exp(log_p))), -400.0, 10.0, xtol=1e-13)
        )
        return mined(p), p

    def made(share):
        return 0.95 * feed(0, 0, share)[0] + 0.9 * feed(1, 1, share)[0]

    if made(1.0) <= use:
        assert not any(NO_BUYER in n for n in got.notes) and got.price[2, 0] >= low
        return
    share = brentq(lambda u: made(u) - use, 1e-9, 1.0, xtol=1e-15, rtol=1e-13)
    assert got.price[2, 0] == pytest.approx(low, rel=1e-12)
    assert got.use[2, 0, 0] == pytest.approx(use, rel=1e-9)
    assert share_of_lines(world, params, got)[:, 0] == pytest.approx([share, share], rel=1e-7)
    for form, plant in ((0, 0), (1, 1)):
        tonnes, price = feed(form, plant, share)
        assert got.activity[plant, 0] == pytest.approx(tonnes, rel=1e-7)
        assert got.price[form, 0] == pytest.approx(price, rel=1e-6)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("forms", STOPS.values(), ids=STOPS)
def test_plants_that_have_no_other_lines_clear_the_market_at_the_lowest_price(forms, seed):
    """Second formulation: with the idle lines taken away as lost capacity the plain market is the same, the
    rule idle; with a hundredth of them less taken away the rule is needed again, with a hundredth more the
    price is above the lowest.
    """
    params = drawn(seed)
    found = solve(WORLD, params, stop(list(forms), VNM))
    assert found.ok
    makes = WORLD.output_coefficients()
    cut = share_of_lines(WORLD, params, found)
    idle = [
        f
        for f in forms
        if any(n.startswith(f"{WORLD.chain.forms[f].id}/VNM: {NO_BUYER}") for n in found.notes)
    ]
    lowest = GLUT * calibrate(WORLD, params).reference

    def with_lines(factor):
        process = np.ones(WORLD.X0.shape)
        for f in idle:
            process[makes[:, f] > 0, VNM] = factor * cut[makes[:, f] > 0, VNM]
        return solve(WORLD, params, replace(stop(list(forms), VNM), process_factor=np.minimum(process, 1.0)))

    same, more, fewer = with_lines(1.0), with_lines(1.01), with_lines(0.99)
    assert same.ok and more.ok and fewer.ok
    np.testing.assert_allclose(same.price, found.price, rtol=1e-6)
    np.testing.assert_allclose(same.flows, found.flows, atol=1e-8 * found.flows.max())
    for f in idle:
        assert more.price[f, VNM] == pytest.approx(lowest[f], rel=1e-12)
        assert any(n.startswith(f"{WORLD.chain.forms[f].id}/VNM: {NO_BUYER}") for n in more.notes)
        assert fewer.price[f, VNM] > 1.0001 * lowest[f]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("forms", STOPS.values(), ids=STOPS)
def test_no_plant_sells_below_the_lowest_price_nor_idles_lines_above_it(forms, seed):
    params = drawn(seed)
    found = solve(WORLD, params, stop(list(forms), VNM))
    assert found.ok
    lowest = (GLUT * calibrate(WORLD, params).reference)[:, None]
    plants = (WORLD.output_coefficients().T @ found.activity) > 0
    assert (found.price[plants] >= (lowest * np.ones_like(found.price))[plants] * (1 - 1e-12)).all()
    above = found.price > lowest * (1 + 1e-9)
    share = share_of_lines(WORLD, params, found)
    for k, makes in enumerate(WORLD.output_coefficients() > 0):
        sells_above = above[makes].all(axis=0)
        assert share[k, sells_above] == pytest.approx(1.0, abs=1e-9)
    assert (share < 1 + 1e-9).all()


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("forms", STOPS.values(), ids=STOPS)
def test_whether_all_lines_ran_at_first_or_none_makes_no_difference(forms, seed):
    market = shocked_market(calibrate(WORLD, drawn(seed)), stop(list(forms), VNM))
    usual = root(market, paths=())
    assert usual.converged
    low = market.fixed.lowest[market.alive.origin]
    there = np.isfinite(low) & (np.argwhere(market.alive.origin)[:, 1] == VNM)
    for below in (0.0, 2.0, 8.0):  # ln of the share that runs at the start
        start = starting_point(market)
        start[there] = low[there] - below
        other = root(market, start, paths=())
        assert other.converged
        np.testing.assert_allclose(other.state.p, usual.state.p, rtol=1e-7)
        np.testing.assert_allclose(other.state.lines, usual.state.lines, rtol=1e-7)


@pytest.mark.skipif(not kernel_installed(), reason="without the extra `fast`")
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("forms", STOPS.values(), ids=STOPS)
def test_the_kernel_closes_it_with_the_numbers_of_numpy(forms, seed):
    from crosscut.market.kernel.draw import Kernel
    from crosscut.market.kernel.outcome import solution_of

    params, events = drawn(seed), stop(list(forms), VNM)
    capped = replace(events, caps=(export_cap(WORLD, OXIDE, WORLD.countries.index("CHN"), 0.4),))
    for one in (events, capped):
        solved = Kernel(WORLD).solved(params, one)
        numpy = solve(WORLD, params, one)
        assert solved.ok and solved.steps == 0 and numpy.ok
        compiled = solution_of(WORLD, params, one, solved, calibrate(WORLD, params).notes)
        np.testing.assert_allclose(compiled.price, numpy.price, rtol=1e-8)
        np.testing.assert_allclose(compiled.flows, numpy.flows, atol=1e-9 * numpy.flows.max())
        np.testing.assert_allclose(compiled.activity, numpy.activity, rtol=1e-8, atol=1e-9)
        assert set(compiled.notes) == set(numpy.notes)
        for group, multiplier in numpy.multipliers.items():
            assert compiled.multipliers[group] == pytest.approx(multiplier, rel=1e-7)


def test_the_derivatives_hold_where_lines_are_idle_and_a_cap_binds():
    events = stop([OXIDE, FERRO], VNM)
    events = replace(events, caps=(export_cap(WORLD, OXIDE, WORLD.countries.index("CHN"), 1e-9),))
    market = shocked_market(calibrate(WORLD, PARAMS), events)
    z = starting_point(market)
    low = market.fixed.lowest[market.alive.origin]
    plants = np.flatnonzero(np.isfinite(low))
    z[plants[::2]] = low[plants[::2]] - np.random.default_rng(0).uniform(0.1, 2.0, len(plants[::2]))
    z[-1] = 5.0
    state = state_at(market, *unpacked(market, z))
    _, rows = residuals(market, state)
    assert rows.all() and (state.running < 1).sum() == len(plants[::2])
    exact = jacobian(market, state, rows)
    step = 1e-6
    for c in range(len(z)):
        up, down = z.copy(), z.copy()
        up[c] += step
        down[c] -= step
        r_up, r_down = (residuals(market, state_at(market, *unpacked(market, p)))[0] for p in (up, down))
        numeric = (r_up - r_down) / (2 * step)
        assert np.abs(exact[:, c] - numeric).max() < 1e-7 * max(1.0, np.abs(numeric).max())


def co_product_world(rng, home):
    """Ore into metal and slag; of what the first country makes it uses the shares `home`."""
    n = 3
    chain = Chain(
        "example",
        (
            Form("ore", "Ore", 1000.0),
            Form("metal", "Metal", 1500.0, primary=False),
            Form("slag", "Slag", 400.0, primary=False),
        ),
        (Process("refining", "Refining", {"ore": 1.0}, {"metal": 0.7, "slag": 0.25}, 0.1),),
    )
    ore = rng.lognormal(4.0, 0.5, n)

    def sold(tonnes, at_home):
        shares = rng.dirichlet(np.ones(n), n)
        shares[0] = np.r_[at_home, (1 - at_home) * rng.dirichlet(np.ones(n - 1))]
        return tonnes[:, None] * shares

    q0 = np.stack([np.diag(ore), sold(0.7 * ore, home[0]), sold(0.25 * ore, home[1])])
    use = np.zeros((3, n, 1))
    use[1:, :, 0] = q0[1:].sum(axis=1)
    return replace(
        chain_world(ore, ore, np.full((n, n), 1 / n)),
        chain=chain,
        q0=q0,
        M0=np.stack([ore, 0 * ore, 0 * ore]),
        X0=ore[None],
        D0=use,
        supply_capacity=np.stack([ore / 0.9, 0 * ore, 0 * ore]),
        process_capacity=ore[None] / 0.8,
        prices=np.array([1000.0, 1500.0, 400.0])[:, None] * np.ones(n),
    )


@pytest.mark.parametrize("seed", [*range(12), 110])
def test_a_plant_with_two_products_idles_for_the_one_that_sells_worst(seed):
    """Both are cut off: the other one then sells above its lowest price."""
    rng = np.random.default_rng(seed)
    world = co_product_world(rng, rng.uniform(0.001, 0.1, 2))
    found = solve(world, example_params(world), stop([1, 2], 0, world))
    assert found.ok
    lowest = GLUT * np.array([1500.0, 400.0])
    ratio = found.price[1:, 0] / lowest
    assert ratio.min() == pytest.approx(1.0, rel=1e-12) and ratio.max() > 1.01
    assert sum(NO_BUYER in n for n in found.notes) == 1


def test_a_market_whose_lines_were_idle_starts_there():
    market = shocked_market(calibrate(WORLD, PARAMS), stop([OXIDE, FERRO], VNM))
    found = solve(WORLD, PARAMS, stop([OXIDE, FERRO], VNM))
    near = root(market, start_near(market, found), paths=())
    assert near.converged and near.iterations < found.iterations
    np.testing.assert_allclose(near.state.p[market.alive.origin], found.price[market.alive.origin], rtol=1e-8)


def test_mines_that_are_paid_anyhow_are_not_saved_by_idle_lines():
    """Beside mines that do not cut, no share of the lines sells what is made: it fails, and says where."""
    world = closed_chain(0.01)
    paid = np.zeros(world.M0.shape)
    paid[2, 0] = 50 * 1500.0
    mines = world.M0.copy()
    mines[2, 0] = world.supply()[2, 0]
    q0 = world.q0.copy()
    q0[2, 0] *= 2.0
    use = world.D0.copy()
    use[2, :, 0] = q0[2].sum(axis=0)
    capacity = world.supply_capacity.copy()
    capacity[2, 0] = mines[2, 0] / 0.9
    world = replace(world, M0=mines, q0=q0, D0=use, supply_capacity=capacity)
    events = replace(stop(2, 0, world), price_floor=paid, floor_share=np.ones(world.M0.shape))
    found = solve(world, example_params(world), events)
    assert not found.ok
    assert "no positive price sells what is made of metal in C00" in found.notes
