"""A world in another order of its places has the same solution, place by place."""

from dataclasses import replace

import numpy as np
import pytest

from crosscut.market.events.compiled import no_events
from crosscut.market.kernel.block_order import seated
from crosscut.market.solvers import batch_solver
from crosscut.worlds import world as load
from crosscut.worlds.parameters import median_params
from tests.ledgers import BUNDLED


def test_seated_world_has_the_same_solution():
    world = load(BUNDLED, "tungsten")
    other = seated(world)
    assert other.countries != world.countries and other.imbalances() == []
    to = [other.country_index(c) for c in world.countries]
    china = world.country_index("CHN")

    def solution(w):
        closed = no_events(w).open_routes.copy()
        closed[2, w.country_index("CHN")] = False
        closed[2, w.country_index("CHN"), w.country_index("CHN")] = True
        return batch_solver(w).solution(median_params(w), replace(no_events(w), open_routes=closed))

    one, two = solution(world), solution(other)
    assert one.ok and two.ok and one.flows[2, china, china] > 0
    for name in ("price", "marginal", "supply", "activity", "purchases"):
        assert getattr(two, name)[:, to] == pytest.approx(getattr(one, name), rel=1e-8, nan_ok=True), name
    assert two.flows[:, to][:, :, to] == pytest.approx(one.flows, rel=1e-7, abs=1e-6)


def test_forms_that_few_places_sell_reach_less_far():
    world = load(BUNDLED, "tungsten")
    reach = [int(np.flatnonzero(sold).max()) for sold in seated(world).supply() > 0]
    before = [int(np.flatnonzero(sold).max()) for sold in world.supply() > 0]
    assert all(a <= b for a, b in zip(reach, before, strict=True)) and sum(reach) < 0.8 * sum(before)
