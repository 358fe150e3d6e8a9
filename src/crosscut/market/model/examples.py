"""Examples: small complete worlds for docs and tests.

Tests: tests/market/test_sourcing.py, tests/market/test_chains.py
"""

from __future__ import annotations

import numpy as np

from crosscut.market.model.chain import Chain, Form, Process
from crosscut.market.model.world import Params, World


def two_country_world() -> World:
    """One form, two countries: A mines 80 t and sells 30 t of it to B, which mines 20 t."""
    q0 = np.array([[[50.0, 30.0], [0.0, 20.0]]])
    return one_form_world(q0, np.array([[1000.0, 1100.0]]), freight=50.0)


def one_form_world(q0: np.ndarray, prices: np.ndarray, freight: float = 0.0) -> World:
    """A world of one form; supply and use are the row and column sums of its flows.

    Parameters
    ----------
    q0 : np.ndarray, shape (1, n, n)
        Flows from origin to destination, t contained a year.
    prices : np.ndarray, shape (1, n)
        Producer prices, USD per t contained.
    freight : float
        Freight between two countries, USD per t contained.

    Returns
    -------
    World
        With countries C00, C01, ... and one end use.
    """
    n = q0.shape[1]
    chain = Chain("example", (Form("ore", "Ore", float(np.nanmean(prices))),))
    return World(
        mineral="example",
        year=2024,
        chain=chain,
        countries=tuple(f"C{i:02d}" for i in range(n)),
        uses=("all uses",),
        q0=q0,
        M0=q0.sum(axis=2),
        X0=np.zeros((0, n)),
        D0=q0.sum(axis=1)[..., None],
        supply_capacity=q0.sum(axis=2) / 0.9,
        process_capacity=np.zeros((0, n)),
        freight=freight * (1 - np.eye(n))[None],
        tariff=np.zeros((1, n, n)),
        export_tax=np.zeros((1, n, n)),
        duty_on_cif=np.ones(n, dtype=bool),
        prices=np.where(q0.sum(axis=2) + q0.sum(axis=1) > 0, prices, np.nan),
        unrecorded_share=0.0,
        grade="A",
    )


def chain_world(ore: np.ndarray, scrap: np.ndarray, refined_use: np.ndarray) -> World:
    """Ore and scrap, which stay at home, into metal, which is traded; yields are 0.95 and 0.9.

    Parameters
    ----------
    ore : np.ndarray, shape (n)
        Ore mined, t contained a year.
    scrap : np.ndarray, shape (n)
        Scrap collected, t contained a year.
    refined_use : np.ndarray, shape (n, n)
        Shares of a country's metal that go to each; rows add up to 1.

    Returns
    -------
    World
        Of three forms and two processes.
    """
    n = len(ore)
    chain = Chain(
        "example",
        (
            Form("ore", "Ore", 1000.0),
            Form("scrap", "Scrap", 900.0),
            Form("metal", "Metal", 1500.0, primary=False),
        ),
        (
            Process("refining", "Refining", {"ore": 1.0}, {"metal": 0.95}, 0.1),
            Process("recycling", "Recycling", {"scrap": 1.0}, {"metal": 0.9}, 0.1),
        ),
    )
    metal = 0.95 * ore + 0.9 * scrap
    q0 = np.stack([np.diag(ore), np.diag(scrap), metal[:, None] * refined_use])
    D0 = np.zeros((3, n, 1))
    D0[2, :, 0] = q0[2].sum(axis=0)
    X0 = np.stack([ore, scrap])
    present = (q0.sum(axis=2) + q0.sum(axis=1)) > 0
    return World(
        mineral="example",
        year=2024,
        chain=chain,
        countries=tuple(f"C{i:02d}" for i in range(n)),
        uses=("all uses",),
        q0=q0,
        M0=np.stack([ore, scrap, np.zeros(n)]),
        X0=X0,
        D0=D0,
        supply_capacity=np.stack([ore / 0.9, scrap / 0.8, np.zeros(n)]),
        process_capacity=X0 / 0.8,
        freight=np.broadcast_to(40.0 * (1 - np.eye(n)), (3, n, n)).copy(),
        tariff=np.zeros((3, n, n)),
        export_tax=np.zeros((3, n, n)),
        duty_on_cif=np.ones(n, dtype=bool),
        prices=np.where(present, np.array([1000.0, 900.0, 1500.0])[:, None], np.nan),
        unrecorded_share=0.0,
        grade="A",
    )


def example_params(
    world: World, sigma: float = 2.0, eta: float = 0.2, eps: float = 0.3, mu: float = 0.1
) -> Params:
    """The same elasticities for every form, use and process.

    Parameters
    ----------
    world : World
        For the numbers of forms, uses and processes.
    sigma : float
        Substitution between origins.
    eta : float
        Own-price elasticity of primary supply.
    eps : float
        Own-price elasticity of final demand, as a positive number.
    mu : float
        Base margin of processing as a share of the value of output.

    Returns
    -------
    Params
        Behaviour of one draw.
    """
    F, U, K = len(world.chain.forms), len(world.uses), len(world.chain.processes)
    return Params(np.full(F, sigma), np.full(F, eta), np.full((F, U), eps), np.full(K, mu))
