"""A plant cut off from its buyers runs a share of its lines: the market clears at the lowest price a plant sells at."""

from dataclasses import replace

import numpy as np
import pytest

from crosscut.market.calibration import calibrate
from crosscut.market.compile import compile_events
from crosscut.market.compiled import no_events
from crosscut.market.idle_lines import GLUT, _falling_root
from crosscut.market.solver import solve
from crosscut.market.welfare import ITEMS, welfare_change
from crosscut.scenarios.catalogue import scenario
from crosscut.scenarios.places import on_world
from crosscut.worlds import world as load
from crosscut.worlds.parameters import median_params

WORLD = load("tungsten")
PARAMS = median_params(WORLD)
OXIDE, VNM = WORLD.chain.form_index("oxide"), WORLD.countries.index("VNM")


def stop(form, country):
    routes = no_events(WORLD).open_routes.copy()
    routes[form, country, :] = False
    routes[form, country, country] = True
    return replace(no_events(WORLD), open_routes=routes)


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
    """The rule begins where the price reaches its lowest point: a cap that lets a sliver out ends in nearly the same."""
    from tests.market.worlds import export_cap

    sliver = export_cap(WORLD, OXIDE, VNM, 1e-4)
    nearly = solve(WORLD, PARAMS, replace(no_events(WORLD), caps=(sliver,)))
    assert nearly.ok
    others = np.arange(len(WORLD.countries)) != VNM
    assert np.allclose(nearly.marginal[OXIDE, others], stopped.marginal[OXIDE, others], rtol=2e-3, equal_nan=True)


def test_gains_and_losses_still_add_up_and_idle_lines_earn_nothing(stopped):
    base = no_events(WORLD)
    change = welfare_change(WORLD, PARAMS, base, solve(WORLD, PARAMS, base), stop(OXIDE, VNM), stopped)
    assert np.sum([change[item] for item in ITEMS], axis=0) == pytest.approx(change["total"], rel=1e-9, abs=1e-6)
    assert change["processors"][VNM] < 0 and change["total"].sum() < 0


def test_a_market_that_clears_is_untouched():
    s = on_world(scenario("china-quota-cut"), WORLD)
    solution = solve(WORLD, PARAMS, compile_events(s, WORLD))
    assert solution.ok and not any("no buyer at any price" in n for n in solution.notes)


@pytest.mark.parametrize("at", [-0.01, -0.7, -3.0, -9.0])
@pytest.mark.parametrize("power", [0.3, 1.0, 4.0])
def test_the_root_of_a_falling_function_is_found_from_either_side(at, power):
    for low in (-12.0, -0.005):
        assert _falling_root(lambda x: power * (at - x), low) == pytest.approx(at, abs=1e-3)
    assert _falling_root(lambda x: 1.0, -5.0) == 0.0
