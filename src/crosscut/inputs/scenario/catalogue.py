"""Catalogue: bundled scenarios, scenarios by name or path, and what `after` means."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path

from crosscut.base.bundled import bundled_text
from crosscut.base.errors import Problem, UserError, suggestion
from crosscut.inputs.catalogue import SCENARIO, bundled_names, is_path, named_file
from crosscut.inputs.scenario.loader import scenario_from_text
from crosscut.market.events.events import Event, Scenario


@cache
def _bundled(name: str) -> Scenario:
    text = bundled_text("scenarios", f"{name}.yaml")
    return scenario_from_text(text, f"{name}.yaml")


def bundled_scenarios() -> list[dict[str, str]]:
    """Describe every bundled scenario.

    Returns
    -------
    list of dict of str to str
        Id, title, mineral, window (first and last day) and description of each, in order of names.

    Examples
    --------
    >>> sorted(bundled_scenarios()[0])
    ['description', 'id', 'mineral', 'title', 'window']
    """
    out = []
    for name in bundled_names(SCENARIO):
        s = _bundled(name)
        window = f"{s.window_start.isoformat()} to {s.window_end.isoformat()}"
        out.append(
            {
                "id": s.id,
                "title": s.title,
                "mineral": s.mineral,
                "window": window,
                "description": s.description,
            }
        )
    return out


def scenario(name_or_path: str | Path) -> Scenario:
    """Read a scenario by bundled name or by path, with the scenarios it comes `after` flattened into it.

    Parameters
    ----------
    name_or_path : str or Path
        Name of a bundled scenario, or a path.

    Returns
    -------
    Scenario
        The events of the earlier scenarios come first, named `scenario/event`, with their ids in
        `prior_events`. Without an anchor of its own it takes the anchors of the last one it comes after.

    Raises
    ------
    UserError
        For an unknown name (with the nearest), a path that cannot be read, a file with mistakes, a scenario
        that comes after itself, and scenarios for another mineral or base year.

    Examples
    --------
    >>> s = scenario("china-controls-2025")
    >>> s.mineral, s.year, s.prior_events
    ('tungsten', 2024, ())
    """
    own, folder = _loaded(str(name_or_path), None)
    return flattened(own, folder, (str(name_or_path),))


def scenario_hash(resolved: Scenario) -> str:
    """Hash everything a scenario says, however its file was laid out.

    Parameters
    ----------
    resolved : Scenario
        The scenario.

    Returns
    -------
    str
        The sha256, 64 hexadecimal digits.
    """
    content = asdict(resolved)
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _loaded(text: str, beside: Path | None, where: str = "") -> tuple[Scenario, Path]:
    """A scenario as its file states it, and the folder its own `after` files are sought in."""
    if not is_path(text) and text in bundled_names(SCENARIO):
        return _bundled(text), Path()
    file = named_file(text, SCENARIO, beside, where)
    return scenario_from_text(file.content, file.name), file.folder


def flattened(own: Scenario, folder: Path, trail: tuple[str, ...]) -> Scenario:
    """Put the scenarios that a scenario comes `after` into it.

    Parameters
    ----------
    own : Scenario
        The scenario.
    folder : Path
        Where the files it names are sought.
    trail : tuple of str
        Names of those who asked, first to last; a name that comes up again is a circle.

    Returns
    -------
    Scenario
        Earlier events first, those in `without` left out.

    Raises
    ------
    UserError
        As `scenario` does; also for an event in `without` that no earlier scenario has.
    """
    prior: dict[str, Event] = {}
    anchors = own.anchors
    limits = list(own.limits)
    problems: list[Problem] = []
    for name in own.after:
        where = f"{trail[-1]}: after"
        if name in trail:
            raise UserError(
                Problem(f"it comes after itself: {' after '.join((*trail, name))}", where, "no circle")
            )
        before, beside = _loaded(name, folder, where)
        if (before.mineral, before.year) != (own.mineral, own.year):
            problems.append(
                Problem(
                    f"{name!r} is for {before.mineral} {before.year}",
                    where,
                    f"scenarios for {own.mineral} {own.year}",
                )
            )
            continue
        before = flattened(before, beside, (*trail, name))
        for event in before.events:
            key = event.id if event.id in before.prior_events else f"{before.id}/{event.id}"
            prior[key] = replace(event, id=key, start=event.start or before.window_start)
        if not own.anchors and before.anchors:
            anchors = before.anchors
        limits += [x for x in before.limits if x not in limits]
    for left_out in own.without:
        if left_out not in prior:
            problems.append(
                Problem(
                    f"no event {left_out!r} in the scenarios before",
                    f"{trail[-1]}: without",
                    suggestion(left_out, prior) if prior else "only with 'after'",
                )
            )
    if problems:
        raise UserError(problems)
    kept = tuple(e for key, e in prior.items() if key not in own.without)
    return replace(
        own,
        events=(*kept, *own.events),
        prior_events=tuple(e.id for e in kept),
        anchors=anchors,
        limits=tuple(limits),
    )
