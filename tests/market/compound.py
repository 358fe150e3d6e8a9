"""Compound hard scenarios: one to four levers at once, most of them harsh, on the tungsten world and on
random ones."""

from collections import Counter
from dataclasses import replace

import numpy as np

from crosscut.base.errors import UserError
from crosscut.market.events.compiled import Entrant, Group, PlantEntrant, StockRule, no_events
from crosscut.market.model.examples import example_params
from crosscut.market.solve.solver import solve
from crosscut.worlds import world as load
from crosscut.worlds.parameters import median_params
from tests.ledgers import BUNDLED
from tests.market.worlds import export_cap, random_chain_world, random_one_form_world

BINS = (0, 5, 10, 15, 20, 30, 50, 100, 1000)


def compound(rng, world):
    """The events of one scenario."""
    e = no_events(world)
    F, n = world.M0.shape
    for lever in rng.choice(len(LEVERS), size=int(rng.integers(1, 5)), replace=False):
        e = LEVERS[int(lever)](rng, world, e, F, n)
    return e


def _closed(rng, world, e, F, n):
    """All exports of one form out of one country; now and then of every form."""
    i, routes = int(rng.integers(n)), e.open_routes.copy()
    forms = slice(None) if rng.random() < 0.3 else int(rng.integers(F))
    routes[forms, i, :] = False
    routes[forms, i, i] = True
    return replace(e, open_routes=routes)


def _outage(rng, world, e, F, n):
    """Up to everything lost at a large origin, mines and plants."""
    f = int(rng.integers(F))
    i = int(np.argmax(world.supply()[f])) if rng.random() < 0.5 else int(rng.integers(n))
    supply, process = e.supply_factor.copy(), e.process_factor.copy()
    supply[:, i] *= rng.choice([0.0, 0.1, rng.uniform(0, 0.6)])
    process[:, i] *= rng.uniform(0.05, 1.0)
    return replace(e, supply_factor=supply, process_factor=process)


def _cap(rng, world, e, F, n):
    """A cap down to a ten-thousandth of exports, passed at a price in a third of the cases."""
    f = int(rng.integers(F))
    i = int(np.argmax(world.supply()[f])) if rng.random() < 0.5 else int(rng.integers(n))
    cap = export_cap(world, f, i, 10 ** rng.uniform(-4, 0))
    if cap.limit <= 0:
        return e
    if rng.random() < 1 / 3:
        cap = replace(
            cap, toll=float(rng.uniform(0.01, 2) * world.chain.forms[f].reference_price), last=3 * cap.limit
        )
    return replace(e, caps=(*e.caps, cap))


def _many_caps(rng, world, e, F, n):
    """A cap on every pair of one form with trade abroad."""
    f = int(rng.integers(F))
    caps = []
    for i, j in np.argwhere(world.q0[f] > 0):
        if i != j and len(caps) < 40:
            routes = np.zeros((n, n), dtype=bool)
            routes[i, j] = True
            caps.append(
                Group(f"pair-{i}-{j}", "cap", f, routes, float(world.q0[f, i, j] * rng.uniform(0.1, 1.1)))
            )
    return replace(e, caps=(*e.caps, *caps))


def _floor(rng, world, e, F, n):
    """A large origin sends up to 90 % of its output to one buyer."""
    f = int(rng.integers(F))
    i, j = int(np.argmax(world.supply()[f])), int(rng.integers(n))
    if world.q0[f, i, j] <= 0:
        return e
    routes = np.zeros((n, n), dtype=bool)
    routes[i, j] = True
    limit = float(rng.uniform(0.1, 0.9) * world.supply()[f, i])
    return replace(e, floors=(*e.floors, Group("floor", "floor", f, routes, limit)))


def _taxes(rng, world, e, F, n):
    """Tariffs up to 300 % on a third of the routes, export taxes beside them."""
    on = rng.random((F, n, n)) < 0.3
    return replace(
        e,
        tariff=e.tariff + rng.uniform(0, 3, (F, n, n)) * on,
        export_tax=e.export_tax + rng.uniform(0, 0.5, (F, n, n)) * on * (rng.random() < 0.5),
    )


def _demand(rng, world, e, F, n):
    return replace(
        e,
        demand_factor=np.exp(rng.normal(0, 0.5, world.D0.shape)),
        process_factor=e.process_factor * rng.uniform(0.1, 1.2, world.X0.shape),
    )


