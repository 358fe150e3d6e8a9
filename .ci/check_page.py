"""Says whether the committed page bundle is what `page/` builds to, byte for byte.

Builds in a temporary folder from the lock file. Without npm: a failure in CI, a note elsewhere.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMITTED = ROOT / "src" / "crosscut" / "output" / "page" / "bundle"
SECONDS = 240  # a slow network; a usual run takes about 10


def lock_problems(lock: Path) -> list[str]:
    """Packages of the lock file that name the host they came from, or carry no checksum."""
    packages = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    out = [
        f"{lock}: {name} records a host: {p['resolved']}" for name, p in packages.items() if "resolved" in p
    ]
    return out + [
        f"{lock}: {name} has no checksum"
        for name, p in packages.items()
        if name and "integrity" not in p and not p.get("inBundle")
    ]


def differences(built: Path, committed: Path) -> list[str]:
    """Files that differ, are missing or are too many."""
    names = sorted({p.name for folder in (built, committed) if folder.is_dir() for p in folder.iterdir()})
    out = []
    for name in names:
        new, old = built / name, committed / name
        if not old.is_file():
            out.append(f"{old}: missing")
        elif not new.is_file():
            out.append(f"{old}: not made by the build")
        elif new.read_bytes() != old.read_bytes():
            out.append(f"{old}: differs from what page/ builds")
    return out


def _run(npm: str, arguments: list[str], folder: Path, out: Path) -> None:
    environment = {**os.environ, "CROSSCUT_PAGE_OUT": str(out)}
    done = subprocess.run(
        [npm, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    if done.returncode:
        sys.exit(f"page: `npm {' '.join(arguments)}` failed\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")


def main() -> None:
    """Exit code 1 with one line per difference."""
    problems = lock_problems(ROOT / "page" / "package-lock.json")
    npm = shutil.which("npm")
    if npm is None:
        if os.environ.get("CI", "").lower() == "true":
            sys.exit(
                "page: npm is missing, so the bundle cannot be compared with its source. Install Node 20 or"
                " newer."
            )
        print("page: npm is missing; the bundle was not rebuilt and not compared")
    else:
        with tempfile.TemporaryDirectory() as name:
            folder, built = Path(name) / "page", Path(name) / "built"
            shutil.copytree(ROOT / "page", folder, ignore=shutil.ignore_patterns("node_modules"))
            _run(npm, ["ci", "--no-audit", "--no-fund"], folder, built)
            _run(npm, ["run", "check"], folder, built)
            _run(npm, ["run", "build"], folder, built)
            problems += differences(built, COMMITTED)
    if problems:
        sys.exit("\n".join([*problems, "page: run `make page` and commit src/crosscut/output/page/bundle"]))
    if npm is not None:
        print("page: the bundle is what page/ builds")


if __name__ == "__main__":
    main()
