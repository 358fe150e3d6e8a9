"""Stakes: who holds how much of what at the end of a year, from the table of stakes and the owners of
facilities."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from crosscut.ledger.own_tables import facility_tables, tables_of_kind
from crosscut.ledger.ownership.holders import Holder, holder, known_holder
from crosscut.ledger.store.ledger import Ledger, per_ledger
from crosscut.ledger.store.tables import as_number, rows

RETRIEVED = (
    "reported",
    "estimated",
)  # a source was found; derived, recalled and claimed rows were not read anywhere
OWNERSHIP = ("equity", "state golden share")
NAMED = "named"  # the only owner printed beside a facility, its share not disclosed
_NOT_HELD = ("option", "agreed", "not confirmed", "not verified", "not retrieved")
_OWNER = re.compile(
    r"^(?P<name>.+?)(?: (?P<country>[A-Z]{3})(?:/[A-Z]{3})?)?(?: (?P<share>\d+(?:\.\d+)?))?(?: \(.*\))?$"
)


@dataclass(frozen=True)
class Stake:
    """A share of `target` (a facility or holder id). Shares are fractions; `share` is None where not
    disclosed, `low` and `high` bound it always."""

    target: str
    holder: Holder
    share: float | None
    low: float
    high: float
    kind: str
    first: int | None
    last: int | None
    evidence_status: str
    fact_id: str

    def held_in(self, year: int) -> bool:
        """Whether it is held at the end of `year`. A stake that ended in a year is gone at its end, unless
        it was only ever seen in that one year; a stake without dates is held always."""
        if self.first is not None and year < self.first:
            return False
        return self.last is None or year < self.last or self.first == self.last == year

    @property
    def point(self) -> float:
        """The share where disclosed, else the least it can be."""
        return self.low if self.share is None else self.share


@per_ledger
def all_stakes(ledger: Ledger) -> tuple[Stake, ...]:
    """Every ownership stake on record, of any time.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.

    Returns
    -------
    tuple of Stake
        Shares are fractions. Those of the tables of stakes come first; owners printed beside a facility
        count only where those tables have none of it.
    """
    listed = tuple(
        s
        for t in tables_of_kind("stakes")
        for r in rows(ledger, t)
        if r["kind"] in OWNERSHIP
        for s in _from_row(r)
    )
    covered = {s.target for s in listed}
    return (*listed, *(s for s in _beside_facilities(ledger) if s.target not in covered))


@per_ledger
def stakes_in(ledger: Ledger, target: str, year: int, retrieved_only: bool) -> tuple[Stake, ...]:
    """The ownership stakes in one target at the end of a year, one for each holder.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.
    target : str
        Id of a facility or of a holder.
    year : int
        Calendar year; stakes held at its end count.
    retrieved_only : bool
        True counts only stakes that a source reports or estimates, and leaves out those only recalled or
        derived.

    Returns
    -------
    tuple of Stake
        Shares are fractions.

    Notes
    -----
    Two rows by one holder overlap (a group and its vehicle): the largest share and bounds count, not their
    sum.
    """
    found: dict[str, Stake] = {}
    for s in all_stakes(ledger):
        if (
            s.target != target
            or not s.held_in(year)
            or (retrieved_only and s.evidence_status not in RETRIEVED)
        ):
            continue
        found[s.holder.id] = _wider(found[s.holder.id], s) if s.holder.id in found else s
    return tuple(found.values())


def _wider(a: Stake, b: Stake) -> Stake:
    one = a if a.point >= b.point else b
    low, high = max(a.low, b.low), max(a.high, b.high)
    return Stake(
        one.target,
        one.holder,
        one.share,
        low,
        high,
        one.kind,
        one.first,
        one.last,
        one.evidence_status,
        one.fact_id,
    )


def _from_row(r: dict[str, str]) -> Iterable[Stake]:
    if r["target"].startswith("All "):
        return  # a rule about all mines of a country: see `controlled`
    share, low, high = (as_number(r[c]) for c in ("share_percent", "share_low", "share_high"))
    value = None if share is None else share / 100
    least = value if low is None else low / 100
    most = value if high is None else high / 100
    if value is None and low == high == 0:
        return  # under study, not held
    owner = holder(r["holder"], r["holder_country_iso3"])
    targets = (
        {r["facility_id"]} if r["target_kind"] == "facility" else {r["facility_id"], holder(r["target"]).id}
    )
    for target in sorted(
        targets - {"", owner.id}
    ):  # a group and its vehicle are one holder and do not hold each other
        yield Stake(
            target,
            owner,
            value,
            least or 0.0,
            1.0 if most is None else most,
            r["kind"],
            _year(r["from"]),
            _year(r["to"]),
            r["evidence_status"],
            r["fact_id"],
        )


def _beside_facilities(ledger: Ledger) -> Iterable[Stake]:
    """Stakes from `owners_pct_iso3`: "NAME ISO3 SHARE, ..." with holders we know; a sole name without a
    share is a stake of undisclosed size."""
    for table in facility_tables():
        for r in rows(ledger, table):
            if any(word in r["owners_pct_iso3"] for word in _NOT_HELD):
                continue
            parts = [
                p for p in re.split(r", |; ", r["owners_pct_iso3"]) if p and not p.startswith("managed by")
            ]
            read = [
                (known_holder(m["name"]) or known_holder(p), m["share"])
                for p in parts
                if (m := _OWNER.match(p))
            ]
            for owner, share in read:
                if owner is None or (share is None and len(parts) > 1):
                    continue
                value = None if share is None else float(share) / 100
                kind = NAMED if value is None else "equity"
                yield Stake(
                    r["facility_id"],
                    owner,
                    value,
                    value or 0.0,
                    1.0 if value is None else value,
                    kind,
                    None,
                    None,
                    r["evidence_status"],
                    r["fact_id"],
                )


def _year(text: str) -> int | None:
    return int(text[:4]) if text[:4].isdigit() else None
