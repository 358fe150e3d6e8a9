"""The job of the chaos tests: small, with a few events in every chunk."""

from __future__ import annotations

from dataclasses import replace

from crosscut.studies.stress.ensemble.job import StressJob
from crosscut.studies.stress.in_force.starting_point import start_of
from crosscut.studies.stress.request import Sampling
from crosscut.studies.stress.study import job_of
from crosscut.worlds import world
from crosscut.worlds.node import nodes_for
from tests.ledgers import BUNDLED

CHUNK = 20


def job(seed: int = 7) -> StressJob:
    w = world(BUNDLED, "tin")
    return replace(job_of(BUNDLED, w, nodes_for(w, "USA"), Sampling(seed=seed)), chunk=CHUNK)


def held_job(seed: int = 7) -> StressJob:
    """On top of measures in force: bismuth, read off the history."""
    w = world(BUNDLED, "bismuth")
    held = start_of(BUNDLED, w, None, True).measures_held
    return replace(
        job_of(BUNDLED, w, nodes_for(w, "USA"), Sampling(seed=seed), measures_held=held), chunk=CHUNK
    )


JOBS = {"calm": job, "in_force": held_job}
