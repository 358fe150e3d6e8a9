"""Dense worlds for the benchmarks: every country makes, buys and sells every form of a linear chain."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from crosscut.market.events.compiled import CompiledEvents, Group, no_events
from crosscut.market.model.chain import Chain, Form, Process
from crosscut.market.model.world import Params, World

YIELD, PROCESSED = 0.95, 0.9


def dense_world(countries: int, forms: int, seed: int = 0) -> World:
    """`forms` forms in a row, n countries, every route in use; one dominant mine (a third of the ore)."""
    rng = np.random.default_rng(seed)
    n, F = countries, forms
    chain = Chain(
        "dense",
        tuple(Form(f"f{f}", f"Form {f}", 10_000.0 * 1.4**f, primary=f == 0) for f in range(F)),
        tuple(
            Process(f"k{f}", f"Process {f}", {f"f{f}": 1.0}, {f"f{f + 1}": YIELD}, 0.1) for f in range(F - 1)
        ),
    )
    q0, M0 = np.zeros((F, n, n)), np.zeros((F, n))
    X0, D0 = np.zeros((F - 1, n)), np.zeros((F, n, 2))
    made = rng.lognormal(5.0, 1.0, n)
    made[0] = 0.5 * made[1:].sum()
    M0[0] = made
    for f in range(F):
        q0[f] = made[:, None] * rng.dirichlet(np.ones(n), n)
        bought = q0[f].sum(axis=0)
        if f < F - 1:
            X0[f] = PROCESSED * bought
            made = YIELD * X0[f]
        final = bought - (X0[f] if f < F - 1 else 0.0)
        D0[f, :, 0], D0[f, :, 1] = 0.6 * final, 0.4 * final
    reference = np.array([form.reference_price for form in chain.forms])
    return World(
        mineral="dense",
        year=2024,
        chain=chain,
        countries=tuple(f"C{i:03d}" for i in range(n)),
        uses=("one", "two"),
        q0=q0,
        M0=M0,
        X0=X0,
        D0=D0,
        supply_capacity=M0 / 0.9,
        process_capacity=X0 / 0.8,
        freight=300.0 * np.broadcast_to(1 - np.eye(n), (F, n, n)).copy(),
        tariff=np.zeros((F, n, n)),
        export_tax=np.zeros((F, n, n)),
        duty_on_cif=np.ones(n, dtype=bool),
        prices=reference[:, None] * rng.uniform(0.9, 1.1, (F, n)),
        unrecorded_share=0.0,
        grade="A",
    )


def drawn_params(world: World, rng: np.random.Generator) -> Params:
    """Behaviour drawn from the ranges the bundled worlds use."""
    F, U, K = len(world.chain.forms), len(world.uses), len(world.chain.processes)
    return Params(
        sigma=rng.lognormal(0.0, 0.5, F),
        eta=rng.lognormal(-1.9, 0.6, F),
        eps=rng.lognormal(-1.2, 0.4, (F, U)),
        mu=np.clip(rng.lognormal(-2.3, 0.4, K), 0.02, 0.4),
        zc=20.0,
    )


def mixed_events(world: World, number: int, rng: np.random.Generator) -> CompiledEvents:
    """The stated mix: a third export caps of the dominant maker at 10 % of base, a third random taxes,
    freight, capacity and demand, a third outages of the dominant mine (90 %)."""
    e = no_events(world)
    F, n = world.M0.shape
    match number % 3:
        case 0:
            f = int(rng.integers(F))
            i = int(np.argmax(world.supply()[f]))
            routes = np.zeros((n, n), dtype=bool)
            routes[i] = True
            routes[i, i] = False
            return replace(e, caps=(Group("cap", "cap", f, routes, 0.1 * float(world.q0[f][routes].sum())),))
        case 1:
            return replace(
                e,
                tariff=rng.uniform(0, 0.5, (F, n, n)) * (rng.random((F, n, n)) < 0.2),
                export_tax=rng.uniform(0, 0.3, (F, n, n)) * (rng.random((F, n, n)) < 0.2),
                freight=e.freight * rng.uniform(0.8, 2.0, (F, n, n)),
                supply_factor=rng.uniform(0.6, 1.1, (F, n)),
                process_factor=rng.uniform(0.7, 1.2, world.X0.shape),
                demand_factor=rng.uniform(0.8, 1.2, world.D0.shape),
            )
        case _:
            factor = np.ones((F, n))
            factor[0, int(np.argmax(world.M0[0]))] = 0.1
            return replace(e, supply_factor=factor)
