"""Picks: the one fact that stands for a figure, by the rule of conflicts or because it was forced."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from crosscut.facts.conflicts import Conflict, found_conflicts, picked
from crosscut.facts.reading import Reading, current
from crosscut.facts.schema import Fact
from crosscut.facts.store import Store


@dataclass(frozen=True)
class Pick:
    """The fact that stands, the other facts about the same thing, and the step of the rule (or *forced*)."""

    fact: Fact
    others: tuple[Fact, ...]
    decided_by: str

    @property
    def value(self) -> float | None:
        """The number picked; None where it is withheld or in words."""
        return self.fact.value if isinstance(self.fact.value, float) else None


def picked_facts(mineral: str, attribute: str, period: str, kind: str = "country") -> dict[str, Pick]:
    """Subject id -> pick, for every subject of a kind with a number for this attribute and period.

    >>> picked_facts("tungsten", "mine production", "2024")["VNM"].value
    3400.0
    """
    active = current()
    forced = set(active.forced)
    known = active.store.sources()
    groups: dict[str, list[Fact]] = defaultdict(list)
    for f in _facts(active.store, mineral):
        if f.attribute == attribute and f.period == period and f.subject_kind == kind and isinstance(f.value, float):
            groups[f.subject_id].append(f)
    out = {}
    for subject, facts in groups.items():
        choice = next((f for f in facts if f.id in forced), None)
        step = "forced"
        if choice is None:
            choice, step = picked(facts, known) if len(facts) > 1 else (facts[0], "the only one")
        out[subject] = Pick(choice, tuple(f for f in facts if f is not choice), step)
    return out


@lru_cache(maxsize=64)
def _facts(store: Store, mineral: str) -> tuple[Fact, ...]:
    return store.facts(mineral)


@lru_cache(maxsize=64)
def conflicts_of(store: Store, mineral: str) -> tuple[Conflict, ...]:
    """Every conflict in the ledger of a mineral."""
    return found_conflicts(_facts(store, mineral), store.sources(), {u.text: u.means for u in store.units().values()})


def alternatives(mineral: str, read: set[str]) -> dict[str, Conflict]:
    """Id of a fact that was not read -> the conflict in which a fact of `read` (ids) stands against it."""
    rows = {i.partition(".")[0] for i in read}
    out: dict[str, Conflict] = {}
    for c in conflicts_of(current().store, mineral):
        if any(f.id in read or f.id.partition(".")[0] in rows or f.supersedes in read for f in c.facts):
            for f in c.facts:
                if f.id not in read and isinstance(f.value, float):
                    out[f.id] = c
    return out


def with_forced_values(reading: Reading, name: str, stored: tuple[dict[str, str], ...]) -> tuple[dict[str, str], ...]:
    """The rows of a table in which every fact that a forced one stands against has its value and its id."""
    new: dict[tuple[str, str], Fact] = {}
    column_of = reading.store.columns()
    for forced in reading.store.facts_with_ids(reading.forced).values():
        for c in conflicts_of(reading.store, forced.mineral):
            if any(f.id == forced.id for f in c.facts):
                for f in c.facts:
                    if f.table == name and f.id != forced.id:
                        new[column_of[f.id]] = forced
    if not new:
        return stored
    changed = {row for row, _ in new}
    out = []
    for r in stored:
        if r["fact_id"] in changed:
            r = dict(r)
            row = r["fact_id"]
            for (i, column), f in new.items():
                if i == row:
                    r[column] = f"{f.value:.15g}" if isinstance(f.value, float) else str(f.value or "")
                    r["fact_id"], r["standing"] = f.id, f.standing
        out.append(r)
    return tuple(out)
