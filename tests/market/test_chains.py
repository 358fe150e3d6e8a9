"""Chains as graphs (E1, E2, E10).

By-products are credits, diamonds close, plants shut on margin, scrap waits a year.

The hand calculations are for one country, where the cost of the marginal tonne is the price itself: choose
what the plants do, walk the curves backwards to the prices that make them do it, and to the shift of demand
that makes those prices. Solving with that shift must give the chosen activity back.
"""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscut.base.errors import UserError
from crosscut.market.events.compiled import Group, no_events
from crosscut.market.model.chain import Chain, Form, Process, UseScrap
from crosscut.market.model.examples import example_params
from crosscut.market.model.world import World
from crosscut.market.read.carry_over import base_new_scrap
from crosscut.market.solve.solver import solve
from crosscut.market.solve.zero_shock import zero_shock_errors

ETA, EPS, MU, USED = 0.4, 0.5, 0.1, 0.8
FREE = 1e6  # capacity of mines over base: the supply curve is a power law


def one_country(chain, M0, X0, D0, prices, freight=0.0):
    """A world of one country from its base: mines M0[f], activity X0[k], final use D0[f], prices[f]."""
    F = len(chain.forms)
    a = np.array([[p.inputs.get(f.id, 0.0) for f in chain.forms] for p in chain.processes])
    sold = np.asarray(D0, float) + a.T @ np.asarray(X0, float)
    return World(
        mineral="example",
        year=2024,
        chain=chain,
        countries=("AAA",),
        uses=("all uses",),
        q0=sold.reshape(F, 1, 1),
        M0=np.reshape(M0, (F, 1)).astype(float),
        X0=np.reshape(X0, (-1, 1)).astype(float),
        D0=np.reshape(D0, (F, 1, 1)).astype(float),
        supply_capacity=np.reshape(M0, (F, 1)) * FREE,
        process_capacity=np.reshape(X0, (-1, 1)) / USED,
        freight=np.zeros((F, 1, 1)),
        tariff=np.zeros((F, 1, 1)),
        export_tax=np.zeros((F, 1, 1)),
        duty_on_cif=np.ones(1, dtype=bool),
        prices=np.reshape(prices, (F, 1)),
        unrecorded_share=0.0,
        grade="A",
    )


def params(world):
    return replace(example_params(world, eta=ETA, eps=EPS, mu=MU), zc=1e6)


class Plant:
    """One process by hand: x = Xbar / (1 + exp(-kappa m)) with half of capacity at zero margin."""

    def __init__(self, x0, value, cost_in):
        self.capacity = x0 / USED
        base_margin = MU * value
        self.kappa = np.log(USED / (1 - USED)) / base_margin
        self.cost = value - cost_in - base_margin

    def value_less_inputs(self, x):
        """sum b p - sum a p that makes the plant run at x."""
        return np.log(x / (self.capacity - x)) / self.kappa + self.cost


def mine_price(p0, ratio):
    return p0 * ratio ** (1 / ETA)


def demand_factor(ratio, p, p0):
    """Shift that makes users take `ratio` of the base at price p."""
    return ratio * (p / p0) ** EPS


def with_demand(world, factors):
    e = no_events(world)
    return replace(e, demand_factor=e.demand_factor * np.asarray(factors).reshape(-1, 1, 1))


BY_PRODUCT = Chain(
    "example",
    (
        Form("ore", "Ore", 100.0),
        Form("main", "Main metal", 150.0, primary=False),
        Form("by", "By-product", 2000.0, primary=False),
    ),
    (Process("smelting", "Smelting", {"ore": 1.0}, {"main": 0.9, "by": 0.02}, MU),),
)


def by_product_world():
    return one_country(BY_PRODUCT, [100, 0, 0], [100], [0, 90, 2], [100.0, 150.0, 2000.0])


@pytest.mark.parametrize("run", [0.95, 1.1, 1.2])
def test_a_by_product_is_a_credit_in_the_margin(run):
    """Demand for the by-product alone moves the smelter, the main metal and the ore, by the amount computed
    by hand."""
    w = by_product_world()
    plant = Plant(100.0, 0.9 * 150 + 0.02 * 2000, 100.0)
    ore = mine_price(100.0, run)
    main = 150.0 * run ** (-1 / EPS)  # demand for it stands still
    by = (plant.value_less_inputs(100 * run) + ore - 0.9 * main) / 0.02
    s = solve(w, params(w), with_demand(w, [1, 1, demand_factor(run, by, 2000.0)]))
    assert s.ok
    assert s.activity[0, 0] == pytest.approx(100 * run, rel=1e-9)
    assert s.price[:, 0] == pytest.approx([ore, main, by], rel=1e-8)
    assert s.activity[0, 0] / plant.capacity == pytest.approx(USED * run, rel=1e-9)


