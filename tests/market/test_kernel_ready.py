"""The kernel is compiled once: by two processes where that helps, by one where the other does not come
about."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("numba")

from crosscut.market.kernel import compile_all as ready
from crosscut.market.kernel.routine_table import Table
from crosscut.market.kernel.row_indices import PIECES


class Pretended:
    """A routine that counts how often it is compiled."""

    def __init__(self):
        self.cached = False
        self.times = 0

    def compiled(self):
        self.times += 1
        self.cached = True


def halves(monkeypatch):
    made = tuple(tuple(Pretended() for _ in range(3)) for _ in range(2))
    monkeypatch.setattr(ready, "HALVES", made)
    monkeypatch.setattr(ready, "ROUTINES", (*made[0], *made[1]))
    return made


def test_every_routine_is_in_one_half():
    assert len(set(ready.ROUTINES)) == len(ready.ROUTINES)
    assert set(ready.PIECES) <= set(ready.ROUTINES)
    assert [one.slot for one in ready.PIECES] == list(range(PIECES))


@pytest.mark.parametrize("failing", [None, "false"])
def test_what_the_other_process_does_not_bring_about_is_compiled_here(monkeypatch, failing):
    mine, others = halves(monkeypatch)
    monkeypatch.setattr(ready, "_helper", lambda: failing and subprocess.Popen([failing]))
    said = []
    ready.make_ready(lambda done, whole: said.append((done, whole)))
    assert all(one.times == 1 for one in (*mine, *others))
    assert said[-1] == (6, 6)


def test_nothing_is_compiled_twice(monkeypatch):
    mine, others = halves(monkeypatch)
    monkeypatch.setattr(ready, "_helper", lambda: None)
    ready.make_ready()
    ready.make_ready()
    assert all(one.times == 1 for one in (*mine, *others))


def test_a_python_that_does_not_start_is_no_obstacle(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    assert ready._helper() is None
    monkeypatch.setattr(sys, "executable", None)
    assert ready._helper() is None


def test_a_table_refuses_arrays_compiled_code_would_misread():
    import numpy as np

    with pytest.raises(ValueError, match="contiguous"):
        Table((), [np.zeros((4, 4)).T[1:]])
    fixed = np.zeros(4)
    fixed.setflags(write=False)
    with pytest.raises(ValueError, match="contiguous"):
        Table((), [fixed])


@pytest.mark.soak
def test_a_fresh_machine_compiles_and_then_loads(tmp_path):
    env = {**os.environ, "XDG_CACHE_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "crosscut.market.kernel"]
    first = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    assert " routines" in first.stderr
    kept = set(Path(tmp_path).rglob("*.nbc"))
    again = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    assert again.stderr == ""
    assert set(Path(tmp_path).rglob("*.nbc")) == kept  # not one routine compiled anew
