"""Exposure: where a country's metal comes from, and what happens when the largest foreign origin stops selling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np

from crosscut import __version__
from crosscut.market.compiled import CompiledEvents, no_events
from crosscut.market.solver import solve
from crosscut.market.world import World
from crosscut.results import sealed, table
from crosscut.scenarios.draws import draw_of
from crosscut.scenarios.ensemble import price_noise
from crosscut.scenarios.quantities import PricePlace, price_at
from crosscut.worlds.node import node_for

SHOWN = 12  # origins listed per form; the rest add up to what is missing from 1


def origins_of(world: World, f: int, j: int) -> tuple[np.ndarray, np.ndarray]:
    """(origin positions, tonnes), largest first."""
    q = world.q0[f, :, j]
    order = np.argsort(-q, kind="stable")
    order = order[q[order] > 0]
    return order, q[order]


def hhi(tonnes: np.ndarray) -> float:
    """Herfindahl-Hirschman index, 0 to 10,000.

    >>> hhi(np.array([50.0, 50.0]))
    5000.0
    """
    return float(((tonnes / tonnes.sum()) ** 2).sum() * 1e4)


def stopped_exports(world: World, form: int, origin: int) -> CompiledEvents:
    """Every export route of one origin and form closed."""
    events = no_events(world)
    routes = events.open_routes.copy()
    routes[form, origin, :] = False
    routes[form, origin, origin] = True
    return replace(events, open_routes=routes)


def exposure_result(
    world: World,
    country: str,
    *,
    seed: int = 1,
    draws: int = 50,
    data: str = "",
    data_sources: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Traced origins, concentration and the solved loss of the largest foreign origin, for one country.

    Weeks of cover and the expected loss a year need stock and hazard facts and are null with a statement.
    """
    node, note = node_for(world, country, "--country")
    j = world.country_index(node)
    rows, summary, failed = [], [], []
    for f, form in enumerate(world.chain.forms):
        order, tonnes = origins_of(world, f, j)
        if not len(order):
            continue
        use = float(tonnes.sum())
        foreign = order[order != j]
        for i, t in list(zip(order, tonnes, strict=True))[:SHOWN]:
            rows.append({"form": form.id, "origin": world.countries[i], "tonnes": float(t), "share": float(t / use),
                         "domestic": bool(i == j)})  # fmt: skip
        largest = int(foreign[0]) if len(foreign) else None
        short, price = (None, None)
        if largest is not None:
            short, price, bad = _loss(world, f, largest, j, seed, draws)
            failed += [(d, form.id, world.countries[largest]) for d in bad]
        summary.append(
            {
                "form": form.id,
                "use": use,
                "import_share": float(1 - world.q0[f, j, j] / use),
                "hhi": hhi(tonnes),
                "largest": None if largest is None else world.countries[largest],
                "largest_share": None if largest is None else float(world.q0[f, largest, j] / use),
                "short": short,
                "price": price,
                "standing": f"world grade {world.grade}",
            }
        )
    document = {
        "kind": "exposure",
        "inputs": {
            "mineral": world.mineral,
            "world": {"year": world.year, "hash": world.hash, "grade": world.grade},
            "scenario": {"id": f"exposure-{node}", "hash": world.hash, "title": f"Exposure of {world.place_names.get(node, node)}"},
            "seed": seed,
            "draws": draws,
            "code": __version__,
            "data": data,
            "data_sources": [dict(d) for d in data_sources],
        },
        "status": {
            "ok": not failed,
            "failed_draws": len(failed),
            "failed": [{"draw": d, "market": {"form": f, "place": p}, "reason": "the market did not clear"}
                       for d, f, p in failed],
            "certificate": {},
        },
        "horizon": {"from": f"{world.year}-01-01", "to": f"{world.year}-12-31", "meaning": "One year at base-year trade."},
        "tables": {"exposure": table("exposure", rows), "concentration": table("concentration", summary)},
        "statements": [
            *([{"text_key": "note", "text": note, "refs": []}] if note else []),
            *({"text_key": "note", "text": n, "refs": []} for n in world.notes),
            {"text_key": "cover", "refs": [], "text": "Weeks of cover: unknown, no stock figures by country."},
            {"text_key": "expected_loss", "refs": [], "text": "Expected loss a year: not computed, needs hazard rates."},
            {"text_key": "owner", "refs": [], "text": "Shares are by location; control by owner is not traced here."},
        ],
        "assumptions": [],
        "facts": sorted(world.fact_ids),
        "limits": [
            {"what": "Stocks are not drawn", "bias": "shortage and price too high in the first months"},
            {"what": "The largest origin stops selling abroad but keeps mining for home use",
             "bias": "loss too low where its own use cannot absorb the metal and mines close"},
        ],
        "observed": [],
        "places": dict(world.place_names),
    }  # fmt: skip
    return sealed(document, datetime.now(UTC).isoformat(timespec="seconds"))


def _loss(
    world: World, f: int, origin: int, j: int, seed: int, draws: int
) -> tuple[float | None, float | None, list[int]]:
    events, base = stopped_exports(world, f, origin), no_events(world)
    noise = price_noise(world)
    place = PricePlace(f, world.countries[j], "marginal", (j,))
    short, ratio, bad = [], [], []
    for d in range(draws):
        draw = draw_of(world, (), seed, d, noise)
        before, after = solve(world, draw.params, base), solve(world, draw.params, events)
        if not (before.ok and after.ok):
            bad.append(d)
            continue
        short.append(float((before.use[:, j] - after.use[:, j]).sum()))
        ratio.append(price_at(world, events, after, place) / price_at(world, base, before, place))
    finite = [r for r in ratio if np.isfinite(r)]
    return (
        float(np.median(short)) if short else None,
        float(np.median(finite)) if len(finite) > len(ratio) / 2 else None,
        bad,
    )
