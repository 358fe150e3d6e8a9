"""Every kind of event, compiled and checked against figures worked out by hand."""

import re
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from crosscut.market.events.compiled import no_events
from crosscut.market.events.compiler.compile_events import compile_events
from crosscut.market.events.event_rules import RULES
from crosscut.market.events.events import EventKind, RentTo
from crosscut.market.model.examples import example_params
from crosscut.market.solve.calibration import freight_duty
from crosscut.market.solve.solver import solve
from tests.studies.scenario.small_world import (
    CHN,
    CONCENTRATE,
    EUO,
    JPN,
    KAZ,
    OTH,
    RECYCLING,
    REFINED,
    REFINED_EXPORTS,
    REFINING,
    SCRAP,
    USA,
    event,
    small_world,
    year_of,
)

HALF_YEAR = {"start": date(2025, 1, 1), "end": date(2025, 7, 2)}  # 183 of 365 days
Y = 183 / 365


def compiled(*events, world=None, **scenario_fields):
    return compile_events(year_of(*events, **scenario_fields), world or small_world())


def assert_otherwise_unchanged(out, world, *but):
    base = no_events(world)
    for name in (
        "tariff",
        "export_tax",
        "specific",
        "freight",
        "open_routes",
        "supply_factor",
        "supply_ceiling",
        "process_factor",
        "demand_factor",
        "fx",
        "cif_shift",
        "subsidy",
        "process_subsidy",
        "price_floor",
        "floor_share",
        "purchases",
        "switch_share",
        "switch_trigger",
        "switch_width",
    ):
        if name not in but:
            assert np.array_equal(getattr(out, name), getattr(base, name)), name
    for name in ("caps", "floors", "entrants", "plants", "releases"):
        if name not in but:
            assert getattr(out, name) == (), name


def test_no_event_is_no_change():
    assert_otherwise_unchanged(compiled(), small_world())


def test_licence_is_one_cap_on_all_exports_of_the_form():
    out = compiled(event("export_licence", size=0.5, origins=("CHN",)))
    (cap,) = out.caps
    assert (
        cap.kind == "cap" and cap.form == REFINED and cap.event_id == "e" and cap.rent_to is RentTo.EXPORTERS
    )
    assert cap.limit == pytest.approx(0.5 * REFINED_EXPORTS)
    assert cap.routes[CHN].tolist() == [False, True, True, True, True, True]
    assert not cap.routes[[USA, JPN, EUO, OTH, KAZ]].any()
    assert_otherwise_unchanged(out, small_world(), "caps")


def test_licence_with_coverage_leakage_and_part_of_the_window():
    out = compiled(
        event("export_licence", size=0.5, origins=("CHN",), coverage=0.8, leakage=0.1, **HALF_YEAR)
    )
    assert out.caps[0].limit == pytest.approx((1 - 0.8 * 0.5 * Y * 0.9) * REFINED_EXPORTS)


def test_licence_on_named_destinations_leaves_the_others_free():
    out = compiled(event("export_licence", origins=("CHN",), destinations=("JPN", "USA")))
    (cap,) = out.caps
    assert cap.limit == pytest.approx(150.0)
    assert np.argwhere(cap.routes).tolist() == [[CHN, USA], [CHN, JPN]]


def test_exempt_destinations_are_outside_the_group():
    out = compiled(event("export_licence", origins=("CHN",), exempt_destinations=("EUO",)))
    assert out.caps[0].limit == pytest.approx(150.0) and not out.caps[0].routes[CHN, EUO]


def test_licence_of_everything_for_the_whole_window_closes_the_routes():
    out = compiled(event("export_licence", size=1.0, origins=("CHN",)))
    assert out.caps == () and not out.open_routes[REFINED, CHN, [USA, JPN, EUO]].any()
    assert out.open_routes[REFINED, CHN, CHN] and out.open_routes[CONCENTRATE].all()


def test_several_origins_make_one_group_each_unless_pooled():
    world = small_world()
    two = {"origins": ("CHN", "OTH"), "form": "concentrate"}
    apart = compiled(event("export_licence", **two), world=world)
    assert {c.id: c.limit for c in apart.caps} == pytest.approx({"e/CHN": 10.0, "e/OTH": 20.0})
    (pooled,) = compiled(event("export_licence", pooled=True, **two), world=world).caps
    assert pooled.limit == pytest.approx(30.0) and pooled.routes[CHN, USA] and pooled.routes[OTH, USA]


