"""Cases: the same futures with the facilities looked at, without them, or on other readings of the facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crosscut.inputs.outlook.schema import FacilityEntry, OutlookFile

PLANS, LIKELY, WITHOUT = "plans", "likely", "without"


@dataclass(frozen=True)
class OutlookCase:
    """What is solved: facilities by id, and those that open whatever their probability."""

    id: str
    title: str
    facilities: Mapping[str, FacilityEntry]
    certain: frozenset[str]


def cases_of(file: OutlookFile) -> tuple[OutlookCase, ...]:
    """plans: what is looked at opens, late or smaller as drawn. likely: it opens with its probability.
    without: it does not. Then one case an alternative, as plans with its entries in place. Without anything
    to look at: likely.
    """
    everything = {e.id: e for e in file.facilities}
    if file.compare is None:
        return (OutlookCase(LIKELY, "as it stands", everything, frozenset()),)
    looked_at = frozenset(file.compare.facilities)
    title = file.compare.title
    rest = {k: e for k, e in everything.items() if k not in looked_at}
    return (
        OutlookCase(PLANS, f"{title} open, late or smaller as drawn", everything, looked_at),
        OutlookCase(LIKELY, f"{title} open with their probability", everything, frozenset()),
        OutlookCase(WITHOUT, f"without {title}", rest, frozenset()),
        *(
            OutlookCase(
                p.id, p.title, rest | {k: everything[k] for k in p.facilities}, frozenset(p.facilities)
            )
            for p in file.compare.apart
        ),
        *(
            OutlookCase(a.id, a.title, {**everything, **{e.id: e for e in a.facilities}}, looked_at)
            for a in file.alternatives
        ),
    )
