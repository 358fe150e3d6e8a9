"""Run: an outlook solved year by year, as one result document of kind `outlook`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crosscut.base.errors import Problem, UserError
from crosscut.base.progress import Progress
from crosscut.inputs.outlook.loader import Outlook
from crosscut.inputs.outlook.schema import LAST_YEAR, LONGEST
from crosscut.inputs.scenario.schema import MOST_DRAWS
from crosscut.ledger.ownership import RULES
from crosscut.ledger.store.ledger import Ledger
from crosscut.market.model.world import World
from crosscut.results import Document, FailedDraw, Horizon, ScenarioUsed, Statement, Status, tables_of
from crosscut.studies.outlook.assumptions import outlook_assumptions
from crosscut.studies.outlook.case_effects import effect_rows, replaced_text
from crosscut.studies.outlook.cases import PLANS
from crosscut.studies.outlook.ensemble import OutlookEnsemble, solved_outlook
from crosscut.studies.outlook.measures import USERS
from crosscut.studies.outlook.nodes import outlook_on_world
from crosscut.studies.outlook.rows import (
    dependence_rows,
    facility_rows,
    investment_rows,
    measure_rows,
    price_path_rows,
    share_path_rows,
    stock_rows,
    supply_path_rows,
    use_path_rows,
)
from crosscut.studies.shared.cited_facts import cited_facts
from crosscut.studies.shared.document_inputs import DataSources, inputs_of, limits_of
from crosscut.studies.shared.evidence_rows import drawn_assumption, evidence_rows
from crosscut.studies.shared.levels import quotation_in_trade_unit

MOST_WORKERS = 256


def outlook_result(
    ledger: Ledger,
    outlook: Outlook,
    world: World,
    *,
    to: int | None = None,
    seed: int | None = None,
    draws: int | None = None,
    workers: int = 1,
    data: str = "",
    data_sources: Sequence[Mapping[str, Any]] = (),
    progress: Progress | None = None,
) -> Document:
    """The result of an outlook up to year `to`, of `draws` futures from `seed`: the outlook's own unless
    given.

    Deterministic in (outlook, world, to, seed, draws): neither `workers` nor the time changes the id, and a
    later `to` does not change an earlier year. The compiled kernel (extra `fast`) has other last digits than
    numpy, so another id.
    """
    seed = outlook.file.seed if seed is None else seed
    draws = outlook.file.draws if draws is None else draws
    to = outlook.file.years.last if to is None else to
    first = outlook.file.years.first
    problems = []
    if not 1 <= draws <= MOST_DRAWS:
        problems.append(
            Problem(f"{draws} draws", "draws", f"a whole number from 1 to {MOST_DRAWS:,}, e.g. 200")
        )
    if not 0 <= seed < 2**63:
        problems.append(Problem(f"seed {seed}", "seed", "a whole number from 0 to 2^63 - 1"))
    if not first <= to <= min(LAST_YEAR, first + LONGEST - 1):
        problems.append(
            Problem(f"{to} is no last year", "to", f"a year from {first} to {first + LONGEST - 1}, e.g. 2040")
        )
    if not 1 <= workers <= MOST_WORKERS:
        problems.append(Problem(f"{workers} workers", "workers", f"1 to {MOST_WORKERS}"))
    if problems:
        raise UserError(problems)
    o = outlook_on_world(outlook, world)
    ensemble = solved_outlook(ledger, o, range(first, to + 1), seed, draws, workers, progress)
    return _document(ledger, ensemble, data, data_sources)


def _document(ledger: Ledger, e: OutlookEnsemble, data: str, data_sources: DataSources) -> Document:
    o, world, file = e.o, e.o.world, e.o.file
    places = {**world.place_names, "EU27": "European Union (27)", "WLD": "World", "UNK": "Unknown"}
    tables = {
        "outlook_prices": price_path_rows(e),
        "outlook_shares": share_path_rows(e),
        "outlook_supply": supply_path_rows(e),
        "outlook_dependence": dependence_rows(e),
        "outlook_use": use_path_rows(e),
        "outlook_effects": effect_rows(e),
        "outlook_stocks": stock_rows(e),
        "outlook_investment": investment_rows(e),
        "outlook_facilities": facility_rows(e),
        "outlook_measures": measure_rows(e),
        "evidence": evidence_rows(ledger, world),
    }
    return Document(
        kind="outlook",
        inputs=inputs_of(
            world,
            ScenarioUsed(file.id, o.outlook.hash, file.title),
            seed=e.seed,
            draws=e.draws,
            data=data,
            data_sources=data_sources,
        ),
        status=Status.of(
            [
                FailedDraw.at(f.draw, f.market, f"{f.year}, case {f.case}: the market did not clear")
                for f in e.failures
            ],
            e.worst,
            draws=len({f.draw for f in e.failures}),
        ),
        horizon=Horizon.of_years(
            e.years.start,
            e.years.stop - 1,
            "Every row is a calendar year; prices are means of a year in dollars of the base year.",
        ),
        tables=tables_of(tables),
        statements=(
            *_statements(e),
            *_quotation_statements(e, tables["outlook_prices"]),
            *_replaced_statements(e, tables["outlook_effects"], places),
        ),
        assumptions=(*outlook_assumptions(o), drawn_assumption(e.read)),
        facts=cited_facts(ledger, world.fact_ids),
        limits=limits_of((*o.scenario.limits, *_LIMITS)),
        places=places,
    )


_LIMITS = (
    (
        (
            "A conditional projection, not a forecast: what happens if these facilities, rates of growth and"
            " rules hold and no measure is added"
        ),
        "level of late prices unknown in direction",
    ),
    (
        (
            "Long-run elasticities, habit and investment are assumptions within wide ranges; nothing is"
            " fitted to past paths"
        ),
        "intervals of late years too narrow where the ranges are, too wide where they are not",
    ),
    ("The business cycle, wars and new measures are not drawn", "intervals too narrow"),
    (
        "The interval of a price is that of one year; what no parameter explains lasts for years in truth",
        "a mean over years is no more certain than one year",
    ),
    (
        "Quotas and licences stay where the flows of the base year put them",
        "export limits too tight as markets grow",
    ),
    (
        "Who owns collected scrap and plants is not followed: control is that of the mine",
        "control of processing left out",
    ),
)


def _statements(e: OutlookEnsemble) -> list[Statement]:
    out = [Statement("case", f"Case {c.id}: {c.title}.") for c in e.cases]
    rule = e.o.file.ownership
    out.append(
        Statement(
            "ownership",
            f"Control of what the base mines: rule {rule} ({RULES[rule]}); a mine without an owner found"
            " is unknown and never counts for the country it lies in.",
        )
    )
    out += [Statement("note", note) for note in e.o.world.notes]
    if e.failures:
        years = ", ".join(str(y) for y in sorted({f.year for f in e.failures}))
        out.append(
            Statement(
                "failed",
                f"{len({f.draw for f in e.failures})} draws did not clear in some case ({years}) and are"
                " in no table.",
            )
        )
    return out


def _replaced_statements(
    e: OutlookEnsemble, effects: Sequence[dict[str, Any]], places: Mapping[str, str]
) -> list[Statement]:
    """What the plans take the place of in the last year, user by user."""
    last = e.years.stop - 1
    found = (replaced_text(effects, places, PLANS, user, last) for user in USERS)
    return [Statement("replaced", text) for text in found if text]


def _quotation_statements(e: OutlookEnsemble, prices: list[dict[str, Any]]) -> list[Statement]:
    """Quotations that the scenarios before it are set to, beside the model's own level of that year: the
    level of an outlook is not set to any quotation."""
    out = []
    for q in e.o.scenario.anchors:
        value, year = quotation_in_trade_unit(q, e.o.world), int(q.date[:4])
        key = {
            "case": e.cases[0].id,
            "form": q.form,
            "place": q.place,
            "basis": q.basis or "paid",
            "year": year,
        }
        row = next((r for r in prices if all(r[k] == v for k, v in key.items())), None)
        if value is None or row is None or not row["median"]:
            continue
        out.append(
            Statement(
                "quotation",
                f"{q.series} stood at {value:,.0f} {row['unit']} on {q.date}, {value / row['median']:.1f}"
                f" times the model's mean of {year} ({row['median']:,.0f}): most of that rise is not"
                " explained by anything in here, and no level is set to it.",
            )
        )
    return out