def test_export_quota_in_tonnes():
    (cap,) = compiled(event("export_quota", size=120.0, unit="t", origins=("CHN",))).caps
    assert cap.limit == pytest.approx(120.0)
    (half,) = compiled(event("export_quota", size=120.0, unit="t", origins=("CHN",), **HALF_YEAR)).caps
    assert half.limit == pytest.approx((1 - Y) * 350 + Y * 120)
    (part,) = compiled(
        event("export_quota", size=120.0, unit="t", origins=("CHN",), coverage=0.8, leakage=0.25)
    ).caps
    assert part.limit == pytest.approx(0.2 * 350 + 120 + 0.25 * (0.8 * 350 - 120))


def test_export_quota_as_a_fraction_is_the_share_cut():
    (cap,) = compiled(event("export_quota", size=0.3, origins=("CHN",))).caps
    assert cap.limit == pytest.approx(0.7 * 350)


def test_export_quota_above_base_flow_is_kept_and_noted():
    out = compiled(event("export_quota", size=400.0, unit="t", origins=("CHN",)))
    assert out.caps[0].limit == pytest.approx(400.0) and "not below the base flow" in out.notes[0]


def test_import_quota_is_a_group_on_the_routes_into_one_country():
    (cap,) = compiled(
        event(
            "import_quota",
            form="concentrate",
            size=30.0,
            unit="t",
            destinations=("USA",),
            rent_to=RentTo.IMPORTERS,
        )
    ).caps
    assert cap.limit == 30.0 and cap.rent_to is RentTo.IMPORTERS
    assert cap.routes[:, USA].sum() == 5 and not cap.routes[USA, USA] and cap.routes.sum() == 5


def test_export_ban_closes_routes_and_part_of_a_year_is_a_cap():
    full = compiled(event("export_ban", size=1.0, origins=("CHN",)))
    assert full.open_routes[REFINED, CHN].tolist() == [True, False, False, False, False, False]
    part = compiled(event("export_ban", size=1.0, origins=("CHN",), **HALF_YEAR))
    assert part.open_routes.all() and part.caps[0].limit == pytest.approx((1 - Y) * 350)


def test_import_ban_closes_routes_into_the_destination():
    out = compiled(event("import_ban", size=1.0, origins=("CHN",), destinations=("JPN",)))
    assert np.argwhere(~out.open_routes).tolist() == [[REFINED, CHN, JPN]]


def test_sanction_is_a_pair_and_its_rent_is_lost():
    (cap,) = compiled(
        event("sanction", size=0.6, origins=("CHN",), destinations=("USA", "EUO"), rent_to=RentTo.NOBODY)
    ).caps
    assert cap.limit == pytest.approx(0.4 * 150) and cap.rent_to is RentTo.NOBODY
    assert RULES[EventKind.SANCTION].rent_to is RentTo.NOBODY


def test_offtake_is_a_floor_and_may_name_the_home_market():
    (floor,) = compiled(
        event("offtake", size=150.0, unit="t", origins=("CHN",), destinations=("JPN",))
    ).floors
    assert (
        floor.kind == "floor" and floor.limit == 150.0 and np.argwhere(floor.routes).tolist() == [[CHN, JPN]]
    )
    (home,) = compiled(
        event("offtake", size=0.9, origins=("CHN",), destinations=("CHN",), **HALF_YEAR)
    ).floors
    assert home.limit == pytest.approx(0.9 * Y * 500) and home.routes[CHN, CHN]


def test_tariff_adds_to_the_base_duty_on_named_routes():
    world = small_world()
    out = compiled(
        event("tariff", size=0.25, coverage=0.2, origins=("CHN",), destinations=("USA",), **HALF_YEAR)
    )
    assert out.tariff[REFINED, CHN, USA] == pytest.approx(0.02 + 0.25 * 0.2 * Y)
    changed = out.tariff != world.tariff
    assert np.argwhere(changed).tolist() == [[REFINED, CHN, USA]]
    assert_otherwise_unchanged(out, world, "tariff")


