"""Runs tests on the lowest stated versions of what we depend on, and on every newer Python on this machine.

    python .ci/check_versions.py            the fast tests in each row of the matrix (`make check-versions`)
    python .ci/check_versions.py --quick    a minute a row: pure rooms, connectors, a run (CI)

Rows: the lowest Python with the lowest versions that pyproject.toml states (`lowest-direct`), then
the newest versions on every Python from there on. An interpreter that is not on this machine is named and
skipped; nothing is downloaded. Environments lie in .venv-versions and are reused.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENTS = ROOT / ".venv-versions"
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
LOWEST = PYTHONS[0]
QUICK = (
    "tests/base",
    "tests/finance",
    "tests/inputs",
    "tests/results",
    "tests/market/test_known_answers.py",
    "tests/ledger/sources/test_recorded_layouts.py",
)
COMMANDS = (
    ("run", "china-quota-cut", "--draws", "10", "--workers", "1", "--json"),
    ("run", "--help"),
)


def uv() -> str:
    """The program uv, beside this Python or on the path."""
    beside = Path(sys.executable).with_name("uv")
    found = str(beside) if beside.is_file() else shutil.which("uv")
    if found is None:
        sys.exit("versions: uv is missing; `pip install uv` (it is in the extra `dev`)")
    return found


def interpreters() -> dict[str, str]:
    """Version -> path of every Python on this machine that uv finds and that runs."""
    listed = subprocess.run(
        [uv(), "python", "list", "--only-installed", "--no-python-downloads"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    pyenv = sorted(Path.home().glob(".pyenv/versions/3.*/bin/python"))
    candidates = [*re.findall(r"^cpython-\S+\s+(\S+)", listed, flags=re.M), *map(str, pyenv), sys.executable]
    found: dict[str, str] = {}
    for path in candidates:
        done = subprocess.run(
            [path, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode == 0:
            found.setdefault(done.stdout.strip(), path)
    return found


def environment(name: str, python: str, *options: str) -> Path:
    """The Python of an environment with the package and its tests' needs, made where it is missing."""
    folder = ENVIRONMENTS / name
    inside = folder / "bin" / "python"
    if not inside.is_file():
        subprocess.run([uv(), "venv", "-q", "--python", python, folder], check=True)
    subprocess.run(
        [uv(), "pip", "install", "-q", *options, "--python", inside, "-e", ".[test]"], cwd=ROOT, check=True
    )
    return inside


def passes(python: Path, quick: bool, lowest: bool) -> bool:
    """Whether the tests, a run and a page of help pass with this Python.

    Recorded figures are those of the newest numpy: older ones differ by rounding (a residual of 1.8e-7 for
    1.6e-7), and so does the id of a result.
    """
    paths = QUICK if quick else ("tests", "src/crosscut", *(("--ignore=tests/golden",) if lowest else ()))
    options = ["-q", "-p", "no:cacheprovider", "-m", "not soak", "-n", "auto", "--dist", "loadscope"]
    counted = ["--cov=crosscut", "--cov-report="] if counts_lines(python) else []
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    kept["COVERAGE_CORE"] = "sysmon"
    tests = subprocess.run(
        [python, "-m", "pytest", *options, *counted, *paths], cwd=ROOT, env=kept, check=False
    )
    runs = [
        subprocess.run(
            [python, "-m", "crosscut", *command], cwd=ROOT, env=kept, stdout=subprocess.DEVNULL, check=False
        )
        for command in COMMANDS
    ]
    return all(done.returncode == 0 for done in (tests, *runs))


def counts_lines(python: Path) -> bool:
    """Whether an interpreter counts lines by itself (from 3.12 on), which costs less than 6 % of the time."""
    asked = [python, "-c", "import sys; sys.exit(sys.version_info < (3, 12))"]
    return subprocess.run(asked, check=False).returncode == 0


def coverage(python: Path, quick: bool) -> str:
    """The share of lines that ran: of the whole package, or of the rooms whose tests the quick form takes."""
    if not counts_lines(python):
        return ""
    rooms = ",".join(f"src/crosscut/{Path(t).name}/*" for t in QUICK if (ROOT / t).is_dir())
    include = [f"--include={rooms}"] if quick else []
    done = subprocess.run(
        [python, "-m", "coverage", "report", "--format=total", *include],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    what = "of the rooms tested" if quick else "of the package"
    return f", {done.stdout.strip()} % of the lines {what} ran" if done.returncode == 0 else ""


def main() -> None:
    """One line a row; exit code 1 where a row fails."""
    quick = "--quick" in sys.argv[1:]
    at_hand = interpreters()
    rows = [(f"{LOWEST}-lowest", LOWEST, ("--upgrade", "--resolution", "lowest-direct"))]
    newest = [v for v in PYTHONS if v in at_hand]
    rows += [(f"{v}-newest", v, ("--upgrade",)) for v in (newest[-1:] if quick else newest)]
    told = [f"Python {v}: not on this machine, skipped" for v in PYTHONS if v not in at_hand]
    failed = False
    for name, version, options in rows:
        if version not in at_hand:
            continue
        started = time.monotonic()
        python = environment(name, at_hand[version], *options)
        good = passes(python, quick, "lowest" in name)
        failed |= not good
        seconds = f"{time.monotonic() - started:.0f} s"
        told.append(f"{name}: {'passes' if good else 'FAILS'} ({seconds}){coverage(python, quick)}")
    print("\n".join(f"versions: {line}" for line in told))
    sys.exit(int(failed))


if __name__ == "__main__":
    main()
