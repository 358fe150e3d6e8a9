"""`crosscut data`: what the user types and sees."""

from __future__ import annotations

import json
import shlex
import sys
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import pytest

from crosscut.app.cli import main as cli
from crosscut.app.opening import open_context
from crosscut.ledger.reference import data_versions as copies
from tests.ledger.sources import samples
from tests.ledger.test_accepted_facts import cobalt
from tests.ledgers import data_here


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("CROSSCUT_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("CROSSCUT_DATA_USE", raising=False)
    return tmp_path / "data"


@pytest.fixture
def release(tmp_path):
    """A release in which one Chinese export of ore is ten times what it was."""
    rows = list(samples.trade_sample(("261100", "810110"), tuple(range(2018, 2025))))
    at = next(n for n, r in enumerate(rows) if r[0] == 2024 and r[1] == 643 and r[3] == 261100)
    rows[at] = (*rows[at][:4], f"{10 * float(rows[at][4]):.3f}", rows[at][5])
    path = tmp_path / "BACI_HS92_V202701.zip"
    path.write_bytes(samples.baci_zip(rows, "202701"))
    return path


@pytest.fixture
def run(monkeypatch, capsys):
    def call(command, code=0):
        monkeypatch.setenv("COLUMNS", "140")
        monkeypatch.setattr(sys, "argv", ["crosscut", *shlex.split(command)])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        out, err = capsys.readouterr()
        assert stop.value.code == code, err
        return out if code == 0 else err

    return call


def test_status_of_a_fresh_installation(run, folder):
    out = run("data status")
    assert "Bilateral trade by HS 1992 code" in out
    assert "bundled e259a2e33b20" in out
    assert "not here: crosscut data pull usgs-mcs" in out
    assert str(folder) in out.replace("\n", "")
    assert not folder.exists()
    found = json.loads(run("data status --json"))
    assert {s["source"] for s in found["sources"]} >= {
        "baci",
        "wgi",
        "comtrade",
        "usgs-mcs",
        "world-mining-data",
    }
    assert found["version"] == copies.bundled_version()


def test_the_whole_way(run, release, folder):
    out = run(f"data pull baci --from {release} --codes 261100,810110")
    assert "V202701" in out
    assert "1 changed" in out
    assert "crosscut data diff baci" in out
    assert "waiting: crosscut data diff baci" in run("data status baci")
    shown = run("data diff baci --draws 0")
    assert "All figures would disappear for: 72 of code" in shown
    assert "261100, 2024, RUS" in shown or "removed" in shown
    assert "in use; back with: crosscut data revert baci" in run("data accept baci")
    assert "baci" in run("data status --check")
    assert json.loads(run("data status baci --check --json"))["sources"][0]["checked"] == "whole"
    assert "the bundled copy is in use" in run("data revert baci")


def test_the_difference_in_headline_results(run, release):
    """The scenario solved on both sides: other ore from Russia, another world, the prices side by side."""
    run(f"data pull baci --from {release} --codes 261100,810110")
    found = json.loads(run("data diff baci --draws 1 --json"))["headline"]
    assert found["errors"] == {}
    assert found["data"]["before"] == copies.bundled_version()
    assert found["data"]["after"] != found["data"]["before"]
    assert {(r["form"], r["place"], r["basis"]) for r in found["rows"]} == {
        ("oxide", "EU27", "paid"),
        ("oxide", "CHN", "inside"),
    }
    for r in found["rows"]:
        assert r["before"]["base"] > 0
        assert r["after"]["median"] > 0


def test_results_say_which_data_they_used_and_whether_they_are_stale(run, release, tmp_path, monkeypatch):
    run(f"data pull baci --from {release} --codes 261100,810110 --accept")
    result = json.loads(run("run china-controls-2025 --draws 1 --json"))
    used = {d["dataset"]: d for d in result["inputs"]["data_sources"]}
    assert used["trade"]["source"] == "baci"
    assert used["trade"]["version"] == data_here().current_version("baci")
    assert result["inputs"]["data"] == data_here().version() != copies.bundled_version()
    path = tmp_path / "r.json"
    path.write_text(json.dumps(result))
    assert "baci, to 2024, version" in run(f"why {path}")
    monkeypatch.setattr(
        "crosscut.app.cli.command.open_context",
        partial(open_context, clock=lambda: datetime(2027, 3, 1, tzinfo=UTC)),
    )
    assert "stale: newer figures should be out since 2027-02-01" in run(f"why {path}").replace("\n", " ")
    run("data revert baci")
    now = {d["dataset"]: d["now"] for d in json.loads(run(f"why {path} --json"))["data"]}
    assert now == {"production": None, "trade": copies.bundled_version()}


def test_a_stale_copy_is_told_on_the_screen_of_a_run(release):
    from rich.console import Console

    from crosscut.output.screens.market.run import run_screen
    from crosscut.results.parts import DataSource
    from tests.output.sample import sample_result

    old = DataSource("trade", "bundled", "x", 2024, "2027-02-01")
    made = sample_result()
    result = replace(
        made, created_utc="2027-03-01T00:00:00+00:00", inputs=replace(made.inputs, data_sources=(old,))
    )
    console = Console(width=120, record=True)
    console.print(run_screen(result))
    assert "Stale data: trade to 2024 (bundled)" in console.export_text()


def test_without_a_network(run, folder):
    err = run("data pull wgi --from http://127.0.0.1:9/v2", code=2)
    assert "no connection to 127.0.0.1:9" in err
    assert "figures to 2024 (bundled) stay in use" in err
    assert "Traceback" not in err
    out = run("data status wgi")
    assert "failed: wgi-1.json: no connection" in " ".join(out.split())


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("data pull baic", "Did you mean 'baci'"),
        ("data pull baci --from nosuch.zip", "nosuch.zip: is no file"),
        ("data pull --release 202601", "an option for one source"),
        ("data pull comtrade --years soon", "years 'soon'"),
        ("data pull baci --codes tungsten", "'tungsten' is no HS code"),
        ("data accept baci", "nothing is staged"),
        ("data diff baci", "nothing is staged"),
        ("data diff baci --draws -1", "draws -1"),
        ("data revert baci", "bundled figures are in use already"),
        ("data status nosuch", "no source 'nosuch'"),
    ],
)
def test_mistakes_end_in_words(run, command, says):
    assert says in run(command, code=2)


