"""The whole chain: a stress test of real facts, its folder into an input-output table (pymrio's own,
synthetic), shares out."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from crosscut.app import api
from crosscut.app.cli import main as cli
from crosscut.base.errors import UserError
from tests.paths import ROOT

pymrio = pytest.importorskip("pymrio")
DEPENDENT = {"manufactoring": 0.3, "mining": 0.5}
SHARE = {"manufactoring": 0.7, "mining": 0.1}


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = pymrio.load_test()
    found.calc_system()
    folder = tmp_path_factory.mktemp("io") / "testmrio"
    found.save_all(folder, table_format="txt")
    return folder


@pytest.fixture(scope="module")
def stressed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stress") / "japan"
    said("stress", "tungsten", "--country", "Japan", "--draws", "400", "--workers", "1", "--out", folder)
    return folder


def said(*words: object) -> None:
    """The command, as typed; it must end well."""
    before = sys.argv
    sys.argv = ["crosscut", *map(str, words)]
    try:
        with pytest.raises(SystemExit) as stop:
            cli.main()
    finally:
        sys.argv = before
    assert stop.value.code == 0


@pytest.fixture
def uses(table: Path, stressed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """The template of the table for the country of the result, filled in as a user would."""
    said("economy", table, "--result", stressed, "--template")
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert (
        {r["country"] for r in rows} == {"JPN"} and {r["region"] for r in rows} == {"reg1"} and len(rows) == 8
    )
    for r in rows:
        r["share"], r["dependent"] = str(SHARE.get(r["sector"], 0)), str(DEPENDENT.get(r["sector"], 1))
    path = tmp_path / "uses.csv"
    with path.open("w", newline="") as f:
        write = csv.DictWriter(f, list(rows[0]))
        write.writeheader()
        write.writerows(rows)
    return path


def direct(document: dict[str, Any], region: str = "reg1") -> tuple[float, float, float]:
    row = next(
        r for r in document["tables"]["economy"]["rows"] if (r["reading"], r["region"]) == ("direct", region)
    )
    return row["share_low"], row["share_middle"], row["share_high"]


def test_from_the_draws_to_value_added_by_hand(
    table: Path, stressed: Path, uses: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said(
        "economy",
        table,
        "--result",
        stressed,
        "--uses",
        uses,
        "--once-in",
        "20",
        "--out",
        tmp_path / "economy",
    )
    out = capsys.readouterr().out
    assert "SYNTHETIC" in out and "USD" not in out and "passed once in 20 years" in out
    document = json.loads((tmp_path / "economy" / "result.json").read_text())
    stress = json.loads((stressed / "result.json").read_text())
    year = next(r for r in stress["tables"]["stress_returns"]["rows"] if r["return_years"] == 20)
    used = 52 * year["short"] / year["short_weeks"]
    found = pymrio.load_test()
    found.calc_system()
    value_added = (found.x["indout"] - found.Z.sum(axis=0))["reg1"]
    for got, tonnes in zip(
        direct(document), (year["short_low"], year["short"], year["short_high"]), strict=True
    ):
        stops = {
            s: max(tonnes, 0) / used * DEPENDENT[s] for s in SHARE
        }  # each user loses the same part of its use
        expected = sum(stops[s] * value_added[s] for s in SHARE) / value_added.sum()
        assert got == pytest.approx(expected, rel=1e-6)
    for r in document["tables"]["economy"]["rows"]:
        assert r["value_added"] is None and r["middle"] is None and r["status"].startswith("synthetic")
    whole = {
        r["reading"]: r["share_middle"] for r in document["tables"]["economy"]["rows"] if r["region"] == "all"
    }
    assert whole["upstream"] >= whole["direct"] > 0 and whole["downstream"] >= whole["direct"]
    assert (tmp_path / "economy" / "report.html").is_file()


def test_what_measures_in_force_take_already(table: Path, stressed: Path, uses: Path) -> None:
    taken = api.economy(table, result=stressed, uses=uses, already=True, one_step=True)
    drawn = api.economy(table, result=stressed, uses=uses, one_step=True)
    stands = {
        r["measure"]: r
        for r in api.read_result(stressed / "result.json")["tables"]["stress_in_force"]["rows"]
    }
    ratio = direct(taken)[1] / direct(drawn)[1]
    year = next(
        r
        for r in api.read_result(stressed / "result.json")["tables"]["stress_returns"]["rows"]
        if r["return_years"] == 20
    )
    assert ratio == pytest.approx(stands["short already"]["value"] / year["short"], rel=1e-6)
    said_so = {s["text"] for s in drawn["statements"]}
    assert any("measures in force are not in it" in s for s in said_so)


def test_a_rarer_year_costs_no_less(table: Path, stressed: Path, uses: Path) -> None:
    shares = [
        direct(api.economy(table, result=stressed, uses=uses, once_in=y, one_step=True))[1]
        for y in (5, 10, 20)
    ]
    assert shares == sorted(shares) and np.isfinite(shares).all()


def test_mistakes_on_the_way_are_named(table: Path, stressed: Path, tmp_path: Path, uses: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_text("region,sector,share,country\nreg1,mining,0,JPN\n")
    with pytest.raises(UserError, match="every share is 0"):
        api.economy(table, result=stressed, uses=empty)
    other = tmp_path / "other.csv"
    other.write_text("region,sector,share,country,use\nreg1,mining,0.5,JPN,hardmetal\n")
    with pytest.raises(UserError, match="use left empty"):
        api.economy(table, result=stressed, uses=other)
    with pytest.raises(UserError, match="one of: 2, 5, 10, 20"):
        api.economy(table, result=stressed, uses=uses, once_in=7)


def test_the_page_runs_as_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (ROOT / "docs" / "economy.md").read_text()
    section = page.partition("## From a stress test, end to end")[2].partition("\n## ")[0]
    monkeypatch.chdir(tmp_path)
    (code,) = re.findall(r"```python\n(.*?)```", section, flags=re.S)
    exec(code, {})
    (text,) = re.findall(r"```csv\n(.*?)```", section, flags=re.S)
    (tmp_path / "uses.csv").write_text(text)
    lines = [x for block in re.findall(r"```sh\n(.*?)```", section, flags=re.S) for x in block.splitlines()]
    assert len(lines) == 4
    for line in lines:
        said(*shlex.split(line)[1:])
    assert "SYNTHETIC" in capsys.readouterr().out and (tmp_path / "cost" / "report.html").is_file()
