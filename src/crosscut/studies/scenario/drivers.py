"""Drivers: what the events of a scenario do to prices, which limits bind, and who gets the rent."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from crosscut.base.arrays import Array
from crosscut.inputs.scenario.entries import event_title
from crosscut.market.events.compiled import Group
from crosscut.market.events.events import Event, EventKind
from crosscut.market.model.solution import Solution
from crosscut.results.rows import Row
from crosscut.studies.scenario.attribution import Attribution
from crosscut.studies.scenario.price_figures import PriceFigures
from crosscut.studies.shared.ensemble import ScenarioEnsemble
from crosscut.studies.shared.money import millions, money_mark
from crosscut.studies.shared.quantities import PricePlace
from crosscut.studies.shared.readings import Readings

NO_CHANGE = 1e-9  # log change below which there is nothing to share out
BINDS = 1e-6  # USD per t; a smaller multiplier is solver noise
ROUNDING = 1e-9  # of what is mined


def driver_rows(
    ensemble: ScenarioEnsemble, found: Attribution, places: Sequence[PricePlace], headline: PricePlace | None
) -> list[Row]:
    """One row per event: share of the log change of the headline price, whether its limit binds, its rent."""
    scenario, central = ensemble.scenario, ensemble.central
    own = {e.id: e for e in scenario.events}
    at = places.index(headline) if headline is not None else None
    groups = (*central.events_after.caps, *central.events_after.floors)
    mark = money_mark(ensemble.world)
    rows = []
    for k, event_id in enumerate(found.events):
        event = own[event_id]
        mine = [g for g in groups if g.event_id == event.id]
        rents = [_rent(central.after, g) for g in mine]
        share, error = (None, None) if at is None else _share(found, k, at)
        rows.append(
            {
                "event": event.id,
                "title": event_title(event),
                "share": share,
                "error": error,
                "binds": _binds(ensemble, event, mine),
                "rent": millions(sum(rents), mark) if mine else None,
                "rent_to": str(event.rent_to) if mine else None,
            }
        )
    return rows


APART = (
    "the median over the draws and the case of median parameters do not move the same way:"
    " nothing to share out"
)


def price_driver_rows(
    ensemble: ScenarioEnsemble, found: Attribution, places: Sequence[PricePlace], figures: PriceFigures
) -> list[Row]:
    """One row per price and event: its part in the log change of that price; the parts add up to `change`.

    Shares are found at median parameters and applied to the change of the median, which is the one that the
    price table shows.
    """
    forms = [f.id for f in ensemble.world.chain.forms]
    rows = []
    for at, place in enumerate(places):
        change, scale, status = _onto_median(found, figures, at)
        for k, event in enumerate(found.events):
            share, _ = _share(found, k, at)
            rows.append(
                {
                    "form": forms[place.form],
                    "place": place.place,
                    "basis": place.basis,
                    "event": event,
                    "part": found.parts[k, at] * scale,
                    "error": found.error[k, at] * abs(scale),
                    "change": change,
                    "share": share if np.isfinite(scale) else None,
                    "status": status,
                }
            )
    return rows


def _onto_median(found: Attribution, figures: PriceFigures, at: int) -> tuple[float, float, str]:
    """(log change of the median, factor from the change at median parameters to it, why there is none)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        change = float(np.log(figures.median[at] / figures.base[at]))
    central = float(found.change[at])
    if found.status[at] or not np.isfinite(change):
        return change, float("nan"), found.status[at] or "no price before or after"
    if max(abs(change), abs(central)) < NO_CHANGE:
        return change, 1.0, ""
    if abs(central) < NO_CHANGE or change * central < 0:
        return change, float("nan"), APART
    return change, change / central, ""


def _share(found: Attribution, k: int, at: int) -> tuple[float | None, float | None]:
    part, total = found.parts[k, at], found.change[at]
    if not np.isfinite(part) or abs(total) < NO_CHANGE:
        return None, None
    return float(part / total), float(found.error[k, at] / abs(total))


def _rent(solution: Solution, group: Group) -> float:
    """USD a year that a limit earns; what passes it at a toll pays that to nobody."""
    multiplier, through = solution.multipliers.get(group.id, 0.0), _through(solution.flows, group)
    lost = min(multiplier, group.toll) * max(0.0, through - group.limit) if np.isfinite(group.toll) else 0.0
    return multiplier * through - lost


