"""Trace (E28): row and column sums hold, with a hub, a loop and a sourceless exporter."""

import numpy as np
import pytest

from crosscut.base.errors import Refused
from crosscut.worlds.trace import traced_flows


def check(made, shipped):
    labels = [f"n{i}" for i in range(len(made))]
    q = traced_flows(made, shipped, labels)
    assert q.sum(axis=1) == pytest.approx(made, rel=1e-12, abs=1e-12)
    assert q.sum(axis=0) == pytest.approx(
        made + shipped.sum(axis=0) - shipped.sum(axis=1), rel=1e-12, abs=1e-9
    )
    assert (q >= 0).all()
    return q


def test_a_hub_is_seen_through():
    # 10 t mined in 0, 8 shipped to hub 1, 5 of it on to 2: the user gets the mine's metal, not the hub's.
    q = check(np.array([10.0, 0, 0]), np.array([[0, 8.0, 0], [0, 0, 5.0], [0, 0, 0]]))
    assert q[0].tolist() == pytest.approx([2, 3, 5])
    assert not q[1].any()


def test_a_loop_of_re_exports_keeps_the_tonnes():
    check(np.array([10.0, 4.0, 0.0]), np.array([[0, 6.0, 0], [0, 0, 7.0], [2.0, 0, 0]]))


def test_mixing_is_proportional():
    q = check(np.array([6.0, 2.0, 0]), np.array([[0, 6.0, 0], [0, 0, 4.0], [0, 0, 0]]))
    # Country 1 holds 6 t from 0 and 2 t of its own; half of it is shipped on.
    assert q[0, 2] == pytest.approx(3.0)
    assert q[1, 2] == pytest.approx(1.0)


def test_an_exporter_without_a_source_is_named():
    with pytest.raises(Refused, match="n1 ships 5 t but has only 0 t"):
        traced_flows(
            np.array([10.0, 0, 0]), np.array([[0, 0, 0], [0, 0, 5.0], [0, 0, 0]]), ["n0", "n1", "n2"]
        )


def test_a_closed_group_that_feeds_itself_is_named():
    with pytest.raises(Refused, match="only re-export to each other: n1, n2"):
        traced_flows(
            np.array([10.0, 0, 0]), np.array([[0, 0, 0], [0, 0, 5.0], [0, 5.0, 0]]), ["n0", "n1", "n2"]
        )


def test_random_networks_conserve():
    for seed in range(30):
        rng = np.random.default_rng(seed)
        n = int(rng.integers(2, 15))
        made = rng.lognormal(2, 1, n) * (rng.random(n) < 0.7)
        made[0] += 1.0
        # Ship out at most what is there: build up from the mines in random order.
        shipped = np.zeros((n, n))
        has = made.copy()
        for _ in range(4 * n):
            i, j = rng.integers(0, n, 2)
            if i != j and has[i] > 0:
                t = has[i] * rng.uniform(0, 0.5)
                shipped[i, j] += t
                has[i] -= t
                has[j] += t
        check(made, shipped)
