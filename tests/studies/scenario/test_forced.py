"""A run may read another fact than the one picked: named, one at a time, beside the default run."""

from __future__ import annotations

import pytest

from crosscut.app import api
from crosscut.base.errors import UserError
from crosscut.ledger.ask.resolve_conflicts import alternatives, conflicts_of, picked_facts
from crosscut.worlds import world
from tests.ledgers import BUNDLED

VIET_NAM = "Fd9e144fa816b"  # World Mining Data 2024: 5,390 t; USGS, which the ledger picks: 3,400 t
CHINESE_USE = "F219211738716"  # a broker: 71,000 t


@pytest.fixture(scope="module")
def forced():
    return api.run("china-controls-2025", draws=3, facts=[VIET_NAM])


def test_every_figure_with_a_conflict_is_the_one_the_ledger_picks():
    """The world reads through the pick: whatever it cites and others dispute is what the rule takes."""
    read = set(world(BUNDLED, "tungsten").fact_ids)
    disputed = [c for c in conflicts_of(BUNDLED, "tungsten") if any(f.id in read for f in c.facts)]
    assert len(disputed) >= 14
    assert {f.attribute for c in disputed for f in c.facts if f.id in read} >= {
        "mine production",
        "refined use, all refined",
        "refined exports, all refined",
        "price: start of year",
    }
    for c in disputed:
        assert [f.value for f in c.facts if f.id in read] == [c.picked.value], c.about


def test_a_forced_fact_is_in_the_world_and_nothing_else_moves():
    w = world(BUNDLED, "tungsten")
    mine = BUNDLED.forcing((VIET_NAM,))
    assert picked_facts(mine, "tungsten", "mine production", "2024")["VNM"].decided_by == "forced"
    other = world(mine, "tungsten")
    mines = {f.cell: f.before for f in w.figures if f.kind == "mine"}
    forced_mines = {f.cell: f.before for f in other.figures if f.kind == "mine"}
    assert {k: (v, forced_mines[k]) for k, v in mines.items() if forced_mines[k] != v} == {
        "mine concentrate VNM": (3400.0, 5390.0)
    }
    assert VIET_NAM in other.fact_ids
    assert world(BUNDLED, "tungsten").hash == w.hash


@pytest.mark.parametrize("id", sorted(alternatives(BUNDLED, "tungsten", world(BUNDLED, "tungsten").fact_ids)))
def test_every_alternative_can_be_read(id):
    mine = BUNDLED.forcing((id,))
    assert id in world(mine, "tungsten").fact_ids


def test_the_result_shows_both(forced):
    (row,) = forced["tables"]["forced_facts"]["rows"]
    assert (row["fact"], row["value"], row["default"]) == (VIET_NAM, 5390.0, 3400.0)
    default = api.run("china-controls-2025", draws=3)
    for r in forced["tables"]["forced_prices"]["rows"]:
        key = (r["form"], r["place"], r["basis"])
        a, b = (
            next(p for p in d["tables"]["prices"]["rows"] if (p["form"], p["place"], p["basis"]) == key)
            for d in (default, forced)
        )
        assert (r["default_base"], r["default_median"]) == (a["base"], a["median"])
        assert (r["base"], r["median"]) == (b["base"], b["median"])
        assert a["median"] != b["median"]
    assert VIET_NAM in forced["facts"]
    assert forced["inputs"]["world"]["hash"] != default["inputs"]["world"]["hash"]
    assert any("5,390 t W instead of 3,400" in s["text"] for s in forced["statements"])


def test_the_data_behind_a_forced_run_are_named_as_in_a_plain_one(forced):
    plain = api.run("china-controls-2025", draws=1)
    assert plain.inputs.data_sources
    assert forced.inputs.data_sources == plain.inputs.data_sources


def test_the_plain_run_has_no_such_tables():
    assert "forced_facts" not in api.run("china-controls-2025", draws=1)["tables"]


@pytest.mark.parametrize(
    ("ids", "says"),
    [
        (["F000000000000"], "no fact 'F000000000000'"),
        (["F1c2ef4033113"], "is read anyway"),
        (["F470f988b6728"], r"does not read World, demand: consumption, all, 2016"),
        ([CHINESE_USE, "F75400515434b"], "are about one thing"),
    ],
)
def test_a_fact_the_world_gives_no_place_to_is_refused_by_name(ids, says):
    with pytest.raises(UserError, match=says) as caught:
        api.run("china-controls-2025", draws=1, facts=ids)
    assert (
        "Vietnam, mine production, 2024: 5,390 against 3,400" in str(caught.value)
        or "no fact" in says
        or "one thing" in says
    )
