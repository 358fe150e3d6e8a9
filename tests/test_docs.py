"""Docs are under test: examples run, the reference is current, links lead somewhere, nothing public is
undocumented."""

import doctest
import importlib.util
import re
import shlex
import sys

import pytest
from typer.main import get_command

from crosscut.app import api
from crosscut.app.cli import main as cli
from crosscut.ledger.store.ledger import Ledger
from crosscut.output.screens.market.words import amount
from tests.paths import ROOT

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def consoles():
    for page in PAGES:
        for block in re.findall(r"```console\n(.*?)```", page.read_text(), flags=re.S):
            yield pytest.param(
                re.findall(r"^\$ crosscut (.*)$", block, flags=re.M), id=f"{page.name}: {block[:40]!r}"
            )


@pytest.mark.parametrize("commands", list(consoles()))
def test_console_examples_run(commands, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert commands
    for command in commands:
        monkeypatch.setattr(sys, "argv", ["crosscut", *shlex.split(command)])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        out, err = capsys.readouterr()
        assert stop.value.code == 0, f"{command}: {err}"
        assert out.strip()


def test_python_examples_in_the_readme_run():
    found = doctest.testfile(str(ROOT / "README.md"), module_relative=False)
    assert found.attempted >= 5
    assert found.failed == 0


@pytest.mark.parametrize("page", sorted((ROOT / "docs" / "indicators").glob("*.md")), ids=lambda p: p.name)
def test_hand_worked_examples_of_the_indicators_run(page):
    found = doctest.testfile(str(page), module_relative=False)
    assert found.failed == 0
    assert found.attempted or page.name == "README.md"


def script(name):
    """A script of docs/ as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_reference_is_current():
    made = script("build_reference").reference()
    assert (ROOT / "docs" / "reference.md").read_text() == made, "run `make docs`"


def test_the_list_of_modules_is_current_and_names_every_room():
    builder = script("build_modules")
    rooms = {p.name for p in builder.PACKAGE.iterdir() if (p / "__init__.py").is_file()}
    assert set(builder.ROOMS) == rooms
    assert builder.PAGE.read_text() == builder.modules_page(), "run `make docs`"


def test_the_page_of_unlikely_flows_is_current():
    """Two sections and the counts of verdicts; the whole page takes half a minute."""
    builder = script("build_unlikely")
    text = builder.PAGE.read_text()
    for mineral in ("chromium", "rare earths"):
        assert "\n".join(builder.section(Ledger.bundled(), mineral)) in text, "run `make docs`"
    assert builder.counts() in text, "run `make docs`"


def test_every_page_is_linked_from_the_index():
    index = ROOT / "docs" / "README.md"
    linked = {(index.parent / t).resolve() for t in re.findall(r"\]\(([^)#]+)\)", index.read_text())}
    pages = {p.resolve() for p in (ROOT / "docs").glob("*.md")} - {index.resolve()}
    assert pages <= linked, sorted(p.name for p in pages - linked)


def test_modules_named_on_the_pages_exist():
    """`crosscut.room.module.name` and `room/module` name a module, what it holds, a folder, or data."""
    rooms = "|".join(script("build_modules").ROOMS)
    dotted = re.compile(rf"`crosscut\.((?:{rooms})(?:\.\w+)+)")
    slashed = re.compile(rf"`((?:{rooms})(?:/\w+)+(?:\.\w+)*)`")
    package = ROOT / "src" / "crosscut"
    lost = []
    for page in PAGES:
        text = page.read_text()
        for named in (*dotted.findall(text), *slashed.findall(text)):
            parts = re.split(r"[./]", named.removesuffix(".py"))
            whole = package.joinpath(*parts)
            homes = [whole.parent.with_suffix(".py"), whole.parent / "__init__.py"]
            declared = any(p.is_file() and parts[-1] in p.read_text() for p in homes)
            data = [package / "data" / named, package / "data" / "facts" / f"{named}.csv"]
            found = whole.is_dir() or whole.with_suffix(".py").is_file() or any(p.is_file() for p in data)
            if not (found or declared):
                lost.append(f"{page.name}: {named}")
    assert lost == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), target


def test_every_command_is_in_the_readme_or_the_questions():
    text = (ROOT / "README.md").read_text() + (ROOT / "docs" / "questions.md").read_text()
    commands = get_command(cli.app).commands
    assert len(commands) > 10
    assert [name for name in commands if f"crosscut {name}" not in text] == []


def test_every_module_of_the_package_is_in_a_layer_of_the_architecture():
    page = (ROOT / "docs" / "architecture.md").read_text()
    for path in (ROOT / "src" / "crosscut").iterdir():
        if path.is_dir() and (path / "__init__.py").exists():
            assert path.name in page, path.name


def test_the_figures_of_the_real_run_in_the_readme_are_those_of_a_real_run():
    """After a change of the world or the market: correct the README and run python docs/build_pictures.py."""
    text = " ".join((ROOT / "README.md").read_text().split())
    sentence = r"average (\S+) USD/mtu over the twelve months \(80 % interval (\S+) to (\S+)\)"
    stated = re.search(sentence, text)
    assert stated, (
        "the README no longer states price and interval of the run in the words this test looks for"
    )
    rows = api.run("china-controls-2025")["tables"]["prices"]["rows"]
    europe = next(r for r in rows if r["headline"] and r["place"] == "EU27")
    found = [amount(europe[k]) for k in ("median", "p10", "p90")]
    assert list(stated.groups()) == found, "the README states another run"
