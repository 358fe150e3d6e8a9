"""Exposure of a country: where its metal comes from, what if the largest origin stops."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from crosscut import worlds
from crosscut.base.errors import Problem
from crosscut.ledger.minerals import known_or_problem
from crosscut.ledger.store.ledger import Ledger
from crosscut.market.model.world import World
from crosscut.results import Document, FailedDraw, Horizon, Limit, ScenarioUsed, Statement, Status, tables_of
from crosscut.studies.context import Context
from crosscut.studies.exposure.key_figures import LargestOrigin, key_figures
from crosscut.studies.exposure.recorded_figures import recorded_figures
from crosscut.studies.exposure.request import ExposureRequest
from crosscut.studies.exposure.traced_origins import passed_through
from crosscut.studies.indicators.answers import answer
from crosscut.studies.indicators.rows import IndicatorRow
from crosscut.studies.shared.cited_facts import cited_facts
from crosscut.studies.shared.document_inputs import inputs_of, notes
from crosscut.studies.shared.evidence_rows import evidence_rows
from crosscut.studies.stress.stops.cost import (
    StopMarkets,
    cost_of_stop,
    risk_of_stop,
    stop_markets,
    with_interval,
)
from crosscut.studies.stress.stops.stop import Stop, whole_stop
from crosscut.worlds.node import Nodes, nodes_for

SHOWN = 12  # origins listed per form; the rest add up to what is missing from 1


def origins_of(world: World, f: int, places: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    """(origin positions, tonnes used by the places), largest first; several places count as one origin, the
    first."""
    q = world.q0[f][:, list(places)].sum(axis=1)
    own = q[list(places)].sum()
    q[list(places)] = 0.0
    q[places[0]] = own
    order = np.argsort(-q, kind="stable")
    order = order[q[order] > 0]
    return order, q[order]


def hhi(tonnes: np.ndarray) -> float:
    """Herfindahl-Hirschman index, 0 to 10,000.

    >>> hhi(np.array([50.0, 50.0]))
    5000.0
    """
    return float(((tonnes / tonnes.sum()) ** 2).sum() * 1e4)


def exposure(request: ExposureRequest, context: Context) -> Document:
    """How exposed a country or bloc is: the three key figures, traced origins, concentration and the solved
    loss of the largest foreign origin. A country that the world holds only inside a group gets its own trade
    records for key figures.
    """
    ledger, data, seed, draws = context.ledger, context.data, request.seed, request.draws
    world = worlds.world(ledger, request.mineral, request.year)
    found = nodes_for(world, request.country, "--country")
    places, home = found.places, found.places[0]
    rows: list[dict[str, Any]] = []
    summary: list[dict[str, Any]] = []
    largest_of: list[int | None] = []
    for f, form in enumerate(world.chain.forms):
        order, tonnes = origins_of(world, f, places)
        if not len(order):
            continue
        use = float(tonnes.sum())
        foreign = order[order != home]
        for i, t in list(zip(order, tonnes, strict=True))[:SHOWN]:
            rows.append(
                {
                    "form": form.id,
                    "origin": found.code if i == home else world.countries[i],
                    "tonnes": float(t),
                    "share": float(t / use),
                    "domestic": bool(i == home),
                }
            )
        largest = int(foreign[0]) if len(foreign) else None
        shares = dict(zip(order.tolist(), (tonnes / use).tolist(), strict=True))
        largest_of.append(largest)
        summary.append(
            {
                "form": form.id,
                "use": use,
                "import_share": float(1 - shares.get(home, 0.0)),
                "hhi": hhi(tonnes),
                "largest": None if largest is None else world.countries[largest],
                "largest_share": None if largest is None else shares[largest],
                "short": None,
                "price": None,
                "evidence_status": f"world grade {world.grade}",
            }
        )
    top = _largest_foreign(world, places)
    markets = stop_markets(world, places, seed, draws)
    for row, origin in zip(summary, largest_of, strict=True):
        if origin is not None:
            stop = Stop(origin, (world.chain.form_index(row["form"]),))
            cost = cost_of_stop(markets, stop)
            row["short"], row["price"] = cost.short[0], cost.price[0]
    failed: tuple[tuple[int, str], ...] = ()
    if found.own:
        main = None if top is None else _largest_origin(ledger, markets, top)
        failed = main.cost.failed if main is not None and main.cost is not None else ()
        figures = key_figures(ledger, world, places, found.members, found.label, main)
    else:
        figures = recorded_figures(ledger, world, found)
    indicators = _indicators(ledger, world, found)
    return Document(
        kind="exposure",
        inputs=inputs_of(
            world,
            ScenarioUsed(f"exposure-{found.code}", world.hash, f"Exposure of {found.label}"),
            seed=seed,
            draws=draws,
            data=data.version,
            data_sources=data.sources,
        ),
        status=Status.of(
            [FailedDraw.at(d, market, "the market did not clear") for d, market in failed], draws=len(failed)
        ),
        horizon=Horizon.of_years(world.year, world.year, "One year at base-year trade."),
        tables=tables_of(
            {
                "key_figures": figures,
                "exposure": rows,
                "concentration": summary,
                "indicators": [r.as_dict() for r in indicators],
                "evidence": evidence_rows(ledger, world),
            }
        ),
        statements=(
            *([Statement("note" if found.own else "group", found.note)] if found.note else []),
            Statement(
                "as_of",
                f"As of {world.year}: facts and flows of that year. Measures taken since "
                "are not in these figures (`crosscut scenarios` lists those in force).",
            ),
            *notes(world.notes),
        ),
        facts=cited_facts(ledger, {*world.fact_ids, *(i for r in figures for i in r["facts"].split())}),
        limits=(
            Limit("Stocks are not drawn", "shortage and price too high in the first months"),
            Limit(
                "The largest origin stops selling abroad but keeps mining for home use",
                "loss too low where its own use cannot absorb the metal and mines close",
            ),
        ),
        places={**world.place_names, found.code: found.label},
    )


def _indicators(ledger: Ledger, world: World, found: Nodes) -> tuple[IndicatorRow, ...]:
    """The published indicators of the country or bloc, from facts alone; none for a mineral they do not
    know."""
    if isinstance(known_or_problem(world.mineral), Problem):
        return ()
    return answer(ledger, [world.mineral], found.code, [world.year]).rows


def _largest_foreign(world: World, places: Sequence[int]) -> int | None:
    """The foreign country through which most of the metal passes at some stage."""
    origins = passed_through(world, places)
    origins[list(places)] = 0.0
    return int(np.argmax(origins)) if origins.max(initial=0.0) > 0 else None


def _largest_origin(ledger: Ledger, markets: StopMarkets, top: int) -> LargestOrigin:
    """What a stop of everything it sells costs, how likely it is, and what is to be expected of it."""
    whole = whole_stop(markets.world, top)
    if whole is None:
        return LargestOrigin(top, None, None)
    cost = with_interval(markets, whole, cost_of_stop(markets, whole))
    return LargestOrigin(top, cost, risk_of_stop(ledger, markets, top))
