"""Cited: the fact behind a figure, by the row id of a finance table (F027, C011, P030) or by its id in the
ledger."""

from __future__ import annotations

from dataclasses import dataclass

from crosscut.base.errors import did_you_mean, nearest_matches
from crosscut.ledger.ask.ledger import fact_details
from crosscut.ledger.store.ledger import Ledger, per_ledger
from crosscut.ledger.store.tables import rows, sources

_TABLES = ("fiscal_regimes", "capital_cost_of_money", "project_costs", "kazakhstan", "levers", "tenders")


@dataclass(frozen=True)
class Cited:
    """A fact as a project cites it; `value` is as printed."""

    id: str
    evidence_status: str
    source: str
    value: str
    unit: str
    what: str


@per_ledger
def _by_row_id(ledger: Ledger) -> dict[str, dict[str, str]]:
    """Every row of the finance tables by its own id; the tables number their rows with letters of their
    own."""
    return {r["id"]: r for name in _TABLES for r in rows(ledger, f"finance/{name}") if r.get("id")}


def cited(ledger: Ledger, id: str) -> Cited | None:
    """Look up a fact that a project file cites.

    Parameters
    ----------
    ledger : Ledger
        Where facts are kept.
    id : str
        Id of a finance row such as F027, or of any fact.

    Returns
    -------
    Cited or None
        Id, evidence status, source, value as text, unit and subject; None where there is no such fact.

    Examples
    --------
    >>> ledger = Ledger.bundled()
    >>> cited(ledger, "F027").value, cited(ledger, "F027").evidence_status
    ('7.8', 'reported')
    """
    if (r := _by_row_id(ledger).get(id)) is not None:
        what = r.get("item") or ", ".join(
            t for t in (r.get("project"), r.get("institution"), r.get("metric")) if t
        )
        title = sources(ledger)[r["source_id"]].title
        return Cited(r["fact_id"], r["evidence_status"], title, r.get("value", ""), r.get("unit", ""), what)
    found = fact_details(ledger, [id]).get(id)
    if found is None:
        return None
    return Cited(
        id,
        found["evidence_status"],
        found["source_title"],
        str(found["value"]),
        found["unit"],
        found["attribute"],
    )


def near(ledger: Ledger, id: str) -> str:
    """Say which ids are nearest to one that does not exist.

    Parameters
    ----------
    ledger : Ledger
        Where facts are kept.
    id : str
        The id as written.

    Returns
    -------
    str
        A question that names them, or what an id looks like where none is near.
    """
    close = nearest_matches(id, _by_row_id(ledger))
    return did_you_mean(close) if close else "the id of a finance row such as F027, or of a fact"
