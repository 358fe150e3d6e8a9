"""The job of the chaos tests: small, with a few events in every chunk."""

from __future__ import annotations

from crosscut.risk.job import Job
from crosscut.risk.run import job_of
from crosscut.worlds import world
from crosscut.worlds.node import nodes_for

CHUNK = 20


def job(seed: int = 7) -> Job:
    w = world("tin")
    return job_of(w, nodes_for(w, "USA"), seed=seed)
