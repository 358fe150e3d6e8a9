"""`crosscut stress --chunks 1/2`, then `--merge`: the result of the command on one machine."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from crosscut.app.cli import main as cli

ASKED = ["stress", "tin", "--country", "USA", "--draws", "700", "--executor", "serial"]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    def run(*words: str | Path) -> tuple[object, str, str]:
        monkeypatch.setattr(sys, "argv", ["crosscut", *map(str, words)])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        return stop.value.code, *capsys.readouterr()

    return run


def content(folder: Path) -> dict[str, object]:
    """The result but for when it was made, and the bytes of all other files that do not say so."""
    result = json.loads((folder / "result.json").read_text())
    del result["created_utc"]
    files = {p.name: p.read_bytes() for k in ("draws", "tables") for p in (folder / k).iterdir()}
    return {"result.json": result, **files}


def test_parts_joined_are_the_command_on_one_machine(tmp_path: Path, command) -> None:
    assert command(*ASKED, "--out", tmp_path / "one")[0] == 0
    many = tmp_path / "many"
    code, out, _ = command(*ASKED, "--out", many, "--chunks", "2/2")
    assert code == 0 and "Part 2/2: draws 500 to 699" in out and "--merge" in out
    code, _, err = command(*ASKED, "--out", many, "--merge")
    assert code == 2 and "part 1/2 is missing" in err and "--chunks 1/2" in err
    code, out, _ = command(*ASKED, "--out", many, "--chunks", "1/2", "--json")
    assert code == 0 and json.loads(out)["to"] == 499
    assert command(*ASKED, "--out", many, "--merge")[0] == 0
    assert content(many) == content(tmp_path / "one")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--chunks", "1/2"], "no out"),
        (["--merge"], "--merge without --out"),
        (["--chunks", "3/2", "--out", "x"], "the 17th of 64 parts"),
        (["--chunks", "1/3", "--out", "x"], "at most 2: 500 draws are solved as a whole"),
        (["--chunks", "1/2", "--merge", "--out", "x"], "--merge with --chunks"),
        (["--merge", "--resume", "--out", "x"], "--merge with --resume"),
    ],
)
def test_what_cannot_be_asked_together(
    words: list[str], says: str, command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, _, err = command(*ASKED, *words)
    assert code == 2 and says in err and "Traceback" not in err


@pytest.mark.parametrize("words", [["--chunks", "1/2"], ["--merge"]])
def test_a_ranking_has_no_parts(words: list[str], command) -> None:
    code, _, err = command("stress", "--all-minerals", "--country", "USA", "--out", "x", *words)
    assert code == 2 and f"{words[0]} with --all-minerals" in err
