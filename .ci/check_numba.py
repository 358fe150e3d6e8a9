"""Runs the tests of the compiled kernel on the oldest and the newest numba of the stated range.

    python .ci/check_numba.py     (`make check-numba`)

The range stands in pyproject.toml (extra `fast`). Each version gets an environment in .venv-versions, with
the lowest Python we support, and keeps its compiled code there. A version that takes longer than LONGEST
fails.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import tomllib

from check_versions import ENVIRONMENTS, LOWEST, ROOT, environment, interpreters

LONGEST = 900.0  # seconds


def stated() -> tuple[str, str]:
    """(oldest, first that is too new) of the range, as `0.60`."""
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    found = re.fullmatch(r"numba>=([\d.]+),<([\d.]+)", extras["fast"][0])
    if found is None:
        sys.exit("numba: the extra `fast` in pyproject.toml; expected numba>=X,<Y")
    return found[1], found[2]


def passes(name: str, requirement: str, python: str) -> tuple[bool, str]:
    """(Whether the tests pass with this version of numba, which it is)."""
    inside = environment(name, python, requirement)
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    kept["NUMBA_CACHE_DIR"] = str(ENVIRONMENTS / name / "kernel")
    tests = sorted(str(p.relative_to(ROOT)) for p in (ROOT / "tests" / "market").glob("test_kernel*.py"))
    said = subprocess.run(
        [inside, "-c", "import numba, numpy; print(f'numba {numba.__version__}, numpy {numpy.__version__}')"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    command = [inside, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not soak", *tests]
    try:
        done = subprocess.run(command, cwd=ROOT, env=kept, check=False, timeout=LONGEST)
    except subprocess.TimeoutExpired:
        return False, f"{said}, no end within {LONGEST:.0f} s"
    return done.returncode == 0, said


def main() -> None:
    """One line a version; exit code 1 where one fails."""
    oldest, beyond = stated()
    python = interpreters().get(LOWEST)
    if python is None:
        print(f"numba: Python {LOWEST}: not on this machine, skipped")
        return
    told, failed = [], False
    for name, requirement in (
        ("numba-oldest", f"numba=={oldest}.*"),
        ("numba-newest", f"numba>={oldest},<{beyond}"),
    ):
        started = time.monotonic()
        good, said = passes(name, requirement, python)
        failed |= not good
        told.append(f"{said}: {'passes' if good else 'FAILS'} ({time.monotonic() - started:.0f} s)")
    print("\n".join(f"numba: {line}" for line in told))
    sys.exit(int(failed))


if __name__ == "__main__":
    main()