def test_two_tariffs_on_one_route_add_up():
    both = [
        event("tariff", id=i, size=s, origins=("CHN",), destinations=("USA",))
        for i, s in (("a", 0.1), ("b", 0.2))
    ]
    assert compiled(*both).tariff[REFINED, CHN, USA] == pytest.approx(0.32)


def test_a_duty_is_charged_on_the_basis_it_states():
    """400 USD/t of freight at 25 %: 100 USD/t more on CIF than on FOB, whatever the destination does
    otherwise."""
    world = small_world()

    def duty_on_freight(destination, basis):
        e = compiled(
            event("tariff", size=0.25, origins=("CHN",), destinations=(destination,), duty_basis=basis)
        )
        assert e.notes == ()
        j = world.country_index(destination)
        rates = freight_duty(e.tariff, world.duty_on_cif, e.cif_shift)
        return rates[REFINED, CHN, j] * 400

    assert duty_on_freight("USA", "cif") == pytest.approx(100.0)  # the United States value FOB otherwise
    assert duty_on_freight("USA", "fob") == 0.0
    assert duty_on_freight("JPN", "fob") == pytest.approx(0.02 * 400)  # its base duty stays on CIF
    assert duty_on_freight("JPN", "cif") == pytest.approx((0.02 + 0.25) * 400)
    assert duty_on_freight("JPN", None) == pytest.approx((0.02 + 0.25) * 400)


def test_a_duty_on_cif_costs_its_rate_of_freight_more():
    world, params = small_world(), example_params(small_world())
    solved = {
        basis: solve(
            world,
            params,
            compiled(
                event("tariff", size=0.25, origins=("CHN",), destinations=("USA",), duty_basis=basis),
                world=world,
            ),
        )
        for basis in ("fob", "cif")
    }
    p = solved["cif"].price[REFINED, CHN]
    assert solved["cif"].delivered[REFINED, CHN, USA] == pytest.approx(1.27 * p + 400 * 1.25, rel=1e-12)
    p = solved["fob"].price[REFINED, CHN]
    assert solved["fob"].delivered[REFINED, CHN, USA] == pytest.approx(1.27 * p + 400, rel=1e-12)
    assert solved["cif"].marginal[REFINED, USA] > solved["fob"].marginal[REFINED, USA]
    assert solved["cif"].certificate.money < 1e-12


def test_specific_duty():
    out = compiled(event("specific_duty", size=500.0, unit="USD/t", destinations=("JPN",), **HALF_YEAR))
    assert out.specific[REFINED, CHN, JPN] == pytest.approx(500 * Y)
    assert out.specific[REFINED, JPN, JPN] == 0 and out.specific.sum() == pytest.approx(5 * 500 * Y)


def test_export_tax():
    out = compiled(event("export_tax", size=0.15, origins=("CHN",)))
    assert out.export_tax[REFINED, CHN].tolist() == pytest.approx([0, 0.15, 0.15, 0.15, 0.15, 0.15])


def test_freight():
    out = compiled(event("freight", form="concentrate", size=100.0, unit="USD/t", origins=("OTH",)))
    assert out.freight[CONCENTRATE, OTH, USA] == 500.0 and out.freight[CONCENTRATE, OTH, OTH] == 0.0
    assert out.freight[CONCENTRATE, CHN, USA] == 400.0 and out.freight[REFINED, OTH, USA] == 400.0


def test_outage_and_two_outages_of_different_countries():
    out = compiled(
        event("outage", id="a", form="concentrate", size=0.4, origins=("CHN",), **HALF_YEAR),
        event("outage", id="b", form="concentrate", size=1.0, origins=("OTH",)),
    )
    assert out.supply_factor[CONCENTRATE, [CHN, OTH, USA]].tolist() == pytest.approx([1 - 0.4 * Y, 0.0, 1.0])
    assert (out.supply_factor[SCRAP] == 1).all()


def test_production_quota_as_fraction_and_in_tonnes():
    cut = compiled(event("production_quota", form="concentrate", size=0.0645, origins=("CHN",)))
    assert cut.supply_ceiling[CONCENTRATE, CHN] == pytest.approx(800 * 0.9355)
    assert np.isinf(cut.supply_ceiling).sum() == cut.supply_ceiling.size - 1
    tonnes = compiled(
        event("production_quota", form="concentrate", size=700.0, unit="t", origins=("CHN",), **HALF_YEAR)
    )
    assert tonnes.supply_ceiling[CONCENTRATE, CHN] == pytest.approx((1 - Y) * 800 + Y * 700)


