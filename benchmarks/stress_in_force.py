"""What starting from measures in force costs a draw, beside a calm start: `python -m
benchmarks.stress_in_force`.

Processor time of one core, the same draws of tungsten in Japan; the two take turns, so that load on the
machine falls on both.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace

import numpy as np
from tests.ledgers import BUNDLED

from crosscut.studies.stress.ensemble.chunk import chunk_solver
from crosscut.studies.stress.in_force.starting_point import start_of
from crosscut.studies.stress.request import Sampling
from crosscut.studies.stress.study import job_of
from crosscut.worlds import world
from crosscut.worlds.node import nodes_for

CHUNK, CHUNKS = 250, 6


def main(mineral: str = "tungsten", country: str = "JPN") -> None:
    w = world(BUNDLED, mineral)
    calm = job_of(BUNDLED, w, nodes_for(w, country), Sampling(seed=1))
    held = replace(calm, measures_held=start_of(BUNDLED, w, None, True).measures_held)
    work = {"calm": chunk_solver(calm, apart=False), "in force": chunk_solver(held, apart=False)}
    for solve in work.values():
        solve(range(20))
    spent = dict.fromkeys(work, 0.0)
    failed = dict.fromkeys(work, 0)
    for k in range(CHUNKS):
        for name, solve in work.items():
            started = time.process_time()
            rows = solve(range(k * CHUNK, (k + 1) * CHUNK))
            spent[name] += time.process_time() - started
            failed[name] += int(np.sum(rows["status"] == "failed"))
    each = {name: 1000 * t / (CHUNK * CHUNKS) for name, t in spent.items()}
    print(
        f"{mineral}, {country}: "
        + ", ".join(f"{name} {ms:.1f} ms a draw, {failed[name]} failed" for name, ms in each.items())
        + f"; ratio {each['in force'] / each['calm']:.2f}"
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