def _stocks(rng, world, e, F, n):
    """Half of a year's use bought for stock in one country; releases at two triggers; buffers everywhere."""
    f = int(np.argmax(world.D0.sum(axis=(1, 2)) > 0)) if rng.random() < 0.3 else F - 1
    bought = e.purchases.copy()
    bought[f, int(np.argmax(world.use()[f]))] += rng.uniform(0.1, 0.5) * world.use()[f].max()
    rules = []
    for i in np.flatnonzero(world.supply()[f] > 0):
        p0 = float(world.prices[f, i])
        trigger = p0 * float(rng.choice([1.0, 1.2, 2.0]))
        rules.append(StockRule(f"s{i}", f, int(i), float(0.5 * world.supply()[f, i]), trigger, 0.05 * p0))
    return replace(e, purchases=bought, releases=(*e.releases, *rules))


def _payments(rng, world, e, F, n):
    price = np.nan_to_num(world.prices) * (world.M0 > 0)
    on = rng.random((F, n)) < 0.3
    return replace(
        e,
        subsidy=e.subsidy + rng.uniform(0, 0.5, (F, n)) * price * on,
        price_floor=np.where(on, rng.uniform(0.8, 1.5, (F, n)) * price, 0.0),
        floor_share=np.where(on & (price > 0), rng.uniform(0.2, 0.9, (F, n)), 0.0),
        process_subsidy=rng.uniform(0, 0.1, world.X0.shape) * world.chain.forms[-1].reference_price,
    )


def _substitution(rng, world, e, F, n):
    return replace(
        e,
        switch_share=rng.uniform(0, 0.9, world.D0.shape),
        switch_trigger=rng.uniform(1.05, 2.0, world.D0.shape),
        switch_width=rng.uniform(0.02, 0.3, world.D0.shape),
    )


def _entry(rng, world, e, F, n):
    f, i = int(rng.integers(F)), int(rng.integers(n))
    if not world.chain.forms[f].primary:
        f = 0
    mine = Entrant("mine", f, i, float(rng.uniform(0.05, 1.0) * world.M0[f].sum()), np.ones(n))
    plants = ()
    if world.chain.processes:
        capacity = float(rng.uniform(0.05, 0.5) * world.X0[0].sum())
        plants = (PlantEntrant("plant", 0, int(rng.integers(n)), capacity, np.ones(n)),)
    return replace(e, entrants=(*e.entrants, mine), plants=(*e.plants, *plants))


def _currency(rng, world, e, F, n):
    return replace(e, fx=rng.uniform(-0.4, 0.6, n))


LEVERS = (
    _closed,
    _outage,
    _cap,
    _many_caps,
    _floor,
    _taxes,
    _demand,
    _stocks,
    _payments,
    _substitution,
    _entry,
    _currency,
)


def outcomes(seeds):
    """(iterations of the solved, {seed: why} of the failed, seeds refused): failed ones name their market,
    else raise."""
    counts, failed, refused = [], {}, []
    tungsten = load(BUNDLED, "tungsten")
    for seed in seeds:
        rng = np.random.default_rng(seed)
        world = (random_one_form_world(rng, 8), random_chain_world(rng, 6), tungsten)[seed % 3]
        sigma = float(rng.uniform(0.5, 6))
        params = median_params(world) if world is tungsten else example_params(world, sigma=sigma)
        try:
            s = solve(world, params, compound(rng, world))
        except UserError:
            refused.append(seed)  # a floor above what its origin can supply, by name
            continue
        if s.ok:
            assert s.certificate.holds(), seed
            counts.append(s.iterations)
        else:
            assert s.failed_market, seed
            failed[seed] = next((n for n in s.notes if n.startswith("no positive price")), s.notes[-1])
    return counts, failed, refused


def histogram(counts):
    """Lines 'from-to: number' over BINS."""
    found = Counter(int(np.searchsorted(BINS, c, side="right")) for c in counts)
    rows = []
    for k in range(1, len(BINS) + 1):
        low, high = BINS[k - 1], BINS[k] - 1 if k < len(BINS) else None
        rows.append((f"{low}-{high}" if high is not None else f"{low} and more", found.get(k, 0)))
    return [r for r in rows if r[1]]
