"""The bill of a company under a stop: by hand from solved draws, in sums, and where nothing should change."""

from dataclasses import replace

import numpy as np
import pytest

from crosscut.inputs.purchases.purchase import Purchase
from crosscut.ledger.minerals import known_or_problem
from crosscut.market.events.compiled import no_events
from crosscut.market.solve.solver import solve
from crosscut.studies.purchases.answers import buyer_country, mineral_answers
from crosscut.studies.purchases.flows import flows_of
from crosscut.studies.purchases.rows import flow_rows, measures_held, stop_rows
from crosscut.studies.purchases.stop_effects import (
    Buyer,
    bill_change,
    buyer_outside,
    effect_of_stop,
    sold_share,
    span,
)
from crosscut.studies.shared.draws import generator_of
from crosscut.studies.stress.stops.cost import cost_of_stop, risk_of_stop, stop_markets
from crosscut.studies.stress.stops.stop import stopped, whole_stop
from crosscut.worlds import world
from crosscut.worlds.parameters import median_params, parameter_distributions, params_at
from tests.ledgers import BUNDLED

DRAWS = 3


def bought(line, supplier, form, tonnes, usd, mineral="tungsten", year=2024):
    found = known_or_problem(mineral)
    return Purchase(line, supplier, found, form, tonnes, None, usd, year, usd, "USD")


LIST = [
    bought(2, "CHN", "oxide", 12.5, 610_000.0),
    bought(3, "AUT", "powder", 3.0, 190_000.0),
    bought(4, "VNM", "ferro", 5.0, 160_000.0),
]


def answered(rows, country="", draws=DRAWS):
    return mineral_answers(BUNDLED, flows_of(rows), buyer_country(country, "--country"), 1, draws)


def tables(rows, country="", draws=DRAWS):
    answers = answered(rows, country, draws)
    return flow_rows(answers, measures_held(BUNDLED, answers), []), stop_rows(answers)


@pytest.fixture(scope="module")
def w():
    return world(BUNDLED, "tungsten")


@pytest.fixture(scope="module")
def japan(w):
    return effect_of_stop(
        BUNDLED, w, w.country_index("CHN"), Buyer((w.country_index("JPN"),), True), 1, DRAWS
    )


def paid(solution, f, j):
    """What a country pays on average for a form, from flows and delivered prices."""
    q, d = solution.flows[f, :, j], solution.delivered[f, :, j]
    there = q > 0
    return (q[there] * d[there]).sum() / q[there].sum()


def test_the_price_is_what_buyers_pay_after_over_before_draw_by_draw(w, japan):
    """Solved again here, one draw at a time, by the plain solver."""
    j = w.country_index("JPN")
    stop = stopped(w, whole_stop(w, w.country_index("CHN")))
    n = len(parameter_distributions(w))
    draws = [params_at(w, generator_of(1, d).standard_normal(n)) for d in range(DRAWS)]
    for k, params in enumerate([median_params(w), *draws]):
        before, after = solve(w, params, no_events(w)), solve(w, params, stop)
        for f in range(len(w.chain.forms)):
            assert japan.price[f, k] == pytest.approx(paid(after, f, j) / paid(before, f, j), rel=1e-6)
        lost = 1 - after.use[:, j].sum() / before.use[:, j].sum()
        assert japan.short[k] == pytest.approx(lost, rel=1e-6)


def test_the_bill_is_spend_times_the_rise_of_the_price_by_hand(w, japan):
    oxide, powder = w.chain.form_index("oxide"), w.chain.form_index("powder")
    change = bill_change([610_000.0, 190_000.0], [oxide, powder], japan)
    for k in range(1 + DRAWS):
        by_hand = 610_000 * (japan.price[oxide, k] - 1) + 190_000 * (japan.price[powder, k] - 1)
        assert change[k] == pytest.approx(by_hand)


def test_one_stop_has_one_price_and_one_chance_in_purchases_and_exposure(w, japan):
    """The cost of one more tonne and the share of use lost are those of `exposure` and `stress`."""
    china, places = w.country_index("CHN"), (w.country_index("JPN"),)
    markets = stop_markets(w, places, 1, 1)
    cost = cost_of_stop(markets, whole_stop(w, china))
    assert max(japan.marginal[:, 0]) == pytest.approx(cost.price[0])
    assert japan.short[0] == pytest.approx(cost.short[0] / markets.middle.before.use[:, places[0]].sum())
    assert japan.chance.chance == risk_of_stop(BUNDLED, markets, china).chance.chance


