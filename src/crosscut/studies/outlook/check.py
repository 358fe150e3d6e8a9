"""Check: everything about an outlook that can be refused before a year is solved."""

from __future__ import annotations

from crosscut.inputs.outlook.loader import Outlook
from crosscut.ledger.store.ledger import Ledger
from crosscut.market.model.world import World
from crosscut.studies.outlook.cases import cases_of
from crosscut.studies.outlook.draws import outlook_draw
from crosscut.studies.outlook.nodes import outlook_on_world
from crosscut.studies.outlook.owners import base_owners
from crosscut.studies.outlook.yearly import YearlyEvents

WHAT_IT_HOLDS = "facilities: {}, measures: {}, years: {} to {}, cases: {}"


def outlook_notes(ledger: Ledger, outlook: Outlook, world: World) -> list[str]:
    """What is worth knowing about a valid outlook: what it holds, and the notes of its measures with the
    years they are about. Raises UserError with what is wrong in the first year in which something is."""
    o = outlook_on_world(outlook, world)
    years, cases = outlook.years, cases_of(outlook.file)
    for case in cases:
        outlook_draw(o, case.facilities, case.certain, outlook.file.seed, 0)
    events_of = YearlyEvents(o.scenario, world, {e.id: e.size for e in o.scenario.events})
    said: dict[str, list[int]] = {}
    for year in years:
        for note in events_of(year).notes:
            said.setdefault(note, []).append(year)
    held = WHAT_IT_HOLDS.format(
        len(outlook.file.facilities),
        len(o.scenario.events),
        years.start,
        years.stop - 1,
        ", ".join(c.id for c in cases),
    )
    notes = [held, *(f"{_span(found)}: {note}" for note, found in said.items())]
    if not base_owners(ledger, o):
        notes.append(
            f"The ledger has no owners of what is mined of {world.mineral}: all of it is of unknown owner."
        )
    return notes


def _span(years: list[int]) -> str:
    """'2027', or '2027 to 2040'."""
    return str(years[0]) if len(years) == 1 else f"{years[0]} to {years[-1]}"
