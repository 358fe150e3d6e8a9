"""Every reader of output tables counts one edition once, with a release of USGS accepted beside the copy."""

from __future__ import annotations

import csv
import io

import pytest

from crosscut.app import api
from crosscut.app.opening import open_context
from crosscut.ledger.ask.compare_sources import sources_beside
from crosscut.ledger.ownership.outputs import located_output
from crosscut.ledger.sources.owners.mcs import Mcs
from crosscut.ledger.sources.pull import accept, pull
from crosscut.studies.costs.mine_costs import world_output
from tests.ledger.sources import samples
from tests.ledger.test_accepted_facts import cobalt
from tests.ledgers import BUNDLED, data_here, here


@pytest.fixture
def ledger(tmp_path, monkeypatch):
    """The bundled facts with a release of USGS that says the same of tungsten and cobalt."""
    monkeypatch.setenv("CROSSCUT_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("CROSSCUT_DATA_USE", raising=False)
    path = tmp_path / "MCS2026_Commodities_Data.csv"
    out = io.StringIO()
    csv.writer(out).writerows(cobalt())
    path.write_bytes(samples.mcs_csv() + out.getvalue().encode("cp1252"))
    pull(data_here(), Mcs(), [path])
    accept(data_here(), "usgs-mcs")
    return here()


@pytest.mark.parametrize("mineral", ["tungsten", "cobalt", "tin"])
def test_sources_beside_each_other(ledger, mineral):
    assert sources_beside(ledger, mineral) == sources_beside(BUNDLED, mineral)


def test_output_by_place_and_on_the_cost_curve(ledger):
    for mineral in ("tungsten", "cobalt"):
        ours, theirs = located_output(ledger, mineral, 2024), located_output(BUNDLED, mineral, 2024)
        assert (ours.world, ours.by_country) == (theirs.world, theirs.by_country)
    assert world_output(ledger) == world_output(BUNDLED)


@pytest.mark.parametrize("ask", ["indicators", "exposure", "world_report", "alarms", "claims"])
def test_answers_are_the_same_where_the_figures_are(ledger, ask, monkeypatch):
    """But for the ids of facts and the version of the data, which say what was read."""
    context = open_context()
    monkeypatch.setenv("CROSSCUT_DATA_USE", "bundled")
    bundled = open_context()
    assert bundled.ledger.plain
    assert context.ledger.store.key == ledger.store.key
    given = {"indicators": (["tungsten", "cobalt"],), "exposure": ("tungsten", "Japan")}.get(
        ask, ("tungsten",)
    )
    ours, theirs = (
        getattr(api, ask)(*given, context=context),
        getattr(api, ask)(*given, context=bundled),
    )
    if ask in ("alarms", "claims"):
        assert len(ours) == len(theirs)
        return
    for name, table in theirs.tables.items():
        rows = [numbers(r) for r in ours.tables[name].rows]
        assert rows == [pytest.approx(numbers(r), rel=1e-9) for r in table.rows], name


def numbers(row):
    """The figures of a row."""
    return {k: v for k, v in row.items() if isinstance(v, float) and k not in ("age",)}
