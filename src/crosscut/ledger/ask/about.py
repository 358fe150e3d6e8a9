"""About: the facts that a text asks for: a facility by any of its names, else every fact that mentions the
words."""

from __future__ import annotations

from typing import Any

from crosscut.base.errors import Problem, UserError
from crosscut.ledger.ask.ledger import facts_of, query
from crosscut.ledger.names import Resolution, resolved
from crosscut.ledger.names.facilities import main_names
from crosscut.ledger.own_tables import has_facilities
from crosscut.ledger.store.ledger import Ledger


def facts_about(
    ledger: Ledger, mineral: str, text: str, conflicts: bool = False
) -> tuple[list[dict[str, Any]], Resolution | None]:
    """(rows as `query` gives them, how the text was read as a facility).

    Facts of a named facility come first, then others that mention the words or its main name. The reading is
    None where the text names no facility, and has several ids in `found` where it is ambiguous. Raises
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
        named = main_names(ledger)
        near = "; ".join(f"{i} {named[i]}" for i in read.nearest)
        expected = f"a name such as: {near}" if near else "other words, or no --about for everything"
        raise UserError(Problem(f"nothing about {text!r}", f"facts of {mineral}", expected))
    if len(read.found) > 1:
        return words, read
    of_facility = {f.id for f in facts_of(ledger, mineral).where(subject=read.found[0])}
    listed = [r for r in query(ledger, mineral, conflicts=conflicts) if r["id"] in of_facility]
    words += query(ledger, mineral, about=main_names(ledger)[read.found[0]], conflicts=conflicts)
    return list({r["id"]: r for r in (*listed, *words)}.values()), read
