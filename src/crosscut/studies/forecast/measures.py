"""Measures: forecasts of one scenario in the terms in which episodes are scored.

Prices are ratios to the level the scenario starts from; tonnes are those of a year, against the base year of
the world. The 80 % interval mixes the futures of the scenario with the residual error that the backtest
found in the market class; for tonnes with ordinary yearly churn.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from crosscut.base.arrays import Array
from crosscut.ledger.store.ledger import Ledger
from crosscut.market.events.events import EventKind, Scenario
from crosscut.studies.backtest.fit.fitted_parameters import bundled_parameters
from crosscut.studies.backtest.market_classes import market_class
from crosscut.studies.backtest.score.mixture import mixture_quantile
from crosscut.studies.scenario.headline import headline_places
from crosscut.studies.shared.ensemble import ScenarioEnsemble
from crosscut.studies.shared.levels import price_levels
from crosscut.studies.shared.quantities import price_at
from crosscut.worlds.minerals import trade_unit

# Weights of the 10 %, 50 % and 90 % points of what is uncertain (Swanson's rule; Hurst, Brown and Swanson
# 2000).
SWANSON = (0.3, 0.4, 0.3)
SHOWN = 0.01  # importers and exporters of at least this share of base trade
# Scale (Student t, three degrees of freedom) whose mean size is the yearly churn of importers with no event:
# 0.24.
CHURN_SCALE = 0.22
CHURN = (CHURN_SCALE,) * 3
CUTS = (EventKind.EXPORT_LICENCE, EventKind.EXPORT_QUOTA)


def forecast_rows(ledger: Ledger, ensemble: ScenarioEnsemble) -> list[dict[str, Any]]:
    """Rows of the table `forecasts` without the dates of the window."""
    world = ensemble.world
    form = world.chain.headline_index()
    return [
        *_prices(ledger, ensemble),
        *_flows(ensemble, form),
        *_importers(ensemble, form),
        *_gap_fill(ensemble, form),
    ]


@dataclass(frozen=True)
class _Forecast:
    """A number written down before it is known: of what, from which base, with its interval."""

    e: ScenarioEnsemble
    target: str
    what: str
    key: str
    unit: str
    base: float | None
    base_unit: str
    value: float
    low: float | None
    high: float | None

    def as_row(self) -> dict[str, Any]:
        """The row as the result table has it."""
        return {
            "forecast": f"{self.e.scenario.id}/{self.target}/{self.key}".rstrip("/"),
            "scenario": self.e.scenario.id,
            "target": self.target,
            "what": self.what,
            "key": self.key,
            "unit": self.unit,
            "base": self.base,
            "base_unit": self.base_unit,
            "value": self.value,
            "lo80": self.low,
            "hi80": self.high,
        }


def _prices(ledger: Ledger, e: ScenarioEnsemble) -> list[dict[str, Any]]:
    world = e.world
    level, _ = price_levels(e)
    middle_noise, low_noise, high_noise = bundled_parameters()[market_class(ledger, world.mineral), "noise"]
    scales = (low_noise, middle_noise, high_noise)
    start_level = "the level it starts from" if e.scenario.anchors else f"the mean of {world.year}"
    out = []
    for p in headline_places(world):
        start = price_at(world, e.central.events_before, e.central.before, p)
        pairs = np.array(
            [
                [
                    price_at(e.world_of(o), o.events_before, o.before, p),
                    price_at(e.world_of(o), o.events_after, o.after, p),
                ]
                for o in e.solved
            ]
        ).reshape(-1, 2)
        pairs = pairs[np.isfinite(pairs).all(axis=1)]
        logs = np.log(pairs[:, 1] / pairs[:, 0])  # within a draw, as `crosscut run` reads a change
        if not np.isfinite(start) or not len(logs):
            continue
        unit, factor = trade_unit(world.mineral, world.chain.forms[p.form].id)
        low, middle, high = (math.exp(q) for q in _with_error(logs, scales))
        form = world.chain.forms[p.form]
        what = f"{form.title}, {p.place}, {p.basis}: mean of the window over {start_level}"
        out.append(
            _Forecast(
                e=e,
                target="price_ratio",
                what=what,
                key=f"{form.id}/{p.place}/{p.basis}",
                unit="ratio",
                base=start * factor * level[p.form],
                base_unit=unit,
                value=middle,
                low=low,
                high=high,
            ).as_row()
        )
    return out


def _with_error(logs: Array, scales: tuple[float, float, float]) -> list[float]:
    """Interval and median of a log: the median is that of the futures, as `crosscut run` shows it; the 10
    and 90 % points are those of the futures mixed with an error whose scale has these 10, 50 and 90 %
    points."""
    n = len(logs)
    mu, sd = np.tile(logs, 3), np.repeat(scales, n)
    weight = np.repeat(SWANSON, n) / n
    low, high = (mixture_quantile(mu, sd, weight, q) for q in (0.1, 0.9))
    return [low, float(np.median(logs)), high]


def _abroad(q: Array) -> Array:
    out: Array = q - np.diag(np.diag(q))
    return out


def _restrictors(scenario: Scenario, form: str) -> list[str]:
    """Origins whose exports of the form are limited."""
    hit = [o for x in scenario.events if x.kind in CUTS and x.form == form for o in x.origins]
    return list(dict.fromkeys(hit))


def _aimed(scenario: Scenario, form: str) -> list[tuple[str, str]]:
    """(origin, destination) of every pair whose trade in the form is refused alone."""
    hit = [
        (o, d)
        for x in scenario.events
        if x.kind is EventKind.SANCTION and x.form == form
        for o in x.origins
        for d in x.destinations
    ]
    return list(dict.fromkeys(hit))


def _flows(e: ScenarioEnsemble, f: int) -> list[dict[str, Any]]:
    world, form = e.world, e.world.chain.forms[f]
    names = world.place_names
    hit = [(o, "", f"all exports of {names.get(o, o)}") for o in _restrictors(e.scenario, form.id)]
    hit += [
        (o, d, f"exports of {names.get(o, o)} to {names.get(d, d)}") for o, d in _aimed(e.scenario, form.id)
    ]
    out = []
    for origin, target, what in hit:
        i = world.country_index(origin)
        to = slice(None) if not target else world.country_index(target)
        base = float(_abroad(world.q0[f])[i, to].sum())
        logs = np.log(
            [
                max(
                    float(_abroad(o.after.flows[f])[i, to].sum() / _abroad(e.world_of(o).q0[f])[i, to].sum()),
                    1e-9,
                )
                for o in e.solved
            ]
        )
        low, middle, high = (math.exp(q) - 1 for q in _with_error(logs, CHURN))
        key = f"{form.id}/{origin}/{target}".rstrip("/")
        out.append(
            _Forecast(
                e=e,
                target="restrictor_flow_change",
                what=f"{form.title}: {what}, change from {world.year}",
                key=key,
                unit="fraction",
                base=base,
                base_unit="t contained a year",
                value=middle,
                low=low,
                high=high,
            ).as_row()
        )
    return out


def _importers(e: ScenarioEnsemble, f: int) -> list[dict[str, Any]]:
    world, form = e.world, e.world.chain.forms[f]
    base = _abroad(world.q0[f]).sum(axis=0)
    out = []
    for j in np.argsort(-base).tolist():
        if base[j] < SHOWN * base.sum():
            break
        change = np.log(
            [
                max(float(_abroad(o.after.flows[f])[:, j].sum()), 1e-9)
                / float(_abroad(e.world_of(o).q0[f])[:, j].sum())
                for o in e.solved
            ]
        )
        low, middle, high = (float(base[j]) * math.exp(q) for q in _with_error(change, CHURN))
        name = world.place_names.get(world.countries[j], world.countries[j])
        out.append(
            _Forecast(
                e=e,
                target="importer_qty",
                what=f"{form.title}: imports of {name}, re-exports traced",
                key=f"{form.id}/{world.countries[j]}",
                unit="t contained a year",
                base=float(base[j]),
                base_unit="t contained a year",
                value=middle,
                low=low,
                high=high,
            ).as_row()
        )
    return out


def _gap_fill(e: ScenarioEnsemble, f: int) -> list[dict[str, Any]]:
    world, form = e.world, e.world.chain.forms[f]
    hit = [world.country_index(o) for o in _restrictors(e.scenario, form.id)]
    if not hit:
        return []
    shares = []
    for o in e.solved:
        rise = np.maximum(
            _abroad(o.after.flows[f]).sum(axis=1) - _abroad(e.world_of(o).q0[f]).sum(axis=1), 0.0
        )
        rise[hit] = 0.0
        shares.append(rise / rise.sum() if rise.sum() > 0 else rise)
    mean = np.mean(shares, axis=0)
    return [
        _Forecast(
            e=e,
            target="gap_fill_share",
            what=f"{form.title}: share of the gross increase of other exporters",
            key=f"{form.id}/{world.countries[i]}",
            unit="share",
            base=None,
            base_unit="",
            value=float(mean[i]),
            low=None,
            high=None,
        ).as_row()
        for i in np.argsort(-mean).tolist()
        if mean[i] >= SHOWN
    ]
