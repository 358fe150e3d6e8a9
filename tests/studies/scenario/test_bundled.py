"""Bundled scenarios: each compiles on its world and solves; figures agree with the facts they state."""

import numpy as np
import pytest

from crosscut.inputs.catalogue import SCENARIO, bundled_names
from crosscut.inputs.scenario.catalogue import scenario
from crosscut.inputs.scenario.places import on_world
from crosscut.ledger.store.tables import table
from crosscut.market.events.compiler.compile_events import compile_events
from crosscut.market.solve.solver import solve
from crosscut.studies.shared.draws import draw_of
from crosscut.worlds import world
from crosscut.worlds.parameters import median_params
from crosscut.worlds.tungsten.mix import chinese_mix
from crosscut.worlds.tungsten.products import matrix_pairs, product_cells
from tests.ledgers import BUNDLED


@pytest.fixture(scope="module")
def tungsten():
    return world(BUNDLED, "tungsten", 2024)


@pytest.mark.parametrize("name", bundled_names(SCENARIO))
def test_compiles_and_solves_at_its_median_and_in_its_draws(name, tungsten):
    s = on_world(scenario(name), tungsten)
    assert (s.mineral, s.year) == (tungsten.mineral, tungsten.year)
    solution = solve(tungsten, median_params(tungsten), compile_events(s, tungsten))
    assert solution.ok and solution.certificate.holds()
    for number in range(5):
        draw = draw_of(tungsten, s.events, s.seed, number)
        compile_events(s, tungsten, sizes=draw.sizes)


@pytest.mark.parametrize("name", bundled_names(SCENARIO))
def test_every_event_names_a_source_or_says_it_is_hypothetical_and_every_limit_its_bias(name):
    s = scenario(name)
    assert all(e.source or "hypothetical" in e.note for e in s.events)
    assert s.limits and all(bias for _, bias in s.limits)
    assert all(q.source and q.place for q in (*s.anchors, *s.observed))


def test_the_licence_covers_what_is_listed_of_each_form(tungsten):
    """1,092 t W of tungstates other than APT and 1,791 of metal powder are not named, nor is ferrotungsten:
    together what the list leaves out of 18,551 t W."""
    licences = {e.form: e for e in scenario("china-controls-2025").events if e.kind == "export_licence"}
    assert set(licences) == {"oxide", "powder"}
    oxide, ferro = (s.value * 18_551 for s in chinese_mix(BUNDLED))
    powder = 18_551 - oxide - ferro
    assert licences["oxide"].coverage == pytest.approx(1 - 1092 / oxide, abs=0.005)
    assert licences["powder"].coverage == pytest.approx(1 - 1791 / powder, abs=0.005)
    covered = licences["oxide"].coverage * oxide + licences["powder"].coverage * powder
    assert covered == pytest.approx(18_551 - 1092 - 1791 - ferro, rel=0.01)
    for e in licences.values():
        assert (e.low, e.size, e.high) == (0.2, 0.5, 0.8)


def test_one_measure_on_two_forms_is_drawn_once(tungsten):
    """The licences of one announcement are refused together; other measures are drawn apart."""
    s = on_world(scenario("china-controls-2025"), tungsten)
    sizes = [draw_of(tungsten, s.events, 1, d).sizes for d in range(20)]
    assert all(x["licence"] == x["licence-powder"] for x in sizes)
    assert all(x["demand"] == x["demand-steel"] == x["demand-chemicals"] for x in sizes)
    assert len({x["licence"] for x in sizes}) > 10
    assert abs(np.corrcoef([[x["licence"] for x in sizes], [x["demand"] for x in sizes]])[0, 1]) < 0.9


def test_the_section_301_lines_are_a_part_of_powder_and_metal():
    """Unwrought 295 t W and 160 assumed for the wrought lines, of what China ships to the United States."""
    (duty,) = scenario("us-section-301-2025").events
    shipped = sum(
        c.prior
        for c in product_cells(BUNDLED, matrix_pairs(BUNDLED))
        if (c.form, c.place, c.other) == ("powder", "CHN", "USA")
    )
    assert (duty.form, duty.coverage) == ("powder", pytest.approx((295 + 160) / shipped, abs=0.01))


def test_the_quota_cut_is_the_first_batch_half_enforced():
    for name in ("china-controls-2025", "china-quota-cut"):
        quota = next(e for e in scenario(name).events if e.id == "mine-quota")
        full = 1 - 58_000 / 62_000
        assert quota.high == pytest.approx(full, abs=1e-4) and quota.low == 0
        assert quota.size == pytest.approx(full / 2, abs=5e-4)


def test_kazakh_tonnes_are_the_conversions_in_the_notes():
    size = {e.id: (e.low, e.size) for e in scenario("kazakhstan-2030").events}
    assert size["boguty"][1] == pytest.approx(3.3e6 * 0.0021 * 0.8774 * 0.793, rel=1e-3)
    assert size["north-katpar"][0] == pytest.approx(300e3 * 0.00199 * 0.8 * 0.793, rel=1e-2)


def test_full_embargo_leaves_no_chinese_tonne_abroad(tungsten):
    out = compile_events(on_world(scenario("full-embargo"), tungsten), tungsten)
    china = tungsten.country_index("CHN")
    abroad = [i for i in range(len(tungsten.countries)) if i != china]
    assert not out.open_routes[:, china, abroad].any() and out.open_routes[:, china, china].all()


def test_state_of_play_has_no_events_of_its_own(tungsten):
    s = scenario("as-of-2026")
    assert tuple(e.id for e in s.events) == s.prior_events
    assert {e.split("/")[0] for e in s.prior_events} == {
        "china-controls-2025",
        "us-section-301-2025",
        "china-japan-ban-2026",
    }
    notes = compile_events(on_world(s, tungsten), tungsten).notes
    assert any("mine-quota has no day in force" in n for n in notes)


def test_no_bundled_scenario_knows_the_outcome():
    """Sizes are what the texts of the day allow: the prices of 2025 and 2026 stand under `observed` only."""
    events = scenario("china-controls-2025").events
    for word in ("615", "1,025", "2,206", "3,000", "243"):
        assert not any(word in e.note or word in e.source for e in events)


@pytest.mark.parametrize("name", bundled_names(SCENARIO))
def test_quotations_are_the_facts_they_name(name):
    facts = {r["fact_id"]: r for r in table(BUNDLED, "tungsten/prices").iter_rows(named=True)}
    s = scenario(name)
    for q in (*s.anchors, *s.observed):
        if q.fact_id:
            fact = facts[q.fact_id]
            assert (fact["value"], fact["date"], fact["unit"]) == (q.value, q.date, q.unit)
        else:
            assert (q.date, q.value) in {
                ("2025-02-03", 339),
                ("2025-12-12", 555_000),
            }, "only these are not in the ledger"
