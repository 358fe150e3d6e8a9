"""Families: the events of a year grouped by what they are and whose: measures, aimed measures, routes,
outages."""

from __future__ import annotations

from crosscut.studies.stress.draws.futures import MEASURE, OUTAGE, Happening


def family_of(event: str) -> str:
    """What an event of a chunk belongs to: whose measures, an aimed measure, a route, an outage.

    Parameters
    ----------
    event : str
        As `described` writes it.

    Returns
    -------
    str
        Kind and country, pair or route.

    Examples
    --------
    >>> events = ("limit/oxide/CHN=0.43", "aimed/oxide/CHN/JPN=0.6", "route/suez/oxide=1.4")
    >>> tuple(family_of(e) for e in events)
    ('measures CHN', 'aimed CHN>JPN', 'route suez')
    """
    parts = event.partition("=")[0].split("/")
    if parts[0] in ("limit", "tax"):
        return f"measures {parts[2]}"
    if parts[0] == "aimed":
        return f"aimed {parts[2]}>{parts[3]}"
    return f"route {parts[1]}" if parts[0] == "route" else f"outage {parts[2]}"


def families_of(events: str) -> tuple[str, ...]:
    """The families of a year.

    Parameters
    ----------
    events : str
        What happens in it, as a chunk keeps it: separated by "; ".

    Returns
    -------
    tuple[str, ...]
        Sorted, each once.
    """
    return tuple(sorted({family_of(e) for e in events.split("; ") if e}))


def family_of_happening(happening: Happening, place: str) -> str:
    """The family of what happens, as `family_of` names the events made of it.

    Parameters
    ----------
    happening : Happening
        A measure, an outage or a closed route.
    place : str
        Code of the country of an outage; not used otherwise.

    Returns
    -------
    str
        Kind and country, pair or route.
    """
    if happening.kind == MEASURE:
        aimed = f"aimed {happening.origin}>{happening.target}"
        return aimed if happening.target else f"measures {happening.origin}"
    return f"outage {place}" if happening.kind == OUTAGE else f"route {happening.origin}"
