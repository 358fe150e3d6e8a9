"""Outlooks: solved year by year into one document of kind `outlook`, listed, checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crosscut.base.errors import Problem, UserError
from crosscut.inputs.catalogue import OUTLOOK, bundled_names
from crosscut.inputs.outlook.loader import is_outlook
from crosscut.inputs.outlook.loader import outlook as named_outlook
from crosscut.inputs.outlook.schema import LAST_YEAR, LONGEST
from crosscut.inputs.scenario.catalogue import scenario
from crosscut.inputs.scenario.places import on_world
from crosscut.ledger.ownership import RULES
from crosscut.market.events.compiler.compile_events import compile_events
from crosscut.results import Document, FailedDraw, Horizon, ScenarioUsed, Statement, Status, tables_of
from crosscut.studies.context import Context
from crosscut.studies.outlook.assumptions import outlook_assumptions
from crosscut.studies.outlook.case_effects import effect_rows, replaced_text
from crosscut.studies.outlook.cases import PLANS
from crosscut.studies.outlook.check import outlook_notes
from crosscut.studies.outlook.ensemble import OutlookEnsemble, solved_outlook
from crosscut.studies.outlook.measures import USERS
from crosscut.studies.outlook.nodes import outlook_on_world
from crosscut.studies.outlook.request import OutlookRequest, OutlooksRequest
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
from crosscut.studies.scenario.request import ValidateRequest
from crosscut.studies.shared.cited_facts import cited_facts
from crosscut.studies.shared.document_inputs import inputs_of, limits_of
from crosscut.studies.shared.evidence_rows import drawn_assumption, evidence_rows
from crosscut.studies.shared.levels import quotation_in_trade_unit
from crosscut.worlds import world


def outlook(request: OutlookRequest, context: Context) -> Document:
    """Solves an outlook year by year on the world of its first year.

    Deterministic in (outlook, world, to, seed, draws), the outlook's own unless asked: neither who solves nor
    the time changes the id, and a later `to` does not change an earlier year. The compiled kernel (extra
    `fast`) has other last digits than numpy, so another id.

    Raises
    ------
    UserError
        For an unknown outlook, a last year it cannot reach, and events that contradict each other.
    """
    found = named_outlook(request.outlook)
    file, built = found.file, world(context.ledger, found.scenario.mineral, found.file.years.first)
    first, to = file.years.first, file.years.last if request.to is None else request.to
    if not first <= to <= min(LAST_YEAR, first + LONGEST - 1):
        raise UserError(
            Problem(f"{to} is no last year", "to", f"a year from {first} to {first + LONGEST - 1}, e.g. 2040")
        )
    ensemble = solved_outlook(
        context.worked_by(request.workers),
        outlook_on_world(found, built),
        range(first, to + 1),
        file.seed if request.seed is None else request.seed,
        file.draws if request.draws is None else request.draws,
    )
    return _document(context, ensemble)


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


def _document(context: Context, e: OutlookEnsemble) -> Document:
    ledger, data = context.ledger, context.data
    o, base, file = e.o, e.o.world, e.o.file
    places = {**base.place_names, "EU27": "European Union (27)", "WLD": "World", "UNK": "Unknown"}
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
        "evidence": evidence_rows(ledger, base),
    }
    return Document(
        kind="outlook",
        inputs=inputs_of(
            base,
            ScenarioUsed(file.id, o.outlook.hash, file.title),
            seed=e.seed,
            draws=e.draws,
            data=data.version,
            data_sources=data.sources,
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
        facts=cited_facts(ledger, base.fact_ids),
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
