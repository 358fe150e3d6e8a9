"""About: the facts that a text asks for: a facility by any of its names, else every fact that mentions the
words."""

from __future__ import annotations

from typing import Any

from crosscut.base.errors import Problem, UserError
from crosscut.ledger.ask.ledger import facts_of, query
from crosscut.ledger.names import Resolution, facility_names, resolved
from crosscut.ledger.names.facilities import no_facility
from crosscut.ledger.names.folding import other_lengths
from crosscut.ledger.own_tables import has_facilities
from crosscut.ledger.store.ledger import Ledger


def facts_about(
    ledger: Ledger, mineral: str, text: str, conflicts: bool = False
) -> tuple[list[dict[str, Any]], Resolution | None]:
    """(rows as `query` gives them, how the text was read as a facility).

    Facts of a named facility come first, then others that mention the words or one of its names. The reading
    is None where the text names no facility, and has several ids in `found` where it is ambiguous. Raises
    UserError with the nearest facilities where nothing is found at all.

    >>> ledger = Ledger.bundled()
    >>> rows, read = facts_about(ledger, "tungsten", "上凯拉克特")
    >>> read.found, any(r["attribute"] == "grade" for r in rows)
    (('KZ02',), True)
    """
    read = resolved(ledger, text) if has_facilities(mineral) else None
    words = query(ledger, mineral, about=text, conflicts=conflicts)
    if read is None or not read.found:
        if words or read is None:
            return words, None
        if conflicts:
            return words, None
        if read.holding or read.nearest:
            raise UserError(no_facility(ledger, read))
        expected = "other words, or no --about for everything"
        raise UserError(Problem(f"nothing about {text!r}", f"facts of {mineral}", expected))
    if len(read.found) > 1:
        return words, read
    of_facility = {f.id for f in facts_of(ledger, mineral).where(subject=read.found[0])}
    listed = [r for r in query(ledger, mineral, conflicts=conflicts) if r["id"] in of_facility]
    for name in _written(ledger, read.found[0]):
        words += query(ledger, mineral, about=name, conflicts=conflicts)
    return list({r["id"]: r for r in (*listed, *words)}.values()), read


def _written(ledger: Ledger, facility_id: str) -> tuple[str, ...]:
    """The names of a facility, with Mt for Mount and the like: one answer whatever it was asked as."""
    names = [n.text for n in facility_names(ledger) if n.facility_id == facility_id and n.whole]
    return tuple(dict.fromkeys((*names, *(other for n in names for other in other_lengths(n)))))
