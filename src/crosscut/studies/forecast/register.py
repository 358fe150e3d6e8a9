"""Register: forecasts for the measures in force, sealed with a hash over everything but the clock."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any

from crosscut.base.errors import Problem, UserError
from crosscut.base.progress import Progress
from crosscut.base.version import __version__
from crosscut.inputs.scenario.catalogue import scenario, scenario_hash
from crosscut.inputs.scenario.places import on_world
from crosscut.ledger.store.ledger import Ledger
from crosscut.market.events.events import Scenario
from crosscut.results import (
    Assumption,
    Document,
    FailedDraw,
    Horizon,
    Inputs,
    ScenarioUsed,
    Statement,
    Status,
    WorldUsed,
    tables_of,
)
from crosscut.studies.backtest.fit.fitted_parameters import bundled_parameters
from crosscut.studies.backtest.market_classes import market_class
from crosscut.studies.forecast.coverage import FEW, class_episodes, coverage
from crosscut.studies.forecast.measures import CHURN_SCALE, forecast_rows
from crosscut.studies.shared.assumptions import event_assumptions
from crosscut.studies.shared.document_inputs import limits_of
from crosscut.studies.shared.ensemble import solved_ensemble
from crosscut.worlds import stand_ins_of, world

STATE_OF_PLAY = "as-of-2026"
DRAWS, MOST_DRAWS = 100, 10_000

Progress = Progress


def measures_in_force(state_of_play: str = STATE_OF_PLAY) -> list[Scenario]:
    """The state of play and the measures it stands on.

    >>> from crosscut.studies.forecast.register import measures_in_force
    >>> [s.id for s in measures_in_force()][:2]
    ['as-of-2026', 'china-controls-2025']
    """
    now = scenario(state_of_play)
    return [now, *(scenario(name) for name in now.after)]


def forecast_result(
    ledger: Ledger,
    written: date,
    *,
    state_of_play: str = STATE_OF_PLAY,
    draws: int = DRAWS,
    data: str = "",
    progress: Progress | None = None,
) -> Document:
    """The forecasts as one document; the day it was written and every row are under its id (a sha256).

    The coded state of play and its measures first; then every other mineral with a measure in force that its
    base year does not hold and a world that solves, from the day after `written`. Minerals with a measure
    and no forecast are listed with why.
    """
    if not 2 <= draws <= MOST_DRAWS:
        raise UserError(
            Problem(f"{draws} draws", "--draws", f"a whole number from 2 to {MOST_DRAWS:,}, e.g. {DRAWS}")
        )
    coded = measures_in_force(state_of_play)
    covered = coverage(ledger, coded[0], written)
    measures = [*coded, *(c.scenario for c in covered if c.scenario is not None)]
    rows: list[dict[str, Any]] = []
    failed: list[tuple[int, str, str]] = []
    hashes, worlds = [], []
    stand_ins: dict[str, None] = {}
    for n, s in enumerate(measures):

        def tell(done: int, total: int, n: int = n) -> None:
            if progress is not None:
                progress(n * total + done, len(measures) * total)

        built = world(ledger, s.mineral, s.year)
        ensemble = solved_ensemble(built, on_world(s, built), s.seed, draws, tell)
        failed += [(d, f"{s.mineral}: {form}", place) for d, form, place in ensemble.failed]
        hashes.append(f"{s.id} {scenario_hash(s)[:16]}")
        worlds.append(f"{built.mineral} {built.hash}")
        stand_ins |= dict.fromkeys(f"{built.mineral.capitalize()}: {said}" for said in stand_ins_of(built))
        dates = {
            "from": s.window_start.isoformat(),
            "to": s.window_end.isoformat(),
            "window": _window(s, written),
        }
        kind = market_class(ledger, s.mineral)
        of_class = {"mineral": s.mineral, "market_class": kind, "episodes": class_episodes(ledger)[kind]}
        rows += [{**r, **dates, **of_class} for r in forecast_rows(ledger, ensemble)]
    minerals = list(dict.fromkeys(s.mineral for s in measures))
    classes = sorted({market_class(ledger, m) for m in minerals})
    grade = world(ledger, minerals[0], measures[0].year).grade
    return Document(
        kind="forecast",
        inputs=Inputs(
            mineral=", ".join(minerals),
            world=WorldUsed(measures[0].year, _hash(worlds), grade),
            scenario=ScenarioUsed(
                "measures-in-force", _hash(hashes), f"Measures in force, written on {written.isoformat()}"
            ),
            seed=None,
            draws=draws,
            code=__version__,
            data=data,
        ),
        status=Status.of([FailedDraw.of(d, form, place) for d, form, place in failed], draws=len(failed)),
        horizon=Horizon(
            min(r["from"] for r in rows),
            max(r["to"] for r in rows),
            "Each row has its own window; a price is its mean, tonnes are a year's.",
        ),
        tables=tables_of(
            {
                "forecasts": rows,
                "forecast_coverage": [c.row(ledger) for c in covered],
            }
        ),
        statements=(
            Statement("written", f"Written on {written.isoformat()} (UTC)."),
            Statement("scenarios", "Scenarios: " + "; ".join(hashes) + "."),
            Statement("worlds", "Worlds: " + "; ".join(worlds) + "."),
            *(Statement("stand_in", text) for text in stand_ins),
            *(Statement("rule", text) for text in (*_RULES, *(_class_text(ledger, c) for c in classes))),
        ),
        assumptions=(
            *(
                Assumption(
                    f"noise/price/{c}",
                    f"Residual error of a log price, {c} (scale, Student t with 3 degrees of freedom)",
                    *bundled_parameters()[c, "noise"],
                    evidence_status="derived",
                    source=f"the backtest of this version, {class_episodes(ledger)[c]} episodes",
                )
                for c in classes
            ),
            Assumption(
                id="noise/tonnes",
                what="Ordinary yearly churn of a flow (scale of the same kind)",
                value=CHURN_SCALE,
                low=None,
                high=None,
                evidence_status="derived",
                source="yearly change of importers with no event: 0.24",
            ),
            *(row for c in covered if c.scenario is not None for row in event_assumptions(c.scenario)),
        ),
        limits=limits_of(_LIMITS),
    )


def _hash(parts: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _class_text(ledger: Ledger, kind: str) -> str:
    n = class_episodes(ledger)[kind]
    few = ", which are few: its interval rests on what all classes have in common" if n < FEW else ""
    return (
        f"{kind[0].upper()}{kind[1:]}: the error of a price was found in {n} real disruptions{few}; those of"
        " 2025 are among them, so rows about measures of 2025 are no fresh test of it."
    )


def _window(s: Scenario, written: date) -> str:
    if s.window_end < written:
        return "over"
    return "open" if s.window_start > written else "running"


_RULES = (
    (
        "Targets as in the backtest: a price ratio is the mean of the window over the level it starts from;"
        " changes and tonnes are against the base year of the world; shares are of the gross increase of the"
        " other exporters."
    ),
    (
        "Rows whose window is over could be known and are no test; running ones are in part; only open ones"
        " are forecasts."
    ),
    (
        "The id is a hash over all of this. Publish it where it cannot be changed: whoever changes the file"
        " and hashes it again gets another id."
    ),
)
_LIMITS = (
    ("Nothing happens but what is in force", "a new measure or a settlement moves all of it"),
    (
        "The level of March 2026 (tungsten) rests on one quotation in a thin market",
        "level uncertain by a third or more",
    ),
    (
        "A mineral with one form is the price of that form as traded; what is made of it may move otherwise",
        "either way",
    ),
    (
        "Licences without a number are half of the exports, from a fifth to four fifths, by convention",
        "either way, by much",
    ),
)
