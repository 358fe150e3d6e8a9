"""Picks: the one fact that stands for a figure, by the rule of conflicts or because it was forced."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crosscut.base.errors import Problem, UserError
from crosscut.ledger.ask.conflicts import Conflict, found_conflicts, picked
from crosscut.ledger.store.fact import Fact
from crosscut.ledger.store.ledger import Ledger, per_ledger
from crosscut.ledger.store.overlay import with_value


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


def picked_facts(
    ledger: Ledger, mineral: str, attribute: str, period: str, kind: str = "country"
) -> dict[str, Pick]:
    """The fact that stands for each subject, of one attribute and period.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.
    mineral : str
        A mineral as `known_minerals` spells it, such as "tungsten".
    attribute : str
        Such as "mine production"; compared exactly.
    period : str
        As the tables write it, such as "2024".
    kind : str
        Kind of subject: country, facility, company and so on.

    Returns
    -------
    dict of str to Pick
        Subject id -> pick, for every subject with a number. A forced fact goes before the rule.

    Examples
    --------
    >>> picked_facts(Ledger.bundled(), "tungsten", "mine production", "2024")["VNM"].value
    3400.0
    """
    forced = set(ledger.forced)
    known = ledger.store.sources()
    groups: dict[str, list[Fact]] = defaultdict(list)
    for f in _facts(ledger, mineral):
        if (
            f.attribute == attribute
            and f.period == period
            and f.subject_kind == kind
            and isinstance(f.value, float)
        ):
            groups[f.subject_id].append(f)
    out = {}
    for subject, facts in groups.items():
        choice = next((f for f in facts if f.id in forced), None)
        step = "forced"
        if choice is None:
            choice, step = picked(facts, known) if len(facts) > 1 else (facts[0], "the only one")
        out[subject] = Pick(choice, tuple(f for f in facts if f is not choice), step)
    return out


@per_ledger
def _facts(ledger: Ledger, mineral: str) -> tuple[Fact, ...]:
    return ledger.store.facts(mineral)


@per_ledger
def conflicts_of(ledger: Ledger, mineral: str) -> tuple[Conflict, ...]:
    """Every conflict in the ledger of a mineral.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.
    mineral : str
        A mineral as `known_minerals` spells it, such as "tungsten".

    Returns
    -------
    tuple of Conflict
        In the order of the facts; empty for a mineral without facts.
    """
    meaning = {u.text: u.means for u in ledger.store.units().values()}
    return found_conflicts(_facts(ledger, mineral), ledger.store.sources(), meaning, ledger.store.same())


def alternatives(ledger: Ledger, mineral: str, read: Iterable[str]) -> dict[str, Conflict]:
    """The facts that could be read in place of those that are read.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.
    mineral : str
        A mineral as `known_minerals` spells it, such as "tungsten".
    read : iterable of str
        Ids of the facts that are read, or of their rows.

    Returns
    -------
    dict of str to Conflict
        Id of every fact with another number -> the conflict in which it stands against one of `read`.
    """
    ids = set(read)
    out: dict[str, Conflict] = {}
    for c in conflicts_of(ledger, mineral):
        mine = {f.value for f in c.facts if f.id in ids or f.supersedes in ids}
        if mine:
            out |= {f.id: c for f in c.facts if isinstance(f.value, float) and f.value not in mine}
    return out


def forced_facts(
    ledger: Ledger, mineral: str, ids: Sequence[str], read: Iterable[str]
) -> list[tuple[Fact, Fact]]:
    """The facts that a user forces, each with the fact that it stands for.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.
    mineral : str
        A mineral as `known_minerals` spells it, such as "tungsten".
    ids : sequence of str
        Ids of the facts to force.
    read : iterable of str
        Ids of the facts that are read otherwise, or of their rows.

    Returns
    -------
    list of (Fact, Fact)
        (forced fact, the fact it stands for), in the order of `ids`.

    Raises
    ------
    UserError
        For an id the ledger does not have, for a fact that `read` gives no place to (listing those that have
        one), for a fact that is read anyway, and for two facts about one thing.
    """
    read = list(read)
    could = alternatives(ledger, mineral, read)
    known = ledger.store.facts_with_ids(ids)
    problems: list[Problem] = []
    out: list[tuple[Fact, Fact]] = []
    about: dict[str, str] = {}
    listed = "; ".join(f"{i} ({_said(i, c)})" for i, c in could.items())
    for id in ids:
        if id not in known:
            problems.append(
                Problem(
                    f"no fact {id!r}", "--fact", "an id as printed by `crosscut facts MINERAL --conflicts`"
                )
            )
        elif known[id].id in read:
            problems.append(Problem(f"{id} is read anyway", "--fact", f"one of {listed}"))
        elif id not in could:
            f = known[id]
            what = ", ".join(t for t in (f.subject, f.attribute, f.period) if t)
            problems.append(
                Problem(
                    f"the {mineral} world does not read {what} ({id})", "--fact", f"one of {listed or 'none'}"
                )
            )
        elif could[id].about in about:
            problems.append(
                Problem(f"{id} and {about[could[id].about]} are about one thing", "--fact", "one of them")
            )
        else:
            about[could[id].about] = id
            c = could[id]
            instead = next(f for f in c.facts if f.id in read or f.supersedes in read)
            out.append((known[id], instead))
    if problems:
        raise UserError(problems)
    return out


def _said(id: str, c: Conflict) -> str:
    value = next(f.value for f in c.facts if f.id == id)
    return f"{c.about}: {value:,g} against {c.picked.value:,g}"


def with_forced_values(
    ledger: Ledger, name: str, stored: tuple[dict[str, str], ...]
) -> tuple[dict[str, str], ...]:
    """The rows of a table as read when facts are forced.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.
    name : str
        The table, such as "tungsten/production".
    stored : tuple of dict
        Its rows as stored, column -> text.

    Returns
    -------
    tuple of dict
        The same rows; wherever a fact stands against a forced one, the row has the value, id and evidence
        status of the forced one.
    """
    new: dict[str, list[tuple[str, Fact]]] = defaultdict(list)
    column_of = ledger.store.columns()
    for forced in ledger.store.facts_with_ids(ledger.forced).values():
        for c in conflicts_of(ledger, forced.mineral):
            if any(f.id == forced.id for f in c.facts):
                for f in c.facts:
                    if f.table == name and f.id != forced.id:
                        row, column = column_of[f.id]
                        new[row].append((column, forced))
    out = []
    for r in stored:
        changed = r
        for column, f in new.get(r["fact_id"], ()):
            changed = {
                **with_value(changed, name, column, f.value),
                "fact_id": f.id,
                "evidence_status": f.evidence_status,
            }
        out.append(changed)
    return tuple(out)
