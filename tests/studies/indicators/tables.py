"""The carried known answers, as dictionaries."""

import csv
from dataclasses import replace

import numpy as np

from crosscut.base.places import place
from crosscut.ledger.minerals import all_minerals
from crosscut.studies.indicators.panel import Panel, panel
from tests.ledgers import BUNDLED
from tests.paths import TESTS

FOLDER = TESTS / "known_answers"
ENTITIES = {"EU": "EU27", "Rep. of Korea": "KOR", "USA": "USA", "United Kingdom": "GBR"}
CARRIED = (
    "cobalt",
    "nickel",
    "tungsten",
    "vanadium",
)  # minerals whose output by country is carried with the tests
YEARS = tuple(range(2018, 2025))


def rows(name):
    with (FOLDER / name).open(encoding="utf-8") as f:
        return list(csv.DictReader(f))


def entity(name):
    return ENTITIES.get(name) or place(name).code


def mineral(name):
    return {"Rare earth": "rare earths"}.get(name, name.lower())


def carried_panel() -> Panel:
    """The panel of the carried minerals, with output from the carried excerpt."""
    chosen = tuple(all_minerals()[m] for m in CARRIED)
    p = panel(BUNDLED, chosen, YEARS)
    output = np.zeros_like(p.output)
    for r in rows("geopolrisk_inputs_production.csv"):
        if r["Country"] in ("Total", "") or not r["Country_ISO"]:
            continue
        k = p.places.index(place(r["Country_ISO"]).code)
        for t, y in enumerate(YEARS):
            output[CARRIED.index(r["material"].lower()), t, k] += float(r[str(y)] or 0)
    source = tuple(tuple("World Mining Data" for _ in YEARS) for _ in CARRIED)
    return replace(p, output=output, output_source=source)
