"""The numbers of docs/equations.md: each stands once, what is cited exists, and a test protects each."""

import re
from pathlib import Path

import pytest

from tests.paths import ROOT

PAGE = ROOT / "docs" / "equations.md"
CITED = re.compile(r"\bE([1-9]\d?)\b")


def numbered() -> list[int]:
    """Numbers that the page gives to an equation, in the order of the page."""
    return [int(n) for n in re.findall(r"^(?:\d\. )?\*\*E(\d+)\*\*", PAGE.read_text(), flags=re.M)]


def citing(*folders: str) -> list[Path]:
    """Python files and pages below the folders, without this one."""
    files = [p for folder in folders for p in (ROOT / folder).rglob("*.*") if p.suffix in (".py", ".md")]
    return [p for p in files if p != Path(__file__) and "crosscut/data" not in p.as_posix()]


def test_each_number_stands_once():
    found = numbered()
    assert len(found) >= 29
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("folder", ["src", "tests", "docs", "benchmarks"])
def test_cited_numbers_exist(folder):
    known = set(numbered())
    lost = [f"{p}: E{n}" for p in citing(folder) for n in CITED.findall(p.read_text()) if int(n) not in known]
    assert lost == []


def test_each_equation_is_protected_by_a_test_that_names_it():
    cited = {int(n) for p in citing("tests") for n in CITED.findall(p.read_text())}
    assert set(numbered()) <= cited, sorted(set(numbered()) - cited)


def test_no_rule_is_cited_that_no_page_states():
    old = re.compile(r"[Rr]ules? \d+\.\d+|[Ss]ections? \d+(\.\d+)? (of the equations|\(|:)")
    assert [str(p) for p in citing("src", "tests", "docs") if old.search(p.read_text())] == []
