"""worlds.minerals, ledger.own_tables, ledger.ask.stockpile: a second mineral in depth is an entry and a
builder, and no room asks for a mineral by name."""

import json
import os
import re
import subprocess
import sys

import pytest

from crosscut.base.errors import Refused
from crosscut.ledger.own_tables import ENTRIES, entry_with
from crosscut.ledger.store.declarations import TABLES
from crosscut.worlds import world
from crosscut.worlds.minerals import DEEP_MINERALS
from tests.ledgers import BUNDLED
from tests.paths import ROOT

REGISTRY = {"own_tables.py", "minerals.py"}


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What the house answers about a mineral that is only registered."""
    cache = tmp_path_factory.mktemp("cache")
    done = subprocess.run(
        [sys.executable, "-m", "tests.worlds.made_up_mineral"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "XDG_CACHE_HOME": str(cache)},
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_made_up_mineral_has_a_world_of_its_own(told):
    name, forms, use = told["world"]
    assert name == "unobtainium"
    assert forms == [f.id for f in world(BUNDLED, "tungsten").chain.forms]
    assert use == pytest.approx(float(world(BUNDLED, "tungsten").D0.sum()))
    assert told["why"] == ""
    assert told["unit"] == ["USD/lb Uo", 0.0005]


def test_a_made_up_mineral_is_answered_from_the_tables_of_its_entry(told):
    assert "concentrate" in " ".join(told["listed"])
    assert told["facilities"] > 20
    assert told["claims"] == 112
    assert told["output"] == 82000.0
    assert told["controlled"] > 0.5
    assert told["stock"] == "Secret Stockpile"
    assert any("Secret Stockpile" in text for text in told["cover"])
    assert any("USGS" in source for source in told["by_source"])


def test_no_room_asks_for_a_mineral_by_name():
    names = "|".join(DEEP_MINERALS)
    asks = re.compile(rf"""[!=]= ["'](?:{names})["']|["'](?:{names})["'] [!=]=|: str = ["'](?:{names})["']""")
    code = [
        (p.relative_to(ROOT).as_posix(), n, line)
        for p in ROOT.joinpath("src").rglob("*.py")
        if p.name not in REGISTRY
        for n, line in enumerate(p.read_text(encoding="utf-8").splitlines(), 1)
        if ">>>" not in line and asks.search(line)
    ]
    assert code == []


def test_every_table_of_an_entry_is_declared():
    for e in ENTRIES.values():
        named = (e.output.name, e.stages, e.prices, e.demand, *e.facilities, e.stakes, e.offtakes, e.claims)
        assert set(named) <= set(TABLES), e.mineral
        assert {e.output.place, e.output.tonnes} <= {*TABLES[e.output.name].key, "mine_production"}


def test_what_an_entry_lacks_is_refused_with_those_that_have_it():
    with pytest.raises(Refused, match=r"no facilities of copper are in the package\. Expected tungsten"):
        entry_with("copper", "facilities", "facilities of")
