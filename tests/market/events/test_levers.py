"""Closures, payments to producers, stocks, substitution, control, growth over time: compiled and solved, by
hand."""

from datetime import date

import numpy as np
import pytest

from crosscut.base.errors import UserError
from crosscut.market.events.compiled import no_events
from crosscut.market.events.compiler.compile_events import compile_events
from crosscut.market.events.compiler.timing import DAYS_A_MONTH, weight
from crosscut.market.events.events import RentTo
from crosscut.market.model.examples import example_params
from crosscut.market.read.welfare import welfare_change
from crosscut.market.solve.solver import solve
from tests.market.events.test_compile_events import HALF_YEAR, Y, assert_otherwise_unchanged, compiled
from tests.studies.scenario.small_world import (
    CHN,
    CONCENTRATE,
    JPN,
    KAZ,
    REFINED,
    REFINING,
    SCRAP,
    USA,
    event,
    small_world,
    year_of,
)

WORLD = small_world()
PARAMS = example_params(WORLD)
BASE = solve(WORLD, PARAMS, no_events(WORLD))


def solved(*events, params=PARAMS):
    s = solve(WORLD, params, compiled(*events, world=WORLD))
    assert s.ok and s.certificate.holds()
    return s


def refusal(*events):
    with pytest.raises(UserError) as error:
        compiled(*events)
    return str(error.value)


# --- closures, recycling, by-products: multipliers of a curve


def test_closure_of_a_share_and_of_tonnes():
    out = compiled(event("closure", form="concentrate", size=0.25, origins=("CHN",), start=date(2025, 7, 3)))
    assert out.supply_factor[CONCENTRATE, CHN] == pytest.approx(1 - 0.25 * (1 - Y))
    tonnes = compiled(event("closure", form="concentrate", size=200.0, unit="t", origins=("CHN",)))
    assert tonnes.supply_factor[CONCENTRATE, CHN] == pytest.approx(1 - 200 / 800)
    assert_otherwise_unchanged(tonnes, WORLD, "supply_factor")
    s = solved(event("closure", form="concentrate", size=200.0, unit="t", origins=("CHN",)))
    assert (
        s.price[CONCENTRATE, CHN] > BASE.price[CONCENTRATE, CHN]
        and s.marginal[REFINED, JPN] > BASE.marginal[REFINED, JPN]
    )


def test_closure_of_more_than_there_is_closes_all_and_says_so():
    out = compiled(event("closure", form="scrap", size=150.0, unit="t", origins=("CHN",)))
    assert out.supply_factor[SCRAP, CHN] == 0 and "all closes" in out.notes[0]


def test_a_closure_has_no_end():
    assert "is for good and has no end" in refusal(
        event("closure", form="scrap", origins=("CHN",), start=date(2025, 1, 1), end=date(2025, 6, 1))
    )


def test_process_closure_of_tonnes_of_output():
    out = compiled(event("process_closure", form="refining", size=76.0, unit="t", origins=("CHN",)))
    assert out.process_factor[REFINING, CHN] == pytest.approx(1 - 76 / (0.95 * 800))
    s = solved(event("process_closure", form="refining", size=0.3, origins=("CHN",)))
    assert s.marginal[REFINED, JPN] > BASE.marginal[REFINED, JPN]
    assert s.price[CONCENTRATE, CHN] < BASE.price[CONCENTRATE, CHN]


def test_recycling_raises_collection_by_a_share_or_in_tonnes():
    out = compiled(event("recycling", form="scrap", size=0.3, origins=("CHN",), **HALF_YEAR))
    assert out.supply_factor[SCRAP, CHN] == pytest.approx(1 + 0.3 * Y)
    tonnes = compiled(event("recycling", form="scrap", size=20.0, unit="t", origins=("CHN",)))
    assert tonnes.supply_factor[SCRAP, CHN] == pytest.approx(1.2)
    s = solved(event("recycling", form="scrap", size=0.5, origins=("CHN",)))
    assert s.supply[SCRAP, CHN] > BASE.supply[SCRAP, CHN] and s.price[SCRAP, CHN] < BASE.price[SCRAP, CHN]
    assert s.marginal[REFINED, JPN] < BASE.marginal[REFINED, JPN]


