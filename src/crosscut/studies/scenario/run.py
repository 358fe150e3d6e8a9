"""Run: a scenario solved on its world, as one result document."""

from __future__ import annotations

import numpy as np

from crosscut.base.errors import Problem, UserError
from crosscut.inputs.scenario.catalogue import scenario_hash
from crosscut.inputs.scenario.places import on_world
from crosscut.market.events.events import EventKind, Quotation, Scenario
from crosscut.market.model.world import World
from crosscut.results import (
    Document,
    FailedDraw,
    Horizon,
    Observed,
    ScenarioUsed,
    Statement,
    Status,
    tables_of,
)
from crosscut.results.rows import Row
from crosscut.studies.context import Context
from crosscut.studies.scenario.attribution import attribution
from crosscut.studies.scenario.drivers import driver_rows, limit_rows, price_driver_rows
from crosscut.studies.scenario.headline import places_shown
from crosscut.studies.scenario.price_figures import price_figures
from crosscut.studies.scenario.rows import (
    flow_rows,
    move_rows,
    price_rows,
    shortage_rows,
    supply_rows,
    wedge_rows,
)
from crosscut.studies.scenario.step_rows import step_rows, utilisation_rows
from crosscut.studies.scenario.welfare_rows import buyer_rows, welfare_rows, world_gain_rows
from crosscut.studies.shared.assumptions import (
    event_assumptions,
    noise_assumptions,
    parameter_assumptions,
)
from crosscut.studies.shared.cited_facts import cited_facts
from crosscut.studies.shared.document_inputs import inputs_of, limits_of
from crosscut.studies.shared.ensemble import ScenarioEnsemble, level_error
from crosscut.studies.shared.evidence_rows import (
    drawn_assumption,
    error_assumptions,
    evidence_rows,
)
from crosscut.studies.shared.levels import conversion_text, price_levels, quotation_in_trade_unit
from crosscut.studies.shared.money import MoneyMark, money_mark, shows_parties
from crosscut.studies.shared.readings import Readings, solved_and_read

SCREENING_GRADES = ("C", "D")


def run_result(
    context: Context,
    scenario: Scenario,
    world: World,
    *,
    seed: int | None = None,
    draws: int | None = None,
) -> Document:
    """The result of a scenario.

    Parameters
    ----------
    context
        Where facts are read, who solves, and the data the document names.
    scenario, world
        What happens, and to which world.
    seed, draws
        Which futures, and how many; the scenario's own unless given.

    Returns
    -------
    Document
        Of kind ``run``.

    Raises
    ------
    UserError
        Where seed or draws cannot be, or the scenario does not fit the world.

    Notes
    -----
    Deterministic in (scenario, world, seed, draws): on one installation the id depends neither on the time
    nor on who solves.
    """
    seed = scenario.seed if seed is None else seed
    draws = scenario.draws if draws is None else draws
    if not 1 <= draws <= 100_000:
        raise UserError(Problem(f"{draws} draws", "draws", "a whole number from 1 to 100,000, e.g. 200"))
    if not 0 <= seed < 2**63:
        raise UserError(Problem(f"seed {seed}", "seed", "a whole number from 0 to 2^63 - 1"))
    ensemble, read = solved_and_read(
        world,
        on_world(scenario, world),
        seed,
        draws,
        workers=context.workers,
        progress=context.progress,
    )
    return _document(context, ensemble, read, scenario_hash(scenario))


_MONEY = {
    MoneyMark.SHOWN: "",
    MoneyMark.ORDER: (
        "Money shows who gains and loses and its order of size: the error of the base-year figures is in no"
        " interval."
    ),
    MoneyMark.ONE_DIGIT: (
        "Money shows what buyers of this form lose, an order of size with one digit; who bears it further"
        " down and who gains is unknown."
    ),
    MoneyMark.UNKNOWN: "Too little of this world is fact to show who gains and loses in money.",
}


def _document(
    context: Context, ensemble: ScenarioEnsemble, read: Readings, hash_of_scenario: str
) -> Document:
    ledger, data = context.ledger, context.data
    world, scenario = ensemble.world, ensemble.scenario
    forms = [f.id for f in world.chain.forms]
    shown = places_shown(scenario, world, read.places)
    headline = [(forms[p.form], p.place, p.basis) for p in shown]
    level, anchor_notes = price_levels(ensemble)
    figures = price_figures(ensemble, read)
    prices = price_rows(ensemble, read, figures, level, headline)
    by_event = attribution(ensemble, read.places)
    screening, parties = world.grade in SCREENING_GRADES, shows_parties(world)
    rows: dict[str, list[Row]] = {
        "prices": prices,
        "flows": flow_rows(ensemble),
        "supply": supply_rows(ensemble),
        "shortages": shortage_rows(ensemble),
        "welfare": welfare_rows(ensemble, read) if parties else buyer_rows(ensemble, read),
        "world_gains": world_gain_rows(read) if parties else [],
        "wedges": wedge_rows(ensemble),
        "drivers": driver_rows(ensemble, by_event, read.places, shown[0] if shown else None),
        "price_steps": step_rows(ensemble, read, figures, level),
        "price_drivers": price_driver_rows(ensemble, by_event, read.places, figures),
        "limits": limit_rows(ensemble, read),
        "utilisation": utilisation_rows(ensemble, read),
        "moves": move_rows(ensemble),
        "evidence": evidence_rows(ledger, world),
    }
    observed = [_observed(q, world, prices) for q in scenario.observed]
    quoted = (q.fact_id for q in (*scenario.observed, *scenario.anchors) if q.fact_id)
    return Document(
        kind="run",
        inputs=inputs_of(
            world,
            ScenarioUsed(scenario.id, hash_of_scenario, scenario.title),
            seed=ensemble.seed,
            draws=ensemble.draws,
            data=data.version,
            data_sources=data.sources,
        ),
        status=_status(ensemble),
        horizon=Horizon(
            scenario.window_start.isoformat(),
            scenario.window_end.isoformat(),
            "Prices are averages over the window, not peaks; tonnes and USD are a year's.",
        ),
        tables=tables_of(rows),
        statements=tuple(_statements(ensemble, observed, anchor_notes, screening)),
        assumptions=(
            *parameter_assumptions(world),
            *event_assumptions(scenario),
            *noise_assumptions(world),
            drawn_assumption(ensemble.job.read),
            *error_assumptions(world, dict(zip(forms, level_error(world, scenario), strict=True))),
        ),
        facts=cited_facts(ledger, [*world.fact_ids, *quoted]),
        limits=limits_of((*scenario.limits, *_limits(scenario))),
        observed=tuple(observed),
        places={**world.place_names, "EU27": "European Union (27)"},
    )


