"""The stress document: what it holds, who solves does not matter, failed draws are bounded, nothing is shown
that the grade forbids."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from crosscut.app import api
from crosscut.app.cli import main as cli
from crosscut.base.errors import UserError
from crosscut.market.events.compiled import no_events
from crosscut.market.solvers import batch_solver
from crosscut.results import to_text, validate
from crosscut.studies.stress.answers.chokepoints import MEDIAN_ALONE, chokepoint_rows, in_force
from crosscut.studies.stress.answers.importance import GROUPS, columns_of, importance_rows
from crosscut.studies.stress.answers.stability import kendall, ranks
from crosscut.studies.stress.answers.summary import StressLosses, return_rows, summary_rows
from crosscut.studies.stress.draws.random_slots import layout_of
from crosscut.studies.stress.ensemble.ensemble import StressEnsemble
from crosscut.studies.stress.ensemble.job import CHUNK
from crosscut.studies.stress.ensemble.losses import Meter
from crosscut.studies.stress.ensemble.store import MemoryStore
from crosscut.studies.stress.history.base_rates import base_rates
from crosscut.studies.stress.request import Sampling
from crosscut.studies.stress.stops.chance import stop_chance
from crosscut.studies.stress.stops.cost import IDLE
from crosscut.studies.stress.stops.stop import Stop, stopped, stops_of
from crosscut.studies.stress.study import job_of
from crosscut.worlds import world
from crosscut.worlds.node import nodes_for
from crosscut.worlds.parameters import median_params, parameter_distributions
from tests.ledgers import BUNDLED


@pytest.fixture(scope="module")
def result() -> dict[str, Any]:
    return api.stress("tungsten", "Japan", draws=400)


def rows(result: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = result["tables"][name]["rows"]
    return found


def test_the_document_is_valid_and_whole(result: dict[str, Any]) -> None:
    validate(json.loads(to_text(result)), "stress")
    assert {r["measure"] for r in rows(result, "stress_summary")} == {
        "loss of users",
        "extra spend",
        "short",
        "price",
    }
    assert all(a["source"] for a in result["assumptions"] if a["id"].startswith("risk/"))
    assert any("week six" in x["what"] for x in result["limits"])


def test_the_same_inputs_give_the_same_id(result: dict[str, Any]) -> None:
    assert api.stress("tungsten", "JPN", draws=400)["id"] == result["id"]


def test_return_levels_rise_and_tails_lie_beyond(result: dict[str, Any]) -> None:
    levels = [r["usd"] for r in rows(result, "stress_returns") if r["usd"] is not None]
    assert len(levels) >= 4 and levels == sorted(levels)
    for r in rows(result, "stress_tail"):
        if r["var"] is not None and r["cvar"] is not None:
            assert r["cvar"] >= r["var"] - 1e-9


def test_too_few_draws_for_a_century_are_said(result: dict[str, Any]) -> None:
    row = next(r for r in rows(result, "stress_returns") if r["return_years"] == 200)
    assert row["usd"] is None and row["status"].startswith("missing")


def test_chokepoints_are_solved_for_every_seller_and_form(result: dict[str, Any]) -> None:
    found = rows(result, "stress_chokepoints")
    w = world(BUNDLED, "tungsten")
    wanted = {(w.countries[s.origin], s.name) for s in stops_of(w) if w.countries[s.origin] != "JPN"}
    assert {(r["origin"], r["form"]) for r in found} == wanted
    assert found[0]["origin"] == "CHN" and found[0]["usd_low"] < found[0]["usd"] < found[0]["usd_high"]
    assert [r["usd"] for r in found if r["usd"] is not None] == sorted(
        (r["usd"] for r in found if r["usd"] is not None), reverse=True
    )
    assert found[0]["rank_counted"] != 1  # what is counted is not what is solved
    several = {r["origin"] for r in found if r["form"] == "all forms"}
    for r in found:
        if r["origin"] in several and r["form"] != "all forms":
            assert r["chance"] is None and r["expected_usd"] is None  # stopped together with the others only
        elif r["expected_usd"] is None:
            assert MEDIAN_ALONE in r["status"] or r["usd"] is None or r["chance"] is None
        else:
            assert r["expected_low"] <= r["expected_usd"] <= r["expected_high"] < r["usd"]


def test_a_stop_closes_every_route_but_the_one_home() -> None:
    w = world(BUNDLED, "tungsten")
    china = w.country_index("CHN")
    closed = ~stopped(w, Stop(china, (2,))).open_routes
    assert (
        closed.sum() == len(w.countries) - 1
        and closed[2, china].sum() == closed.sum()
        and not closed[2, china, china]
    )


def test_a_stop_that_home_cannot_take_is_solved_with_the_plants_cut() -> None:
    """Viet Nam uses next to none of its ferrotungsten: no price clears a full stop, and the cut loses no
    less than a part stop."""
    w = world(BUNDLED, "tungsten")
    solver, params, meter = batch_solver(w), median_params(w), Meter(w, [w.country_index("JPN")])
    stop = next(s for s in stops_of(w) if w.countries[s.origin] == "VNM" and s.name == "oxide")
    before, after = solver.solution(params, no_events(w)), solver.solution(params, stopped(w, stop))
    part = solver.solution(params, stopped(w, stop, 0.9))
    assert after.ok and part.ok
    whole, some = (meter.measured(params, before, s).usd for s in (after, part))
    assert some < whole < 2 * some
    row = next(
        r
        for r in chokepoint_rows(BUNDLED, w, [w.country_index("JPN")], 1, 2)
        if (r["origin"], r["form"]) == ("VNM", "oxide")
    )
    assert row["usd"] is not None and IDLE in row["status"]


def test_measures_in_force_are_named_with_their_rows() -> None:
    assert (
        "licence since 2025-02-04" in in_force(BUNDLED, "tungsten")["CHN"]
        and "toward JPN" in in_force(BUNDLED, "tungsten")["CHN"]
    )


def test_the_chance_of_a_stop_is_within_its_interval_and_higher_for_a_target() -> None:
    rates = base_rates(BUNDLED)
    for country in ("JPN", "FRA"):
        found = stop_chance(rates, "CHN", "tungsten", [country])
        assert 0 < found.low < found.chance < found.high < 0.3
    target, other = (stop_chance(rates, "CHN", "tungsten", [c]).chance for c in ("JPN", "FRA"))
    assert target > other


def test_failed_draws_are_counted_named_and_bounded() -> None:
    """A chunk in which two years did not clear: out of every mean, inside the stated bounds."""
    w = world(BUNDLED, "tin")
    job = job_of(BUNDLED, w, nodes_for(w, "MYS"), Sampling(seed=1))
    from crosscut.studies.stress.ensemble.chunk import chunk_solver

    chunk = chunk_solver(job)(range(200))
    hit = [3, 77]
    chunk["status"][hit], chunk["failed_market"][hit] = "failed", "concentrate/CHN"
    for name in ("usd", "spend", "short"):
        chunk[name][hit] = np.nan
    store = MemoryStore()
    store.add(range(CHUNK), chunk)
    ensemble = StressEnsemble(job, 200, store)
    assert ensemble.failed() == [(3, 0, "concentrate/CHN"), (77, 0, "concentrate/CHN")]
    losses = StressLosses(ensemble)
    usd = next(r for r in summary_rows(losses) if r["measure"] == "short")
    assert usd["failed_low"] < usd["value"] < usd["failed_high"]
    assert usd["failed_high"] - usd["failed_low"] == pytest.approx(2 / 200 * losses.use)
    assert return_rows(losses)[0]["usd"] is not None


def test_years_without_an_event_cost_nothing_and_are_not_solved() -> None:
    from crosscut.studies.stress.ensemble.chunk import chunk_solver

    w = world(BUNDLED, "tin")
    chunk = chunk_solver(job_of(BUNDLED, w, nodes_for(w, "MYS"), Sampling(seed=1)))(range(300))
    still = chunk["status"] == "nothing"
    assert 0 < still.sum() < 300
    assert (chunk["usd"][still] == 0).all() and (chunk["price/concentrate"][still] == 1).all()


def test_later_years_carry_what_began_before() -> None:
    """Measures last: the third year has more in force than the first."""
    from crosscut.studies.stress.ensemble.chunk import chunk_solver

    w = world(BUNDLED, "tin")
    chunk = chunk_solver(job_of(BUNDLED, w, nodes_for(w, "MYS"), Sampling(seed=1, years=3)))(range(400))
    busy = (chunk["events"] != "").reshape(400, 3).mean(axis=0)
    assert busy[2] > busy[0]


def test_grade_d_shows_tonnes_and_no_money() -> None:
    found = api.stress("antimony", "USA", draws=120)
    usd = [r for r in rows(found, "stress_summary") if "USD" in r["unit"]]
    assert usd and all(r["value"] is None and r["status"] == "unknown" for r in usd)
    assert not rows(found, "stress_reverse")
    assert next(r for r in rows(found, "stress_summary") if r["measure"] == "short")["value"] is not None


def test_groups_of_the_design_cover_every_input_once() -> None:
    w = world(BUNDLED, "tungsten")
    layout = layout_of(w, base_rates(BUNDLED), 1)
    n = len(parameter_distributions(w))
    for block in ("common", "own", "scores", "behaviour"):
        total = sum(columns_of(layout, n, g)[block].astype(int) for g in GROUPS)
        assert (total == 1).all()


def test_importance_finds_what_moves_the_loss() -> None:
    """Tungsten in the United States: China first, sea routes hardly; a total index is no smaller than alone,
    within error."""
    w = world(BUNDLED, "graphite")
    found = {
        r["group"]: r for r in importance_rows(job_of(BUNDLED, w, nodes_for(w, "USA"), Sampling(seed=1)), 128)
    }
    assert set(found) == set(GROUPS)
    assert max(found, key=lambda g: found[g]["total"]) == "china"
    assert found["routes"]["total"] < found["china"]["total"]


def test_ranks_and_their_agreement() -> None:
    assert ranks({"a": 1.0, "b": 3.0, "c": float("nan")}) == {"b": 1, "a": 2, "c": 3}
    assert kendall([1, 2, 3], [3, 2, 1]) == -1


def test_the_ranking_names_what_it_cannot_rank(monkeypatch: pytest.MonkeyPatch) -> None:
    import crosscut.studies.stress.ranking as ranking

    some = {"tungsten": "", "tin": "", "antimony": "", "gallium": "Trade code not in the bundled data"}
    monkeypatch.setattr(ranking, "minerals_with_worlds", lambda: some)
    found = api.ranking("USA", draws=60, stability=20)
    table = {r["mineral"]: r for r in rows(found, "stress_ranking")}
    assert set(table) == set(some)
    assert table["tungsten"]["rank"] == 1 and table["tungsten"]["lowest_rank"] >= 1
    assert table["antimony"]["rank"] is None and "grade D" in table["antimony"]["status"]
    assert "Trade code" in table["gallium"]["status"]
    assert any("gallium" in s["text"] for s in found["statements"])
    ranked = sorted((r for r in table.values() if r["rank"]), key=lambda r: r["rank"])
    shown = [r["usd"] for r in ranked]
    assert shown == sorted(shown, reverse=True) == [float(f"{x:.0e}") for x in shown]  # tin has one digit
    assert {r["assumption"] for r in rows(found, "stress_stability")} >= {"bites", "licence-refused"}


def test_a_place_that_is_not_known_is_refused() -> None:
    with pytest.raises(UserError, match="unknown country or bloc"):
        api.stress("tungsten", "Japn", draws=10)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["stress", "tungsten"], "no country"),
        (["stress", "--country", "JPN"], "no mineral"),
        (["stress", "tin", "--all-minerals", "--country", "JPN"], "beside --all-minerals"),
        (
            ["stress", "tungsten", "--country", "JPN", "--draws", "0", "--years", "99", "--sampler", "odd"],
            "years 99",
        ),
        (
            ["stress", "tungsten", "--country", "JPN", "--draws", "9", "--executor", "cloud"],
            "executor 'cloud'",
        ),
        (
            ["stress", "--all-minerals", "--country", "JPN", "--resume", "--out", "x"],
            "--resume with --all-minerals",
        ),
        (["stress", "--all-minerals", "--country", "JPN", "--executor", "dask"], "a mineral each"),
        (["stress", "tungsten", "--country", "JPN", "--resume"], "--resume without --out"),
        (["stress", "tungsten", "--country", "JPN", "--scheduler", "tcp://x:1"], "--executor dask"),
    ],
)
def test_mistakes_are_said_in_plain_words(
    arguments: list[str], says: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["crosscut", *arguments])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    err = capsys.readouterr().err
    assert stop.value.code == 2 and says in err and "Traceback" not in err


def test_the_command_writes_everything_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [
        "crosscut",
        "stress",
        "tin",
        "--country",
        "Malaysia",
        "--draws",
        "120",
        "--executor",
        "serial",
        "--out",
        str(tmp_path / "o"),
    ]

    def run(*more: str) -> tuple[object, str, str]:
        monkeypatch.setattr(sys, "argv", [*arguments, *more])
        monkeypatch.setenv("COLUMNS", "140")
        with pytest.raises(SystemExit) as stop:
            cli.main()
        return stop.value.code, *capsys.readouterr()

    code, out, _ = run()
    assert code == 0 and "Once in so many years" in out and "If one country stops" in out
    for name in ("report.html", "result.json", "tables/stress_returns.csv", "draws/manifest.json"):
        assert (tmp_path / "o" / name).is_file()
    first = json.loads((tmp_path / "o" / "result.json").read_text())
    code, _, err = run()
    assert code == 2 and "--resume" in err
    code, _, _ = run("--resume")
    assert code == 0 and json.loads((tmp_path / "o" / "result.json").read_text())["id"] == first["id"]


def test_a_group_that_moves_nothing_has_no_interval_and_no_warning(recwarn: pytest.WarningsRecorder) -> None:
    """Found with bismuth in Germany: the worlds of 64 points all lost nothing more, and the document was
    refused."""
    found = importance_rows(
        job_of(
            BUNDLED,
            world(BUNDLED, "bismuth"),
            nodes_for(world(BUNDLED, "bismuth"), "DEU"),
            Sampling(seed=1, draws=60),
        ),
        16,
    )
    for r in found:
        if r["first"] == 0 and r["total"] == 0:
            assert r["first_low"] is None and r["total_high"] is None
        else:
            assert r["total_low"] <= r["total_high"]
    assert any(r["total_low"] is None for r in found) and not [
        w for w in recwarn if "scipy" in str(w.filename)
    ]
    validate(
        json.loads(to_text(api.stress("bismuth", "DEU", draws=20, attribution=16, in_force=True))), "stress"
    )