def _through(flows: Array, group: Group) -> float:
    return float(flows[group.form][group.routes].sum())


def _binds(ensemble: ScenarioEnsemble, event: Event, groups: list[Group]) -> bool | None:
    """Whether the limit of an event holds something back at median sizes; None when the event sets no
    limit."""
    central = ensemble.central
    if groups:
        return any(central.after.multipliers.get(g.id, 0.0) > BINDS for g in groups)
    if event.kind is not EventKind.PRODUCTION_QUOTA:
        return None
    f = ensemble.world.chain.form_index(event.form)
    ceiling = central.events_after.supply_ceiling[f]
    return bool((np.isfinite(ceiling) & (ceiling < central.before.supply[f])).any())


def limit_rows(ensemble: ScenarioEnsemble, read: Readings) -> list[Row]:
    """Every cap, floor and production quota in force after the events: how much may pass, how much does,
    what one more tonne would be worth and to whom. At median parameters; `binding_draws` is the share of
    draws in which it binds.
    """
    central = ensemble.central
    forms = [f.id for f in ensemble.world.chain.forms]
    rows = []
    for g in (*central.events_after.caps, *central.events_after.floors):
        drawn = [o.after.multipliers.get(g.id, 0.0) > BINDS for o in ensemble.solved]
        rows.append(
            _limit(
                g.id,
                (g.event_id, g.kind, forms[g.form], _routes_text(ensemble, g)),
                (g.limit, _through(central.before.flows, g), _through(central.after.flows, g)),
                central.after.multipliers.get(g.id, 0.0),
                str(g.rent_to).replace("_", " "),
                float(np.mean(drawn)) if drawn else None,
                (g.toll, g.last) if np.isfinite(g.toll) else (None, None),
            )
        )
    return rows + _quota_rows(ensemble, read, forms)


def _quota_rows(ensemble: ScenarioEnsemble, read: Readings, forms: list[str]) -> list[Row]:
    central, world = ensemble.central, ensemble.world
    ceiling = central.events_after.supply_ceiling
    rows = []
    for f, i in np.argwhere(np.isfinite(ceiling)):
        event = next(
            (
                e
                for e in ensemble.scenario.events
                if e.kind is EventKind.PRODUCTION_QUOTA
                and e.form == forms[f]
                and (not e.origins or world.countries[i] in e.origins)
            ),
            None,
        )
        before = float(central.before.supply[f, i])
        drawn = [_cuts(o.events_after.supply_ceiling[f, i], o.before.supply[f, i]) for o in ensemble.solved]
        rows.append(
            _limit(
                f"{event.id if event else 'quota'}/{world.countries[i]}",
                (event.id if event else "", "production quota", forms[f], world.countries[i]),
                (float(ceiling[f, i]), before, float(central.after.supply[f, i])),
                float(read.central.scarcity[1][f, i]) if _cuts(ceiling[f, i], before) else 0.0,
                "producers",
                float(np.mean(drawn)) if drawn else None,
            )
        )
    return rows


def _cuts(quota: float, mined: float) -> bool:
    """Whether a quota is below what was mined without it, by more than rounding."""
    return bool(quota < mined * (1.0 - ROUNDING))


def _limit(
    name: str,
    labels: tuple[str, str, str, str],
    tonnes: tuple[float, float, float],
    worth: float,
    rent_to: str,
    binding: float | None,
    beyond: tuple[float | None, float | None] = (None, None),
) -> Row:
    event, kind, form, where = labels
    allowed, before, passed = tonnes
    return {
        "limit": name,
        "event": event,
        "kind": kind,
        "form": form,
        "where": where,
        "allowed": allowed,
        "before": before,
        "passed": passed,
        "worth": worth,
        "rent": worth * passed / 1e6,
        "rent_to": rent_to,
        "binds": worth > BINDS,
        "binding_draws": binding,
        "toll": beyond[0],
        "last": beyond[1],
    }


def _routes_text(ensemble: ScenarioEnsemble, group: Group) -> str:
    names = ensemble.world.countries

    def some(found: list[int]) -> str:
        return ", ".join(names[i] for i in found) if len(found) <= 3 else f"{len(found)} places"

    origins = np.flatnonzero(group.routes.any(axis=1)).tolist()
    destinations = np.flatnonzero(group.routes.any(axis=0)).tolist()
    return f"{some(origins)} -> {some(destinations)}"
