"""Claims: the article behind `crosscut facts MINERAL --claims`."""

from __future__ import annotations

from crosscut.app.cli.output import show


def show_claims(mineral: str, as_json: bool) -> None:
    """Prints every claim beside what the ledger says, and the contradictions."""
    from crosscut.app import api
    from crosscut.output.screens.facts.claims import claims_screen

    found = api.claims(mineral)
    show(found, as_json, lambda: claims_screen(found))


def show_alarms(mineral: str, as_json: bool) -> None:
    """Prints what the rules find in the mineral's own tables, each alarm with its resolution."""
    from crosscut.app import api
    from crosscut.output.screens.facts.claims import alarms_screen

    found = api.alarms(mineral)
    show(found, as_json, lambda: alarms_screen(mineral, found))
