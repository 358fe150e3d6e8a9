"""Outlooks, as they are asked for: solved, listed, checked; a scenario is checked here too."""

from __future__ import annotations

from crosscut.inputs.catalogue import OUTLOOK, bundled_names
from crosscut.inputs.outlook.loader import is_outlook
from crosscut.inputs.outlook.loader import outlook as named_outlook
from crosscut.inputs.scenario.catalogue import scenario
from crosscut.inputs.scenario.places import on_world
from crosscut.market.events.compiler.compile_events import compile_events
from crosscut.results import Document
from crosscut.studies.context import Context
from crosscut.studies.outlook.check import outlook_notes
from crosscut.studies.outlook.request import OutlookRequest, OutlooksRequest
from crosscut.studies.outlook.run import outlook_result
from crosscut.studies.scenario.request import ValidateRequest
from crosscut.worlds import world


def outlook(request: OutlookRequest, context: Context) -> Document:
    """Solves an outlook year by year on the world of its first year."""
    found = named_outlook(request.outlook)
    return outlook_result(
        context.ledger,
        found,
        world(context.ledger, found.scenario.mineral, found.file.years.first),
        to=request.to,
        seed=request.seed,
        draws=request.draws,
        workers=context.many(request.workers),
        data=context.data.version,
        data_sources=context.data.sources,
        progress=context.progress,
    )


def outlooks(request: OutlooksRequest, context: Context) -> list[dict[str, str]]:
    """The bundled outlooks: id, title, mineral, years."""
    files = [named_outlook(name).file for name in bundled_names(OUTLOOK)]
    return [
        {"id": f.id, "title": f.title, "mineral": f.mineral, "years": f"{f.years.first} to {f.years.last}"}
        for f in files
    ]


def validate(request: ValidateRequest, context: Context) -> list[str]:
    """Notes of a scenario or outlook; refused with every problem."""
    if is_outlook(request.path):
        found = named_outlook(request.path)
        built = world(context.ledger, found.scenario.mineral, found.file.years.first)
        return outlook_notes(context.ledger, found, built)
    loaded = scenario(request.path)
    built = world(context.ledger, loaded.mineral, loaded.year)
    return list(compile_events(on_world(loaded, built), built).notes)
