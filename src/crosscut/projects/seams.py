"""Seams of projects: what is known of one, the money it makes, and what somebody offers for it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from crosscut.errors import Problem, UserError


@dataclass(frozen=True)
class ProjectInput:
    """One figure a project rests on, e.g. grade 0.21 % WO3, with the id of its fact (empty: assumed)."""

    name: str
    value: float
    unit: str
    fact_id: str = ""
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Project:
    """A deposit, mine or plant with its inputs; raises UserError for a figure that is no number or given twice.

    >>> Project("boguty", "Boguty", "KAZ", "tungsten", "concentrate", (ProjectInput("grade", 0.21, "% WO3"),)).country
    'KAZ'
    """

    id: str
    name: str
    country: str
    mineral: str
    form: str
    inputs: tuple[ProjectInput, ...]

    def __post_init__(self) -> None:
        names = [i.name for i in self.inputs]
        problems = [
            Problem(f"{i.name} is {i.value}", f"project {self.id}", "a finite number")
            for i in self.inputs
            if not math.isfinite(i.value)
        ]
        problems += [
            Problem(f"{n} is given twice", f"project {self.id}")
            for n in sorted({n for n in names if names.count(n) > 1})
        ]
        if problems:
            raise UserError(problems)


@dataclass(frozen=True)
class CashLine:
    """One line of a cash flow for one party: USD a year, nominal, positive to the party."""

    name: str
    party: str
    usd: tuple[float, ...]


@dataclass(frozen=True)
class CashFlow:
    """The nominal annual table of a project: one line per item and party, all over the same years."""

    project_id: str
    years: tuple[int, ...]
    lines: tuple[CashLine, ...]

    def __post_init__(self) -> None:
        uneven = [line.name for line in self.lines if len(line.usd) != len(self.years)]
        if uneven:
            raise UserError(
                [
                    Problem(f"{name} does not have {len(self.years)} years", f"cash flow of {self.project_id}")
                    for name in uneven
                ]
            )

    def of_party(self, party: str) -> tuple[float, ...]:
        """Net USD a year to one party.

        >>> CashFlow("p", (2030, 2031), (CashLine("sales", "owner", (5.0, 7.0)), CashLine("tax", "owner", (-1.0, -2.0)))
        ... ).of_party("owner")
        (4.0, 5.0)
        """
        mine = [line.usd for line in self.lines if line.party == party]
        return tuple(sum(year) for year in zip(*mine, strict=True)) if mine else tuple(0.0 for _ in self.years)


@dataclass(frozen=True)
class Term:
    """One term of a bid: royalty, carried share, offtake share, processing at home, ..., in its unit."""

    name: str
    value: float
    unit: str


@dataclass(frozen=True)
class Bid:
    """What a bidder offers for a project."""

    bidder: str
    project_id: str
    terms: tuple[Term, ...]
    source: str = ""