def test_process_outage():
    out = compiled(event("process_outage", form="refining", size=0.5, origins=("CHN",), **HALF_YEAR))
    assert out.process_factor[REFINING, CHN] == pytest.approx(1 - 0.5 * Y)
    assert out.process_factor[RECYCLING, CHN] == 1 and out.process_factor[REFINING, USA] == 1


def test_demand_by_country_and_use():
    out = compiled(event("demand", size=0.2, destinations=("JPN",), uses=("hardmetal",)))
    assert out.demand_factor[REFINED, JPN].tolist() == pytest.approx([1.2, 1.0])
    assert out.demand_factor.sum() == pytest.approx(out.demand_factor.size + 0.2)
    fall = compiled(event("demand", size=-0.1, **HALF_YEAR))
    assert np.allclose(fall.demand_factor[REFINED], 1 - 0.1 * Y) and (fall.demand_factor[SCRAP] == 1).all()


def test_mine_enters_and_reaches_all_but_the_exempt():
    out = compiled(
        event(
            "mine",
            form="concentrate",
            size=50.0,
            unit="t",
            origins=("KAZ",),
            exempt_destinations=("CHN",),
            **HALF_YEAR,
        )
    )
    (mine,) = out.entrants
    assert (mine.form, mine.country, mine.event_id) == (CONCENTRATE, KAZ, "e")
    assert mine.capacity == pytest.approx(50 * Y)
    assert mine.reach.tolist() == [0, 1, 1, 1, 1, 1]
    named = compiled(
        event("mine", form="concentrate", size=50.0, unit="t", origins=("KAZ",), destinations=("USA",))
    )
    assert named.entrants[0].reach.tolist() == [0, 1, 0, 0, 0, 0]


def test_plant_enters_with_its_output_turned_into_activity():
    (plant,) = compiled(event("plant", form="refining", size=19.0, unit="t", origins=("USA",))).plants
    assert (plant.process, plant.country) == (REFINING, USA)
    assert plant.capacity == pytest.approx(20.0) and plant.reach.all()


def test_currency_rise_lowers_what_a_dollar_price_is_worth():
    out = compiled(event("currency", form="", size=0.25, origins=("CHN",), **HALF_YEAR))
    assert out.fx[CHN] == pytest.approx(1 / (1 + 0.25 * Y) - 1) and (out.fx[1:] == 0).all()


def test_every_kind_is_compiled_here_or_with_the_payments_and_stocks():
    here = Path(__file__)
    text = here.read_text(encoding="utf-8") + here.with_name("test_levers.py").read_text(encoding="utf-8")
    missing = [k.value for k in EventKind if not re.search(rf'event\(\s*"{k.value}"', text)]
    assert missing == [] and set(RULES) == set(EventKind)


def test_entrant_does_not_reach_where_a_ban_closes_the_route():
    out = compiled(
        event("mine", id="m", form="concentrate", size=50.0, unit="t", origins=("KAZ",)),
        event("export_ban", id="b", form="concentrate", size=1.0, origins=("KAZ",), destinations=("CHN",)),
    )
    assert out.entrants[0].reach[CHN] == 0 and not out.open_routes[CONCENTRATE, KAZ, CHN]


def test_cap_takes_its_share_of_the_routes_that_stay_open():
    out = compiled(
        event("export_licence", id="l", size=0.5, origins=("CHN",)),
        event("export_ban", id="b", size=1.0, origins=("CHN",), destinations=("JPN",)),
    )
    (cap,) = out.caps
    assert cap.limit == pytest.approx(75.0) and not cap.routes[CHN, JPN]


def test_group_without_base_flow_is_dropped_with_a_note():
    out = compiled(event("export_licence", origins=("JPN",)))
    assert out.caps == () and out.notes == ("e: no base flow on its routes; left out.",)


