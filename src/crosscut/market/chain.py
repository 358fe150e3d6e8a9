"""Chain: the forms of a mineral and the processes that join them into a directed acyclic graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from crosscut.errors import Problem, UserError


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
    share of the value of the outputs."""

    id: str
    title: str
    inputs: Mapping[str, float]
    outputs: Mapping[str, float]
    margin_share: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "inputs", MappingProxyType(dict(self.inputs)))
        object.__setattr__(self, "outputs", MappingProxyType(dict(self.outputs)))

    def __reduce__(self) -> tuple[type[Process], tuple[object, ...]]:
        """Pickle by value (mapping proxies do not pickle)."""
        return Process, (self.id, self.title, dict(self.inputs), dict(self.outputs), self.margin_share)


@dataclass(frozen=True)
class Chain:
    """Forms in the order they are processed, and the processes between them.

    Raises UserError when a process names an unknown form, makes more contained metal than it takes, or the
    graph has a cycle within the year (new scrap is netted into the yield; old scrap is primary supply).
    """

    mineral: str
    forms: tuple[Form, ...]
    processes: tuple[Process, ...] = ()

    def __post_init__(self) -> None:
        problems = []
        ids = [f.id for f in self.forms]
        for dup in {i for i in ids if ids.count(i) > 1}:
            problems.append(Problem(f"form {dup!r} is declared twice", f"chain of {self.mineral}"))
        for p in self.processes:
            where = f"chain of {self.mineral}, process {p.id!r}"
            for f in (*p.inputs, *p.outputs):
                if f not in ids:
                    problems.append(Problem(f"unknown form {f!r}", where, f"one of {ids}"))
            if not p.inputs or not p.outputs:
                problems.append(Problem("needs at least one input and one output", where))
            if sum(p.outputs.values()) > sum(p.inputs.values()) * (1 + 1e-12):
                problems.append(Problem("makes more contained metal than it takes in", where, "yield <= 1"))
            if any(v <= 0 for v in (*p.inputs.values(), *p.outputs.values())):
                problems.append(Problem("tonnes per tonne of activity must be positive", where))
            if not 0 < p.margin_share < 1:
                problems.append(Problem(f"margin share {p.margin_share} is outside (0, 1)", where))
        if problems:
            raise UserError(problems)
        self.topological_order()

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
                        "a chain without cycles: net new scrap into the yield, enter old scrap as supply",
                    )
                )
            done += free
            waiting -= set(free)
        return tuple(done)
