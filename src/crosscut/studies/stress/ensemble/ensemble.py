"""Ensemble: every draw of a job, solved by an executor, kept in a store, read back chunk by chunk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from crosscut.base.arrays import Array
from crosscut.base.parallel import chunks_of, do_missing
from crosscut.base.progress import Progress
from crosscut.base.workers import WorkerPool
from crosscut.studies.stress.ensemble.chunk import FAILED, Chunk, chunk_solver
from crosscut.studies.stress.ensemble.job import StressJob
from crosscut.studies.stress.ensemble.store import ChunkStore, MemoryStore, Store

ALONE = WorkerPool()  # this process


@dataclass(frozen=True, eq=False)
class StressEnsemble:
    """The draws of a job, read back from where they are kept."""

    job: StressJob
    draws: int
    store: Store

    @property
    def chunks(self) -> list[range]:
        """Ranges of draws, in order."""
        return chunks_of(self.draws, self.job.chunk)

    @property
    def sum(self) -> str:
        """sha256 over all chunks."""
        return self.store.sum_of(self.chunks)

    def numbers(self, *columns: str) -> dict[str, Array]:
        """Columns of numbers over all draws, in order; each chunk is read once.

        Parameters
        ----------
        *columns : str
            Names as in `chunk.columns`.

        Returns
        -------
        dict of Array [draw, year]
            By name, in the unit of the column.
        """
        parts = list(self.rows(*columns))
        return {
            name: np.concatenate([p[name] for p in parts]).astype(float).reshape(self.draws, self.job.years)
            for name in columns
        }

    def rows(self, *columns: str) -> Iterator[Chunk]:
        """Some columns, chunk by chunk: memory stays flat.

        Parameters
        ----------
        *columns : str
            Names as in `chunk.columns`.

        Returns
        -------
        Iterator[Chunk]
            A chunk each, in the order of the draws.
        """
        for c in self.chunks:
            yield self.store.read(c, columns)

    def failed(self) -> list[tuple[int, int, str]]:
        """(draw, year, market that did not clear) of every failed year."""
        out = []
        for rows in self.rows("draw", "year", "status", "failed_market"):
            for k in np.flatnonzero(rows["status"] == FAILED):
                out.append((int(rows["draw"][k]), int(rows["year"][k]), str(rows["failed_market"][k])))
        return out


def solved_ensemble(
    job: StressJob,
    draws: int,
    *,
    out: Path | None = None,
    resume: bool = False,
    pool: WorkerPool = ALONE,
    progress: Progress | None = None,
) -> StressEnsemble:
    """Solves what is missing; the same numbers whoever solves, however often it was stopped.

    Parameters
    ----------
    job, draws
        What is solved, and how many futures of it.
    out, resume
        A folder for the chunks (kept in memory without one), and whether to go on with what is in it.
    pool
        Who solves.
    progress
        Called with (draws done, draws) after each chunk.

    Returns
    -------
    StressEnsemble
        All draws, read back from where they are kept.

    Raises
    ------
    UserError
        Where the folder holds another run, cannot be written, or no cluster answers.
    """
    key, about = job.key, {"chunk": job.chunk}
    store: Store = MemoryStore() if out is None else ChunkStore(out, key, resume=resume, about=about)
    chunks = chunks_of(draws, job.chunk)
    do_missing(store, chunk_solver, (job, key), chunks, pool, name=key, progress=progress)
    return StressEnsemble(job, draws, store)
