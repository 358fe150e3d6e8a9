"""Rows: the tables of a run from its ensemble, with medians and 80 % intervals over the solved draws."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from crosscut.base.arrays import Array
from crosscut.market.model.world import World
from crosscut.market.solve.calibration import freight_duty
from crosscut.results.rows import Row
from crosscut.studies.scenario.paired_tonnes import paired_points
from crosscut.studies.scenario.price_figures import PriceFigures
from crosscut.studies.shared.ensemble import Outcome, ScenarioEnsemble
from crosscut.studies.shared.quantities import PricePlace, status_at
from crosscut.studies.shared.readings import Readings
from crosscut.worlds.minerals import trade_unit

SHOWN_FLOW = 0.1  # t; smaller flows are left out of the table (their sum is far below its rounding)


def interval(values: Array) -> dict[str, float | None]:
    """10, 50 and 90 % points over draws (axis 0 of length n); None when no draw has a value."""
    finite = values[np.isfinite(values)]
    if not len(finite):
        return {"p10": None, "median": None, "p90": None}
    p10, median, p90 = np.quantile(finite, [0.1, 0.5, 0.9])
    return {"p10": float(p10), "median": float(median), "p90": float(p90)}


def intervals(values: Array) -> list[dict[str, float | None]]:
    """`interval` of every column of [draw, k].

    >>> some, none = np.array([[1.0, np.nan], [3.0, np.nan]]), np.full((2, 1), np.nan)
    >>> intervals(some)[0]["median"], intervals(none)[0]["p10"]
    (2.0, None)
    """
    whole = np.asarray(np.isfinite(values).all(axis=0) & (len(values) > 0))
    points = np.quantile(values[:, whole], [0.1, 0.5, 0.9], axis=0).T.tolist() if whole.any() else []
    shared = iter(points)
    return [
        (
            dict(zip(("p10", "median", "p90"), next(shared), strict=True))
            if all_there
            else interval(values[:, k])
        )
        for k, all_there in enumerate(whole.tolist())
    ]


def price_rows(
    ensemble: ScenarioEnsemble,
    read: Readings,
    figures: PriceFigures,
    level: Sequence[float],
    headline: Iterable[tuple[str, str, str]],
) -> list[Row]:
    """Prices before and after in trade units: the change, and the level with the error of prices (E31).

    level[f]: factor that rebases form f to its anchor quotation.
    """
    world, shown = ensemble.world, list(headline)
    forms = [f.id for f in world.chain.forms]
    told_apart = figures.told_apart

    def rank(at: int) -> int:
        p = read.places[at]
        key = (forms[p.form], p.place, p.basis)
        return shown.index(key) if key in shown else len(shown)

    rows = []
    for at in sorted(range(len(read.places)), key=rank):
        place = read.places[at]
        form = forms[place.form]
        unit, factor = trade_unit(world.mineral, form)
        scale = factor * level[place.form]
        base, median = figures.base[at], figures.median[at]
        rows.append(
            {
                "form": form,
                "place": place.place,
                "basis": place.basis,
                "unit": unit,
                "base": _scaled(base, scale),
                "median": _scaled(median, scale),
                "change": float(median / base - 1.0) if base > 0 and np.isfinite(median) else None,
                "effect_p10": _scaled(figures.effect_low[at], scale),
                "effect_p90": _scaled(figures.effect_high[at], scale),
                "p10": _scaled(figures.low[at], scale),
                "p90": _scaled(figures.high[at], scale),
                "sampling_error": _scaled(figures.sampling[at], scale),
                "told_apart": (
                    bool(told_apart[at]) if np.isfinite(base) and np.isfinite(figures.sampling[at]) else None
                ),
                "status": _status(ensemble, place),
                "headline": (form, place.place, place.basis) in shown,
            }
        )
    return rows


def _scaled(value: float, scale: float) -> float | None:
    return float(value * scale) if np.isfinite(value) else None


def _status(ensemble: ScenarioEnsemble, place: PricePlace) -> str:
    if len(place.nodes) == 1 and ensemble.solved:
        f, i = place.form, place.nodes[0]
        seller = place.basis in ("inside", "border")
        found = {
            str((o.after.origin_status if seller else o.after.buyer_status)[f, i]) for o in ensemble.solved
        }
        if len(found) == 1:
            return found.pop()
    counts = Counter(status_at(o.after, place) for o in ensemble.solved)
    if not counts:
        return "failed"
    usual = counts.most_common(1)[0][0]
    others = [f"{s} in {k} of {len(ensemble.solved)} draws" for s, k in counts.most_common() if s != usual]
    return usual if not others else f"{usual}; {', '.join(others)}"


def flow_rows(ensemble: ScenarioEnsemble) -> list[Row]:
    """Origin-to-use flows above 0.1 t.

    `base` is the world itself (median parameters), `median` the base moved by the change within a draw: not a
    median of drawn worlds, which differ without any event.
    """
    world = ensemble.world
    after = np.array([o.after.flows for o in ensemble.solved])
    if not len(after):
        return []
    base = _before(ensemble, "flows")
    p10, p50, p90 = paired_points(base, np.array([o.before.flows for o in ensemble.solved]), after)
    shown = np.argwhere(np.maximum(base, p90) >= SHOWN_FLOW)
    return [
        {
            "form": world.chain.forms[f].id,
            "origin": world.countries[i],
            "destination": world.countries[j],
            "base": float(base[f, i, j]),
            "p10": float(p10[f, i, j]),
            "median": float(p50[f, i, j]),
            "p90": float(p90[f, i, j]),
        }
        for f, i, j in shown
    ]


def _before(ensemble: ScenarioEnsemble, what: str) -> Array:
    """An array of the market before the events: at median parameters on the world itself, so that it adds
    up; over the draws only where that market did not clear."""
    central = ensemble.central.before
    drawn = [getattr(o.before, what) for o in ensemble.solved]
    out: Array = getattr(central, what) if central.ok else np.median(np.array(drawn), axis=0)
    return out


STOCK_RELEASED, STOCK_BOUGHT = "stock released", "stock bought"


def supply_rows(ensemble: ScenarioEnsemble) -> list[Row]:
    """Primary supply by form and country, what every process makes, and what stocks release (below 0: take
    up) and buy."""
    world = ensemble.world
    if not ensemble.solved:
        return []
    rows = []

    def add(form: str, country: str, source: str, base: float, before: Array, after: Array) -> None:
        if max(abs(base), np.abs(after).max()) > SHOWN_FLOW:
            points = (float(x) for x in paired_points(np.array(base), before, after))
            named = dict(zip(("p10", "median", "p90"), points, strict=True))
            rows.append({"form": form, "country": country, "source": source, "base": float(base), **named})

    def of(name: str) -> tuple[Array, Array, Array]:
        """The base, and every draw before and after the events."""
        drawn = [np.array([getattr(s, name) for s in side]) for side in sides]
        return _before(ensemble, name), drawn[0], drawn[1]

    sides = [o.before for o in ensemble.solved], [o.after for o in ensemble.solved]
    supply, activity = of("supply"), of("activity")
    for f, form in enumerate(world.chain.forms):
        for i, code in enumerate(world.countries):
            add(form.id, code, "primary", supply[0][f, i], *(x[:, f, i] for x in supply[1:]))
    for k, process in enumerate(world.chain.processes):
        for form_id, b in process.outputs.items():
            for i, code in enumerate(world.countries):
                add(form_id, code, process.id, b * activity[0][k, i], *(b * x[:, k, i] for x in activity[1:]))
    for source, sign, name in ((STOCK_RELEASED, 1.0, "released"), (STOCK_BOUGHT, -1.0, "stocked")):
        base, before, after = (sign * x for x in of(name))
        for f, i in np.argwhere(np.maximum(np.abs(base), np.abs(after).max(axis=0)) > SHOWN_FLOW):
            place = (world.chain.forms[f].id, world.countries[i], source)
            add(*place, base[f, i], before[:, f, i], after[:, f, i])
    return rows


def shortage_rows(ensemble: ScenarioEnsemble) -> list[Row]:
    """Final use that is not served: use at base prices after demand events, less use; never clipped."""
    world = ensemble.world
    if not ensemble.solved:
        return []
    rows = []
    wanted = np.array(
        [
            o.before.use
            + ensemble.world_of(o).D0 * (o.events_after.demand_factor - o.events_before.demand_factor)
            for o in ensemble.solved
        ]
    )
    got = np.array([o.after.use for o in ensemble.solved])
    short = wanted - got
    for f, form in enumerate(world.chain.forms):
        for j, code in enumerate(world.countries):
            if wanted[:, f, j].sum() <= 0:
                continue
            place = PricePlace(f, code, "marginal", (j,))
            status = _status(ensemble, place)
            uses = [(u, use) for u, use in enumerate(world.uses) if wanted[:, f, j, u].max() > 0]
            rows.append(
                _shortage(
                    form.id, code, "all", wanted[:, f, j].sum(axis=1), short[:, f, j].sum(axis=1), status
                )
            )
            if len(uses) > 1:
                rows += [
                    _shortage(form.id, code, use, wanted[:, f, j, u], short[:, f, j, u], status)
                    for u, use in uses
                ]
    return rows


def _shortage(form: str, country: str, use: str, wanted: Array, short: Array, status: str) -> Row:
    base = float(np.median(wanted))
    points = interval(short)
    median = points["median"]
    return {
        "form": form,
        "country": country,
        "use": use,
        "base": base,
        **points,
        "share": median / base if base > 0 and median is not None else None,
        "status": status,
    }


def wedge_rows(ensemble: ScenarioEnsemble) -> list[Row]:
    """Rents, export taxes and tariffs on routes that carry metal after the events, where they changed."""
    world = ensemble.world
    if not ensemble.solved:
        return []
    rows = []
    central = ensemble.central
    rent = np.array([o.after.wedge for o in ensemble.solved])
    ev1 = central.events_after
    payees = {g.id: str(g.rent_to) for g in (*ev1.caps, *ev1.floors)}
    owner: dict[tuple[int, int, int], str] = {}
    for group in (*ev1.caps, *ev1.floors):
        for i, j in np.argwhere(group.routes):
            owner[group.form, int(i), int(j)] = payees[group.id]
    taxed = [
        (
            "export tax",
            np.array(
                [
                    o.after.price[..., None] * (o.events_after.export_tax - o.events_before.export_tax)
                    for o in ensemble.solved
                ]
            ),
        ),
        ("tariff", np.array([_tariff(world, o) for o in ensemble.solved])),
    ]
    for f, i, j in np.argwhere(central.after.flows >= SHOWN_FLOW):
        label = (world.chain.forms[f].id, world.countries[i], world.countries[j])
        if np.abs(rent[:, f, i, j]).max() > 1e-6:
            kind = "quota rent" if np.median(rent[:, f, i, j]) >= 0 else "floor"
            rows.append(_wedge(label, kind, owner.get((int(f), int(i), int(j))), rent[:, f, i, j]))
        for kind, values in taxed:
            if np.nanmax(np.abs(values[:, f, i, j]), initial=0.0) > 1e-6:
                rows.append(_wedge(label, kind, "public revenue", values[:, f, i, j]))
    return rows


def _tariff(world: World, outcome: Outcome) -> Array:
    """USD per t of tariff on every route above what stood before, on the value the destination taxes."""
    s, ev = outcome.after, outcome.events_after
    at_border = s.price[..., None] * (1 + ev.export_tax) + s.wedge
    before = outcome.events_before
    on_freight = [freight_duty(e.tariff, world.duty_on_cif, e.cif_shift) for e in (before, ev)]
    change: Array = at_border * (ev.tariff - before.tariff) + ev.freight * (on_freight[1] - on_freight[0])
    return change


def _wedge(label: tuple[str, str, str], kind: str, rent_to: str | None, values: Array) -> Row:
    form, origin, destination = label
    return {
        "form": form,
        "origin": origin,
        "destination": destination,
        "kind": kind,
        "rent_to": rent_to,
        "unit": "USD per t contained",
        **interval(values),
    }


def move_rows(ensemble: ScenarioEnsemble) -> list[Row]:
    """What balancing moved and cleaning repaired in the world."""
    return [
        {"cell": m.cell, "before": m.before, "after": m.after, "reason": m.reason}
        for m in ensemble.world.moves
    ]
