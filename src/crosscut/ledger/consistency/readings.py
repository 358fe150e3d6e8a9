"""Readings: the claims of an article as typed statements, each reading on record with what was decided.

One rule of reading, so that nobody's wish decides: a number is read as printed, with the rounding its digits
show; "over N" lies between N and the next number with as many digits; "about N" a tenth either way; a range
is its ends; a tonnage that says neither W nor WO3 may be either; a claim without a date may be of any. What
a claim does not say (which deposit a spelling means, what a share is a share of) is a decision and stands in
the note.
"""

from __future__ import annotations

from functools import cache

from crosscut.base.bundled import bundled_text
from crosscut.ledger.consistency.statement import KINDS, PartOf, StatedFigure, rounding
from crosscut.ledger.store.fact import TableSpec, ValueColumn
from crosscut.ledger.store.tables import checked_rows

READINGS, PARTS = "tungsten/claim_readings", "tungsten/claim_parts"
_SPECS = {
    READINGS: TableSpec(
        "claim",
        ("claim_id",),
        "period",
        (ValueColumn("value", "", by=("attribute",)),),
        ("low", "high"),
        codes={"kind": KINDS, "complete": ("yes", "")},
    ),
    PARTS: TableSpec("subject", ("part",), "", (ValueColumn("whole", "part of", text=True),)),
}


@cache
def reading_rows() -> tuple[dict[str, str], ...]:
    """The readings of the article's claims, as rows.

    Returns
    -------
    tuple of dict
        claim_id, subject, attribute, kind, value, low, high, unit (of value, low and high), period, whole,
        pie, complete, ahead, note; all text.
    """
    return _rows(READINGS)


@cache
def read_claims() -> tuple[StatedFigure, ...]:
    """The article's claims as statements.

    Returns
    -------
    tuple of StatedFigure
        Each in the unit it was printed in; the id of each is its claim's.

    Examples
    --------
    >>> [s.value for s in read_claims() if s.id == "C049"], [s.high for s in read_claims() if s.id == "C049"]
    ([2000000.0], [3000000.0])
    """
    return tuple(_statement(r) for r in reading_rows())


@cache
def claim_parts() -> PartOf:
    """What the article says, or plainly implies, to be part of what.

    Returns
    -------
    PartOf
        Direct parts by whole.
    """
    return PartOf.of((r["part"], r["whole"]) for r in _rows(PARTS))


def _rows(name: str) -> tuple[dict[str, str], ...]:
    text = bundled_text("facts", f"{name}.csv")
    return tuple(checked_rows(name, text, _SPECS[name]))


def _statement(r: dict[str, str]) -> StatedFigure:
    worded = r["kind"] in ("date", "name", "state")
    value: float | str = r["value"] if worded else float(r["value"])
    half = rounding(r["value"], r["kind"])
    low, high = (
        float(r[end]) if r[end] else value + sign * half if isinstance(value, float) else float("nan")
        for end, sign in (("low", -1), ("high", 1))
    )
    return StatedFigure(
        r["claim_id"],
        r["source_id"],
        r["subject"],
        r["attribute"],
        r["kind"],
        value,
        r["unit"],
        r["period"],
        low,
        high,
        r["whole"],
        r["pie"],
        r["complete"] == "yes",
        tuple(a for a in r["ahead"].split("; ") if a),
    )
