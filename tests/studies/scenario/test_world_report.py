"""The world report of every mineral: it adds up, says what it rests on, and marks C and D as screening."""

from collections import defaultdict

import numpy as np
import pytest
from rich.console import Console

from crosscut.app import api
from crosscut.base.bundled import bundled_text
from crosscut.base.errors import Refused, UserError
from crosscut.output.screens.market.world import world_screen
from crosscut.worlds import minerals_with_worlds, world
from crosscut.worlds.graded_minerals import built_grades, grades, grades_text
from crosscut.worlds.minerals import trade_unit
from tests.ledgers import BUNDLED

GRADES = {g.mineral: g for g in grades(BUNDLED)}
BUILT = [m for m, g in GRADES.items() if g.grade]
REFUSED = [m for m, g in GRADES.items() if not g.grade]


def sums(rows, *keys, of="tonnes"):
    out = defaultdict(float)
    for r in rows:
        out[tuple(r[k] for k in keys)] += r[of]
    return out


def test_more_than_twenty_minerals_have_a_report():
    assert len(BUILT) >= 21
    assert set(GRADES) == set(minerals_with_worlds())


@pytest.fixture(scope="module", params=BUILT)
def report(request):
    return api.world_report(request.param)


def test_it_adds_up(report):
    """Made = mined + processed, used = taken in + final, sold - bought = made - used, flows sum to both."""
    tables = {name: t["rows"] for name, t in report["tables"].items()}
    made, used = sums(tables["makers"], "form"), sums(tables["users"], "form")
    flows = sums(tables["flows"], "form", of="base")
    for r in tables["chain"]:
        key = (r["form"],)
        assert made[key] == pytest.approx(r["made"], rel=1e-6)
        assert used[key] == pytest.approx(r["processed"] + r["final_use"], rel=1e-6)
        assert flows[key] == pytest.approx(r["made"], rel=1e-6)
        assert r["made"] == pytest.approx(r["processed"] + r["final_use"], rel=1e-9)
        assert 0 < r["three_largest"] <= 1 + 1e-12 and 0 < r["hhi"] <= 10_000 * (1 + 1e-12)
        assert r["price"] > 0
    for r in tables["trade_balance"]:
        assert r["net"] == pytest.approx(r["made"] - r["used"], abs=1e-6 * max(r["made"], r["used"]))
        assert r["import_share"] is None or -1e-12 <= r["import_share"] <= 1 + 1e-12
    net = sums(tables["trade_balance"], "form", of="net")
    assert all(abs(v) < 1e-6 * made[k] for k, v in net.items())


def test_coverage_is_the_evidence_of_the_world(report):
    w = world(BUNDLED, report["inputs"]["mineral"])
    rows = report["tables"]["coverage"]["rows"]
    for (_, _), share in sums(rows, "kind", "form", of="share").items():
        assert share == pytest.approx(1.0)
    found = sums(rows, "kind")
    recorded = found[("mine",)] + found[("collection",)]
    unrecorded = found[("unrecorded supply",)] + found[("stock draw",)]
    assert unrecorded / (recorded + unrecorded) == pytest.approx(w.unrecorded_share)
    assert recorded + unrecorded == pytest.approx(w.M0.sum(), rel=1e-6)
    makers = report["tables"]["makers"]["rows"]
    assert sum(r["unrecorded"] for r in makers) == pytest.approx(unrecorded, rel=1e-5, abs=1e-2)
    text = next(s["text"] for s in report["statements"] if s["text_key"] == "grade")
    assert f"Grade {w.grade}" in text and f"(here {w.unrecorded_share:.1%})" in text
    assert len(report["tables"]["moves"]["rows"]) == len(w.moves)


def test_what_is_missing_has_a_bias_and_every_parameter_an_evidence_status(report):
    assert len(report["limits"]) >= 3
    assert all(x["what"] and x["bias"] for x in report["limits"])
    assert all(a["evidence_status"] for a in report["assumptions"])
    assert report["facts"]


def test_screening_is_said_on_the_screen_and_only_there_where_it_is_due(report):
    console = Console(width=100, no_color=True)
    with console.capture() as captured:
        console.print(world_screen(report))
    text = captured.get()
    assert max(len(line) for line in text.splitlines()) <= 100
    assert ("Screening only" in text) == (report["inputs"]["world"]["grade"] in ("C", "D"))
    for heading in ("makers", "users", "trade balance", "rests on", "Moved or repaired", "Missing"):
        assert heading in text
    for r in report["tables"]["chain"]["rows"]:
        assert trade_unit(report["inputs"]["mineral"], r["form"])[0].split()[0] in text


def test_the_largest_maker_of_ore_by_hand():
    rows = api.world_report("tungsten")["tables"]["makers"]["rows"]
    first = max((r for r in rows if r["form"] == "concentrate"), key=lambda r: r["tonnes"])
    assert first["country"] == "CHN"
    assert first["tonnes"] == pytest.approx(67_000, rel=0.01)  # USGS Mineral Commodity Summaries 2026
    assert first["share"] == pytest.approx(67_000 / 85_300, rel=0.01)


@pytest.mark.parametrize("mineral", REFUSED)
def test_the_others_say_why(mineral):
    with pytest.raises(Refused) as refused:
        api.world_report(mineral)
    assert len(GRADES[mineral].why) > 7
    assert GRADES[mineral].why.rstrip(".").lower()[:20] in str(refused.value).lower()


def test_unknown_minerals_and_years_are_refused():
    with pytest.raises(UserError, match="tungsten"):
        api.world_report("tungstn")
    with pytest.raises(UserError, match="2024"):
        api.world_report("tungsten", 1999)


def test_the_shipped_grades_are_current():
    """Run python -m crosscut.worlds.graded_minerals after a change of facts that moves a grade."""

    assert bundled_text("worlds", "grades.csv") == grades_text(built_grades(BUNDLED))


def test_the_id_does_not_depend_on_when_it_was_made():
    a, b = api.world_report("tin"), api.world_report("tin")
    assert a["id"] == b["id"]
    assert np.isfinite([r["made"] for r in a["tables"]["chain"]["rows"]]).all()
