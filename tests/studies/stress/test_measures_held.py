"""Measures that stand: arithmetic by hand, nothing counted twice, nothing lost on the way, the same however
it is run."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from crosscut.app import api
from crosscut.base.errors import UserError
from crosscut.base.workers import Executor, WorkerPool
from crosscut.inputs.scenario.catalogue import scenario
from crosscut.inputs.scenario.places import on_world
from crosscut.market.events.compiled import no_events
from crosscut.market.events.events import Event, EventKind, Scenario
from crosscut.market.model.examples import example_params, one_form_world
from crosscut.market.model.world import Params, World
from crosscut.market.solvers import NumpySolver, batch_solver
from crosscut.results import to_text, validate
from crosscut.studies.shared.ensemble import solved_ensemble as run_ensemble
from crosscut.studies.stress.draws.futures import MEASURE, Happening
from crosscut.studies.stress.draws.market_events import MeasureTargets, Year, events_in
from crosscut.studies.stress.ensemble.chunk import HELD, SOLVED, chunk_solver
from crosscut.studies.stress.ensemble.ensemble import solved_ensemble
from crosscut.studies.stress.ensemble.job import StressJob
from crosscut.studies.stress.ensemble.losses import DemandCase, Meter, YearLosses
from crosscut.studies.stress.history.base_rates import LICENCES, STOPS
from crosscut.studies.stress.in_force.measures_held import Beyond, Held, held_on, laid_over, measures_on
from crosscut.studies.stress.in_force.rows import SHORT, TAKEN, taken
from crosscut.studies.stress.in_force.starting_point import Start, first_lines, start_of
from crosscut.studies.stress.in_force.year_beyond import years_beyond
from crosscut.studies.stress.request import Sampling
from crosscut.studies.stress.study import job_of
from crosscut.worlds import world
from crosscut.worlds.drawn import variants
from crosscut.worlds.node import nodes_for
from crosscut.worlds.parameters import median_params
from tests.ledgers import BUNDLED

SELLER, BUYER = 0, 1


@pytest.fixture(scope="module")
def two() -> World:
    """C00 mines 150 t, uses 50 and sells 100 to C01, which mines nothing: what C01 uses is what C00 lets
    go."""
    return one_form_world(np.array([[[50.0, 100.0], [0.0, 0.0]]]), np.array([[1000.0, 1000.0]]), freight=50.0)


def isoelastic(w: World) -> Params:
    """Elasticity of demand 0.5 and no backstop, so that a price is (use / base use) ** -2."""
    return replace(example_params(w, eps=0.5), zc=1e9)


def licence(refused: float, form: str = "ore", origin: str = "C00") -> Event:
    return Event(
        "in_force", EventKind.EXPORT_LICENCE, form, refused, "fraction", origins=(origin,), source="by hand"
    )


def measures_held(w: World, *events: Event) -> Held:
    year = Scenario("by-hand", "by hand", w.mineral, w.year, date(2025, 1, 1), date(2025, 12, 31), events)
    held = held_on(w, measures_on(w, year))
    assert held is not None
    return held


def measure(withheld: float, years: float = 1.0, origin: str = "C00", instrument: str = STOPS) -> Happening:
    return Happening(MEASURE, origin, instrument, 0.0, years, withheld)


def site(w: World) -> MeasureTargets:
    sells = frozenset((0, c) for i, c in enumerate(w.countries) if w.q0[0, i].sum() > w.q0[0, i, i])
    return MeasureTargets(w, None, w.countries, (0,), (0,), sells, {}, {}, (float(w.D0.sum()),))  # type: ignore[arg-type]


def over(w: World, *happenings: Happening) -> Callable[[Beyond], tuple[Event, ...]]:
    return lambda beyond: events_in(happenings, 0, site(w), 1.0, beyond)


def year(held: Held, *happenings: Happening, demand: float = 1.0) -> YearLosses | str | None:
    w = held.world
    means, events = (NumpySolver(w), Year(w)), [over(w, *happenings)]
    found = years_beyond(held, means, [BUYER], isoelastic(w), (1, 0), events, demand)[0]
    return Meter(w, [BUYER]).all_measured([found])[0] if isinstance(found, DemandCase) else found


def test_a_half_year_stop_on_top_of_a_licence_by_hand(two: World) -> None:
    """100 t; a licence lets 60 go; a stop of half a year that withholds 0.7 lets 30 t a year go while it
    holds: 30 + 15 = 45 t."""
    found = year(measures_held(two, licence(0.4)), measure(0.7, years=0.5))
    assert isinstance(found, YearLosses)
    assert found.short.sum() == pytest.approx(60 - 45, rel=1e-6)
    before, after = (60 / 100) ** -2, (45 / 100) ** -2
    assert found.price[0] == pytest.approx(after / before, rel=1e-6)
    paid = 1000 + 50  # what C01 pays in the base year
    assert found.usd == pytest.approx(100 * paid * 2 * (after**0.5 - before**0.5), rel=1e-6)
    assert found.spend == pytest.approx(45 * paid * (after - before), rel=1e-6)


def test_the_same_measure_again_takes_nothing(two: World) -> None:
    held = measures_held(two, licence(0.4))
    assert year(held, measure(0.4, instrument=LICENCES)) is None
    assert year(held, measure(0.3, years=0.5)) is None


def test_a_tighter_measure_ends_where_it_would_alone(two: World) -> None:
    """Over a whole year a stop of 0.7 lets 30 t go, with the licence in force or without."""
    found = year(measures_held(two, licence(0.4)), measure(0.7))
    assert isinstance(found, YearLosses)
    assert found.short.sum() == pytest.approx(60 - 30, rel=1e-6)


def test_two_drawn_measures_multiply_what_stands_leaves(two: World) -> None:
    """Two stops of 0.7 that hold half a year each: 60 x 0.75 x 0.75 t, as two measures of a calm year
    multiply."""
    found = year(measures_held(two, licence(0.4)), measure(0.7, years=0.5), measure(0.7, years=0.5))
    assert isinstance(found, YearLosses)
    assert found.short.sum() == pytest.approx(60 - 60 * 0.75**2, rel=1e-6)


def test_what_is_withheld_beyond_what_stands(two: World) -> None:
    flows = two.q0.copy()
    flows[0, SELLER, BUYER] = 60.0
    beyond = Beyond(two, no_events(two), flows)
    assert beyond.withheld(0, "C00", "", 0.4) == pytest.approx(0.0, abs=1e-12)
    assert beyond.withheld(0, "C00", "C01", 0.7) == pytest.approx(0.5)
    assert beyond.withheld(0, "C00", "", 1.0) == 1.0
    flows[0, SELLER, BUYER] = 150.0  # a seller that took over from others: the share is of what it sells now
    assert beyond.withheld(0, "C00", "", 0.2) == pytest.approx(0.2)
    flows[0, SELLER, BUYER] = 0.0
    assert beyond.withheld(0, "C00", "", 0.9) == 0.0


def test_a_tax_counts_above_the_one_in_force(two: World) -> None:
    taxed = replace(no_events(two), export_tax=two.export_tax + 0.1)
    beyond = Beyond(two, taxed, two.q0)
    assert beyond.taxed(0, "C00", 0.15) == pytest.approx(0.05) and beyond.taxed(0, "C00", 0.1) == 0.0


def test_a_limit_that_can_no_longer_bind_gives_way(two: World) -> None:
    held = measures_held(two, licence(0.4))
    stands = held.in_the_middle()
    before = NumpySolver(two).solution(isoelastic(two), stands)
    drawn = replace(no_events(two), caps=tuple(replace(c, limit=50.0) for c in stands.caps))
    merged = laid_over(two, stands, drawn, before)
    assert [c.limit for c in merged.caps] == [
        pytest.approx(30.0)
    ]  # half of the base flow is half of the 60 t that flow


@pytest.fixture(scope="module")
def tungsten() -> World:
    return world(BUNDLED, "tungsten")


@pytest.fixture(scope="module")
def held_job(tungsten: World) -> StressJob:
    stands = measures_on(tungsten, scenario("china-controls-2025"))
    return job_of(
        BUNDLED, tungsten, nodes_for(tungsten, "JPN"), Sampling(seed=3, draws=60), measures_held=stands
    )


def test_taken_and_beyond_add_up_to_the_whole(tungsten: World) -> None:
    """Calm to held and held to struck are parts of calm to struck: consumer surplus does not depend
    on the path."""
    stands = measures_on(tungsten, scenario("as-of-2026"))
    held = held_on(tungsten, stands)
    assert held is not None
    middle, solver, meter = (
        median_params(tungsten),
        batch_solver(tungsten),
        Meter(tungsten, [tungsten.country_index("JPN")]),
    )
    now = held.in_the_middle()
    calm, before = (solver.solution(middle, e) for e in (no_events(tungsten), now))
    cap = replace(now.caps[0], id="drawn", limit=0.5 * now.caps[0].limit)
    after = solver.solution(
        middle, laid_over(tungsten, now, replace(no_events(tungsten), caps=(cap,)), before)
    )
    parts = [meter.measured(middle, a, b).usd for a, b in ((calm, before), (before, after), (calm, after))]
    assert parts[0] > 0 and parts[1] > 0 and parts[0] + parts[1] == pytest.approx(parts[2], rel=1e-6)


def test_what_stands_is_what_a_run_of_the_scenario_finds(tungsten: World) -> None:
    """The loss already taken is read off the very draws of `crosscut run`: same strength, same behaviour,
    same worlds."""
    whole = on_world(scenario("china-controls-2025"), tungsten)
    story = replace(whole, events=tuple(e for e in whole.events if e.kind is not EventKind.DEMAND))
    places = [tungsten.country_index("JPN")]
    found, failed = taken(variants(tungsten, 1, 6).worlds, places, story, 1)
    run = run_ensemble(tungsten, story, 1, 6)
    assert not failed and len(run.solved) == 6
    for outcome, measured in zip(run.solved, found[:6], strict=True):
        lost = (outcome.before.use - outcome.after.use)[:, places].sum()
        assert measured.short.sum() == pytest.approx(lost, rel=1e-5)
        ratio = (outcome.after.marginal / outcome.before.marginal)[:, places[0]]
        np.testing.assert_allclose(measured.price, ratio, rtol=1e-6)


def test_a_measure_in_force_that_does_nothing_changes_nothing(tungsten: World) -> None:
    nothing = Event(
        "none", EventKind.TARIFF, "oxide", 0.0, "fraction", origins=("CHN",), destinations=("USA",)
    )
    idle = Scenario("idle", "idle", "tungsten", 2024, date(2025, 1, 1), date(2025, 12, 31), (nothing,))
    steady = {"demand-surprise": 1e-9}
    job = job_of(BUNDLED, tungsten, nodes_for(tungsten, "JPN"), Sampling(seed=2, draws=60), fixed=steady)
    same = replace(job, measures_held=measures_on(tungsten, idle))
    calm, held = (chunk_solver(j)(range(60)) for j in (job, same))
    assert (calm["status"] == SOLVED).sum() > 10
    assert calm["events"].tolist() == held["events"].tolist()
    np.testing.assert_allclose(
        np.asarray(held["usd"], float), np.asarray(calm["usd"], float), rtol=1e-4, atol=50.0
    )
    assert job.key != same.key


def test_stops_of_the_restrictor_cost_less_on_top_of_its_licences_and_never_help(
    tungsten: World, held_job: StressJob
) -> None:
    rows = chunk_solver(held_job)(range(200))
    calm = chunk_solver(replace(held_job, measures_held=None))(range(200))
    china = np.array(["limit/oxide/CHN" in str(e) for e in rows["events"]])
    alone = np.array(
        [
            {x.split("/")[2].split("=")[0] for x in str(e).split("; ") if x.startswith("limit")} == {"CHN"}
            and all(x.startswith("limit") for x in str(e).split("; "))
            for e in rows["events"]
        ]
    )
    assert (china & alone).sum() >= 3
    usd = np.asarray(rows["usd"], float)[china & alone]
    assert (usd >= -1.0).all() and (np.asarray(rows["short"], float)[china & alone] >= -1e-6).all()
    before = np.asarray(calm["usd"], float)[china & alone]
    assert usd.max() > 0 and (usd[before > 1e5] < before[before > 1e5]).all() | (usd.sum() < before.sum())
    assert set(rows["status"]) <= {"nothing", "small", HELD, SOLVED}


def test_chunks_join_up_and_a_folder_of_another_start_is_refused(held_job: StressJob, tmp_path: Path) -> None:
    held_job = replace(held_job, chunk=20)
    whole = solved_ensemble(held_job, 60, out=tmp_path / "whole")
    by_two = solved_ensemble(held_job, 60, out=tmp_path / "two", pool=WorkerPool(Executor.PROCESSES, 2))
    part = solved_ensemble(held_job, 20, out=tmp_path / "part")
    assert part.sum != whole.sum
    (tmp_path / "part" / "draws-0000000-0000019.parquet").write_bytes(b"damaged")
    resumed = solved_ensemble(held_job, 60, out=tmp_path / "part", resume=True)
    assert whole.sum == by_two.sum == resumed.sum
    for other in (None, replace(held_job.measures_held, id="another")):  # type: ignore[type-var]
        with pytest.raises(UserError, match="other inputs"):
            solved_ensemble(replace(held_job, measures_held=other), 60, out=tmp_path / "whole", resume=True)


def test_what_cannot_stand_is_refused(tungsten: World) -> None:
    with pytest.raises(UserError, match="a scenario for tin"):
        measures_on(world(BUNDLED, "tin"), scenario("china-controls-2025"))
    story = scenario("china-controls-2025")
    switch = Event(
        "switch",
        EventKind.SUBSTITUTION,
        "powder",
        0.2,
        "fraction",
        destinations=("JPN",),
        trigger=2.0,
        width=0.2,
    )
    with pytest.raises(UserError, match="switch"):
        measures_on(tungsten, replace(story, events=(*story.events, switch)))
    with pytest.raises(UserError, match="no events"):
        measures_on(tungsten, replace(story, events=()))


def first_line(start: Start, rows: list[dict[str, object]]) -> str:
    return first_lines(world(BUNDLED, "tungsten"), start, rows)[0][1]


def test_the_first_lines_say_where_a_run_starts_and_which_way_what_stands_goes() -> None:
    tungsten = world(BUNDLED, "tungsten")
    cost = [
        {"measure": TAKEN, "value": 121.0, "low": 63.0, "high": 284.0},
        {"measure": SHORT, "value": 666.0, "low": 340.0, "high": 1482.0},
    ]
    gain = [
        {"measure": TAKEN, "value": -34.0, "low": -60.0, "high": -16.0},
        {"measure": SHORT, "value": -236.0, "low": -466.0, "high": -134.0},
    ]
    calm, held = start_of(BUNDLED, tungsten, None, False), start_of(BUNDLED, tungsten, None, True)
    assert "not in its numbers" in first_line(calm, cost) and "`--in-force`" in first_line(calm, cost)
    told = first_line(held, cost)
    assert (
        "cost users USD 120 M a year (80 %: 63 to 280) and leave them 666 t a year short (80 %: 340 to 1,480)"
        in told
    )
    told = first_line(held, gain)
    assert (
        "save users USD 34 M a year (80 %: 16 to 60) and leave them 236 t a year more (80 %: 134 to 466)"
        in told
    )
    none = start_of(BUNDLED, world(BUNDLED, "tin"), None, False)
    assert "on record as in force is not added" in first_line(none, [])
    with pytest.raises(UserError, match="ER108"):
        start_of(BUNDLED, world(BUNDLED, "tin"), None, True)
    with pytest.raises(UserError, match="both"):
        start_of(BUNDLED, tungsten, "full-embargo", True)


def test_a_base_year_that_the_state_of_play_is_not_for_is_said_and_not_taken_for_calm() -> None:
    other = replace(world(BUNDLED, "tungsten"), year=2023)
    with pytest.raises(UserError, match="as-of-2026 is for 2024"):
        start_of(BUNDLED, other, None, True)
    told = dict(first_lines(other, start_of(BUNDLED, other, None, False), []))
    assert "not added" in told["calm"] and "as-of-2026 is for 2024" in told["left-out"]


def test_a_run_from_what_stands_is_one_document() -> None:
    result = api.stress("tungsten", "Japan", draws=60, in_force=True)
    validate(json.loads(to_text(result)), "stress")
    assert result["statements"][0]["text_key"] == "in_force"
    assert "from as-of-2026" in result["inputs"]["scenario"]["title"]
    rows = {(r["measure"], r["form"]): r for r in result["tables"]["stress_in_force"]["rows"]}
    assert rows[TAKEN, ""]["low"] <= rows[TAKEN, ""]["value"] <= rows[TAKEN, ""]["high"]
    assert rows[TAKEN, ""]["value"] > 0 and rows["price", "oxide"]["value"] > 1.1
    assert rows["quotation", "oxide"]["value"] > 3 and "2026-03-20" in rows["quotation", "oxide"]["status"]
    assert any(a["id"].startswith("event/china-controls-2025/licence") for a in result["assumptions"])
    assert any("none is lifted" in x["what"] for x in result["limits"])
    calm = api.stress("tungsten", "Japan", draws=60)
    assert result["id"] != calm["id"] and calm["statements"][0]["text_key"] == "calm"
    assert {
        r["status"].split("; ")[-1]
        for r in calm["tables"]["stress_in_force"]["rows"]
        if r["measure"] == TAKEN
    } == {"not in the other tables"}
    units = {r["unit"] for r in result["tables"]["stress_summary"]["rows"] if r["measure"] == "price"}
    assert units == {"ratio to the same year with what stands"}
    stops = {(r["origin"], r["form"]): r for r in result["tables"]["stress_chokepoints"]["rows"]}
    before = {(r["origin"], r["form"]): r for r in calm["tables"]["stress_chokepoints"]["rows"]}
    assert (
        stops["VNM", "all forms"]["usd"] > before["VNM", "all forms"]["usd"]
    )  # a second origin gone costs more when the first is limited
    assert stops["CHN", "all forms"]["short"] < before["CHN", "all forms"]["short"]


def test_a_ranking_from_what_stands_names_where_each_mineral_starts() -> None:
    result = api.ranking("USA", draws=20, in_force=True)
    rows = {r["mineral"]: r for r in result["tables"]["stress_ranking"]["rows"]}
    assert (
        rows["tungsten"]["starts_from"] == "as-of-2026"
        and rows["bismuth"]["starts_from"] == "in-force-bismuth"
    )
    assert rows["zinc"]["starts_from"] == "the base year 2024"
    ranks = sorted(r["rank_short"] for r in rows.values() if r["rank_short"] is not None)
    assert (
        ranks == list(range(1, len(ranks) + 1))
        and rows["antimony"]["rank"] is None
        and rows["antimony"]["rank_short"] is not None
    )
    with pytest.raises(UserError, match="no parameter 'measures_held'"):
        api.ranking("USA", draws=20, measures_held="china-controls-2025")
