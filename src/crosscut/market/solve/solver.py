"""Solver: World, Params and CompiledEvents in, Solution out. Pure; every draw starts at base prices.

Tests: tests/market/test_known_answers.py, tests/market/test_conic.py, tests/market/test_properties.py,
tests/market/test_hard_cases.py
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from crosscut.base.arrays import Array
from crosscut.market.events.compiled import CompiledEvents
from crosscut.market.model.solution import Certificate, NodeStatus, Solution
from crosscut.market.model.world import Params, World
from crosscut.market.solve.calibration import Calibration, calibrate
from crosscut.market.solve.certificate import certificate, refuse_impossible
from crosscut.market.solve.continuation import start_near
from crosscut.market.solve.entry import entered
from crosscut.market.solve.idle_lines import GLUT, idle_notes
from crosscut.market.solve.root import Root, root
from crosscut.market.solve.state import Market, market_after


def solve(world: World, params: Params, events: CompiledEvents, start: Array | None = None) -> Solution:
    """The equilibrium after the events.

    A draw that does not clear comes back with ok False and the market of the largest residual; nothing
    numerical raises.

    Parameters
    ----------
    world : World
        Base data.
    params : Params
        Behaviour of one draw.
    events : CompiledEvents
        What the events of a scenario do to this world.
    start : Array | None
        Another starting point (ln p of live origins, then scaled multipliers), for tests.

    Returns
    -------
    Solution
        Prices, flows, multipliers, statuses and the certificate.

    Raises
    ------
    UserError
        Base data or events that cannot have a solution (see `calibrate` and `refuse_impossible`).

    Notes
    -----
    The equations are E1 to E17 of docs/equations.md.

    Examples
    --------
    >>> from crosscut.market.model.examples import two_country_world, example_params
    >>> from crosscut.market.events.compiled import no_events
    >>> w = two_country_world()
    >>> solution = solve(w, example_params(w), no_events(w))
    >>> solution.ok, solution.iterations, bool(abs(solution.flows - w.q0).max() < 1e-9)
    (True, 0, True)
    """
    return solve_calibrated(calibrate(world, params), events, start)


def solve_calibrated(
    calibration: Calibration, events: CompiledEvents, start: Array | None = None, near: Solution | None = None
) -> Solution:
    """As `solve`, with the constants at hand.

    Parameters
    ----------
    calibration : Calibration
        Constants of the base.
    events : CompiledEvents
        What the events of a scenario do to this world.
    start : Array | None
        Another starting point, for tests.
    near : Solution | None
        Another solved market to start from. It saves time and nothing else: where it leads nowhere, base
        prices are the start.

    Returns
    -------
    Solution
        Prices, flows, multipliers, statuses and the certificate.

    Raises
    ------
    UserError
        Events that cannot have a solution.
    """
    return solve_market(shocked_market(calibration, events), start, near)


def shocked_market(calibration: Calibration, events: CompiledEvents) -> Market:
    """The market after the events, entrants in it.

    Parameters
    ----------
    calibration : Calibration
        Constants of the base.
    events : CompiledEvents
        What the events of a scenario do to this world.

    Returns
    -------
    Market
        Ready to be solved.

    Raises
    ------
    UserError
        Where it cannot have a solution.
    """
    market = market_after(entered(calibration, events), events)
    refuse_impossible(market)
    return market


def solve_market(market: Market, start: Array | None = None, near: Solution | None = None) -> Solution:
    """As `solve_calibrated`, of a market that is set up.

    Parameters
    ----------
    market : Market
        The market after events.
    start : Array | None
        Another starting point, for tests.
    near : Solution | None
        Another solved market to start from.

    Returns
    -------
    Solution
        Prices, flows, multipliers, statuses and the certificate.
    """
    with np.errstate(over="ignore", under="ignore"):
        if near is None:
            found = root(market, start)
        else:
            found = root(market, start_near(market, near), paths=())
            if not found.converged:
                found = root(market)
        proof = certificate(market, found.state, found.residual)
    if not found.converged or not proof.holds():
        return _failed(market, found, proof)
    return _solved(market, found, proof)


def _solved(market: Market, found: Root, proof: Certificate) -> Solution:
    state, alive = found.state, market.alive
    c, world = market.calibration, market.calibration.world
    beyond = beyond_backstop(state.phi, c.phi0, market.events, c.params)
    origin, buyer = node_statuses(world, alive.origin, alive.buyer, beyond)
    multipliers = {g.id: 0.0 for g in (*market.events.caps, *market.events.floors)}
    multipliers |= {g.id: float(o) for g, o in zip(market.groups, state.om, strict=True)}
    return Solution(
        ok=True,
        failed_market="",
        iterations=found.iterations,
        continuation_steps=found.path_steps,
        certificate=proof,
        price=np.where(alive.origin, state.p, np.nan),
        marginal=np.where(alive.buyer, state.phi, np.nan),
        delivered=np.where(alive.route, state.d, np.nan),
        flows=state.q,
        supply=state.mined,
        activity=state.x,
        use=state.final,
        purchases=state.bought,
        wedge=state.wedge,
        multipliers=multipliers,
        origin_status=origin,
        buyer_status=buyer,
        producer_price=np.where(alive.origin, state.producer, np.nan),
        stocked=np.broadcast_to(state.stocked, state.bought.shape),
        released=np.broadcast_to(state.released, state.mined.shape),
        notes=(*c.notes, *market.dropped, *beyond_notes(world, buyer), *idle_notes(world, state.running)),
    )


def node_statuses(
    world: World, alive_origin: NDArray[np.bool_], alive_buyer: NDArray[np.bool_], beyond: NDArray[np.bool_]
) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """The status of every seller and every buyer.

    Parameters
    ----------
    world : World
        Base data.
    alive_origin : Bools, shape (F, n)
        The origin can sell.
    alive_buyer : Bools, shape (F, n)
        The buyer can buy.
    beyond : Bools, shape (F, n)
        The buyer's Phi is above the backstop.

    Returns
    -------
    tuple of arrays of str
        origin_status and buyer_status, each (F, n), with the words of `NodeStatus`.
    """
    origin = np.where(alive_origin, 2, world.supply() > 0)
    buyer = np.where(alive_buyer, 2 + beyond, world.use() > 0)
    return _STATUS[origin], _STATUS[buyer]


# by number: neither made nor used, cut off, alive, alive beyond the backstop
_STATUS: NDArray[np.object_] = np.array(
    [
        str(s)
        for s in (NodeStatus.INACTIVE, NodeStatus.NO_SUPPLY, NodeStatus.ACTIVE, NodeStatus.BEYOND_BACKSTOP)
    ],
    dtype=object,
)


def beyond_backstop(phi: Array, phi0: Array, events: CompiledEvents, params: Params) -> NDArray[np.bool_]:
    """Where the local marginal price is above the backstop, beyond which the demand curve is only assumed
    (E5).

    Parameters
    ----------
    phi : Array, shape (F, n)
        Cost of the marginal tonne, USD per t contained.
    phi0 : Array, shape (F, n)
        The same at base.
    events : CompiledEvents
        For the currency of each country.
    params : Params
        For the backstop price ratio.

    Returns
    -------
    Bools, shape (F, n)
        True at those buyers.
    """
    with np.errstate(invalid="ignore"):
        return np.asarray(phi * (1 + events.fx) > params.zc * np.where(phi0 > 0, phi0, 0.0))


def beyond_notes(world: World, buyer: NDArray[np.object_]) -> list[str]:
    """A note for every buyer beyond the backstop.

    Parameters
    ----------
    world : World
        Base data, for names.
    buyer : NDArray[np.object_], shape (F, n)
        Status of each buyer.

    Returns
    -------
    list of str
        One sentence each.
    """
    beyond = buyer == NodeStatus.BEYOND_BACKSTOP
    if not beyond.any():
        return []
    return [
        f"{world.chain.forms[f].id}/{world.countries[j]}: price beyond the backstop, where the demand curve"
        " is assumed"
        for f, j in np.argwhere(beyond)
    ]


def _failed(market: Market, found: Root, proof: Certificate) -> Solution:
    world = market.calibration.world
    F, n = world.M0.shape
    K, U = len(world.chain.processes), len(world.uses)
    live = [(int(f), int(i)) for f, i in np.argwhere(market.alive.origin)]
    names = [f"{world.chain.forms[f].id}/{world.countries[i]}" for f, i in live] + [
        g.id for g in market.groups
    ]
    worst = names[int(np.argmax(np.abs(np.nan_to_num(found.residual, nan=np.inf))))] if names else ""

    def nothing(*shape: int) -> Array:
        return np.full(shape, np.nan)

    return Solution(
        ok=False,
        failed_market=worst,
        iterations=found.iterations,
        continuation_steps=found.path_steps,
        certificate=proof,
        price=nothing(F, n),
        marginal=nothing(F, n),
        delivered=nothing(F, n, n),
        flows=nothing(F, n, n),
        supply=nothing(F, n),
        activity=nothing(K, n),
        use=nothing(F, n, U),
        purchases=nothing(F, n),
        wedge=nothing(F, n, n),
        multipliers={},
        origin_status=np.full((F, n), NodeStatus.INACTIVE, dtype=object),
        buyer_status=np.full((F, n), NodeStatus.INACTIVE, dtype=object),
        producer_price=nothing(F, n),
        stocked=nothing(F, n),
        released=nothing(F, n),
        notes=(*market.calibration.notes, f"not solved: {worst} does not clear", *_gluts(market, found)),
    )


def _gluts(market: Market, found: Root) -> list[str]:
    """Nodes whose price was falling towards nothing: no positive price sells what they make, or what a floor
    promises.

    Where there are plants that is at the lowest price they sell at, with hardly any of their lines running
    (`idle_lines`).
    """
    c, world = market.calibration, market.calibration.world
    promised = [
        f"no positive price makes {', '.join(world.countries[j] for j in np.flatnonzero(routes.any(axis=0)))}"
        f" take the {g.limit:,.0f} t of {g.id}"
        for g, routes in zip(market.groups, market.members, strict=True)
        if g.kind == "floor" and (found.state.phi[g.form][routes.any(axis=0)] <= 0).all()
    ]
    cheap = market.alive.origin & (
        (found.state.p < GLUT * c.reference[:, None]) | (found.state.running < GLUT)
    )
    return promised + [
        f"no positive price sells what is made of {world.chain.forms[f].id} in {world.countries[i]}"
        for f, i in np.argwhere(cheap)
    ]
