"""The compiled kernel: the numbers of numpy to 1e-9, the same bits for a draw whatever the batch around
it."""

from dataclasses import replace

import numpy as np
import pytest

from crosscut.base.errors import UserError
from crosscut.inputs.scenario.catalogue import scenario as named
from crosscut.inputs.scenario.places import on_world
from crosscut.market.events.compiled import Entrant, PlantEntrant, no_events
from crosscut.market.model.examples import example_params
from crosscut.market.read.solved_market import bought_of
from crosscut.market.solve.solver import solve
from crosscut.market.solvers import CompiledSolver, NumpySolver, batch_solver, kernel_installed
from crosscut.studies.shared.draws import draw_of
from crosscut.studies.shared.ensemble import DrawnEvents
from crosscut.worlds import world as load
from crosscut.worlds.drawn import variants
from crosscut.worlds.parameters import median_params
from tests.ledgers import BUNDLED
from tests.market.test_hard_cases import compound
from tests.market.worlds import random_chain_world, random_events, random_levers, random_one_form_world

pytest.importorskip("numba")

from crosscut.market.kernel.arrays import PRICE
from crosscut.market.kernel.draw import Kernel
from crosscut.market.kernel.paths import along_events, along_residuals

NAMES = (
    "price",
    "marginal",
    "delivered",
    "flows",
    "supply",
    "activity",
    "use",
    "purchases",
    "wedge",
    "producer_price",
    "stocked",
    "released",
)


def case(seed):
    rng = np.random.default_rng(seed)
    world = (random_one_form_world(rng, 8), random_chain_world(rng, 6))[seed % 2]
    params = example_params(world, sigma=float(rng.uniform(0.5, 6)))
    events = compound(rng, world) if seed % 3 else random_events(rng, world)
    if seed % 5 == 0:
        events = random_levers(rng, world, events)
    if seed % 7 == 0:
        n = len(world.countries)
        mine = Entrant("new", 0, 2, 0.1 * float(world.M0[0].sum()), np.ones(n))
        events = replace(events, entrants=(mine,))
        if world.X0.size:
            events = replace(
                events, plants=(PlantEntrant("plant", 0, 1, 0.1 * float(world.X0[0].sum()), np.ones(n)),)
            )
    return world, params, events


def solvable(seeds):
    """(world, params, events, numpy's solution) of the cases that are not refused and clear."""
    for seed in seeds:
        world, params, events = case(seed)
        try:
            numpy = solve(world, params, events)
        except UserError:
            continue
        if numpy.ok:
            yield world, params, events, numpy


def assert_same(one, two, tolerance=1e-9):
    assert one.ok == two.ok
    assert (one.origin_status == two.origin_status).all()
    assert (one.buyer_status == two.buyer_status).all()
    for name in NAMES:
        a, b = getattr(one, name), getattr(two, name)
        assert (np.isnan(a) == np.isnan(b)).all(), name
        scale = np.nanmax(np.abs(b), initial=0.0)
        assert np.nanmax(np.abs(a - b), initial=0.0) <= tolerance * scale, name
    assert one.multipliers.keys() == two.multipliers.keys()
    for group, value in two.multipliers.items():
        assert one.multipliers[group] == pytest.approx(value, rel=1e-7, abs=1e-6)
    assert set(one.notes) == set(two.notes)


def test_same_numbers_as_numpy():
    solved = 0
    for world, params, events, numpy in solvable(range(70)):
        assert_same(CompiledSolver(world).solution(params, events), numpy)
        solved += 1
    assert solved > 50


def test_same_numbers_as_numpy_on_the_tungsten_world():
    world = load(BUNDLED, "tungsten")
    solver = CompiledSolver(world)
    for seed in range(6):
        events = compound(np.random.default_rng(seed), world)
        assert_same(solver.solution(median_params(world), events), solve(world, median_params(world), events))


def test_most_draws_need_no_help_from_numpy():
    closed = [Kernel(world).solved(params, events).ok for world, params, events, _ in solvable(range(60))]
    assert np.mean(closed) > 0.9


def test_where_newton_stalls_the_kernel_follows_a_path_to_the_same_market():
    world = load(BUNDLED, "tungsten")
    scenario = on_world(named("full-embargo"), world)
    followed = 0
    for turn, drawn in enumerate(variants(world, 1, 6).worlds):
        kernel, events_in = Kernel(drawn), DrawnEvents(scenario, drawn)
        for number in range(turn, 60, 6):
            draw = draw_of(drawn, scenario.events, 1, number)
            _, events = events_in(draw)
            solved = kernel.solved(draw.params, events)
            assert solved.ok
            if solved.steps and followed < 2:
                followed += 1
                one = CompiledSolver(drawn).solution(draw.params, events)
                assert one.continuation_steps == solved.steps
                assert_same(one, solve(drawn, draw.params, events))
    assert followed == 2