def test_the_expected_rise_is_below_chance_times_a_full_year(w, japan):
    """Most stops are shorter than a year and let something through."""
    assert 0 < japan.expected[1] < japan.chance.chance * (japan.price[1, 0] - 1)


def test_a_country_that_sells_nothing_abroad_has_no_stop(w):
    silent = [
        i for i in range(len(w.countries)) if all(sold_share(w, i, f) == 0 for f in range(len(w.chain.forms)))
    ]
    assert silent
    assert effect_of_stop(BUNDLED, w, silent[0], buyer_outside(w, silent[0]), 1, 1) is None


def test_a_seller_from_whom_hardly_anybody_buys_hardly_moves_the_price():
    """The smaller its share of what crosses borders, the smaller the rise: to nothing with nothing sold."""
    tin = world(BUNDLED, "tin")
    share = {i: sold_share(tin, i, 0) for i in range(len(tin.countries))}
    sellers = sorted((i for i in share if 0 < share[i] < 0.02), key=lambda i: share[i])
    for i in (sellers[0], sellers[len(sellers) // 2]):
        effect = effect_of_stop(BUNDLED, tin, i, buyer_outside(tin, i), 1, 0)
        assert abs(effect.price[0, 0] - 1) < 2 * share[i]


def test_rows_add_up_to_the_stop_of_their_country():
    """What is bought from one country of one mineral, in two forms: the flows' extra cost is that of the
    stop."""
    rows = [bought(2, "CHN", "oxide", 10.0, 400_000.0), bought(3, "CHN", "powder", 2.0, 100_000.0)]
    flows, stops = tables(rows)
    assert sum(r["extra_usd"] for r in flows) == pytest.approx(stops[0]["extra_usd"])
    assert sum(r["usd"] for r in flows) == stops[0]["from_it_usd"] == 500_000
    assert sum(r["share"] for r in flows) == pytest.approx(1.0)


def test_a_stop_moves_the_price_of_what_comes_from_others_too():
    flows, stops = tables(LIST)
    china = next(r for r in stops if r["supplier"] == "CHN")
    own = next(r for r in flows if r["supplier"] == "CHN")
    assert china["extra_usd"] > own["extra_usd"] > 0
    assert china["usd"] == sum(r["usd"] for r in flows)


def test_the_order_of_the_file_changes_nothing():
    assert tables(LIST) == tables(LIST[::-1])


def test_twice_the_tonnes_and_money_is_twice_the_money():
    double = [replace(p, tonnes=2 * p.tonnes, usd=2 * p.usd) for p in LIST]
    for one, two in zip(tables(LIST), tables(double), strict=True):
        for a, b in zip(one, two, strict=True):
            for column, value in a.items():
                times = 2 if column.endswith(("usd", "usd_low", "usd_high", "tonnes")) and value else 1
                assert b[column] == (pytest.approx(times * value) if isinstance(value, float) else value), (
                    column
                )


def test_one_line_or_the_same_in_two_lines_is_the_same_flow():
    whole = [bought(2, "CHN", "oxide", 12.0, 600_000.0)]
    halves = [bought(2, "CHN", "oxide", 5.0, 250_000.0), bought(3, "CHN", "oxide", 7.0, 350_000.0)]
    (one, first), (two, second) = tables(whole), tables(halves)
    assert {**one[0], "lines": 2} == two[0]
    assert first == second


def test_values_lie_within_their_intervals():
    flows, stops = tables(LIST, "Japan", 6)
    for r in (*flows, *stops):
        for column in ("price", "extra_usd", "short", "expected_usd", "chance"):
            if r.get(f"{column}_low") is not None:
                assert r[f"{column}_low"] <= r[column] <= r[f"{column}_high"], (r["supplier"], column)


def test_a_market_without_a_value_has_none():
    assert span(np.array([np.nan, 2.0, 3.0])) == (None, None, None)
    assert span(np.array([2.0, np.nan, np.nan, 3.0])) == (2.0, None, None)
    assert span(np.array([2.0])) == (2.0, None, None)
