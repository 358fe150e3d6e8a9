"""Rules on dates, ranks, states and names. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from crosscut.ledger.consistency.statement import Breaches, PartOf, StatedFigure, same_period
from crosscut.ledger.names.folding import key

# What comes before what: an event of a stage never follows one of a later stage.
STAGES = ("found", "announced", "agreed", "signed", "from", "built", "production start", "to", "closed")
# States that one thing cannot have had at one time, whatever came between.
EXCLUSIVE = (
    ("never mined", "mined before"),
    ("never mined", "operating"),
    ("never mined", "closed"),
    ("never mined", "dormant after mining"),
    ("listed", "not listed"),
    ("state owned", "privately owned"),
)


def dates_out_of_order(known: Sequence[StatedFigure], parts: PartOf) -> Breaches:
    """Events of one thing in an order that cannot be.

    Parameters
    ----------
    known : sequence of StatedFigure
        Statements of one document, deduced ones among them.
    parts : PartOf
        Which subject lies in which; not used here.

    Yields
    ------
    tuple of StatedFigure
        The event that should be earlier, and the one that should be later.
    str
        Why they cannot all be true, for people.

    Notes
    -----
    `STAGES` has the order. Dates are compared as far as both are printed: 2025 is not before 2025-04.
    """
    groups: dict[str, list[StatedFigure]] = defaultdict(list)
    for s in known:
        if s.kind == "date" and s.attribute in STAGES:
            groups[s.subject].append(s)
    for group in groups.values():
        for a in group:
            for b in group:
                if STAGES.index(a.attribute) < STAGES.index(b.attribute):
                    n = min(len(str(a.value)), len(str(b.value)))
                    if str(a.value)[:n] > str(b.value)[:n]:
                        yield (a, b), f"{a} comes after {b}"


def rank_mismatch(known: Sequence[StatedFigure], parts: PartOf) -> Breaches:
    """A rank that is not one more than the number named ahead, or that the values of others contradict.

    Parameters
    ----------
    known : sequence of StatedFigure
        Statements of one document, deduced ones among them.
    parts : PartOf
        Which subject lies in which.

    Yields
    ------
    tuple of StatedFigure
        The rank; for values, then the amount of its subject and the larger amounts of others.
    str
        Why they cannot all be true, for people.

    Notes
    -----
    A subject that lies in another one, or holds it, is no rival of it.
    """
    amounts: dict[tuple[str, str], list[StatedFigure]] = defaultdict(list)
    for s in known:
        if s.kind == "amount" and not s.rests_on:
            amounts[s.attribute, s.counted].append(s)
    for r in known:
        if r.kind != "rank":
            continue
        if r.ahead and float(r.value) != len(r.ahead) + 1:
            yield (r,), f"{r} behind {' and '.join(r.ahead)}, which makes it {len(r.ahead) + 1}"
        for (attribute, _), group in amounts.items():
            own = [
                s for s in group if s.subject == r.subject and attribute == r.attribute and same_period(s, r)
            ]
            peers = [
                s
                for s in group
                if own
                and s.subject != r.subject
                and same_period(s, r)
                and s.subject not in ("WLD", "OTH", "TOT")
                and not parts.within(s.subject, r.subject)
                and not parts.within(r.subject, s.subject)
            ]
            larger = {s.subject: s for s in peers if own and s.least > own[0].most}
            if len(larger) > float(r.value) - 1:
                yield (r, own[0], *larger.values()), f"{r}, yet {len(larger)} others have more than {own[0]}"


def exclusive_states(known: Sequence[StatedFigure], parts: PartOf) -> Breaches:
    """Two states that exclude each other; what is said of a group holds for each member.

    Parameters
    ----------
    known : sequence of StatedFigure
        Statements of one document, deduced ones among them.
    parts : PartOf
        Which subject lies in which.

    Yields
    ------
    tuple of StatedFigure
        The two statements.
    str
        Why they cannot all be true, for people.

    Notes
    -----
    `EXCLUSIVE` has the pairs.
    """
    states = [s for s in known if s.kind == "state"]
    for k, a in enumerate(states):
        for b in states[k + 1 :]:
            one = (
                a.subject == b.subject
                or parts.within(a.subject, b.subject)
                or parts.within(b.subject, a.subject)
            )
            if one and any({a.value, b.value} == set(pair) for pair in EXCLUSIVE):
                yield (a, b), f"{a} and {b}"


def two_names(known: Sequence[StatedFigure], parts: PartOf) -> Breaches:
    """One thing under names that are not spellings of each other, where it can have one only.

    Parameters
    ----------
    known : sequence of StatedFigure
        Statements of one document, deduced ones among them.
    parts : PartOf
        Which subject lies in which; not used here.

    Yields
    ------
    tuple of StatedFigure
        The statements, one for each name.
    str
        Why they cannot all be true, for people.

    Notes
    -----
    Such as a partner, a buyer, or the name of the place itself.
    """
    groups: dict[tuple[str, str], dict[str, StatedFigure]] = defaultdict(dict)
    for s in known:
        if s.kind == "name":
            groups[s.subject, s.attribute].setdefault(key(str(s.value)), s)
    for group in groups.values():
        said = list(group.values())
        if len(said) > 1 and all(same_period(a, b) for a in said for b in said):
            yield (
                tuple(said),
                f"{said[0].subject}, {said[0].attribute}: {' and '.join(str(s.value) for s in said)}",
            )