def test_accepting_a_release_says_what_reads_it_and_moves_an_answer(run, tmp_path):
    """One figure of China changed: the indicators of cobalt move, and both facts are shown."""
    before = concentration(run)
    lines = cobalt(CHN="200000")
    path = tmp_path / "MCS2026_Commodities_Data.csv"
    path.write_bytes(samples.mcs_csv(lines))
    run(f"data pull usgs-mcs --from {path}")
    assert concentration(run) == before, "what is staged is not used"
    said = run("data accept usgs-mcs")
    assert "read by: facts of each mineral it names" in said
    assert f"cobalt {len(lines)}" in said
    after = concentration(run)
    assert before["concentration.hhi"] == pytest.approx(5772.7, abs=0.1)
    # 226,000 and 200,000 of 499,590 t, the others one
    assert after["concentration.hhi"] == pytest.approx(3710, abs=10)
    assert after["control.hhi"] != before["control.hhi"]
    shown = run("facts cobalt")
    assert "200,000 t" in shown
    assert "others say 2,000" in shown
    run("data revert usgs-mcs")
    assert concentration(run) == before


def concentration(run):
    """Concentration and control of mine output of cobalt in 2024, as the command prints them."""
    rows = json.loads(run("indicators cobalt --json"))["tables"]["indicators"]["rows"]
    mine = ("mine (USGS Mineral Commodity Summaries 2026)", "by location")
    return {r["indicator"]: r["value"] for r in rows if r["variant"] in mine}
