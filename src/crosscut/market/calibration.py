"""Calibration: every constant of the market from base data, so that no shock is exactly the base."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crosscut.errors import Problem, UserError
from crosscut.market.curves import BackstopDemand, CappedSupply, DemandCurve, Processing, SupplyCurve
from crosscut.market.params import Params
from crosscut.market.world import World

Array = NDArray[np.float64]

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


def delivered_price(
    price: Array,
    tariff: Array,
    export_tax: Array,
    wedge: Array,
    freight: Array,
    specific: Array,
    on_cif: NDArray[np.bool_],
    cif_shift: Array | float = 0.0,
) -> Array:
    """d[f, i, j] = (1 + tau)(p(1 + e) + w) + t (1 + rate of duty on freight) + specific, USD per t contained."""
    on_freight = freight_duty(tariff, on_cif, cif_shift)
    out: Array = (
        (1.0 + tariff) * (price[..., None] * (1 + export_tax) + wedge) + freight * (1.0 + on_freight) + specific
    )
    return out


def freight_duty(tariff: Array, on_cif: NDArray[np.bool_], cif_shift: Array | float) -> Array:
    """Rate of duty charged on freight: tau where the destination values goods on CIF, plus what events state otherwise."""
    out: Array = np.where(on_cif, tariff, 0.0) + cif_shift
    return out


def calibrate(world: World, params: Params) -> Calibration:
    """Constants such that the base solves the market exactly.

    Raises UserError listing every price or elasticity that is missing or out of range.
    """
    _check(world, params)
    a, b = world.input_coefficients(), world.output_coefficients()
    p0 = np.where(world.supply() > 0, world.prices, np.nan)
    d0 = delivered_price(
        np.nan_to_num(p0), world.tariff, world.export_tax, np.zeros_like(world.q0), world.freight,
        np.zeros_like(world.q0), world.duty_on_cif,
    )  # fmt: skip
    bought = world.q0.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        s0 = np.where(bought[:, None, :] > 0, world.q0 / bought[:, None, :], 0.0)
        phi0 = np.where(bought > 0, (s0 * d0).sum(axis=1), np.nan)
        theta = params.sigma[:, None] / phi0
        log_w0 = np.where(s0 > 0, np.log(s0) + theta[:, None, :] * d0, -np.inf)
    notes: list[str] = []
    supply = _supply(world, params, notes)
    processing = _processing(world, params, a, b, p0, phi0, notes)
    demand = BackstopDemand(world.D0, np.nan_to_num(phi0), params.eps, params.zc, params.lo, params.demand_k)
    reference = np.array([f.reference_price for f in world.chain.forms])
    return Calibration(
        world, params, a, b, p0, log_w0, phi0, theta, supply, demand, processing, reference, tuple(notes)
    )


def supply_through(m0: Array, k0: Array, eta: Array, price: Array, r: float) -> CappedSupply:
    """The capped curve that passes through m0 at `price` with local elasticity eta; empty where m0 is 0."""
    with np.errstate(invalid="ignore", divide="ignore"):
        used = np.where(m0 > 0, np.where(np.isinf(k0), 0.0, m0 / k0), 0.0)
        slack = -np.expm1(r * np.log(np.where(used > 0, used, 1e-300)))  # 1 - used^r
        slack = np.where(used > 0, slack, 1.0)
        local = eta / slack
        log_free = np.log(m0) - np.log(slack) / r  # ln [ (m0^-r - k0^-r)^(-1/r) ]
        log_a = np.where(m0 > 0, log_free - local * np.log(price), -np.inf)
        log_k = np.where(m0 > 0, np.log(k0), -np.inf)
    return CappedSupply(log_a, np.where(m0 > 0, local, 0.0), log_k, r)


def _supply(world: World, params: Params, notes: list[str]) -> CappedSupply:
    k0 = np.where(np.isnan(world.supply_capacity), world.M0 / MOST_USED, world.supply_capacity)
    tight = (world.M0 > 0) & (k0 * MOST_USED < world.M0)
    for f, i in np.argwhere(tight & ~np.isclose(k0 * MOST_USED, world.M0, rtol=1e-12)):
        notes.append(
            f"capacity of {world.chain.forms[f].id}/{world.countries[i]} raised from {k0[f, i]:,.0f} to "
            f"{world.M0[f, i] / MOST_USED:,.0f} t: the base uses more than 95 % of it (derived)"
        )
    k0 = np.where(tight, world.M0 / MOST_USED, k0)
    return supply_through(world.M0, k0, np.broadcast_to(params.eta[:, None], k0.shape), world.prices, params.supply_r)


def _processing(
    world: World, params: Params, a: Array, b: Array, p0: Array, phi0: Array, notes: list[str]
) -> Processing:
    value = b @ np.nan_to_num(p0)
    cost_in = a @ np.nan_to_num(phi0)
    runs = world.X0 > 0
    with np.errstate(invalid="ignore", divide="ignore"):
        capacity = np.where(np.isnan(world.process_capacity), world.X0 / 0.8, world.process_capacity)
        u0 = np.clip(np.where(runs, world.X0 / capacity, 0.8), *PLANT_USE)
    capacity = np.where(runs, world.X0 / u0, 0.0)
    m0 = params.mu[:, None] * value
    with np.errstate(invalid="ignore", divide="ignore"):
        kappa = np.where(runs, np.log(u0 / (1 - u0)) / m0, 0.0)
    cost = np.where(runs, value - cost_in - m0, 0.0)
    for k, i in np.argwhere(runs & (cost < 0)):
        notes.append(
            f"{world.chain.processes[k].id} in {world.countries[i]}: base prices leave less than the assumed margin "
            f"(avoidable cost {cost[k, i]:,.0f} USD/t); base prices are inconsistent along the chain"
        )
    return Processing(capacity, kappa, cost)


def _check(world: World, params: Params) -> None:
    problems = []
    made, used = world.supply(), world.use()
    for f, i in np.argwhere((made > 0) & ~(np.nan_to_num(world.prices) > 0)):
        problems.append(Problem(f"no base price of {world.chain.forms[f].id} in {world.countries[i]}", "world prices",
                                "USD per t contained > 0"))  # fmt: skip
    for name, values in (("sigma", params.sigma), ("eta", params.eta), ("eps", params.eps), ("mu", params.mu)):
        if not (np.isfinite(values).all() and (values >= 0).all()):
            problems.append(Problem(f"{name} is negative or not finite", "parameters", "numbers >= 0"))
    if not (params.sigma > 0).all():
        problems.append(Problem("sigma is 0", "parameters", "substitution > 0: with none no price clears"))
    for f, form in enumerate(world.chain.forms):
        elastic = params.eta[f] > 0 or (params.eps[f][world.D0[f].sum(axis=0) > 0] > 0).any()
        touched = (world.input_coefficients()[:, f] > 0).any() or (world.output_coefficients()[:, f] > 0).any()
        if used[f].sum() > 0 and not elastic and not touched:
            problems.append(Problem(f"supply and demand of {form.id} both have elasticity 0", "parameters",
                                    "eta > 0 or eps > 0, else no price exists"))  # fmt: skip
    if problems:
        raise UserError(problems)
