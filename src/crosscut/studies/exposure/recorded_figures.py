"""Recorded figures: the key figures of a country that the world holds only inside a group, from its own
trade records."""

from __future__ import annotations

from typing import Any

from crosscut.base.places import all_places
from crosscut.ledger.minerals import Mineral, known_or_problem
from crosscut.ledger.store.ledger import Ledger
from crosscut.market.model.world import World
from crosscut.studies.exposure.key_figures import COST, EXPECTED
from crosscut.studies.indicators.answers.facts import Facts
from crosscut.studies.stress.answers.cover import stock_cover
from crosscut.worlds.node import Nodes


def recorded_figures(ledger: Ledger, world: World, found: Nodes) -> list[dict[str, Any]]:
    """Share of the largest partner in the recorded imports; cover and loss are unknown where use is not
    known."""
    return [
        _imports(ledger, world, found),
        _unknown("weeks of cover", "weeks", f"weeks of cover: {_stocks(ledger, world, found)}"),
        _unknown(COST, "million USD", f"{COST}: no use of {found.label} is published"),
        _unknown(EXPECTED, "million USD a year", f"{EXPECTED}: no use of {found.label} is published"),
    ]


def _stocks(ledger: Ledger, world: World, found: Nodes) -> str:
    """Which stocks are on record; their weeks of a use that is not known are not told."""
    known = "; ".join(s.what for s in stock_cover(ledger, world, found.places, found.members))
    if known:
        return f"use of {found.label} is not published, stocks are: {known}"
    return f"neither use nor stocks of {found.label} are published"


def _imports(ledger: Ledger, world: World, found: Nodes) -> dict[str, Any]:
    mineral = known_or_problem(world.mineral)
    where = f"recorded imports of {found.label}"
    if not isinstance(mineral, Mineral) or not mineral.hs92:
        return _unknown("from one country", "fraction", f"{where}: no trade code of the mineral")
    flow = Facts(ledger, mineral, found.members[0], world.year).flow(into=True)
    total = sum(flow.tonnes.values())
    if total <= 0:
        return _unknown(
            "from one country",
            "fraction",
            f"{where}: none in {world.year} (HS 1992 {', '.join(mineral.hs92)})",
        )
    top = max(flow.tonnes, key=lambda c: flow.tonnes[c])
    share = flow.tonnes[top] / total
    codes = ", ".join(mineral.hs92)
    return {
        "figure": "from one country",
        "value": share,
        "low": None,
        "high": None,
        "unit": "fraction",
        "text": (
            f"of its recorded imports ({total:,.0f} t gross, HS 1992 {codes}) came from"
            f" {all_places()[top].name}"
        ),
        "status": "flagged: shipments, not origins; its use is not published, so this is not a share of use",
        "facts": "",
    }


def _unknown(figure: str, unit: str, text: str) -> dict[str, Any]:
    return {
        "figure": figure,
        "value": None,
        "low": None,
        "high": None,
        "unit": unit,
        "text": text,
        "status": f"missing: {text}",
        "facts": "",
    }
