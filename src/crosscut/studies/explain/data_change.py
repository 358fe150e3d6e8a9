"""Data change: the headline prices of a scenario on the figures in use and on a staged version, side by side.

Each side is solved on a ledger of its own: one that reads what is in use, one that reads the staged version.
"""

from __future__ import annotations

from typing import Any

from crosscut.base.errors import CrosscutError
from crosscut.inputs.scenario.catalogue import scenario as named_scenario
from crosscut.ledger.reference.data_versions import WORLD_DATASETS
from crosscut.ledger.reference.datasets import DATASETS
from crosscut.ledger.store.ledger import Ledger
from crosscut.results import Document
from crosscut.results.rows import Row
from crosscut.studies.context import Context, DataInUse
from crosscut.studies.scenario.run import run_result
from crosscut.worlds import world


def headline_change(ledger: Ledger, source: str, scenario: str, draws: int) -> dict[str, Any]:
    """Headline prices before the events and after them (median of `draws`), on the copy in use and on the
    staged one.

    `read` is False where no world reads the source's datasets: then nothing is solved. A side that does not
    solve has `error` in its place.
    """
    read = any(source in DATASETS[d].providers for d in WORLD_DATASETS)
    out: dict[str, Any] = {
        "scenario": scenario,
        "draws": draws,
        "read": read,
        "rows": [],
        "errors": {},
        "data": {},
    }
    if not read:
        return out
    sides = {
        "before": ledger,
        "after": Ledger.opened(ledger.workspace, ledger.data.choosing(source, "staged")),
    }
    prices: dict[str, dict[tuple[str, ...], Row]] = {}
    for side, read_from in sides.items():
        try:
            result = _solved(read_from, scenario, draws)
        except CrosscutError as e:
            out["errors"][side] = str(e)[-500:]
            continue
        out["data"][side] = result.inputs.data
        rows = result.rows("prices")
        prices[side] = {(r["form"], r["place"], r["basis"], r["unit"]): r for r in rows if r["headline"]}
    keys = list(dict.fromkeys(k for side in prices.values() for k in side))
    for form, place, basis, unit in keys:
        row: Row = {"form": form, "place": place, "basis": basis, "unit": unit}
        for side in sides:
            found = prices.get(side, {}).get((form, place, basis, unit), {})
            row[side] = {"base": found.get("base"), "median": found.get("median")}
        out["rows"].append(row)
    return out


def _solved(ledger: Ledger, scenario: str, draws: int) -> Document:
    asked = named_scenario(scenario)
    built = world(ledger, asked.mineral, asked.year)
    context = Context(data=DataInUse(ledger.data.version()), ledger=ledger)
    return run_result(context, asked, built, draws=draws)
