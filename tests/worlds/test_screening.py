"""Twenty minerals calibrate and solve a 50 % cap on their largest exporter; the ones that cannot say why."""

from dataclasses import replace

import numpy as np
import pytest

from crosscut.base.errors import Refused
from crosscut.market.events.compiled import Group, no_events
from crosscut.market.solve.solver import solve
from crosscut.worlds import minerals_with_worlds, world
from crosscut.worlds.parameters import median_params
from tests.ledgers import BUNDLED

BUILT = [m for m, why in minerals_with_worlds().items() if not why]
REFUSED = [m for m, why in minerals_with_worlds().items() if why]


def capped(w):
    """Half of the exports of the largest exporter of the last form."""
    f = w.chain.topological_order()[-1]
    exports = w.q0[f].sum(axis=1) - np.diag(w.q0[f])
    c = int(np.argmax(exports))
    routes = np.zeros(w.q0.shape[1:], dtype=bool)
    routes[c] = True
    routes[c, c] = False
    return f, c, replace(no_events(w), caps=(Group("half", "cap", f, routes, 0.5 * exports[c]),))


def solved_or_reason(mineral):
    try:
        w = world(BUNDLED, mineral)
    except Refused as e:
        return None, str(e)
    f, c, events = capped(w)
    return (w, f, c, solve(w, median_params(w), events)), ""


def test_at_least_twenty_minerals_solve_and_the_rest_say_why():
    solved, reasons = [], {}
    for mineral in BUILT:
        got, why = solved_or_reason(mineral)
        if got is None:
            reasons[mineral] = why
            continue
        w, f, c, s = got
        assert s.ok, f"{mineral}: {s.failed_market}"
        assert s.certificate.holds()
        out = s.flows[f, c].sum() - s.flows[f, c, c]
        base = w.q0[f, c].sum() - w.q0[f, c, c]
        assert out == pytest.approx(0.5 * base, rel=1e-6), mineral
        assert s.multipliers["half"] > 0
        solved.append(mineral)
    assert len(solved) >= 20, solved
    assert all(len(why) > 20 for why in reasons.values())


@pytest.mark.parametrize("mineral", REFUSED)
def test_a_mineral_without_a_world_is_refused_with_a_reason(mineral):
    with pytest.raises(Refused, match=f"no market world of {mineral}"):
        world(BUNDLED, mineral)


@pytest.mark.parametrize("mineral", ["copper", "antimony", "graphite"])
def test_screening_worlds_are_never_better_than_c(mineral):
    assert world(BUNDLED, mineral).grade in ("C", "D")
