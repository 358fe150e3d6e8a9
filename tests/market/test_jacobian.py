"""The Jacobian is the derivative of the residuals (E14), with every kind of event at once."""

from dataclasses import replace

import numpy as np
import pytest

from crosscut.market.events.compiled import Entrant, PlantEntrant, no_events
from crosscut.market.model.examples import example_params
from crosscut.market.solve.calibration import calibrate
from crosscut.market.solve.entry import entered
from crosscut.market.solve.jacobian import jacobian
from crosscut.market.solve.newton import starting_point, unpacked
from crosscut.market.solve.state import market_after, residuals, state_at
from tests.market.worlds import (
    export_cap,
    random_chain_world,
    random_events,
    random_levers,
    random_one_form_world,
)

TOLERANCE = 1e-7  # central differences in double precision at step 1e-6


@pytest.mark.parametrize("levers", [False, True], ids=["trade", "every lever"])
@pytest.mark.parametrize("seed", range(12))
def test_jacobian_is_the_derivative(seed, levers):
    rng = np.random.default_rng(seed)
    world = random_chain_world(rng, 5) if seed % 2 else random_one_form_world(rng, 6)
    last = len(world.chain.forms) - 1
    events = random_events(rng, world)
    events = replace(
        events,
        caps=(export_cap(world, last, 0, 0.6), export_cap(world, last, 1, 0.7)),
        floors=(replace(export_cap(world, last, 2, 0.3), kind="floor", id="floor"),),
        entrants=(Entrant("mine", 0, 3, 0.1 * world.M0[0].sum(), np.ones(len(world.countries))),),
        plants=(
            (PlantEntrant("plant", 0, 4, 5.0, np.ones(len(world.countries))),)
            if world.chain.processes
            else ()
        ),
    )
    if levers:
        events = random_levers(rng, world, events)
        toll = replace(export_cap(world, last, 3, 0.5), id="toll", toll=80.0)
        events = replace(events, caps=(*events.caps, toll))
    market = market_after(entered(calibrate(world, example_params(world)), events), events)
    z = starting_point(market)
    z[: len(z) - len(market.groups)] += 0.3 * rng.standard_normal(len(z) - len(market.groups))
    z[len(z) - len(market.groups) :] = ([0.4, 0.0, 0.1, 0.2] if levers else [0.4, 0.0, 0.2])[
        : len(market.groups)
    ]

    def at(point):
        state = state_at(market, *unpacked(market, point))
        return state, *residuals(market, state)

    state, _, rows = at(z)
    exact = jacobian(market, state, rows)
    step = 1e-6
    for c in range(len(z)):
        up, down = z.copy(), z.copy()
        up[c] += step
        down[c] -= step
        if down[c] < 0 and c >= len(z) - len(market.groups):
            down[c] = 0.0
        (_, r_up, rows_up), (_, r_down, rows_down) = at(up), at(down)
        if not ((rows_up == rows).all() and (rows_down == rows).all()):
            continue
        numeric = (r_up - r_down) / (up[c] - down[c])
        if down[c] == z[c]:  # a multiplier at its bound: differences to one side, second order
            twice = z.copy()
            twice[c] += 2 * step
            numeric = (4 * r_up - 3 * r_down - at(twice)[1]) / (2 * step)
        assert np.abs(exact[:, c] - numeric).max() < TOLERANCE * max(1.0, np.abs(numeric).max())


def test_jacobian_is_symmetric_and_semidefinite_without_taxes():
    """Why prices are unique (E22): with specific wedges H = d(S - Q)/dp is symmetric, semi-definite."""
    for seed in range(8):
        rng = np.random.default_rng(100 + seed)
        world = random_chain_world(rng, 5) if seed % 2 else random_one_form_world(rng, 7)
        market = market_after(calibrate(world, example_params(world)), no_events(world))
        z = starting_point(market) + 0.2 * rng.standard_normal(int(market.alive.origin.sum()))
        state = state_at(market, *unpacked(market, z))
        residual, rows = residuals(market, state)
        live = market.alive.origin
        # R = ln(sold / supplied) is not balanced away from the solution: undo its scaling by finite
        # differences of S - Q.
        step = 1e-5
        H = np.zeros((len(z), len(z)))
        for c in range(len(z)):
            moved = []
            for sign in (1, -1):
                point = z.copy()
                point[c] += sign * step
                there = state_at(market, *unpacked(market, point))
                moved.append((there.supplied - there.sold)[live])
            H[:, c] = (moved[0] - moved[1]) / (2 * step) / np.exp(z[c])
        scale = np.abs(H).max()
        assert np.abs(H - H.T).max() < 1e-6 * scale
        assert np.linalg.eigvalsh((H + H.T) / 2).min() > -1e-6 * scale
        assert len(rows) == 0 and np.isfinite(residual).all()
