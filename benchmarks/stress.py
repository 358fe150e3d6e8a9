"""Speed of a stress run: `python -m benchmarks.stress [DRAWS]`.

Tungsten, Japan: draw, solve, measure. The obvious alternative in the same run is to solve every draw twice
with the numpy solver, events or none; it is timed on a tenth of the draws. Processor seconds of one process.
"""

from __future__ import annotations

import sys
import time

import numpy as np
from tests.ledgers import BUNDLED

import crosscut.studies.stress.ensemble.chunk as chunk
from crosscut.base.parallel import chunks_of
from crosscut.market.events.compiled import no_events
from crosscut.market.solvers import NumpySolver
from crosscut.studies.stress.ensemble.job import CHUNK
from crosscut.studies.stress.request import Sampling
from crosscut.studies.stress.study import job_of
from crosscut.worlds import world
from crosscut.worlds.node import nodes_for
from crosscut.worlds.parameters import median_params


def main(draws: int = 1000) -> None:
    w = world(BUNDLED, "tungsten")
    job = job_of(BUNDLED, w, nodes_for(w, "JPN"), Sampling(seed=1))
    work = chunk.chunk_solver(job, apart=False)
    work(range(20))
    started = time.process_time()
    solved = np.concatenate([work(c)["status"] for c in chunks_of(draws, CHUNK)])
    own = (time.process_time() - started) / draws
    few, numpy, params, events = draws // 10, NumpySolver(w), median_params(w), no_events(w)
    chunk.batch_solver, before = NumpySolver, chunk.batch_solver
    plain = chunk.chunk_solver(job, apart=False)
    started = time.process_time()
    rows = plain(range(few))
    idle = int((rows["status"] != chunk.SOLVED).sum())
    for _ in range(2 * idle):
        numpy.solution(params, events)
    other = (time.process_time() - started) / few
    chunk.batch_solver = before
    print(
        f"{draws:,} draws of tungsten, Japan: {1e3 * own:.2f} ms a draw"
        f" ({np.mean(solved == chunk.SOLVED):.0%} of years solved); every year solved twice by numpy"
        f" {1e3 * other:.1f} ms: {other / own:.1f} times longer"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