def test_a_by_product_follows_its_host():
    """Half of the concentrate is a by-product of a host that makes 40 % less: 20 % less of it."""
    out = compiled(event("host_output", form="concentrate", size=-0.4, coverage=0.5, origins=("CHN",)))
    assert out.supply_factor[CONCENTRATE, CHN] == pytest.approx(0.8)
    assert (
        solved(event("host_output", form="concentrate", size=-0.4, origins=("CHN",))).price[CONCENTRATE, CHN]
        > (BASE.price[CONCENTRATE, CHN])
    )
    assert (
        solved(event("host_output", form="concentrate", size=0.4, origins=("CHN",))).price[CONCENTRATE, CHN]
        < (BASE.price[CONCENTRATE, CHN])
    )


# --- payments to producers


def test_subsidy_is_added_to_what_producers_receive_and_the_state_pays_it():
    out = compiled(
        event("subsidy", form="concentrate", size=2000.0, unit="USD/t", origins=("USA",), **HALF_YEAR)
    )
    assert out.subsidy[CONCENTRATE, USA] == pytest.approx(2000 * Y) and out.subsidy.sum() == pytest.approx(
        2000 * Y
    )
    assert_otherwise_unchanged(out, WORLD, "subsidy")
    e = compiled(event("subsidy", form="concentrate", size=3000.0, unit="USD/t", origins=("USA",)))
    s = solve(WORLD, PARAMS, e)
    assert s.producer_price[CONCENTRATE, USA] == pytest.approx(s.price[CONCENTRATE, USA] + 3000)
    assert s.supply[CONCENTRATE, USA] > 60 and s.price[CONCENTRATE, USA] < 30_000
    change = welfare_change(WORLD, PARAMS, no_events(WORLD), BASE, e, s)
    assert change["miners"][USA] > 0
    duties = (s.flows * e.tariff * 0).sum()  # the United States charge no export tax; its tariffs hardly move
    assert change["public revenue"][USA] == pytest.approx(
        -3000 * s.supply[CONCENTRATE, USA] + duties, rel=0.05
    )


def test_process_subsidy_is_per_tonne_of_output():
    out = compiled(event("process_subsidy", form="refining", size=1000.0, unit="USD/t", origins=("USA",)))
    assert out.process_subsidy[REFINING, USA] == pytest.approx(950.0)
    s = solved(event("process_subsidy", form="refining", size=2000.0, unit="USD/t", origins=("USA",)))
    assert (
        s.activity[REFINING, USA] > BASE.activity[REFINING, USA]
        and s.price[REFINED, USA] < BASE.price[REFINED, USA]
    )
    assert s.price[CONCENTRATE, USA] > BASE.price[CONCENTRATE, USA]


def test_price_floor_pays_the_gap_on_the_share_it_covers():
    out = compiled(
        event("price_floor", form="concentrate", size=36_000.0, unit="USD/t", origins=("USA",), coverage=0.5)
    )
    assert out.price_floor[CONCENTRATE, USA] == 36_000 and out.floor_share[CONCENTRATE, USA] == 0.5
    s = solve(WORLD, PARAMS, out)
    p = s.price[CONCENTRATE, USA]
    assert s.producer_price[CONCENTRATE, USA] == pytest.approx(p + 0.5 * (36_000 - p))
    assert s.supply[CONCENTRATE, USA] > 60 and p < 30_000
    below = compiled(event("price_floor", form="concentrate", size=20_000.0, unit="USD/t", origins=("USA",)))
    assert solve(WORLD, PARAMS, below).iterations == 0  # nothing to pay at base prices


def test_two_price_floors_at_once_contradict_and_one_after_the_other_average():
    first = event(
        "price_floor", id="a", form="concentrate", size=40_000.0, unit="USD/t", origins=("USA",), **HALF_YEAR
    )
    second = event(
        "price_floor",
        id="b",
        form="concentrate",
        size=30_000.0,
        unit="USD/t",
        origins=("USA",),
        start=date(2025, 7, 3),
    )
    out = compiled(first, second)
    assert out.price_floor[CONCENTRATE, USA] == pytest.approx(40_000 * Y + 30_000 * (1 - Y))
    assert out.floor_share[CONCENTRATE, USA] == pytest.approx(1.0) and "average" in out.notes[0]
    both = event("price_floor", id="b", form="concentrate", size=30_000.0, unit="USD/t", origins=("USA",))
    assert "on the same days" in refusal(first, both)


# --- stocks


