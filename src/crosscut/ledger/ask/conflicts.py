"""Conflicts: where sources differ about one subject, attribute and period; both stay, and a named rule picks
one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from crosscut.ledger.store.fact import DIRECTNESS, EVIDENCE_STATUSES, Fact, Source

RULE = "firm evidence, then recency, then directness, then evidence status, then table order"
FIRM = (
    "reported",
    "estimated",
    "derived",
)  # rests on figures; claimed, recalled and assumed rest on someone's word


@dataclass(frozen=True)
class Conflict:
    """Facts that give different values for one thing.

    `facts` are all values given, `picked` the one the rule takes, `decided_by` the step of `rule` at which
    it was alone. `low`, `high` bound the numbers and `spread` is (high - low) / |high|; None where the
    values are words.
    """

    facts: tuple[Fact, ...]
    picked: Fact
    decided_by: str
    low: float | None
    high: float | None
    spread: float | None
    rule: str = RULE

    @property
    def about(self) -> str:
        """Subject, attribute and period on one line, as the picked fact states them."""
        f = self.picked
        return ", ".join(t for t in (f.subject, f.attribute, f.period) if t)


def year_published(source: Source) -> int:
    """The year a source was published. Only the year counts: months are often inferred.

    Parameters
    ----------
    source : Source
        A source of the ledger.

    Returns
    -------
    int
        Calendar year; 0 when it is unknown or when no document was seen (directness "memory").
    """
    found = re.search(r"\b(1[89]|20)\d\d\b", source.published)
    return int(found.group()) if found and source.directness != "memory" else 0


def picked(facts: Sequence[Fact], sources: Mapping[str, Source]) -> tuple[Fact, str]:
    """The fact that stands for several about one thing, by `RULE`.

    Parameters
    ----------
    facts : sequence of Fact
        What is said of one thing, in table order; at least one.
    sources : mapping of str to Source
        Source id -> source; holds the source of every fact.

    Returns
    -------
    Fact
        The one picked.
    str
        The step after which only one value was left, or "table order".

    Notes
    -----
    A firm evidence status goes before a soft one, then the latest year of publication, then directness
    (original, copy, own working, relay, memory), then the order of evidence statuses, then the first.
    """
    steps: tuple[tuple[str, Callable[[Fact], int]], ...] = (
        ("firm evidence", lambda f: f.evidence_status not in FIRM),
        ("recency", lambda f: -year_published(sources[f.source_id])),
        ("directness", lambda f: DIRECTNESS.index(sources[f.source_id].directness)),
        ("evidence status", lambda f: EVIDENCE_STATUSES.index(f.evidence_status)),
    )
    left = list(facts)
    for name, rank in steps:
        best = min(rank(f) for f in left)
        left = [f for f in left if rank(f) == best]
        if len({_comparable(f) for f in left}) == 1:
            return left[0], name
    return left[0], "table order"


def found_conflicts(
    facts: Iterable[Fact],
    sources: Mapping[str, Source],
    meaning: Mapping[str, str],
    same: Mapping[str, tuple[str, str, str, str, str]] = MappingProxyType({}),
) -> tuple[Conflict, ...]:
    """Every subject, attribute, period and unit for which the facts give more than one value.

    Parameters
    ----------
    facts : iterable of Fact
        Facts of one mineral or of several; those of two minerals are not compared.
    sources : mapping of str to Source
        Source id -> source; holds the source of every fact.
    meaning : mapping of str to str
        Unit text -> the unit it stands for, so that t W and t W content compare.
    same : mapping of str to tuple
        Id of a fact -> the (subject kind, subject id, attribute, period, unit) under which others state the
        same thing.

    Returns
    -------
    tuple of Conflict
        In the order of the facts.

    Notes
    -----
    Withheld values (None) disagree with nothing. Words are compared only where one side is a claim:
    elsewhere two descriptions of one thing rarely read alike.
    """
    groups: dict[tuple[str, ...], list[Fact]] = defaultdict(list)
    for f in facts:
        if f.value is not None:
            stated = same.get(f.id) or (f.subject_kind, f.subject_id, f.attribute, f.period, f.unit)
            groups[f.mineral, *stated[:4], meaning.get(stated[4]) or stated[4]].append(f)
    return tuple(c for g in groups.values() if (c := _conflict(g, sources)) is not None)


def _conflict(group: list[Fact], sources: Mapping[str, Source]) -> Conflict | None:
    words = any(isinstance(f.value, str) for f in group)
    if words and not any(f.evidence_status == "claimed" for f in group):
        group = [f for f in group if not isinstance(f.value, str)]
        words = False
    if len({_comparable(f) for f in group}) < 2:
        return None
    choice, step = picked(group, sources)
    numbers = [f.value for f in group if isinstance(f.value, float)]
    if words or not numbers:
        return Conflict(tuple(group), choice, step, None, None, None)
    low, high = min(numbers), max(numbers)
    return Conflict(tuple(group), choice, step, low, high, (high - low) / max(abs(low), abs(high)))


def _comparable(f: Fact) -> float | str | None:
    return " ".join(f.value.casefold().split()) if isinstance(f.value, str) else f.value
