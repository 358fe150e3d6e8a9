"""The kernel is compiled once a machine, and runs uncompiled for whoever looks for a mistake in it. Of
`crosscut.market.kernel.compiled` and `crosscut.market.kernel.compile_all`."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("numba")

from numba import types

from crosscut.market.kernel import compile_all
from crosscut.market.kernel.compiled import Routine


class Pretended:
    """A routine that counts how often it is compiled."""

    def __init__(self, cached=False):
        self.cached = cached
        self.times = 0

    def make_ready(self):
        self.times += 1
        self.cached = True


def test_nothing_is_compiled_twice_and_progress_says_how_far_it_is(monkeypatch):
    routines = [Pretended(), Pretended(cached=True), Pretended()]
    monkeypatch.setattr(compile_all, "ROUTINES", routines)
    said = []
    compile_all.make_ready(lambda done, whole: said.append((done, whole)))
    compile_all.make_ready(lambda done, whole: said.append((done, whole)))
    assert [one.times for one in routines] == [1, 0, 1]
    assert said == [(2, 3), (3, 3)]


def doubled(x):
    for i in range(x.size):
        x[i] *= 2.0


def test_a_routine_refuses_what_it_was_not_declared_for():
    """Else it would be compiled once more, in silence, for many seconds."""
    routine = Routine(doubled, (types.Array(types.float64, 1, "C"),))
    row = np.ones(4)
    routine(row)
    assert (row == 2.0).all()
    for other in (np.ones((2, 2)), np.ones(4, dtype=np.float32), np.ones(8)[::2]):
        with pytest.raises(TypeError):
            routine(other)
    row.setflags(write=False)
    with pytest.raises(TypeError):
        routine(row)


UNCOMPILED = """
from crosscut.market.events.compiled import no_events
from crosscut.market.model.examples import example_params, two_country_world
from crosscut.market.kernel.draw import Kernel
from crosscut.market.solve.solver import solve
from dataclasses import replace
import numpy as np
world = two_country_world()
params, events = example_params(world), no_events(world)
events = replace(events, supply_factor=0.8 * events.supply_factor)
solved = Kernel(world).solved(params, events)
assert solved.ok and solved.iterations > 0
stated = solve(world, params, events).flows
assert np.abs(solved.flows - stated).max() <= 1e-9 * stated.max()
print("uncompiled")
"""


def test_the_kernel_runs_uncompiled_for_a_debugger():
    env = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    done = subprocess.run(
        [sys.executable, "-c", UNCOMPILED], env=env, capture_output=True, text=True, check=False
    )
    assert done.stdout == "uncompiled\n", done.stderr


@pytest.mark.soak
def test_a_fresh_machine_compiles_and_then_loads(tmp_path):
    env = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "crosscut.market.kernel"]
    first = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    assert " routines" in first.stderr
    kept = set(Path(tmp_path).rglob("*.nbc"))
    assert kept
    again = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    assert again.stderr == ""
    assert set(Path(tmp_path).rglob("*.nbc")) == kept  # not one routine compiled anew
