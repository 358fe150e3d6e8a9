"""Tail figures against closed forms; what is shown of money against the grade; how measures combine over a
year."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscut.market.read.solved_market import Bought
from crosscut.studies.shared.money import MoneyMark, millions, money_mark
from crosscut.studies.stress.answers.statistics import expected_shortfall, mean_of, value_at_risk
from crosscut.studies.stress.draws.event_families import families_of
from crosscut.studies.stress.draws.futures import MEASURE, OUTAGE, Happening
from crosscut.studies.stress.draws.market_events import events_in, place_of, touched
from crosscut.studies.stress.draws.random_slots import layout_of
from crosscut.studies.stress.ensemble.losses import DemandCase, Meter
from crosscut.studies.stress.history.base_rates import base_rates
from crosscut.worlds import world
from crosscut.worlds.parameters import median_params, parameter_distributions, params_at
from tests.ledgers import BUNDLED


def test_tail_of_an_exponential_is_the_closed_form() -> None:
    """VaR -ln(1 - a), CVaR one more."""
    u = (np.arange(200_000) + 0.5) / 200_000
    sample = -np.log1p(-u)
    for level in (0.9, 0.99):
        assert value_at_risk(sample, level).value == pytest.approx(-np.log(1 - level), rel=1e-3)
        assert expected_shortfall(sample, level).value == pytest.approx(1 - np.log(1 - level), rel=2e-3)


def test_intervals_cover_as_often_as_they_say() -> None:
    rng = np.random.default_rng(5)
    hits = np.zeros(3)
    for _ in range(400):
        sample = rng.exponential(size=2000)
        for k, (found, true) in enumerate(
            (
                (mean_of(sample), 1.0),
                (value_at_risk(sample, 0.95), np.log(20)),
                (expected_shortfall(sample, 0.95), 1 + np.log(20)),
            )
        ):
            assert found.low is not None and found.high is not None
            hits[k] += found.low <= true <= found.high
    assert (hits / 400 > 0.85).all() and (hits / 400 < 0.95).all()


def test_too_few_draws_have_no_tail() -> None:
    assert value_at_risk(np.arange(100.0), 0.99).value is None


def test_a_year_without_any_price_has_a_tail_without_an_interval() -> None:
    """Infinite prices are years in which nothing can be had: their mean is infinite, not a warning of
    numpy."""
    sample = np.append(np.arange(95.0), np.full(5, np.inf))
    found = expected_shortfall(sample, 0.9)
    assert (found.value, found.low, found.high) == (np.inf, None, None)
    assert value_at_risk(sample, 0.9).value == 90.0


@given(st.lists(st.floats(0, 1e9), min_size=50, max_size=300))
def test_shortfall_is_never_below_value_at_risk(values: list[float]) -> None:
    sample = np.array(values)
    var, tail = value_at_risk(sample, 0.9), expected_shortfall(sample, 0.9)
    assert var.value is not None and tail.value is not None
    assert tail.value >= var.value * (1 - 1e-12)


def test_money_by_grade() -> None:
    assert money_mark(world(BUNDLED, "tungsten")) == MoneyMark.ORDER
    assert money_mark(world(BUNDLED, "tin")) == MoneyMark.ONE_DIGIT
    assert money_mark(world(BUNDLED, "antimony")) == MoneyMark.UNKNOWN
    assert millions(1.9e7, MoneyMark.ONE_DIGIT) == 20.0 and millions(5.0, MoneyMark.UNKNOWN) is None


def site() -> tuple[object, object]:
    w, rates = world(BUNDLED, "tungsten"), base_rates(BUNDLED)
    layout = layout_of(w, rates, 2)
    return w, place_of(w, layout, {r.id: r.way_round for r in rates.routes})


def test_a_stop_of_45_days_is_an_eighth_of_the_year() -> None:
    _, place = site()
    stop = Happening(MEASURE, "CHN", "stop", 0.2, 0.2 + 45 / 365, 1.0)
    events = events_in((stop,), 0, place, 2.0)  # type: ignore[arg-type]
    assert {round(e.size, 6) for e in events} == {round(45 / 365, 6)}
    assert events_in((stop,), 1, place, 2.0) == ()  # type: ignore[arg-type]


def test_measures_that_hold_together_multiply_what_is_left() -> None:
    _, place = site()
    both = tuple(Happening(MEASURE, "CHN", "licence", 0.0, 5.0, x) for x in (0.5, 0.4))
    assert {round(e.size, 9) for e in events_in(both, 0, place, 2.0)} == {0.7}  # type: ignore[arg-type]


def test_aimed_measures_touch_only_their_target() -> None:
    _, place = site()
    aimed = Happening(MEASURE, "CHN", "stop", 0.0, 5.0, 0.6, target="JPN")
    events = events_in((aimed,), 0, place, 2.0)  # type: ignore[arg-type]
    assert events and all(e.destinations == ("JPN",) for e in events)
    assert families_of("; ".join(f"{e.id}=1" for e in events)) == ("aimed CHN>JPN",)


def test_outages_never_take_more_than_all() -> None:
    _, place = site()
    out = tuple(Happening(OUTAGE, "0", "mine", 0.0, 9.0, 0.9, unit=0) for _ in range(5))
    assert all(0 < e.size <= 1 for e in events_in(out, 0, place, 2.0))  # type: ignore[arg-type]


def test_no_loss_passes_all_there_is_to_lose() -> None:
    w = world(BUNDLED, "tungsten")
    meter, params = Meter(w, [w.country_index("JPN")]), median_params(w)
    start = np.where(meter.phi0 > 0, meter.phi0, 1.0)
    losses = [meter.surplus(params, start, start * x) for x in (1.0, 1.5, 3.0, 30.0)]
    assert losses[0] == 0 and losses == sorted(losses) and losses[-1] < meter.most(params)


def test_a_small_price_rise_costs_what_is_bought_times_the_rise() -> None:
    """Second formulation: dW = -D dp at the margin."""
    w = world(BUNDLED, "tungsten")
    meter, params = Meter(w, [w.country_index("USA")]), median_params(w)
    start = np.where(meter.phi0 > 0, meter.phi0, 1.0)
    lost = meter.surplus(params, start, start * 1.0001)
    assert lost == pytest.approx(float((meter.d0.sum(axis=2) * meter.phi0).sum()) * 1e-4, rel=1e-3)


def test_what_is_too_small_to_solve_is_small() -> None:
    """The share an event touches is what it withholds of world use, whatever its kind."""
    w, place = site()
    q = w.q0  # type: ignore[attr-defined]
    china = w.countries.index("CHN")  # type: ignore[attr-defined]
    events = events_in((Happening(MEASURE, "CHN", "stop", 0.0, 5.0, 0.5),), 0, place, 2.0)  # type: ignore[arg-type]
    shares = [0.5 * (q[f, china].sum() - q[f, china, china]) / q[f].sum() for f in (0, 2, 3, 4)]
    assert touched(events, place) == pytest.approx(max(shares))  # type: ignore[arg-type]
    tiny = events_in((Happening(MEASURE, "CHN", "stop", 0.0, 5.0, 2e-4),), 0, place, 2.0)  # type: ignore[arg-type]
    assert 0 < touched(tiny, place) < 1e-3  # type: ignore[arg-type]


def test_a_year_costs_the_same_bits_measured_alone_or_with_others() -> None:
    w = world(BUNDLED, "tungsten")
    meter, rng = Meter(w, [w.country_index("JPN"), w.country_index("USA")]), np.random.default_rng(2)
    phi0 = np.where(meter.phi0 > 0, meter.phi0, np.nan)
    cases = []
    for k in range(40):
        params = params_at(w, rng.standard_normal(len(parameter_distributions(w))))
        rise = np.exp(rng.normal(0.2, 0.8, phi0.shape))
        use = meter.d0.sum(axis=2)
        cases.append(
            DemandCase(
                params, Bought(phi0, use, phi0), Bought(phi0 * rise, use * 0.9, phi0 * rise), 1 + 0.01 * k
            )
        )
    together = [m.usd for m in meter.all_measured(cases)]
    assert together == [m.usd for c in cases for m in meter.all_measured([c])]
    assert together[::-1] == [m.usd for m in meter.all_measured(cases[::-1])]
