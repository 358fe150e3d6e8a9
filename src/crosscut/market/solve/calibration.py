"""Calibration: every constant of the market from base data, so that no shock is exactly the base.

Tests: tests/market/test_curves.py, tests/market/test_sourcing.py, tests/market/test_properties.py
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crosscut.base.arrays import Array
from crosscut.base.errors import Problem, UserError
from crosscut.market.model.curves import BackstopDemand, CappedSupply, DemandCurve, Processing, SupplyCurve
from crosscut.market.model.world import Params, World

MOST_USED = 0.95  # capacity is raised where the base uses more of it
PLANT_USE = (0.55, 0.98)  # base utilisation of processing is kept within


@dataclass(frozen=True, eq=False)
class Calibration:
    """Constants of one draw (F forms, K processes, n countries).

    log_w0[f, i, j] = ln s0 + theta d0, the price-free part of the sourcing weight (-inf: never bought);
    phi0, theta [f, j]; p0[f, i] starting prices; supply, demand and processing curves; a, b [k, f].
    """

    world: World
    params: Params
    a: Array
    b: Array
    p0: Array
    log_w0: Array
    phi0: Array
    theta: Array
    supply: SupplyCurve
    demand: DemandCurve
    processing: Processing
    reference: Array
    notes: tuple[str, ...] = ()


def base_delivered_price(world: World, price: Array) -> Array:
    """What a tonne costs a buyer on every route before any event (E3).

    d = (1 + tau) p (1 + e) + t (1 + rate of duty on freight).

    Parameters
    ----------
    world : World
        Its tariffs tau (F, n, n) and export taxes e (F, n, n) as fractions, its freight t (F, n, n) in USD
        per t contained, and which destinations value goods for duty with their freight.
    price : Array, shape (F, n)
        Producer price p by form and origin, USD per t contained.

    Returns
    -------
    Array, shape (F, n, n)
        Delivered price d by form, origin and destination, USD per t contained.
    """
    on_freight = freight_duty(world.tariff, world.duty_on_cif, 0.0)
    out: Array = (1.0 + world.tariff) * (price[..., None] * (1 + world.export_tax)) + world.freight * (
        1.0 + on_freight
    )
    return out


def freight_duty(tariff: Array, on_cif: NDArray[np.bool_], cif_shift: Array | float) -> Array:
    """Rate of duty that is charged on freight (E3).

    Parameters
    ----------
    tariff : Array, shape (F, n, n)
        Duty as a fraction.
    on_cif : Bools, shape (n)
        Whether the destination values goods for duty with their freight.
    cif_shift : Array | float
        What events state otherwise, added to the rate.

    Returns
    -------
    Array, shape (F, n, n)
        The whole duty where the destination values on CIF, else 0, plus the shift.
    """
    out: Array = np.where(on_cif, tariff, 0.0) + cif_shift
    return out


@dataclass(frozen=True, eq=False)
class BaseConstants:
    """What calibration takes from a world whatever the behaviour: p0, d0[f, i, j], base shares s0[f, i, j],
    phi0[f, j] (NaN where nobody buys), capacities of supply [f, i] and of processing [k, i] with base use
    kept within bounds.
    """

    p0: Array
    d0: Array
    s0: Array
    phi0: Array
    supply_capacity: Array
    process_capacity: Array
    notes: tuple[str, ...]


def base_constants(world: World) -> BaseConstants:
    """The constants of a world that no draw changes.

    Parameters
    ----------
    world : World
        The base data.

    Returns
    -------
    BaseConstants
        Prices, delivered prices, shares, cost of the marginal tonne and capacities of the base; notes say
        which capacity was raised because the base uses more than 95 % of it.
    """
    p0 = np.where(world.supply() > 0, world.prices, np.nan)
    d0 = base_delivered_price(world, np.nan_to_num(p0))
    bought = world.q0.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        s0 = np.where(bought[:, None, :] > 0, world.q0 / bought[:, None, :], 0.0)
        phi0 = np.where(bought > 0, (s0 * d0).sum(axis=1), np.nan)
    notes: list[str] = []
    return BaseConstants(
        p0, d0, s0, phi0, _supply_capacity(world, notes), _process_capacity(world), tuple(notes)
    )


def calibrate(world: World, params: Params) -> Calibration:
    """Constants such that the base solves the market exactly (E4, E5, E7, E10, E29).

    Parameters
    ----------
    world : World
        The base data.
    params : Params
        Behaviour of one draw: elasticities, margins, exponents of the curves.

    Returns
    -------
    Calibration
        Weights of origins, curves of supply, demand and processing, starting prices, and notes.

    Raises
    ------
    UserError
        Lists every price or elasticity that is missing or out of range.
    """
    check_parameters(world, params)
    a, b = world.input_coefficients(), world.output_coefficients()
    k = base_constants(world)
    with np.errstate(invalid="ignore", divide="ignore"):
        theta = params.sigma[:, None] / k.phi0
        log_w0 = np.where(k.s0 > 0, np.log(k.s0) + theta[:, None, :] * k.d0, -np.inf)
    notes = list(k.notes)
    eta = np.broadcast_to(params.eta[:, None], world.M0.shape)
    supply = supply_through(world.M0, k.supply_capacity, eta, world.prices, params.supply_r)
    processing = _processing(world, params, a, b, k, notes)
    demand = BackstopDemand(
        world.D0, np.nan_to_num(k.phi0), params.eps, params.zc, params.lo, params.demand_k
    )
    reference = np.array([f.reference_price for f in world.chain.forms])
    return Calibration(
        world, params, a, b, k.p0, log_w0, k.phi0, theta, supply, demand, processing, reference, tuple(notes)
    )


def supply_through(m0: Array, k0: Array, eta: Array, price: Array, r: float) -> CappedSupply:
    """The capped supply curve through a point with a given slope (E7).

    Parameters
    ----------
    m0 : Array, shape (...)
        Supply at base, t contained a year; 0 gives an empty curve.
    k0 : Array, shape (...)
        Capacity, t contained a year, above m0; infinite for a curve without one.
    eta : Array, shape (...)
        Own-price elasticity at the point.
    price : Array, shape (...)
        Price at the point, USD per t contained.
    r : float
        How sharply the curve bends at capacity; the engine takes 10.

    Returns
    -------
    CappedSupply
        The curve whose value at `price` is m0 and whose local elasticity there is eta.

    Notes
    -----
    What is passed on is A and eta~ of E7: A = (m0^-r - k0^-r)^(-1/r) / price^eta~, eta~ = eta / (1 -
    (m0/k0)^r).
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        used = np.where(m0 > 0, np.where(np.isinf(k0), 0.0, m0 / k0), 0.0)
        slack = -np.expm1(r * np.log(np.where(used > 0, used, 1e-300)))  # 1 - used^r
        slack = np.where(used > 0, slack, 1.0)
        local = eta / slack
        log_free = np.log(m0) - np.log(slack) / r  # ln [ (m0^-r - k0^-r)^(-1/r) ]
        log_a = np.where(m0 > 0, log_free - local * np.log(price), -np.inf)
        log_k = np.where(m0 > 0, np.log(k0), -np.inf)
    return CappedSupply(log_a, np.where(m0 > 0, local, 0.0), log_k, r)


