"""Random consistent worlds and events for tests."""

from dataclasses import replace

import numpy as np

from crosscut.market.events.compiled import Group, StockRule, no_events
from crosscut.market.events.events import RentTo
from crosscut.market.model.examples import chain_world, one_form_world


def random_one_form_world(rng, n, spread=10.0, sparse=0.3, freight=30.0):
    """One form; producer prices up to `spread` apart; about a third of the pairs do not trade."""
    q0 = rng.lognormal(3.0, 1.2, (1, n, n)) * (rng.random((1, n, n)) > sparse)
    q0[0] += np.diag(rng.lognormal(3.0, 1.0, n))
    prices = 1000.0 * spread ** rng.uniform(-0.5, 0.5, (1, n))
    return one_form_world(q0, prices, freight=freight)


def random_chain_world(rng, n):
    """Ore and scrap into metal, with metal traded."""
    shares = rng.dirichlet(np.ones(n), n)
    return chain_world(rng.lognormal(4.0, 0.8, n), rng.lognormal(3.0, 0.8, n), shares)


def export_cap(world, form, country, fraction, rent_to=RentTo.EXPORTERS):
    """A cap on all exports of a country at a fraction of the base."""
    n = len(world.countries)
    routes = np.zeros((n, n), dtype=bool)
    routes[country] = True
    routes[country, country] = False
    return Group(
        f"cap-{form}-{country}", "cap", form, routes, fraction * world.q0[form][routes].sum(), rent_to
    )


def random_events(rng, world, taxes=True):
    """Tariffs, export taxes, freight, demand, capacity and currency moved at random; some routes closed."""
    e = no_events(world)
    F, n = world.M0.shape
    closed = rng.random((F, n, n)) < 0.05
    closed[:, np.arange(n), np.arange(n)] = False
    return replace(
        e,
        tariff=e.tariff + taxes * rng.uniform(0, 0.5, (F, n, n)) * (rng.random((F, n, n)) < 0.2),
        export_tax=e.export_tax + taxes * rng.uniform(0, 0.3, (F, n, n)) * (rng.random((F, n, n)) < 0.2),
        specific=rng.uniform(0, 50, (F, n, n)),
        freight=e.freight * rng.uniform(0.8, 2.0, (F, n, n)),
        open_routes=~closed,
        supply_factor=rng.uniform(0.6, 1.1, (F, n)),
        process_factor=rng.uniform(0.7, 1.2, world.X0.shape),
        demand_factor=rng.uniform(0.8, 1.2, world.D0.shape),
        fx=rng.uniform(-0.1, 0.1, n),
    )


def random_levers(rng, world, events):
    """`events` with duty bases, subsidies, guaranteed prices, stocks bought and released, and substitution
    at random."""
    F, n = world.M0.shape
    sells = world.supply() > 0
    stocks = []
    for f, i in np.argwhere(sells & (rng.random((F, n)) < 0.4)):
        p0 = world.prices[f, i]
        trigger = p0 * rng.choice([1.0, 1.3, 2.0])
        stocks.append(
            StockRule(
                f"stock-{f}-{i}",
                int(f),
                int(i),
                float(rng.uniform(0.05, 0.4) * world.supply()[f, i]),
                float(trigger),
                float(0.1 * p0),
            )
        )
    floored = (world.M0 > 0) & (rng.random((F, n)) < 0.4)
    return replace(
        events,
        cif_shift=np.where(world.duty_on_cif, -0.3, 0.3) * events.tariff * (rng.random((F, n, n)) < 0.3),
        subsidy=np.where((world.M0 > 0) & (rng.random((F, n)) < 0.4), 50.0, 0.0),
        process_subsidy=20.0 * (rng.random(world.X0.shape) < 0.4),
        price_floor=np.where(floored, rng.uniform(0.7, 1.4, (F, n)) * np.nan_to_num(world.prices), 0.0),
        floor_share=np.where(floored, rng.uniform(0.3, 1.0, (F, n)), 0.0),
        purchases=rng.uniform(0, 0.2, (F, n)) * world.use() * (rng.random((F, n)) < 0.4),
        switch_share=rng.uniform(0, 0.6, world.D0.shape) * (rng.random(world.D0.shape) < 0.5),
        switch_trigger=rng.uniform(1.2, 2.0, world.D0.shape),
        switch_width=rng.uniform(0.05, 0.3, world.D0.shape),
        releases=tuple(stocks),
    )