def test_stockpile_purchase_is_bought_at_almost_any_price():
    out = compiled(event("stockpile_purchase", size=40.0, unit="t", destinations=("JPN",), **HALF_YEAR))
    assert out.purchases[REFINED, JPN] == pytest.approx(40 * Y) and out.purchases.sum() == pytest.approx(
        40 * Y
    )
    assert_otherwise_unchanged(out, WORLD, "purchases")
    s = solved(event("stockpile_purchase", size=40.0, unit="t", destinations=("JPN",)))
    assert s.stocked[REFINED, JPN] == pytest.approx(40.0, rel=1e-6)
    assert s.purchases[REFINED, JPN] == pytest.approx(s.use[REFINED, JPN].sum() + s.stocked[REFINED, JPN])
    assert s.marginal[REFINED, JPN] > BASE.marginal[REFINED, JPN] and s.use[REFINED, USA].sum() < 195
    assert "exactly one country" in refusal(event("stockpile_purchase", size=40.0, unit="t"))


def test_precautionary_buying_is_weeks_of_use():
    out = compiled(event("precautionary_buying", size=4.0, unit="weeks", destinations=("JPN", "EUO")))
    assert out.purchases[REFINED, JPN] == pytest.approx(4 / 52 * 200)
    s = solved(event("precautionary_buying", size=4.0, unit="weeks", destinations=("JPN",)))
    assert s.marginal[REFINED, JPN] > BASE.marginal[REFINED, JPN]


def test_stock_release_opens_as_the_price_passes_the_trigger():
    out = compiled(event("stock_release", size=60.0, unit="t", origins=("USA",), trigger=50_000.0))
    (stock,) = out.releases
    assert (stock.form, stock.country, stock.tonnes) == (REFINED, USA, 60.0)
    assert (stock.trigger, stock.width) == (50_000.0, 2_500.0)
    assert_otherwise_unchanged(out, WORLD, "releases")
    release = event("stock_release", id="r", size=60.0, unit="t", origins=("USA",), trigger=50_000.0)
    calm = solved(release)
    assert calm.released[REFINED, USA] == pytest.approx(0.0, abs=1e-6) and calm.iterations == 0
    ban = event("export_ban", id="b", size=1.0, origins=("CHN",))
    short, helped = solved(ban), solved(ban, release)
    p = helped.price[REFINED, USA]
    level = [1 / (1 + np.exp(-(x - 50_000) / 2_500)) for x in (p, 42_000)]
    assert helped.released[REFINED, USA] == pytest.approx(60 * (level[0] - level[1]), rel=1e-9)
    assert helped.marginal[REFINED, USA] < short.marginal[REFINED, USA]
    assert "needs a trigger" in refusal(event("stock_release", size=60.0, unit="t", origins=("USA",)))


def test_a_stock_where_none_of_the_form_is_made_is_left_out_and_named():
    out = compiled(event("stock_release", size=60.0, unit="t", origins=("JPN",), trigger=50_000.0))
    assert out.releases == () and "no refined is made there" in out.notes[0]


def test_commercial_stock_sells_when_dear_and_buys_when_cheap():
    out = compiled(event("commercial_stock", size=0.1, origins=("CHN", "USA")))
    by_country = {r.country: r for r in out.releases}
    assert by_country[USA].tonnes == pytest.approx(2 * 0.1 * 95) and by_country[USA].trigger == 42_000
    assert by_country[USA].width == pytest.approx(4_200)
    buffer = event("commercial_stock", id="s", size=0.2, origins=("CHN", "USA"))
    more = event("demand", id="d", size=0.3)
    less = event("demand", id="d", size=-0.3)
    dear, cheap = solved(more, buffer), solved(less, buffer)
    assert dear.released[REFINED].sum() > 0 > cheap.released[REFINED].sum()
    assert dear.marginal[REFINED, JPN] < solved(more).marginal[REFINED, JPN]
    assert cheap.marginal[REFINED, JPN] > solved(less).marginal[REFINED, JPN]


# --- substitution


def test_substitution_turns_part_of_a_use_away_when_it_is_dear():
    sub = event(
        "substitution", id="s", size=0.5, destinations=("JPN",), uses=("hardmetal",), trigger=1.3, width=0.05
    )
    out = compiled(sub)
    assert out.switch_share[REFINED, JPN].tolist() == [0.5, 0.0] and out.switch_share.sum() == 0.5
    assert out.switch_trigger[REFINED, JPN, 0] == 1.3 and out.switch_width[REFINED, JPN, 0] == 0.05
    assert solve(WORLD, PARAMS, out).iterations == 0  # nothing turns at base prices
    cut = event("export_licence", id="l", size=0.6, origins=("CHN",))
    stay, turn = solved(cut), solved(cut, sub)
    assert turn.marginal[REFINED, JPN] < stay.marginal[REFINED, JPN]
    assert (
        turn.use[REFINED, JPN, 0] < stay.use[REFINED, JPN, 0]
        and turn.use[REFINED, JPN, 1] > stay.use[REFINED, JPN, 1]
    )
    assert turn.marginal[REFINED, USA] < stay.marginal[REFINED, USA]


