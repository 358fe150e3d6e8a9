"""Ways to the same years: from last year's prices or from the base, by numpy or compiled, taken over from
another path."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from crosscut.market.events.compiled import StockRule, no_events
from crosscut.market.solve.solver import solve_calibrated
from crosscut.market.solvers import kernel_installed, worth_compiling, year_solver
from crosscut.market.years import Facility, outlook_years
from tests.market.worlds import random_chain_world
from tests.market.years.outlooks import demand_from, moving

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
)


def years(world, draw, solver, last=2034, known=None):
    return list(
        outlook_years(
            world, draw, range(world.year, last + 1), partial(demand_from(2026, 1.4), world), solver, known
        )
    )


def draw_with_a_mine(seed, start=2028.0):
    world = random_chain_world(np.random.default_rng(seed), 5)
    n = len(world.countries)
    mine = Facility("mine", 0, 1, 0.2 * float(world.M0[0].sum()), start, np.ones(n), ramp=(0.3, 1.0))
    return world, replace(moving(world, scrap=1, process=0), facilities=(mine,))


def assert_same(one, two, tolerance=1e-9):
    for a, b in zip(one, two, strict=True):
        assert a.year == b.year
        for name in NAMES:
            x, y = getattr(a.solution, name), getattr(b.solution, name)
            scale = np.nanmax(np.abs(x), initial=1e-12)
            np.testing.assert_allclose(
                x, y, rtol=tolerance, atol=tolerance * scale, err_msg=f"{name} {a.year}"
            )


def from_base(calibration, events, *, near=None):
    return solve_calibrated(calibration, events)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_start_does_not_matter(seed):
    world, draw = draw_with_a_mine(seed)
    near, far = years(world, draw, solve_calibrated), years(world, draw, from_base)
    assert_same(near, far)
    assert sum(o.solution.iterations for o in near) < sum(o.solution.iterations for o in far)


def test_a_start_that_leads_nowhere_is_given_up_for_base_prices():
    world, draw = draw_with_a_mine(4)
    found = years(world, draw, solve_calibrated, last=2026)
    good = found[-1]
    wild = replace(good.solution, price=np.full_like(good.solution.price, 1e40), multipliers={})
    again = solve_calibrated(good.calibration, good.events, near=wild)
    assert again.ok
    np.testing.assert_allclose(again.price, good.solution.price, rtol=1e-8)


@pytest.mark.skipif(not kernel_installed(), reason="without the extra `fast`")
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_compiled_years_are_those_of_numpy(seed):
    world, draw = draw_with_a_mine(seed)
    assert_same(years(world, draw, year_solver(True)), years(world, draw, year_solver(False)))


@pytest.mark.skipif(not kernel_installed(), reason="without the extra `fast`")
def test_curves_the_kernel_does_not_know_go_to_numpy():
    """Stock sold beside a mine that enters makes three parts of supply."""
    world, draw = draw_with_a_mine(5, start=2025.0)
    (stock,) = draw.stocks
    draw = replace(draw, stocks=(replace(stock, draws=((2025.0, 2030.0, 3.0),)),))
    assert_same(years(world, draw, year_solver(True), 2028), years(world, draw, year_solver(False), 2028))


@pytest.mark.skipif(not kernel_installed(), reason="without the extra `fast`")
def test_a_release_and_a_cap_are_the_same_compiled():
    world, draw = draw_with_a_mine(6)
    trigger = 1.2 * float(world.prices[0, 0])

    def events(year):
        base = demand_from(2026, 1.4)(world, year)
        return replace(base, releases=(StockRule("state", 0, 0, 5.0, trigger, 0.05 * trigger),))

    one, two = (
        list(outlook_years(world, draw, range(world.year, 2031), events, year_solver(c)))
        for c in (True, False)
    )
    assert_same(one, two)


def test_years_before_the_first_difference_are_taken_over():
    world, draw = draw_with_a_mine(7)
    without = replace(draw, facilities=())
    solved = []

    def counting(calibration, events, *, near=None):
        solved.append(1)
        return solve_calibrated(calibration, events, near=near)

    known = {}
    first = years(world, draw, counting, known=known)
    alone = len(solved)
    second = years(world, without, counting, known=known)
    assert len(solved) - alone == len(second) - (2028 - world.year)
    assert_same(first, years(world, draw, solve_calibrated))
    assert_same(second, years(world, without, solve_calibrated))


def test_nothing_is_compiled_for_little():
    assert not worth_compiling(0) or kernel_installed()


def test_a_still_world_stays_still_from_last_years_prices():
    world, draw = draw_with_a_mine(8, start=2100.0)
    found = list(outlook_years(world, draw, range(world.year, 2035), lambda year: no_events(world)))
    assert [o.solution.iterations for o in found] == [0] * len(found)
