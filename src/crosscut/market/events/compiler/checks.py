"""Checks: what makes one event impossible, and what makes two contradict each other."""

from __future__ import annotations

from itertools import combinations, pairwise
from math import isfinite

import numpy as np

from crosscut.base.errors import Problem, suggestion
from crosscut.market.events.compiler.selection import Selected
from crosscut.market.events.compiler.timing import overlap
from crosscut.market.events.event_rules import OWN_FIELDS, Needs, rule_of
from crosscut.market.events.events import Event, EventKind, Scenario

DUTY_BASES = ("fob", "cif")
_TONNES_FOR_ONE = {
    EventKind.EXPORT_QUOTA: "origins",
    EventKind.IMPORT_QUOTA: "destinations",
    EventKind.OFFTAKE: "origins",
    EventKind.PRODUCTION_QUOTA: "origins",
    EventKind.CLOSURE: "origins",
    EventKind.PROCESS_CLOSURE: "origins",
    EventKind.COMMERCIAL_STOCK: "origins",
    EventKind.RECYCLING: "origins",
    EventKind.CONTROL: "origins",
    EventKind.TAKE_OR_PAY: "origins",
}
FLOORS = (EventKind.OFFTAKE, EventKind.CONTROL, EventKind.TAKE_OR_PAY)
PERMANENT = (EventKind.CLOSURE, EventKind.PROCESS_CLOSURE)
LONGEST_PHASE_IN = 36_500


def event_problems(event: Event, scenario: Scenario, where: str) -> list[Problem]:
    """Everything about one event that is wrong whatever the world: size, unit, range, shares, dates, pooling.

    Parameters
    ----------
    event : Event
        The event.
    scenario : Scenario
        For the window.
    where : str
        Where the event stands, for the texts.

    Returns
    -------
    list of Problem
        Empty where nothing is wrong.
    """
    rule = rule_of(event.kind)
    out = size_problem(event, event.size, "size", where)
    for label, value in (("low", event.low), ("high", event.high)):
        if value is not None:
            out += size_problem(event, value, label, where)
    if (event.low is None) != (event.high is None):
        out.append(Problem("low and high come together", f"{where}, size", "both, or neither"))
    elif event.low is not None and event.high is not None and not event.low <= event.size <= event.high:
        out.append(
            Problem(
                f"{event.low} <= {event.size} <= {event.high} does not hold",
                f"{where}, size",
                "low <= size <= high",
            )
        )
    for label, value, neutral in (("coverage", event.coverage, 1.0), ("leakage", event.leakage, 0.0)):
        if not (isfinite(value) and 0 <= value <= 1):
            out.append(Problem(f"{label} {value} is not a share", f"{where}, {label}", "0 to 1, such as 0.1"))
        elif not rule.partial and value != neutral:
            out.append(
                Problem(f"{event.kind} has no {label}", f"{where}, {label}", f"{neutral:g}, or left out")
            )
    if not (isfinite(event.surcharge) and event.surcharge >= 0):
        out.append(Problem(f"surcharge {event.surcharge}", f"{where}, surcharge", "USD per t >= 0"))
    elif event.surcharge and not event.leakage:
        out.append(
            Problem(
                "a surcharge without leakage has nothing to be paid on",
                f"{where}, surcharge",
                "leakage above 0",
            )
        )
    elif event.surcharge and event.kind not in CAPS:
        out.append(Problem(f"{event.kind} has no surcharge", f"{where}, surcharge", "0, or left out"))
    if event.start and event.end and event.end < event.start:
        out.append(
            Problem(
                f"it ends on {event.end}, before it starts on {event.start}",
                f"{where}, end",
                "an end on or after the start",
            )
        )
    if event.duty_basis is not None and event.duty_basis not in DUTY_BASES:
        out.append(
            Problem(
                f"duty basis {event.duty_basis!r}",
                f"{where}, duty_basis",
                suggestion(event.duty_basis, DUTY_BASES),
            )
        )
    return (
        out
        + _own_field_problems(event, where)
        + _growth_problems(event, where)
        + _pooling_problems(event, where)
    )


def _own_field_problems(event: Event, where: str) -> list[Problem]:
    """Fields that only some kinds take: missing where needed, given where they mean nothing, or out of
    range."""
    rule = rule_of(event.kind)
    out = []
    for field in OWN_FIELDS:
        value = getattr(event, field)
        given = value not in (None, "", ())
        if not given and field in rule.needs:
            unit = (
                "the ratio to the base price, such as 1.5"
                if event.kind is EventKind.SUBSTITUTION
                else ("USD per t contained, such as 50000")
            )
            out.append(Problem(f"{event.kind} needs a {field}", f"{where}, {field}", unit))
        elif given and field not in (*rule.needs, *rule.may) and field != "uses":  # uses: see `selected`
            out.append(Problem(f"{event.kind} has no {field}", f"{where}, {field}", "it left out"))
    for label, number in (("trigger", event.trigger), ("width", event.width)):
        if number is not None and not (isfinite(number) and number > 0):
            out.append(Problem(f"{label} {number}", f"{where}, {label}", "a number above 0"))
    if event.kind is EventKind.SUBSTITUTION and event.trigger is not None and 0 < event.trigger <= 1:
        out.append(
            Problem(
                f"trigger {event.trigger:g}: users would have turned away at base prices",
                f"{where}, trigger",
                "a ratio to the base price above 1, such as 1.5",
            )
        )
    if event.kind in PERMANENT and event.end is not None:
        temporary = "outage" if event.kind is EventKind.CLOSURE else "process_outage"
        out.append(
            Problem(f"{event.kind} is for good and has no end", f"{where}, end", f"{temporary} with an end")
        )
    return out


