"""Meaning: what is wrong with a scenario file although every field has the right type."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from pydantic import ValidationError

from crosscut.base.errors import Problem
from crosscut.base.places import bloc_members, blocs
from crosscut.inputs.complaints import field_path
from crosscut.inputs.scenario.entries import event_of, only_size
from crosscut.inputs.scenario.schema import EVERY_COUNTRY, EventEntry, Window
from crosscut.inputs.yaml_file import Tree
from crosscut.market.events.compiler.checks import event_problems
from crosscut.market.events.compiler.timing import in_force, overlap
from crosscut.market.events.event_rules import RULES, Acts, Needs
from crosscut.market.events.events import Event, EventKind, Scenario

_YAML_FIELD = {
    "low": "size",
    "high": "size",
    "start": "from",
    "end": "to",
    "exempt_destinations": "except",
    "exempt_origins": "except_origins",
}
_FRAME = date(2000, 1, 1)
_EXPORT_SIDE = (
    EventKind.EXPORT_LICENCE,
    EventKind.EXPORT_QUOTA,
    EventKind.EXPORT_BAN,
    EventKind.EXPORT_TAX,
    EventKind.OUTAGE,
    EventKind.PROCESS_OUTAGE,
    EventKind.PRODUCTION_QUOTA,
    EventKind.CURRENCY,
    EventKind.OFFTAKE,
    EventKind.CLOSURE,
    EventKind.PROCESS_CLOSURE,
    EventKind.SUBSIDY,
    EventKind.PROCESS_SUBSIDY,
    EventKind.PRICE_FLOOR,
    EventKind.COMMERCIAL_STOCK,
    EventKind.RECYCLING,
    EventKind.HOST_OUTPUT,
)
_IMPORT_SIDE = (
    EventKind.IMPORT_QUOTA,
    EventKind.IMPORT_BAN,
    EventKind.TARIFF,
    EventKind.SPECIFIC_DUTY,
    EventKind.DEMAND,
    EventKind.PRECAUTIONARY_BUYING,
    EventKind.SUBSTITUTION,
    EventKind.TAKE_OR_PAY,
)
_REQUIRED = {**dict.fromkeys(_EXPORT_SIDE, ("origins",)), **dict.fromkeys(_IMPORT_SIDE, ("destinations",))}
LONGEST_WINDOW_DAYS = 400


def meaning_problems(tree: Tree, name: str) -> list[Problem]:
    """Find what is wrong with a scenario although every field has the right type.

    Parameters
    ----------
    tree : Tree
        The data of the file. Each event that is well formed is looked at, even when others are not.
    name : str
        Name of the file, for messages.

    Returns
    -------
    list of Problem
        Each with its line.
    """
    data = tree.data
    entries: dict[int, EventEntry] = {}
    raw = data.get("events")
    for i, item in enumerate(raw if isinstance(raw, list) else ()):
        try:
            entries[i] = EventEntry.model_validate(item)
        except ValidationError:
            continue

    def at(*path: str | int) -> str:
        return f"{name}:{tree.line(path)}: {field_path(path, data)}"

    problems = []
    ids: dict[str, int] = {}
    for i, item in enumerate(raw if isinstance(raw, list) else ()):
        if not isinstance(item, dict) or not isinstance(item.get("id"), str):
            continue
        if item["id"] in ids:
            problems.append(
                Problem(f"event id {item['id']!r} is used twice", at("events", i, "id"), "an id of its own")
            )
        ids.setdefault(item["id"], i)
    if raw == [] and not data.get("after"):
        problems.append(Problem("no events, and nothing in 'after'", at("events"), "at least one event"))
    for i, entry in entries.items():
        problems += entry_problems(entry, partial(at, "events", i))
    window = _window(data)
    if window is None:
        return problems
    start, end = window
    if end < start:
        problems.append(
            Problem(
                f"the window ends on {end}, before it starts on {start}",
                at("window", "to"),
                "a day after 'from'",
            )
        )
        return problems
    if (end - start).days + 1 > LONGEST_WINDOW_DAYS:
        problems.append(
            Problem(
                f"a window of {(end - start).days + 1:,} days", at("window", "to"), "a window of about a year"
            )
        )
    frame = Scenario("", "", "", 0, start, end, ())
    events = {i: event_of(e) for i, e in entries.items()}
    for i, event in events.items():
        if (event.start is None or event.end is None or event.end >= event.start) and in_force(
            event, frame
        ) <= 0:
            problems.append(
                Problem(
                    f"in force {event.start or start} to {event.end or 'further notice'}, wholly "
                    f"outside the window {start} to {end}",
                    at("events", i),
                    "dates that overlap the window",
                )
            )
    year = data.get("year") if isinstance(data.get("year"), int) else start.year
    for j, b in events.items():
        before = ((i, a) for i, a in events.items() if i < j and overlap(a, b, frame))
        found = next(((i, a) for i, a in before if _contradict(a, b, int(year or start.year))), None)
        if found is not None:
            i, a = found
            problems.append(
                Problem(
                    f"contradicts event {a.id!r} of line {tree.line(('events', i))}: {b.size:g} against"
                    f" {a.size:g} {a.unit} for the same {a.kind}, places and days",
                    at("events", j),
                    "other places (except: ...), dates that do not overlap, or one event",
                )
            )
    return problems


def _window(data: dict[str, Any]) -> tuple[Any, Any] | None:
    try:
        window = Window.model_validate(data.get("window"))
    except ValidationError:
        return None
    return window.start, window.end


def entry_problems(entry: EventEntry, at: Callable[..., str]) -> list[Problem]:
    """Find what is wrong with one event although every field has the right type.

    Parameters
    ----------
    entry : EventEntry
        The event as the file states it.
    at : callable
        Gives file, line and field of a path within the event.

    Returns
    -------
    list of Problem
        Missing form, size or unit, places its kind does not take, and sizes out of range.
    """
    rule = RULES[entry.kind]
    problems = []
    if rule.acts is not Acts.NOTHING and not entry.form:
        noun = "a process" if rule.acts is Acts.PROCESS else "a form"
        problems.append(
            Problem(
                "form is missing",
                at(),
                f"{noun} of the world, such as '{'conversion' if rule.acts is Acts.PROCESS else 'oxide'}'",
            )
        )
    if entry.size is None and only_size(rule) is None:
        unit = next(iter(rule.units))
        problems.append(
            Problem("size is missing", at(), f"{rule.counts} ({unit}), such as size: {_example(unit)}")
        )
    if entry.unit is None and len(rule.units) > 1 and not rule.assumed_unit:
        problems.append(Problem("unit is missing", at(), " or ".join(f"unit: {u}" for u in rule.units)))
    for field, names, needs in (
        ("origins", entry.origins, rule.origins),
        ("destinations", entry.destinations, rule.destinations),
    ):
        problems += _names_problems(field, names, needs, entry.kind, at)
    if entry.exempt and rule.destinations is Needs.NONE:
        problems.append(Problem(f"{entry.kind} takes no destinations to exempt", at("except"), "it left out"))
    if EVERY_COUNTRY in entry.exempt_origins:
        problems.append(Problem("every origin is exempt", at("except_origins"), "countries by name"))
    if EVERY_COUNTRY in entry.exempt:
        problems.append(Problem("every destination is exempt", at("except"), "countries by name"))
    sized = entry.size is not None or only_size(rule) is not None
    if sized and (entry.unit is not None or len(rule.units) == 1 or rule.assumed_unit):
        frame = Scenario("", "", "", 0, _FRAME, _FRAME, ())
        for p in event_problems(event_of(entry), frame, "@"):
            field = p.where.partition(", ")[2]
            path = (_YAML_FIELD.get(field, field),) if field else ()
            problems.append(Problem(p.what, at(*path), p.expected))
    return problems


def _names_problems(
    field: str, names: list[str] | None, needs: Needs, kind: EventKind, at: Callable[..., str]
) -> list[Problem]:
    required = _REQUIRED.get(kind, ())
    if names is not None and EVERY_COUNTRY in names and len(names) > 1:
        return [Problem("'all' beside names", at(field), "all alone, or names")]
    every = names == [EVERY_COUNTRY]
    if needs is Needs.NONE:
        return [Problem(f"{kind} takes no {field}", at(field), "it left out")] if names else []
    if needs is Needs.ONE and (names is None or every or len(names) != 1):
        return [Problem(f"{kind} takes one country in {field}", at(field), f"such as {field}: [KAZ]")]
    if needs is Needs.NAMED and (not names or every):
        return [Problem(f"{kind} needs {field} by name", at(field), f"such as {field}: [RUS]")]
    if names == []:
        return [Problem(f"{field} is empty", at(field), f"names, or {field}: all")]
    if names is None and field in required:
        return [Problem(f"{kind} does not say whose: {field} is missing", at(), f"names, or {field}: all")]
    if names is not None and len(set(names)) != len(names):
        return [Problem("a country is named twice", at(field), "each once")]
    return []


def _example(unit: str) -> str:
    return {"fraction": "0.5", "t": "1000", "USD/t": "500", "x": "2", "weeks": "4"}[unit]


def _names_set(names: tuple[str, ...], year: int) -> set[str] | None:
    """Codes meant by names, None for every country."""
    if not names:
        return None
    return {c for n in names for c in (bloc_members(n, year) if n in blocs() else (n,))}


def _meet(a: set[str] | None, b: set[str] | None) -> bool:
    return bool(a is None or b is None or a & b)


def _contradict(a: Event, b: Event, year: int) -> bool:
    """True when two events of one kind on one form, by the names they use, give one place two sizes."""
    if (
        a.kind is not b.kind
        or a.form != b.form
        or not RULES[a.kind].exclusive
        or (a.size, a.unit) == (b.size, b.unit)
    ):
        return False
    if a.uses and b.uses and not {*a.uses} & {*b.uses}:
        return False
    if not _meet(_names_set(a.origins, year), _names_set(b.origins, year)):
        return False
    reached = []
    for one in (a, b):
        names = _names_set(one.destinations, year)
        left_out = _names_set(one.exempt_destinations, year) or set()
        reached.append((names, left_out))
    (da, xa), (db, xb) = reached
    if da is None and db is None:
        return True
    if da is None or db is None:
        named, left_out = (db, xa | xb) if da is None else (da, xa | xb)
        return bool((named or set()) - left_out)
    return bool((da - xa) & (db - xb))
