"""Ledger: all facts about one mineral, to be asked by text, subject, attribute, period; and what contradicts
what.

In: a ledger. Out: `Fact`s. `facts_of` is the primitive; `query` gives the
same as rows for the command line and `fact_details` resolves the ids a result cites.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from crosscut.base.errors import Problem, UserError, did_you_mean, nearest_matches
from crosscut.ledger.ask.conflicts import Conflict, found_conflicts
from crosscut.ledger.mineral_names import unknown_mineral
from crosscut.ledger.store.compile_store import WORLD_MINING_DATA
from crosscut.ledger.store.fact import Fact
from crosscut.ledger.store.ledger import Ledger, per_ledger
from crosscut.ledger.store.tables import sources, units

__all__ = ["WORLD_MINING_DATA", "MineralFacts", "fact_details", "facts_of", "known_minerals", "query"]

TOPICS = ("finance", "hazards")  # facts of no one mineral: a ledger each


@dataclass(frozen=True)
class MineralFacts:
    """Facts of one mineral, in table order, as `ledger` reads them."""

    mineral: str
    facts: tuple[Fact, ...]
    ledger: Ledger

    def __len__(self) -> int:
        return len(self.facts)

    def __iter__(self) -> Iterator[Fact]:
        return iter(self.facts)

    def about(self, text: str) -> MineralFacts:
        """The facts whose row (subject, aliases, notes, source and all) mentions every word of `text`.

        >>> ledger = Ledger.bundled()
        >>> found = facts_of(ledger, "tungsten").about("Bakuta 300")
        >>> sorted({f.subject for f in found if f.attribute == "capital cost"})
        ['Boguty tungsten mine']
        """
        wanted = self.ledger.store.about(self.mineral, text)
        return self._kept(f.id in wanted for f in self.facts)

    def where(
        self,
        *,
        subject: str | None = None,
        attribute: str | None = None,
        period: str | None = None,
        table: str | None = None,
    ) -> MineralFacts:
        """The facts of exactly this subject (name or id), attribute, period and table; None means any.

        >>> world = {"subject": "WLD", "attribute": "mine production", "period": "2024"}
        >>> ledger = Ledger.bundled()
        >>> [f.value for f in facts_of(ledger, "tungsten").where(**world)][:2]
        [82000.0, 81000.0]
        """
        return self._kept(
            (subject is None or subject in (f.subject, f.subject_id))
            and (attribute is None or f.attribute == attribute)
            and (period is None or f.period == period)
            and (table is None or f.table == table)
            for f in self.facts
        )

    def _kept(self, keep: Iterable[bool]) -> MineralFacts:
        return replace(self, facts=tuple(f for f, yes in zip(self.facts, keep, strict=True) if yes))

    def fact(self, id: str) -> Fact:
        """The fact with this id. Raises UserError when the ledger has none."""
        for f in self.facts:
            if f.id == id:
                return f
        raise UserError(
            Problem(f"no fact {id!r}", f"ledger of {self.mineral}", "an id as printed by `crosscut facts`")
        )

    @cached_property
    def _conflicts(self) -> tuple[Conflict, ...]:
        return found_conflicts(
            self.facts,
            sources(self.ledger),
            {u.text: u.means for u in units(self.ledger).values()},
            self.ledger.store.same(),
        )

    def conflicts(self) -> tuple[Conflict, ...]:
        """Every subject, attribute and period for which these facts give more than one value; see
        `conflicts.RULE`.

        >>> about = "World total, mine production, 2024"
        >>> ledger = Ledger.bundled()
        >>> c = next(c for c in facts_of(ledger, "tungsten").conflicts() if c.about == about)
        >>> c.low, c.high, c.picked.value, c.decided_by
        (75416.0, 82000.0, 82000.0, 'directness')
        """
        return self._conflicts


@per_ledger
def facts_of(ledger: Ledger, mineral: str) -> MineralFacts:
    """All facts about a mineral, or about a topic.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.
    mineral : str
        A mineral, or a topic: finance, hazards.

    Returns
    -------
    MineralFacts
        The facts in table order, to be narrowed by text, subject, attribute, period and table.

    Raises
    ------
    UserError
        When nothing is known about it; the nearest name is given.

    Examples
    --------
    >>> ledger = Ledger.bundled()
    >>> len(facts_of(ledger, "tungsten")) > 2000
    True
    """
    facts = ledger.store.facts(mineral)
    if not facts:
        near = nearest_matches(mineral, TOPICS)
        if near:
            raise UserError(Problem(f"no facts about {mineral!r}", "mineral", did_you_mean(near)))
        raise UserError(unknown_mineral(mineral, "no facts about", known_minerals(ledger)))
    return MineralFacts(mineral, facts, ledger)


@per_ledger
def known_minerals(ledger: Ledger) -> tuple[str, ...]:
    """Every mineral that the ledger has facts about.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.

    Returns
    -------
    tuple of str
        Tungsten first; groups of prices and elasticities are not among them.
    """
    return ledger.store.known_minerals()


def query(
    ledger: Ledger, mineral: str, about: str | None = None, conflicts: bool = False
) -> list[dict[str, Any]]:
    """Facts as rows, for the command line and for tables.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.
    mineral : str
        A mineral, or a topic: finance, hazards.
    about : str or None
        Words that the row of a fact must mention, all of them; None keeps every fact.
    conflicts : bool
        True keeps the facts on which sources disagree, grouped, the picked one first.

    Returns
    -------
    list of dict
        id, subject, attribute, value, unit (of value, low and high), period, low, high, evidence_status,
        source, url, published, note, conflict (what became of the fact), rule, basis, supersedes, overlay
        (where a workspace states it) and before (the value it replaced).

    Raises
    ------
    UserError
        For an unknown mineral.

    Notes
    -----
    Conflicts are looked for in the whole ledger of the mineral before `about` narrows it.

    Examples
    --------
    >>> ledger = Ledger.bundled()
    >>> query(ledger, "tungsten", about="North Katpar")[0]["evidence_status"]
    'reported'
    """
    whole = facts_of(ledger, mineral)
    shown = whole.about(about) if about else whole
    wanted = {f.id for f in shown}
    of_fact = {f.id: c for c in whole.conflicts() for f in c.facts}
    if not conflicts:
        return [_row(ledger, f, of_fact.get(f.id)) for f in shown]
    groups = [c for c in whole.conflicts() if any(f.id in wanted for f in c.facts)]
    return [
        _row(ledger, f, c) for c in groups for f in (c.picked, *(g for g in c.facts if g is not c.picked))
    ]


def fact_details(ledger: Ledger, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """What the ids that a result cites stand for.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.
    ids : iterable of str
        Ids of facts, or of table rows. A row with several values stands for the first one.

    Returns
    -------
    dict of str to dict
        Id -> subject, attribute, value, unit, period, evidence_status, source_title, source_url, published,
        note. Ids that this version of the ledger does not have are absent.

    Examples
    --------
    >>> from crosscut.ledger.store.tables import rows
    >>> ledger = Ledger.bundled()
    >>> cited = rows(ledger, "tungsten/production")[0]["fact_id"]
    >>> fact_details(ledger, [cited, "unheard of"])[cited]["attribute"]
    'mine production'
    """
    wanted = list(ids)
    found = ledger.store.facts_with_ids(wanted)
    out = {}
    for i in wanted:
        if (f := found.get(i)) is not None:
            s = sources(ledger)[f.source_id]
            out[i] = {
                "subject": f.subject,
                "attribute": f.attribute,
                "value": f.value,
                "unit": f.unit,
                "period": f.period,
                "evidence_status": f.evidence_status,
                "source_title": s.title,
                "source_url": s.url,
                "published": s.published,
                "note": f.note,
            }
    return out


def _row(ledger: Ledger, f: Fact, conflict: Conflict | None) -> dict[str, Any]:
    source = sources(ledger)[f.source_id]
    overlays, before = _overlaid(ledger)
    said = _evidence_status_in(f, conflict) if conflict else ""
    return {
        "id": f.id,
        "subject": f.subject,
        "attribute": f.attribute,
        "value": f.value,
        "unit": f.unit,
        "period": f.period,
        "low": f.low,
        "high": f.high,
        "evidence_status": f.evidence_status,
        "source": source.title,
        "url": source.url,
        "published": source.published,
        "note": f.note,
        "conflict": said,
        "rule": conflict.rule if conflict else "",
        "basis": f.basis,
        "supersedes": f.supersedes,
        "overlay": overlays.get(f.id, ""),
        "before": before[f.supersedes].value if f.supersedes in before else None,
    }


@per_ledger
def _overlaid(ledger: Ledger) -> tuple[dict[str, str], dict[str, Fact]]:
    return ledger.store.overlays(), {c.fact.id: c.fact for c in ledger.store.changes()}


def _evidence_status_in(f: Fact, conflict: Conflict) -> str:
    """What became of a fact in a conflict: picked, in agreement with the pick, or passed over."""
    spread = "" if conflict.spread is None else f", spread {conflict.spread:.0%}"
    if f is conflict.picked:
        others = sorted({_shown(g.value) for g in conflict.facts if g.value != f.value})
        return f"picked by {conflict.decided_by}; others say {', '.join(others)}{spread}"
    if f.value == conflict.picked.value:
        return f"agrees with the pick{spread}"
    return f"picked: {_shown(conflict.picked.value)}{spread}"


def _shown(value: float | str | None) -> str:
    return f"{value:,g}" if isinstance(value, float) and abs(value) < 1e6 else str(value)
