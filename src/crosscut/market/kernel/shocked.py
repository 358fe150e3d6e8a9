"""Shocked: one market that is already set up (other constants than a world's own, entrants in it), solved by
the kernel."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from crosscut.market.kernel import row_indices as at
from crosscut.market.kernel.certificate import set_flows, set_violations
from crosscut.market.kernel.constants import constants_of
from crosscut.market.kernel.draw import Solved, scratch_of
from crosscut.market.kernel.root import root_of
from crosscut.market.model.solution import Certificate
from crosscut.market.solve.state import Market

Array = NDArray[np.float64]


def solved_shocked(market: Market, start: Array) -> Solved:
    """The market from `start`: ln p of live origins, then scaled multipliers, as `newton` takes them.

    Raises TypeError for curves the kernel does not know.
    """
    c = constants_of(market)
    w, table = scratch_of(c)
    live = market.alive.origin
    node = c.node[at.START]
    node[:, : live.shape[1]][live] = start[: int(live.sum())]
    w.vector[at.Z, : node.size] = node.ravel()
    limits = start[int(live.sum()) :]
    w.vector[at.Z, node.size :] = 0.0
    w.vector[at.Z, node.size : node.size + len(limits)] = limits
    iterations, matrices, converged = root_of(table.address)
    ev, world = market.events, market.calibration.world
    flows, wedge, delivered = (np.zeros(world.q0.shape) for _ in range(3))
    violations = np.zeros(5)
    set_flows(table.address, flows, wedge)
    prices = (ev.tariff, ev.export_tax, ev.specific, ev.freight, ev.cif_shift)
    plain = [
        np.array(np.broadcast_to(x, flows.shape)) for x in prices
    ]  # contiguous and writeable, as declared
    set_violations(table.address, np.array(world.duty_on_cif), *plain, flows, wedge, delivered, violations)
    residual, mass, cap, money, smallest = violations.tolist()
    proof = Certificate(residual, mass, max(cap, 0.0), money, smallest)
    return Solved(
        bool(converged),
        int(iterations),
        int(matrices),
        0,
        proof,
        c,
        w,
        flows,
        wedge,
        delivered,
        market.groups,
        market.dropped,
        table,
    )
