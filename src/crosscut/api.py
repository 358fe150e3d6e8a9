"""The Python calls behind every command; each returns what `--json` prints."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crosscut.errors import Problem, UserError
from crosscut.market.world import World
from crosscut.worlds import DEFAULT_YEAR
from crosscut.worlds import world as _world

if TYPE_CHECKING:
    from crosscut.scenarios.batch import Batch

Result = dict[str, Any]
CONTROL_YEAR = 2024  # the last year with mine output that is not an estimate


def data_version() -> str:
    """One hash over the reference data in use: the bundled copy's, or one over what was pulled and accepted."""
    from crosscut.facts.copies import data_version

    return data_version()


def _data() -> dict[str, Any]:
    from crosscut.facts.copies import data_sources

    return {"data": data_version(), "data_sources": data_sources()}


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
    from crosscut.facts.facilities import facility_sheet
    from crosscut.facts.names import resolved

    read = resolved(text) if mineral == "tungsten" else None
    if read is None or not read.found:
        return None
    one = facility_sheet(read.found[0]) if len(read.found) == 1 else None
    sheets = [facility_sheet(f) for f in read.found]
    candidates = [{k: s[k] for k in ("id", "name", "country")} for s in sheets]
    return {"text": text, "how": read.how, "matched": read.matched, "sheet": one, "candidates": candidates}


def claims(mineral: str) -> dict[str, Any]:
    """An article as a test of the ledger: `claims` (each beside what was found, with a verdict), `findings` (what it
    contradicts by itself: rule, claims, text) and `fewest_wrong`, a smallest set of claims that explains them all.

    >>> found = claims("tungsten")
    >>> len(found["claims"]), len(found["findings"]) >= 12
    (112, True)
    """
    from crosscut.facts.coherence.verdicts import checked_claims, contradictions

    checked = checked_claims(mineral)
    found, wrong = contradictions()
    listed = [{"rule": f.rule, "claims": list(f.ids), "text": f.text} for f in found]
    return {"claims": checked, "findings": listed, "fewest_wrong": list(wrong)}


def alarms(mineral: str) -> list[dict[str, Any]]:
    """What the rules of coherence find in the tables of a mineral or topic: id, rule, text, facts, verdict, reason.

    >>> [a["verdict"] for a in alarms("copper")]
    ['rounding']
    """
    from crosscut.facts.coherence.alarms import alarms_about

    return [
        {"id": a.id, "rule": a.finding.rule, "text": a.finding.text, "facts": list(a.finding.ids),
         "verdict": a.verdict, "reason": a.reason}
        for a in alarms_about(mineral)
    ]  # fmt: skip


def sources_beside(mineral: str) -> dict[str, Any]:
    """What USGS, World Mining Data and BGS say the world makes of a mineral: `totals` by stage, content and year with
    spread and verdict (joined within `band`, or kept apart), and the `deviations` by country with year and reason."""
    from crosscut.facts import beside
    from crosscut.facts.ledger import ledger

    ledger(mineral)  # an unknown mineral names the nearest
    return {"band": beside.BAND, "totals": beside.sources_beside(mineral), "deviations": beside.deviations(mineral)}


def scenarios() -> list[dict[str, str]]:
    """The bundled scenarios: id, title, mineral, window."""
    from crosscut.scenarios.catalogue import bundled_scenarios

    rows: list[dict[str, str]] = bundled_scenarios()
    return rows


def outlooks() -> list[dict[str, str]]:
    """The bundled outlooks: id, title, mineral, years.

    >>> [(o["id"], o["years"]) for o in outlooks()]
    [('kazakhstan', '2024 to 2040')]
    """
    from crosscut.scenarios.outlooks.loader import bundled_outlooks
    from crosscut.scenarios.outlooks.loader import outlook as load

    files = [load(name).file for name in bundled_outlooks()]
    return [{"id": f.id, "title": f.title, "mineral": f.mineral, "years": f"{f.years.first} to {f.years.last}"}
            for f in files]  # fmt: skip