def test_without_the_credit_the_smelter_would_run_less():
    """The same ore and main metal with half the by-product price: activity falls, the main metal becomes
    dearer."""
    w = by_product_world()
    s = solve(w, params(w), with_demand(w, [1, 1, 0.5]))
    assert s.activity[0, 0] < 100 and s.price[1, 0] > 150 and s.price[0, 0] < 100


DIAMOND = Chain(
    "example",
    (
        Form("ore", "Ore", 100.0),
        Form("left", "Left", 160.0, primary=False),
        Form("right", "Right", 130.0, primary=False),
        Form("tool", "Tool", 220.0, primary=False),
    ),
    (
        Process("one", "One", {"ore": 1.0}, {"left": 0.9}, MU),
        Process("two", "Two", {"ore": 1.0}, {"right": 0.95}, MU),
        Process("join", "Join", {"left": 0.6, "right": 0.4}, {"tool": 0.98}, MU),
    ),
)


def diamond_world():
    left, right = 0.6 * 50 / 0.9, 0.4 * 50 / 0.95
    return one_country(
        DIAMOND, [left + right, 0, 0, 0], [left, right, 50], [0, 0, 0, 49], [100.0, 160.0, 130.0, 220.0]
    )


@pytest.mark.parametrize("run", [0.6, 1.15])
def test_a_diamond_by_hand(run):
    """Ore goes two ways that meet again in fixed proportion; every price follows from the activity."""
    w = diamond_world()
    x1, x2 = w.X0[0, 0], w.X0[1, 0]
    one, two = Plant(x1, 0.9 * 160, 100.0), Plant(x2, 0.95 * 130, 100.0)
    join = Plant(50.0, 0.98 * 220, 0.6 * 160 + 0.4 * 130)
    ore = mine_price(100.0, run)
    left = (one.value_less_inputs(x1 * run) + ore) / 0.9
    right = (two.value_less_inputs(x2 * run) + ore) / 0.95
    tool = (join.value_less_inputs(50 * run) + 0.6 * left + 0.4 * right) / 0.98
    s = solve(w, params(w), with_demand(w, [1, 1, 1, demand_factor(run, tool, 220.0)]))
    assert s.ok
    assert s.activity[:, 0] == pytest.approx(np.array([x1, x2, 50.0]) * run, rel=1e-9)
    assert s.price[:, 0] == pytest.approx([ore, left, right, tool], rel=1e-8)


TWO_ROUTES = Chain(
    "example",
    (Form("ore", "Ore", 100.0), Form("scrap", "Scrap", 90.0), Form("metal", "Metal", 150.0, primary=False)),
    (
        Process("refining", "Refining", {"ore": 1.0}, {"metal": 0.95}, MU),
        Process("recycling", "Recycling", {"scrap": 1.0}, {"metal": 0.9}, MU),
    ),
)


@pytest.mark.parametrize("left_running", [0.5, 0.05, 1e-4])
def test_a_plant_shuts_on_margin(left_running):
    """Another use bids the ore away: refining closes along its cost curve, recycling runs harder in its
    place."""
    w = one_country(TWO_ROUTES, [60, 60, 0], [40, 60], [20, 0, 92], [100.0, 90.0, 150.0])
    refining, recycling = Plant(40.0, 0.95 * 150, 100.0), Plant(60.0, 0.9 * 150, 90.0)
    x1 = left_running * refining.capacity
    low, high = 60.0, recycling.capacity * (1 - 1e-9)
    for _ in range(200):  # recycling at the price that clears the metal, by bisection
        x2 = (low + high) / 2
        metal = 150.0 * ((0.95 * x1 + 0.9 * x2) / 92) ** (-1 / EPS)
        worth = recycling.value_less_inputs(x2) + mine_price(90.0, x2 / 60) < 0.9 * metal
        low, high = (x2, high) if worth else (low, x2)
    ore = 0.95 * metal - refining.value_less_inputs(x1)
    bid = demand_factor((60 * (ore / 100) ** ETA - x1) / 20, ore, 100.0)
    s = solve(w, params(w), with_demand(w, [bid, 1, 1]))
    assert s.ok
    assert s.price[:, 0] == pytest.approx([ore, mine_price(90.0, x2 / 60), metal], rel=1e-7)
    assert s.activity[:, 0] == pytest.approx([x1, x2], rel=1e-7)
    margin = 0.95 * s.price[2, 0] - s.price[0, 0] - refining.cost
    assert margin == pytest.approx(
        np.log(left_running / (1 - left_running)) / refining.kappa, rel=1e-6, abs=1e-6
    )
    assert margin <= 1e-6, "at half of capacity the average plant covers its cost, below it loses money"