def _growth_problems(event: Event, where: str) -> list[Problem]:
    """Phase-in, ramp and probability."""
    out = []
    if not 0 <= event.phase_in <= LONGEST_PHASE_IN:
        out.append(
            Problem(f"phase_in {event.phase_in}", f"{where}, phase_in", f"days, 0 to {LONGEST_PHASE_IN:,}")
        )
    if event.phase_in and event.ramp:
        out.append(Problem("phase_in beside ramp", f"{where}, phase_in", "one of the two"))
    months = [m for m, _ in event.ramp]
    if not all(isfinite(m) and 0 <= m <= 1200 and isfinite(s) and 0 <= s <= 1 for m, s in event.ramp):
        out.append(
            Problem(
                "a point of the ramp is out of range",
                f"{where}, ramp",
                "pairs of months since the start and share of capacity, such as [[0, 0.3], [24, 1]]",
            )
        )
    elif any(b <= a for a, b in pairwise(months)):
        out.append(
            Problem("the months of the ramp do not rise", f"{where}, ramp", "such as [[0, 0.3], [24, 1]]")
        )
    if not (isfinite(event.probability) and 0 < event.probability <= 1):
        out.append(
            Problem(
                f"probability {event.probability}",
                f"{where}, probability",
                "above 0 and at most 1, such as 0.6; leave the event out where it is 0",
            )
        )
    return out


CAPS = (
    EventKind.EXPORT_LICENCE,
    EventKind.EXPORT_QUOTA,
    EventKind.IMPORT_QUOTA,
    EventKind.EXPORT_BAN,
    EventKind.IMPORT_BAN,
    EventKind.SANCTION,
)


def _pooling_problems(event: Event, where: str) -> list[Problem]:
    if event.pooled and (event.kind not in CAPS and event.kind not in FLOORS):
        return [Problem(f"{event.kind} has nothing to pool", f"{where}, pooled", "false, or left out")]
    side = _TONNES_FOR_ONE.get(event.kind)
    if side is None or event.unit != "t" or event.pooled:
        return []
    names: tuple[str, ...] = getattr(event, side)
    if len(names) == 1:
        return []
    what = (
        "one quantity in t for every country" if not names else f"one quantity in t for {len(names)} {side}"
    )
    remedy = "one event per country" + (
        "" if event.kind is EventKind.PRODUCTION_QUOTA else ", or pooled: true"
    )
    return [Problem(f"{what} is ambiguous: each, or together?", f"{where}, {side}", remedy)]


def size_problem(event: Event, size: float, label: str, where: str) -> list[Problem]:
    """Why a size cannot be.

    Parameters
    ----------
    event : Event
        For the kind and its limits.
    size : float
        The size, in the unit of the event.
    label : str
        What the size is called in the text: size, low or high.
    where : str
        Where the event stands.

    Returns
    -------
    list of Problem
        At most one.
    """
    rule = rule_of(event.kind)
    at = f"{where}, {label}"
    if event.unit not in rule.units:
        return [
            Problem(f"{event.kind} in {event.unit!r}", f"{where}, unit", suggestion(event.unit, rule.units))
        ]
    low, high = rule.units[event.unit]
    if not isfinite(size):
        return [Problem(f"{size} is not a number", at, f"{rule.counts}")]
    if not low <= size <= high:
        limits = f"{low:g} to {high:g}" if isfinite(high) else f"{low:g} or more"
        return [Problem(f"{size:g} is outside {limits}", at, f"{limits} {event.unit}: {rule.counts}")]
    return []


def contradictions(chosen: list[Selected], scenario: Scenario) -> list[Problem]:
    """Pairs of one kind on one form that say different things about the same route or node on the same day,
    or the same thing twice.

    Kinds whose sizes add up (duties, taxes, freight, mines, plants) never contradict.

    Parameters
    ----------
    chosen : list[Selected]
        Events found in a world.
    scenario : Scenario
        For the window and its days.

    Returns
    -------
    list of Problem
        One for each pair.
    """
    out = []
    for one, other in combinations(chosen, 2):
        a, b = one.event, other.event
        rule = rule_of(a.kind)
        if a.kind is not b.kind or a.form != b.form or not rule.exclusive or not overlap(a, b, scenario):
            continue
        if not _shared(one, other):
            continue
        same = (a.size, a.unit, a.coverage, a.leakage) == (b.size, b.unit, b.coverage, b.leakage)
        if same and not _identical(one, other):
            continue
        what = "say the same thing twice" if same else f"say {a.size:g} and {b.size:g} {a.unit}"
        out.append(
            Problem(
                f"events {a.id!r} and {b.id!r} ({a.kind} on {a.form or 'the currency'}) {what} about the same"
                f" {'routes' if rule.destinations is not Needs.NONE else 'countries'} on the same days",
                scenario.id,
                "dates that do not overlap, other routes (except: ...), or one event",
            )
        )
    return out


def _shared(one: Selected, other: Selected) -> bool:
    rule = rule_of(one.event.kind)
    if Needs.NONE not in (rule.origins, rule.destinations):
        return bool((_routes(one) & _routes(other)).any())
    if rule.origins is Needs.NONE:
        return bool((one.destinations & other.destinations).any() and (one.uses & other.uses).any())
    return bool((one.origins & other.origins).any())


def _identical(one: Selected, other: Selected) -> bool:
    """True when two equal sizes on these would count twice: the same routes, or any node in common."""
    rule = rule_of(one.event.kind)
    if Needs.NONE not in (rule.origins, rule.destinations):
        return np.array_equal(_routes(one), _routes(other))
    return _shared(one, other)


def _routes(chosen: Selected) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    return chosen.routes_with_home() if chosen.event.kind in FLOORS else chosen.routes
