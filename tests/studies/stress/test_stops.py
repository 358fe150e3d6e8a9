"""One country that stops: its chance against drawn futures, its cost against compiled measures, and sums over
lengths against thousands of them."""

from __future__ import annotations

import numpy as np
import pytest

from crosscut.market.events.events import Event, EventKind, RentTo
from crosscut.market.model.world import World
from crosscut.studies.stress.draws.futures import MEASURE, futures
from crosscut.studies.stress.draws.market_events import Year
from crosscut.studies.stress.draws.random_points import plain_points
from crosscut.studies.stress.draws.random_slots import layout_of
from crosscut.studies.stress.history.assumptions import assumptions
from crosscut.studies.stress.history.base_rates import STOPS, base_rates
from crosscut.studies.stress.stops.chance import LEAST, stop_chance
from crosscut.studies.stress.stops.cost import cost_of_stop, risk_of_stop, stop_markets, with_interval
from crosscut.studies.stress.stops.quadrature import gauss_points
from crosscut.studies.stress.stops.stop import ALL, Stop, stopped, stops_of, whole_stop
from crosscut.worlds import world
from tests.ledgers import BUNDLED


@pytest.fixture(scope="module")
def w() -> World:
    return world(BUNDLED, "tungsten")


@pytest.mark.parametrize(("mineral", "code"), [("tungsten", "CHN"), ("copper", "COD"), ("tin", "IDN")])
def test_the_chance_of_a_stop_is_how_often_one_is_drawn(mineral: str, code: str) -> None:
    """A second formulation: the futures of `stress`, drawn, against the sum over their distributions."""
    built, rates, n = world(BUNDLED, mineral), base_rates(BUNDLED), 12_000
    layout = layout_of(built, rates, 1)
    years, shares = 0, []
    for start in range(0, n, 4_000):
        points = plain_points(layout, mineral, 0, 5, range(start, start + 4_000))
        for happenings in futures(built, layout, rates, assumptions(), points).happenings:
            found = [
                h
                for h in happenings
                if (h.kind, h.origin) == (MEASURE, code)
                and (h.target == "JPN" or (h.instrument == STOPS and not h.target))
            ]
            years += bool(found)
            shares += [h.within(0) * h.withheld for h in found]
    chance = stop_chance(rates, code, mineral, ["JPN"])
    assert years / n == pytest.approx(chance.chance, abs=3.5 * (chance.chance / n) ** 0.5)
    every = sum(float(x.chance.mean()) for x in chance.ways)
    mean = sum(float((x.chance * x.part * x.withheld).mean()) for x in chance.ways) / every
    assert np.mean(shares) == pytest.approx(mean, abs=3.5 * np.std(shares) / len(shares) ** 0.5)


def test_a_few_points_have_the_moments_of_many() -> None:
    rng = np.random.default_rng(3)
    values, weights = rng.random(5_000) ** 3, rng.random(5_000)
    x, share = gauss_points(values, weights, 4)
    for power in range(8):
        wanted = float((weights * values**power).sum() / weights.sum())
        assert float(share @ x**power) == pytest.approx(wanted, rel=1e-8)
    assert values.min() <= x.min() and x.max() <= values.max() and (share > 0).all()
    assert gauss_points(np.ones(3), np.ones(3), 4)[0].tolist() == [1.0]


def test_the_expected_loss_is_the_sum_over_lengths(w: World) -> None:
    """Eight cases stand for 8,192: against the loss of a stop at every share, read off forty solves."""
    japan, china = w.country_index("JPN"), w.country_index("CHN")
    markets = stop_markets(w, [japan], 1, 1)
    risk = risk_of_stop(BUNDLED, markets, china)
    whole = whole_stop(w, china)
    assert risk is not None and whole is not None and risk.usd is not None
    total = 0.0
    for way in risk.chance.ways:
        stop = Stop(china, whole.forms, (w.country_index(way.target),) if way.target else ())
        shares = np.linspace(0.0, 0.97, 40)
        solved = [markets.drawn[0].struck(stop, float(s))[0] for s in shares]
        assert all(solved)
        held = way.part * way.withheld
        lost = np.interp(held, shares, [m.usd for m in solved if m])
        total += float((way.chance * np.where(held >= LEAST, lost, 0.0)).mean())
    assert risk.usd == pytest.approx(total, rel=0.02)


def test_a_part_stop_is_the_measure_that_stress_draws(w: World) -> None:
    origin, form = w.country_index("CHN"), w.chain.form_index("oxide")
    compiled = Year(w).alone(
        (Event("limit/oxide/CHN", EventKind.EXPORT_LICENCE, "oxide", 0.4, "fraction", origins=("CHN",)),)
    )
    ours = stopped(w, Stop(origin, (form,)), 0.4)
    assert ours.caps[0].limit == pytest.approx(compiled.caps[0].limit)
    aimed = Event(
        "aimed/oxide/CHN/JPN",
        EventKind.SANCTION,
        "oxide",
        0.4,
        "fraction",
        origins=("CHN",),
        destinations=("JPN",),
        rent_to=RentTo.EXPORTERS,
    )
    at_japan = stopped(w, Stop(origin, (form,), (w.country_index("JPN"),)), 0.4)
    assert at_japan.caps[0].limit == pytest.approx(Year(w).alone((aimed,)).caps[0].limit)


def test_a_whole_stop_is_of_all_that_is_sold_but_scrap(w: World) -> None:
    for stop in stops_of(w):
        if stop.name == ALL:
            assert not any("scrap" in w.chain.forms[f].id for f in stop.forms) and len(stop.forms) > 1


def test_a_stop_by_who_sells_little_costs_little_and_by_the_largest_much(w: World) -> None:
    japan = w.country_index("JPN")
    markets = stop_markets(w, [japan], 1, 4)
    abroad = w.q0.sum(axis=(0, 2)) - w.q0.diagonal(axis1=1, axis2=2).sum(axis=0)
    silent = int(np.argmin(abroad))
    none = cost_of_stop(markets, Stop(silent, tuple(range(len(w.chain.forms)))))
    china = whole_stop(w, w.country_index("CHN"))
    assert china is not None
    much = with_interval(markets, china, cost_of_stop(markets, china))
    assert none.usd[0] is not None and much.usd[0] is not None and not much.failed
    assert abs(none.usd[0]) < 1e-6 * much.usd[0]
    for low, middle, high in ((much.usd[1], much.usd[0], much.usd[2]), (much.short[1], *much.short[::2])):
        assert low is not None and middle is not None and high is not None and 0 < low <= middle <= high


def test_a_group_of_countries_has_no_government(w: World) -> None:
    markets = stop_markets(w, [w.country_index("JPN")], 1, 1)
    for group in ("OTH", "EUO"):
        assert risk_of_stop(BUNDLED, markets, w.country_index(group)) is None
