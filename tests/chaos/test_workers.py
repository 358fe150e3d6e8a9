"""Workers that die at their very start: the run says so and ends; it neither hangs nor shows a traceback of
its own. Workers whose parent is killed end too."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crosscut.base.errors import UserError
from crosscut.base.parallel import chunks_of, results_in_order
from crosscut.base.workers import Work
from tests.paths import ROOT

LARGE = bytes(4_000_000)  # more than a pipe holds
CHUNKS = chunks_of(4_000)
ENVIRONMENT = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}


def slow_work(held: bytes) -> Work[int]:
    """A quarter of a second a chunk."""
    del held

    def work(chunk: range) -> int:
        time.sleep(0.25)
        return len(chunk)

    return work


def dying_work(held: bytes) -> Work[int]:
    """Begins by ending its process, where that is a worker."""
    if multiprocessing.parent_process() is not None:
        os._exit(1)
    return slow_work(held)


def told_work(folder: str, held: bytes) -> Work[int]:
    """Leaves a file named after each process that works."""
    Path(folder, str(os.getpid())).touch()
    return slow_work(held)


def test_workers_that_die_at_their_start_are_an_error_a_person_can_read() -> None:
    with pytest.raises(UserError, match="worker processes died"):
        list(results_in_order(dying_work, (LARGE,), CHUNKS, workers=2))


def test_a_script_that_starts_itself_again_in_every_worker_ends_with_the_remedy(tmp_path: Path) -> None:
    script = tmp_path / "plain.py"
    script.write_text(
        "import sys\n"
        "from crosscut.base.errors import UserError\n"
        "if __name__ == '__mp_main__':\n"
        "    sys.exit(2)\n"  # a worker that ends before it reads anything, as an unguarded script does
        "from crosscut.base.parallel import results_in_order\n"
        "from tests.chaos.test_workers import CHUNKS, LARGE, slow_work\n"
        "try:\n"
        "    list(results_in_order(slow_work, (LARGE,), CHUNKS, workers=2))\n"
        "except UserError as e:\n"
        "    print(e)\n"
    )
    said = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=ROOT,
        env=ENVIRONMENT,
        check=False,
    )
    assert "if __name__ == '__main__':" in said.stdout


def is_running(pid: int) -> bool:
    """Whether a process is there and not a dead one that nobody has asked after."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="reads /proc")
def test_workers_end_with_the_process_that_started_them(tmp_path: Path) -> None:
    """Killed outright, a parent can tell its workers nothing: they find out by themselves."""
    script, folder = tmp_path / "parent.py", tmp_path / "who"
    folder.mkdir()
    script.write_text(
        "from crosscut.base.parallel import results_in_order\n"
        "from tests.chaos.test_workers import CHUNKS, LARGE, told_work\n"
        "if __name__ == '__main__':\n"
        f"    list(results_in_order(told_work, ({str(folder)!r}, LARGE), CHUNKS, workers=3))\n"
    )
    parent = subprocess.Popen([sys.executable, str(script)], cwd=ROOT, env=ENVIRONMENT)
    until = time.monotonic() + 60
    while len(list(folder.iterdir())) < 3 and time.monotonic() < until:
        time.sleep(0.02)
    pids = [int(p.name) for p in folder.iterdir()]
    assert len(pids) == 3 and parent.pid in pids and all(map(is_running, pids))
    parent.send_signal(signal.SIGKILL)
    parent.wait(timeout=30)
    until = time.monotonic() + 30
    while any(map(is_running, pids)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(map(is_running, pids))
