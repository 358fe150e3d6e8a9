"""Writes docs/modules.md from the docstrings of the modules: what lies in which room.

Run `python docs/build_modules.py` after a module was added, moved or described anew; a test compares.
"""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "crosscut"
PAGE = ROOT / "docs" / "modules.md"
ROOMS = (  # in the order of the layers, see docs/architecture.md
    "app",
    "output",
    "studies",
    "worlds",
    "inputs",
    "ledger",
    "market",
    "finance",
    "results",
    "base",
)
HEAD = """# Modules

Every module of the package with the first paragraph of its docstring, room by room. `make docs`
makes this page; [architecture.md](architecture.md) says how the rooms fit together.
"""


def first_paragraph(path: Path) -> str:
    """The first paragraph of a module's docstring, on one line."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return " ".join(text.split("\n\n")[0].split())


def folder_lines(folder: Path) -> list[str]:
    """A heading, what the folder is for, and a line for each of its modules; then its folders."""
    name = folder.relative_to(PACKAGE).as_posix()
    out = ["", f"{'##' if '/' not in name else '###'} {name}", ""]
    if said := first_paragraph(folder / "__init__.py"):
        out += [said, ""]
    for path in sorted(folder.glob("*.py")):
        if path.name != "__init__.py":
            out.append(f"- `{path.stem}` {first_paragraph(path)}")
    for inner in sorted(p for p in folder.iterdir() if (p / "__init__.py").is_file()):
        out += folder_lines(inner)
    return out


def modules_page() -> str:
    """The whole page."""
    lines = [HEAD.rstrip()]
    for room in ROOMS:
        lines += folder_lines(PACKAGE / room)
    return "\n".join(lines).replace("\n\n\n", "\n\n") + "\n"


if __name__ == "__main__":
    PAGE.write_text(modules_page(), encoding="utf-8")
