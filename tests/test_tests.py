"""Tests can be found: a module has a test of its name, or its docstring lists tests that exist."""

import ast
import re
from pathlib import Path

import pytest

from tests.paths import ROOT

PACKAGE = ROOT / "src" / "crosscut"
ROOMS = ("base", "finance", "market")  # the others follow one by one
WITHOUT = {"base/arrays.py", "base/version.py"}  # names of types, and one number
LISTED = re.compile(r"tests/[\w/]+\.py")


def listed(path: Path) -> list[str]:
    """Test files that a module's docstring names after "Tests:"."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return LISTED.findall(text.partition("Tests:")[2])


def modules(room: str) -> list[Path]:
    """Modules of a room; those of a folder whose `__init__` lists tests are found by it."""
    found = [p for p in (PACKAGE / room).rglob("*.py") if p.name not in ("__init__.py", "__main__.py")]
    return sorted(p for p in found if not listed(p.parent / "__init__.py"))


@pytest.mark.parametrize("room", ROOMS)
def test_every_module_leads_to_its_tests(room):
    named = {p.stem.removeprefix("test_") for p in (ROOT / "tests" / room).rglob("test_*.py")}
    lost = {str(p.relative_to(PACKAGE)) for p in modules(room) if p.stem not in named and not listed(p)}
    assert lost - WITHOUT == set()


def test_tests_that_are_listed_exist():
    lost = [
        f"{path.relative_to(PACKAGE)}: {name}"
        for path in PACKAGE.rglob("*.py")
        for name in listed(path)
        if not (ROOT / name).is_file()
    ]
    assert lost == []


def test_folders_of_tests_bear_the_names_of_rooms():
    rooms = {p.name for p in PACKAGE.iterdir() if (p / "__init__.py").is_file()}
    ours = {p.name for p in (ROOT / "tests").iterdir() if (p / "__init__.py").is_file()}
    assert ours - rooms == {"chaos", "consistency", "golden"}
