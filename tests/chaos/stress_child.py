"""A stress ensemble as a process of its own, to be killed: FOLDER DRAWS EXECUTOR WORKERS JOB; prints the sum
over all draws."""

from __future__ import annotations

import sys
from pathlib import Path

import crosscut.studies.stress.ensemble.ensemble as ensemble
from tests.chaos.stress_job import CHUNK, JOBS


def main() -> None:
    ensemble.CHUNK = CHUNK
    folder, draws, executor, workers, which = sys.argv[1:6]
    solved = ensemble.solved_ensemble(
        JOBS[which](), int(draws), out=Path(folder), resume=True, executor=executor, workers=int(workers)
    )
    print(solved.sum)


if __name__ == "__main__":
    main()
