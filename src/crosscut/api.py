"""The Python calls behind every command; each returns what `--json` prints."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from crosscut.errors import Problem, UserError
from crosscut.market.world import World
from crosscut.worlds import DEFAULT_YEAR
from crosscut.worlds import world as _world

Result = dict[str, Any]
CONTROL_YEAR = 2024  # the last year with mine output that is not an estimate


def data_version() -> str:
    """sha256 of the source the bundled trade data was built from."""
    from crosscut.facts.trade import manifest

    return str(manifest()["source_sha256"])


def world(mineral: str, year: int = DEFAULT_YEAR) -> World:
    """The balanced world of a mineral in a year; see `crosscut.worlds.world`."""
    return _world(mineral, year)


def world_report(mineral: str, year: int = DEFAULT_YEAR) -> Result:
    """What is known about a mineral in a year, on one page: chain, makers, users, trade, what it rests on, what is missing.

    The call behind `crosscut world`; raises as `world`.
    """
    from crosscut.scenarios.world_report import world_result
    from crosscut.worlds import evidence_of

    return world_result(_world(mineral, year), evidence_of(mineral, year), data_version())


def minerals() -> list[dict[str, str]]:
    """Every mineral known: whether it has a market world, its grade (C and D are for screening) or the reason why not.

    >>> [(m["world"], m["why"]) for m in minerals() if m["mineral"] == "tungsten"]
    [('yes', '')]
    """
    from crosscut.worlds.grades import grades

    return [
        {"mineral": g.mineral, "world": "yes" if g.grade else "no", "grade": g.grade, "why": g.why} for g in grades()
    ]


def facts(mineral: str, about: str | None = None, conflicts: bool = False) -> list[dict[str, Any]]:
    """Facts of a mineral: value, unit, period, standing, source, conflicts; `about` keeps those of the facility a text
    names, in any script, and those that mention the text."""
    from crosscut.facts.about import facts_about
    from crosscut.facts.ledger import query

    return facts_about(mineral, about, conflicts)[0] if about else query(mineral, conflicts=conflicts)


def facilities(mineral: str, year: int = 2025) -> dict[str, Any]:
    """Every mine, deposit and plant: `sheets` (values, owners, stakes, financing, coordinates, control at the end of
    `year`), `geojson`, and `control`: the share of world output by country under each rule, unknown apart.

    >>> [r["rule"] for r in facilities("tungsten")["control"]][:2]
    ['location', 'owner-named']
    """
    from crosscut.facts.facilities import all_sheets, geojson
    from crosscut.facts.ownership import RULES, controlled_output

    sheets = all_sheets(mineral, year)
    control = []
    for rule, means in RULES.items():
        found = controlled_output(mineral, CONTROL_YEAR, rule)
        known = {c: found.share(c) for c in found.tonnes if c != "UNK"}
        unknown = found.unknown / found.world
        control.append({"rule": rule, "means": means, "year": CONTROL_YEAR, "unknown": unknown, "countries": known})
    return {"sheets": list(sheets), "geojson": geojson(mineral, year), "control": control}


def named(mineral: str, text: str) -> dict[str, Any] | None:
    """The facility that a text names, in any script or spelling: text, how it was read, matched, sheet, candidates.

    `sheet` is None and `candidates` lists id, name and country where the name is ambiguous. None where the text names
    no facility.
    """
    from crosscut.facts.about import facts_about
    from crosscut.facts.facilities import facility_sheet

    read = facts_about(mineral, text)[1]
    if read is None:
        return None
    one = facility_sheet(read.found[0]) if len(read.found) == 1 else None
    sheets = [facility_sheet(f) for f in read.found]
    candidates = [{k: s[k] for k in ("id", "name", "country")} for s in sheets]
    return {"text": text, "how": read.how, "matched": read.matched, "sheet": one, "candidates": candidates}


def scenarios() -> list[dict[str, str]]:
    """The bundled scenarios: id, title, mineral, window."""
    from crosscut.scenarios.catalogue import bundled_scenarios

    rows: list[dict[str, str]] = bundled_scenarios()
    return rows


def validate(path: str | Path) -> list[str]:
    """Checks a scenario file against its format and its world; returns notes, raises UserError with every problem."""
    from crosscut.scenarios.catalogue import scenario as load
    from crosscut.scenarios.places import on_world

    loaded = load(str(path))
    from crosscut.market.compile import compile_events

    built = _world(loaded.mineral, loaded.year)
    return list(compile_events(on_world(loaded, built), built).notes)


def run(
    scenario: str | Path,
    *,
    mineral: str | None = None,
    year: int | None = None,
    seed: int | None = None,
    draws: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Result:
    """Solves a scenario (bundled name or file) and returns its result document."""
    from dataclasses import replace

    from crosscut.scenarios.catalogue import scenario as load
    from crosscut.scenarios.run import run_result

    loaded = load(str(scenario))
    if mineral is not None or year is not None:
        loaded = replace(loaded, mineral=(mineral or loaded.mineral).strip().lower(), year=year or loaded.year)
    built = _world(loaded.mineral, loaded.year)
    return run_result(loaded, built, seed=seed, draws=draws, data=data_version(), progress=progress)


def exposure(mineral: str, country: str, *, year: int = DEFAULT_YEAR, seed: int = 1, draws: int = 50) -> Result:
    """How exposed a country is: traced origins, concentration, loss of the largest foreign origin."""
    from crosscut.scenarios.exposure import exposure_result

    return exposure_result(_world(mineral, year), country, seed=seed, draws=draws, data=data_version())


def read_result(path: str | Path) -> Result:
    """The result in a file; UserError when it is missing, not JSON, or not a result."""
    from crosscut.results import parsed

    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as e:
        reason = e.strerror if isinstance(e, OSError) and e.strerror else "not a text file"
        raise UserError(
            Problem(f"cannot be read ({reason})", str(path), "a result.json written by `crosscut run`")
        ) from None
    return parsed(text, str(path))


def compare(a: str | Path, b: str | Path) -> Result:
    """What differs between two results, largest first."""
    from crosscut.scenarios.comparison import comparison_result

    return comparison_result(read_result(a), read_result(b))


def why(path: str | Path, about: str | None = None) -> dict[str, Any]:
    """Where the numbers of a result come from: drivers, assumptions, facts with source and standing."""
    from crosscut.scenarios.provenance import provenance

    return provenance(read_result(path), about)