def test_substitution_needs_a_trigger_above_the_base_price():
    assert "needs a trigger" in refusal(event("substitution", destinations=("JPN",)))
    assert "turned away at base prices" in refusal(event("substitution", destinations=("JPN",), trigger=0.9))


# --- whose tonnes go where first


def test_control_sends_a_share_of_output_to_the_named_destinations_first():
    right = event("control", form="concentrate", size=0.7, origins=("OTH",), destinations=("USA",))
    (floor,) = compiled(right).floors
    assert (
        floor.kind == "floor" and floor.limit == pytest.approx(0.7 * 40) and floor.rent_to is RentTo.EXPORTERS
    )
    s = solved(right)
    assert s.flows[CONCENTRATE, 4, USA] == pytest.approx(28.0, rel=1e-7)
    assert s.marginal[CONCENTRATE, USA] < BASE.marginal[CONCENTRATE, USA]
    assert s.flows[CONCENTRATE, 4, CHN] < BASE.flows[CONCENTRATE, 4, CHN]


def test_control_counts_the_tonnes_of_an_entrant_and_shrinks_with_an_outage():
    mine = event("mine", id="m", form="concentrate", size=50.0, unit="t", origins=("KAZ",))
    right = event("control", id="c", form="concentrate", size=0.7, origins=("KAZ",), destinations=("USA",))
    assert compiled(mine, right).floors[0].limit == pytest.approx(0.7 * 0.9 * 50)
    outage = event("outage", id="o", form="concentrate", size=0.5, origins=("OTH",))
    held = event("control", id="c", form="concentrate", size=1.0, origins=("OTH",), destinations=("USA",))
    assert compiled(outage, held).floors[0].limit == pytest.approx(20.0)
    s = solved(mine, right)
    assert s.flows[CONCENTRATE, KAZ, USA] >= 0.7 * 0.9 * 50 * (1 - 1e-7)


def test_a_right_on_a_mine_that_does_not_come_holds_nothing():
    mine = event("mine", id="m", form="concentrate", size=50.0, unit="t", origins=("KAZ",), probability=0.5)
    right = event(
        "control", id="c", form="concentrate", size=30.0, unit="t", origins=("KAZ",), destinations=("USA",)
    )
    scenario = year_of(mine, right)
    there = compile_events(scenario, WORLD)
    assert there.floors[0].limit == 30.0 and len(there.entrants) == 1
    gone = compile_events(scenario, WORLD, absent=("m",))
    assert gone.floors == () and gone.entrants == () and any("left out" in n for n in gone.notes)


def test_take_or_pay_is_a_floor_at_the_cost_of_the_buyers():
    contract = event("take_or_pay", size=220.0, unit="t", origins=("CHN",), destinations=("JPN",))
    (floor,) = compiled(contract).floors
    assert floor.limit == 220.0
    assert floor.rent_to is RentTo.EXPORTERS  # the field of the event; files take it from the rule
    s = solved(contract)
    assert s.flows[REFINED, CHN, JPN] == pytest.approx(220.0, rel=1e-7)
    assert s.marginal[REFINED, USA] > BASE.marginal[REFINED, USA]


# --- freight


def test_freight_as_a_multiple_and_on_named_routes():
    out = compiled(event("freight", size=2.5, unit="x", origins=("CHN",), **HALF_YEAR))
    assert (
        out.freight[REFINED, CHN, JPN] == pytest.approx(400 * (1 + 1.5 * Y))
        and out.freight[REFINED, CHN, CHN] == 0
    )
    pairs = (("CHN", "EUO"), ("EUO", "CHN"))
    via = compiled(event("freight", size=500.0, unit="USD/t", via="suez", pairs=pairs))
    assert via.freight[REFINED, CHN, 3] == 900 and via.freight[REFINED, 3, CHN] == 900
    assert via.freight[REFINED].sum() == pytest.approx(30 * 400 + 2 * 500)
    s = solved(event("freight", size=5000.0, unit="USD/t", pairs=pairs, via="suez"))
    assert (
        s.marginal[REFINED, 3] > BASE.marginal[REFINED, 3]
        and s.marginal[REFINED, JPN] < BASE.marginal[REFINED, JPN]
    )
    assert "has no via" in refusal(event("tariff", size=0.1, destinations=("USA",), via="suez", pairs=pairs))