def _supply_capacity(world: World, notes: list[str]) -> Array:
    k0 = np.where(np.isnan(world.supply_capacity), world.M0 / MOST_USED, world.supply_capacity)
    tight = (world.M0 > 0) & (k0 * MOST_USED < world.M0)
    for f, i in np.argwhere(tight & ~np.isclose(k0 * MOST_USED, world.M0, rtol=1e-12)):
        notes.append(
            f"capacity of {world.chain.forms[f].id}/{world.countries[i]} raised from {k0[f, i]:,.0f} to "
            f"{world.M0[f, i] / MOST_USED:,.0f} t: the base uses more than 95 % of it (derived)"
        )
    out: Array = np.where(tight, world.M0 / MOST_USED, k0)
    return out


def _process_capacity(world: World) -> Array:
    runs = world.X0 > 0
    with np.errstate(invalid="ignore", divide="ignore"):
        capacity = np.where(np.isnan(world.process_capacity), world.X0 / 0.8, world.process_capacity)
        u0 = np.clip(np.where(runs, world.X0 / capacity, 0.8), *PLANT_USE)
    out: Array = np.where(runs, world.X0 / u0, 0.0)
    return out


def _processing(
    world: World, params: Params, a: Array, b: Array, base: BaseConstants, notes: list[str]
) -> Processing:
    value = b @ np.nan_to_num(base.p0)
    cost_in = a @ np.nan_to_num(base.phi0)
    runs, capacity = world.X0 > 0, base.process_capacity
    m0 = params.mu[:, None] * value
    with np.errstate(invalid="ignore", divide="ignore"):
        u0 = np.where(runs, world.X0 / capacity, 0.5)
        kappa = np.where(runs, np.log(u0 / (1 - u0)) / m0, 0.0)
    cost = np.where(runs, value - cost_in - m0, 0.0)
    notes += margin_notes(world, cost)
    return Processing(capacity, kappa, cost)


