"""Register: forecasts for the measures in force, sealed with a hash over everything but the clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from crosscut import __version__
from crosscut.backtests.build_parameters import bundled_parameters
from crosscut.backtests.forecasts.measures import CHURN_SCALE, forecast_rows
from crosscut.backtests.market_classes import market_class
from crosscut.errors import Problem, UserError
from crosscut.market.events import Scenario
from crosscut.results import sealed, table
from crosscut.scenarios.catalogue import scenario, scenario_hash
from crosscut.scenarios.ensemble import solved_ensemble
from crosscut.scenarios.places import on_world
from crosscut.worlds import world

STATE_OF_PLAY = "as-of-2026"
DRAWS, MOST_DRAWS = 100, 10_000

Progress = Callable[[int, int], None]


def measures_in_force(state_of_play: str = STATE_OF_PLAY) -> list[Scenario]:
    """The state of play and the measures it stands on.

    >>> from crosscut.backtests.forecasts.register import measures_in_force
    >>> [s.id for s in measures_in_force()][:2]
    ['as-of-2026', 'china-controls-2025']
    """
    now = scenario(state_of_play)
    return [now, *(scenario(name) for name in now.after)]


def forecast_result(
    written: date,
    *,
    state_of_play: str = STATE_OF_PLAY,
    draws: int = DRAWS,
    data: str = "",
    progress: Progress | None = None,
) -> dict[str, Any]:
    """The forecasts as one document; the day it was written and every row are under its id (a sha256)."""
    if not 2 <= draws <= MOST_DRAWS:
        raise UserError(
            Problem(f"{draws} draws", "--draws", f"a whole number from 2 to {MOST_DRAWS:,}, e.g. {DRAWS}")
        )
    measures = measures_in_force(state_of_play)
    rows: list[dict[str, Any]] = []
    failed = 0
    hashes = []
    for n, s in enumerate(measures):

        def tell(done: int, total: int, n: int = n) -> None:
            if progress is not None:
                progress(n * total + done, len(measures) * total)

        built = world(s.mineral, s.year)
        ensemble = solved_ensemble(built, on_world(s, built), s.seed, draws, tell)
        failed += len(ensemble.failed)
        hashes.append(f"{s.id} {scenario_hash(s)[:16]}")
        dates = {"from": s.window_start.isoformat(), "to": s.window_end.isoformat(), "window": _window(s, written)}
        rows += [{**r, **dates} for r in forecast_rows(ensemble)]
    first = measures[0]
    built = world(first.mineral, first.year)
    return sealed(
        {
            "kind": "forecast",
            "inputs": {
                "mineral": first.mineral,
                "world": {"year": built.year, "hash": built.hash, "grade": built.grade},
                "scenario": {"id": first.id, "hash": scenario_hash(first), "title": first.title},
                "seed": None, "draws": draws, "code": __version__, "data": data,
            },
            "status": {"ok": failed == 0, "failed_draws": failed, "failed": [], "certificate": {}},
            "horizon": {
                "from": min(r["from"] for r in rows), "to": max(r["to"] for r in rows),
                "meaning": "Each row has its own window; a price is its mean, tonnes are a year's.",
            },
            "tables": {"forecasts": table("forecasts", rows)},
            "statements": [
                {"text_key": "written", "text": f"Written on {written.isoformat()} (UTC).", "refs": []},
                {"text_key": "scenarios", "text": "Scenarios: " + "; ".join(hashes) + ".", "refs": []},
                *({"text_key": "rule", "text": text, "refs": []} for text in _RULES),
            ],
            "assumptions": [
                {"id": "noise/price", "what": "Residual error of a log price (scale, Student t with 3 degrees of freedom)",
                 "value": bundled_parameters()[market_class(first.mineral), "noise"][0], "low": None, "high": None,
                 "standing": "derived", "source": "the backtest of this version"},
                {"id": "noise/tonnes", "what": "Ordinary yearly churn of a flow (scale of the same kind)",
                 "value": CHURN_SCALE, "low": None, "high": None, "standing": "derived",
                 "source": "yearly change of importers with no event: 0.24"},
            ],
            "facts": [], "limits": [{"what": what, "bias": bias} for what, bias in _LIMITS], "observed": [], "places": {},
        },
        datetime.now(UTC).isoformat(timespec="seconds"),
    )  # fmt: skip


def _window(s: Scenario, written: date) -> str:
    if s.window_end < written:
        return "over"
    return "open" if s.window_start > written else "running"


_RULES = (
    "Targets as in the backtest: a price ratio is the mean of the window over the level it starts from; changes and tonnes "
    "are against the base year of the world; shares are of the gross increase of the other exporters.",
    "Rows whose window is over could be known and are no test; running ones are in part; only open ones are forecasts.",
    "The id is a hash over all of this. Publish it where it cannot be changed: whoever changes the file and hashes it again "
    "gets another id.",
)
_LIMITS = (
    ("Nothing happens but what is in force", "a new measure or a settlement moves all of it"),
    ("The level of March 2026 rests on one quotation in a thin market", "level uncertain by a third or more"),
)