def validate(path: str | Path) -> list[str]:
    """Checks a scenario or outlook, bundled or a file, against its format and its world; returns notes, raises UserError
    with every problem.

    >>> validate("kazakhstan")[0].partition(", cases")[0]
    'facilities: 13, measures: 6, years: 2024 to 2040'
    """
    from crosscut.market.compile import compile_events
    from crosscut.scenarios.catalogue import scenario as load
    from crosscut.scenarios.outlooks.check import outlook_notes
    from crosscut.scenarios.outlooks.loader import is_outlook
    from crosscut.scenarios.outlooks.loader import outlook as load_outlook
    from crosscut.scenarios.places import on_world

    if is_outlook(str(path)):
        found = load_outlook(str(path))
        return outlook_notes(found, _world(found.scenario.mineral, found.file.years.first))
    loaded = load(str(path))

    built = _world(loaded.mineral, loaded.year)
    return list(compile_events(on_world(loaded, built), built).notes)


def run(
    scenario: str | Path,
    *,
    mineral: str | None = None,
    year: int | None = None,
    seed: int | None = None,
    draws: int | None = None,
    facts: Sequence[str] = (),
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Result:
    """Solves a scenario (bundled name or file) and returns its result document.

    The numbers do not depend on `workers`; with more than one, a script needs the usual `if __name__ == "__main__":`.
    `facts` are ids of facts to read instead of those the ledger picks; the result then shows both (see
    `crosscut.scenarios.forced`).
    """
    from dataclasses import replace

    from crosscut.scenarios.catalogue import scenario as load
    from crosscut.scenarios.run import run_result

    loaded = load(str(scenario))
    if mineral is not None or year is not None:
        loaded = replace(loaded, mineral=(mineral or loaded.mineral).strip().lower(), year=year or loaded.year)
    if facts:
        from crosscut.scenarios.forced import forced_result

        return forced_result(loaded, facts, seed=seed, draws=draws, data=data_version(), workers=workers,
                             progress=progress)  # fmt: skip
    built = _world(loaded.mineral, loaded.year)
    return run_result(loaded, built, seed=seed, draws=draws, workers=workers, progress=progress, **_data())


def outlook(
    outlook: str | Path,
    *,
    to: int | None = None,
    draws: int | None = None,
    seed: int | None = None,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Result:
    """Solves an outlook (bundled name or file) year by year and returns its result document.

    The numbers depend on the outlook, `to`, `draws` and `seed`, not on `workers`. With more than one, a script needs
    the usual `if __name__ == "__main__":`.

    >>> result = outlook("kazakhstan", to=2025, draws=1)
    >>> result["kind"], result["horizon"]["to"]
    ('outlook', '2025-12-31')
    """
    from crosscut.scenarios.outlooks.loader import outlook as load
    from crosscut.scenarios.outlooks.run import outlook_result

    loaded = load(outlook)
    built = _world(loaded.scenario.mineral, loaded.file.years.first)
    return outlook_result(loaded, built, to=to, seed=seed, draws=draws, workers=workers,
                          progress=progress, **_data())  # fmt: skip


def projects() -> list[dict[str, str]]:
    """The bundled projects: id, title, country, mineral.

    >>> [p["country"] for p in projects() if p["id"] == "example-mine"]
    ['KAZ']
    """
    from crosscut.ventures.loader import bundled_projects, project_source

    files = [project_source(name).file for name in bundled_projects()]
    return [{"id": f.id, "title": f.title, "country": f.country, "mineral": f.mineral} for f in files]


def project(
    project: str | Path,
    *,
    scenario: str | Path | None = None,
    draws: int | None = None,
    seed: int | None = None,
    alternative: str | None = None,
    spreadsheet: str | Path | None = None,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Result:
    """Values a project (bundled name or file): worth to owners, lenders and state, drivers, tax, refining.

    `scenario` is an outlook, a scenario or a result.json whose APT price takes the place of the file's own; with an outlook
    the project's tonnes go into the market and the price is that of the fixed point.
    `alternative` the id of another reading of the facts in the file. `project("studies")` rebuilds published studies.
    `spreadsheet` is a path for the middle case as an xlsx file with live formulas (extra `report`). The numbers depend on
    the file, scenario, draws and seed, not on `workers`.

    >>> result = project("example-mine", draws=20)
    >>> result["kind"], len(result["tables"]["project_tax"]["rows"])
    ('project', 13)
    """
    if str(project) == "studies":
        from crosscut.ventures.studies_document import studies_result

        return studies_result(data_version())
    from crosscut.ventures.loader import project_source
    from crosscut.ventures.market_prices import is_outlook, scenario_prices
    from crosscut.ventures.run import project_result

    source = project_source(project)
    if alternative is not None:
        source = source.alternative(alternative)
    given: dict[str, Any] = {}
    if scenario is not None and is_outlook(scenario):
        from crosscut.coupling import coupled

        found = coupled(source, str(scenario), workers=workers, progress=progress)
        source, given = found.source, {"prices": found.prices, **found.extras()}
    elif scenario is not None:
        given = {"prices": scenario_prices(source, scenario, workers=workers, progress=progress)}
    result = project_result(source, seed=seed, draws=draws, data=data_version(), progress=progress, **given)
    if spreadsheet is not None:
        from crosscut.ventures.workbook import middle_workbook, write_workbook

        write_workbook(middle_workbook(source, given.get("prices")), spreadsheet)
    return result


def backtest(
    episodes: str | Path | None = None,
    *,
    track: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Result:
    """The market scored on real disruptions, each predicted with parameters fitted on the others, beside every naive rival.

    `episodes` is a folder in the format of docs/backtest.md (default: the bundled ones); `track` "A", "B" or both. Raises
    UserError naming file, line and field of what cannot be read. Takes about a minute.
    """
    from crosscut.backtests.document import backtest_result
    from crosscut.backtests.folder import episodes_in
    from crosscut.backtests.leave_one_out import TRACKS

    if track is not None and track not in TRACKS:
        raise UserError(Problem(f"no track {track!r}", "--track", "A (before the event) or B (realised cut given)"))
    return backtest_result(
        episodes_in(episodes), TRACKS if track is None else (track,), data=data_version(), progress=progress
    )


def forecast(*, draws: int | None = None, progress: Callable[[int, int], None] | None = None) -> Result:
    """What the measures in force will do, in the terms of the backtest, dated and sealed: its id is a hash over every row
    and the day it was written. Keep the file (`crosscut forecast --out DIR`) and publish the id."""
    from datetime import UTC, datetime

    from crosscut.backtests.forecasts.register import DRAWS, forecast_result

    return forecast_result(
        datetime.now(UTC).date(), draws=DRAWS if draws is None else draws, data=data_version(), progress=progress
    )


def score_forecast(path: str | Path, outcomes: str | Path, *, published: str | None = None) -> Result:
    """A file of forecasts scored against outcomes (CSV: forecast, value, source).

    Raises UserError when the file was changed after it was written, or its id is not the one that was `published` (its
    first twelve digits or more).
    """
    from crosscut.backtests.forecasts.scoring import scored_result

    document = read_result(path)
    if published is not None and not (len(published) >= 12 and document["id"].startswith(published.lower())):
        raise UserError(
            Problem(f"its id is {document['id']}", str(path), f"the published id {published} (at least 12 digits)")
        )
    return scored_result(document, Path(outcomes), str(path))


def exposure(mineral: str, country: str, *, year: int = DEFAULT_YEAR, seed: int = 1, draws: int = 50) -> Result:
    """How exposed a country is: traced origins, concentration, loss of the largest foreign origin."""
    from crosscut.scenarios.exposure import exposure_result

    return exposure_result(_world(mineral, year), country, seed=seed, draws=draws, **_data())


def indicators(
    minerals: str | Sequence[str], country: str | None = None, *, years: Sequence[int] = (2024,), window: int = 1,
    uses: str | Path | None = None,
) -> Result:  # fmt: skip
    """Every published indicator of one or more minerals, for the world and for a country or bloc.

    `window` years ending in each year are pooled for import sources; `uses` is a CSV (mineral, sector, share,
    value_added, largest) of a region's own uses for economic importance. A name or year that is not known is a marked row
    and a statement, and `status.ok` is false. Raises UserError when nothing can be answered.

    >>> rows = indicators("tungsten", "Germany", years=[2022])["tables"]["indicators"]["rows"]
    >>> [round(r["value"], 6) for r in rows if r["indicator"] == "geopolrisk.score" and r["variant"] == "as reported"]
    [0.236126]
    """
    from crosscut.indicators.answers import answer
    from crosscut.indicators.document import document

    names = [minerals] if isinstance(minerals, str) else list(minerals)
    table = None if uses is None else _text(uses, "a CSV of uses")
    found = answer(names, country, list(years), window, uses=table, where=str(uses or ""))
    return document(found, names, data_version())


def purchases(path: str | Path, *, year: int = 2024) -> Result:
    """Exposure of a company's own purchases (CSV; see `crosscut exposure --template`): spend at risk, GeoPolRisk score and
    characterisation factor by mineral, who stands behind each supplier. Bad rows are marked and named."""
    from crosscut.indicators.answers.company import company_rows
    from crosscut.indicators.document import company_document
    from crosscut.indicators.purchases import parsed_purchases

    bought = parsed_purchases(_text(path, "a CSV of purchases; see `crosscut exposure --template`"), str(path), year)
    rows, suppliers = company_rows(bought)
    return company_document(rows, suppliers, data_version())


def _text(path: str | Path, expected: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as e:
        reason = e.strerror if isinstance(e, OSError) and e.strerror else "not a text file"
        raise UserError(Problem(f"cannot be read ({reason})", str(path), expected)) from None


def economy(
    table: str | Path,
    *,
    shocks: Sequence[str] = (),
    result: str | Path | None = None,
    uses: str | Path | None = None,
    once_in: float = 20,
    lasting: int = 365,
    recovery: int = 0,
    dynamic: bool = True,
) -> Result:
    """Value added at risk in the economy of an input-output table (a folder written by pymrio, text layout).

    Either `shocks`, each `REGION/SECTOR=SHARE` or `=LOW..HIGH` of output that stops, or a `result` with shortages and a
    `uses` file (CSV: region, sector, share; see `crosscut economy --template`); of a stress test the shortage passed once in
    `once_in` years. The shock lasts `lasting` days and recovers in
    a straight line over `recovery` days; all is counted over one year. `dynamic=False` leaves out the day-by-day reading,
    which takes minutes on tables of thousands of industries. Raises UserError for what cannot be read or matched.
    """
    from crosscut.economies.document import economy_document
    from crosscut.economies.saved import saved_table
    from crosscut.economies.uses import parsed_uses, shock_from, shock_of

    if bool(shocks) == (result is not None) or (result is None) != (uses is None):
        raise UserError(
            Problem(
                "what stops is not said once", "economy", "shocks (--shock), or result and uses (--result, --uses)"
            )
        )
    if not 1 <= lasting <= 365 or not 0 <= recovery <= 3650:
        raise UserError(
            Problem(f"lasting {lasting}, recovery {recovery} days", "economy", "1 to 365 and 0 to 3650 days")
        )
    found = saved_table(table)
    document = read_result(result) if result is not None else None
    if document is not None and uses is not None:
        shock = shock_from(document, parsed_uses(_text(uses, "a CSV of uses"), str(uses)), found, once_in)
    else:
        shock = shock_of(shocks, found)
    return economy_document(
        found, shock, data_version(), lasting=lasting, recovery=recovery, dynamic=dynamic, result=document
    )


def batch(
    scenario: str | Path,
    draws: int = 10_000,
    *,
    seed: int | None = None,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Batch:
    """A scenario solved for thousands of draws, each kept as prices and use by form and country, before and after.

    With the extra `fast` the draws are solved by the compiled kernel; the first use on a machine compiles for about
    ten seconds (`python -m crosscut.market.kernel` does it beforehand). The numbers do not depend on `workers`.

    >>> b = batch("china-quota-cut", draws=4)
    >>> b.marginal.shape[0] + len(b.failed)
    4
    """
    from crosscut.market.solvers import compiles_first
    from crosscut.scenarios.batch import solved_batch
    from crosscut.scenarios.catalogue import scenario as named
    from crosscut.scenarios.places import on_world

    found = named(scenario)
    w = _world(found.mineral, found.year)
    if compiles_first():
        sys.stderr.write("compiling the market once for this machine, which takes about ten seconds\n")
    return solved_batch(
        on_world(found, w), w, seed=found.seed if seed is None else seed, draws=draws, workers=workers,
        progress=progress,
    )  # fmt: skip


def stress(
    mineral: str | None,
    country: str,
    *,
    draws: int = 10_000,
    years: int = 1,
    seed: int = 1,
    sampler: str = "plain",
    loss: float | None = None,
    attribution: int = 0,
    stability: int = 0,
    executor: str = "serial",
    scheduler: str = "",
    workers: int = 1,
    out: str | Path | None = None,
    resume: bool = False,
    year: int = DEFAULT_YEAR,
    progress: Callable[[int, int], None] | None = None,
) -> Result:
    """How bad it can get for a country: losses of a year drawn from the history of measures, outages and closed routes.

    `mineral` None ranks every mineral by expected loss. `loss` (million USD) asks what would have to be true for it;
    `attribution` is the points of a Sobol design, `stability` the draws of a rerun with each assumption at either end (0: none).
    The numbers do not depend on executor (serial, processes, dask), workers or how often a run in `out` was resumed; with
    processes a script needs `if __name__ == "__main__":`.

    >>> result = stress("tungsten", "Japan", draws=20)
    >>> result["kind"], result["status"]["failed_draws"]
    ('stress', 0)
    """
    from crosscut.market.solvers import compiles_first

    if compiles_first():
        sys.stderr.write("compiling the market once for this machine, which takes about a minute\n")
    folder = None if out is None else Path(out)
    if mineral is None:
        from crosscut.risk.ranking import ranking_result

        return ranking_result(country, draws=draws, years=years, seed=seed, sampler=sampler, stability=stability,
                              workers=1 if executor == "serial" else workers, year=year, progress=progress, **_data())  # fmt: skip
    from crosscut.risk.run import stress_result

    return stress_result(
        _world(mineral, year), country, draws=draws, years=years, seed=seed, sampler=sampler, loss=loss, attribution=attribution,
        stability=stability, executor=executor, scheduler=scheduler, workers=workers, out=folder, resume=resume,
        progress=progress, **_data(),
    )  # fmt: skip


def read_result(path: str | Path) -> Result:
    """The result in a file; UserError when it is missing, not JSON, or not a result."""
    from crosscut.results import parsed

    return parsed(_text(path, "a result.json written by `crosscut run`"), str(path))


def compare(a: str | Path, b: str | Path) -> Result:
    """What differs between two results, largest first."""
    from crosscut.scenarios.comparison import comparison_result

    return comparison_result(read_result(a), read_result(b))


def why(path: str | Path, about: str | None = None) -> dict[str, Any]:
    """Where the numbers of a result come from: drivers, assumptions, facts with source and standing."""
    from crosscut.scenarios.provenance import provenance

    return provenance(read_result(path), about)


def data_status(source: str | None = None, check: bool = False) -> dict[str, Any]:
    """What is in use of every dataset, how old it is, and what was pulled; with `check`, its files are read whole."""
    from crosscut.facts.copies import data_folder
    from crosscut.facts.sources.status import dataset_status, source_status

    return {
        "folder": str(data_folder()), "version": data_version(), "datasets": dataset_status(),
        "sources": source_status(source, check),
    }  # fmt: skip


def data_pull(
    source: str,
    *,
    origin: str | Path = "",
    release: str = "",
    codes: Sequence[str] = (),
    years: Sequence[int] = (),
    progress: Callable[[str, int, int | None], None] | None = None,
) -> dict[str, Any]:
    """Fetches a source and stages it; what it would change is in `difference`. `origin` is a file at hand or another
    address than the official one."""
    from crosscut.facts.sources.connector import Options
    from crosscut.facts.sources.difference import staged_difference
    from crosscut.facts.sources.pull import pull
    from crosscut.facts.sources.registry import connector

    address = str(origin) if str(origin).startswith(("http://", "https://")) else ""
    files = [Path(origin).expanduser()] if origin and not address else []
    built = connector(source, Options(release, tuple(codes), tuple(years)), address)
    version = pull(built, files, progress=progress)
    return {"source": source, "version": version, "difference": staged_difference(source)}


def data_diff(source: str, draws: int = 10, scenario: str = "china-controls-2025") -> dict[str, Any]:
    """What the staged version of a source changes in the figures, and in the headline prices of a scenario (solved on
    both with `draws` futures; 0 leaves that out)."""
    from crosscut.facts.sources.difference import staged_difference
    from crosscut.scenarios.data_change import headline_change

    found = staged_difference(source)
    return {**found, "headline": headline_change(source, scenario, draws) if draws else None}


def data_accept(source: str) -> dict[str, Any]:
    """Puts the staged version of a source into use, for every process that starts from now on."""
    from crosscut.facts.sources.pull import accept

    return {"source": source, "version": accept(source)}


def data_revert(source: str) -> dict[str, Any]:
    """Takes the version in use out of use: back to the one before it, or to the bundled figures (version None)."""
    from crosscut.facts.sources.pull import revert

    return {"source": source, "version": revert(source)}
