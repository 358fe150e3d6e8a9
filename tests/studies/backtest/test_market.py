"""The market of an episode: exact at base, tonnes as given, and what a measure may and may not do."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from crosscut.studies.backtest.cases import Disruption, Hit, case_of, measure_of
from crosscut.studies.backtest.fit.behaviour import FittedBehaviour, Pricing
from crosscut.studies.backtest.fit.mechanisms import (
    exporters_returning,
    hit_routes,
    importers_reverting,
    solved,
    stocks_used,
)
from crosscut.studies.backtest.fit.trading_fit import START
from crosscut.studies.backtest.folder import episodes_in
from crosscut.studies.backtest.readings import CHURN, flow_change, gap_fill, log_price_ratio
from crosscut.studies.backtest.worlds_at_base import share_world
from tests.ledgers import BUNDLED

CASES = {e.inputs.id: case_of(e.inputs) for e in episodes_in(BUNDLED)}
TRADED = sorted(k for k, c in CASES.items() if c.trade_base is not None)
USUAL = Pricing(0.5, 0.0, 0.0, 0.0)
NOTHING = Disruption(Hit.DEMAND, sudden=False, foreseen=False)


@pytest.mark.parametrize("key", TRADED)
def test_without_a_measure_nothing_moves(key):
    base = CASES[key].trade_base
    found = solved(base, NOTHING, FittedBehaviour(START, USUAL, 0.1), 0.0)
    assert found.ok
    assert np.abs(found.flows - base.world.q0).max() <= 1e-9 * base.world.q0.max()


@pytest.mark.parametrize("key", ["NI_IDN_2014", "AL_RUS_2018", "FE_IND_2010", "PT_ZAF_2014"])
@pytest.mark.parametrize("change", [-0.87, -0.1, 0.3])
def test_a_realised_flow_is_met(key, change):
    case = CASES[key]
    found = solved(case.trade_base, case.measure, FittedBehaviour(START, USUAL, 0.1), -change, given=True)
    assert flow_change(case.trade_base, case.measure, found) == pytest.approx(change, abs=1e-6)


@pytest.mark.parametrize("key", ["NI_IDN_2014", "MN_AUS_2024", "SB_CHN_2024", "PD_RUS_2000"])
def test_a_deeper_cut_makes_the_outside_price_no_lower(key):
    case = CASES[key]
    base = case.price_base
    found = [
        solved(base, case.measure, FittedBehaviour(START, USUAL, case.home), cut) for cut in (0.1, 0.4, 0.8)
    ]
    logs = [log_price_ratio(case.inputs, base, case.measure, s) for s in found]
    assert 0 < logs[0] < logs[1] < logs[2]


def test_a_pairwise_ban_lowers_what_the_banned_origin_gets():
    case = CASES["COAL_CHN_AUS_2020"]
    found = solved(case.price_base, case.measure, FittedBehaviour(START, USUAL, 0.1), 1.0)
    assert log_price_ratio(case.inputs, case.price_base, case.measure, found) < -0.05


def test_an_export_limit_lowers_the_price_at_home_and_an_outage_does_not():
    sb, mn = CASES["SB_CHN_2024"], CASES["MN_AUS_2024"]
    for case, sign in ((sb, -1), (mn, 1)):
        found = solved(case.price_base, case.measure, FittedBehaviour(START, USUAL, case.home), 0.5)
        r = case.price_base.restrictor
        assert sign * (found.price[0, r] - case.price_base.world.prices[0, r]) > 0


def test_share_world_gives_the_restrictor_its_share_of_primary_supply():
    inputs = CASES["GA_CHN_2023"].inputs
    w = share_world(inputs, 0.5, secondary=0.0).world
    assert w.M0[0, 0] / w.M0[0].sum() == pytest.approx(inputs.share)
    more = share_world(inputs, 0.5, secondary=0.3).world
    assert more.M0.sum() == pytest.approx(1.3)
    assert more.q0[0, 0, 1] == w.q0[0, 0, 1]  # scrap stays where it arises


def test_what_moves_between_importers_or_exporters_keeps_the_total():
    base = CASES["BX_IDN_2014"].trade_base
    demand = importers_reverting(base, 0.4)
    use = base.world.D0[0, :, 0]
    assert (use * demand).sum() == pytest.approx(use.sum())
    assert demand[base.world.countries.index("CHN")] < 1  # had bought far above its usual level
    supply = exporters_returning(base, replace(START, idle=0.2, newcomers=1.0))
    others = np.arange(len(supply)) != base.restrictor
    assert (base.world.M0[0] * supply)[others].sum() == pytest.approx(base.world.M0[0][others].sum())
    assert supply[base.restrictor] == 1


def test_only_buyers_from_the_restrictor_use_stocks_up():
    base = CASES["NI_IDN_2014"].trade_base
    used = stocks_used(base, 1.0)
    china, usa = base.world.countries.index("CHN"), base.world.countries.index("USA")
    assert used[china] < 0.8
    assert used[usa] == 1.0  # buys nothing from Indonesia, however much its imports rose


def test_measures_are_read_from_what_was_known():
    assert CASES["NI_IDN_2014"].measure == Disruption(Hit.EXPORTS, sudden=False, foreseen=True)
    assert CASES["GA_CHN_2023"].measure == Disruption(Hit.EXPORTS, sudden=True, foreseen=False)
    assert CASES["NI_PHL_2017"].measure == Disruption(Hit.OUTPUT, sudden=True, foreseen=False)
    assert CASES["AL_RUS_2018"].measure.hit is Hit.PAIR
    assert measure_of(CASES["LI_2021"].inputs).hit is Hit.DEMAND


def test_gap_filling_is_a_distribution_over_the_others():
    case = CASES["AL_RUS_2018"]
    found = solved(case.trade_base, case.measure, FittedBehaviour(START, USUAL, 0.1), 1.0)
    shares = gap_fill(case.trade_base, case.measure, found)
    assert sum(shares.values()) == pytest.approx(1.0)
    assert "RUS" not in shares
    assert "USA" not in shares
    assert hit_routes(case.trade_base, case.measure).sum() == 1


def test_churn_is_what_input_rows_show():
    """Robust line through |ln change| of exporters against their size: 0.27 at 5 % of world exports, power
    -0.27."""
    size, change = [], []
    for c in CASES.values():
        if c.trade_base is None:
            continue
        exports = c.trade_base.exports
        share = exports / exports.sum(axis=1, keepdims=True)
        for y in range(1, len(exports)):
            both = (exports[y] > 0) & (share[y - 1] > 1e-4)
            size += np.log(share[y - 1][both] / 0.05).tolist()
            change += np.abs(np.log(exports[y][both] / exports[y - 1][both])).tolist()
    size, change = np.array(size), np.array(change)
    edges = np.quantile(size, np.linspace(0, 1, 9))
    middle = [
        (np.median(size[m]), np.median(change[m]) * 1.4826)
        for a, b in itertools.pairwise(edges)
        if (m := (size >= a) & (size <= b)).any()
    ]
    slope, level = np.polyfit([x for x, _ in middle], np.log([y for _, y in middle]), 1)
    assert np.exp(level) == pytest.approx(CHURN.at_5_percent, abs=0.02)
    assert -slope == pytest.approx(CHURN.falls, abs=0.02)
