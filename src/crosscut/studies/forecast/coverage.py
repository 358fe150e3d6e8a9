"""Coverage: which minerals have a measure in force, which of them get a forecast, and why the others do
not."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from crosscut.base.errors import UserError
from crosscut.ledger.store.ledger import Ledger, per_ledger
from crosscut.market.events.events import Scenario
from crosscut.studies.backtest.cases import case_of
from crosscut.studies.backtest.folder import episodes_in
from crosscut.studies.backtest.market_classes import market_class
from crosscut.studies.shared.measures_in_force import in_force_on, named_in_force, said
from crosscut.worlds import world
from crosscut.worlds.graded_minerals import grades

FEW = 6  # episodes of a market class below which its error is hardly its own


@dataclass(frozen=True)
class MeasureCoverage:
    """A mineral with a measure in force. `scenario` is what is forecast beside the coded state of play, None
    where nothing is; `status` says why, or that it is forecast."""

    mineral: str
    grade: str
    measures: str
    scenario: Scenario | None
    status: str

    def row(self, ledger: Ledger) -> dict[str, Any]:
        """As a row of the table `forecast_coverage`."""
        kind = market_class(ledger, self.mineral)
        return {
            "mineral": self.mineral,
            "grade": self.grade,
            "market_class": kind,
            "episodes": class_episodes(ledger)[kind],
            "measures": self.measures,
            "status": self.status,
        }


def coverage(ledger: Ledger, coded: Scenario, written: date) -> list[MeasureCoverage]:
    """Every mineral with a measure in force, by name; `coded` is the state of play that is forecast in any
    case."""
    out = []
    for g in grades(ledger):
        rows = named_in_force(ledger, g.mineral)
        if not rows:
            continue
        told = "; ".join(f"{r['country_iso3']}: {said(r)}" for r in rows)
        if g.mineral == coded.mineral:
            out.append(
                MeasureCoverage(
                    g.mineral, g.grade, told, None, f"forecast: {coded.id} and the measures it stands on"
                )
            )
        elif not g.grade:
            out.append(MeasureCoverage(g.mineral, "", told, None, f"no forecast: no world ({g.why})"))
        else:
            out.append(_of_world(ledger, g.mineral, g.grade, told, written))
    return out


def _of_world(ledger: Ledger, mineral: str, grade: str, told: str, written: date) -> MeasureCoverage:
    try:
        found = in_force_on(ledger, world(ledger, mineral), written + timedelta(days=1))
    except UserError as e:
        return MeasureCoverage(mineral, grade, told, None, f"no forecast: {e}")
    left = "; ".join(f"{what}: {why}" for what, why in found.left_out)
    if found.scenario is None:
        return MeasureCoverage(
            mineral, grade, told, None, f"no forecast: nothing that the base year does not hold ({left})"
        )
    beside = f"; not in it: {left}" if left else ""
    return MeasureCoverage(
        mineral,
        grade,
        told,
        found.scenario,
        f"forecast: {found.scenario.id} ({'; '.join(found.taken)}){beside}",
    )


@per_ledger
def class_episodes(ledger: Ledger) -> Counter[str]:
    """Market class -> bundled episodes whose price is of that class: what its calibration rests on.

    >>> ledger = Ledger.bundled()
    >>> class_episodes(ledger)["quoted minor metal"] > class_episodes(ledger)["exchange-traded"]
    True
    """
    return Counter(case_of(e.inputs).price_class for e in episodes_in(ledger))
