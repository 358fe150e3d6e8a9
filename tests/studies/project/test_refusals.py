"""Bad input is refused with file, line, field, value and hint, all mistakes at once, and nothing is
half-written."""

import sys

import pytest

from crosscut.app.cli import main as cli
from crosscut.base.errors import UserError
from crosscut.inputs.project.loader import project_from_text
from crosscut.studies.project.run import project_result
from tests.ledgers import BUNDLED, IN_THIS_PROCESS
from tests.studies.project.bad import GOOD, SPOILED


def spoiled(old, new):
    assert GOOD.count(old) >= 1, old
    return GOOD.replace(old, new, 1)


@pytest.mark.parametrize(
    ("name", "old", "new", "field", "value", "hint"), SPOILED, ids=[s[0] for s in SPOILED]
)
def test_refused_with_field_value_and_hint(name, old, new, field, value, hint):
    text = spoiled(old, new)
    with pytest.raises(UserError) as stop:
        source = project_from_text(BUNDLED, text, "mine.yaml")
        project_result(IN_THIS_PROCESS, source, draws=2)
    problem = next((p for p in stop.value.problems if field in p.where), None)
    assert problem is not None, str(stop.value)
    said = f"{problem.what} {problem.expected}"
    assert value in said
    assert hint in said
    line = int(problem.where.split(":")[1])
    assert problem.where.startswith("mine.yaml:")
    assert 1 <= line <= text.count("\n") + 1


def test_lines_are_those_of_the_mistake():
    text = spoiled("tenor: 10", "tenor: -10")
    with pytest.raises(UserError) as stop:
        project_from_text(BUNDLED, text, "mine.yaml")
    line = int(stop.value.problems[0].where.split(":")[1])
    assert "tenor: -10" in text.splitlines()[line - 1]


def test_all_mistakes_are_told_together_even_of_different_kinds():
    text = spoiled("tenor: 10", "tenor: -10").replace("resource: 40.0e6", "resource: 20.0e6")
    text = text.replace("prices:\n", "prices:\n  basis: nominal\n").replace("  overhead:", "  overheads:")
    with pytest.raises(UserError) as stop:
        project_from_text(BUNDLED, text, "mine.yaml")
    said = str(stop.value)
    for part in ("tenor: -10 is below 1", "resource of 20,000,000 t", "prices are nominal", "'overheads'"):
        assert part in said


@pytest.mark.parametrize("text", ["", "[]", "a: [", "version: 1", "\x00", "kind: project\nversion: 9\n"])
def test_what_is_no_project_at_all(text):
    with pytest.raises(UserError):
        project_from_text(BUNDLED, text, "mine.yaml")


def run(argv, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["crosscut", *argv])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    return stop.value.code, capsys.readouterr()


def test_the_command_line_leaves_with_2_and_writes_nothing(tmp_path, monkeypatch, capsys):
    bad = tmp_path / "mine.yaml"
    bad.write_text(spoiled("tenor: 10", "tenor: -10"))
    code, (out, err) = run(["project", str(bad), "--out", str(tmp_path / "out")], monkeypatch, capsys)
    assert code == 2
    assert not out
    assert "mine.yaml:" in err and "tenor" in err and "Traceback" not in err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["project", "exemple-mine"], "Did you mean 'example-mine'"),
        (["project", "no-such.yaml"], "no such file"),
        (["project", "example-mine", "--draws", "0"], "draws 0"),
        (["project", "example-mine", "--seed", "-1"], "seed -1"),
        (["project", "example-mine", "--scenario", "kazakstan"], "kazakhstan"),
        (["project", "example-mine", "--alternative", "nothing"], "seven-point-eight"),
    ],
)
def test_mistakes_on_the_command_line(argv, says, monkeypatch, capsys):
    code, (_, err) = run(argv, monkeypatch, capsys)
    assert code == 2
    assert says in err
    assert "Traceback" not in err
