"""Outcome: a solved draw of the kernel as the same `Solution` that the numpy solver returns, or the part of
it that is asked."""

from __future__ import annotations

import numpy as np

from crosscut.base.arrays import Array, Ints
from crosscut.market.events.compiled import CompiledEvents
from crosscut.market.kernel import arrays as at
from crosscut.market.kernel.draw import Solved
from crosscut.market.kernel.equations.certificate import set_bought
from crosscut.market.model.solution import Solution
from crosscut.market.model.world import Params, World
from crosscut.market.read.solved_market import Bought
from crosscut.market.solve.idle_lines import idle_notes
from crosscut.market.solve.solver import beyond_backstop, beyond_notes, node_statuses


def solution_of(
    world: World, params: Params, events: CompiledEvents, solved: Solved, notes: tuple[str, ...]
) -> Solution:
    """A copy of what the kernel holds. `notes`: those of the calibration."""
    c, w = solved.constants, solved.point
    n = len(world.countries)  # the rest of a row pads it
    origin, buyer = c.alive[at.ORIGIN, :, :n].copy(), c.alive[at.BUYER, :, :n].copy()
    node = w.node[:, :, :n]
    p, phi = node[at.PRICE], node[at.PHI]
    price, marginal = np.where(origin, p, np.nan), np.where(buyer, phi, np.nan)
    unknowns = c.node[at.START].size
    om = w.vector[at.Z, unknowns : unknowns + len(solved.groups)] / c.group[at.GROUP_THETA]
    multipliers = {g.id: 0.0 for g in (*events.caps, *events.floors)}
    multipliers |= {g.id: float(o) for g, o in zip(solved.groups, om, strict=True)}
    origin_status, buyer_status = node_statuses(
        world, origin, buyer, beyond_backstop(phi, c.node[at.PHI0, :, :n], events, params)
    )
    return Solution(
        ok=True,
        failed_market="",
        iterations=solved.iterations,
        continuation_steps=solved.steps,
        certificate=solved.certificate,
        price=price,
        marginal=marginal,
        delivered=solved.found.delivered.copy(),
        flows=solved.flows.copy(),
        supply=node[at.MINED].copy(),
        activity=w.process[at.ACTIVITY, :, :n].copy(),
        use=w.final[:, :n].copy(),
        purchases=node[at.BOUGHT].copy(),
        wedge=solved.found.wedge.copy(),
        multipliers=multipliers,
        origin_status=origin_status,
        buyer_status=buyer_status,
        producer_price=np.where(origin, node[at.PRODUCER], np.nan),
        stocked=node[at.STOCKED].copy(),
        released=node[at.RELEASED].copy(),
        notes=(
            *notes,
            *solved.dropped,
            *beyond_notes(world, buyer_status),
            *idle_notes(world, _running(solved, n)),
        ),
    )


def bought_in(solved: Solved, places: Ints) -> Bought:
    """What some nodes buy, as `bought_of` of the solution."""
    out = np.empty((3, len(solved.flows), len(places)))
    set_bought(solved.constants, solved.point, places, solved.found, out)
    return Bought(*out)


def _running(solved: Solved, n: int) -> Array:
    """Share of the lines making form f in country i that run."""
    c, w = solved.constants, solved.point
    F, m = c.node.shape[1:]
    below = w.vector[at.Z, : F * m].reshape(F, m) - c.node[at.LOWEST]
    out: Array = np.where(w.node[at.RATE] == 0.0, np.exp(np.minimum(below, 0.0)), 1.0)[:, :n]
    return out
