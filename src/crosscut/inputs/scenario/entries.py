"""Entries: an event of a scenario file as an Event."""

from __future__ import annotations

from crosscut.inputs.scenario.schema import EVERY_COUNTRY, EventEntry
from crosscut.market.events.event_rules import RULES, EventRule
from crosscut.market.events.events import Event, EventKind


def event_of(entry: EventEntry) -> Event:
    """Make the event of an entry.

    Parameters
    ----------
    entry : EventEntry
        The entry as the file states it.

    Returns
    -------
    Event
        With the unit, size and rent owner that its kind implies where they are left out. The size is in the
        unit of the event.
    """
    rule = RULES[entry.kind]
    size = entry.size
    return Event(
        id=entry.id,
        kind=entry.kind,
        form=entry.form,
        size=only_size(rule) or 0.0 if size is None else size.mid,
        unit=entry.unit or next(iter(rule.units)),
        origins=_named(entry.origins),
        destinations=_named(entry.destinations),
        exempt_destinations=tuple(entry.exempt),
        start=entry.start,
        end=entry.end,
        low=None if size is None else size.low,
        high=None if size is None else size.high,
        leakage=entry.leakage,
        surcharge=entry.surcharge,
        rent_to=entry.rent_to or rule.rent_to,
        duty_basis=entry.duty_basis,
        source=entry.source,
        note=entry.note,
        coverage=entry.coverage,
        pooled=entry.pooled,
        uses=tuple(entry.uses),
        phase_in=entry.phase_in,
        ramp=tuple(entry.ramp),
        probability=entry.probability,
        trigger=entry.trigger,
        width=entry.width,
        via=entry.via,
        exempt_origins=tuple(entry.exempt_origins),
    )


def _named(names: list[str] | None) -> tuple[str, ...]:
    return () if names is None or names == [EVERY_COUNTRY] else tuple(names)


def only_size(rule: EventRule) -> float | None:
    """The size of a kind of event that has only one, such as a ban.

    Parameters
    ----------
    rule : EventRule
        The rule of the kind.

    Returns
    -------
    float or None
        The size in the one unit of the kind; None where there is a choice.
    """
    limits = next(iter(rule.units.values()))
    return limits[0] if len(rule.units) == 1 and limits[0] == limits[1] else None


def event_title(event: Event) -> str:
    """Name an event in a few words for screens: the lever, what it acts on, and whose it is.

    Parameters
    ----------
    event : Event
        The event. A mine or plant is named by its id too.

    Returns
    -------
    str
        The words, with codes of places; "every country" where it names none.

    Examples
    --------
    >>> event_title(Event("licence", EventKind.EXPORT_LICENCE, "oxide", 0.5, "fraction", origins=("CHN",)))
    'export licence on oxide, CHN'
    """
    lever = event.kind.value.replace("_", " ")
    if event.kind in (EventKind.MINE, EventKind.PLANT):
        lever = f"{lever} {event.id}"
    acts = f" on {event.form}" if event.form else ""
    named = event.origins or event.destinations
    return f"{lever}{acts}, {', '.join(named) if named else 'every country'}"