_STOCK_EVENTS = (
    EventKind.STOCKPILE_PURCHASE,
    EventKind.STOCK_RELEASE,
    EventKind.COMMERCIAL_STOCK,
    EventKind.PRECAUTIONARY_BUYING,
)


def _limits(scenario: Scenario) -> tuple[tuple[str, str], ...]:
    """What no run has in it; the sentence on stocks gives way to another where events move some."""
    if any(e.kind in _STOCK_EVENTS for e in scenario.events):
        return (_CHURN, _SOME_STOCKS, _DUTIES)
    return (_CHURN, _NO_STOCKS, _DUTIES)


_CHURN = (
    (
        "The intervals of tonnes and money hold the draws of behaviour, of event sizes and of the errors of"
        " figures by their evidence status, drawn apart from each other; what all figures of one source have"
        " in common, and ordinary year-to-year churn of trade (18 to 24 % of importer tonnes), is not in them"
    ),
    "intervals of flows and shortages too narrow",
)
_NO_STOCKS = (
    "One year and a static market: no stocks are built or drawn beyond the base year",
    "prices too low while buyers hoard, too high while stocks are run down",
)
_SOME_STOCKS = (
    (
        "One year and a static market: only the stocks of the events are built or drawn, and none runs out"
        " before its size"
    ),
    "prices too low while others hoard, too high while they run down stocks",
)
_DUTIES = ("Base-year duties stand at 0 where they were not found", "price levels too low, changes right")


def _status(ensemble: ScenarioEnsemble) -> Status:
    certificates = [s.certificate for o in ensemble.solved for s in (o.before, o.after)]
    worst = {
        name: max((abs(getattr(c, name)) for c in certificates), default=0.0)
        for name in ("residual", "mass", "cap", "money")
    }
    return Status.of([FailedDraw.of(d, form, place) for d, form, place in ensemble.failed], worst)


def _observed(q: Quotation, world: World, prices: list[Row]) -> Observed:
    """A quotation beside its row of the price table: inside, above or below the 80 % interval."""
    row = next(
        (
            r
            for r in prices
            if r["form"] == q.form and r["place"] == q.place and r["basis"] == (q.basis or "paid")
        ),
        None,
    )
    value = quotation_in_trade_unit(q, world)
    verdict, ref = "not compared: no such price in the model", ""
    if row is not None:
        ref = f"prices/{q.form}/{q.place}/{row['basis']}"
        if value is None:
            verdict = f"not compared: quoted in {q.unit}"
        elif row["p10"] is None:
            verdict = "not compared: the model has no price here"
        elif value > row["p90"]:
            verdict = "above the interval"
        elif value < row["p10"]:
            verdict = "below the interval"
        else:
            verdict = "inside the interval"
    return Observed(
        ref=ref,
        value=q.value if value is None else value,
        unit=q.unit if value is None or row is None else row["unit"],
        date=q.date,
        fact=q.fact_id,
        series=q.series,
        source=q.source,
        role=q.role,
        verdict=verdict,
        note="; ".join(t for t in (conversion_text(q), q.note) if t),
    )


def _statements(
    ensemble: ScenarioEnsemble, observed: list[Observed], anchors: list[str], screening: bool
) -> list[Statement]:
    out = [Statement("note", note) for note in (*ensemble.world.notes, *anchors)]
    compiled_notes = dict.fromkeys((*ensemble.central.events_after.notes, *ensemble.central.after.notes))
    out += [Statement("note", note) for note in compiled_notes]
    for event in ensemble.scenario.events:
        if event.probability < 1:
            taken = "leaves it out" if event.id in ensemble.central.draw.absent else "takes it"
            share = (
                float(np.mean([event.id not in o.draw.absent for o in ensemble.solved]))
                if ensemble.solved
                else 0.0
            )
            out.append(
                Statement(
                    "probability",
                    f"{event.id} happens with probability {event.probability:g}: in {share:.0%} of the"
                    f" draws of this run; the median case {taken}.",
                )
            )
    outside = [o for o in observed if o.verdict in ("above the interval", "below the interval")]
    if outside:
        listed = "; ".join(f"{o.value:,.0f} {o.unit} on {o.date} is {o.verdict}" for o in outside)
        out.append(
            Statement("observed_outside", f"Reality lies outside: {listed}.", tuple([o.ref for o in outside]))
        )
    if screening:
        grade = ensemble.world.grade
        money = _MONEY[money_mark(ensemble.world)]
        out.append(Statement("screening", f"World grade {grade}: screening only. {money}"))
    return out
