"""Zero shock: with no events the market is its own base, exactly; asserted at every load of a world.

Tests: tests/market/test_chains.py, tests/worlds/test_tungsten_world.py
"""

from __future__ import annotations

import numpy as np

from crosscut.base.errors import CrosscutError
from crosscut.market.events.compiled import no_events
from crosscut.market.model.world import Params, World
from crosscut.market.solve.calibration import calibrate
from crosscut.market.solve.newton import starting_point, unpacked
from crosscut.market.solve.state import market_after, residuals, state_at

RESIDUAL = 1e-9


class ZeroShockError(CrosscutError):
    """A world whose base does not solve its own market: our fault, not the user's."""


def zero_shock_errors(world: World, params: Params) -> tuple[float, float, str]:
    """How far the base is from solving its own market (E29).

    Parameters
    ----------
    world : World
        Base data.
    params : Params
        Behaviour; any draw must give the base back.

    Returns
    -------
    tuple of (float, float, str)
        Largest residual, largest error of a flow relative to the form's largest flow, and the market
        (form/place) of the largest residual.
    """
    market = market_after(calibrate(world, params), no_events(world))
    state = state_at(market, *unpacked(market, starting_point(market)))
    residual, _ = residuals(market, state)
    largest = np.maximum(world.q0.max(axis=(1, 2), keepdims=True), 1e-300)
    flow_error = float((np.abs(state.q - world.q0) / largest).max(initial=0.0))
    if not len(residual):
        return 0.0, flow_error, ""
    f, i = np.argwhere(market.alive.origin)[int(np.argmax(np.abs(residual)))]
    return float(np.abs(residual).max()), flow_error, f"{world.chain.forms[f].id}/{world.countries[i]}"


def assert_zero_shock(world: World, params: Params) -> None:
    """Asserts that without events the market is its own base (E29): residuals to 1e-9, flows to 1e-12.

    Parameters
    ----------
    world : World
        Base data.
    params : Params
        Behaviour; any draw must give the base back.

    Raises
    ------
    ZeroShockError
        Names the node that is off.
    """
    residual, flow_error, where = zero_shock_errors(world, params)
    if not (residual < RESIDUAL and flow_error < 1e-12):
        raise ZeroShockError(
            f"world of {world.mineral} {world.year}: without events {where} is off by {residual:.2g}"
            f" (residual) and flows by {flow_error:.2g}"
        )