def test_new_scrap_is_next_years_supply():
    """A loop within the year is refused; the same loop over the turn of the year is carried as tonnes."""
    forms = (Form("scrap", "Scrap", 90.0), Form("metal", "Metal", 150.0, primary=False))
    with pytest.raises(UserError, match="feed each other within one year"):
        Chain(
            "example",
            forms,
            (
                Process("melting", "Melting", {"scrap": 1.0}, {"metal": 0.9}, MU),
                Process("turning", "Turning", {"metal": 1.0}, {"scrap": 0.2}, MU),
            ),
        )
    chain = Chain(
        "example",
        forms,
        (Process("melting", "Melting", {"scrap": 1.0}, {"metal": 0.9}, MU, {"scrap": 0.06}),),
        use_scrap=(UseScrap("all uses", "metal", "scrap", 0.25),),
    )
    w = one_country(chain, [100, 0], [100], [0, 90], [90.0, 150.0])
    assert base_new_scrap(w).tolist() == [[0.06 * 100 + 0.25 * 90], [0.0]]
    assert chain.processes[0].loss == pytest.approx(0.04)
    assert w.hash != one_country(replace(chain, use_scrap=()), [100, 0], [100], [0, 90], [90.0, 150.0]).hash


@pytest.mark.parametrize(
    ("scrap", "use", "complaint"),
    [
        ({"scrap": 0.2}, (), "more contained metal than it takes"),
        ({"metal": 0.05}, (), "no supply of its own"),
        ({"dust": 0.05}, (), "unknown form 'dust'"),
        ({}, (UseScrap("all uses", "metal", "scrap", 1.2),), "outside"),
        ({}, (UseScrap("all uses", "tin", "scrap", 0.2),), "unknown form 'tin'"),
    ],
)
def test_impossible_scrap_is_refused(scrap, use, complaint):
    forms = (Form("scrap", "Scrap", 90.0), Form("metal", "Metal", 150.0, primary=False))
    with pytest.raises(UserError, match=complaint):
        Chain(
            "example",
            forms,
            (Process("melting", "Melting", {"scrap": 1.0}, {"metal": 0.9}, MU, scrap),),
            use_scrap=use,
        )


def random_graph_world(rng, forms, processes, n):
    """A consistent world on a random acyclic graph with joint inputs, several outputs and trade in every
    form."""
    listed = []
    for k in range(processes):
        first = int(rng.integers(0, forms - 1))
        inputs = sorted({first, *(int(x) for x in rng.integers(0, forms - 1, rng.integers(0, 2)))})
        later = np.arange(max(inputs) + 1, forms)
        outputs = rng.choice(later, min(len(later), int(rng.integers(1, 3))), replace=False)
        taken = rng.dirichlet(np.ones(len(inputs)))
        made = rng.dirichlet(np.ones(len(outputs))) * rng.uniform(0.6, 1.0)
        listed.append(
            Process(
                f"p{k}",
                f"P{k}",
                {f"f{i}": float(v) for i, v in zip(inputs, taken, strict=True)},
                {f"f{int(o)}": float(v) for o, v in zip(outputs, made, strict=True)},
                MU,
            )
        )
    price = np.full(forms, 100.0)
    for _ in range(forms):  # dear enough that every process earns money
        for p in listed:
            cost = sum(v * price[int(f[1:])] for f, v in p.inputs.items())
            least = 1.4 * cost / sum(p.outputs.values())
            for f in p.outputs:
                price[int(f[1:])] = max(price[int(f[1:])], least)
    chain = Chain(
        "example", tuple(Form(f"f{i}", f"F{i}", float(price[i])) for i in range(forms)), tuple(listed)
    )
    a = np.array([[p.inputs.get(f.id, 0.0) for f in chain.forms] for p in listed])
    b = np.array([[p.outputs.get(f.id, 0.0) for f in chain.forms] for p in listed])
    X0 = rng.lognormal(3.0, 0.7, (processes, n)) * (rng.random((processes, n)) < 0.8)
    made, need = b.T @ X0, a.T @ X0
    D0 = rng.lognormal(3.0, 0.7, (forms, n))
    q0 = np.einsum("fij,fj->fij", rng.dirichlet(np.ones(n), (forms, n)).transpose(0, 2, 1), D0 + need)
    short = np.maximum(made - q0.sum(axis=2), 0.0)  # what is made and not sold is used at home
    q0 += np.einsum("fi,ij->fij", short, np.eye(n))
    M0 = np.maximum(q0.sum(axis=2) - made, 0.0)
    return World(
        mineral="example",
        year=2024,
        chain=chain,
        countries=tuple(f"C{i}" for i in range(n)),
        uses=("all uses",),
        q0=q0,
        M0=M0,
        X0=X0,
        D0=(q0.sum(axis=1) - need)[..., None],
        supply_capacity=M0 / 0.9,
        process_capacity=X0 / USED,
        freight=np.broadcast_to(5.0 * (1 - np.eye(n)), q0.shape).copy(),
        tariff=np.zeros_like(q0),
        export_tax=np.zeros_like(q0),
        duty_on_cif=np.ones(n, dtype=bool),
        prices=np.broadcast_to(price[:, None], M0.shape).copy(),
        unrecorded_share=0.0,
        grade="A",
    )


