"""Step rows: what every price is made of, before and after; and how far mines and plants are used."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from crosscut.base.arrays import Array
from crosscut.results.rows import Row
from crosscut.studies.scenario.price_figures import PriceFigures
from crosscut.studies.scenario.rows import interval, intervals
from crosscut.studies.shared.ensemble import ScenarioEnsemble
from crosscut.studies.shared.ladders import Rung, ladder_places
from crosscut.studies.shared.readings import DrawReading, Pair, Readings
from crosscut.worlds.minerals import trade_unit

NOTHING = 1e-9  # USD per t; a part below it in every draw is not there
SMALL = 0.1  # t a year of capacity; smaller mines and plants are left out


def step_rows(
    ensemble: ScenarioEnsemble, read: Readings, figures: PriceFigures, level: Sequence[float]
) -> list[Row]:
    """The ladder of every seller and buyer, in the units of the price table; parts that are nowhere are left
    out.

    `before` is at median parameters. The levels of `after` are the medians of the price table, and its parts
    those of the draws around the median, so that both columns add up and a price has one number.
    """
    world = ensemble.world
    at_place = {(p.form, p.place, p.basis): k for k, p in enumerate(read.places)}
    rows = []
    for side, places in zip(("seller", "buyer"), ladder_places(read.places), strict=True):
        units = [trade_unit(world.mineral, world.chain.forms[p.form].id) for p in places]
        scale = np.array([factor * level[p.form] for p, (_, factor) in zip(places, units, strict=True)])
        rungs = [
            rung
            for rung in _in_order([r.steps[when] for r in (read.central, *read.draws) for when in (0, 1)])
            if rung.side == side
        ]
        drawn = {
            rung: np.array([_steps(r, 1, rung, len(places)) for r in read.draws]).reshape(-1, len(places))
            for rung in rungs
        }
        levels = {
            rung: [at_place.get((p.form, p.place, rung.basis)) for p in places]
            for rung in rungs
            if rung.basis
        }
        middle = _middle_ladder(rungs, drawn, levels, figures, len(places))
        ladder = []
        for rung in rungs:
            before, after = _steps(read.central, 0, rung, len(places)) * scale, middle[rung] * scale
            spread = _spread(rung, drawn[rung], levels, figures) * scale
            there = _is_there(rung, np.array([before, after]), drawn[rung] * scale, scale)
            ladder.append((rung, before, after, spread, there))
        for at, place in enumerate(places):
            for rung, before, after, spread, there in ladder:
                if there[at]:
                    rows.append(
                        {
                            "form": world.chain.forms[place.form].id,
                            "place": place.place,
                            "side": side,
                            "part": rung.part.name,
                            "basis": rung.basis or None,
                            "limit": rung.part.limit or None,
                            "goes_to": rung.part.goes_to or None,
                            "unit": units[at][0],
                            "before": before[at],
                            "after": after[at],
                            "p10": _number(spread[0, at]),
                            "p90": _number(spread[1, at]),
                        }
                    )
    return rows


def _middle_ladder(
    rungs: list[Rung],
    drawn: dict[Rung, Array],
    levels: dict[Rung, list[int | None]],
    figures: PriceFigures,
    n: int,
) -> dict[Rung, Array]:
    """Every rung after the events: a level is the median of its price, its parts are those of the draws
    around that median, scaled onto the base as the price is.

    The draws in the middle of two levels of one ladder are not the same. What that leaves of the step from
    one level to the next is shared out over its parts in proportion to their size.
    """
    out = {rung: np.zeros(n) for rung in rungs}
    reached = np.zeros(n)
    parts: list[Rung] = []
    for rung in rungs:
        if not rung.basis:
            parts.append(rung)
            continue
        for k, at in enumerate(levels[rung]):
            if at is None or not np.isfinite(figures.median[at]):
                for x in (*parts, rung):
                    out[x][k] = np.nan
                continue
            weight = figures.middle_weights(at)
            used = weight > 0
            moved = weight[used] * figures.onto_base[used, at]
            found = np.array([float(moved @ drawn[x][used, k]) for x in parts])
            gap = figures.median[at] - reached[k] - found.sum()
            size = np.abs(found)
            share = size / size.sum() if size.sum() > 0 else np.eye(len(parts))[-1]
            for x, value in zip(parts, found + gap * share, strict=True):
                out[x][k] = value
            out[rung][k] = reached[k] = figures.median[at]
        parts = []
    return out


def _spread(rung: Rung, drawn: Array, levels: dict[Rung, list[int | None]], figures: PriceFigures) -> Array:
    """10 and 90 % points [2, place]: of a level those of the effect, of a part those of its draws."""
    if not rung.basis:
        points = intervals(drawn)
        return np.array([[p[x] for p in points] for x in ("p10", "p90")], dtype=float)
    ends = (figures.effect_low, figures.effect_high)
    return np.array([[np.nan if at is None else end[at] for at in levels[rung]] for end in ends])


def _number(x: float) -> float | None:
    return float(x) if np.isfinite(x) else None


def _is_there(rung: Rung, central: Array, drawn: Array, scale: Array) -> NDArray[np.bool_]:
    """Whether a step is worth a row at each place: a price that exists, or a part that is not 0
    everywhere."""
    if rung.basis:
        return np.asarray(np.isfinite(central).any(axis=0))
    size = np.abs(np.vstack([central, drawn]))
    return np.asarray((size > NOTHING * scale).any(axis=0))


def _steps(reading: DrawReading, when: int, rung: Rung, n: int) -> Array:
    """A rung at every place; 0 where this draw has no such part (no limit of that name)."""
    steps = reading.steps[when]
    return steps[rung] if rung in steps else np.zeros(n)


def _in_order(ladders: list[dict[Rung, Array]]) -> list[Rung]:
    """All rungs, each after those that come before it in any ladder."""
    out: list[Rung] = []
    known: set[Rung] = set()
    for ladder in ladders:
        if ladder.keys() <= known:
            continue
        known |= ladder.keys()
        last = -1
        for rung in ladder:
            if rung in out:
                last = out.index(rung)
            else:
                last += 1
                out.insert(last, rung)
    return out


def utilisation_rows(ensemble: ScenarioEnsemble, read: Readings) -> list[Row]:
    """Output over capacity of mines and collection by form, and of processing by process, before and after.

    `before` and `after` at median parameters, the interval over the draws; no figure where there is no
    capacity.
    """
    world = ensemble.world
    rows = []
    forms = [(f.id, "primary") for f in world.chain.forms]
    plants = [(", ".join(p.outputs), p.id) for p in world.chain.processes]
    for kind, names in (("mines", forms), ("plants", plants)):
        for k, (form, source) in enumerate(names):
            for i, country in enumerate(world.countries):
                central: tuple[Pair, Pair] = getattr(read.central, kind)
                (capacity0, output0), (capacity1, output1) = central
                largest = max(capacity0[k, i], capacity1[k, i])
                if not largest > SMALL:
                    continue
                drawn = np.array([_used(getattr(r, kind)[1], k, i) for r in read.draws])
                rows.append(
                    {
                        "form": form,
                        "country": country,
                        "source": source,
                        "capacity_before": capacity0[k, i],
                        "capacity": capacity1[k, i],
                        "output_before": output0[k, i],
                        "output": output1[k, i],
                        "before": _used(central[0], k, i),
                        "after": _used(central[1], k, i),
                        **interval(drawn),
                    }
                )
    return rows


def _used(pair: Pair, k: int, i: int) -> float:
    capacity, output = float(pair[0][k, i]), float(pair[1][k, i])
    return output / capacity if 0 < capacity < np.inf else float("nan")