def margin_notes(world: World, cost: Array) -> list[str]:
    """A note for every process whose base prices leave less than the assumed margin.

    Parameters
    ----------
    world : World
        The base data, for names.
    cost : Array, shape (K, n)
        Avoidable cost of a process, USD per t of activity; below 0 where prices leave too little.

    Returns
    -------
    list of str
        One sentence for each process and country with a negative cost.
    """
    if not (cost < 0).any():
        return []
    return [
        f"{world.chain.processes[k].id} in {world.countries[i]}: base prices leave less than the assumed"
        f" margin (avoidable cost {cost[k, i]:,.0f} USD/t); base prices are inconsistent along the chain"
        for k, i in np.argwhere(cost < 0)
    ]


def check_parameters(world: World, params: Params) -> None:
    """Refuses behaviour with which no price exists.

    Parameters
    ----------
    world : World
        The base data.
    params : Params
        Behaviour of one draw.

    Raises
    ------
    UserError
        Lists every price or elasticity that is missing or out of range.
    """
    ParameterCheck(world)(params)


class ParameterCheck:
    """What a world asks of behaviour; made once, it checks thousands of draws."""

    def __init__(self, world: World) -> None:
        a, b = world.input_coefficients(), world.output_coefficients()
        self._world = world
        unpriced = (world.supply() > 0) & ~(np.nan_to_num(world.prices) > 0)
        self._unpriced = [
            Problem(
                f"no base price of {world.chain.forms[f].id} in {world.countries[i]}",
                "world prices",
                "USD per t contained > 0",
            )
            for f, i in np.argwhere(unpriced)
        ]
        processed = (a > 0).any(axis=0) | (b > 0).any(axis=0)
        self._must_answer = (world.use().sum(axis=1) > 0) & ~processed  # only elasticities clear such a form
        self._wanted = world.D0.sum(axis=1) > 0

    def __call__(self, params: Params) -> None:
        """Raises UserError listing every price or elasticity that is missing or out of range."""
        values = np.concatenate((params.sigma, params.eta, params.eps.ravel(), params.mu))
        plain = values.min(initial=0.0) >= 0 and values.max(initial=0.0) < np.inf  # False for NaN
        if plain and params.sigma.min() > 0 and params.eta.min() > 0 and not self._unpriced:
            return
        problems = list(self._unpriced)
        for name, part in (
            ("sigma", params.sigma),
            ("eta", params.eta),
            ("eps", params.eps),
            ("mu", params.mu),
        ):
            if not (np.isfinite(part).all() and (part >= 0).all()):
                problems.append(Problem(f"{name} is negative or not finite", "parameters", "numbers >= 0"))
        if not (params.sigma > 0).all():
            problems.append(
                Problem("sigma is 0", "parameters", "substitution > 0: with none no price clears")
            )
        answers = (params.eta > 0) | ((params.eps > 0) & self._wanted).any(axis=1)
        for f in np.flatnonzero(self._must_answer & ~answers):
            form = self._world.chain.forms[f].id
            problems.append(
                Problem(
                    f"supply and demand of {form} both have elasticity 0",
                    "parameters",
                    "eta > 0 or eps > 0, else no price exists",
                )
            )
        if problems:
            raise UserError(problems)