@given(st.integers(0, 10_000), st.integers(2, 6), st.integers(1, 6), st.integers(1, 4))
@settings(max_examples=60, deadline=None)
def test_any_acyclic_graph_solves_and_conserves_metal(seed, forms, processes, n):
    """Zero shock is the base; after a demand shock the certificate holds and metal goes to use or is lost in
    plants."""
    rng = np.random.default_rng(seed)
    w = random_graph_world(rng, forms, processes, n)
    p = example_params(w)
    residual, flows, _ = zero_shock_errors(w, p)
    assert residual < 1e-9 and flows < 1e-9
    e = no_events(w)
    s = solve(w, p, replace(e, demand_factor=rng.uniform(0.7, 1.3, w.D0.shape)))
    assert s.ok and s.certificate.holds()
    lost = sum(process.loss * s.activity[k].sum() for k, process in enumerate(w.chain.processes))
    assert s.supply.sum() == pytest.approx(s.use.sum() + lost, rel=1e-8)


def by_stages():
    """Ore is mined and converted in A; oxide and powder are sold at home and to B, which reduces oxide
    too."""
    chain = Chain(
        "example",
        (
            Form("ore", "Ore", 100.0),
            Form("oxide", "Oxide", 130.0, primary=False),
            Form("powder", "Powder", 150.0, primary=False),
        ),
        (
            Process("conversion", "Conversion", {"ore": 1.0}, {"oxide": 0.95}, MU),
            Process("reduction", "Reduction", {"oxide": 1.0}, {"powder": 0.98}, 0.04),
        ),
    )
    X0 = np.array([[100.0, 0.0], [70.0, 20.0]])
    q0 = np.array([[[100.0, 0.0], [0.0, 0.0]], [[72.0, 23.0], [0.0, 0.0]], [[48.6, 20.0], [0.0, 19.6]]])
    made = np.stack([np.array([100.0, 0.0]), 0.95 * X0[0], 0.98 * X0[1]])
    taken = np.stack([X0[0], X0[1], np.zeros(2)])
    return World(
        mineral="example",
        year=2024,
        chain=chain,
        countries=("AAA", "BBB"),
        uses=("all uses",),
        q0=q0,
        M0=np.stack([made[0], np.zeros(2), np.zeros(2)]),
        X0=X0,
        D0=(q0.sum(axis=1) - taken)[..., None],
        supply_capacity=np.stack([made[0] / 0.9, np.zeros(2), np.zeros(2)]),
        process_capacity=X0 / USED,
        freight=np.broadcast_to(2.0 * (1 - np.eye(2)), q0.shape).copy(),
        tariff=np.zeros_like(q0),
        export_tax=np.zeros_like(q0),
        duty_on_cif=np.ones(2, dtype=bool),
        prices=np.broadcast_to(np.array([[100.0], [130.0], [150.0]]), (3, 2)).copy(),
        unrecorded_share=0.0,
        grade="A",
    )


def test_two_limits_left_at_once():
    """Two limits at the base flow of a form and of what it is made into, while the exporter's ore is cut:
    neither binds.

    A solver that never lets a multiplier go below 0 stalls here: its first step wants to leave both limits.
    """
    w = by_stages()
    routes = np.array([[False, True], [False, False]])
    caps = tuple(Group(f"cap-{f}", "cap", f, routes, float(w.q0[f, 0, 1])) for f in (1, 2))
    e = replace(
        no_events(w),
        caps=caps,
        supply_ceiling=np.array([[90.0, np.inf], [np.inf, np.inf], [np.inf, np.inf]]),
        demand_factor=np.full(w.D0.shape, 1.02),
    )
    s = solve(w, example_params(w), e)
    assert s.ok and s.certificate.holds()
    assert all(m == 0 for m in s.multipliers.values())
    assert s.continuation_steps == 0
