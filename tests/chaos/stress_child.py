"""A stress ensemble as a process of its own, to be killed: FOLDER DRAWS EXECUTOR WORKERS JOB; prints the sum
over all draws."""

from __future__ import annotations

import sys
from pathlib import Path

from crosscut.base.workers import Executor, WorkerPool
from crosscut.studies.stress.ensemble.ensemble import solved_ensemble
from tests.chaos.stress_job import JOBS


def main() -> None:
    folder, draws, executor, workers, which = sys.argv[1:6]
    pool = WorkerPool(Executor(executor), int(workers))
    solved = solved_ensemble(JOBS[which](), int(draws), out=Path(folder), resume=True, pool=pool)
    print(solved.sum)


if __name__ == "__main__":
    main()
