"""Builds the wheel, installs it alone in an empty environment, imports every module and runs the demo from
it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LARGEST_MB = 18.0
MUST_CARRY = (
    "crosscut/data/schemas/result.schema.json",
    "crosscut/data/schemas/scenario.schema.json",
    "crosscut/data/facts/reference/trade.parquet",
    "crosscut/data/facts/sources.csv",
    "crosscut/data/geography/places.csv",
    "crosscut/data/scenarios/china-controls-2025.yaml",
    "crosscut/output/page/bundle/page.js",
    "crosscut/output/page/bundle/page.css",
    "crosscut/output/page/shell.html.j2",
)
IMPORT_ALL = """
import importlib.util, pkgutil, sys
import crosscut
heavy = {"numpy", "polars", "pint", "pydantic", "yaml", "jinja2", "rich", "typer", "scipy"} & set(sys.modules)
assert not heavy, f"import crosscut loads {sorted(heavy)}"
modules = pkgutil.walk_packages(crosscut.__path__, "crosscut.")
names = [m.name for m in modules if m.name != "crosscut.__main__"]
extra = "crosscut.market.kernel"  # compiled, with the extra `fast`
if importlib.util.find_spec("numba") is None:
    names = [n for n in names if not n.startswith(extra + ".")]
for name in names:
    importlib.import_module(name)
print(f"{len(names)} modules imported from {crosscut.__file__}")
"""


def run(*command: str | Path, cwd: Path) -> None:
    """Runs a command with a clean environment; stops with its output when it fails."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}
    done = subprocess.run([str(c) for c in command], cwd=cwd, env=kept, text=True, capture_output=True)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{done.stdout}\n{done.stderr}")
    lines = [line for line in done.stdout.splitlines() if line.strip()]
    print("\n".join(lines[-30:]))


def main() -> None:
    """Every step, in a folder that goes away."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run(
            sys.executable,
            "-m",
            "pip",
            "wheel",
            "--quiet",
            "--no-deps",
            "--wheel-dir",
            folder,
            ROOT,
            cwd=folder,
        )
        wheel = next(folder.glob("crosscut-*.whl"))
        size = wheel.stat().st_size / 1e6
        with zipfile.ZipFile(wheel) as archive:
            carried = archive.namelist()
        absent = [m for m in MUST_CARRY if not any(c.startswith(m) for c in carried)]
        if absent or size > LARGEST_MB:
            sys.exit(f"{wheel.name}: {size:.1f} MB (at most {LARGEST_MB:g}), missing {absent}")
        print(f"{wheel.name}: {size:.1f} MB, {len(carried)} files")
        venv.create(folder / "empty", with_pip=True)
        python = folder / "empty" / "bin" / "python"
        run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel, cwd=folder)
        run(python, "-c", IMPORT_ALL, cwd=folder)
        run(
            folder / "empty" / "bin" / "crosscut",
            "run",
            "china-controls-2025",
            "--draws",
            "20",
            "--out",
            "demo",
            cwd=folder,
        )
        if not (folder / "demo" / "report.html").is_file():
            sys.exit("the demo wrote no report.html")


if __name__ == "__main__":
    main()
