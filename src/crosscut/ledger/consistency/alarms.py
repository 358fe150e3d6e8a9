"""Alarms: what the rules find in the ledger's own tables, each held against a resolution on record.

An alarm is open until somebody has looked: the resolution says what it is (a real error, with what was done;
two things that the table names alike; a rounding; a definition) and why. A new alarm without one fails the
tests, and so does a resolution of an alarm that no longer rings.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from crosscut.base.bundled import bundled_text
from crosscut.ledger.ask.ledger import facts_of
from crosscut.ledger.consistency.findings import Finding, found_in
from crosscut.ledger.consistency.tables import everything_told
from crosscut.ledger.store.fact import TableSpec, ValueColumn
from crosscut.ledger.store.ledger import Ledger, per_ledger
from crosscut.ledger.store.tables import checked_rows

_TABLE = "coherence/resolutions"
VERDICTS = ("two things named alike", "rounding", "definition", "real, kept as printed", "overlap")
_SPEC = TableSpec(
    "alarm", ("alarm",), "", (ValueColumn("reason", "resolution", text=True),), codes={"verdict": VERDICTS}
)


@dataclass(frozen=True)
class Alarm:
    """A finding in the tables, with its id and its resolution (empty while it is open)."""

    id: str
    finding: Finding
    verdict: str
    reason: str


@per_ledger
def alarms(ledger: Ledger) -> tuple[Alarm, ...]:
    """Every alarm of every rule on the tables of every mineral and topic.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.

    Returns
    -------
    tuple of Alarm
        In the order of tables and rules, each with its resolution, which is empty while it is open.

    Examples
    --------
    >>> ledger = Ledger.bundled()
    >>> [a.id for a in alarms(ledger) if not a.verdict]
    []
    """
    known = resolutions()
    found: dict[str, Alarm] = {}
    for told in everything_told(ledger):
        for f in found_in(told.statements, told.parts):
            i = alarm_id(f)
            verdict, reason = known.get(i, ("", ""))
            found.setdefault(i, Alarm(i, f, verdict, reason))
    return tuple(found.values())


def alarms_about(ledger: Ledger, mineral: str) -> list[Alarm]:
    """The alarms that rest on a fact of one mineral or topic.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.
    mineral : str
        A mineral, or a topic: finance, hazards.

    Returns
    -------
    list of Alarm
        In the order of tables and rules.

    Raises
    ------
    UserError
        For an unknown mineral or topic.
    """
    known = {f.id for f in facts_of(ledger, mineral)}
    return [a for a in alarms(ledger) if known & set(a.finding.ids)]


def alarm_id(f: Finding) -> str:
    """The id of an alarm: its rule and the facts it rests on.

    Parameters
    ----------
    f : Finding
        What a rule found.

    Returns
    -------
    str
        "A" and ten hexadecimal digits. A corrected fact has another id, so a resolution never covers a
        figure it was not written for.
    """
    text = "\x1f".join((f.rule, *f.ids))
    return "A" + hashlib.blake2b(text.encode(), digest_size=5).hexdigest()


def resolutions() -> dict[str, tuple[str, str]]:
    """What was decided on each alarm.

    Returns
    -------
    dict of str to (str, str)
        Alarm id -> (verdict, reason); the verdict is one of `VERDICTS`.
    """
    text = bundled_text("facts", f"{_TABLE}.csv")
    return {r["alarm"]: (r["verdict"], r["reason"]) for r in checked_rows(_TABLE, text, _SPEC)}


def stale_resolutions(ledger: Ledger) -> list[str]:
    """Resolutions of alarms that no longer ring.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.

    Returns
    -------
    list of str
        Ids of alarms.
    """
    ringing = {a.id for a in alarms(ledger)}
    return [i for i in resolutions() if i not in ringing]
