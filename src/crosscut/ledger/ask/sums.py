"""Sums: adding facts without adding what may not be added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crosscut.base.errors import Problem, UserError
from crosscut.ledger.store.fact import Fact
from crosscut.ledger.store.ledger import Ledger
from crosscut.ledger.store.tables import units

TOTALS = ("WLD", "TOT", "TOP3", "EU27", "EUR", "OECD")


@dataclass(frozen=True)
class Sum:
    """A sum of facts of one source: value in `unit`, how many were added, and how many are withheld (and so
    missing from it: the true sum is larger)."""

    value: float
    unit: str
    added: int
    withheld: int
    source_id: str
    fact_ids: tuple[str, ...]


def summed(ledger: Ledger, facts: Sequence[Fact]) -> Sum:
    """The sum of facts that are parts of one thing as one source counts it.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.
    facts : sequence of Fact
        At least one; all of one source, unit, period and attribute.

    Returns
    -------
    Sum
        The value in the unit of the facts. A withheld value adds nothing and is counted, never read as zero.

    Raises
    ------
    UserError
        For no facts, facts of two sources, units, periods or kinds of figure (capacity with output), a total
        beside its parts, one subject twice, or a value in words.

    Examples
    --------
    >>> from crosscut.ledger.ask.ledger import facts_of
    >>> ledger = Ledger.bundled()
    >>> printed = facts_of(ledger, "tungsten").where(attribute="mine production", period="2024")
    >>> usgs = [f for f in printed if f.note == "MCS 2026 column 2024" and f.subject_id != "WLD"]
    >>> summed(ledger, usgs).value
    81610.0
    """
    if not facts:
        raise UserError(Problem("no facts to add", "sum", "facts of one source"))
    meanings = {u.text: u.means or u.text for u in units(ledger).values()}
    problems = []
    checks: dict[str, set[str]] = {
        "sources": {f.source_id for f in facts},
        "units": {meanings.get(f.unit, f.unit) for f in facts},
        "periods": {f.period for f in facts},
        "kinds of figure": {f"{f.mineral} {f.attribute}" for f in facts},
    }
    problems += [
        Problem(f"facts of {len(found)} {what}: {', '.join(sorted(found))}", "sum", f"one of the {what}")
        for what, found in checks.items()
        if len(found) > 1
    ]
    subjects = [f.subject_id for f in facts]
    if len(set(subjects)) < len(subjects):
        problems.append(Problem("a subject is there twice", "sum", "each part once"))
    if len(facts) > 1 and (both := [s for s in subjects if s in TOTALS]):
        problems.append(Problem(f"{', '.join(both)} already holds its parts", "sum", "parts, or the total"))
    words = [f for f in facts if isinstance(f.value, str)]
    problems += [Problem(f"{f.value!r} is no number", f"sum, {f.id}", "a number, or withheld") for f in words]
    if problems:
        raise UserError(problems)
    numbers = [f.value for f in facts if isinstance(f.value, float)]
    return Sum(
        sum(numbers),
        facts[0].unit,
        len(numbers),
        len(facts) - len(numbers),
        facts[0].source_id,
        tuple(f.id for f in facts),
    )
