"""Event rules: for every kind of event, what it acts on, in which units, between which limits, and what it counts.

One table, read by the scenario loader, by `compile` and by the manual's tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import inf

from crosscut.market.events import EventKind, RentTo


class Acts(StrEnum):
    """What the `form` of an event names."""

    FORM = "form"
    PRIMARY = "primary form"  # a form with supply that no process makes
    PROCESS = "process"
    NOTHING = "nothing"


class Needs(StrEnum):
    """How many origins or destinations a kind takes; an empty tuple means every country where it is allowed."""

    ANY = "any number"
    NAMED = "at least one by name"
    ONE = "exactly one"
    NONE = "none"


@dataclass(frozen=True)
class EventRule:
    """What one kind of event takes.

    `units` maps each unit to the lowest and highest size; `counts` says what the size is, `equation` what it does
    (q0 base flow, s size, v coverage, l leakage, y share of the window in force). `partial` says whether coverage
    and leakage apply; `exclusive` whether two sizes for one route and day contradict each other (else they add up).
    """

    acts: Acts
    units: dict[str, tuple[float, float]]
    origins: Needs
    destinations: Needs
    counts: str
    equation: str
    partial: bool = True
    exclusive: bool = True
    rent_to: RentTo = RentTo.EXPORTERS


_SHARE = {"fraction": (0.0, 1.0)}
_SHARE_OR_TONNES = {"fraction": (0.0, 1.0), "t": (0.0, inf)}
_RATE = {"fraction": (0.0, 20.0)}
_CHANGE = {"fraction": (-0.99, 20.0)}
_MONEY = {"USD/t": (0.0, inf)}
_TONNES = {"t": (0.0, inf)}

RULES: dict[EventKind, EventRule] = {
    EventKind.EXPORT_LICENCE: EventRule(
        Acts.FORM, _SHARE, Needs.ANY, Needs.ANY,
        "share of the covered exports that is refused or delayed over a full year",
        "sum of q <= (1 - v s y (1 - l)) sum of q0 over the routes out of each origin; s = 1 in full closes them",
    ),
    EventKind.EXPORT_QUOTA: EventRule(
        Acts.FORM, _SHARE_OR_TONNES, Needs.ANY, Needs.ANY,
        "t: what may leave in a full year; fraction: share of the covered base exports that is cut",
        "sum of q <= (1 - y) sum of q0 + y [(1 - v) sum of q0 + s + l (v sum of q0 - s)]; a fraction as a licence",
    ),
    EventKind.IMPORT_QUOTA: EventRule(
        Acts.FORM, _SHARE_OR_TONNES, Needs.ANY, Needs.ANY,
        "t: what may enter in a full year; fraction: share of the covered base imports that is cut",
        "as an export quota, over the routes into each destination",
        rent_to=RentTo.IMPORTERS,
    ),
    EventKind.EXPORT_BAN: EventRule(
        Acts.FORM, {"fraction": (1.0, 1.0)}, Needs.ANY, Needs.ANY,
        "always 1: everything covered stops",
        "routes closed; for part of the window, or with leakage, sum of q <= (1 - v y (1 - l)) sum of q0",
    ),
    EventKind.IMPORT_BAN: EventRule(
        Acts.FORM, {"fraction": (1.0, 1.0)}, Needs.ANY, Needs.ANY,
        "always 1: everything covered stops",
        "as an export ban, over the routes into each destination",
        rent_to=RentTo.IMPORTERS,
    ),
    EventKind.SANCTION: EventRule(
        Acts.FORM, _SHARE, Needs.NAMED, Needs.NAMED,
        "share of the covered purchases from the origin that the destinations refuse over a full year",
        "as a licence, over the routes of each origin to the destinations only; the origin may sell elsewhere",
        rent_to=RentTo.NOBODY,
    ),
    EventKind.OFFTAKE: EventRule(
        Acts.FORM, _SHARE_OR_TONNES, Needs.ANY, Needs.NAMED,
        "t: what the destinations take at least in a full year; fraction: share of their base purchases",
        "sum of q >= y s, or y s times the sum of q0, over the routes of each origin to the destinations",
        partial=False,
    ),
    EventKind.TARIFF: EventRule(
        Acts.FORM, _RATE, Needs.ANY, Needs.ANY,
        "ad-valorem import duty on top of the base duty",
        "tau = tau0 + v s y (1 - l)",
        exclusive=False,
    ),
    EventKind.SPECIFIC_DUTY: EventRule(
        Acts.FORM, _MONEY, Needs.ANY, Needs.ANY,
        "import duty per t contained, after freight",
        "c = c0 + v s y (1 - l)",
        exclusive=False,
    ),
    EventKind.EXPORT_TAX: EventRule(
        Acts.FORM, _RATE, Needs.ANY, Needs.ANY,
        "ad-valorem export tax on top of the base tax",
        "e = e0 + v s y (1 - l)",
        exclusive=False,
    ),
    EventKind.FREIGHT: EventRule(
        Acts.FORM, _MONEY, Needs.ANY, Needs.ANY,
        "freight and insurance on top of the base freight, per t contained",
        "t = t0 + v s y (1 - l)",
        exclusive=False,
    ),
    EventKind.OUTAGE: EventRule(
        Acts.PRIMARY, _SHARE, Needs.ANY, Needs.NONE,
        "share of the origin's primary capacity that is lost over a full year",
        "A and K times 1 - v s y (1 - l)",
    ),
    EventKind.PRODUCTION_QUOTA: EventRule(
        Acts.PRIMARY, _SHARE_OR_TONNES, Needs.ANY, Needs.NONE,
        "t: what may be mined in a full year; fraction: share of base output that is cut",
        "M below (1 - v s y (1 - l)) M0, or below (1 - y) M0 + y [(1 - v) M0 + s + l (v M0 - s)]",
    ),
    EventKind.PROCESS_OUTAGE: EventRule(
        Acts.PROCESS, _SHARE, Needs.ANY, Needs.NONE,
        "share of the origin's processing capacity that is lost over a full year",
        "Xbar times 1 - v s y (1 - l)",
    ),
    EventKind.DEMAND: EventRule(
        Acts.FORM, _CHANGE, Needs.NONE, Needs.ANY,
        "change of final use at unchanged prices over a full year",
        "D times 1 + v s y (1 - l)",
    ),
    EventKind.MINE: EventRule(
        Acts.PRIMARY, _TONNES, Needs.ONE, Needs.ANY,
        "capacity of new primary supply, t contained a year",
        "a new origin of capacity s y that reaches the destinations that are not exempt",
        partial=False, exclusive=False,
    ),
    EventKind.PLANT: EventRule(
        Acts.PROCESS, _TONNES, Needs.ONE, Needs.ANY,
        "output of a new plant, t contained a year",
        "activity of capacity s y / (t of output per t of activity)",
        partial=False, exclusive=False,
    ),
    EventKind.CURRENCY: EventRule(
        Acts.NOTHING, _CHANGE, Needs.ANY, Needs.NONE,
        "rise of the currency against the dollar: local costs in dollars rise by it",
        "fx = 1 / (1 + s y) - 1: producers and buyers of the origins see dollar prices times 1 + fx",
        partial=False,
    ),
}  # fmt: skip


def rule_of(kind: EventKind) -> EventRule:
    """The rule of a kind.

    >>> rule_of(EventKind.SANCTION).rent_to.value
    'nobody'
    """
    return RULES[kind]
