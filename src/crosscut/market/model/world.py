"""World: one consistent snapshot of a mineral in a year, the only thing the market calibrates from.

Params: behavioural parameters of one draw, and the distributions they are drawn from.

Tests: tests/market/test_chains.py, tests/worlds/test_drawn.py
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from crosscut.base.arrays import Array
from crosscut.base.errors import Problem, UserError
from crosscut.market.model.chain import Chain

BALANCE_TOLERANCE = 1e-9  # relative to the node's throughput; construction re-closes to 1e-12


@dataclass(frozen=True)
class Move:
    """A cell that balancing moved by more than a factor 3, or a repair: from, to, and why."""

    cell: str
    before: float
    after: float
    reason: str


@dataclass(frozen=True)
class Figure:
    """One figure the world was built from: as read, as used, and the facts or the source it rests on.

    `kind` is that of a cell of the balance or *price*; `other` is the destination of a flow; `note` says how
    a figure without a fact was derived. `error` is the relative error that its evidence status gives.
    """

    cell: str
    kind: str
    form: str
    place: str
    other: str
    unit: str
    before: float
    after: float
    evidence_status: str
    error: float
    fact_ids: tuple[str, ...] = ()
    source_id: str = ""
    note: str = ""


class BuiltFrom:
    """What a world was built from. The market never looks inside; `crosscut.worlds` reads it to say which
    other worlds the same facts could have given."""


@dataclass(frozen=True, eq=False)
class World:
    """Base data of the market (F forms, K processes, n countries, U uses); tonnes of contained metal a year.

    q0[f, i, j] origin-to-use flows including domestic sales (i = j); M0[f, i] primary or collected supply;
    X0[k, i] activity; D0[f, j, u] final use. Exactly, at every node:
    M0 + sum_k b X0 = sum_j q0 and sum_u D0 + sum_k a X0 = sum_i q0.

    supply_capacity[f, i] is K of the supply curve (0 where there is no supply; NaN = set from M0 at
    calibration); process_capacity[k, i] likewise. freight in USD/t; tariff and export_tax as fractions of
    the base year; duty_on_cif[j] says how destination j values goods for duty; prices[f, i] are base
    producer prices in USD per t contained (NaN where a country neither makes nor uses the form).

    `evidence` goes with every copy; None says that the world rests on no facts (it was made up, or drawn). It
    is not in the hash: two worlds of equal figures are the same market.

    >>> from crosscut.market.model.world import World  # built by crosscut.worlds.build_world
    """

    mineral: str
    year: int
    chain: Chain
    countries: tuple[str, ...]
    uses: tuple[str, ...]
    q0: Array
    M0: Array
    X0: Array
    D0: Array
    supply_capacity: Array
    process_capacity: Array
    freight: Array
    tariff: Array
    export_tax: Array
    duty_on_cif: NDArray[np.bool_]
    prices: Array
    unrecorded_share: float
    grade: str
    moves: tuple[Move, ...] = ()
    notes: tuple[str, ...] = ()
    fact_ids: tuple[str, ...] = ()
    place_names: dict[str, str] = field(default_factory=dict)
    figures: tuple[Figure, ...] = ()
    evidence: BuiltFrom | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        F, K, n, U = len(self.chain.forms), len(self.chain.processes), len(self.countries), len(self.uses)
        shapes = {
            "q0": (F, n, n),
            "M0": (F, n),
            "X0": (K, n),
            "D0": (F, n, U),
            "supply_capacity": (F, n),
            "process_capacity": (K, n),
            "freight": (F, n, n),
            "tariff": (F, n, n),
            "export_tax": (F, n, n),
            "duty_on_cif": (n,),
            "prices": (F, n),
        }
        problems = []
        for name, shape in shapes.items():
            array = getattr(self, name)
            if array.shape != shape:
                problems.append(Problem(f"{name} has shape {array.shape}", "world", f"{shape}"))
            elif name in ("q0", "M0", "X0", "D0") and not (np.isfinite(array).all() and (array >= 0).all()):
                at = self._first_bad(array)
                problems.append(Problem(f"{name} is negative or not finite at {at}", "world", "tonnes >= 0"))
            elif name in ("freight", "tariff", "export_tax") and not np.isfinite(array).all():
                problems.append(Problem(f"{name} is not finite", "world"))
        if problems:
            raise UserError(problems)
        for array_name in shapes:
            getattr(self, array_name).setflags(write=False)
        if imbalance := self.imbalances():
            raise UserError(
                [
                    Problem(f"{node}: {side} differ by {gap:.3g} t", "world balance")
                    for node, side, gap in imbalance
                ]
            )

    def _first_bad(self, array: Array) -> str:
        index = tuple(int(x[0]) for x in np.nonzero(~(np.isfinite(array) & (array >= 0))))
        form = self.chain.forms[index[0]].id if array.shape[0] == len(self.chain.forms) else str(index[0])
        return f"{form}/" + "/".join(
            self.countries[i] if i < len(self.countries) else str(i) for i in index[1:]
        )

    def input_coefficients(self) -> Array:
        """a[k, f]: t of form f taken per t of activity of process k."""
        out: Array = self._coefficients[0].copy()
        return out

    def output_coefficients(self) -> Array:
        """b[k, f]: t of form f made per t of activity of process k."""
        out: Array = self._coefficients[1].copy()
        return out

    @cached_property
    def _coefficients(self) -> Array:
        ab = np.zeros((2, len(self.chain.processes), len(self.chain.forms)))
        for k, p in enumerate(self.chain.processes):
            for side, forms in enumerate((p.inputs, p.outputs)):
                for f, v in forms.items():
                    ab[side, k, self.chain.form_index(f)] = v
        return ab

    def supply(self) -> Array:
        """S0[f, i]: everything country i sells of form f."""
        return self._supply.copy()

    @cached_property
    def _supply(self) -> Array:
        made: Array = np.einsum("kf,ki->fi", self._coefficients[1], self.X0)
        total: Array = self.M0 + made
        return total

    def use(self) -> Array:
        """U0[f, j]: everything country j buys of form f, for final use and as process input."""
        return self._use.copy()

    @cached_property
    def _use(self) -> Array:
        taken: Array = np.einsum("kf,kj->fj", self._coefficients[0], self.X0)
        total: Array = self.D0.sum(axis=2) + taken
        return total

    def imbalances(self, tolerance: float = BALANCE_TOLERANCE) -> list[tuple[str, str, float]]:
        """Nodes where sales differ from supply or purchases from use: (form/country, side, tonnes)."""
        out = []
        for side, node, flow in (
            ("supply and sales", self.supply(), self.q0.sum(axis=2)),
            ("use and purchases", self.use(), self.q0.sum(axis=1)),
        ):
            gap = np.abs(node - flow)
            scale = np.maximum(np.maximum(node, flow), 1e-9 * max(float(flow.sum()), 1e-300))
            for f, i in np.argwhere(gap > tolerance * scale):
                out.append((f"{self.chain.forms[f].id}/{self.countries[i]}", side, float(gap[f, i])))
        return out

    def country_index(self, code: str) -> int:
        """Position of a country; KeyError when it is not in this world."""
        try:
            return self.countries.index(code)
        except ValueError:
            raise KeyError(code) from None

    @property
    def hash(self) -> str:
        """sha256 over labels and every array: two worlds with the same hash are the same world."""
        h = hashlib.sha256()
        h.update(repr((self.mineral, self.year, self.chain.forms, self.countries, self.uses)).encode())
        h.update(
            repr(
                [
                    (
                        p.id,
                        sorted(p.inputs.items()),
                        sorted(p.outputs.items()),
                        p.margin_share,
                        sorted(p.new_scrap.items()),
                    )
                    for p in self.chain.processes
                ]
            ).encode()
        )
        h.update(repr((self.chain.headline, self.chain.use_scrap)).encode())
        for name in (
            "q0",
            "M0",
            "X0",
            "D0",
            "supply_capacity",
            "process_capacity",
            "freight",
            "tariff",
            "export_tax",
            "duty_on_cif",
            "prices",
        ):
            h.update(np.ascontiguousarray(getattr(self, name)).tobytes())
        return h.hexdigest()


@dataclass(frozen=True)
class ParamDistribution:
    """A parameter that is not known: a lognormal whose 10 % and 90 % points are `low` and `high`.

    `name` is one of sigma, eta, eps, mu, zc; `scope` names the form, use or process it is for, or "all".
    `evidence_status` is reported, estimated, derived, recalled or *assumed*; `source` says who says so.
    """

    name: str
    scope: str
    low: float
    mid: float
    high: float
    evidence_status: str
    source: str
    note: str = ""


@dataclass(frozen=True, eq=False)
class Params:
    """Behavioural parameters of one draw.

    sigma[f]: substitution between origins at base prices; eta[f]: own-price elasticity of primary supply;
    eps[f, u]: own-price elasticity of final demand (positive number); mu[k]: base processing margin as a
    share of the value of output; zc: price ratio at which the backstop cuts demand; lo: ratio below which
    demand is linear; demand_k and supply_r: exponents of E5 and E7 in docs/equations.md.
    """

    sigma: Array
    eta: Array
    eps: Array
    mu: Array
    zc: float = 20.0
    lo: float = 0.2
    demand_k: float = 8.0
    supply_r: float = 10.0
