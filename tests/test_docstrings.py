"""Docstrings of public functions name every parameter of the signature, and no other."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.paths import ROOT

PACKAGE = ROOT / "src" / "crosscut"
DONE = (  # rooms in which every public function is documented in full; the others follow one by one
    "base",
    "finance",
    "inputs",
    "ledger/names",
    "ledger/ownership",
    "ledger/reference",
    "market/events",
    "market/model",
    "market/read",
    "market/solve",
    "market/solvers.py",
    "market/years",
    "results",
    "studies/indicators",
    "studies/shared",
    "studies/stress/answers",
    "studies/stress/draws",
    "studies/stress/ensemble",
    "studies/stress/history",
    "studies/stress/in_force",
    "worlds",
)
Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(path: Path) -> Iterator[Function]:
    """Public functions of a module, and public methods of its public classes."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        inside = node.body if isinstance(node, ast.ClassDef) else [node]
        for f in inside:
            if isinstance(f, Function) and not f.name.startswith("_"):
                yield f


def signature(f: Function) -> list[str]:
    """Names of the parameters in their order, `self` left out."""
    a = f.args
    named = [x.arg for x in (*a.posonlyargs, *a.args)]
    starred = [f"*{a.vararg.arg}"] if a.vararg else []
    rest = [x.arg for x in a.kwonlyargs] + ([f"**{a.kwarg.arg}"] if a.kwarg else [])
    return [n for n in (*named, *starred, *rest) if n not in ("self", "cls")]


def section(text: str, title: str) -> str:
    """A section of a numpydoc docstring; '' where there is none."""
    found = re.search(rf"^{title}\n-+\n(.*?)(?=^\w[\w ]*\n-+$|\Z)", text, flags=re.M | re.S)
    return found[1] if found else ""


def documented(f: Function) -> list[str]:
    """Names of the parameters in the docstring, in their order, without stars (both forms are in use)."""
    text = section(ast.get_docstring(f) or "", "Parameters")
    listed = re.findall(r"^([*\w][*\w, ]*)(?: : .*)?$", text, flags=re.M)
    return [name.strip(" *") for names in listed for name in names.split(",")]


def gives_something(f: Function) -> bool:
    """Whether a function returns or yields anything."""
    return f.returns is not None and ast.unparse(f.returns) not in ("None", "NoReturn")


def modules(room: str) -> list[Path]:
    """Modules of a room, or the one module."""
    path = PACKAGE / room
    return [path] if path.suffix else sorted(path.rglob("*.py"))


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_no_docstring_has_drifted_from_its_signature(path):
    drifted = [
        f"{f.name}{signature(f)}: {named}"
        for f in functions(path)
        if (named := documented(f)) and named != [n.lstrip("*") for n in signature(f)]
    ]
    assert drifted == []


@pytest.mark.parametrize("room", DONE)
def test_functions_of_this_room_are_documented_in_full(room):
    wanting = []
    for path in modules(room):
        outer = [f for f in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(f, Function)]
        for f in outer:
            text = ast.get_docstring(f) or ""
            if f.name.startswith("_") or not signature(f):
                continue
            if not documented(f):
                wanting.append(f"{path.name}: {f.name} has no Parameters")
            elif gives_something(f) and not (section(text, "Returns") or section(text, "Yields")):
                wanting.append(f"{path.name}: {f.name} has no Returns")
    assert wanting == []


def test_the_comparison_finds_what_is_missing_and_what_is_too_much():
    text = (
        'def f(a, *b, c=1):\n    """F.\n\n    Parameters\n    ----------\n    a, c : int\n        A.\n    """'
    )
    f = ast.parse(text).body[0]
    assert signature(f) == ["a", "*b", "c"]
    assert documented(f) == ["a", "c"]
