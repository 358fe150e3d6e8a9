"""One word, one meaning: a public class has a name of its own in the whole package, and a type that many
modules use is declared in one of them."""

import ast
from collections import defaultdict

from tests.paths import ROOT

PACKAGE = ROOT / "src" / "crosscut"
TYPES = {"NDArray", "dict", "list", "tuple", "Mapping", "Callable", "Iterator", "Annotated"}


def top_level(kind):
    """(module path, statement) of every statement of a kind at the head of a module."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, kind):
                yield path.relative_to(PACKAGE).as_posix(), node


def several(found):
    return {name: where for name, where in found.items() if len(where) > 1}


def test_a_public_class_has_a_name_of_its_own():
    found = defaultdict(list)
    for where, node in top_level(ast.ClassDef):
        if not node.name.startswith("_"):
            found[node.name].append(where)
    assert several(found) == {}


def test_a_type_has_one_home():
    """An alias of a type (`Name = NDArray[...]`, `Callable[...]`) is declared once and imported."""
    found = defaultdict(list)
    for where, node in top_level(ast.Assign):
        named, value = node.targets[0], node.value
        is_type = isinstance(value, ast.Subscript) and ast.unparse(value.value) in TYPES
        if isinstance(named, ast.Name) and is_type:
            found[named.id, ast.unparse(value)].append(where)
    assert several(found) == {}
