"""Workers that die at their very start: the run says so and ends; it neither hangs nor shows a traceback of
its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from crosscut.base.errors import UserError
from crosscut.base.parallel import Work, chunks_of, results_in_order
from tests.paths import ROOT

LARGE = bytes(4_000_000)  # more than a pipe holds


def dying_work(held: bytes) -> Work[int]:
    """Begins by ending its process."""
    del held
    os._exit(1)


def test_workers_that_die_at_their_start_are_an_error_a_person_can_read() -> None:
    with pytest.raises(UserError, match="worker processes died"):
        list(results_in_order(dying_work, (LARGE,), chunks_of(200), workers=2))


def test_a_script_that_starts_itself_again_in_every_worker_ends_with_the_remedy(tmp_path: Path) -> None:
    script = tmp_path / "plain.py"
    script.write_text(
        "import sys\n"
        "from crosscut.base.errors import UserError\n"
        "if __name__ == '__mp_main__':\n"
        "    sys.exit(2)\n"  # a worker that ends before it reads anything, as an unguarded script does
        "from crosscut.base.parallel import chunks_of, len_of_chunks, results_in_order\n"
        "from tests.chaos.test_workers import LARGE\n"
        "try:\n"
        "    list(results_in_order(len, (LARGE,), chunks_of(200), workers=2))\n"
        "except UserError as e:\n"
        "    print(e)\n"
    )
    root = ROOT
    said = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=root,
        env={**os.environ, "PYTHONPATH": f"{root / 'src'}:{root}"},
        check=False,
    )
    assert "if __name__ == '__main__':" in said.stdout
