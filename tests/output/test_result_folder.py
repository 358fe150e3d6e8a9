"""The folder of a result: what is refused before the work starts, what is replaced, and what stays."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from crosscut.app import api
from crosscut.app.cli import command, deposits, exposed, forecasts, known, losses, scenarios
from crosscut.base.errors import UserError
from crosscut.output import result_folder
from crosscut.output.result_folder import folder_problems, staged
from crosscut.results.parts import Kind

ONCE = {"draws": 3, "workers": 1}


@pytest.fixture(scope="module")
def run():
    return api.run("china-quota-cut", **ONCE)


@pytest.fixture(scope="module")
def world():
    return api.world_report("tin")


def content(folder):
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }


def said(folder, *kinds):
    return " ".join(map(str, folder_problems(folder, kinds)))


def test_a_folder_that_is_not_there_is_fine_and_is_not_made_by_asking(tmp_path):
    assert folder_problems(tmp_path / "a" / "b", ["run"]) == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "name", ["report.html", "result.json", "project.xlsx", "tables/prices.csv", "map.html"]
)
def test_files_of_somebody_else_are_in_the_way(tmp_path, run, name):
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("mine")
    assert name in said(tmp_path, "run")
    with pytest.raises(UserError, match="did not write"):
        run.save(tmp_path)
    assert content(tmp_path) == {name: b"mine"}


def test_files_under_other_names_are_nobodys_business(tmp_path, run):
    (tmp_path / "notes.txt").write_text("mine")
    run.save(tmp_path)
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_a_result_of_another_command_is_not_mixed_with_this_one(tmp_path, run, world):
    run.save(tmp_path)
    before = content(tmp_path)
    assert "holds a result of `crosscut run`" in said(tmp_path, "world")
    with pytest.raises(UserError, match="an earlier result of `crosscut world`"):
        world.save(tmp_path)
    assert content(tmp_path) == before


def test_an_earlier_result_of_the_command_is_replaced_whole(tmp_path, run):
    """A table that only the earlier result had does not stay beside the new ones."""
    run.save(tmp_path)
    assert (tmp_path / "tables" / "drivers.csv").exists()
    with staged(tmp_path, ["run"]) as stage:
        assert stage.replaces.startswith("the result of 20")
        (stage.path / "tables").mkdir()
        files = [stage.path / "result.json", stage.path / "tables" / "prices.csv"]
        files[0].write_text(json.dumps({"schema": "crosscut.result/1", "kind": "run"}))
        files[1].write_text("new")
        placed = stage.placed(files)
    assert content(tmp_path).keys() == {"result.json", "tables/prices.csv"}
    assert placed == [tmp_path / "result.json", tmp_path / "tables" / "prices.csv"]


def test_a_map_is_known_by_its_points(tmp_path, run):
    found = api.facilities("tungsten")
    (tmp_path / "facilities.geojson").write_text(json.dumps(found["geojson"]))
    assert folder_problems(tmp_path, ["map"]) == []
    assert "crosscut facts --map" in said(tmp_path, "run")
    (tmp_path / "facilities.geojson").write_text('{"type": "FeatureCollection", "features": []}')
    assert "did not write" in said(tmp_path, "map")


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS, errno.ENOSPC])
def test_a_place_that_cannot_be_written_is_told_before_anything_starts(tmp_path, monkeypatch, number):
    def refuse(**_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(result_folder.tempfile, "TemporaryFile", refuse)
    assert f"{tmp_path} cannot be written" in said(tmp_path / "out", "run")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder(tmp_path):
    tmp_path.chmod(0o555)
    try:
        assert "you may not write there" in said(tmp_path / "out", "run")
    finally:
        tmp_path.chmod(0o755)


def test_a_path_through_a_file(tmp_path):
    (tmp_path / "file").write_text("mine")
    assert "is a file" in said(tmp_path / "file", "run")
    assert "is a file" in said(tmp_path / "file" / "below", "run")


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "x"), RuntimeError("IO error (os error 28)")])
def test_a_disk_that_fills_leaves_the_earlier_result_and_no_rest(tmp_path, run, monkeypatch, error):
    run.save(tmp_path)
    before = content(tmp_path)
    written = []

    def write(document, folder):
        written.append((Path(folder) / "report.html").write_text("half"))
        raise error

    monkeypatch.setattr("crosscut.output.document_output._written", write)
    with pytest.raises(UserError, match=r"nothing was written to .*: no space is left on the disk"):
        run.save(tmp_path)
    assert written
    assert content(tmp_path) == before


def test_a_fault_of_ours_stays_one(tmp_path, run, monkeypatch):
    def write(document, folder):
        raise ValueError("ours")

    monkeypatch.setattr("crosscut.output.document_output._written", write)
    with pytest.raises(ValueError, match="ours"):
        run.save(tmp_path / "new")
    assert list(tmp_path.iterdir()) == []


LIMITED = """
import resource, sys
from crosscut.app.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
sys.argv = ["crosscut", "world", "tin", "--out", sys.argv[1]]
main.main()
"""


def test_a_real_limit_of_the_system(tmp_path):
    """Files may not grow beyond 20 kB, as on a disk that is full: exit code 2, a sentence, an empty place."""
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path / "out")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2, done.stderr
    assert f"nothing was written to {tmp_path / 'out'}: the file would be larger" in done.stderr
    assert "our fault" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_every_command_with_a_folder_knows_the_kind_that_it_writes():
    """A kind that no document has would let a command refuse its own earlier result."""
    kinds = {*Kind.__args__, "map"}
    modules = (deposits, exposed, forecasts, known, losses, scenarios)
    calls = {
        a.call
        for m in modules
        for f in vars(m).values()
        if callable(f)
        for c in (getattr(f, "__closure__", None) or ())
        if isinstance(c.cell_contents, tuple)
        for a in c.cell_contents
        if isinstance(a, command.Answer) and a.write is not None
    }
    assert calls >= {
        "run",
        "world_report",
        "outlook",
        "project",
        "stress",
        "economy",
        "backtest",
        "facilities",
    }
    for call in calls:
        assert set(command.KINDS.get(call, (call,))) <= kinds, call