def test_licences_one_after_the_other_become_one_limit():
    first = event("export_licence", id="a", size=0.2, origins=("CHN",), end=date(2025, 7, 2))
    first = type(first)(**{**first.__dict__, "start": date(2025, 1, 1)})
    second = event("export_licence", id="b", size=0.9, origins=("CHN",), start=date(2025, 7, 3))
    (cap,) = compiled(first, second).caps
    assert cap.limit == pytest.approx((1 - 0.2 * Y - 0.9 * (1 - Y)) * 350)


def test_leakage_at_a_surcharge_passes_a_limit_at_it():
    """E12."""
    out = compiled(event("export_licence", size=0.5, origins=("CHN",), leakage=0.2, surcharge=3000.0))
    (cap,) = out.caps
    assert cap.limit == pytest.approx(0.5 * REFINED_EXPORTS) and cap.toll == 3000.0
    assert cap.last == pytest.approx((1 - 0.5 * 0.8) * REFINED_EXPORTS)
    assert_otherwise_unchanged(out, small_world(), "caps")


def test_the_surcharge_is_on_the_marginal_tonne_and_a_rent_on_licensed_ones():
    world, params = small_world(), example_params(small_world())
    fields = {"size": 0.5, "origins": ("CHN",), "leakage": 0.2}
    free = solve(world, params, compiled(event("export_licence", **fields), world=world))
    dear = solve(world, params, compiled(event("export_licence", surcharge=3000.0, **fields), world=world))
    assert dear.ok and dear.flows[REFINED, CHN, 1:].sum() == pytest.approx(0.6 * REFINED_EXPORTS, rel=1e-8)
    # The same tonnes leave at the same price abroad: the surcharge is taken out of the scarcity rent of what
    # escapes.
    assert dear.multipliers["e"] == pytest.approx(free.multipliers["e"], rel=1e-6)
    assert dear.multipliers["e"] > 3000.0
    steep = solve(world, params, compiled(event("export_licence", surcharge=1e6, **fields), world=world))
    assert steep.flows[REFINED, CHN, 1:].sum() == pytest.approx(
        0.5 * REFINED_EXPORTS, rel=1e-8
    )  # too dear to escape
    assert steep.multipliers["e"] < 1e6 and steep.marginal[REFINED, JPN] > dear.marginal[REFINED, JPN]


def test_sizes_override_and_only_selects():
    scenario = year_of(
        event("export_licence", id="a", origins=("CHN",)),
        event("tariff", id="b", size=0.1, destinations=("USA",)),
    )
    world = small_world()
    assert compile_events(scenario, world, sizes={"a": 0.8}).caps[0].limit == pytest.approx(70.0)
    only = compile_events(scenario, world, only=("b",))
    assert only.caps == () and only.tariff[REFINED, CHN, USA] == pytest.approx(0.12)


def test_blocs_are_the_nodes_they_are_given_as():
    out = compile_events(
        year_of(event("export_licence", origins=("CHN",), destinations=("EU27", "JPN"))),
        small_world(),
        blocs={"EU27": ("EUO",)},
    )
    assert np.argwhere(out.caps[0].routes).tolist() == [[CHN, JPN], [CHN, EUO]]


def test_compile_changes_nothing_it_is_given():
    world = small_world()
    before = world.hash
    compiled(
        event("tariff", size=0.3, destinations=("USA",)),
        event("outage", id="o", form="scrap", origins=("CHN",)),
        world=world,
    )
    assert world.hash == before


def test_cap_near_everything_and_closed_routes_agree_in_the_solver():
    """A limit that lets nothing through is a closed route (E11): a cap of 1e-10 of base agrees with one."""
    from crosscut.market.model.examples import chain_world, example_params
    from crosscut.market.solve.solver import solve

    shares = np.array([[0.5, 0.3, 0.2], [0.2, 0.6, 0.2], [0.1, 0.1, 0.8]])
    world = chain_world(np.array([500.0, 80.0, 60.0]), np.array([50.0, 40.0, 30.0]), shares)

    def price(size):
        fields = {"mineral": "example"}
        scenario = year_of(event("export_licence", form="metal", size=size, origins=("C00",)))
        scenario = type(scenario)(**{**scenario.__dict__, **fields})
        return solve(world, example_params(world), compile_events(scenario, world)).marginal[2]

    assert np.allclose(np.log(price(1.0)), np.log(price(1 - 1e-10)), atol=1e-8)
