"""Measures of the house: how many modules, how long, how wide, how loosely typed; for two trees side by side.

Run: python -m tools.measure_house [FOLDER ...]  (a FOLDER is a checkout; default: this one)
"""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

NARROW, MOST_PARAMETERS, SHORT = 110, 7, 60


def modules(root: Path) -> dict[str, str]:
    """Dotted name -> source of every module of the package that is more than a package's own head."""
    package = root / "src" / "crosscut"
    out = {}
    for path in sorted(package.rglob("*.py")):
        name = ".".join(path.relative_to(root / "src").with_suffix("").parts)
        text = path.read_text(encoding="utf-8")
        if path.name != "__init__.py" or len(text.splitlines()) > 3:
            out[name.removesuffix(".__init__")] = text
    return out


def parameters(tree: ast.AST) -> Iterator[int]:
    """How many parameters each function takes, `self` and `cls` left out."""
    for n in ast.walk(tree):
        if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef):
            every = [a.arg for a in (*n.args.posonlyargs, *n.args.args, *n.args.kwonlyargs)]
            yield len([a for a in every if a not in ("self", "cls")])


def imports(text: str, known: frozenset[str], inside: bool = False) -> Iterator[tuple[str, str]]:
    """(module, name) that a module imports from the package when it is loaded, with `inside` also those in
    functions; imports for types alone are left out."""
    tree = ast.parse(text)
    for_types = {
        id(inner)
        for n in ast.walk(tree)
        if isinstance(n, ast.If) and ast.unparse(n.test) == "TYPE_CHECKING"
        for inner in ast.walk(n)
    }
    for n in ast.walk(tree) if inside else tree.body:
        if id(n) in for_types:
            continue
        if isinstance(n, ast.ImportFrom) and n.module and n.module.startswith("crosscut"):
            for a in n.names:
                inner = f"{n.module}.{a.name}"
                yield (inner, "") if inner in known else (n.module, a.name)


def circles(sources: dict[str, str], inside: bool = True) -> list[tuple[str, ...]]:
    """Groups of modules that import each other, by Tarjan's algorithm; with `inside` also by imports that
    wait in a function. A package's own head, which names its modules for others, is left out."""
    known = frozenset(sources)
    arrows = {
        m: sorted({t for t, _ in imports(s, known, inside) if t in known and t != m})
        for m, s in sources.items()
    }
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    out: list[tuple[str, ...]] = []

    def visit(m: str) -> None:
        index[m] = low[m] = len(index)
        stack.append(m)
        for t in arrows[m]:
            if t not in index:
                visit(t)
                low[m] = min(low[m], low[t])
            elif t in stack:
                low[m] = min(low[m], index[t])
        if low[m] == index[m]:
            group = []
            while True:
                group.append(stack.pop())
                if group[-1] == m:
                    break
            if len(group) > 1:
                out.append(tuple(sorted(group)))

    for m in arrows:
        if m not in index:
            visit(m)
    return sorted(out)


def measures(root: Path) -> dict[str, object]:
    """Every measure of one checkout, by its name."""
    sources = modules(root)
    known = frozenset(sources)
    lengths = {m: len(s.splitlines()) for m, s in sources.items()}
    lines = [line for s in sources.values() for line in s.splitlines()]
    tests = [p.read_text(encoding="utf-8") for p in (root / "tests").rglob("*.py")]
    trees = {m: ast.parse(s) for m, s in sources.items()}
    folders: dict[str, int] = {}
    for path in (root / "src" / "crosscut").rglob("*.py"):
        if path.name != "__init__.py":
            folders[str(path.parent)] = folders.get(str(path.parent), 0) + 1
    private = [
        (m, t, x)
        for m, s in sources.items()
        for t, x in imports(s, known)
        if x.startswith("_") and not x.startswith("__") and t.split(".")[1:2] != m.split(".")[1:2]
    ]
    every = [n for tree in trees.values() for n in parameters(tree)]
    return {
        "modules": len(sources),
        "lines": len(lines),
        "median lines a module": statistics.median(lengths.values()),
        f"modules under {SHORT} lines": sum(n < SHORT for n in lengths.values()),
        "modules over 400 lines": sum(n > 400 for n in lengths.values()),
        "most modules in one folder": max(folders.values()),
        "`fmt: skip` or `off`": sum(bool(re.search(r"# fmt: (skip|off)", line)) for line in lines),
        f"lines over {NARROW} columns": sum(len(line) > NARROW for line in lines),
        "`dict[str, Any]` and the like": sum(
            len(re.findall(r"(?:dict|Mapping)\[str, (?:Any|object)\]", line)) for line in lines
        ),
        f"functions over {MOST_PARAMETERS - 1} parameters": sum(n >= MOST_PARAMETERS for n in every),
        f"functions over {MOST_PARAMETERS} parameters": sum(n > MOST_PARAMETERS for n in every),
        "private names imported across rooms": len(private),
        "import circles": len(circles(sources)),
        "test lines a source line": round(sum(len(t.splitlines()) for t in tests) / len(lines), 2),
    }


def main() -> None:
    """Prints a table with one column a checkout."""
    roots = [Path(a) for a in sys.argv[1:]] or [Path(__file__).resolve().parent.parent]
    columns = [measures(r) for r in roots]
    heads = [
        subprocess.run(
            ["git", "-C", r, "rev-parse", "--short", "HEAD"], capture_output=True, text=True
        ).stdout.strip()
        for r in roots
    ]
    print("| measure | " + " | ".join(heads) + " |")
    print("|---|" + "--:|" * len(columns))
    for name in columns[0]:
        print(f"| {name} | " + " | ".join(str(c[name]) for c in columns) + " |")


if __name__ == "__main__":
    main()
