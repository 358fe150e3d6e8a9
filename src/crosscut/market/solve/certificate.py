"""Certificate: the conditions of a solution, recomputed from its reported arrays apart from the solver.

Checks: event sets that have no solution are refused by name before anything is solved.

Tests: tests/market/test_welfare.py, tests/market/test_properties.py, tests/market/test_limits.py
"""

from __future__ import annotations

import numpy as np

from crosscut.base.arrays import Array
from crosscut.base.errors import Problem, UserError
from crosscut.market.events.compiled import CompiledEvents
from crosscut.market.model.solution import Certificate
from crosscut.market.model.world import World
from crosscut.market.solve.calibration import freight_duty
from crosscut.market.solve.state import Market, State


def money_flows(
    world: World, events: CompiledEvents, price: Array, flows: Array, wedge: Array
) -> dict[str, float]:
    """What buyers pay in a year, and where it goes (E18).

    Parameters
    ----------
    world : World
        The base data.
    events : CompiledEvents
        Taxes and freight after events.
    price : Array, shape (F, n)
        Producer price, USD per t contained; NaN counts as 0.
    flows : Array, shape (F, n, n)
        Tonnes contained from origin to destination.
    wedge : Array, shape (F, n, n)
        Multipliers of limits on the route, USD per t contained.

    Returns
    -------
    dict of str to float
        USD a year: receipts, export_taxes, rents, freight and tariffs. They add up to what is paid.
    """
    p = np.nan_to_num(price)[..., None]
    at_border = p * (1 + events.export_tax) + wedge
    on_freight = freight_duty(events.tariff, world.duty_on_cif, events.cif_shift)
    return {
        "receipts": float((flows * p).sum()),
        "export_taxes": float((flows * p * events.export_tax).sum()),
        "rents": float((flows * wedge).sum()),
        "freight": float((flows * events.freight).sum()),
        "tariffs": float(
            (flows * (events.tariff * at_border + on_freight * events.freight + events.specific)).sum()
        ),
    }


def certificate(market: Market, state: State, residual: Array) -> Certificate:
    """The worst violations of the conditions of a solution (E16), recomputed apart from the solver.

    Parameters
    ----------
    market : Market
        The market after events.
    state : State
        The equations at the point that is to be judged.
    residual : Array, shape (rows of `residuals`)
        Residuals at that point.

    Returns
    -------
    Certificate
        Every figure is relative, but the smallest multiplier, which is in USD per t.
    """
    c, world = market.calibration, market.calibration.world
    q = state.q
    supplied = state.mined + c.b.T @ state.x + state.released
    used = state.final.sum(axis=2) + c.a.T @ state.x + state.stocked
    scale = np.maximum(q.sum(axis=(1, 2)), 1e-300)[:, None]

    def relative(a: Array, b: Array) -> float:
        node = np.maximum(np.maximum(np.abs(a), np.abs(b)), 1e-9 * scale)
        return float((np.abs(a - b) / node).max(initial=0.0))

    mass = max(
        relative(q.sum(axis=2), supplied), relative(q.sum(axis=1), np.where(market.alive.buyer, used, 0.0))
    )
    over = 0.0
    for g, members, multiplier in zip(market.groups, market.members, state.om, strict=True):
        flow = q[g.form][members].sum()
        limit = g.last if multiplier >= g.toll * (1 - 1e-9) else g.limit
        excess = flow / limit - 1.0 if g.kind == "cap" else 1.0 - flow / limit
        over = max(over, float(excess))
    parts = money_flows(world, market.events, np.where(market.alive.origin, state.p, 0.0), q, state.wedge)
    paid = float((q * np.where(market.alive.route, state.d, 0.0)).sum())
    money = abs(paid - sum(parts.values())) / max(abs(paid), 1e-300) if q.sum() > 0 else 0.0
    return Certificate(
        residual=float(np.abs(residual).max(initial=0.0)),
        mass=mass,
        cap=max(over, 0.0),
        money=money,
        smallest_multiplier=float(state.om.min(initial=0.0)),
    )


def refuse_impossible(market: Market) -> None:
    """Refuses limits that contradict each other or what can be made.

    Parameters
    ----------
    market : Market
        The market after events.

    Raises
    ------
    UserError
        Names every floor above a cap on the same routes, or above what its origins can supply.
    """
    c, world = market.calibration, market.calibration.world
    problems = []
    pairs = list(zip(market.groups, market.members, strict=True))
    for floor, inside in pairs:
        if floor.kind != "floor":
            continue
        for cap, routes in pairs:
            if (
                cap.kind == "cap"
                and cap.form == floor.form
                and not (inside & ~routes).any()
                and cap.most < floor.limit
            ):
                problems.append(
                    Problem(
                        f"the floor {floor.id} of {floor.limit:,.0f} t lies above the cap {cap.id} of"
                        f" {cap.most:,.0f} t on the same routes",
                        "events",
                        "a floor at or below every cap that covers it",
                    )
                )
        origins = inside.any(axis=1)
        made = market.supply.capacity()[floor.form] + c.b[:, floor.form] @ market.processing.capacity
        if market.release is not None:
            made = made + market.release.most(market.calibration.phi0)[floor.form]
        most = float(made[origins].sum())
        if floor.limit > most:
            names = ", ".join(world.countries[i] for i in np.flatnonzero(origins))
            problems.append(
                Problem(
                    f"the floor {floor.id} of {floor.limit:,.0f} t is above what {names} can supply"
                    f" ({most:,.0f} t)",
                    "events",
                    f"at most {most:,.0f} t",
                )
            )
    if problems:
        raise UserError(problems)
