"""Draw: one draw solved by the compiled kernel; a batch is a loop over this."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from crosscut.base.arrays import Array
from crosscut.market.events.compiled import CompiledEvents, Group
from crosscut.market.kernel import arrays as at
from crosscut.market.kernel.arrays import Charges, Constants, Flows, Matrix, Point, empty_matrix, empty_point
from crosscut.market.kernel.constants import constants_of
from crosscut.market.kernel.equations.certificate import set_flows, set_violations
from crosscut.market.kernel.paths import along_events, along_residuals, begin
from crosscut.market.kernel.root import STEPS, root_of
from crosscut.market.kernel.setup import Base, base_of, room_for, set_constants
from crosscut.market.model.solution import Certificate
from crosscut.market.model.world import Params, World
from crosscut.market.solve.calibration import ParameterCheck, calibrate
from crosscut.market.solve.entry import entered
from crosscut.market.solve.state import Market, limits_nothing, market_after


@dataclass(frozen=True, eq=False)
class Solved:
    """One draw as the kernel left it. The arrays belong to the kernel and are overwritten by the next draw.

    constants and point are packed (rows as in `arrays`); found: flows and prices; matrices: Jacobians made;
    steps: along the path of the events, 0 where Newton got there; groups: those among the constants, in
    order; dropped: notes on limits that limit nothing.
    """

    converged: bool
    iterations: int
    matrices: int
    steps: int
    certificate: Certificate
    constants: Constants
    point: Point
    found: Flows
    groups: tuple[Group, ...]
    dropped: tuple[str, ...]

    @property
    def flows(self) -> Array:
        """Flows [f, i, j] in t."""
        return self.found.flows

    def unknowns(self) -> Array:
        """A copy of the unknowns of the nodes, to start another solve near."""
        return self.point.vector[at.Z, : self.constants.node[at.START].size].copy()

    @property
    def ok(self) -> bool:
        """Converged, and every condition recomputed apart from the solver holds."""
        return self.converged and self.certificate.holds()


@dataclass(eq=False)
class Kernel:
    """The compiled solver of one world, with its scratch memory. Not to be shared between threads."""

    world: World
    base: Base = field(init=False)
    check: ParameterCheck = field(init=False)
    checked: Params | None = None
    found: Flows = field(init=False)
    rooms: dict[tuple[int, int], tuple[Constants, Point, Matrix]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.base = base_of(self.world)
        self.check = ParameterCheck(self.world)
        self.found = no_flows(self.world)

    def solved(self, params: Params, events: CompiledEvents, near: Array | None = None) -> Solved:
        """One draw, from base prices, or from `near` (as `Solved.unknowns` has them) where that leads
        somewhere. Raises UserError for behaviour that has no solution."""
        if params is not self.checked:
            self.check(params)
            self.checked = params
        entering = bool(events.entrants or events.plants) or self._new_buyer(events)
        if entering:
            market = market_after(entered(calibrate(self.world, params), events), events)
            c, groups, dropped = constants_of(market), market.groups, market.dropped
            w, h = empty_point(c), empty_matrix(c)
        else:
            c, w, h = self._room(events)
            set_constants(self.world, self.base, params, events, c)
            groups = (*events.caps, *events.floors)
            dropped = tuple(
                limits_nothing(g) for k, g in enumerate(groups) if not c.group_route[at.OPEN, k].any()
            )
        begin(c, w, near)
        iterations, matrices, converged = root_of(c, w, h, STEPS)
        if near is not None and not converged:
            begin(c, w)
            more, made, converged = root_of(c, w, h, STEPS)
            iterations, matrices = iterations + more, matrices + made
        steps = 0
        if not converged:
            path = along_residuals(c, w, h)
            if not path.arrived and not entering:
                path = along_events(self.world, self.base, params, events, c, w, h)
            iterations, matrices = iterations + path.iterations, matrices + path.matrices
            steps, converged = path.steps, path.arrived
        plain = self.base.plain
        charges = Charges(
            plain(self.world.duty_on_cif),
            plain(events.tariff),
            plain(events.export_tax),
            plain(events.specific),
            plain(events.freight),
            plain(events.cif_shift),
        )
        proof = certificate_of(c, w, h, charges, self.found)
        return Solved(
            bool(converged),
            int(iterations),
            int(matrices),
            steps,
            proof,
            c,
            w,
            self.found,
            groups,
            dropped,
        )

    def base_cost(self, params: Params) -> Array:
        """Avoidable cost of every process at base prices, before events, USD per t of activity (K, n)."""
        capacity, _, added, value = self.base.processing
        out: Array = np.where(capacity > 0, added - params.mu[:, None] * value, 0.0)
        return out

    def _new_buyer(self, events: CompiledEvents) -> bool:
        return events.purchases is not self.base.nothing.purchases and bool(
            (events.purchases[self.base.phi0 <= 0] > 0).any()
        )

    def _room(self, events: CompiledEvents) -> tuple[Constants, Point, Matrix]:
        key = (len(events.caps) + len(events.floors), len(events.releases))
        if key not in self.rooms:
            c = room_for(self.world, self.base, events)
            self.rooms[key] = c, empty_point(c), empty_matrix(c)
        return self.rooms[key]


def solved_shocked(market: Market, start: Array) -> Solved:
    """One market that is already set up (other constants than a world's own, entrants in it), from `start`:
    ln p of live origins, then scaled multipliers, as `newton` takes them.

    Raises TypeError for curves the kernel does not know.
    """
    c = constants_of(market)
    w, h = empty_point(c), empty_matrix(c)
    live = market.alive.origin
    node = c.node[at.START]
    node[:, : live.shape[1]][live] = start[: int(live.sum())]
    w.vector[at.Z, : node.size] = node.ravel()
    limits = start[int(live.sum()) :]
    w.vector[at.Z, node.size :] = 0.0
    w.vector[at.Z, node.size : node.size + len(limits)] = limits
    iterations, matrices, converged = root_of(c, w, h, STEPS)
    ev, world = market.events, market.calibration.world
    found = no_flows(world)
    by_route = (ev.tariff, ev.export_tax, ev.specific, ev.freight, ev.cif_shift)
    # contiguous and writeable, as declared
    plain = [np.array(np.broadcast_to(x, found.flows.shape)) for x in by_route]
    proof = certificate_of(c, w, h, Charges(np.array(world.duty_on_cif), *plain), found)
    return Solved(
        bool(converged),
        int(iterations),
        int(matrices),
        0,
        proof,
        c,
        w,
        found,
        market.groups,
        market.dropped,
    )


def no_flows(world: World) -> Flows:
    """Room for the flows and prices of a world."""
    return Flows(*(np.zeros(world.q0.shape) for _ in range(3)))


def certificate_of(c: Constants, w: Point, h: Matrix, charges: Charges, found: Flows) -> Certificate:
    """Sets the flows and prices of the point, and recomputes every condition from them."""
    violations = np.zeros(5)
    set_flows(c, w, found)
    set_violations(c, w, charges, found, h.line, violations)
    residual, mass, cap, money, smallest = violations.tolist()
    return Certificate(residual, mass, max(cap, 0.0), money, smallest)
