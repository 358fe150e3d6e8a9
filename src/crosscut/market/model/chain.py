"""Chain: the forms of a mineral and the processes that join them into a directed acyclic graph.

A process may take several forms and make several: every output is sold at its own price, so a by-product is
a credit in the margin. New scrap that a process or a maker of end products *sells* closes a loop, but only
over the turn of the year: it is supply of the next year (`crosscut.market.read.carry_over`), never of this
one.

Tests: tests/market/test_chains.py, tests/market/test_hard_cases.py
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from crosscut.base.errors import Problem, UserError


@dataclass(frozen=True)
class TradeCode:
    """A customs code under which a form is traded; `content` is t contained per t gross (None: unknown)."""

    system: str
    code: str
    content: float | None


@dataclass(frozen=True)
class Form:
    """What is traded at one stage. `reference_price` is USD per t contained; `primary` forms may have supply
    that no process makes (mine, collected scrap)."""

    id: str
    title: str
    reference_price: float
    codes: tuple[TradeCode, ...] = ()
    primary: bool = True


@dataclass(frozen=True)
class Process:
    """Turns inputs into outputs: t contained per t of activity. `margin_share` (mu) is the base margin as a
    share of the value of the outputs.

    `new_scrap`: t of a scrap form sold per t of activity, on the market of the next year; scrap that goes
    back into the same plant is netted into the yield instead. What outputs and new scrap leave of the inputs
    is lost.

    >>> from crosscut.market.model.chain import Process
    >>> inputs, outputs, scrap = {"oxide": 1.0}, {"powder": 0.97}, {"scrap": 0.02}
    >>> p = Process("reduction", "Reduction", inputs, outputs, 0.05, new_scrap=scrap)
    >>> round(p.loss, 4)
    0.01
    """

    id: str
    title: str
    inputs: Mapping[str, float]
    outputs: Mapping[str, float]
    margin_share: float
    new_scrap: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("inputs", "outputs", "new_scrap"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    def __reduce__(self) -> tuple[type[Process], tuple[object, ...]]:
        """Pickle by value (mapping proxies do not pickle)."""
        return Process, (
            self.id,
            self.title,
            dict(self.inputs),
            dict(self.outputs),
            self.margin_share,
            dict(self.new_scrap),
        )

    @property
    def loss(self) -> float:
        """t contained lost per t of activity."""
        return sum(self.inputs.values()) - sum(self.outputs.values()) - sum(self.new_scrap.values())


@dataclass(frozen=True)
class UseScrap:
    """New scrap of those who buy `bought` for an end use: t of form `scrap` sold next year per t bought."""

    use: str
    bought: str
    scrap: str
    share: float


@dataclass(frozen=True)
class Chain:
    """Forms in the order they are processed, and the processes between them: any directed acyclic graph.

    `headline` is the form the trade quotes, whose price is shown first (empty: the last one). `use_scrap`
    says what end uses sell as new scrap. Raises UserError when a process names an unknown form, makes more
    contained metal than it takes, new scrap is not a form with supply of its own, or the graph has a cycle
    within the year.
    """

    mineral: str
    forms: tuple[Form, ...]
    processes: tuple[Process, ...] = ()
    headline: str = ""
    use_scrap: tuple[UseScrap, ...] = ()

    def __post_init__(self) -> None:
        problems = []
        ids = [f.id for f in self.forms]
        for dup in {i for i in ids if ids.count(i) > 1}:
            problems.append(Problem(f"form {dup!r} is declared twice", f"chain of {self.mineral}"))
        for p in self.processes:
            where = f"chain of {self.mineral}, process {p.id!r}"
            for f in (*p.inputs, *p.outputs, *p.new_scrap):
                if f not in ids:
                    problems.append(Problem(f"unknown form {f!r}", where, f"one of {ids}"))
            if not p.inputs or not p.outputs:
                problems.append(Problem("needs at least one input and one output", where))
            if p.loss < -1e-12 * sum(p.inputs.values()):
                problems.append(Problem("makes more contained metal than it takes in", where, "yield <= 1"))
            if any(v <= 0 for v in (*p.inputs.values(), *p.outputs.values(), *p.new_scrap.values())):
                problems.append(Problem("tonnes per tonne of activity must be positive", where))
            if not 0 < p.margin_share < 1:
                problems.append(Problem(f"margin share {p.margin_share} is outside (0, 1)", where))
            problems += [_no_supply(f, where) for f in p.new_scrap if f in ids and not self._primary(f)]
        for u in self.use_scrap:
            where = f"chain of {self.mineral}, new scrap of {u.use!r}"
            problems += [
                Problem(f"unknown form {f!r}", where, f"one of {ids}")
                for f in (u.bought, u.scrap)
                if f not in ids
            ]
            if not 0 < u.share < 1:
                problems.append(Problem(f"share {u.share} is outside (0, 1)", where))
            if u.scrap in ids and not self._primary(u.scrap):
                problems.append(_no_supply(u.scrap, where))
        if self.headline and self.headline not in ids:
            problems.append(
                Problem(
                    f"unknown form {self.headline!r}",
                    f"headline of the chain of {self.mineral}",
                    f"one of {ids}",
                )
            )
        if problems:
            raise UserError(problems)
        self.topological_order()

    def _primary(self, form_id: str) -> bool:
        return self.forms[self.form_index(form_id)].primary

    def headline_index(self) -> int:
        """Position of the form whose price is shown first."""
        return self.form_index(self.headline) if self.headline else self.topological_order()[-1]

    def form_index(self, form_id: str) -> int:
        """Position of a form; KeyError when unknown."""
        for i, f in enumerate(self.forms):
            if f.id == form_id:
                return i
        raise KeyError(form_id)

    def topological_order(self) -> tuple[int, ...]:
        """Form positions such that inputs come before outputs; UserError naming the cycle otherwise."""
        n = len(self.forms)
        after: list[set[int]] = [set() for _ in range(n)]
        for p in self.processes:
            for a in p.inputs:
                after[self.form_index(a)].update(self.form_index(b) for b in p.outputs)
        done: list[int] = []
        waiting = set(range(n))
        while waiting:
            free = [i for i in sorted(waiting) if not any(i in after[j] for j in waiting)]
            if not free:
                names = ", ".join(self.forms[i].id for i in sorted(waiting))
                raise UserError(
                    Problem(
                        f"forms {names} feed each other within one year",
                        f"chain of {self.mineral}",
                        "a chain without cycles: new scrap that stays in the plant is netted into the yield,"
                        " new scrap that is sold is `new_scrap` (supply of next year), old scrap is supply",
                    )
                )
            done += free
            waiting -= set(free)
        return tuple(done)


def _no_supply(form: str, where: str) -> Problem:
    return Problem(
        f"{form!r} has no supply of its own, so nobody can sell it next year", where, "a primary form"
    )