def test_both_paths_lead_to_the_solution():
    world = load(BUNDLED, "tungsten")
    for seed in range(4):
        events, params = compound(np.random.default_rng(seed), world), median_params(world)
        kernel = Kernel(world)
        direct = kernel.solved(params, events)
        prices = direct.point.node[PRICE].copy()
        c, w, h = kernel._room(events)
        assert along_residuals(c, w, h).arrived
        assert w.node[PRICE] == pytest.approx(prices, rel=1e-9)
        assert along_events(world, kernel.base, params, events, c, w, h).arrived
        assert w.node[PRICE] == pytest.approx(prices, rel=1e-9)


def test_zero_shock_takes_no_iteration():
    world = load(BUNDLED, "tungsten")
    s = CompiledSolver(world).solution(median_params(world), no_events(world))
    assert s.iterations == 0
    assert np.abs(s.flows - world.q0).max() <= 1e-12 * world.q0.max()


def test_a_draw_is_the_same_bits_in_any_batch():
    world = random_chain_world(np.random.default_rng(1), 6)
    tasks = [
        (example_params(world, sigma=1.0 + 0.3 * k), compound(np.random.default_rng(k), world))
        for k in range(12)
    ]
    forwards, backwards = CompiledSolver(world), CompiledSolver(world)
    batch = [forwards.solution(*t) for t in tasks]
    reverse = [backwards.solution(*t) for t in reversed(tasks)][::-1]
    for task, one, two in zip(tasks, batch, reverse, strict=True):
        alone = CompiledSolver(world).solution(*task)
        for name in NAMES:
            assert np.array_equal(getattr(one, name), getattr(alone, name), equal_nan=True), name
            assert np.array_equal(getattr(two, name), getattr(alone, name), equal_nan=True), name


def without_a_buyer():
    """A world and events after which nobody buys what mines are paid to make."""
    world = random_one_form_world(np.random.default_rng(0), 3, sparse=0.0)
    promised = np.zeros(world.M0.shape)
    promised[0, 0] = 50 * world.prices[0, 0]  # mines that are paid whatever the market pays do not cut
    routes = no_events(world).open_routes.copy()
    routes[0, 0, 1:] = False  # the metal of the first country stays at home
    demand = np.ones(world.D0.shape)
    demand[0, 0] = 1e-6  # where hardly anybody wants it
    return world, replace(
        no_events(world),
        open_routes=routes,
        demand_factor=demand,
        price_floor=promised,
        floor_share=np.ones(world.M0.shape),
    )


def test_a_draw_that_does_not_clear_comes_back_as_failed_with_its_market():
    world, events = without_a_buyer()
    s = CompiledSolver(world).solution(example_params(world), events)
    assert not s.ok
    assert s.failed_market == f"{world.chain.forms[0].id}/{world.countries[0]}"
    assert any("no positive price sells" in n for n in s.notes)
    assert np.isnan(s.price).all()


def test_batches_use_the_kernel_where_it_is_installed(monkeypatch):
    world = random_one_form_world(np.random.default_rng(0), 3)
    assert kernel_installed()
    assert isinstance(batch_solver(world), CompiledSolver)
    monkeypatch.setattr("crosscut.market.solvers.kernel_installed", lambda: False)
    assert isinstance(batch_solver(world), NumpySolver)


def test_what_buyers_pay_before_and_after_is_what_two_solutions_say():
    """Of the kernel and of numpy; the second solve starts near the first and ends where one from base prices
    does."""
    compared = 0
    for world, params, events, after in solvable(range(60)):
        calm = no_events(world)
        at = range(len(world.countries))
        expected = bought_of(solve(world, params, calm), at), bought_of(after, at)
        for solver in (CompiledSolver(world), NumpySolver(world)):
            found = solver.before_and_after(params, calm, events, at)
            assert not isinstance(found, str)
            for one, two in zip(found, expected, strict=True):
                for name in ("marginal", "use", "paid"):
                    a, b = getattr(one, name), getattr(two, name)
                    assert np.array_equal(np.isnan(a), np.isnan(b)), name
                    assert np.nanmax(np.abs(a - b), initial=0.0) <= 1e-8 * np.nanmax(
                        np.abs(b), initial=0.0
                    ), name
        compared += 1
    assert compared > 40


def test_a_year_that_does_not_clear_names_its_market():
    world, stuck = without_a_buyer()
    for solver in (CompiledSolver(world), NumpySolver(world)):
        found = solver.before_and_after(example_params(world), no_events(world), stuck, [0])
        assert found == f"{world.chain.forms[0].id}/{world.countries[0]}"
