"""Draw: one draw solved by the compiled kernel; a batch is a loop over this."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from crosscut.market.events.compiled import CompiledEvents, Group
from crosscut.market.kernel import row_indices as at
from crosscut.market.kernel.arrays import Array, Constants, Point, empty_matrix, empty_point
from crosscut.market.kernel.certificate import set_flows, set_violations
from crosscut.market.kernel.compile_all import table_of
from crosscut.market.kernel.constants import constants_of
from crosscut.market.kernel.paths import along_events, along_residuals, begin
from crosscut.market.kernel.root import root_of
from crosscut.market.kernel.routine_table import Table
from crosscut.market.kernel.setup import Base, base_of, room_for, set_constants
from crosscut.market.model.solution import Certificate
from crosscut.market.model.world import Params, World
from crosscut.market.solve.calibration import ParameterCheck, calibrate
from crosscut.market.solve.entry import entered
from crosscut.market.solve.state import limits_nothing, market_after


@dataclass(frozen=True, eq=False)
class Solved:
    """One draw as the kernel left it. The arrays belong to the kernel and are overwritten by the next draw.

    constants and point are packed (rows in `slots`); flows[f, i, j] in t, wedge and delivered price [f, i,
    j] in USD/t; matrices: Jacobians made; steps: along the path of the events, 0 where Newton got there;
    groups: those among the constants, in order; dropped: notes on limits that limit nothing; table: that of
    constants and point.
    """

    converged: bool
    iterations: int
    matrices: int
    steps: int
    certificate: Certificate
    constants: Constants
    point: Point
    flows: Array
    wedge: Array
    delivered: Array
    groups: tuple[Group, ...]
    dropped: tuple[str, ...]
    table: Table

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
    flows: Array = field(init=False)
    wedge: Array = field(init=False)
    delivered: Array = field(init=False)
    rooms: dict[tuple[int, int], tuple[Constants, Point, Table]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.base = base_of(self.world)
        self.check = ParameterCheck(self.world)
        self.flows = np.zeros(self.world.q0.shape)
        self.wedge = np.zeros(self.world.q0.shape)
        self.delivered = np.zeros(self.world.q0.shape)

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
            w, table = scratch_of(c)
        else:
            c, w, table = self._room(events)
            set_constants(self.world, self.base, params, events, c, table.address)
            groups = (*events.caps, *events.floors)
            dropped = tuple(
                limits_nothing(g) for k, g in enumerate(groups) if not c.group_route[at.OPEN, k].any()
            )
        begin(c, w, near)
        iterations, matrices, converged = root_of(table.address)
        if near is not None and not converged:
            begin(c, w)
            more, made, converged = root_of(table.address)
            iterations, matrices = iterations + more, matrices + made
        steps = 0
        if not converged:
            path = along_residuals(c, w, table.address)
            if not path.arrived and not entering:
                path = along_events(self.world, self.base, params, events, c, w, table.address)
            iterations, matrices = iterations + path.iterations, matrices + path.matrices
            steps, converged = path.steps, path.arrived
        violations = np.zeros(5)
        set_flows(table.address, self.flows, self.wedge)
        plain = self.base.plain
        set_violations(
            table.address,
            plain(self.world.duty_on_cif),
            plain(events.tariff),
            plain(events.export_tax),
            plain(events.specific),
            plain(events.freight),
            plain(events.cif_shift),
            self.flows,
            self.wedge,
            self.delivered,
            violations,
        )
        residual, mass, cap, money, smallest = violations.tolist()
        proof = Certificate(residual, mass, max(cap, 0.0), money, smallest)
        return Solved(
            bool(converged),
            int(iterations),
            int(matrices),
            steps,
            proof,
            c,
            w,
            self.flows,
            self.wedge,
            self.delivered,
            groups,
            dropped,
            table,
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

    def _room(self, events: CompiledEvents) -> tuple[Constants, Point, Table]:
        key = (len(events.caps) + len(events.floors), len(events.releases))
        if key not in self.rooms:
            c = room_for(self.world, self.base, events)
            self.rooms[key] = (c, *scratch_of(c))
        return self.rooms[key]


def scratch_of(c: Constants) -> tuple[Point, Table]:
    """(working memory, table of addresses) of a solve with constants of this shape."""
    w = empty_point(c)
    return w, table_of(c, w, empty_matrix(c))
