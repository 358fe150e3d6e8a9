"""In force: the measures on a mineral that hold today and are not in the flows of the base year, as one
scenario.

A hand-coded state of play (a bundled scenario of that family) comes first; else the rows of the history of
measures are read by the conventions of `in_force.csv`. What is not taken over is listed with the reason.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from crosscut.base.bundled import bundled_text
from crosscut.base.errors import Problem, UserError
from crosscut.inputs.catalogue import SCENARIO, bundled_names
from crosscut.inputs.scenario.catalogue import scenario
from crosscut.ledger.store.ledger import Ledger
from crosscut.ledger.store.tables import table
from crosscut.market.events.events import Event, EventKind, RentTo, Scenario
from crosscut.market.model.world import World

STOPS = ("ban", "suspension", "informal halt")
READ = (*STOPS, "licence", "quota", "tax")
STATE_OF_PLAY = "state of play"
SELLS = 0.01  # of what crosses borders of a form: of a smaller seller the world has too little to restrict
_NOT_MATERIAL = re.compile(r"technology|unused")


@dataclass(frozen=True)
class InForce:
    """What holds: `scenario` (None where nothing is to be added to the base year), `taken` and `left_out`:
    (what, row id or scenario, why)."""

    mineral: str
    scenario: Scenario | None
    taken: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Reading:
    low: float
    mid: float
    high: float
    coverage: float
    leakage: float
    source: str


@cache
def readings() -> dict[str, _Reading]:
    """How strong a measure without a number is taken to be, by what it is.

    >>> readings()["licence"].mid
    0.5
    """
    text = bundled_text("scenarios", "in_force.csv")
    return {
        r["reading"]: _Reading(
            float(r["low"]),
            float(r["mid"]),
            float(r["high"]),
            float(r["coverage"]),
            float(r["leakage"]),
            r["source"],
        )
        for r in csv.DictReader(text.splitlines())
    }


def named_in_force(ledger: Ledger, mineral: str) -> list[dict[str, Any]]:
    """Rows of the history on exactly this mineral that began and have not ended, oldest first.

    Parameters
    ----------
    ledger : Ledger
        Has the history of export restrictions.
    mineral : str
        Its name, as a word of the history's column.

    Returns
    -------
    list[dict[str, Any]]
        Rows of new or tightened bans, suspensions, halts, licences, quotas and taxes.
    """
    out = []
    for r in table(ledger, "hazards/export_restrictions").iter_rows(named=True):
        names = [x.strip() for x in r["mineral"].replace(" and ", ",").split(",")]
        if (
            mineral in names
            and not r["ended"]
            and r["direction"] in ("new", "tighten")
            and r["instrument"] in READ
        ):
            out.append(dict(r))
    return sorted(out, key=lambda r: (_first_day(r["effective"] or "") or date.min, r["row_id"]))


def said(row: Mapping[str, Any]) -> str:
    """A row in a few words: `licence since 2025-02-04 (ER079)`.

    Parameters
    ----------
    row : Mapping[str, Any]
        A row of the history of measures.

    Returns
    -------
    str
        Instrument, targets where there are any, date and id.
    """
    toward = "" if row["targets"] in ("", "all", None) else f" toward {row['targets']}"
    return f"{row['instrument']}{toward} since {row['effective']} ({row['row_id']})"


def restricts_goods(row: Mapping[str, Any]) -> bool:
    """Whether a row restricts what is sold, not technology or permits that nobody uses.

    Parameters
    ----------
    row : Mapping[str, Any]
        A row of the history of measures.

    Returns
    -------
    bool
        False where its words name technology or unused permits.
    """
    return not _NOT_MATERIAL.search(f"{row['rate_or_size'] or ''} {row['form'] or ''}")


def in_force_on(ledger: Ledger, world: World, day: date | None = None) -> InForce:
    """What holds today for the mineral of a world and is not in its base year.

    Parameters
    ----------
    ledger : Ledger
        Has the history of export restrictions.
    world : World
        Gives mineral and base year, and the places and forms that a measure can restrict.
    day : date | None
        First of the twelve months; by default when the last of the measures began.

    Returns
    -------
    InForce
        A hand-coded state of play where there is one, else read from the history; what is left out comes with
        the reason.

    Raises
    ------
    UserError
        Where a hand-coded state of play is for another base year.
    """
    coded = state_of_play(world.mineral)
    if coded is not None:
        if coded.year != world.year:
            raise UserError(
                Problem(
                    f"{coded.id} is for {coded.year}, the world is of {world.year}",
                    "--in-force",
                    f"{coded.year}",
                )
            )
        titles = tuple(f"{scenario(x).title} ({x})" for x in coded.after) or (f"{coded.title} ({coded.id})",)
        return InForce(world.mineral, coded, titles, ())
    return _from_history(ledger, world, day)


def state_of_play(mineral: str) -> Scenario | None:
    """The hand-coded state of play of a mineral: a bundled scenario of that family.

    Parameters
    ----------
    mineral : str
        Its name.

    Returns
    -------
    Scenario | None
        The latest; None where there is none.
    """
    found = [
        s
        for s in map(scenario, bundled_names(SCENARIO))
        if s.mineral == mineral and s.tags.get("family") == STATE_OF_PLAY
    ]
    return max(found, key=lambda s: s.window_start) if found else None


def _from_history(ledger: Ledger, world: World, day: date | None) -> InForce:
    events: list[Event] = []
    taken: list[str] = []
    left_out: list[tuple[str, str]] = []
    began: list[date] = []
    for row in named_in_force(ledger, world.mineral):
        made = _events_of(row, world)
        label = f"{row['country_iso3']}: {said(row)}"
        if isinstance(made, str):
            left_out.append((label, made))
            continue
        events += made
        taken.append(label)
        began.append(_first_day(row["effective"]) or date(world.year, 1, 1))
    if not events:
        return InForce(world.mineral, None, (), tuple(left_out))
    first = day or max(began)
    coded = Scenario(
        id=f"in-force-{world.mineral.replace(' ', '-')}",
        title=f"{world.mineral}: measures in force, read from the history",
        mineral=world.mineral,
        year=world.year,
        window_start=first,
        window_end=first + timedelta(days=364),
        events=tuple(events),
        tags={"family": STATE_OF_PLAY},
        limits=(
            (
                (
                    "Measures in force are read from the history by convention: no number was published for"
                    " most of them"
                ),
                "either way, by much",
            ),
            ("What part of a form a measure names is not known: 0.85 of it is taken", "either way"),
        ),
    )
    return InForce(world.mineral, coded, tuple(taken), tuple(left_out))


def _events_of(row: Mapping[str, Any], world: World) -> list[Event] | str:
    """The events of a row, or why it is left out."""
    if not restricts_goods(row):
        told = f"{row['rate_or_size'] or ''} {row['form'] or ''}"
        return f"names {'technology' if 'technology' in told else 'unused permits'}, not what is sold"
    first = _first_day(row["effective"] or "")
    if first is None:
        return "no date"
    before = (first - date(world.year, 1, 1)).days
    if before <= 0:
        return f"in the flows of {world.year} already"
    inside = max(0.0, 1 - before / 365)  # share of the base year in which it was in force
    origin = row["country_iso3"]
    if origin not in world.countries:
        return f"{origin} is counted inside a group of this world"
    targets = [] if row["targets"] in ("", "all", None) else re.findall(r"[A-Z]{3}", row["targets"])
    if any(t not in world.countries for t in targets):
        known = [t for t in targets if t in world.countries]
        if not known:
            return f"{', '.join(targets)} is no place of this world: it buys too little of this form"
        targets = known
    forms = _sold(origin, world)
    if not forms:
        share = _share(origin, world)
        return (
            f"sells {share:.1%} of what crosses borders of {world.chain.forms[0].title.lower()}, the form"
            " this world knows: what it restricts is not in it"
        )
    return _coded_events(row, world, forms, targets, inside)


def _coded_events(
    row: Mapping[str, Any], world: World, forms: list[str], targets: list[str], inside: float
) -> list[Event] | str:
    origin, instrument = row["country_iso3"], row["instrument"]
    source = f"{row['source_title']} ({row['row_id']})"
    if instrument == "tax":
        found = re.search(r"(\d+(?:\.\d+)?)\s*per cent", row["rate_or_size"] or "")
        if not found:
            return "a tax without a rate"
        rate = float(found[1]) / 100 * (1 - inside)
        return [
            Event(
                f"{row['row_id']}/{f}",
                EventKind.EXPORT_TAX,
                f,
                rate,
                "fraction",
                origins=(origin,),
                destinations=tuple(targets),
                source=source,
            )
            for f in forms
        ]
    key = instrument if instrument in ("licence", "quota") else "stop"
    if targets:
        key = "military" if "military" in (row["rate_or_size"] or "") else "aimed"
    reading = readings()[key]
    low, mid, high = (_beyond(x, reading.leakage, inside) for x in (reading.low, reading.mid, reading.high))
    kind = EventKind.SANCTION if targets else EventKind.EXPORT_LICENCE
    return [
        Event(
            f"{row['row_id']}/{f}",
            kind,
            f,
            mid,
            "fraction",
            origins=(origin,),
            destinations=tuple(targets),
            low=low,
            high=high,
            coverage=reading.coverage,
            leakage=reading.leakage,
            rent_to=RentTo.EXPORTERS,
            source=source,
            note=f"Size: {reading.source}.",
        )
        for f in forms
    ]


def _beyond(size: float, leakage: float, inside: float) -> float:
    """Size against base-year flows that a measure in force during a part of the base year has already cut.

    In the first case flows were 0.75 of the undisturbed and will be 0.5.

    >>> round(_beyond(0.5, 0.0, 0.5), 4), _beyond(0.5, 0.0, 0.0)
    (0.3333, 0.5)
    """
    if inside <= 0:
        return size
    cut = size * (1 - leakage)
    return (1 - (1 - cut) / (1 - inside * cut)) / (1 - leakage)


def _share(origin: str, world: World) -> float:
    """The largest share of what crosses borders of a form that a country sells."""
    i = world.country_index(origin)
    abroad = [(float(q[i].sum() - q[i, i]), float(q.sum() - q.trace())) for q in world.q0]
    return max(sold / total if total > 0 else 0.0 for sold, total in abroad)


def _sold(origin: str, world: World) -> list[str]:
    """Forms of which a country sells enough abroad for a measure to be seen; scrap is left out, as in the
    history."""
    i = world.country_index(origin)
    out = []
    for f, form in enumerate(world.chain.forms):
        total = float(world.q0[f].sum() - world.q0[f].trace())
        sold = float(world.q0[f, i].sum() - world.q0[f, i, i])
        if "scrap" not in form.id and total > 0 and sold >= SELLS * total:
            out.append(form.id)
    return out


def _first_day(text: str) -> date | None:
    """The first day that a date of the history can mean; `by 2009` is 2009.

    >>> _first_day("2025-02-04"), _first_day("2013-10"), _first_day("by 2009"), _first_day("unknown")
    (datetime.date(2025, 2, 4), datetime.date(2013, 10, 1), datetime.date(2009, 1, 1), None)
    """
    found = re.search(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", text)
    if not found:
        return None
    return date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
