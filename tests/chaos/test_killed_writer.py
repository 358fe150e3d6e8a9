"""A process killed in the middle of writing leaves no half-written file: each file is whole, or is not
there."""

import io
import signal
import subprocess
import sys

import polars as pl
import pytest

from crosscut.results import Document

CHILD = [sys.executable, "-m", "tests.chaos.killed_writer"]


def half_written(out):
    """Names of the files in the folder that a reader could not use."""
    bad = []
    for path in out.rglob("*"):
        if path.is_dir() or path.name.startswith("."):
            continue
        content = path.read_bytes()
        try:
            if path.name == "result.json":
                Document.from_json(content.decode(), str(path))
            elif path.suffix == ".html":
                assert content.rstrip().endswith(b"</html>")
            elif path.suffix == ".parquet":
                pl.read_parquet(io.BytesIO(content))
        except Exception:
            bad.append(path.name)
    return bad


def killed(out, size, writer):
    process = subprocess.run([*CHILD, str(out), str(size), writer], capture_output=True, text=True)
    assert process.returncode == -signal.SIGXFSZ, process.stderr  # it was the writer that was killed
    return half_written(out)


@pytest.mark.parametrize("size", [100, 8_000, 300_000, 1_400_000])
def test_killed_while_writing_leaves_nothing_half_written(tmp_path, size):
    assert killed(tmp_path / "demo", size, "atomic") == []


def test_a_writer_that_is_not_atomic_would_be_seen(tmp_path):
    assert killed(tmp_path / "demo", 8_000, "plain")