def test_origins_can_be_exempt_from_a_duty_on_everyone():
    out = compiled(event("tariff", size=0.1, destinations=("USA",), exempt_origins=("JPN", "EUO")))
    raised = np.argwhere(out.tariff[REFINED] > 0.05)
    assert raised.tolist() == [[CHN, USA], [4, USA], [KAZ, USA]]


# --- growth over time


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, 1.0),
        ({"phase_in": 365}, 0.5),
        ({"phase_in": 730}, 0.25),
        ({"phase_in": 73}, 1 - 0.5 * 73 / 365),
        ({"phase_in": 365, "start": date(2024, 1, 1)}, 1.0 - 0.5 / 365 * 0),
        ({"phase_in": 100, "start": date(2025, 12, 31)}, 0.005 / 365),
        ({"phase_in": 365, "end": date(2025, 7, 2)}, 0.5 * 183**2 / 365**2),
        ({"phase_in": 731, "start": date(2024, 1, 1)}, (366 + 365 / 2) / 731),
    ],
)
def test_phase_in_is_averaged_over_the_window_exactly(fields, expected):
    e = event("tariff", size=0.1, **fields)
    got = weight(e, year_of(e))
    if fields.get("start") == date(2024, 1, 1) and fields["phase_in"] == 365:
        expected = 1.0  # 2024 has 366 days: whole by the first day of 2025
    assert got == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("kind", ["tariff", "export_licence", "demand", "subsidy", "mine"])
def test_phase_in_works_like_a_smaller_size(kind):
    fields = {
        "tariff": {"size": 0.2, "destinations": ("USA",)},
        "export_licence": {"size": 0.5, "origins": ("CHN",)},
        "demand": {"size": 0.2},
        "subsidy": {"form": "concentrate", "size": 1000.0, "unit": "USD/t", "origins": ("USA",)},
        "mine": {"form": "concentrate", "size": 50.0, "unit": "t", "origins": ("KAZ",)},
    }[kind]
    grown = compiled(event(kind, phase_in=365, **fields))
    half = compiled(event(kind, **{**fields, "size": fields["size"] / 2}))
    for name in ("tariff", "demand_factor", "subsidy"):
        assert getattr(grown, name) == pytest.approx(getattr(half, name))
    assert [g.limit for g in grown.caps] == pytest.approx([g.limit for g in half.caps])
    assert [e.capacity for e in grown.entrants] == pytest.approx([e.capacity for e in half.entrants])


def test_ramp_of_a_mine_in_months_since_its_start():
    """30 % at the start, 100 % after 12 months: in the second half-year after a start on 3 July 2024 ... by
    hand."""
    e = event("mine", form="concentrate", size=100.0, unit="t", origins=("KAZ",), ramp=((0, 0.3), (12, 1.0)))
    days = 12 * DAYS_A_MONTH
    expected = 0.3 + 0.7 * (365 / days) / 2
    assert weight(e, year_of(e)) == pytest.approx(expected, rel=1e-12)
    assert compiled(e).entrants[0].capacity == pytest.approx(100 * expected)
    older = event(
        "mine",
        form="concentrate",
        size=100.0,
        unit="t",
        origins=("KAZ",),
        ramp=((6, 0.5), (12, 1.0)),
        start=date(2024, 1, 1),
    )
    assert weight(older, year_of(older)) == 1.0
    from_nothing = event(
        "mine", form="concentrate", size=100.0, unit="t", origins=("KAZ",), ramp=((12, 1.0),)
    )
    assert weight(from_nothing, year_of(from_nothing)) == pytest.approx(365 / days / 2, rel=1e-12)


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"phase_in": -1}, "phase_in -1"),
        ({"probability": 0.0}, "probability 0"),
        ({"probability": 1.5}, "probability 1.5"),
        ({"ramp": ((0, 0.5), (0, 1.0))}, "do not rise"),
        ({"ramp": ((0, 2.0),)}, "out of range"),
        ({"ramp": ((0, 0.5),), "phase_in": 3}, "phase_in beside ramp"),
        ({"trigger": 5.0}, "mine has no trigger"),
        ({"width": 5.0}, "mine has no width"),
        ({"duty_basis": "fob"}, "mine has no duty_basis"),
    ],
)
def test_nonsense_is_refused(fields, text):
    assert text in refusal(event("mine", form="concentrate", size=5.0, unit="t", origins=("KAZ",), **fields))


@pytest.mark.parametrize("trigger", [0.0, -5.0, float("nan"), float("inf")])
def test_a_trigger_is_a_price(trigger):
    assert "trigger" in refusal(event("stock_release", size=5.0, unit="t", origins=("USA",), trigger=trigger))
